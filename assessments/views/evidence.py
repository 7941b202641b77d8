"""Evidence: all of an assessment, what one question has, a file fetched, a piece changed or removed."""

import hashlib
import logging
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.evidence import AddForm, ChangeForm
from assessments.http import signed_in
from assessments.models import Assessment, Evidence, EvidenceItem
from assessments.permissions import (
    can_answer,
    can_answer_in,
    can_read,
    can_read_evidence,
    can_read_evidence_of,
    get_for,
)
from assessments.selectors.effects import contradictions_moved, effects
from assessments.selectors.evidence import evidence_page, evidence_with_adders, provable, questionnaire_of
from assessments.selectors.workbook import workbook
from assessments.services import evidence as services
from assessments.services.evidence import Gone, Kept, NotKept, Said, said_of

logger = logging.getLogger(__name__)

# The browser is given nothing that it could run, whatever the file says of itself.
_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@require_safe
def evidence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All of it, with what was asked when it was added and is not asked now."""
    assessment = get_for(request.user, pk, can_read, _PLAIN)
    context = {"assessment": assessment, "questionnaires": evidence_page(workbook(assessment))}
    return render(request, "evidence/evidence.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: UUID, item_id: str) -> HttpResponse:
    """What one question or gate has, and a link or a file more."""
    assessment = get_for(request.user, pk, can_answer, _PLAIN)
    item = provable(assessment.catalogue, item_id)
    if item is None:
        raise Http404
    _check_may_answer(assessment, item_id)
    sent = request.method == "POST"
    form = AddForm(request.POST, request.FILES) if sent else AddForm()
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            kept = services.add(
                assessment=assessment,
                by=signed_in(request),
                item=item_id,
                said=form.said(),
                link=given["link"],
                file=given["file"],
            )
        except NotKept as refused:
            form.add_error(form.place, refused.message)
        else:
            _tell(request, "Added", kept)
            return redirect("evidence-add", pk, item_id)
    context = {
        "assessment": assessment,
        "item": item,
        "pieces": evidence_with_adders(assessment, [item_id]).get(item_id, ()),
        "form": form,
    }
    return render(request, "evidence/add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID, evidence_pk: UUID) -> HttpResponse:
    """What is said of a piece. Who wants another file or link adds it, so that the history tells the two apart."""
    assessment, piece = _own_piece(request, pk, evidence_pk)
    form = ChangeForm(request.POST if request.method == "POST" else None, stands=said_of(piece))
    conflict = None
    if form.is_bound and form.is_valid():
        try:
            done = services.change(piece=piece, by=signed_in(request), seen=form.seen(), said=form.said())
        except Gone:
            raise Http404 from None
        if isinstance(done, Kept):
            _tell(request, "Saved", done, before=said_of(piece))
            return _back_to(piece)
        conflict, form = done, form.typed_over(done.theirs)
        form.is_valid()
    context = {
        **_about(assessment, piece),
        "form": form,
        "conflict": conflict,
        "grade": Evidence(conflict.theirs.grade).label if conflict else "",
        "has_errors": bool(conflict),
    }
    return render(request, "evidence/change.html", context, status=409 if conflict else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: UUID, evidence_pk: UUID) -> HttpResponse:
    """Asks first."""
    assessment, piece = _own_piece(request, pk, evidence_pk)
    if request.method != "POST":
        return render(request, "evidence/remove.html", _about(assessment, piece))
    try:
        services.remove(piece=piece, by=signed_in(request))
    except Gone:
        raise Http404 from None
    messages.success(request, format_html("Removed: {}. {}", piece.title, _to_answer(piece)))
    return _back_to(piece)


@require_safe
def file(request: HttpRequest, pk: UUID, evidence_pk: UUID) -> HttpResponseBase:
    """The file as it was sent, always to be saved and never to be shown: what it says of itself is not believed."""
    assessment = get_for(request.user, pk, can_read_evidence, _PLAIN)
    piece = _piece(assessment, evidence_pk)
    if not can_read_evidence_of(assessment, piece.item):
        raise PermissionDenied
    if not piece.is_file:
        raise Http404
    try:
        content = piece.file.open()
    except FileNotFoundError:
        logger.error("The file of evidence %s is missing.", piece.pk)
        return _cannot_be_had(request, assessment, piece)
    if _digest(content) != piece.sha256:
        content.close()
        logger.error("The file of evidence %s is not the one that was kept.", piece.pk)
        return _cannot_be_had(request, assessment, piece)
    return FileResponse(
        content, as_attachment=True, filename=piece.file_name, content_type=piece.content_type, headers=_HEADERS
    )


def _digest(content: "File[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()


def _cannot_be_had(request: HttpRequest, assessment: Assessment, piece: EvidenceItem) -> HttpResponse:
    return render(request, "evidence/lost.html", _about(assessment, piece), status=404)


# Shared

_PLAIN = Assessment.objects.defer("result")


def _piece(assessment: Assessment, pk: UUID) -> EvidenceItem:
    piece = EvidenceItem.objects.filter(pk=pk, assessment=assessment).first()
    if piece is None:
        raise Http404
    piece.assessment = assessment
    return piece


def _own_piece(request: HttpRequest, pk: UUID, evidence_pk: UUID) -> tuple[Assessment, EvidenceItem]:
    """A piece for who may answer the question that it is for."""
    assessment = get_for(request.user, pk, can_answer, _PLAIN)
    piece = _piece(assessment, evidence_pk)
    _check_may_answer(assessment, piece.item)
    return assessment, piece


def _check_may_answer(assessment: Assessment, item_id: str) -> None:
    if not can_answer_in(assessment, questionnaire_of(assessment.catalogue, item_id)):
        raise PermissionDenied


def _about(assessment: Assessment, piece: EvidenceItem) -> dict[str, Any]:
    item = provable(assessment.catalogue, piece.item)
    return {"assessment": assessment, "piece": piece, "item": item, "question": item.text if item else piece.item}


def _back_to(piece: EvidenceItem) -> HttpResponse:
    """To the question's evidence; of a question that the catalogue has no more, to all of it."""
    if provable(piece.assessment.catalogue, piece.item):
        return redirect("evidence-add", piece.assessment_id, piece.item)
    return redirect("evidence", piece.assessment_id)


def _to_answer(piece: EvidenceItem) -> SafeString:
    href = reverse("question-item", args=[piece.assessment_id, piece.item])
    return format_html(
        'The answer keeps the proof that it names. <a class="govuk-link" href="{}">Look at it</a>.', href
    )


def _tell(request: HttpRequest, done: str, kept: Kept, before: Said | None = None) -> None:
    """What was done, and what it did to the answer."""
    piece, raised, said = kept.piece, kept.raised, said_of(kept.piece)
    text = format_html("{}: {}.", done, piece.title)
    if raised:
        proof = f"{Evidence(said.grade).label}, {format_date(said.dated, 'j F Y')}"
        effect = " ".join(effects(raised.assessment, raised.before)).removeprefix("Saved. ")
        text = format_html("{} The proof named with the answer is now: {}. {}", text, proof, effect)
    elif before and (said.grade, said.dated) < (before.grade, before.dated):
        text = format_html("{} {}", text, _to_answer(piece))
    messages.success(request, text)
    if raised:
        for moved in contradictions_moved(raised.assessment, raised.contradicted):
            messages.info(request, moved)
