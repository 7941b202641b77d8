"""Every address of the site, by name."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for found in resolver.url_patterns:
        if isinstance(found, URLPattern):
            yield found
        else:
            yield from patterns(found)


def _parts_of(found: URLPattern) -> list[str]:
    return list(found.pattern.converters) or list(found.pattern.regex.groupindex)


PARTS = {str(found.name): _parts_of(found) for found in patterns(get_resolver())}
OF_AN_ASSESSMENT = sorted(
    str(found.name) for found in patterns(get_resolver()) if str(found.pattern).startswith("assessments/<uuid:pk>/")
)
