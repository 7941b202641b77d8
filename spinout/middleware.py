"""What every answer to somebody who has signed in carries."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Respond = Callable[[HttpRequest], HttpResponseBase]


def private_pages(respond: Respond) -> Respond:
    """Pages of somebody signed in are kept by no cache, so that "back" after signing out shows nothing."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware
