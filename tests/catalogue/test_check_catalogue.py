"""`manage.py check_catalogue` and the system check: what an author and an operator see."""

from io import StringIO
from pathlib import Path

import pytest
from django.core import checks
from django.core.management import call_command

from assessments.catalogue import loader
from assessments.catalogue.problems import CatalogueError, Problem
from assessments.checks import shipped_catalogues_are_sound

CATALOGUES = Path(__file__).parent / "catalogues"


def test_sound_catalogue() -> None:
    out = StringIO()
    call_command("check_catalogue", str(CATALOGUES / "valid" / "small"), stdout=out)
    assert "sound, digest " in out.getvalue()
    assert out.getvalue().endswith("0 problems in 1 catalogue.\n")


def test_broken_catalogue() -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command("check_catalogue", str(CATALOGUES / "invalid" / "reading-age"), stdout=out)
    assert exit_.value.code == 1
    assert "barriers/pensions.toml: questions[pensions.bond].text\n  found:   reading grade" in out.getvalue()
    assert "Reading age limit: Flesch-Kincaid grade 10.\n1 problem in 1 catalogue.\n" in out.getvalue()


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_catalogue", str(tmp_path / "nowhere"), stdout=out)
    assert "catalogue.toml: (file)\n  found:   no such file" in out.getvalue()


def test_system_check_is_quiet_about_sound_catalogues() -> None:
    assert shipped_catalogues_are_sound(None) == []


def test_system_check_is_registered() -> None:
    assert shipped_catalogues_are_sound in checks.registry.registry.get_checks()


def test_system_check_reports_a_broken_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise CatalogueError([Problem("profile.toml", "facts[sector].why", "nothing", "a reason", "Say why.")])

    monkeypatch.setattr("assessments.checks.edition", refuse)
    [message] = shipped_catalogues_are_sound(None)
    assert message.id == "assessments.E001"
    assert "profile.toml: facts[sector].why" in message.msg
    assert "Say why." in str(message.hint)


def test_shipped_editions_have_no_problem() -> None:
    assert [problem for name in loader.editions() for problem in loader.problems(loader.DATA / name)] == []
