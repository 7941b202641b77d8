"""People's data: taken along, kept for so long, deleted. Of an organisation, of one assessment, of one's account."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.data import EraseForm, RetentionForm
from assessments.http import signed_in
from assessments.models import Assessment, Export
from assessments.permissions import can_delete, get_for, has_open_submission, organisation_for
from assessments.selectors.data import data_page, exports_of, is_over, what_goes, what_goes_with
from assessments.services import erasure, exports, retention
from assessments.services.account_erasure import NotYet, erase_account, in_the_way

FORM = ["GET", "HEAD", "POST"]


# An organisation --------------------------------------------------------------------------------------------------


@require_safe
def organisation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What can be done with its data, the exports that are there, and what goes soon."""
    found, _membership = organisation_for(request.user, pk, administrator=True)
    return render(request, "data/organisation.html", {"organisation": found, "page": data_page(found)})


@require_POST
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, _membership = organisation_for(request.user, pk, administrator=True)
    exports.ask(organisation=found, by=signed_in(request))
    messages.success(request, "The export is being made. It is ready in a few minutes.")
    return redirect("organisation-data", pk)


@require_safe
def download(request: HttpRequest, export_pk: UUID) -> HttpResponseBase:
    """For administrators of the organisation, or the person whose account it is. Always as an attachment."""
    kept = get_object_or_404(Export.objects.select_related("organisation", "person"), pk=export_pk)
    name = _name_for(request, kept)
    if kept.status != Export.Status.READY or is_over(kept):
        raise Http404
    try:
        content = kept.file.open()
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/zip")


def _name_for(request: HttpRequest, kept: Export) -> str:
    """What the file is called; 404 or 403 where it is not theirs."""
    if kept.organisation is not None:
        organisation_for(request.user, kept.organisation.pk, administrator=True)
        return f"spinout-{slugify(kept.organisation.name)[:60] or 'organisation'}.zip"
    if kept.person_id != signed_in(request).pk:
        raise Http404
    return "spinout-account.zip"


@require_http_methods(FORM)
def erase(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What would go; and, when the name is typed, the day on which it does."""
    found, _membership = organisation_for(request.user, pk, administrator=True)
    back = reverse("organisation-data", args=[pk])
    form = EraseForm(request.POST if request.method == "POST" else None, organisation=found, back=back)
    if form.is_bound and form.is_valid():
        planned = erasure.ask(organisation=found, by=signed_in(request))
        messages.success(request, f"Everything will be erased on {planned.erase_on:%-d %B %Y}. You can stop it.")
        return redirect(back)
    context = {"organisation": found, "form": form, "goes": what_goes(found), "days": erasure.GRACE.days}
    return render(request, "data/erase.html", context)


@require_POST
def erase_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, _membership = organisation_for(request.user, pk, administrator=True)
    try:
        erasure.cancel(organisation=found, by=signed_in(request))
    except erasure.NoErasurePlanned:
        messages.info(request, "Nothing was planned: nothing will be erased.")
    else:
        messages.success(request, "Stopped. Nothing will be erased.")
    return redirect("organisation-data", pk)


@require_http_methods(FORM)
def keep(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How long assessments are kept that nobody changes."""
    found, _membership = organisation_for(request.user, pk, administrator=True)
    default = settings.SPINOUT_KEEP_MONTHS
    given: dict[str, Any] = {"default": default, "back": reverse("organisation-data", args=[pk])}
    data = request.POST if request.method == "POST" else None
    form = RetentionForm(data, initial={"months": found.keep_months}, **given)
    if form.is_bound and form.is_valid():
        retention.set_months(organisation=found, months=form.cleaned_data["months"], by=signed_in(request))
        messages.success(request, "Saved.")
        return redirect("organisation-data", pk)
    context = {"organisation": found, "form": form, "notice": retention.NOTICE.days, "is_applied": _is_applied()}
    return render(request, "data/retention.html", context)


def _is_applied() -> bool:
    return bool(settings.SPINOUT_RETENTION == "apply")


# An assessment ----------------------------------------------------------------------------------------------------


@require_http_methods(FORM)
def assessment_delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    assessment = get_for(request.user, pk, can_delete, Assessment.objects.defer("result"))
    if request.method == "POST":
        erasure.delete_assessment(assessment=assessment, by=signed_in(request))
        messages.success(request, f"The assessment of {assessment.service_name} is deleted.")
        return redirect("organisation", assessment.organisation_id)
    context = {
        "assessment": assessment,
        "goes": what_goes_with(assessment),
        "is_with_advisers": has_open_submission(assessment),
    }
    return render(request, "data/assessment_delete.html", context)


# One's own account ------------------------------------------------------------------------------------------------


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    mine = exports_of(person=signed_in(request))
    is_being_made = any(one.status == Export.Status.QUEUED for one in mine)
    return render(request, "data/account.html", {"exports": mine, "is_being_made": is_being_made})


@require_POST
def account_export(request: HttpRequest) -> HttpResponse:
    exports.ask_own(by=signed_in(request))
    messages.success(request, "The export is being made. It is ready in a minute.")
    return redirect("account-data")


@require_http_methods(FORM)
@reauthentication_required(allow_get=True)
def account_erase(request: HttpRequest) -> HttpResponse:
    """What is in the way; and when nothing is, the end of the account."""
    person = signed_in(request)
    found = in_the_way(person)
    if request.method == "POST":
        try:
            erase_account(person=person)
        except NotYet as not_yet:
            found = not_yet.in_the_way
        else:
            logout(request)
            messages.success(request, "Your account is erased.")
            return redirect("home")
    return render(request, "data/account_erase.html", {"found": found})
