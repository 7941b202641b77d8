"""The floor's questionnaire: as many parts, pages and items as the product asks at the same stage, as plain dicts.

Texts are the product's own, so that both send about the same words; conditions and scoring are the simplest that
do comparable work: every item looked at, worst and best case, a colour for each part with what decided it.
"""

from collections.abc import Mapping
from typing import Any

from assessments.catalogue.loader import edition
from assessments.catalogue.schema import FactQuestion, Gate, Item, Stage

EVIDENCE = [
    ("E0", "Nothing in writing yet"),
    ("E1", "A draft, email or notes"),
    ("E2", "An approved paper or minute"),
    ("E3", "Signed, confirmed or in use"),
]
CAP = {"": 1, "E0": 1, "E1": 2, "E2": 3, "E3": 4}
COLOURS = ("red", "amber", "green")
Row = dict[str, Any]


def _choices(item: Item) -> list[tuple[str, str]]:
    if isinstance(item, Gate):
        return [("met", item.met_means), ("not_met", item.not_met_means), ("dont_know", "Don't know")]
    if isinstance(item, FactQuestion):
        return [("yes", "Yes"), ("no", "No")]
    levels = [(str(number), text) for number, text in enumerate(item.levels)]
    return [*levels, ("dont_know", "Don't know"), ("not_applicable", "Not applicable")]


def _why(item: Item) -> list[str]:
    proof = list(getattr(item, "proof", ()))
    return [item.why, *proof, *(claim.text for claim in item.claims)]


def _item(item: Item, number: int, first: str) -> Row:
    return {
        "id": item.id,
        "name": item.id.rpartition(".")[2],
        "title": item.title,
        "text": item.text,
        "hint": item.hint,
        "kind": type(item).__name__,
        "why": _why(item),
        "choices": _choices(item),
        "required": 2 + number % 3,
        # Every third item is asked only where the part's first has an answer.
        "when": first if number % 3 == 2 else None,
    }


def _part(barrier: Any, asked: set[str]) -> Row:
    catalogue = edition("2026.1")
    ids = [item_id for page in barrier.pages for item_id in page.asks if item_id in asked]
    items = {item_id: _item(catalogue.item(item_id), number, ids[0]) for number, item_id in enumerate(ids)}
    pages = [
        {"id": page.id, "title": page.title, "items": [items[one] for one in page.asks if one in items]}
        for page in barrier.pages
    ]
    return {
        "id": barrier.id,
        "title": barrier.title,
        "pages": [page for page in pages if page["items"]],
        "items": list(items.values()),
    }


def _parts() -> list[Row]:
    catalogue = edition("2026.1")
    asked = {
        item.id for item in catalogue.items.values() if Stage.PLAN in item.stages and not isinstance(item, FactQuestion)
    }
    return [_part(barrier, asked) for barrier in catalogue.barriers]


PARTS = _parts()


def shown(item: Row, answers: Mapping[str, Any]) -> bool:
    return item["when"] is None or item["when"] in answers


def progress(answers: Mapping[str, Any]) -> list[Row]:
    return [
        {
            "id": part["id"],
            "title": part["title"],
            "asked": sum(shown(item, answers) for item in part["items"]),
            "answered": sum(item["id"] in answers for item in part["items"] if shown(item, answers)),
        }
        for part in PARTS
    ]


def score(answers: Mapping[str, tuple[str, str]]) -> Row:
    """The stored result: for each part its worst and best colour, index, triggers and every item's levels."""
    parts = [_score_part(part, answers) for part in PARTS]
    worst = min(part["worst"] for part in parts)
    best = min(part["best"] for part in parts)
    return {
        "worst": COLOURS[worst],
        "best": COLOURS[best],
        "triggers": [part["title"] for part in parts if part["worst"] == worst],
        "parts": [part | {"worst": COLOURS[part["worst"]], "best": COLOURS[part["best"]]} for part in parts],
        "find_out_first": [
            item["id"] for part in PARTS for item in part["items"] if shown(item, answers) and item["id"] not in answers
        ],
    }


def _score_part(part: Row, answers: Mapping[str, tuple[str, str]]) -> Row:
    items = [_score_item(item, answers.get(item["id"])) for item in part["items"] if shown(item, answers)]
    count = 4 * len(items) or 1
    return {
        "id": part["id"],
        "title": part["title"],
        "worst": _colour([item["gap_worst"] for item in items]),
        "best": _colour([item["gap_best"] for item in items]),
        "claimed": _colour([item["gap_claimed"] for item in items]),
        "index": [
            sum(item["worst"] for item in items) * 100 // count,
            sum(item["best"] for item in items) * 100 // count,
        ],
        "coverage": sum(item["answered"] for item in items) * 100 // (len(items) or 1),
        "profile": [sum(item["worst"] == level for item in items) for level in range(5)],
        "triggers": [
            {"id": item["id"], "text": f"{item['title']}: level {item['worst']}, and {item['required']} is needed."}
            for item in items
            if item["gap_worst"]
        ],
        "items": items,
    }


def _score_item(item: Row, given: tuple[str, str] | None) -> Row:
    state, evidence = given or ("", "")
    level = int(state) if state.isdigit() else {"met": 4, "not_met": 0}.get(state)
    supported = None if level is None else min(level, CAP[evidence])
    worst, best = (0, 4) if supported is None else (supported, supported)
    return {
        "id": item["id"],
        "title": item["title"],
        "state": state,
        "required": item["required"],
        "claimed": level,
        "worst": worst,
        "best": best,
        "answered": given is not None,
        "gap_worst": max(item["required"] - worst, 0),
        "gap_best": max(item["required"] - best, 0),
        "gap_claimed": max(item["required"] - (level or 0), 0),
    }


def _colour(gaps: list[int]) -> int:
    return 0 if any(gap > 1 for gap in gaps) else 1 if any(gaps) else 2
