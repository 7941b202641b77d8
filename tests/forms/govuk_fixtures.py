"""The official examples of GOV.UK Frontend: for each component its options and the HTML they must give.

They come with the npm package (`bash .ci/setup`). Missing examples are an error, never a skipped test.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.test.html import parse_html

COMPONENTS = Path(__file__).parents[2] / "static/node_modules/govuk-frontend/dist/govuk/components"

# What stands below these is data, not options.
LEAVES = {"attributes", "values", "wrapperAttributes"}


@dataclass(frozen=True)
class Example:
    component: str
    name: str
    options: dict[str, Any] = field(hash=False)
    html: str

    def __str__(self) -> str:
        return f"{self.component}: {self.name}"


def examples(component: str) -> list[Example]:
    path = COMPONENTS / component / "fixtures.json"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing. Run `bash .ci/setup --tests`.")
    fixtures = json.loads(path.read_text(encoding="utf-8"))["fixtures"]
    return [Example(component, one["name"], one["options"], one["html"]) for one in fixtures]


def same_html(one: str, other: str) -> bool:
    """Same elements, attributes and text; order of attributes and of classes, and white space, do not
    count."""
    return bool(parse_html(one) == parse_html(other))


def option_names(options: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The options an example uses, as paths: `items[].hint.text`. A hole in a list is `items[] empty`."""
    for name, value in options.items():
        yield from _option_names(value, prefix + name)


def _option_names(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict) and path.split(".")[-1] not in LEAVES:
        yield path
        yield from option_names(value, f"{path}.")
    elif isinstance(value, list) and path not in LEAVES:
        yield path
        for item in value:
            yield from _option_names(item, f"{path}[]")
            if not item:
                yield f"{path}[] empty"
    else:
        yield path
