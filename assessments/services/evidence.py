"""What changes the evidence of an assessment: a piece is added, said to be something else, taken away.

A file and its row come and go together. The file is written before its row is committed and taken away if that fails;
it is removed only after the removal of its row is committed. So there may be a file without a row for a moment, and
never a row without its file.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import pghistory
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, Sum

from assessments.models import Answer, Assessment, EvidenceItem, User
from assessments.models.answer import EMPTY
from assessments.services.assessments import Draft, Saved, save_answers
from assessments.uploads import Accepted
from assessments.uploads.limits import MEGABYTE

MOST_PER_ITEM = 50
MOST_BYTES = 500 * MEGABYTE


class NotKept(Exception):
    """The evidence is not kept. `code` says why to programs, `message` to people."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


class Gone(LookupError):
    """Somebody removed the evidence in the meantime."""


@dataclass(frozen=True, slots=True)
class Said:
    """What people say of a piece of evidence."""

    title: str
    grade: str
    dated: dt.date


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that `uploads.check` has accepted."""

    content: "File[bytes]"
    accepted: Accepted


@dataclass(frozen=True, slots=True)
class Kept:
    """`raised` is what the save of the answer did, where the evidence was better than what its answer had."""

    piece: EvidenceItem
    raised: Saved | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else said something else of the piece since the page was filled. Nothing was written."""

    theirs: Said
    theirs_by: User


def said_of(piece: EvidenceItem) -> Said:
    return Said(piece.title, piece.grade, piece.dated)


def add(
    *, assessment: Assessment, by: User, item: str, said: Said, link: str = "", file: NewFile | None = None
) -> Kept:
    """Keep a link or a file as evidence for a question or gate, and let its answer gain by it. Raises NotKept.

    There need be no answer yet: its grade then waits for it.
    """
    piece = EvidenceItem(
        assessment=assessment, item=item, title=said.title, grade=said.grade, dated=said.dated, changed_by=by, link=link
    )
    if file:
        piece.file_name = file.accepted.name
        piece.content_type = file.accepted.content_type
        piece.size = file.accepted.size
        piece.sha256 = file.accepted.sha256
    with _no_file_without_its_row(piece), transaction.atomic():
        _lock(assessment)
        _check_is_new(piece)
        _check_room(piece)
        if file:
            piece.file.save(piece.file_name, file.content, save=False)
        piece.save(force_insert=True)
        return Kept(piece, _raise_answer(assessment, by, item, said))


@transaction.atomic
def change(*, piece: EvidenceItem, by: User, seen: Said, said: Said) -> Kept | Conflict:
    """Say something else of a piece; `seen` is what the person's page showed. Raises Gone.

    A better grade raises that of the answer; a lower one leaves it, as people may know of other proof.
    """
    _lock(piece.assessment)
    kept = EvidenceItem.objects.select_related("changed_by").filter(pk=piece.pk).first()
    if kept is None:
        raise Gone
    stands = said_of(kept)
    if stands == said:
        return Kept(kept, None)
    if stands != seen:
        return Conflict(stands, kept.changed_by)
    kept.title, kept.grade, kept.dated, kept.changed_by = said.title, said.grade, said.dated, by
    kept.save(update_fields=["title", "grade", "dated", "changed_by"])
    is_other_proof = (said.grade, said.dated) != (seen.grade, seen.dated)
    return Kept(kept, _raise_answer(piece.assessment, by, kept.item, said) if is_other_proof else None)


@transaction.atomic
def remove(*, piece: EvidenceItem, by: User) -> None:
    """Take a piece away, and its file once that is certain. The answer keeps its grade; the history keeps the piece
    without its file. Raises Gone."""
    _lock(piece.assessment)
    kept = EvidenceItem.objects.filter(pk=piece.pk).first()
    if kept is None:
        raise Gone
    with pghistory.context(user=by.pk):
        EvidenceItem.objects.filter(pk=kept.pk).delete()
    if kept.file.name:
        _after_commit(partial(default_storage.delete, kept.file.name))


def remove_files_of(*, assessments: Iterable[Assessment]) -> None:
    """The files of all evidence of these assessments go once the transaction is committed that deletes them.

    To be called inside that transaction, before or after the rows go. Also takes what a process that was killed in
    the middle of an upload has left there.
    """
    for assessment in assessments:
        _after_commit(partial(_empty, _folder(assessment)))


def _after_commit(act: partial[None]) -> None:
    """A file that cannot be removed is told in the log; it does not keep the others from going."""
    transaction.on_commit(act, robust=True)


def _folder(assessment: Assessment) -> str:
    return f"evidence/{assessment.pk}"


def _empty(folder: str) -> None:
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)


@contextmanager
def _no_file_without_its_row(piece: EvidenceItem) -> Iterator[None]:
    try:
        yield
    except BaseException:
        # Also what was written of it when the disk was full.
        if piece.size:
            default_storage.delete(f"{_folder(piece.assessment)}/{piece.pk}")
        raise


def _lock(assessment: Assessment) -> None:
    """Two who add at once would both find room for the last one."""
    Assessment.objects.select_related(None).select_for_update().only("pk").get(pk=assessment.pk)


def _check_is_new(piece: EvidenceItem) -> None:
    same = Q(link=piece.link) if piece.link else Q(sha256=piece.sha256)
    already = EvidenceItem.objects.filter(same, assessment=piece.assessment, item=piece.item).first()
    if already:
        what = "link" if piece.link else "file"
        raise NotKept("twice", f"This {what} is evidence for this question already: “{already.title}”")


def _check_room(piece: EvidenceItem) -> None:
    kept = EvidenceItem.objects.filter(assessment=piece.assessment)
    if kept.filter(item=piece.item).count() >= MOST_PER_ITEM:
        raise NotKept(
            "too_many",
            f"This question has {MOST_PER_ITEM} pieces of evidence, which is the most. "
            "Remove one that adds nothing before you add another",
        )
    if piece.size and (kept.aggregate(sum=Sum("size"))["sum"] or 0) + piece.size > MOST_BYTES:
        raise NotKept(
            "too_much",
            f"All files of this assessment together may have {MOST_BYTES // MEGABYTE} MB, and with this one they would "
            "have more. Remove files that are not needed any more, or give a link",
        )


def _raise_answer(assessment: Assessment, by: User, item: str, said: Said) -> Saved | None:
    """The answer's own grade and date, where this proof is better: of a higher grade, or as high and younger."""
    row = Answer.objects.filter(assessment=assessment, item=item).first()
    content = row.content if row else EMPTY
    if (said.grade, said.dated) <= (content.evidence, content.evidence_date or dt.date.min):
        return None
    better = replace(content, evidence=said.grade, evidence_date=said.dated)
    return save_answers(assessment=assessment, by=by, drafts=[Draft(item, row.version if row else 0, better)])
