"""What if: a copy on which actions, answers and figures are tried. No page here changes the assessment."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.catalogue.schema import FactQuestion, Item
from assessments.forms.what_if import AnswersForm, NameForm, WhatIfForm
from assessments.http import signed_in
from assessments.models import Assessment, WhatIf
from assessments.permissions import Predicate, can_change_what_if, can_read, can_try, get_for
from assessments.planning.what_if import Tried, asked
from assessments.scoring.score import score
from assessments.selectors.what_if import (
    Choices,
    Record,
    WhatIfPage,
    figures_now,
    record_of,
    standing,
    tried_in,
    what_ifs_of,
)
from assessments.services import what_ifs
from assessments.services.what_ifs import NothingToTry


@require_safe
def index(request: HttpRequest, pk: UUID) -> HttpResponse:
    assessment = get_for(request.user, pk, can_read, Assessment.objects.defer("result"))
    context = {"assessment": assessment, "what_ifs": what_ifs_of(assessment)}
    return render(request, "assessments/what_ifs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = _record(request, pk)
    form = WhatIfForm(
        request.POST or None,
        choices=Choices(record, Tried()),
        figures=_figures(record),
        name=_next_name(record.assessment),
        back=reverse("what-ifs", args=[pk]),
    )
    if not (form.is_bound and form.is_valid()):
        return _form(request, record, None, form)
    kept = what_ifs.make(record=record, by=signed_in(request), content=form.content())
    return _after_saving(request, kept, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID, what_if_pk: UUID) -> HttpResponse:
    record = _record(request, pk)
    kept = _own(record.assessment, what_if_pk)
    form = WhatIfForm(
        request.POST or None,
        choices=Choices(record, tried_in(kept)),
        figures=_figures(record),
        kept=kept,
        back=_address(kept),
    )
    if not (form.is_bound and form.is_valid()):
        return _form(request, record, kept, form)
    what_ifs.change(record=record, kept=kept, content=form.content())
    return _after_saving(request, kept, form)


@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest, pk: UUID, what_if_pk: UUID) -> HttpResponse:
    """How each chosen answer is to be. With none chosen there is nothing to ask."""
    record = _record(request, pk)
    kept = _own(record.assessment, what_if_pk)
    items = _chosen(record, kept)
    if not items:
        return redirect("what-if", pk, kept.pk)
    now = asked(score(record.book.catalogue, record.answers))
    standings = {item.id: standing(now[item.id]) if item.id in now else "It is not asked now." for item in items}
    form = AnswersForm(request.POST or None, items=items, kept=kept, standings=standings)
    if not (form.is_bound and form.is_valid()):
        context = {"assessment": record.assessment, "kept": kept, "form": form}
        return render(request, "assessments/what_if_answers.html", context)
    what_ifs.set_answers(record=record, kept=kept, answers=form.answers())
    return redirect("what-if", pk, kept.pk)


@require_safe
def what_if(request: HttpRequest, pk: UUID, what_if_pk: UUID) -> HttpResponse:
    record = _record(request, pk, can_read)
    kept = _kept(record.assessment, what_if_pk)
    page = WhatIfPage(kept, record)
    context = {
        "assessment": record.assessment,
        "kept": page.kept,
        "page": page,
        "may_edit": can_change_what_if(record.assessment, kept),
    }
    return render(request, "assessments/what_if.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, pk: UUID, what_if_pk: UUID) -> HttpResponse:
    assessment = get_for(request.user, pk, can_try, Assessment.objects.defer("result"))
    kept = _own(assessment, what_if_pk)
    form = NameForm(request.POST or None, initial={"name": kept.name})
    if not (form.is_bound and form.is_valid()):
        return render(
            request, "assessments/what_if_rename.html", {"assessment": assessment, "kept": kept, "form": form}
        )
    what_ifs.rename(kept=kept, name=form.cleaned_data["name"])
    return redirect("what-if", pk, kept.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: UUID, what_if_pk: UUID) -> HttpResponse:
    assessment = get_for(request.user, pk, can_try, Assessment.objects.defer("result"))
    kept = _own(assessment, what_if_pk)
    if request.method != "POST":
        return render(request, "assessments/what_if_delete.html", {"assessment": assessment, "kept": kept})
    kept.delete()
    messages.success(request, f"Deleted: {kept.name}. The assessment is as it was.")
    return redirect("what-ifs", pk)


# Ready starts -----------------------------------------------------------------------------------------------


@require_POST
def way_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = _record(request, pk)
    try:
        return redirect(_address(what_ifs.try_way_up(record=record, by=signed_in(request))))
    except NothingToTry as nothing:
        return _nothing(request, record, nothing)


@require_POST
def do_now(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = _record(request, pk)
    try:
        return redirect(_address(what_ifs.try_do_now(record=record, by=signed_in(request))))
    except NothingToTry as nothing:
        return _nothing(request, record, nothing)


def _nothing(request: HttpRequest, record: Record, nothing: NothingToTry) -> HttpResponse:
    messages.info(request, str(nothing))
    return redirect("what-ifs", record.assessment.pk)


# ------------------------------------------------------------------------------------------------------------


def _record(request: HttpRequest, pk: UUID, may: Predicate = can_try) -> Record:
    return record_of(get_for(request.user, pk, may))


def _kept(assessment: Assessment, what_if_pk: UUID) -> WhatIf:
    return get_object_or_404(WhatIf.objects.select_related("made_by"), pk=what_if_pk, assessment=assessment)


def _own(assessment: Assessment, what_if_pk: UUID) -> WhatIf:
    """The what-if, for who may change it."""
    kept = _kept(assessment, what_if_pk)
    if not can_change_what_if(assessment, kept):
        raise PermissionDenied
    return kept


def _address(kept: WhatIf) -> str:
    return reverse("what-if", args=[kept.assessment_id, kept.pk])


def _figures(record: Record) -> dict[str, str]:
    inputs = record.inputs
    return {} if inputs is None else figures_now(inputs)


def _next_name(assessment: Assessment) -> str:
    return f"What if {WhatIf.objects.filter(assessment=assessment).count() + 1}"


def _chosen(record: Record, kept: WhatIf) -> tuple[Item, ...]:
    """In asking order; what the edition has lost, or can no longer be set, is passed over."""
    items = record.book.catalogue.items
    return tuple(item for item in items.values() if item.id in kept.answers and not isinstance(item, FactQuestion))


def _form(request: HttpRequest, record: Record, kept: WhatIf | None, form: WhatIfForm) -> HttpResponse:
    context = {"assessment": record.assessment, "kept": kept, "form": form}
    return render(request, "assessments/what_if_form.html", context)


def _after_saving(request: HttpRequest, kept: WhatIf, form: WhatIfForm) -> HttpResponse:
    if form.lost:
        messages.info(request, "Something that you ticked is not in the plan or not asked any more, and was left out.")
    new_answers = any(value is None for value in kept.answers.values())
    return redirect("what-if-answers" if new_answers else "what-if", kept.assessment_id, kept.pk)
