"""The plan: its list, one action at a time, its schedule, and its files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.plan import ActionForm, FillForm, FilterForm
from assessments.http import signed_in
from assessments.permissions import can_plan, can_read, get_for
from assessments.reports import action_calendar, action_table
from assessments.scoring.sentences import listing, number
from assessments.selectors.plan import WITH_FIGURES, Entry, Plan, plan_of
from assessments.selectors.plan_history import history, lines_of
from assessments.selectors.schedule import SchedulePage
from assessments.services.plan import ActionNotInPlan, Conflict, Filled, agree, fill


@require_safe
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = _plan(request, pk)
    form = FilterForm(request.GET, plan=shown, address=reverse("plan", args=[pk]))
    filters = form.filters()
    context = {
        "assessment": shown.assessment,
        "plan": shown,
        "counts": shown.counts,
        "filter_form": form,
        "filters": filters,
        "groups": tuple(shown.groups(filters)),
        "refused": shown.refused(filters),
        "closed": shown.closed(filters),
    }
    return render(request, "assessments/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def action(request: HttpRequest, pk: UUID, action_id: str) -> HttpResponse:
    shown = _plan(request, pk)
    may_edit = can_plan(shown.assessment)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    entry = shown.entry(action_id)
    if entry is None:
        raise Http404
    form = ActionForm(request.POST or None, entry=entry)
    if form.is_bound and form.is_valid():
        return _save(request, shown, entry, form)
    context = {
        "assessment": shown.assessment,
        "entry": entry,
        "basis": shown.weeks_basis(entry),
        "form": form,
        "may_edit": may_edit,
        "agreed": lines_of(entry.agreement) if entry.version else [],
        "history": history(shown.assessment, action_id),
    }
    return render(request, "assessments/plan_action.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def people_and_dates(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who does what and by when, for all that is still open in one go."""
    shown = plan_of(get_for(request.user, pk, can_plan, WITH_FIGURES))
    form = FillForm(request.POST if request.method == "POST" else None, plan=shown, back=reverse("plan", args=[pk]))
    if not (form.is_bound and form.is_valid()):
        return render(request, "assessments/plan_people_and_dates.html", {"assessment": shown.assessment, "form": form})
    filled = fill(assessment=shown.assessment, by=signed_in(request), people=form.people, dated=form.dated)
    messages.success(request, _said(filled))
    return redirect("plan", pk)


def _said(filled: Filled) -> str:
    said = [
        *([f"somebody is named for {number(filled.named, 'action', 'actions')}"] if filled.named else []),
        *([f"{number(filled.dated, 'action has', 'actions have')} a date now"] if filled.dated else []),
    ]
    return f"Saved: {listing(said)}." if said else "Nothing changed: no name was given, and no date asked for."


def _save(request: HttpRequest, shown: Plan, entry: Entry, form: ActionForm) -> HttpResponse:
    here = redirect("plan-action", shown.assessment.pk, entry.id)
    if request.POST.get("choice") == "theirs":
        messages.success(request, "Nothing changed: what was saved before stands.")
        return here
    # No row has this version: what nobody has chosen yet comes back as a conflict.
    undecided = "conflict" in request.POST and request.POST.get("choice") != "mine"
    try:
        outcome = agree(
            assessment=shown.assessment,
            by=signed_in(request),
            action=entry.id,
            version=-1 if undecided else form.cleaned_data["version"],
            agreement=form.agreement(),
        )
    except ActionNotInPlan:
        raise Http404 from None
    if isinstance(outcome, Conflict):
        return _ask_which(request, shown, entry, outcome, undecided=undecided)
    messages.success(request, "Saved.")
    return here


def _ask_which(request: HttpRequest, shown: Plan, entry: Entry, conflict: Conflict, *, undecided: bool) -> HttpResponse:
    errors = [{"text": "Choose which of the two should stand", "href": "#choice-theirs"}] if undecided else []
    context: dict[str, Any] = {
        "assessment": shown.assessment,
        "entry": entry,
        "conflict": conflict,
        "theirs": lines_of(conflict.theirs),
        "mine": lines_of(conflict.mine),
        "fields": [(key, value) for key, value in request.POST.items() if key in _OWN_FIELDS],
        "errors": errors,
        "has_errors": undecided,
    }
    return render(request, "assessments/plan_conflict.html", context, status=409)


_OWN_FIELDS = (
    "progress",
    "reason",
    "owner",
    *(f"{name}-{part}" for name in ("starts_on", "due_on") for part in ("day", "month", "year")),
    "note",
)


@require_safe
def schedule(request: HttpRequest, pk: UUID) -> HttpResponse:
    page = SchedulePage(_plan(request, pk), request.GET.get("stage", ""))
    return render(request, "assessments/plan_schedule.html", {"assessment": page.plan.assessment, "page": page})


# Files ------------------------------------------------------------------------------------------------------


@require_safe
def as_csv(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = _plan(request, pk)
    content = action_table.as_csv(action_table.rows_of(shown, _site(request)))
    return _file(shown, content, "text/csv; charset=utf-8", "csv")


@require_safe
def as_xlsx(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = _plan(request, pk)
    content = action_table.as_xlsx(action_table.rows_of(shown, _site(request)), shown.assessment.service_name)
    return _file(shown, content, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")


@require_safe
def as_calendar(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = _plan(request, pk)
    return _file(shown, action_calendar.as_calendar(shown, _site(request)), "text/calendar; charset=utf-8", "ics")


def _site(request: HttpRequest) -> str:
    """What the addresses in a file begin with."""
    return request.build_absolute_uri("/").rstrip("/")


def _file(shown: Plan, content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"actions-{slugify(shown.assessment.service_name)[:60] or 'service'}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)


def _plan(request: HttpRequest, pk: UUID) -> Plan:
    return plan_of(get_for(request.user, pk, can_read, WITH_FIGURES))
