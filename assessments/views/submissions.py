"""What the service does with submissions: submit, read how far it is, withdraw, and answer what advisers propose."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.reviews import ObjectForm, SubmitForm, WordsForm
from assessments.http import signed_in
from assessments.models import Assessment, InvalidTransition, Organisation, Submission
from assessments.permissions import (
    Predicate,
    can_edit,
    can_rate,
    can_read,
    can_review,
    can_see_submission,
    can_submit,
    can_withdraw,
    get_for,
    has_open_submission,
)
from assessments.selectors.reviews import ReviewPage, changes_since, ready_of, review_of, submissions_of
from assessments.services import submissions
from assessments.services.reviews import Conflict
from assessments.services.reviews import object_to as say_no


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: UUID) -> HttpResponse:
    assessment = get_for(request.user, pk, can_edit, _with_figures())
    if assessment.latest is not None and has_open_submission(assessment):
        messages.info(request, "It is submitted already. Only one submission is open at a time.")
        return redirect("submission", pk, assessment.latest.number)
    firms = list(Organisation.objects.filter(engagements__assessment=assessment, engagements__ended_at=None))
    form = SubmitForm(request.POST if request.method == "POST" else None, firms=firms)
    if firms and form.is_bound and form.is_valid():
        return _submit(request, assessment, form)
    context = {
        "assessment": assessment,
        "firms": firms,
        "form": form if firms else None,
        "ready": ready_of(assessment),
        "administrators": [] if firms else _administrators(assessment),
        "before": submissions_of(assessment).first(),
    }
    return render(request, "reviews/submission_new.html", context)


def _submit(request: HttpRequest, assessment: Assessment, form: SubmitForm) -> HttpResponse:
    try:
        made = submissions.submit(
            assessment=assessment, firm=form.chosen(), by=signed_in(request), note=form.cleaned_data["note"]
        )
    except (InvalidTransition, submissions.NotEngaged):
        messages.error(request, "Nothing was submitted: something has changed since you opened the page.")
        return redirect("submission-new", assessment.pk)
    messages.success(
        request, f"Submitted to {made.firm.name}. You can go on working: what they review stays as it was."
    )
    return redirect("submission", assessment.pk, made.number)


def _administrators(assessment: Assessment) -> list[str]:
    members = assessment.service.organisation.memberships.filter(role="administrator").select_related("user")
    return [str(member.user) for member in members]


@require_safe
def submission(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """How far it is. Once the adviser's own levels are all recorded: what each said, item by item."""
    assessment = get_for(request.user, pk, can_see_submission, _with_figures())
    found = submission_of(assessment, number)
    may_read = can_read(assessment)
    page = page_of(assessment, found)
    context = {
        "assessment": assessment,
        "submission": found,
        "review": review_of(found),
        "page": page,
        "is_last": found.pk == assessment.latest_id,
        "is_of_firm": can_review(assessment) and found.firm_id in assessment.seat.firms,
        "is_lead": assessment.seat.is_lead,
        "may_claim": can_rate(assessment) and found.status == Submission.Status.SUBMITTED,
        "may_submit": can_submit(assessment),
        "may_withdraw": can_withdraw(assessment) and found.is_open,
        "since": changes_since(assessment, found) if may_read and found.pk == assessment.latest_id else None,
        "may_read": may_read,
        "others": submissions_of(assessment).exclude(pk=found.pk) if may_read else [],
    }
    return render(request, "reviews/submission.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    assessment = get_for(request.user, pk, can_edit)
    found = submission_of(assessment, number)
    if not found.is_open:
        return past_this_point(request, found)
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        label="Why do you take it back?",
        hint="The advisers read it. What they have rated is kept for the next submission.",
        missing="Say why you take it back",
        button="Withdraw the submission",
    )
    if not (form.is_bound and form.is_valid()):
        return render(request, "reviews/withdraw.html", {"assessment": assessment, "submission": found, "form": form})
    try:
        submissions.withdraw(submission=found, by=signed_in(request), words=form.cleaned_data["words"])
    except InvalidTransition:
        return past_this_point(request, found)
    messages.success(request, "Withdrawn. You can submit again when you are ready.")
    return redirect("submission", pk, number)


@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, pk: UUID, number: int, item_id: str) -> HttpResponse:
    """The lead's word against a level that the adviser says is agreed, or to one on which they could not agree."""
    assessment = get_for(request.user, pk, can_edit)
    found = submission_of(assessment, number)
    page = page_of(assessment, found)
    line = page.line(item_id) if page.sees_all else None
    if found.status != Submission.Status.IN_REVIEW or line is None or not line.is_proposed:
        return past_this_point(request, found)
    form = ObjectForm(request.POST if request.method == "POST" else None, rating=line.rating)
    context: dict[str, Any] = {"assessment": assessment, "submission": found, "line": line, "form": form}
    if not (form.is_bound and form.is_valid()):
        return render(request, "reviews/object.html", context)
    given = form.cleaned_data
    try:
        outcome = say_no(
            submission=found, by=signed_in(request), item=item_id, version=given["version"], words=given["words"]
        )
    except InvalidTransition:
        return past_this_point(request, found)
    if isinstance(outcome, Conflict):
        form.add_error(None, "The adviser has changed this proposal since you opened the page. Read it again first")
        form.version_of_row = -1
        fresh = page_of(assessment, found).line(item_id)
        return render(request, "reviews/object.html", {**context, "line": fresh}, status=409)
    messages.success(request, f"Saved. The adviser is told that you do not agree: {line.item.title}.")
    return redirect("submission", pk, number)


# Shared with the adviser's pages -----------------------------------------------------------------------------


def submission_of(assessment: Assessment, number: int) -> Submission:
    found = get_object_or_404(submissions_of(assessment), number=number)
    found.assessment = assessment
    return found


def page_of(assessment: Assessment, found: Submission) -> ReviewPage:
    """Before the adviser's own levels are all recorded nobody sees both: the adviser not the service's, the service
    not the adviser's."""
    is_revealed = found.revealed_at is not None or not found.is_open
    return ReviewPage(found, assessment.seat.user_id, sees_all=can_read(assessment) and is_revealed)


def past_this_point(request: HttpRequest, found: Submission) -> HttpResponse:
    """What to say when the state does not allow what was asked: where it stands now."""
    found.refresh_from_db(fields=["status"])
    messages.error(
        request,
        "That cannot be done now. Somebody may have moved the submission on since you opened the page."
        f" It is: {found.get_status_display().lower()}.",
    )
    return redirect("submission", found.assessment_id, found.number)


def _with_figures() -> Any:
    return Assessment.objects.select_related("cash_flow").defer("result", "cash_flow__forecast")


def of_firm(request: HttpRequest, pk: UUID, number: int, may: Predicate) -> Submission:
    """The submission for one of the firm that it was given to."""
    assessment = get_for(request.user, pk, may, Assessment.objects.defer("result"))
    found = submission_of(assessment, number)
    # An earlier one, of another firm or at a time when its levels are kept back again.
    if found.firm_id not in assessment.seat.firms or (found.pk != assessment.latest_id and not can_read(assessment)):
        raise PermissionDenied
    return found
