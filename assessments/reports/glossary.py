"""The terms of the glossary that a text uses."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from assessments.catalogue.schema import Term

_WORD = re.compile(r"[\w&/.\u2019'-]*\w")


def terms_in(text: str, terms: Iterable[Term]) -> tuple[Term, ...]:
    """Those that occur in the text as whole words, by the alphabet."""
    exact = _words(text)
    lower = exact.lower()
    used = [term for term in terms if any(told in (exact if told.isupper() else lower) for told in _told(term))]
    return tuple(sorted(used, key=lambda term: (term.term.casefold(), term.id)))


def _words(text: str) -> str:
    """The text as words with one space around each, so that a whole word is found as part of a string."""
    return f" {' '.join(_WORD.findall(text))} "


@lru_cache(maxsize=1024)
def _told(term: Term) -> tuple[str, ...]:
    """Each spelling, also with a plural's s. An abbreviation is told from a word by its capitals."""
    return tuple(_spellings((term.term, *term.also)))


def _spellings(told: Iterable[str]) -> Iterator[str]:
    for one in told:
        words = _words(one)
        spelling = words if one.isupper() else words.lower()
        yield spelling
        if not one.isupper():
            yield f"{spelling[:-1]}s "
