"""What advisers do with a submission: claim it, rate it unseen, settle what differs, return it or sign it off."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.questionnaire import why
from assessments.forms.reviews import RatingForm, SettleForm, WantForm, WordsForm
from assessments.http import signed_in
from assessments.models import InvalidTransition, Submission
from assessments.permissions import can_rate, can_review
from assessments.selectors.evidence import evidence_of
from assessments.selectors.reviews import Line, ReviewPage, proof_of, review_of
from assessments.services import reviews
from assessments.services.assessments import scored_as
from assessments.services.reviews import CannotReview, Conflict, NotReady
from assessments.views.submissions import of_firm, page_of, past_this_point


@require_POST
def claim(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    found = of_firm(request, pk, number, can_review)
    try:
        if not can_rate(found.assessment):
            raise CannotReview(
                "You take part in this assessment for the service, and nobody reviews their own answers."
            )
        reviews.claim(submission=found, by=signed_in(request))
    except CannotReview as refused:
        context = {"assessment": found.assessment, "submission": found, "why": str(refused)}
        return render(request, "reviews/refused.html", context, status=403)
    except InvalidTransition:
        return _claimed_by_another(request, found)
    messages.success(request, "The review is yours. Record your own level for each of these first.")
    return redirect("review", pk, number)


def _claimed_by_another(request: HttpRequest, found: Submission) -> HttpResponse:
    found.refresh_from_db(fields=["status"])
    review = review_of(Submission.objects.select_related("review__adviser").get(pk=found.pk))
    if found.status != Submission.Status.IN_REVIEW or review is None:
        return past_this_point(request, found)
    if review.adviser_id == found.assessment.seat.user_id:
        return redirect("review", found.assessment_id, found.number)
    messages.error(request, f"{review.adviser} has claimed this review already.")
    return redirect("submission", found.assessment_id, found.number)


@require_POST
def release(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    found = of_firm(request, pk, number, can_review)
    try:
        reviews.release(submission=found, by=signed_in(request))
    except InvalidTransition:
        return past_this_point(request, found)
    messages.success(request, "Given back. What was rated is kept for who claims it next.")
    return redirect("submission", pk, number)


@require_safe
def review(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """The adviser's list: what is to be rated unseen, then what differs."""
    found = of_firm(request, pk, number, can_review)
    page = page_of(found.assessment, found)
    if page.review is None or not (page.is_mine or page.sees_all):
        return redirect("submission", pk, number)
    context = {"assessment": found.assessment, "submission": found, "review": page.review, "page": page}
    return render(request, "reviews/review.html", context)


# One item ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, pk: UUID, number: int, item_id: str) -> HttpResponse:
    """One question or gate: rated here, and settled."""
    page = _page(request, pk, number)
    line = _line(page, item_id)
    form = None
    if _may_rate(page, line):
        form = _rating_form(page, line, request.POST if request.method == "POST" else None)
    elif request.method == "POST" or not line.is_shown:
        return past_this_point(request, page.submission)
    if form is not None and form.is_bound and form.is_valid():
        return _rate(request, page, line, form)
    return _render(request, page, line, form=form)


def _may_rate(page: ReviewPage, line: Line) -> bool:
    """What is rated unseen is rated once; the rest openly, when all that is done."""
    if not page.is_mine:
        return False
    return line.is_to_rate or (page.is_revealed and not line.is_unseen and not (line.rating and line.rating.is_blind))


def _rating_form(page: ReviewPage, line: Line, data: Any) -> RatingForm:
    stage = page.copy.answers.stage
    return RatingForm(data, item=line.item, stage=stage, rating=line.rating, unseen=line.is_to_rate)


