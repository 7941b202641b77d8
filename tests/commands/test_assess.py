"""`manage.py assess` and `manage.py answers_template`, run as a person runs them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import needs

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "tests" / "examples").glob("*.toml"))
CASHFLOW = ROOT / "tests" / "cashflow" / "cases"
HEAD = 'catalogue = "2026.1"\nstage = "explore"\nas_of = 2026-11-21\n'


def run(*arguments: str | Path, given: bytes = b"", seed: str = "random") -> subprocess.CompletedProcess[bytes]:
    """Without a database: whoever tries to reach one finds a closed door."""
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "PYTHONHASHSEED": seed}
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        input=given,
        capture_output=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_scored_the_same_every_time(example: Path) -> None:
    first = run("assess", example, "--json", "-", seed="1")
    second = run("assess", "-", "--json", "-", seed="2", given=example.read_bytes())

    assert (first.returncode, first.stderr) == (0, b"")
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["catalogue"] == "2026.1"


def test_a_summary_without_outputs() -> None:
    done = run("assess", "-", given=HEAD.encode())

    assert (done.returncode, done.stderr) == (0, b"")
    assert "Readiness for the next decision: Explore, 21 November 2026, catalogue 2026.1" in done.stdout.decode()
    assert "Self-assessed, not reviewed." in done.stdout.decode()


def test_a_summary_with_dates_and_money() -> None:
    done = run("assess", "-", given=HEAD.encode() + cashflow_of("a"))

    printed = done.stdout.decode()
    assert "When it can be ready\n  Explore: " in printed
    assert "Money: Without funding, the account would fall to £423,000 below zero in month 2." in printed
    assert "Shortest way up to Amber, on the worst case: " in printed
    assert "How firm: Worst case: Red in all 1,000 random weightings, so the colour is stable." in printed


def test_files_are_written(tmp_path: Path) -> None:
    done = run("assess", "-", "--json", tmp_path / "out.json", "--pdf", tmp_path / "out.pdf", given=HEAD.encode())

    assert (done.returncode, done.stdout) == (0, b"")
    assert json.loads((tmp_path / "out.json").read_bytes())["stage"] == "explore"
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")


AGREED = """
[gates."pensions.rate-from-the-fund"]
state = "met"
[agreed."pensions.rate-from-the-fund"]
dissent = true
adviser_state = "not_met"
reason = "The letter is about another scheme."
client_words = "The fund confirmed it on the telephone."
"""


def test_pdf_of_what_was_settled_with_an_adviser_names_nobody(tmp_path: Path) -> None:
    head = HEAD.replace("explore", "plan") + AGREED

    done = run("assess", "-", "--pdf", tmp_path / "out.pdf", given=head.encode())

    printed = subprocess.run([needs.pdftotext(), tmp_path / "out.pdf", "-"], check=True, capture_output=True).stdout
    text = " ".join(printed.decode().split())
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Self-assessed. One question or gate is settled with an adviser, one of them without agreement." in text
    assert "The adviser: The letter is about another scheme." in text
    assert "The service: The fund confirmed it on the telephone." in text
    assert "Who moderated" not in text
    assert "Self-assessed, not reviewed" not in text


def cashflow_of(example: str) -> bytes:
    """The [cashflow] table of a worked example, without what the example expects."""
    return (CASHFLOW / f"{example}.toml").read_text().partition("\n[expected")[0].encode()


@pytest.mark.parametrize(
    ("example", "peak", "month", "surplus"),
    [("a", "423000.00", 2, "60000.00"), ("b", "337600.00", 4, "10500.00")],
)
def test_cash_flow_is_worked_out(example: str, peak: str, month: int, surplus: str) -> None:
    done = run("assess", "-", "--json", "-", given=HEAD.encode() + cashflow_of(example))

    cashflow = json.loads(done.stdout)["cashflow"]
    assert (done.returncode, done.stderr) == (0, b"")
    assert cashflow["peak_within_month"] == {"amount": peak, "month": month}
    assert cashflow["annual_surplus"] == surplus
    assert len(cashflow["months"]) == 13
    assert list(cashflow["stress"]) == [f"ST{number}" for number in range(1, 11)]


def test_cash_flow_that_stays_above_zero_changes_nothing_else() -> None:
    enough = cashflow_of("a").replace(b"[cashflow]", b"[cashflow]\nopening_cash = 5000000\n", 1)
    rich = enough.replace(b"monthly = 200000", b"monthly = 400000", 1)
    with_it = run("assess", "-", "--json", "-", given=HEAD.encode() + rich)
    without = run("assess", "-", "--json", "-", given=HEAD.encode())

    assert {**json.loads(with_it.stdout), "cashflow": None} == json.loads(without.stdout)


CLAIMED = """
[answers."working-capital.low-point-funding"]
level = 4
evidence = "E3"
evidence_date = 2026-11-01
[gates."working-capital.low-point-offered"]
state = "met"
evidence = "E3"
evidence_date = 2026-11-01
"""


def test_cash_flow_that_falls_below_zero_caps_what_is_claimed() -> None:
    head = HEAD.replace("explore", "plan") + CLAIMED

    done = run("assess", "-", "--json", "-", given=head.encode() + cashflow_of("a"))

    plain = json.loads(done.stdout)
    capital = plain["barriers"]["working-capital"]
    [funding] = [item for item in capital["questions"] if item["id"] == "working-capital.low-point-funding"]
    [offers] = [gate for gate in capital["gates"] if gate["id"] == "working-capital.low-point-offered"]
    called_for = {action["id"]: action["closes"] for action in plain["actions"]}
    assert (funding["claimed"], funding["supported"], funding["cap"]["highest"]) == (4, 2, 2)
    assert (offers["claimed"], offers["supported"]) == ("met", "not_known")
    assert "-£112,000 within month 2" in funding["cap"]["reason"]
    assert funding["id"] in called_for["working-capital.written-offers"]
    assert "prove:working-capital.low-point-offered" not in called_for


def test_everything_is_worked_out() -> None:
    example = ROOT / "tests" / "examples" / "riverside-family-hubs.toml"
    plain = json.loads(run("assess", example, "--json", "-").stdout)

    assert plain["overall"]["stability"]["worst"]["share"] == 100
    assert {barrier["confidence"] is None for barrier in plain["barriers"].values() if barrier["coverage"]} == {False}
    assert [stage["stage"] for stage in plain["schedule"]["stages"]] == ["make-the-case", "plan", "go-live"]
    assert {action["finish"] >= action["start"] for action in plain["actions"]} == {True}
    assert {"find_out_first", "shortest_way_up", "compatibility", "contradictions", "cashflow"} <= plain.keys()
    assert plain["compatibility"] is not None


PROMISED = {
    "": "catalogue digest stage as_of overall barriers find_out_first shortest_way_up actions compatibility schedule"
    " cashflow",
    "overall": "worst best claimed rule triggers stability",
    "overall.claimed": "worst best",
    "overall.triggers.0": "kind id text",
    "barriers.pensions": "worst best claimed index coverage confidence profile rule triggers",
    "find_out_first.0": "kind id effect",
    "shortest_way_up.0": "kind id from to",
    "actions.0": "id barrier priority title owner weeks after closes start finish",
    "cashflow": "peak_within_month peak_month_end average_outflow recommended_facility annual_surplus"
    " first_positive_month payback_month lowest_funded_month_end lowest_funded_within_month debt_service_cover months"
    " stress",
    "cashflow.months.0": "month receipts net_pay paye pension suppliers one_off bond vat net cumulative"
    " within_month_low funded_balance funded_low",
    "cashflow.stress.ST10": "peak_month_end peak_within_month annual_surplus closing",
}


@pytest.mark.parametrize(("place", "names"), PROMISED.items(), ids=[place or "whole" for place in PROMISED])
def test_the_document_holds_every_name_that_others_build_on(document: Any, place: str, names: str) -> None:
    found = document
    for step in place.split(".") if place else ():
        found = found[int(step)] if isinstance(found, list) else found[step]

    assert set(names.split()) <= set(found)


def test_the_document_tells_money_as_text_and_months_as_numbers(document: Any) -> None:
    cashflow = document["cashflow"]
    text = json.dumps(cashflow)

    assert [month["month"] for month in cashflow["months"]] == list(range(13))
    assert cashflow["payback_month"] is None
    assert re.findall(r"[0-9]\.[0-9]+", text) == re.findall(r"[0-9]\.[0-9]{2}(?=\")", text)
    assert all(re.fullmatch(r"-?[0-9]+\.[0-9]{2}", value) for value in re.findall(r': "([^"]*)"', text))


def test_the_document_tells_colours_in_four_words(document: Any) -> None:
    ends = {barrier[end] for barrier in document["barriers"].values() for end in ("worst", "best")}

    assert "not_applicable" in ends
    assert ends | {document["overall"]["worst"]} <= {"green", "amber", "red", "not_applicable"}


@pytest.fixture(scope="module")
def document() -> Any:
    return json.loads(run("assess", ROOT / "tests" / "examples" / "riverside-family-hubs.toml", "--json", "-").stdout)


def test_bad_cash_flow_is_told_with_everything_else() -> None:
    done = run("assess", "-", given=(HEAD + "[profile]\nnonsense = 1\n[cashflow]\nmonths = 99").encode())

    assert done.returncode == 2
    assert b"cashflow.months" in done.stderr
    assert b"profile.nonsense" in done.stderr


def test_a_report_prints_the_cash_flow(tmp_path: Path) -> None:
    content = HEAD.encode() + cashflow_of("a")

    done = run("assess", "-", "--pdf", tmp_path / "out.pdf", given=content)
    text = subprocess.run([needs.pdftotext(), tmp_path / "out.pdf", "-"], check=True, capture_output=True).stdout

    assert (done.returncode, done.stderr) == (0, b"")
    assert "£423,000" in text.decode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "answers_template", id="empty"),
        pytest.param(b"stage = [", "well formed", id="broken"),
        pytest.param(b'stage = "\xe9"', "UTF-8", id="wrong encoding"),
        pytest.param(b"\x00" * 2_000_000, "at most 1,048,576 bytes", id="huge"),
        pytest.param(b"a = " + b"[" * 200_000, "too deep", id="deep"),
        pytest.param(b'stage = "x"\nbad = 1', "Nothing was scored: 4 problems.", id="several"),
    ],
)
def test_bad_input_is_named(content: bytes, said: str) -> None:
    done = run("assess", "-", "--json", "-", given=content)

    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.parametrize(
    ("file", "said"),
    [("none.toml", "No such file"), (".", "Is a directory"), ("a\nb", "No such file"), ("x" * 300, "too long")],
)
def test_a_file_that_cannot_be_read(file: str, said: str) -> None:
    done = run("assess", file)

    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    done = run("assess", "-", "--json", tmp_path / "none" / "out.json", given=HEAD.encode())

    assert done.returncode == 1
    assert "could not be written" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_two_documents_do_not_fit_on_standard_output() -> None:
    done = run("assess", "-", "--json", "-", "--pdf", "-", given=HEAD.encode())

    assert done.returncode == 2
    assert "takes one of" in done.stderr.decode()


@pytest.mark.parametrize("stage", [[], ["--stage", "explore"], ["--stage", "go-live"]], ids=" ".join)
def test_a_template_can_be_assessed_as_it_stands(stage: list[str]) -> None:
    printed = run("answers_template", *stage)
    done = run("assess", "-", "--json", "-", given=printed.stdout)

    assert (printed.returncode, printed.stderr) == (0, b"")
    assert (done.returncode, done.stderr) == (0, b"")
    assert {barrier["coverage"] for barrier in json.loads(done.stdout)["barriers"].values()} == {0}


def test_a_template_for_a_profile_leaves_out_what_it_does_not_ask(tmp_path: Path) -> None:
    profile = tmp_path / "profile.toml"
    profile.write_text('[profile]\nsector = "council"\npension-schemes = ["none"]\n')

    whole, tailored = run("answers_template"), run("answers_template", "--profile", profile)

    assert (tailored.returncode, tailored.stderr) == (0, b"")
    assert b'sector = "council"' in tailored.stdout
    assert len(tailored.stdout) < len(whole.stdout)


def test_a_template_for_a_bad_profile(tmp_path: Path) -> None:
    profile = tmp_path / "profile.toml"
    profile.write_text('[profile]\nsector = "circus"\n')

    done = run("answers_template", "--profile", profile)

    assert done.returncode == 2
    assert "profile.sector" in done.stderr.decode()
