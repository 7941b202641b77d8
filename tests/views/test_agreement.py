"""The catalogue keepers' page on agreement, and the command that works it out."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from assessments.models import RatedPair, User
from assessments.selectors.agreement import FEWEST_SHOWN
from assessments.services.agreement import work_out
from tests.factories import EDITION

SignedIn = Callable[[User], Client]
ENVIRONMENT = {**os.environ, "DJANGO_SETTINGS_MODULE": "spinout.settings"}
QUESTION, GATE = "pensions.contribution-rate", "pensions.access-in-place"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def keeper(db: None) -> User:
    return User.objects.create_user("kim@example.org", name="Kim Keeper", is_staff=True)


def make_pairs(count: int, *, client: int = 3, adviser: int = 2, item: str = QUESTION) -> None:
    """So many reviews, each with one question that both rated."""
    RatedPair.objects.bulk_create(
        RatedPair(
            unit=uuid4(),
            edition=EDITION,
            item=item,
            client_state="answered",
            client_level=(client + number) % 5,
            adviser_state="answered",
            adviser_level=(adviser + number) % 5,
        )
        for number in range(count)
    )


def make_gate_pairs(count: int, client: str, adviser: str) -> None:
    RatedPair.objects.bulk_create(
        RatedPair(unit=uuid4(), edition=EDITION, item=GATE, client_state=client, adviser_state=adviser)
        for _number in range(count)
    )


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("agreement", *arguments, stdout=out)
    return out.getvalue()


def test_for_keepers_only(keeper: User, alice: User, signed_in: SignedIn) -> None:
    assert signed_in(keeper).get("/agreement/").status_code == 200
    assert signed_in(alice).get("/agreement/").status_code == 404


def test_in_the_navigation_of_keepers_only(keeper: User, alice: User, signed_in: SignedIn) -> None:
    assert b'href="/agreement/"' in signed_in(keeper).get("/").content
    assert b'href="/agreement/"' not in signed_in(alice).get("/").content


def test_before_anything_was_worked_out(keeper: User, signed_in: SignedIn) -> None:
    assert b"Nothing has been worked out yet" in signed_in(keeper).get("/agreement/").content


def test_too_few_reviews_tell_nothing(keeper: User, signed_in: SignedIn) -> None:
    make_pairs(FEWEST_SHOWN - 1)

    found = work_out()

    assert found["editions"] == [{"edition": EDITION, "reviews": FEWEST_SHOWN - 1, "is_shown": False}]
    assert b"too few to tell more" in signed_in(keeper).get("/agreement/").content


def test_a_question_that_few_rated_tells_nothing(db: None) -> None:
    make_pairs(30)
    make_pairs(FEWEST_SHOWN - 1, item="pensions.scheme-contact")

    rows = {row["id"]: row for row in work_out()["editions"][0]["questions"]}

    assert rows["pensions.scheme-contact"].keys() == {"id", "title", "barrier", "is_shown", "doubles", "rewrite"}
    assert rows["pensions.scheme-contact"]["rewrite"] == []
    assert rows[QUESTION]["doubles"] == 30


@pytest.mark.parametrize(("count", "has_coefficient"), [(29, False), (30, True)])
def test_a_coefficient_from_thirty_on(count: int, has_coefficient: bool, db: None) -> None:
    make_pairs(count)

    whole = work_out()["editions"][0]["whole"]

    assert (whole["alpha"] is not None, whole["kappa"] is not None) == (has_coefficient, has_coefficient)
    assert whole["doubles"] == count


def test_questions_that_want_rewriting(keeper: User, signed_in: SignedIn) -> None:
    make_pairs(12, client=4, adviser=2)
    make_gate_pairs(12, "met", "not_met")
    work_out()

    page = signed_in(keeper).get("/agreement/").content.decode()

    assert f"({QUESTION})." in page
    assert f"({GATE}). 0 of 12 pairs agreed, which is under half." in page


def test_what_nobody_asks_any_more_is_left_out(db: None) -> None:
    make_pairs(9, item="pensions.no-such-question")
    make_pairs(9)

    questions = work_out()["editions"][0]["questions"]

    assert [row["id"] for row in questions] == [QUESTION]


def test_the_command_prints_and_keeps(keeper: User, signed_in: SignedIn) -> None:
    make_pairs(30)

    printed = told()

    assert f"Catalogue {EDITION}, 30 reviews" in printed
    assert "Krippendorff's alpha" in printed
    assert b"Krippendorff" in signed_in(keeper).get("/agreement/").content


def test_the_command_without_reviews(db: None) -> None:
    assert "No review has been signed off yet" in told()


def test_the_command_writes_json(tmp_path: Path, db: None) -> None:
    make_pairs(8)

    told("--edition", EDITION, "--json", str(tmp_path / "out.json"))

    assert json.loads((tmp_path / "out.json").read_text())["editions"][0]["reviews"] == 8


def test_the_command_refuses_an_unknown_edition(db: None) -> None:
    with pytest.raises(CommandError, match=r"There is no edition 1999\.1"):
        told("--edition", "1999.1")


def test_a_web_process_loads_no_numpy() -> None:
    code = "import sys, django; django.setup(); import assessments.urls; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=ENVIRONMENT)

    assert done.stdout.strip() == "False"
