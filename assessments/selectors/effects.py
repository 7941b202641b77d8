"""What a save did to the result, in words: the same colours that the result page shows."""

from collections.abc import Iterator, Sequence

from assessments.models import Assessment
from assessments.scoring.result import Colour, Contradiction

Ends = list[str]


def in_words(ends: Ends) -> str:
    """[worst, best] as a reader says it: "Amber", or "not yet known: between Red and Amber"."""
    worst, best = (Colour(end).word for end in ends)
    return worst if worst == best else f"not yet known: between {worst} and {best}"


def effects(assessment: Assessment, before: dict[str, Ends]) -> Iterator[str]:
    """One sentence that says what was saved and what it changed; the rest is on the result page."""
    colours = assessment.colours
    moved = [
        f"{barrier.title} is now {in_words(colours[barrier.id])}"
        for barrier in assessment.catalogue.barriers
        if before.get(barrier.id) != colours[barrier.id]
    ]
    if before.get("overall") != colours["overall"]:
        moved.append(f"the whole is now {in_words(colours['overall'])}")
    yield (
        f"Saved. {'. '.join(text[0].upper() + text[1:] for text in moved)}." if moved else "Saved. No colour changed."
    )


def contradictions_moved(assessment: Assessment, before: Sequence[Contradiction]) -> Iterator[str]:
    """What does not fit together since this save, and what does again; a sentence or two each."""
    now, then = assessment.result["contradictions"], {found.id for found in before}
    for found in now:
        if found["id"] not in then:
            yield f"These answers do not fit together: {found['title']}. {found['text']}"
    left = {found["id"] for found in now}
    for gone in before:
        if gone.id not in left:
            yield f"Your answers fit together again: {gone.title}."
