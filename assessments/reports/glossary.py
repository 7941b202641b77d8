"""The terms of the glossary that a text uses."""

import re
from collections.abc import Iterable
from functools import lru_cache

from assessments.catalogue.schema import Term


def terms_in(text: str, terms: Iterable[Term]) -> tuple[Term, ...]:
    """Those that occur in the text, or in the meaning of one that does; by the alphabet."""
    left, found, told = list(terms), [], text
    while told:
        used = [term for term in left if _pattern(term).search(told)]
        left = [term for term in left if term not in used]
        found += used
        told = " ".join(term.meaning for term in used)
    return tuple(sorted(found, key=lambda term: (term.term.casefold(), term.id)))


@lru_cache(maxsize=1024)
def _pattern(term: Term) -> re.Pattern[str]:
    """Whole words, also with a plural's s. Abbreviations are told from words by their capitals."""
    spellings = sorted({term.term, *term.also}, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){_spelling(one)}s?(?!\w)" for one in spellings))


def _spelling(text: str) -> str:
    escaped = re.escape(text)
    return escaped if text.isupper() else f"(?i:{escaped})"
