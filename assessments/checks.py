"""System checks: what must be right before the application starts."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from assessments.catalogue.loader import edition, editions, release_problems
from assessments.catalogue.problems import CatalogueError, Problem


@register
def shipped_catalogues_are_sound(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every edition that is shipped can be loaded, and no released one has changed or gone."""
    return [
        Error(
            f"The catalogue is broken at {problem.file}: {problem.key}: {problem.found}",
            hint=f"{problem.mend} `manage.py check_catalogue` lists every problem.",
            id="assessments.E001",
        )
        for problem in (*release_problems(), *(p for name in editions() for p in _bars(name)))
    ]


def _bars(name: str) -> tuple[Problem, ...]:
    """What keeps an edition from being loaded."""
    try:
        edition(name)
    except CatalogueError as error:
        return error.problems
    return ()
