"""An adviser's clients: the list, and the same as files. They exist for who belongs to a firm."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.forms.portfolio import FilterForm
from assessments.http import pagination, signed_in
from assessments.models import User
from assessments.reports import portfolio_table
from assessments.selectors.organisations import firms_of
from assessments.selectors.portfolio import Client, Portfolio


@require_safe
def portfolio(request: HttpRequest) -> HttpResponse:
    form, shown = _asked(request)
    context = {
        "portfolio": shown,
        "filter_form": form,
        "clients": shown.clients,
        "page": shown.page,
        "pagination": _pagination(shown.page, form.query),
    }
    return render(request, "portfolio/portfolio.html", context)


def _asked(request: HttpRequest) -> tuple[FilterForm, Portfolio]:
    person = _adviser(request)
    firms = list(firms_of(person))
    form = FilterForm(request.GET, firms=firms)
    return form, Portfolio(person, firms, form.filters(), form.order, request.GET.get("page"))


def _adviser(request: HttpRequest) -> User:
    person = signed_in(request)
    if not person.advises:
        raise Http404
    return person


def _pagination(page: Page[Any], query: str) -> dict[str, Any]:
    """As the pagination component wants it; empty where there is one page."""

    def address(number: int) -> str:
        return f"?{query}&page={number}" if query else f"?page={number}"

    return pagination(page, address)


# Files ------------------------------------------------------------------------------------------------------


@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    return _file(portfolio_table.as_csv(_everything(request)), "text/csv; charset=utf-8", "csv")


@require_safe
def as_xlsx(request: HttpRequest) -> HttpResponse:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(portfolio_table.as_xlsx(_everything(request)), kind, "xlsx")


def _everything(request: HttpRequest) -> Iterator[tuple[Client, str]]:
    """What the list's filters let through, of all its pages, each with the address of its page."""
    _form, shown = _asked(request)
    site = request.build_absolute_uri("/").rstrip("/")
    return ((client, site + reverse("assessment", args=[client.pk])) for client in shown.everything())


def _file(content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"clients-{timezone.localdate()}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)
