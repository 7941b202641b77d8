"""Second opinions: asked for by the lead, given separately, compared, settled."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.catalogue.schema import Barrier
from assessments.forms.opinions import AskForm, OpinionForm, OpinionRow, SettleForm
from assessments.forms.questionnaire import Row
from assessments.http import signed_in
from assessments.models import Assessment, Opinion
from assessments.permissions import (
    Predicate,
    can_ask_opinions,
    can_read,
    can_see_opinions,
    compared_for,
    get_for,
    opinion_for,
)
from assessments.selectors.opinions import (
    ComparedItem,
    Comparison,
    asked_barriers,
    comparison,
    may_be_asked,
    rated_items,
    said_in,
    standing,
)
from assessments.selectors.workbook import workbook
from assessments.services import opinions as services
from assessments.services.assessments import Conflict
from assessments.services.opinions import AlreadyAsked, OpinionClosed, StaleOpinion


@require_safe
def opinions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who was asked about what, and who has given their opinion; not what they said."""
    assessment = _assessment(request, pk, can_see_opinions)
    context = {"assessment": assessment, "barriers": asked_barriers(assessment)}
    return render(request, "together/opinions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    assessment = _assessment(request, pk, can_ask_opinions)
    book = workbook(assessment)
    form = AskForm(
        request.POST or None,
        barriers=[barrier for barrier in assessment.catalogue.barriers if rated_items(barrier, book)],
        people=may_be_asked(assessment),
        standing=standing(assessment),
        barrier=request.GET.get("barrier", ""),
    )
    if not (form.is_bound and form.is_valid()):
        return render(request, "together/opinion_ask.html", {"assessment": assessment, "form": form})
    barrier = assessment.catalogue.barrier(form.cleaned_data["barrier"])
    for asked in form.asked():
        try:
            services.ask_opinion(
                assessment=assessment,
                by=signed_in(request),
                user=asked.user,
                barrier=barrier,
                capacity=asked.capacity,
                note=form.cleaned_data["note"],
                due_on=form.cleaned_data["due_on"],
            )
            messages.success(request, f"{asked.user} is asked for a second opinion on {barrier.title}.")
        except AlreadyAsked:
            messages.info(request, f"{asked.user} was asked about {barrier.title} already.")
    return redirect("opinions", pk)


@require_POST
def take_back(request: HttpRequest, pk: UUID, opinion_pk: UUID) -> HttpResponse:
    assessment = _assessment(request, pk, can_ask_opinions)
    opinion = get_object_or_404(Opinion.objects.select_related("user"), pk=opinion_pk, assessment=assessment)
    services.take_back(opinion=opinion, by=signed_in(request))
    messages.success(request, f"{opinion.user} is not asked any more. What they said counts no longer.")
    return redirect("opinions", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, pk: UUID, barrier: str) -> HttpResponse:
    """One's own: to fill in until it is given, to read afterwards. Nothing of what others say, nor the main answers."""
    own = opinion_for(request.user, pk, barrier)
    found = _barrier(own.assessment, barrier)
    if own.given_at is not None:
        return _given(request, own, found)
    book = workbook(own.assessment)
    form = OpinionForm(
        request.POST or None,
        opinion=own,
        rows=[OpinionRow(item, book.path.may_apply(item.id)) for item in rated_items(found, book)],
        catalogue=own.assessment.catalogue,
        stage=own.assessment.next_decision,
    )
    if form.is_bound and form.is_valid():
        return _keep(request, own, found, form)
    return _fill_in(request, own, found, form)


def _keep(request: HttpRequest, own: Opinion, barrier: Barrier, form: OpinionForm) -> HttpResponse:
    keep = services.give if form.is_given else services.save_opinion
    try:
        keep(opinion=own, by=signed_in(request), version=form.cleaned_data["version"], contents=form.contents())
    except OpinionClosed:
        messages.info(request, "This opinion is given or taken back already, so nothing has changed.")
        return redirect("home")
    except StaleOpinion as stale:
        return _fill_in(request, own, barrier, _on_top_of(form, stale.version), is_stale=True)
    if form.is_given:
        messages.success(request, "Your opinion is given. Thank you.")
        return redirect("opinion-compare", own.assessment_id, barrier.id)
    messages.success(request, "Saved. It stays yours alone until you give it.")
    return redirect("opinion", own.assessment_id, barrier.id)


def _on_top_of(form: OpinionForm, version: int) -> OpinionForm:
    """The same page with what was typed, about to replace what was saved in another window."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    data["version"] = str(version)
    return OpinionForm(data, opinion=form.opinion, rows=form.rows, catalogue=form.catalogue, stage=form.stage)


def _fill_in(
    request: HttpRequest, own: Opinion, barrier: Barrier, form: OpinionForm, *, is_stale: bool = False
) -> HttpResponse:
    context = {
        "assessment": own.assessment,
        "opinion": own,
        "barrier": barrier,
        "form": form,
        "is_stale": is_stale,
    }
    return render(request, "together/opinion.html", context, status=409 if is_stale else 200)


def _given(request: HttpRequest, own: Opinion, barrier: Barrier) -> HttpResponse:
    if request.method == "POST":
        messages.info(request, "This opinion is given already, so nothing has changed.")
        return redirect("opinion", own.assessment_id, barrier.id)
    context = {"assessment": own.assessment, "opinion": own, "barrier": barrier, "said": said_in(own, barrier)}
    return render(request, "together/opinion_given.html", context)


@require_safe
def compare(request: HttpRequest, pk: UUID, barrier: str) -> HttpResponse:
    """What everybody said, side by side; the main answer for who may read it."""
    side_by_side = _comparison(request, pk, barrier)
    context = {
        "assessment": side_by_side.assessment,
        "barrier": side_by_side.barrier,
        "comparison": side_by_side,
        "may_settle": can_ask_opinions(side_by_side.assessment),
    }
    return render(request, "together/opinion_compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, pk: UUID, barrier: str, item_id: str) -> HttpResponse:
    """What the lead settles on for one item, with the main answer in the same step."""
    side_by_side = _comparison(request, pk, barrier)
    if not can_ask_opinions(side_by_side.assessment):
        raise PermissionDenied
    compared = side_by_side.item(item_id)
    if compared is None or not compared.is_asked:
        raise Http404
    form = _settle_form(request.POST or None, side_by_side, compared)
    if not (form.is_bound and form.is_valid()):
        return _settling(request, side_by_side, compared, form)
    [draft] = form.drafts()
    saved = services.settle(
        assessment=side_by_side.assessment,
        by=signed_in(request),
        barrier=side_by_side.barrier,
        reason=form.cleaned_data["reason"],
        draft=draft,
    )
    for conflict in saved.conflicts:
        data = request.POST.copy()
        data[f"{form.row.name}-version"] = str(conflict.version)
        again = _settle_form(data, side_by_side, compared)
        return _settling(request, side_by_side, compared, again, conflict)
    messages.success(request, f"Settled: {compared.item.title}.")
    return redirect("opinion-compare", pk, barrier)


def _settle_form(data: Any, side_by_side: Comparison, compared: ComparedItem) -> SettleForm:
    return SettleForm(
        data,
        catalogue=side_by_side.assessment.catalogue,
        row=Row(compared.item, side_by_side.book),
        stage=side_by_side.assessment.next_decision,
        reason=compared.settlement.reason if compared.settlement else "",
    )


def _settling(
    request: HttpRequest,
    side_by_side: Comparison,
    compared: ComparedItem,
    form: SettleForm,
    conflict: Conflict | None = None,
) -> HttpResponse:
    context = {
        "assessment": side_by_side.assessment,
        "barrier": side_by_side.barrier,
        "compared": compared,
        "form": form,
        "conflict": conflict,
    }
    return render(request, "together/opinion_settle.html", context, status=409 if conflict else 200)


def _comparison(request: HttpRequest, pk: UUID, barrier: str) -> Comparison:
    assessment = compared_for(request.user, pk, barrier)
    return comparison(assessment, _barrier(assessment, barrier), with_main=can_read(assessment))


def _barrier(assessment: Assessment, barrier_id: str) -> Barrier:
    found = next((barrier for barrier in assessment.catalogue.barriers if barrier.id == barrier_id), None)
    if found is None:
        raise Http404
    return found


def _assessment(request: HttpRequest, pk: UUID, may: Predicate) -> Assessment:
    return get_for(request.user, pk, may, Assessment.objects.defer("result"))
