"""How far services and advisers agree, for the keepers of the catalogue. To others the page does not exist."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from assessments.http import signed_in
from assessments.selectors.agreement import kept


@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    if not signed_in(request).is_staff:
        raise Http404
    found = kept()
    context = {"found": found, "as_of": parse_date(found["as_of"]) if found else None}
    return render(request, "portfolio/agreement.html", context)
