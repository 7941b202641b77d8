"""Organisations and who belongs to them."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.organisations import LeavingForm, NewOrganisationForm, RenameForm, RoleForm
from assessments.http import pagination, signed_in
from assessments.models import Membership, Organisation
from assessments.permissions import can_claim, organisation_for
from assessments.selectors.organisations import Leaving, OrganisationPage, memberships_of, people_in
from assessments.services import organisations as services

FORM = ["GET", "HEAD", "POST"]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "organisations/index.html", {"memberships": memberships_of(signed_in(request))})


@require_http_methods(FORM)
def new(request: HttpRequest) -> HttpResponse:
    form = NewOrganisationForm(request.POST or None, back=reverse("organisations"))
    if not (form.is_bound and form.is_valid()):
        return render(request, "organisations/new.html", {"form": form})
    founded = services.found(by=signed_in(request), **form.cleaned_data)
    messages.success(request, f"{founded.name} is set up.")
    return redirect("organisation", founded.pk)


@require_safe
def organisation(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, membership = organisation_for(request.user, pk)
    page = OrganisationPage(found, membership, request.GET.get("page", "1"))
    context = {
        "organisation": found,
        "page": page,
        "may_claim": not page.has_administrator and can_claim(membership),
        "pages": pagination(page.assessments, _address_of_page) if page.administers and not found.is_firm else {},
    }
    return render(request, "organisations/organisation.html", context)


def _address_of_page(number: int) -> str:
    return f"?page={number}#assessments"


@require_http_methods(FORM)
def rename(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, _membership = organisation_for(request.user, pk, administrator=True)
    back = reverse("organisation", args=[pk])
    form = RenameForm(request.POST or None, initial={"name": found.name}, back=back)
    if not (form.is_bound and form.is_valid()):
        return render(request, "organisations/rename.html", {"organisation": found, "form": form})
    services.rename(organisation=found, name=form.cleaned_data["name"], by=signed_in(request))
    messages.success(request, "The new name is saved.")
    return redirect(back)


@require_http_methods(FORM)
def claim(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Become the administrator of an organisation that has none."""
    found, membership = organisation_for(request.user, pk)
    if not can_claim(membership):
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "organisations/claim.html", {"organisation": found})
    try:
        services.claim(membership=membership, by=signed_in(request))
    except services.AdministratedAlready:
        raise PermissionDenied from None
    messages.success(request, f"You are the administrator of {found.name} now.")
    return redirect("organisation", pk)


# Members -----------------------------------------------------------------------------------------------------


@require_http_methods(FORM)
def role(request: HttpRequest, pk: UUID, member_pk: int) -> HttpResponse:
    found, own = organisation_for(request.user, pk, administrator=True)
    member = _member(found, member_pk)
    back = reverse("organisation", args=[pk])
    form = RoleForm(request.POST or None, initial={"role": member.role}, organisation=found, back=back)
    if form.is_bound and form.is_valid():
        try:
            services.set_role(membership=member, role=form.cleaned_data["role"], by=signed_in(request))
        except services.LastAdministrator:
            form.add_error("role", "Make somebody else an administrator first: others belong to the organisation")
        except Membership.DoesNotExist:
            raise Http404 from None
        else:
            messages.success(request, "Saved.")
            return redirect(back)
    context = {"organisation": found, "member": member, "form": form, "is_own": member == own}
    return render(request, "organisations/role.html", context)


@require_http_methods(FORM)
def remove(request: HttpRequest, pk: UUID, member_pk: int) -> HttpResponse:
    """An administrator removes somebody else; who goes by themselves leaves."""
    found, own = organisation_for(request.user, pk, administrator=True)
    member = _member(found, member_pk)
    if member == own:
        return redirect("organisation-leave", pk)
    after = reverse("organisation", args=[pk])
    return _leave(request, member, "Remove them", after, lambda: f"{member.user} does not belong to {found} any more.")


@require_http_methods(FORM)
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, own = organisation_for(request.user, pk)
    own.user = signed_in(request)
    return _leave(request, own, "Leave", reverse("organisations"), lambda: f"You have left {found}.")


def _leave(request: HttpRequest, member: Membership, label: str, after: str, said: Callable[[], str]) -> HttpResponse:
    person, found = signed_in(request), member.organisation
    leaving = Leaving(member)
    form = LeavingForm(
        request.POST if request.method == "POST" else None,
        people=people_in(found).exclude(pk=member.user_id),
        leads=bool(leaving.led),
        submit_label=label,
        back=reverse("organisation", args=[found.pk]),
    )
    if form.is_bound and leaving.may and form.is_valid():
        try:
            services.remove(membership=member, by=person, new_lead=form.cleaned_data.get("new_lead"))
        except (services.LastAdministrator, services.NewLeadNeeded, Membership.DoesNotExist):
            # Something changed while the page was open: the page says how it stands now.
            messages.warning(request, "Somebody changed something at the same time. Nothing was changed. Look again.")
            return redirect(request.path)
        messages.success(request, said())
        return redirect(after)
    context = {"organisation": found, "leaving": leaving, "form": form, "is_own": member.user_id == person.pk}
    return render(request, "organisations/leave.html", context)


def _member(organisation: Organisation, pk: int) -> Membership:
    member: Membership = get_object_or_404(
        Membership.objects.select_related("user", "organisation"), pk=pk, organisation=organisation
    )
    return member