def _rate(request: HttpRequest, page: ReviewPage, line: Line, form: RatingForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        outcome = reviews.rate(
            submission=page.submission,
            by=signed_in(request),
            item=line.item.id,
            version=given["version"],
            said=form.said(),
            reason=given["reason"],
        )
    except InvalidTransition:
        return past_this_point(request, page.submission)
    if isinstance(outcome, Conflict):
        return _say_conflict(request, page, line, form)
    messages.success(request, f"Saved: {line.item.title}.")
    return redirect("review-item", page.submission.assessment_id, page.submission.number, line.item.id)


@require_POST
def settle(request: HttpRequest, pk: UUID, number: int, item_id: str) -> HttpResponse:
    page = _page(request, pk, number)
    line = _line(page, item_id)
    if not _may_settle(page, line):
        return past_this_point(request, page.submission)
    form = _settle_form(page, line, request.POST)
    if not form.is_valid():
        return _render(request, page, line, settle_form=form)
    try:
        outcome = reviews.settle(
            submission=page.submission,
            by=signed_in(request),
            item=item_id,
            version=form.cleaned_data["version"],
            agreed=form.agreed(),
            reason=form.cleaned_data["reason"],
        )
    except InvalidTransition:
        return past_this_point(request, page.submission)
    if isinstance(outcome, Conflict):
        return _say_conflict(request, page, line, form)
    messages.success(request, f"Saved. The lead is asked to read it: {line.item.title}.")
    return redirect("review-item", pk, number, item_id)


def _may_settle(page: ReviewPage, line: Line) -> bool:
    return page.is_mine and page.is_revealed and line.differs


def _settle_form(page: ReviewPage, line: Line, data: Any = None) -> SettleForm:
    return SettleForm(data, line=line, stage=page.copy.answers.stage, action=_address("review-settle", page, line))


@require_POST
def want(request: HttpRequest, pk: UUID, number: int, item_id: str) -> HttpResponse:
    page = _page(request, pk, number)
    line = _line(page, item_id)
    if not page.is_mine:
        return past_this_point(request, page.submission)
    form = _want_form(page, line, request.POST)
    if not form.is_valid():
        return _render(request, page, line, want_form=form)
    words = form.cleaned_data["words"]
    try:
        reviews.want(submission=page.submission, by=signed_in(request), item=item_id, words=words)
    except InvalidTransition:
        return past_this_point(request, page.submission)
    messages.success(request, "Kept for the return." if words else "Nothing is to change here.")
    return redirect("review-item", pk, number, item_id)


def _want_form(page: ReviewPage, line: Line, data: Any = None) -> WantForm:
    return WantForm(data, words=line.wanted, action=_address("review-want", page, line))


def _address(name: str, page: ReviewPage, line: Line) -> str:
    return reverse(name, args=[page.submission.assessment_id, page.submission.number, line.item.id])


def _say_conflict(request: HttpRequest, page: ReviewPage, line: Line, form: RatingForm | SettleForm) -> HttpResponse:
    """Shows what stands, and keeps what was typed. Saved again from here it is saved knowingly."""
    fresh = page_of(page.submission.assessment, page.submission)
    stands = _line(fresh, line.item.id)
    again = dict(form.data.items()) | {form.add_prefix("version"): str(stands.rating.version if stands.rating else 0)}
    message = "This was changed in another window since you opened the page, so nothing has been saved. Read it again"
    if isinstance(form, SettleForm) and _may_settle(fresh, stands):
        settle_form = _settle_form(fresh, stands, again)
        settle_form.add_error(None, message)
        return _render(request, fresh, stands, settle_form=settle_form, status=409)
    if isinstance(form, RatingForm) and _may_rate(fresh, stands):
        rating_form = _rating_form(fresh, stands, again)
        rating_form.add_error(None, message)
        return _render(request, fresh, stands, form=rating_form, status=409)
    # Rated unseen in another window: that stands, and cannot be changed any more.
    return _render(request, fresh, stands, unsaved=form.cleaned_data["reason"], status=409)


def _render(
    request: HttpRequest,
    page: ReviewPage,
    line: Line,
    form: RatingForm | None = None,
    settle_form: SettleForm | None = None,
    want_form: WantForm | None = None,
    unsaved: str = "",
    status: int = 200,
) -> HttpResponse:
    if settle_form is None and _may_settle(page, line):
        settle_form = _settle_form(page, line)
    if want_form is None and page.is_mine:
        want_form = _want_form(page, line)
    stage = page.copy.answers.stage
    assessment = page.submission.assessment
    context = {
        "assessment": assessment,
        "submission": page.submission,
        "page": page,
        "line": line,
        "strength": getattr(line.item, "binds", {}).get(stage, ""),
        "why": why(page.copy.catalogue, line.item.id),
        "proof": proof_of(page.copy, line.item.id),
        "evidence": evidence_of(assessment, [line.item.id]).get(line.item.id, ()),
        "unsaved": unsaved,
        # The shell prints the errors of whichever was sent.
        "form": form,
        "settle_form": settle_form,
        "want_form": want_form,
        "bound": next((one for one in (form, settle_form, want_form) if one is not None and one.is_bound), None),
        "next": page.next_after(line.item.id) if page.is_mine else None,
    }
    return render(request, "reviews/item.html", context, status=status)


def _page(request: HttpRequest, pk: UUID, number: int) -> ReviewPage:
    """For the adviser who has it; once levels are shown for their colleagues too."""
    found = of_firm(request, pk, number, can_rate)
    page = page_of(found.assessment, found)
    if page.review is None or not (page.is_mine or page.sees_all):
        raise PermissionDenied
    return page


def _line(page: ReviewPage, item_id: str) -> Line:
    line = page.line(item_id)
    if line is None:
        raise Http404
    return line


# Ending it ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def return_for_changes(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    found = of_firm(request, pk, number, can_rate)
    page = page_of(found.assessment, found)
    if not page.is_mine:
        return past_this_point(request, found)
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        label="What should the service do before it submits again?",
        hint="The lead reads it, together with what you asked for answer by answer.",
        missing="Say what the service should do",
        button="Return it for changes",
    )
    if not (form.is_bound and form.is_valid()):
        context = {"assessment": found.assessment, "submission": found, "page": page, "form": form}
        return render(request, "reviews/return.html", context)
    try:
        reviews.return_for_changes(submission=found, by=signed_in(request), words=form.cleaned_data["words"])
    except InvalidTransition:
        return past_this_point(request, found)
    messages.success(request, "Returned. The lead is asked for the changes. Your ratings are kept.")
    return redirect("submission", pk, number)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_off(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Shows first what it comes to: how near the two came, the colours before and after, the dissents."""
    found = of_firm(request, pk, number, can_rate)
    page = page_of(found.assessment, found)
    if not page.is_mine:
        return past_this_point(request, found)
    if not page.can_be_signed_off:
        return _not_ready(request, page)
    if request.method != "POST":
        return render(request, "reviews/sign_off.html", {**_sums(page), "form": None})
    try:
        reviews.sign_off(submission=found, by=signed_in(request))
    except InvalidTransition:
        return past_this_point(request, found)
    except NotReady:
        return _not_ready(request, page)
    except CannotReview as refused:
        context = {"assessment": found.assessment, "submission": found, "why": str(refused)}
        return render(request, "reviews/refused.html", context, status=403)
    messages.success(request, "Signed off. The lead is told.")
    return redirect("submission", pk, number)


def _not_ready(request: HttpRequest, page: ReviewPage) -> HttpResponse:
    messages.error(request, "It cannot be signed off yet: something is still to be rated or settled.")
    return redirect("review", page.submission.assessment_id, page.submission.number)


def _sums(page: ReviewPage) -> dict[str, Any]:
    copy = page.copy
    after = scored_as(copy.catalogue, copy.reviewed(page.ratings.values())).colours
    titles = {"overall": "The whole", **{barrier.id: barrier.title for barrier in copy.catalogue.barriers}}
    before = page.submission.colours
    return {
        "assessment": page.submission.assessment,
        "submission": page.submission,
        "page": page,
        "colours": [(title, before[key], after[key], before[key] != after[key]) for key, title in titles.items()],
    }
