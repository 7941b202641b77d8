"""The pack against the official examples of every GOV.UK Frontend component that it has."""

import pytest

from tests.forms import govuk_unsupported
from tests.forms.govuk_fixtures import Example, examples, option_names, same_html
from tests.forms.govuk_render import RENDERERS


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
