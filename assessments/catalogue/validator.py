"""What a catalogue must mean: every check, each a small function, and every problem at once.

Whether the files have the right shape is `reader.py`'s business; the checks see what could be read.
"""

from __future__ import annotations

from assessments.catalogue.checks import asking, doing, ids, rules, whens, wording
from assessments.catalogue.checks.draft import Check, Draft
from assessments.catalogue.problems import Problem
from assessments.catalogue.reader import Damage
from assessments.catalogue.schema import Catalogue

CHECKS: tuple[Check, ...] = (
    ids.barriers_listed_twice,
    ids.duplicate_ids,
    ids.duplicate_options,
    ids.terms_spelled_twice,
    ids.ids_name_their_barrier,
    ids.unknown_references,
    ids.pages_ask_what_is_there,
    ids.everything_stands_on_one_page,
    whens.sound_conditions,
    asking.five_levels_described,
    asking.everything_has_a_reason,
    asking.level_questions_can_be_proved,
    asking.gates_can_be_cleared,
    asking.asked_at_some_stage,
    asking.asked_up_to_go_live,
    asking.required_levels_in_range,
    asking.required_levels_never_fall,
    asking.gates_never_weaken,
    asking.enough_level_questions,
    asking.no_weight_over_a_quarter,
    asking.options_where_they_belong,
    asking.limits_where_they_belong,
    doing.every_gap_has_an_action,
    doing.every_action_closes_a_gap,
    doing.weeks_in_order,
    doing.no_action_waits_for_itself,
    rules.contradictions_name_barriers,
    rules.caps_name_one_item,
    rules.caps_say_what_is_known,
    rules.axes_are_choices,
    rules.undecided_are_options,
    rules.exclusions_look_at_an_axis,
    rules.exclusions_test_what_is_decided,
    rules.exclusions_rest_on_something,
    wording.verified_claims_have_sources,
    wording.guidance_is_not_worded_as_law,
)
"""What a catalogue must pass to be used."""

STYLE_CHECKS: tuple[Check, ...] = (wording.plain_enough,)
"""What an edition must pass to be released. Reading age needs a dictionary of 70 MB, which takes most of a
second to read and which no web process should hold; a question hard to read still scores as it should."""


def meaning(
    catalogue: Catalogue, damage: Damage | None = None, checks: tuple[Check, ...] = CHECKS
) -> tuple[Problem, ...]:
    """Every problem of meaning. What could not be read (`damage`) is not reported a second time."""
    draft = Draft(catalogue, damage or Damage())
    return tuple(problem for check in checks for problem in check(draft))
