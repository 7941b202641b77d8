"""What views say of a request."""

from collections.abc import Callable
from typing import Any, cast

from django.core.paginator import Page
from django.http import HttpRequest

from assessments.models import User


def signed_in(request: HttpRequest) -> User:
    """The person; `LoginRequiredMiddleware` has seen to it that there is one."""
    return cast(User, request.user)


def pagination(shown: Page[Any], to: Callable[[int], str]) -> dict[str, object]:
    """What `govuk/components/pagination.html` shows; nothing when there is only one page. `to` gives the address of a
    page by its number."""
    if shown.paginator.num_pages == 1:
        return {}
    numbers = shown.paginator.get_elided_page_range(shown.number, on_each_side=1, on_ends=1)
    return {
        "previous": {"href": to(shown.number - 1)} if shown.has_previous() else None,
        "next": {"href": to(shown.number + 1)} if shown.has_next() else None,
        "items": [
            {"number": number, "href": to(number), "current": number == shown.number}
            if isinstance(number, int)
            else {"ellipsis": True}
            for number in numbers
        ],
    }
