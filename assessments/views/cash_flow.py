"""The working-capital calculator: its figures, a table put in from a spreadsheet, and what they come to."""

import csv
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from assessments.cashflow.inputs import Inputs
from assessments.cashflow.months import Months
from assessments.cashflow.serialise import MONTH
from assessments.cashflow.stored import from_stored
from assessments.cashflow.typed import in_pounds
from assessments.forms.cash_flow import FiguresForm, differences
from assessments.forms.cash_flow_table import TableForm, page_in, preview, template_csv
from assessments.forms.cash_flow_typed import (
    Typed,
    edited,
    fresh,
    from_table,
    horizon_of,
    put_in,
    too_many_costs,
    typed_in,
)
from assessments.http import signed_in
from assessments.models import Assessment, CashFlow
from assessments.permissions import can_plan, can_read, get_for
from assessments.selectors.cash_flow import (
    HEADCOUNT,
    INCOME,
    TRANSFERRING,
    cash_flow_page,
    facts_for_figures,
    figures_of,
    go_live_in,
)
from assessments.selectors.effects import effects
from assessments.services.cash_flow import Conflict, Saved, delete_cash_flow, save_cash_flow


@require_safe
def cash_flow(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the figures come to; without figures, what this is for."""
    assessment = get_for(request.user, pk, can_read, Assessment.objects.defer("result"))
    page = cash_flow_page(assessment)
    if page is None:
        return render(request, "assessments/cash_flow_empty.html", {"assessment": assessment})
    return render(request, "assessments/cash_flow.html", {"assessment": assessment, "page": page, "story": page.story})


@require_safe
def months(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The table by month to the penny, as CSV."""
    assessment = get_for(request.user, pk, can_read, Assessment.objects.defer("result"))
    page = cash_flow_page(assessment)
    if page is None:
        return redirect("cash-flow", pk)
    response = _csv(f"cash-flow-{slugify(assessment.service_name)[:60] or 'service'}.csv")
    writer = csv.writer(response)
    names = Months(page.go_live)
    writer.writerow(["month", "name", *MONTH])
    for month in page.cash_flow.forecast["months"]:
        writer.writerow([month["month"], names.name(month["month"]), *(month[key] for key in MONTH)])
    return response


# Figures


@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One page of figures. Every button but "save" shows it again with all that was typed."""
    assessment = get_for(request.user, pk, can_plan, Assessment.objects.defer("result"))
    facts = facts_for_figures(assessment)
    names = Months(go_live_in(facts))
    if request.method != "POST":
        kept = figures_of(assessment)
        typed = _typed_of(kept, names, facts)
        full = request.GET.get("show") == "all"
        form = _form(assessment, typed, names, version=kept.version if kept else 0, full=full)
        return _show(request, assessment, form, {"kept": kept})
    typed, do = typed_in(request.POST), request.POST.get("do", "save")
    full, version = request.POST.get("mode") == "full", _whole(request.POST.get("version"))
    if do == "table":
        table_form = _table_form(assessment, typed, names, version=version, full=full)
        return _show_table(request, assessment, table_form)
    if do != "save":
        full = full if do not in ("simple", "full") else do == "full"
        form = _form(assessment, edited(typed, do, names), names, version=version, full=full)
        return _show(request, assessment, form, {})
    return _save(request, assessment, typed, names, version=version, full=full)


def _save(
    request: HttpRequest, assessment: Assessment, typed: Typed, names: Months, *, version: int, full: bool
) -> HttpResponse:
    form = _form(assessment, typed, names, version=version, full=full, judge=True)
    if not form.is_valid():
        if form.hidden_errors:
            form = _form(assessment, typed, names, version=version, full=True, judge=True)
        return _show(request, assessment, form, {})
    saved = save_cash_flow(assessment=assessment, by=signed_in(request), version=version, table=form.table)
    if isinstance(saved, Conflict):
        return _ask_which(request, assessment, typed, names, saved, full=full)
    _tell(request, saved)
    return redirect("cash-flow", assessment.pk)


def _tell(request: HttpRequest, saved: Saved) -> None:
    for effect in effects(saved.assessment, saved.before):
        messages.success(request, effect)


def _ask_which(
    request: HttpRequest, assessment: Assessment, typed: Typed, names: Months, conflict: Conflict, *, full: bool
) -> HttpResponse:
    """The person's own figures again, and what differs from those that stand. Sending them again replaces those."""
    theirs = conflict.theirs
    version = theirs.version if theirs else 0
    form = _form(assessment, typed, names, version=version, full=full)
    form.submit_label = "Save mine instead"
    standing = from_table(from_stored(theirs.inputs), names) if theirs else {}
    context = {
        "conflict": conflict,
        "theirs": theirs,
        "differences": differences(standing, typed) if theirs else [],
        "has_errors": True,
    }
    return _show(request, assessment, form, context, status=409)


def _form(
    assessment: Assessment, typed: Typed, names: Months, *, version: int, full: bool, judge: bool = False
) -> FiguresForm:
    return FiguresForm(
        typed,
        names=names,
        catalogue=assessment.catalogue,
        version=version,
        full=full,
        judge=judge,
        action=reverse("cash-flow-figures", args=[assessment.pk]),
    )


def _show(
    request: HttpRequest, assessment: Assessment, form: FiguresForm, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    context = {"assessment": assessment, "form": form, "names": form.names, "full": form.full, **more}
    return render(request, "assessments/cash_flow_figures.html", context, status=status)


def _typed_of(kept: CashFlow | None, names: Months, facts: dict[str, Any]) -> Typed:
    return from_table(from_stored(kept.inputs), names) if kept else fresh(names, _known(facts))


def _known(facts: dict[str, Any]) -> Typed:
    """What the profile says already, in the boxes of a first page."""
    known: Typed = {}
    staff = facts.get(HEADCOUNT) or facts.get(TRANSFERRING)
    if staff:
        known["headcount"] = str(staff)
    if facts.get(INCOME):
        known["income-1-monthly"] = in_pounds((Decimal(facts[INCOME]) / 12).quantize(Decimal("0.01")))
    return known


def _whole(text: str | None) -> int:
    """A version that nobody ever had, where the page sent none that can be read."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1


# A monthly table


@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A table from a spreadsheet: checked, shown, and put into the page of figures, where it can be saved."""
    assessment = get_for(request.user, pk, can_plan, Assessment.objects.defer("result"))
    facts = facts_for_figures(assessment)
    names = Months(go_live_in(facts))
    kept = figures_of(assessment)
    carried = page_in(request.POST)
    typed = carried if carried is not None else _typed_of(kept, names, facts)
    # Whoever saved since the page of figures was opened must not be overruled by way of a table.
    version = _whole(request.POST["version"]) if request.POST.get("version") else kept.version if kept else 0
    full, do = request.POST.get("mode") == "full", request.POST.get("do")
    if do == "back":
        return _show(request, assessment, _form(assessment, typed, names, version=version, full=full), {})
    if request.method != "POST" or do == "other":
        return _show_table(request, assessment, _table_form(assessment, typed, names, version=version, full=full))
    form = _table_form(assessment, typed, names, request.POST, request.FILES, version=version, full=full)
    if not form.is_valid() or form.table is None:
        return _show_table(request, assessment, form)
    if do != "use":
        return _preview(request, assessment, form)
    replace_all = request.POST.get("others") == "replace"
    filled = put_in(typed, form.table, replace_all=replace_all, names=names)
    if problem := too_many_costs(filled):
        form.add_error("text", problem)
        return _show_table(request, assessment, form)
    shown = _form(assessment, filled, names, version=version, full=full)
    return _show(request, assessment, shown, {"from_table": True})


def _table_form(
    assessment: Assessment,
    typed: Typed,
    names: Months,
    data: Any = None,
    files: Any = None,
    *,
    version: int,
    full: bool,
) -> TableForm:
    action = reverse("cash-flow-table", args=[assessment.pk])
    return TableForm(data, files, names=names, typed=typed, version=version, full=full, action=action)


def _preview(request: HttpRequest, assessment: Assessment, form: TableForm) -> HttpResponse:
    assert form.table is not None  # noqa: S101  # the caller has looked
    heads = [form.names.name(month) for month in range(1, form.table.months + 1)]
    context = {
        "assessment": assessment,
        "form": form,
        "heads": [head[:1].upper() + head[1:] for head in heads],
        "rows": list(preview(form.table, form.page)),
        "has_costs": bool(form.table.costs),
        "carried": form.initial,
    }
    return render(request, "assessments/cash_flow_preview.html", context)


def _show_table(request: HttpRequest, assessment: Assessment, form: TableForm) -> HttpResponse:
    names = form.names
    context = {"assessment": assessment, "form": form, "names": names, "first": names.name(1), "second": names.name(2)}
    return render(request, "assessments/cash_flow_table.html", context)


@require_safe
def template(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An empty table to fill in, with the months of this service."""
    assessment = get_for(request.user, pk, can_plan, Assessment.objects.defer("result"))
    facts = facts_for_figures(assessment)
    names = Months(go_live_in(facts))
    kept = figures_of(assessment)
    length = horizon_of(_typed_of(kept, names, facts)) if kept else Inputs.model_fields["months"].default
    response = _csv("pay-and-costs-by-month.csv")
    response.write(template_csv(names, length))
    return response


def _csv(name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)


# Deleting


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks first. Whoever saved other figures in the meantime is not overruled."""
    assessment = get_for(request.user, pk, can_plan, Assessment.objects.defer("result"))
    kept = figures_of(assessment)
    changed = False
    if request.method == "POST" and kept and "version" in request.POST:
        version = _whole(request.POST["version"])
        done = delete_cash_flow(assessment=assessment, by=signed_in(request), version=version)
        if not isinstance(done, Conflict):
            messages.success(request, "The figures of the working-capital calculator are deleted.")
            return redirect("cash-flow", pk)
        kept, changed = done.theirs, True
    context = {"assessment": assessment, "kept": kept, "changed": changed, "has_errors": changed}
    return render(request, "assessments/cash_flow_delete.html", context, status=409 if changed else 200)
