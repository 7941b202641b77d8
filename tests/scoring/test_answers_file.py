"""An answers file: what is read from a good one, and what is said about each fault of a bad one."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from assessments.catalogue.problems import Problem
from assessments.catalogue.schema import Catalogue, EvidenceGrade, Option, Stage
from assessments.scoring.answers import (
    AgreedGate,
    AgreedLevel,
    Answer,
    AnswerState,
    GateAnswer,
    GateState,
    Service,
)
from assessments.scoring.answers_file import LARGEST, AnswersFile, AnswersFileError, parse, parse_profile
from tests.scoring.strategies import make_barrier, make_catalogue, make_fact, make_gate, make_question

CATALOGUE = make_catalogue(
    [
        make_barrier(
            "pensions",
            [make_question("pensions.rate")],
            [make_gate("pensions.access"), make_gate("pensions.old", not_applicable_when="There is no old scheme.")],
            [make_fact("pensions.members", kind="number", minimum=0, maximum=500)],
        )
    ],
    [
        make_fact("union"),
        make_fact("sector", kind="choice", options=[Option(id="council", text="A"), Option(id="nhs", text="B")]),
        make_fact("services", kind="choices", options=[Option(id="youth", text="A"), Option(id="library", text="B")]),
        make_fact("value", kind="money", minimum=0),
        make_fact("go-live", kind="date"),
        make_fact("remark", kind="text"),
    ],
)

HEAD = 'catalogue = "2026.9"\nstage = "plan"\nas_of = 2026-11-21\n'


def catalogue_of(edition: str) -> Catalogue:
    if edition != "2026.9":
        raise LookupError(f"There is no edition {edition!r}; there is 2026.9.")
    return CATALOGUE


def parse_text(text: str, name: str = "answers.toml") -> AnswersFile:
    return parse(text.encode(), name, catalogue_of)


def problems_of(content: bytes, name: str = "answers.toml") -> list[tuple[str, str, str, str]]:
    with pytest.raises(AnswersFileError) as caught:
        parse(content, name, catalogue_of)
    return [(problem.key, problem.found, problem.allowed, problem.mend) for problem in caught.value.problems]


# What is read -----------------------------------------------------------------------------------------------


def test_the_least_that_a_file_may_hold() -> None:
    given = parse_text(HEAD)

    assert (given.answers.stage, given.answers.as_of) == (Stage.PLAN, dt.date(2026, 11, 21))
    assert (given.answers.profile, given.answers.questions, given.answers.gates) == ({}, {}, {})
    assert given.service == Service()
    assert given.warnings == ()


def test_everything_that_a_file_may_hold() -> None:
    given = parse_text(
        HEAD
        + """
        [service]
        name = "Riverside <b>Hubs</b>"
        organisation = "Exampleshire"
        [profile]
        union = true
        sector = "council"
        services = ["youth", "library"]
        value = 250000.50
        go-live = "2027-04-01"
        remark = "Two\\nlines"
        [answers."pensions.rate"]
        level = 2
        evidence = "E1"
        evidence_date = 2026-09-30
        note = "Draft"
        [answers."pensions.members"]
        value = 40
        [gates."pensions.access"]
        state = "not_known"
        who_knows = "The fund"
        know_by = 2027-01-15
        [gates."pensions.old"]
        state = "not_applicable"
        reason = "None here"
        """
    )

    assert given.service == Service("Riverside <b>Hubs</b>", "Exampleshire")
    assert given.answers.profile == {
        "union": True,
        "sector": "council",
        "services": ("youth", "library"),
        "value": Decimal("250000.50"),
        "go-live": dt.date(2027, 4, 1),
        "remark": "Two\nlines",
    }
    assert given.answers.questions == {
        "pensions.rate": Answer(
            AnswerState.ANSWERED,
            level=2,
            evidence=EvidenceGrade.E1,
            evidence_date=dt.date(2026, 9, 30),
            note="Draft",
        ),
        "pensions.members": Answer(AnswerState.ANSWERED, value=40),
    }
    assert given.answers.gates == {
        "pensions.access": GateAnswer(GateState.NOT_KNOWN, who_knows="The fund", know_by=dt.date(2027, 1, 15)),
        "pensions.old": GateAnswer(GateState.NOT_APPLICABLE, reason="None here"),
    }


def test_what_was_agreed_with_an_adviser() -> None:
    given = parse_text(
        HEAD
        + """
        [agreed."pensions.rate"]
        level = 2
        adviser_level = 1
        reason = "Read the draft report."
        [agreed."pensions.access"]
        dissent = true
        adviser_state = "not_met"
        client_words = "The fund said yes."
        [agreed."pensions.old"]
        state = "not_applicable"
        """
    )

    assert given.answers.agreed == {
        "pensions.rate": AgreedLevel(1, 2, "Read the draft report."),
        "pensions.access": AgreedGate(GateState.NOT_MET, None, client_words="The fund said yes."),
        "pensions.old": AgreedGate(GateState.NOT_APPLICABLE, GateState.NOT_APPLICABLE),
    }
    assert given.warnings == ()


def test_dissent_without_the_words_of_the_service_is_remarked_upon() -> None:
    given = parse_text(HEAD + '[agreed."pensions.rate"]\ndissent = true\nadviser_state = "dont_know"')

    assert given.answers.agreed == {"pensions.rate": AgreedLevel(AnswerState.DONT_KNOW, None)}
    assert given.warnings == (
        'answers.toml: agreed."pensions.rate": a dissent without client_words;'
        " the report prints what the service says against it",
    )


def test_json_says_the_same_as_toml() -> None:
    plain = {
        "catalogue": "2026.9",
        "stage": "plan",
        "as_of": "2026-11-21",
        "profile": {"value": 1000.5},
        "answers": {"pensions.rate": {"state": "dont_know"}},
    }

    in_toml = parse_text(HEAD + '[profile]\nvalue = 1000.5\n[answers."pensions.rate"]\nstate = "dont_know"')

    assert parse_text(json.dumps(plain), "answers.json") == in_toml
    assert parse_text(json.dumps(plain), "(standard input)") == in_toml


def test_an_empty_table_is_not_an_answer() -> None:
    given = parse_text(HEAD + '[answers."pensions.rate"]\n[gates."pensions.access"]')

    assert (given.answers.questions, given.answers.gates) == ({}, {})


def test_a_note_without_a_level_is_kept_and_not_an_answer() -> None:
    given = parse_text(HEAD + '[answers."pensions.rate"]\nnote = "Ask Jo"')

    assert given.answers.questions["pensions.rate"] == Answer(AnswerState.NOT_ANSWERED, note="Ask Jo")


def test_a_byte_order_mark_is_no_fault() -> None:
    assert parse(b"\xef\xbb\xbf" + HEAD.encode(), "answers.toml", catalogue_of).answers.stage is Stage.PLAN


def test_cash_flow_is_handed_on_as_it_stands() -> None:
    given = parse_text(HEAD + "[cashflow]\nmonths = 12")

    assert given.cashflow == {"months": 12}
    assert parse_text(HEAD).cashflow is None


def test_problems_of_cash_flow_are_told_with_all_others() -> None:
    wrong = Problem("answers.toml", "cashflow.months", "99", "12 to 36", "Choose fewer months.")
    content = (HEAD + "[profile]\nnonsense = 1\n[cashflow]\nmonths = 99").encode()

    with pytest.raises(AnswersFileError) as caught:
        parse(content, "answers.toml", catalogue_of, lambda table, name: [wrong])

    assert [problem.key for problem in caught.value.problems] == ["cashflow.months", "profile.nonsense"]


def test_not_applicable_without_a_reason_is_taken_with_a_warning() -> None:
    given = parse_text(HEAD + '[answers."pensions.rate"]\nstate = "not_applicable"')

    assert given.answers.questions["pensions.rate"].state is AnswerState.NOT_APPLICABLE
    assert 'answers."pensions.rate"' in given.warnings[0]


# One fault, one problem -------------------------------------------------------------------------------------


FAULTS = tomllib.loads((Path(__file__).parent / "faults.toml").read_text(encoding="utf-8"))["fault"]


@pytest.mark.parametrize("fault", [pytest.param(fault, id=fault["name"]) for fault in FAULTS])
def test_one_fault(fault: dict[str, str]) -> None:
    [problem] = problems_of(fault.get("text", HEAD + fault.get("more", "")).encode())

    assert problem[0] == fault["key"]
    for part, name in zip(problem[1:], ("found", "allowed", "mend"), strict=True):
        assert fault[name] in part


@pytest.mark.parametrize(
    ("content", "found", "allowed"),
    [
        pytest.param(b"[1, 2]", "[1, 2]", "one table", id="a list"),
        pytest.param(b"{", "line 1", "well formed", id="broken"),
        pytest.param(b'{"stage": NaN}', "NaN", "well formed", id="no number"),
        pytest.param(b'{"stage": 1, "stage": 2}', "'stage' stands there twice", "well formed", id="a key twice"),
        pytest.param(b"[" * 100_000, "too deep", "an answers file", id="too deep"),
        pytest.param(b'{"a": ' + b"9" * 10_000 + b"}", "digits", "well formed", id="a number of 10,000 figures"),
        pytest.param(b"\xff\xfe{\x00}", "xff", "UTF-8", id="UTF-16"),
        pytest.param(b" " * (LARGEST + 1), "  ", "at most 1,048,576 bytes", id="too large"),
    ],
)
def test_one_fault_of_a_json_file(content: bytes, found: str, allowed: str) -> None:
    [problem] = problems_of(content, "answers.json")

    assert found in problem[1]
    assert allowed in problem[2]


def test_lone_halves_of_letters_are_refused() -> None:
    [problem] = problems_of(
        b'{"catalogue": "2026.9", "stage": "plan", "as_of": "2026-11-21", "service": {"name": "\\ud800"}}',
        "answers.json",
    )

    assert problem[0] == "service.name"


def test_every_problem_is_named_at_once() -> None:
    problems = problems_of(
        b"""
        catalogue = "2026.9"
        stage = "soon"
        colour = "green"
        [profile]
        sector = "x"
        [answers."pensions.rate"]
        level = 9
        evidence = "E9"
        [answers."pensions.none"]
        [gates."pensions.access"]
        state = "perhaps"
        """
    )

    assert [key for key, *_ in problems] == [
        "colour",
        "stage",
        "as_of",
        "profile.sector",
        'answers."pensions.rate".level',
        'answers."pensions.rate".evidence',
        'answers."pensions.none"',
        'gates."pensions.access".state',
    ]


def test_a_problem_reads_as_file_key_found_allowed_and_mend() -> None:
    with pytest.raises(AnswersFileError) as caught:
        parse_text(HEAD + '[answers."pensions.rate"]\nlevel = 7')

    assert str(caught.value) == (
        'answers.toml: answers."pensions.rate".level\n'
        "  found:   7\n"
        "  allowed: 0, 1, 2, 3 or 4\n"
        "  mend:    Give the number of the state that is true; leave it out if none is known."
    )


# A profile alone --------------------------------------------------------------------------------------------


def test_the_profile_of_a_file_that_holds_nothing_else() -> None:
    assert parse_profile(b'[profile]\nsector = "nhs"', "profile.toml", CATALOGUE) == {"sector": "nhs"}


def test_a_profile_file_without_a_profile() -> None:
    with pytest.raises(AnswersFileError, match="profile"):
        parse_profile(b'sector = "nhs"', "profile.toml", CATALOGUE)
