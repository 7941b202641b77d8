"""Who changed what: of an assessment, of one question, of an organisation; and the same as a table in a file."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from assessments.forms.history import HistoryForm
from assessments.http import pagination
from assessments.models import Assessment
from assessments.permissions import can_see_history, get_for, organisation_for
from assessments.reports import tables
from assessments.selectors.history import (
    HEAD,
    History,
    history_of,
    history_of_item,
    history_of_organisation,
    rows_of,
)

PAGE = 50


@require_safe
def history(request: HttpRequest, pk: UUID) -> HttpResponse:
    assessment = _assessment(request, pk)
    context = {"assessment": assessment, **_shown(request, history_of(assessment))}
    return render(request, "history/assessment.html", context)


@require_safe
def as_csv(request: HttpRequest, pk: UUID) -> HttpResponse:
    assessment = _assessment(request, pk)
    return _csv(history_of(assessment), assessment.service_name)


@require_safe
def item(request: HttpRequest, pk: UUID, item_id: str) -> HttpResponse:
    """Of one question or gate, also of one that is not asked any more."""
    assessment = _assessment(request, pk)
    asked = assessment.catalogue.items.get(item_id)
    if asked is None:
        raise Http404
    context = {"assessment": assessment, "item": asked, **_shown(request, history_of_item(assessment, item_id))}
    return render(request, "history/item.html", context)


@require_safe
def organisation(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, _membership = organisation_for(request.user, pk, administrator=True)
    context = {"organisation": found, **_shown(request, history_of_organisation(found))}
    return render(request, "history/organisation.html", context)


@require_safe
def organisation_csv(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, _membership = organisation_for(request.user, pk, administrator=True)
    return _csv(history_of_organisation(found), found.name)


def _assessment(request: HttpRequest, pk: UUID) -> Assessment:
    return get_for(request.user, pk, can_see_history, Assessment.objects.defer("result"))


def _shown(request: HttpRequest, found: History) -> dict[str, Any]:
    """One page of it, newest first."""
    form = HistoryForm(request.GET, kinds=found.kinds)
    kind = form.wanted()
    page = Paginator(found.only(kind), PAGE).get_page(request.GET.get("page"))

    def to(number: int) -> str:
        return f"?{urlencode({'kind': kind, 'page': number})}"

    return {"page": page, "filter_form": form, "kind": kind, "pages": pagination(page, to), "has_any": found.entries}


def _csv(found: History, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="history-{slugify(name)[:60] or "service"}.csv"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(tables.as_csv(HEAD, rows_of(found)), content_type="text/csv; charset=utf-8", headers=headers)
