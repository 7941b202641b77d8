"""Who takes part in an assessment, and who leads it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.people import AddForm, HandOverForm, PartForm
from assessments.http import signed_in
from assessments.models import Assessment, Participation
from assessments.permissions import can_manage_people, can_see, get_for
from assessments.selectors.people import PeoplePage, addable, possible_leads, questionnaire_titles
from assessments.services import people as services

FORM = ["GET", "HEAD", "POST"]


@require_safe
def people(request: HttpRequest, pk: UUID) -> HttpResponse:
    among = Assessment.objects.select_related("lead").defer("result")
    assessment = get_for(request.user, pk, can_see, among)
    return render(request, "people/people.html", {"assessment": assessment, "page": PeoplePage(assessment)})


@require_http_methods(FORM)
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    assessment = _managed(request, pk)
    form = AddForm(
        request.POST or None,
        people=addable(assessment),
        titles=questionnaire_titles(assessment),
        back=reverse("people", args=[pk]),
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            services.add(assessment=assessment, by=signed_in(request), **given)
        except (services.NotAMember, services.LeadAlready):
            form.add_error("person", "Choose one of these people")
        else:
            messages.success(request, f"{given['person']} takes part now.")
            return redirect("people", pk)
    return render(request, "people/add.html", {"assessment": assessment, "form": form})


@require_http_methods(FORM)
def change(request: HttpRequest, pk: UUID, participation_pk: int) -> HttpResponse:
    assessment = _managed(request, pk)
    taking = _taking(assessment, participation_pk)
    form = PartForm(
        request.POST or None,
        initial={"role": taking.role, "questionnaires": taking.questionnaires},
        titles=questionnaire_titles(assessment),
        back=reverse("people", args=[pk]),
    )
    if form.is_bound and form.is_valid():
        try:
            services.change(participation=taking, by=signed_in(request), **form.cleaned_data)
        except Participation.DoesNotExist:
            raise Http404 from None
        messages.success(request, "Saved.")
        return redirect("people", pk)
    return render(request, "people/change.html", {"assessment": assessment, "person": taking.user, "form": form})


@require_http_methods(FORM)
def remove(request: HttpRequest, pk: UUID, participation_pk: int) -> HttpResponse:
    assessment = _managed(request, pk)
    taking = _taking(assessment, participation_pk)
    if request.method == "POST":
        services.remove(participation=taking, by=signed_in(request))
        messages.success(request, f"{taking.user} takes part no more. What they wrote stays.")
        return redirect("people", pk)
    return render(request, "people/remove.html", {"assessment": assessment, "person": taking.user})


@require_http_methods(FORM)
def hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    assessment = _managed(request, pk)
    person = signed_in(request)
    form = HandOverForm(
        request.POST or None,
        people=possible_leads(assessment),
        lead=assessment.lead,
        is_own=assessment.seat.is_lead,
        back=reverse("people", args=[pk]),
    )
    if form.is_bound and form.is_valid():
        to, stays = form.cleaned_data["to"], form.cleaned_data["before"] == HandOverForm.STAYS
        try:
            services.hand_over(assessment=assessment, to=to, by=person, stays=stays)
        except (services.NotAMember, services.LeadAlready):
            form.add_error("to", "Choose one of these people")
        else:
            messages.success(request, f"{to} leads {assessment.service_name} now.")
            # Who neither stays nor administers does not see it any more.
            sees = stays or assessment.seat.is_administrator or to == person or not assessment.seat.is_lead
            return redirect("people", pk) if sees else redirect("home")
    return render(request, "people/hand_over.html", {"assessment": assessment, "form": form})


def _managed(request: HttpRequest, pk: UUID) -> Assessment:
    return get_for(request.user, pk, can_manage_people, Assessment.objects.select_related("lead").defer("result"))


def _taking(assessment: Assessment, pk: int) -> Participation:
    taking: Participation = get_object_or_404(
        Participation.objects.select_related("user", "assessment"), pk=pk, assessment=assessment
    )
    return taking
