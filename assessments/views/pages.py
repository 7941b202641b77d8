"""Pages that belong to no assessment."""

from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.catalogue.loader import edition, editions
from assessments.catalogue.schema import Catalogue
from assessments.http import signed_in
from assessments.selectors.asks import waiting_for
from assessments.selectors.opinions import given_from_outside
from assessments.selectors.people import administered_by, assessments_of
from assessments.selectors.stages import stage_sizes


def newest() -> Catalogue:
    return edition(editions()[-1])


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """What the person leads, takes part in and looks after; to strangers, what this is and where to begin."""
    if not request.user.is_authenticated:
        return render(request, "pages/welcome.html", {"catalogue": newest(), "sizes": stage_sizes(newest())})
    person = signed_in(request)
    own = assessments_of(person)
    given = given_from_outside(person)
    looked_after, is_more = administered_by(person, own)
    context = {
        "assessments": own,
        "waiting": waiting_for(person),
        "given": given,
        "looked_after": looked_after,
        "is_more": is_more,
        "belongs": bool(own or looked_after) or person.memberships.exists(),
    }
    return render(request, "assessments/home.html", context)


@require_safe
@login_not_required
def method(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/method.html", {"catalogue": newest()})


@require_safe
@login_not_required
def glossary(request: HttpRequest) -> HttpResponse:
    terms = sorted(newest().glossary, key=lambda term: term.term.casefold())
    letters = [(letter, list(under)) for letter, under in groupby(terms, key=lambda term: _initial(term.term))]
    return render(request, "pages/glossary.html", {"letters": letters})


def _initial(term: str) -> str:
    return term[0].upper() if term[0].isalpha() else "0-9"


@require_safe
@login_not_required
def sources(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/sources.html", {"catalogue": newest()})


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@require_safe
@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


@require_safe
@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """For whatever watches the server: 200 while the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
