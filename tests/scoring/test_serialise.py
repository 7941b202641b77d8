"""A stored result comes back as it was, and holds the names that the contract fixes."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given

from assessments.planning.actions import plan_actions
from assessments.planning.document import document
from assessments.scoring.answers import Service
from assessments.scoring.score import score
from assessments.scoring.serialise import result_from_dict, result_to_dict
from tests.scoring.strategies import Case, cases


@given(cases())
def test_a_result_comes_back_as_it_was(case: Case) -> None:
    result = score(case.catalogue, case.answers)

    stored = json.loads(json.dumps(result_to_dict(result), sort_keys=True))

    assert result_from_dict(stored) == result


@given(cases(max_barriers=2))
def test_a_result_stored_before_caps_and_confidence_can_be_read(case: Case) -> None:
    """What was stored then has none of these keys."""
    result = score(case.catalogue, replace(case.answers, caps={}))
    stored = json.loads(json.dumps(result_to_dict(result)))
    del stored["contradictions"]
    for barrier in stored["barriers"].values():
        barrier["confidence"] = None
        for item in (*barrier["questions"], *barrier["gates"]):
            del item["cap"]

    read = result_from_dict(stored)

    assert read == replace(
        result, contradictions=(), barriers=tuple(replace(barrier, confidence=None) for barrier in result.barriers)
    )


@given(cases(max_barriers=2))
def test_the_document_has_the_names_of_the_contract(case: Case) -> None:
    result = score(case.catalogue, case.answers)
    actions = plan_actions(case.catalogue, result, case.answers)

    plain = document(result, actions, fingerprint="f", service=Service("A", "B"))

    assert plain.keys() >= {"catalogue", "digest", "stage", "as_of", "overall", "barriers", "actions"}
    assert plain.keys() >= {"find_out_first", "shortest_way_up", "cashflow"}
    assert plain["overall"].keys() >= {"worst", "best", "claimed", "rule", "triggers", "stability"}
    assert plain["overall"]["claimed"].keys() >= {"worst", "best"}
    assert list(plain["barriers"]) == [barrier.id for barrier in case.catalogue.barriers]
    for barrier in plain["barriers"].values():
        assert barrier.keys() >= {"worst", "best", "claimed", "index", "coverage", "confidence", "profile"}
        assert barrier.keys() >= {"rule", "triggers"}
        if barrier["confidence"]:
            assert barrier["confidence"].keys() >= {"level", "evidence", "agreement", "contradictions", "sentence"}
            assert barrier["confidence"]["evidence"].keys() == {"share", "word"}
    for action in plain["actions"]:
        assert action.keys() >= {"id", "barrier", "priority", "title", "owner", "weeks", "after", "closes"}
    for unknown in plain["find_out_first"]:
        assert unknown.keys() >= {"kind", "id", "effect"}
