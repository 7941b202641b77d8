"""Adviser firms: let in by their code, and out again."""

import re
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from assessments.forms.organisations import EndForm, EngagementForm
from assessments.http import pagination, signed_in
from assessments.models import Assessment, Engagement, Organisation, User
from assessments.permissions import organisation_for
from assessments.selectors.organisations import PAGE, assessments_of, seen_by, standing_engagements
from assessments.services import engagements

# Codes that were not right, of one person in an hour; then none is looked up.
WRONG_CODES = 10
HOUR = 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    organisation = _public_body(request, pk)
    person = signed_in(request)
    named = request.GET.getlist("assessment")
    back = reverse("organisation", args=[pk])
    every = assessments_of(organisation)
    chosen = every.filter(pk__in=_ids(named))
    is_chosen = bool(named) and chosen.exists()
    page = Paginator(chosen if is_chosen else every, PAGE).get_page(request.GET.get("page"))
    shown = cast("QuerySet[Assessment]", page.object_list)
    form = EngagementForm(
        request.POST or None, initial={"assessments": named}, assessments=every, shown=shown, back=back
    )
    if form.is_bound and form.is_valid():
        firm = _firm(person, form)
        if firm is not None:
            begun = engagements.begin(firm=firm, assessments=form.cleaned_data["assessments"], by=person)
            messages.success(request, _said(firm, len(begun)))
            return redirect(back)
    context = {
        "organisation": organisation,
        "form": form,
        "page": page,
        "pages": pagination(page, lambda number: f"?page={number}"),
        "is_chosen": is_chosen,
    }
    return render(request, "organisations/engage.html", context)


def _ids(named: list[str]) -> list[UUID]:
    """What the address names, leaving out what is no id."""
    return [UUID(pk) for pk in named if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", pk)]


def _firm(person: User, form: EngagementForm) -> Organisation | None:
    """The firm with this code. Without it the form says so, and nothing of which firms there are."""
    key = f"firm-code:{person.pk}"
    if cache.get(key, 0) >= WRONG_CODES:
        form.add_error("code", "Too many codes were not right. Wait an hour, then try again")
        return None
    kind = Organisation.Kind.ADVISER_FIRM
    firm = Organisation.objects.filter(code=form.cleaned_data["code"], kind=kind).first()
    if firm is None:
        cache.add(key, 0, HOUR)
        cache.incr(key)
        form.add_error("code", "No firm has this code. Check it with your adviser")
    return firm


def _said(firm: Organisation, fresh: int) -> str:
    if not fresh:
        return f"{firm.name} could see that already. Nothing was changed."
    return f"{firm.name} may see {fresh} more assessment{'' if fresh == 1 else 's'} now."


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: UUID, firm_pk: UUID) -> HttpResponse:
    organisation = _public_body(request, pk)
    standing = standing_engagements(firm_pk, organisation)
    if not standing:
        raise Http404
    firm, seen = standing[0].firm, seen_by(standing[0].firm, organisation)
    everything = [str(engagement.assessment_id) for engagement in standing]
    named = {"assessments": request.GET.getlist("assessment") or everything}
    back = reverse("organisation", args=[pk])
    form = EndForm(request.POST if request.method == "POST" else None, initial=named, assessments=seen, back=back)
    form.hints = {
        str(engagement.assessment_id): f"Let in by {engagement.began_by} on {_day(engagement)}."
        for engagement in standing
    }
    if form.is_bound and form.is_valid():
        ended = engagements.end(firm=firm, assessments=form.cleaned_data["assessments"], by=signed_in(request))
        messages.success(request, f"{firm.name} cannot see {ended} assessment{'' if ended == 1 else 's'} any more.")
        return redirect(back)
    return render(request, "organisations/disengage.html", {"organisation": organisation, "firm": firm, "form": form})


def _day(engagement: Engagement) -> str:
    return date_format(timezone.localdate(engagement.began_at), "j F Y")


def _public_body(request: HttpRequest, pk: UUID) -> Organisation:
    """Firms let nobody in: they have no assessments."""
    organisation, _membership = organisation_for(request.user, pk, administrator=True)
    if organisation.is_firm:
        raise PermissionDenied
    return organisation
