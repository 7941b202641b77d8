"""The pack against the official examples of every GOV.UK Frontend component that it has."""

from collections import Counter
from pathlib import Path

import pytest

from tests.forms import govuk_fixtures, govuk_unsupported
from tests.forms.govuk_fixtures import Example, examples, option_names, same_html
from tests.forms.govuk_render import RENDERERS, NotSaid


def reasons(example: Example) -> list[str]:
    """Why an example is not compared: the options it uses that the pack leaves out."""
    left_out = {**govuk_unsupported.OPTIONS["*"], **govuk_unsupported.OPTIONS.get(example.component, {})}
    used = [f"{name}: {left_out[name]}" for name in option_names(example.options) if name in left_out]
    whole = govuk_unsupported.EXAMPLES.get(example.component, {}).get(example.name)
    return [*used, whole] if whole else used


ALL = [example for component in RENDERERS for example in examples(component)]
COMPARED = [example for example in ALL if not reasons(example)]


@pytest.mark.parametrize("example", COMPARED, ids=str)
def test_example_renders_as_official(example: Example) -> None:
    html = RENDERERS[example.component](example.options)

    assert same_html(html, example.html), f"\nours:\n{html}\n\nofficial:\n{example.html}"


@pytest.mark.parametrize("example", [example for example in ALL if reasons(example)], ids=str)
def test_example_left_out_differs(example: Example) -> None:
    """What is left out really is: once the pack can say it, the reason must go."""
    try:
        html = RENDERERS[example.component](example.options)
    except (AttributeError, KeyError, NotSaid, TypeError):
        html = ""

    assert not same_html(html, example.html), f"No longer true: {reasons(example)}"


# Compared and all, so that nothing falls out of the comparison unseen.
COUNTS = {
    "back-link": (5, 7),
    "breadcrumbs": (10, 12),
    "button": (38, 38),
    "character-count": (18, 34),
    "checkboxes": (31, 42),
    "date-input": (26, 50),
    "details": (8, 10),
    "error-message": (3, 9),
    "error-summary": (14, 19),
    "fieldset": (17, 18),
    "file-upload": (17, 22),
    "hint": (4, 6),
    "input": (40, 45),
    "inset-text": (4, 6),
    "label": (14, 17),
    "notification-banner": (16, 21),
    "pagination": (13, 15),
    "panel": (8, 19),
    "phase-banner": (2, 7),
    "radios": (36, 43),
    "select": (13, 19),
    "service-navigation": (16, 33),
    "skip-link": (6, 9),
    "summary-list": (22, 30),
    "table": (16, 21),
    "tag": (11, 12),
    "task-list": (7, 11),
    "textarea": (18, 18),
    "warning-text": (6, 8),
}


def test_every_example_is_compared_or_reasoned() -> None:
    compared = Counter(example.component for example in COMPARED)
    everything = Counter(example.component for example in ALL)

    assert {name: (compared[name], everything[name]) for name in RENDERERS} == COUNTS


def test_examples_missing_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(govuk_fixtures, "COMPONENTS", tmp_path)

    with pytest.raises(FileNotFoundError, match="setup --tests"):
        examples("radios")


def test_comparison_sees_a_difference() -> None:
    one = '<p class="b a" id="x">Text</p>'

    assert same_html(one, '<p id="x"\n class="a b">\nText</p>')
    assert not same_html(one, '<p class="a" id="x">Text</p>')
    assert not same_html(one, '<p class="a b" id="y">Text</p>')
    assert not same_html(one, '<p class="a b" id="x">text</p>')
