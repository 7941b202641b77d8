"""Invitations by e-mail, from both ends."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assessments.forms.organisations import InvitationForm, InvitationToAssessmentForm
from assessments.http import signed_in
from assessments.models import Assessment, Invitation, Membership, Organisation, User
from assessments.models.organisation import OPEN_INVITATION
from assessments.permissions import can_manage_people, get_for, organisation_for
from assessments.selectors.people import invitation_behind, masked, questionnaire_titles
from assessments.services import invitations as services

logger = logging.getLogger(__name__)

TOO_MANY = "Too many invitations were sent since yesterday. Try again tomorrow"
NOT_SENT = "The invitation is kept, but its email could not be sent. Try “Send again” in a while."


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Invite somebody to the organisation; with `?assessment=` also to take part in that one."""
    found, _membership = organisation_for(request.user, pk, administrator=True)
    assessment = _assessment(request, found)
    back = reverse("people", args=[assessment.pk]) if assessment else reverse("organisation", args=[pk])
    form = _form(request, found, assessment, back)
    if form.is_bound and form.is_valid() and _sent(request, lambda: _invite(request, found, assessment, form), form):
        return redirect(back)
    context = {"organisation": found, "assessment": assessment, "form": form, "days": services.LASTS.days}
    return render(request, "organisations/invite.html", context)


Form = InvitationForm | InvitationToAssessmentForm


def _form(request: HttpRequest, organisation: Organisation, assessment: Assessment | None, back: str) -> Form:
    data = request.POST or None
    if assessment is None:
        return InvitationForm(data, organisation=organisation, back=back)
    return InvitationToAssessmentForm(data, titles=questionnaire_titles(assessment), back=back)


def _assessment(request: HttpRequest, organisation: Organisation) -> Assessment | None:
    """The one that the address names: one of this organisation."""
    named = request.GET.get("assessment")
    if not named:
        return None
    try:
        pk = UUID(named)
    except ValueError:
        raise Http404 from None
    return get_for(request.user, pk, can_manage_people, Assessment.objects.filter(service__organisation=organisation))


def _invite(request: HttpRequest, organisation: Organisation, assessment: Assessment | None, form: Form) -> Invitation:
    given = form.cleaned_data
    part = None
    if assessment is not None:
        part = services.Part(assessment, given["role"], tuple(given["questionnaires"]))
    return services.invite(
        organisation=organisation,
        email=given["email"],
        role=Membership.Role.MEMBER if assessment else given["role"],
        by=signed_in(request),
        link=_link(request),
        part=part,
    )


def _sent(request: HttpRequest, send: Callable[[], Invitation], form: Form | None = None) -> bool:
    """Whether it is on its way, or kept. If it is not, the form says why, or a message where there is no form."""
    refused: dict[type[Exception], str] = {
        services.MemberAlready: "Whoever has this address belongs to the organisation already",
        services.InvitedAlready: "This address is invited already. Go back and use “Send again”",
        services.TooManyInvitations: TOO_MANY,
    }
    try:
        invitation = send()
    except tuple(refused) as refusal:
        words = refused[type(refusal)]
        if form is not None:
            form.add_error("email", words)
        else:
            messages.error(request, f"{words}.")
        return False
    except OSError:
        # The invitation was kept before its e-mail went to the mail server.
        logger.exception("An invitation could not be mailed")
        messages.error(request, NOT_SENT)
        return True
    messages.success(request, f"The invitation is on its way to {invitation.email}.")
    return True


def _link(request: HttpRequest) -> services.Link:
    return lambda secret: request.build_absolute_uri(reverse("invitation", args=[secret]))


@require_POST
def again(request: HttpRequest, pk: UUID, invitation_pk: UUID) -> HttpResponse:
    invitation = _open(request, pk, invitation_pk)
    try:
        _sent(request, lambda: services.send_again(invitation=invitation, by=signed_in(request), link=_link(request)))
    except services.InvitationGone:
        raise Http404 from None
    return redirect("organisation", pk)


@require_POST
def withdraw(request: HttpRequest, pk: UUID, invitation_pk: UUID) -> HttpResponse:
    invitation = _open(request, pk, invitation_pk)
    try:
        services.withdraw(invitation=invitation, by=signed_in(request))
    except services.InvitationGone:
        raise Http404 from None
    messages.success(request, f"The invitation to {invitation.email} is withdrawn. Its link does not work any more.")
    return redirect("organisation", pk)


def _open(request: HttpRequest, pk: UUID, invitation_pk: UUID) -> Invitation:
    found, _membership = organisation_for(request.user, pk, administrator=True)
    invitation: Invitation = get_object_or_404(
        Invitation.objects.filter(OPEN_INVITATION), pk=invitation_pk, organisation=found
    )
    return invitation


# Whoever was invited -----------------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Who invites to what; then a way to sign in, or one button. Whatever is wrong with a link looks the same."""
    found = invitation_behind(secret)
    if found is None:
        return _gone(request)
    person = request.user
    if not isinstance(person, User):
        return render(request, "people/invitation.html", _words(request, found, "anonymous"))
    if request.method == "POST":
        try:
            accepted = services.accept(secret=secret, by=person)
        except services.InvitationGone:
            return _gone(request)
        except services.SentToAnotherAddress:
            return render(request, "people/invitation.html", _words(request, found, "another"), status=403)
        messages.success(request, f"You belong to {accepted.organisation} now.")
        if accepted.assessment_id is not None:
            return redirect("assessment", accepted.assessment_id)
        return redirect("organisation", accepted.organisation_id)
    whose = "theirs" if services.verified_by(person, found.email) else "another"
    return render(request, "people/invitation.html", _words(request, found, whose))


def _words(request: HttpRequest, found: Invitation, whose: str) -> dict[str, Any]:
    titles = questionnaire_titles(found.assessment) if found.assessment else {}
    return {
        "invitation": found,
        "titles": [title for slug, title in titles.items() if slug in found.questionnaires],
        "whose": whose,
        "masked": masked(found.email),
        "next": urlencode({"next": request.path}),
        "must_use_second_factor": found.role == Membership.Role.ADMINISTRATOR or found.organisation.is_firm,
    }


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "people/invitation_gone.html", {"days": services.LASTS.days}, status=404)
