"""Rules across barriers: they name what is there, cap what a calculation can cap, and exclude what can be chosen.

Their conditions are checked with all others, in `whens.py`.
"""

from __future__ import annotations

import string
from collections.abc import Iterator

from assessments.catalogue.checks.draft import Draft, Place, did_you_mean
from assessments.catalogue.conditions import facts_in, ids_in, listed
from assessments.catalogue.problems import Problem, several, shown
from assessments.catalogue.reader import RULES, barrier_file
from assessments.catalogue.schema import CapRule, FactQuestion, Gate, LevelQuestion

HIGHEST_CAP = 3
"""A cap at level 4 would cap nothing."""


def contradictions_name_barriers(draft: Draft) -> Iterator[Problem]:
    known = list(draft.catalogue.edition.barriers)
    for place, written in draft.contradictions:
        for wrong in written.barriers:
            if wrong not in known:
                yield place.problem(
                    "barriers", f"{wrong}, which is no barrier", several(known), did_you_mean(wrong, known)
                )


# Caps ---------------------------------------------------------------------------------------------------------


def caps_name_one_item(draft: Draft) -> Iterator[Problem]:
    """A question with the highest level, or a gate without."""
    for place, cap in draft.caps:
        if (cap.question is None) == (cap.gate is None):
            yield place.problem(
                "",
                "a question and a gate" if cap.gate else "neither a question nor a gate",
                "a question, or a gate",
                "Say what is capped: question = ... with highest = ..., or gate = ...",
            )
        elif cap.question is not None:
            yield from _wrong_item(draft, place, "question", cap.question, LevelQuestion)
            yield from _highest_problems(place, cap)
        elif cap.gate is not None:
            yield from _wrong_item(draft, place, "gate", cap.gate, Gate)
            yield from _highest_problems(place, cap)


def _highest_problems(place: Place, cap: CapRule) -> Iterator[Problem]:
    if cap.gate is not None:
        if cap.highest is not None:
            yield place.problem(
                "highest", str(cap.highest), "nothing, for a gate", "Take it out: a gate has no levels."
            )
    elif cap.highest is None or not 0 <= cap.highest <= HIGHEST_CAP:
        yield place.problem(
            "highest",
            "nothing" if cap.highest is None else str(cap.highest),
            f"a level from 0 to {HIGHEST_CAP}",
            "Give the highest level that the question still supports.",
        )


def _wrong_item(draft: Draft, place: Place, field: str, item_id: str, wanted: type) -> Iterator[Problem]:
    item = draft.catalogue.items.get(item_id)
    file = barrier_file(item_id.partition(".")[0])
    if isinstance(item, wanted) or (item is None and draft.damage.hides(item_id, file)):
        return
    known = [item.id for _, item in draft.items if isinstance(item, wanted)]
    words = "a question with levels" if wanted is LevelQuestion else "a gate"
    found = "which is not there" if item is None else f"which is not {words}"
    yield place.problem(field, f"{item_id}, {found}", f"the id of {words}", did_you_mean(item_id, known))


def caps_say_what_is_known(draft: Draft) -> Iterator[Problem]:
    """A reason fills in only what its figure has: a surplus belongs to a year, so it has no month."""
    for place, cap in draft.caps:
        allowed = ("amount",) if cap.figure == "annual_surplus" else ("amount", "month")
        try:
            names = [name for _, name, _, _ in string.Formatter().parse(cap.reason) if name is not None]
        except ValueError:
            names = ["{"]
        if wrong := [name for name in names if name not in allowed]:
            yield place.problem(
                "reason",
                several(shown(name) for name in wrong),
                several(f"{{{name}}}" for name in allowed),
                "Fill in nothing but these.",
            )


# What excludes what -------------------------------------------------------------------------------------------


def axes_are_choices(draft: Draft) -> Iterator[Problem]:
    table = draft.catalogue.rules.compatibility
    if table is None:
        return
    choices = {fact.id: fact for _, fact in draft.facts if fact.kind == "choice"}
    for axis in table.axes:
        file = barrier_file(axis.fact.partition(".")[0])
        if axis.fact not in choices and not draft.damage.hides(axis.fact, file):
            yield Place(RULES, "compatibility").problem(
                "rows.fact" if axis is table.rows else f"columns[{axis.fact}].fact",
                f"{axis.fact}, which is no choice",
                "a fact of the kind choice",
                did_you_mean(axis.fact, choices),
            )


def undecided_are_options(draft: Draft) -> Iterator[Problem]:
    options = {option.id for _, fact in draft.facts for option in fact.options}
    for wrong in sorted(draft.catalogue.rules.undecided - options):
        yield Place(RULES, "undecided").problem(
            "",
            f"{wrong}, which is no option of any fact",
            "options that stand for no choice yet",
            did_you_mean(wrong, options),
        )


def exclusions_look_at_an_axis(draft: Draft) -> Iterator[Problem]:
    """One that looked at none would close everything at once."""
    table = draft.catalogue.rules.compatibility
    axes = [] if table is None else [axis.fact for axis in table.axes]
    for place, exclusion in draft.exclusions:
        if set(axes).isdisjoint(ids_in(exclusion.when)):
            yield place.problem(
                "when",
                several(ids_in(exclusion.when)),
                f"among other facts at least one of {several(axes)}",
                "Say which choice is excluded, or list its fact as an axis under [compatibility].",
            )


def exclusions_test_what_is_decided(draft: Draft) -> Iterator[Problem]:
    """What is not decided yet counts as missing, so that a test for it would never hold."""
    undecided = draft.catalogue.rules.undecided
    for place, exclusion in draft.exclusions:
        for test in facts_in(exclusion.when):
            fact = draft.catalogue.items.get(test.fact)
            named = {value for _, operand in test.given for value in listed(operand) if isinstance(value, str)}
            if isinstance(fact, FactQuestion) and fact.kind in ("choice", "choices") and named & undecided:
                yield place.problem(
                    "when",
                    f"{several(sorted(named & undecided))}, for {test.fact}",
                    "options that decide something",
                    "Take it out: what is not decided counts as not known.",
                )


def exclusions_rest_on_something(draft: Draft) -> Iterator[Problem]:
    for place, exclusion in draft.exclusions:
        if not exclusion.claims:
            yield place.problem(
                "claims", "none", "one or more claims with their marks", "Say what the exclusion rests on."
            )
