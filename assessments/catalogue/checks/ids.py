"""Ids: each given once, each mention of one meets its part, everything asked stands on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from assessments.catalogue.checks.draft import Draft, Place, did_you_mean
from assessments.catalogue.problems import Problem, several, shown
from assessments.catalogue.reader import EDITION, GLOSSARY, PROFILE, SOURCES


def duplicate_ids(draft: Draft) -> Iterator[Problem]:
    """Questions, gates, actions and facts share one id space; the other lists have one each."""
    yield from _repeated([(place, item.id) for place, item in (*draft.items, *draft.actions)])
    yield from _repeated([(Place(SOURCES, f"sources[{s.id}]"), s.id) for s in draft.catalogue.sources])
    yield from _repeated([(Place(SOURCES, f"law_changes[{c.id}]"), c.id) for c in draft.catalogue.law_changes])
    yield from _repeated([(Place(GLOSSARY, f"terms[{t.id}]"), t.id) for t in draft.catalogue.glossary])
    for part in draft.catalogue.parts:
        yield from _repeated([(place, page.id) for place, page, owner in draft.pages if owner is part])
    yield from _repeated([(place, one.id) for place, one in draft.contradictions])
    yield from _repeated([(place, one.id) for place, one in draft.caps])
    yield from _repeated([(place, one.id) for place, one in draft.exclusions])


def duplicate_options(draft: Draft) -> Iterator[Problem]:
    for place, fact in draft.facts:
        options = [option.id for option in fact.options]
        yield from _repeated([(Place(place.file, f"{place.key}.options[{option}]"), option) for option in options])


def barriers_listed_twice(draft: Draft) -> Iterator[Problem]:
    yield from _repeated([(Place(EDITION, "barriers"), barrier) for barrier in draft.catalogue.edition.barriers])


def terms_spelled_twice(draft: Draft) -> Iterator[Problem]:
    """Two glossary entries must not explain the same words."""
    spellings = [
        (Place(GLOSSARY, f"terms[{term.id}]"), spelling.casefold())
        for term in draft.catalogue.glossary
        for spelling in dict.fromkeys((term.term, *term.also))
    ]
    for place, spelling in _second_times(spellings):
        yield place.problem(
            "term",
            f"{shown(spelling)} explained for the second time",
            "every spelling once",
            "Keep one of the two entries.",
        )


def ids_name_their_barrier(draft: Draft) -> Iterator[Problem]:
    for place, part in (*draft.items, *draft.actions):
        barrier = place.file.removeprefix("barriers/").removesuffix(".toml")
        expected = "an id without a dot" if place.file == PROFILE else f"{barrier}.<name>"
        fits = "." not in part.id if place.file == PROFILE else part.id.startswith(f"{barrier}.")
        if not fits:
            yield place.problem("id", part.id, expected, "Rename it here and wherever it is mentioned.")


def unknown_references(draft: Draft) -> Iterator[Problem]:
    known = {
        "action": set(draft.catalogue.actions),
        "source": {source.id for source in draft.catalogue.sources},
        "law in motion": {change.id for change in draft.catalogue.law_changes},
    }
    for mention in draft.references:
        for wrong in mention.ids:
            if wrong not in known[mention.kind] and not draft.damage.hides(wrong, mention.file):
                yield mention.place.problem(
                    mention.field,
                    f"{wrong}, which is not there",
                    f"the id of a {mention.kind}" if mention.kind != "action" else "the id of an action",
                    did_you_mean(wrong, known[mention.kind]),
                )


def pages_ask_what_is_there(draft: Draft) -> Iterator[Problem]:
    for place, page, part in draft.pages:
        known = [item.id for item in part.items]
        for wrong in page.asks:
            if wrong not in known and not draft.damage.hides(wrong, place.file):
                yield place.problem(
                    "asks",
                    f"{wrong}, which is not in this file",
                    "the ids of this file's questions and gates",
                    did_you_mean(wrong, known),
                )


def everything_stands_on_one_page(draft: Draft) -> Iterator[Problem]:
    pages: dict[str, list[str]] = {}
    for _, page, _ in draft.pages:
        for item_id in page.asks:
            pages.setdefault(item_id, []).append(page.id)
    for place, item in draft.items:
        standing = pages.get(item.id, [])
        if len(standing) == 1 or item.id in draft.damage.mentions:
            continue
        yield place.problem(
            "id",
            "on no page: it would never be asked" if not standing else f"on pages {several(standing)}",
            "exactly one page",
            f"List {item.id} under `asks` of one page.",
        )


def _repeated(ids: list[tuple[Place, str]]) -> Iterator[Problem]:
    for place, repeated in _second_times(ids):
        yield place.problem("", f"{repeated} for the second time", "every id once", "Rename one, or take it out.")


def _second_times(words: list[tuple[Place, str]]) -> Iterator[tuple[Place, str]]:
    seen: Counter[str] = Counter()
    for place, word in words:
        seen[word] += 1
        if seen[word] == 2:
            yield place, word
