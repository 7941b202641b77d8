"""How the report puts dates, levels, grades and states; the same everywhere in it."""

import datetime as dt

from django.utils.dateformat import format as format_date

from assessments.catalogue.schema import EvidenceGrade
from assessments.scoring.answers import Answer, AnswerState, GateAnswer, GateState
from assessments.scoring.result import Ageing, Colour, Range

SHORT = 60

MEANINGS = {
    Colour.GREEN: "Green: success at this decision looks highly likely.",
    Colour.AMBER: "Amber: it looks feasible, but significant issues are open.",
    Colour.RED: "Red: as things stand it does not look achievable.",
}
GATES = "A gate is a condition: a hard one not met makes the result Red, a limiting one Amber at best."
AGEING = {Ageing.NONE: "", Ageing.OLD: "too old", Ageing.UNDATED: "no date"}
STATES = {
    AnswerState.DONT_KNOW: "Don't know",
    AnswerState.NOT_APPLICABLE: "Not applicable",
    AnswerState.NOT_ANSWERED: "Not answered",
}
GATE_STATES = {
    GateState.MET: "Met",
    GateState.NOT_MET: "Not met",
    GateState.NOT_KNOWN: "Not known",
    GateState.NOT_APPLICABLE: "Not applicable",
}


def day(date: dt.date) -> str:
    return format_date(date, "j F Y")


def short_day(date: dt.date) -> str:
    return format_date(date, "j M Y")


def ends(both: Range) -> str:
    """ "Amber", or "Not yet known: between Red and Amber"."""
    if both.known:
        return both.worst.colour.word
    return f"Not yet known: between {both.worst.colour.word} and {both.best.colour.word}"


def weeks(fewest_most: tuple[int, int] | None) -> str:
    if fewest_most is None:
        return ""
    fewest, most = fewest_most
    if fewest == most:
        return f"{most} week" if most == 1 else f"{most} weeks"
    return f"{fewest} to {most} weeks"


def gap(worst: int, best: int) -> str:
    """How many levels short; a range where an answer is missing."""
    if worst == best:
        return str(worst) if worst else "none"
    return f"{best} to {worst}"


def proof(
    evidence: EvidenceGrade | None,
    grade: EvidenceGrade | None,
    ageing: Ageing,
    dated: dt.date | None,
) -> str:
    """The grade with its date and, where it counts for less than given, why."""
    if evidence is None:
        return ""
    when = f", {short_day(dated)}" if dated else ""
    less = f"; counts as {grade}: {AGEING[ageing]}" if ageing is not Ageing.NONE else ""
    return f"{evidence}{when}{less}"


def remarks(answer: Answer | GateAnswer | None) -> tuple[tuple[str, str], ...]:
    """What was said with an answer: (what it is, the person's own words)."""
    if answer is None:
        return ()
    said = (
        ("Reason", answer.reason),
        ("Who would know", answer.who_knows),
        ("To be known by", day(answer.know_by) if answer.know_by else ""),
        ("Note", answer.note),
    )
    return tuple((what, text) for what, text in said if text)


def shortened(text: str) -> str:
    """For the head of each page, where one line has to do."""
    return text if len(text) <= SHORT else f"{text[: SHORT - 1].rstrip()}…"
