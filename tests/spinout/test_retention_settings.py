"""How long assessments are kept, out of the environment."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from spinout import environment


@pytest.mark.parametrize(("value", "months"), [("", None), ("6", 6), (" 36 ", 36), ("240", 240)])
def test_months(monkeypatch: pytest.MonkeyPatch, value: str, months: int | None) -> None:
    monkeypatch.setenv("SPINOUT_KEEP_MONTHS", value)

    assert environment.months("SPINOUT_KEEP_MONTHS", 6, 240) == months


@pytest.mark.parametrize("value", ["5", "241", "-12", "1.5", "a year", "٣٦"])
def test_months_that_are_wrong(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SPINOUT_KEEP_MONTHS", value)

    with pytest.raises(ImproperlyConfigured, match="Allowed: a whole number from 6 to 240, or nothing"):
        environment.months("SPINOUT_KEEP_MONTHS", 6, 240)
