"""Which legal forms and routes to a contract are open."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.models import Assessment
from assessments.permissions import can_read, get_for
from assessments.selectors.forms_and_routes import forms_and_routes as page_of


@require_safe
def forms_and_routes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An edition that says nothing about it has no such page."""
    assessment = get_for(request.user, pk, can_read, Assessment.objects.defer("result"))
    page = page_of(assessment)
    if page is None:
        raise Http404
    return render(request, "assessments/forms_and_routes.html", {"assessment": assessment, "page": page})
