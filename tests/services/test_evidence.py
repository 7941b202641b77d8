"""Evidence and its files come and go together."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.db import IntegrityError, transaction

from assessments.models import Answer, Assessment, EvidenceItem, User
from assessments.services.evidence import Gone, NewFile, Said, add, change, remove, remove_files_of, said_of
from assessments.uploads import check
from tests.factories import make_assessment
from tests.uploads import good

COST = "pensions.cost-in-model"
MINUTES = Said("Minutes", "E2", dt.date(2026, 5, 12))


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


def new_file(content: bytes) -> NewFile:
    return NewFile(File(io.BytesIO(content), "minutes.pdf"), check(io.BytesIO(content), "minutes.pdf"))


def make_filed(assessment: Assessment, content: bytes | None = None) -> EvidenceItem:
    file = new_file(content or good.pdf())
    return add(assessment=assessment, by=assessment.lead, item=COST, said=MINUTES, file=file).piece


def stored(files: Path) -> list[Path]:
    return sorted(path for path in files.rglob("*") if path.is_file())


def test_row_that_cannot_be_written_leaves_no_file(assessment: Assessment, files: Path) -> None:
    unheard_of = Said("Minutes", "E9", dt.date(2026, 5, 12))

    with pytest.raises(IntegrityError), transaction.atomic():
        add(assessment=assessment, by=assessment.lead, item=COST, said=unheard_of, file=new_file(good.pdf()))

    assert stored(files) == []
    assert not EvidenceItem.objects.exists()


def test_answer_that_cannot_be_saved_leaves_neither_row_nor_file(assessment: Assessment, files: Path) -> None:
    """Somebody has broken the answer's row in the database: the evidence does not half succeed."""
    Answer.objects.create(assessment=assessment, item=COST, version=2**31 - 1, changed_by=assessment.lead)

    with pytest.raises(Exception, match="out of range"), transaction.atomic():
        make_filed(assessment)

    assert stored(files) == []
    assert not EvidenceItem.objects.exists()


def test_file_stays_where_its_removal_is_undone(
    assessment: Assessment, files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    piece = make_filed(assessment)

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        remove(piece=piece, by=assessment.lead)
        transaction.set_rollback(True)

    assert len(stored(files)) == 1
    assert EvidenceItem.objects.exists()


def test_files_go_with_their_assessments(
    assessment: Assessment, alice: User, files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    other = make_assessment(alice)
    make_filed(assessment)
    kept = make_filed(other)
    without = make_assessment(alice)
    # A process that was killed in the middle of an upload.
    (files / "evidence" / str(assessment.pk) / "left-behind").write_bytes(b"x")

    with django_capture_on_commit_callbacks(execute=True):
        remove_files_of(assessments=[assessment, without])
        waiting = len(stored(files))
        assessment.delete()

    assert waiting == 3
    assert stored(files) == [files / str(kept.file.name)]
    assert not (files / "evidence" / str(assessment.pk)).exists()


def test_removed_by_somebody_else(assessment: Assessment) -> None:
    piece = make_filed(assessment)
    remove(piece=piece, by=assessment.lead)

    with pytest.raises(Gone):
        remove(piece=piece, by=assessment.lead)
    with pytest.raises(Gone):
        change(piece=piece, by=assessment.lead, seen=said_of(piece), said=MINUTES)
