"""How each thing is asked: described levels, options, stages, the reason why, and weights."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from assessments.catalogue.checks.draft import Draft, Place
from assessments.catalogue.problems import Problem, several, shown
from assessments.catalogue.reader import barrier_file
from assessments.catalogue.schema import Gate, LevelQuestion, Stage, Strength

LEVELS = 5
"""States from 0 to 4 (scoring method, rule 1)."""

FEWEST_LEVEL_QUESTIONS = 4
"""With fewer, one question would weigh more than a quarter of its barrier (scoring method, rule 10)."""


def five_levels_described(draft: Draft) -> Iterator[Problem]:
    for place, question in draft.levels:
        if len(question.levels) != LEVELS:
            yield place.problem(
                "levels",
                f"{len(question.levels)} levels",
                "exactly five, level 0 first",
                "Describe each of the five states.",
            )
        yield from _levels_told_apart(place, question)


def _levels_told_apart(place: Place, question: LevelQuestion) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, level in enumerate(question.levels):
        words = " ".join(level.casefold().split())
        field = f"levels[#{number + 1}]"
        if not words:
            yield place.problem(
                field, f"level {number} is blank", "a described state", "Say what a stranger could check."
            )
        elif words in seen:
            yield place.problem(
                field,
                f"level {number} says the same as another: {shown(level)}",
                "five different states",
                "Say what sets this level apart from the one below.",
            )
        seen.add(words)


def everything_has_a_reason(draft: Draft) -> Iterator[Problem]:
    for place, item in draft.items:
        if not item.why.strip():
            yield place.problem("why", "nothing", "one to three sentences in plain English", "Say why this is asked.")


def level_questions_can_be_proved(draft: Draft) -> Iterator[Problem]:
    for place, question in draft.levels:
        if not any(proof.strip() for proof in question.proof):
            yield place.problem(
                "proof", "nothing", "one or more documents", "Name what would show that a level is true."
            )
        if not question.who_knows.strip():
            yield place.problem("who_knows", "nothing", "a role", "Say who usually knows the answer.")


def gates_can_be_cleared(draft: Draft) -> Iterator[Problem]:
    for place, gate in draft.gates:
        parts = {"who": gate.clearing.who, "evidence": gate.clearing.evidence}
        missing = [name for name, words in parts.items() if not words.strip()]
        if missing:
            yield place.problem(
                "clearing",
                f"no {' and no '.join(missing)}",
                '{ who = "a role", evidence = "a document", grade = "E2" }',
                "Say who can clear the gate, and with what evidence.",
            )


def asked_at_some_stage(draft: Draft) -> Iterator[Problem]:
    for place, item in draft.scored:
        if not item.stages:
            yield place.problem(
                _stage_field(item),
                "no stage: it would never be asked",
                f"one or more of {several(Stage)}",
                "Say from which stage on it is asked.",
            )


def asked_up_to_go_live(draft: Draft) -> Iterator[Problem]:
    for place, item in draft.scored:
        missing = [stage for stage in tuple(Stage)[_first(item) :] if stage not in item.stages]
        if item.stages and missing:
            yield place.problem(
                _stage_field(item),
                f"{several(item.stages)}, but not {several(missing)}",
                "every stage from the first one on, up to go-live",
                f"Add {several(missing)}: what is asked once stays asked.",
            )


def required_levels_in_range(draft: Draft) -> Iterator[Problem]:
    for place, question in draft.levels:
        for stage, level in question.required.items():
            if not 0 <= level < LEVELS:
                yield place.problem(
                    f"required.{stage}", str(level), "a level from 0 to 4", "Correct the required level."
                )


def required_levels_never_fall(draft: Draft) -> Iterator[Problem]:
    for place, question in draft.levels:
        for earlier, later in pairwise(question.stages):
            if question.required[later] < question.required[earlier]:
                yield place.problem(
                    f"required.{later}",
                    f"{question.required[later]}, after {question.required[earlier]} at {earlier}",
                    f"{question.required[earlier]} or more",
                    "A later decision never needs less: raise this level, or lower the earlier one.",
                )


def gates_never_weaken(draft: Draft) -> Iterator[Problem]:
    for place, gate in draft.gates:
        for earlier, later in pairwise(gate.stages):
            if gate.binds[earlier] is Strength.HARD and gate.binds[later] is Strength.LIMITING:
                yield place.problem(
                    f"binds.{later}",
                    f"limiting, after hard at {earlier}",
                    "hard",
                    "A gate never weakens later on.",
                )


def enough_level_questions(draft: Draft) -> Iterator[Problem]:
    for barrier in draft.catalogue.barriers:
        if len(barrier.levels) < FEWEST_LEVEL_QUESTIONS and draft.is_whole(barrier):
            yield Problem(
                barrier_file(barrier.id),
                "questions",
                f"{len(barrier.levels)} level questions",
                f"{FEWEST_LEVEL_QUESTIONS} or more, so that none weighs more than a quarter",
                "Add level questions, or make them part of another barrier.",
            )


def no_weight_over_a_quarter(draft: Draft) -> Iterator[Problem]:
    for barrier in draft.catalogue.barriers:
        if len(barrier.levels) < FEWEST_LEVEL_QUESTIONS or not draft.is_whole(barrier):
            continue
        total = sum(question.weight for question in barrier.levels)
        for question in barrier.levels:
            if 4 * question.weight > total:
                yield Problem(
                    barrier_file(barrier.id),
                    f"questions[{question.id}].weight",
                    f"{question.weight} of {total}",
                    f"at most a quarter: {total // 4} of {total}",
                    "Lower the weight; what is vital is a gate, or essential.",
                )


def options_where_they_belong(draft: Draft) -> Iterator[Problem]:
    for place, fact in draft.facts:
        takes_options = fact.kind in ("choice", "choices")
        if takes_options and len(fact.options) < 2:
            yield place.problem("options", f"{len(fact.options)}", "two or more", "Write the options to choose from.")
        if fact.options and not takes_options:
            yield place.problem(
                "options",
                f"options for the kind {fact.kind}",
                "none",
                "Take them out, or make the kind choice.",
            )


def limits_where_they_belong(draft: Draft) -> Iterator[Problem]:
    for place, fact in draft.facts:
        limits = {"minimum": fact.minimum, "maximum": fact.maximum}
        given = {name: limit for name, limit in limits.items() if limit is not None}
        if given and fact.kind not in ("number", "money"):
            yield place.problem(
                next(iter(given)),
                f"a limit for the kind {fact.kind}",
                "none",
                "Only numbers and money have limits.",
            )
        if len(given) == len(limits) and given["minimum"] > given["maximum"]:
            yield place.problem(
                "minimum",
                f"{fact.minimum}, above the maximum",
                f"at most {fact.maximum}",
                "Swap or correct the two.",
            )


def _stage_field(item: LevelQuestion | Gate) -> str:
    return "binds" if isinstance(item, Gate) else "required"


def _first(item: LevelQuestion | Gate) -> int:
    return item.stages[0].position if item.stages else 0
