"""How far services and advisers agree across assessments, for the keepers of the catalogue (scoring method, rule 14).

Only what a signed-off review leaves behind without a trace of whose it was (`RatedPair`) is read; second opinions are
people's own and stay with them. It is plain data, ready for JSON: worked out by `manage.py agreement` and every night
by the worker, kept as one file, and only read by the page. For a thousand reviews it takes seconds, and it brings
numpy with it, which no web process needs.
"""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Count
from django.utils import timezone

from assessments.agreement.across import FEWEST_FOR_COEFFICIENT, FEWEST_FOR_REWRITE, across
from assessments.agreement.measures import EditionAgreement, GateAgreement, Measures, QuestionAgreement
from assessments.agreement.ratings import DoubleRating, Rating
from assessments.agreement.words import coefficient_sentences, rewrite_sentences
from assessments.catalogue.loader import edition, editions
from assessments.catalogue.schema import Catalogue, FactQuestion, Gate, Item
from assessments.models import RatedPair
from assessments.scoring.answers import AnswerState, GateState

Plain = dict[str, Any]

FILE = "agreement.json"
FEWEST_SHOWN = 8
"""Of an edition with fewer reviews, and of a question or barrier rated twice less often, nothing is told but how often:
whoever knows which client was reviewed would read its answers. The number is that of rule 12, for staff answers."""


def worked_out() -> Plain:
    """What can be told today, by edition in order, then by barrier and question in the order of the catalogue."""
    found = {one.edition: one for one in across(_records())}
    return {
        "as_of": timezone.localdate().isoformat(),
        "pairs": RatedPair.objects.count(),
        "fewest_shown": FEWEST_SHOWN,
        "fewest_for_coefficient": FEWEST_FOR_COEFFICIENT,
        "fewest_for_rewrite": FEWEST_FOR_REWRITE,
        "editions": [_edition(found[name], reviews) for name, reviews in _reviews().items() if name in found],
    }


def kept() -> Plain | None:
    """What was worked out last; None if nothing was yet."""
    try:
        with default_storage.open(FILE) as file:
            told: Plain = json.load(file)
            return told
    except FileNotFoundError:
        return None


# Rows -----------------------------------------------------------------------------------------------------------


def _reviews() -> dict[str, int]:
    """How many reviews there are of each edition that is still here."""
    counted = RatedPair.objects.values_list("edition").annotate(Count("unit", distinct=True)).order_by("edition")
    here = set(editions())
    return {name: reviews for name, reviews in counted if name in here}


def _records() -> Iterator[DoubleRating]:
    rows = RatedPair.objects.filter(edition__in=editions()).values_list(
        "edition", "item", "unit", "client_state", "client_level", "adviser_state", "adviser_level"
    )
    for name, item, unit, client, client_level, adviser, adviser_level in rows.iterator():
        barrier, is_gate = _places(name).get(item, (None, False))
        if barrier is not None:
            rating = _gate if is_gate else _level
            yield DoubleRating(
                name, barrier, item, str(unit), rating(client, client_level), rating(adviser, adviser_level)
            )


def _gate(state: str, _level: int | None) -> Rating:
    return GateState(state) if state in set(GateState) else GateState.NOT_KNOWN


def _level(state: str, level: int | None) -> Rating:
    return AnswerState(state) if level is None else level


@cache
def _places(name: str) -> dict[str, tuple[str, bool]]:
    """Of each question and gate of an edition its barrier, and whether it is a gate."""
    return {
        item.id: (barrier.id, isinstance(item, Gate)) for barrier in edition(name).barriers for item in _rated(barrier)
    }


def _rated(barrier: Any) -> list[Item]:
    return [item for item in barrier.items if not isinstance(item, FactQuestion)]


# Plain data -----------------------------------------------------------------------------------------------------


def _edition(found: EditionAgreement, reviews: int) -> Plain:
    if reviews < FEWEST_SHOWN:
        return {"edition": found.edition, "reviews": reviews, "is_shown": False}
    catalogue = edition(found.edition)
    questions = [_question(catalogue, one) for one in _in_order(catalogue, found.questions)]
    gates = [_gate_told(catalogue, one) for one in _in_order(catalogue, found.gates)]
    barriers = {one.barrier: one.measures for one in found.barriers}
    every = [*questions, *gates]
    return {
        "edition": found.edition,
        "reviews": reviews,
        "is_shown": True,
        "whole": _measures(found.measures),
        "rewrite": [one for one in every if one.get("rewrite")],
        "barriers": [
            {"id": barrier.id, "title": barrier.title, **_if_enough(barriers[barrier.id])}
            for barrier in catalogue.barriers
            if barrier.id in barriers
        ],
        "questions": questions,
        "gates": gates,
    }


def _in_order(catalogue: Catalogue, found: Sequence[Any]) -> list[Any]:
    places = {item.id: number for number, item in enumerate(i for b in catalogue.barriers for i in _rated(b))}
    return sorted(found, key=lambda one: places[one.item])


def _question(catalogue: Catalogue, found: QuestionAgreement) -> Plain:
    rewrite = list(rewrite_sentences(found)) if found.measures.doubles >= FEWEST_SHOWN else []
    return {**_named(catalogue, found), **_if_enough(found.measures), "rewrite": rewrite}


def _gate_told(catalogue: Catalogue, found: GateAgreement) -> Plain:
    named = {**_named(catalogue, found), "doubles": found.doubles}
    if found.doubles < FEWEST_SHOWN:
        return {**named, "is_shown": False}
    rewrite = list(rewrite_sentences(found))
    return {**named, "is_shown": True, "pairs": found.pairs, "agreed": found.agreed, "rewrite": rewrite}


def _named(catalogue: Catalogue, found: QuestionAgreement | GateAgreement) -> Plain:
    return {"id": found.item, "title": catalogue.item(found.item).title, "barrier": found.barrier}


def _if_enough(found: Measures) -> Plain:
    if found.doubles < FEWEST_SHOWN:
        return {"is_shown": False, "doubles": found.doubles}
    return {"is_shown": True, **_measures(found)}


def _measures(found: Measures) -> Plain:
    return {
        "doubles": found.doubles,
        "pairs": found.pairs,
        "exact": found.exact,
        "within_one": found.within_one,
        "apart": _text(found.apart),
        "lean": _text(found.lean),
        "alpha": _text(found.alpha),
        "kappa": _text(found.kappa),
        "reading": found.reading and found.reading.value,
        "told": list(coefficient_sentences(found)),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
