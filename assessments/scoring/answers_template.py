"""An answers file to fill in: everything that a stage and a profile ask, unanswered, with its words beside it."""

from __future__ import annotations

import datetime as dt
import json
import textwrap
from collections.abc import Iterator, Mapping
from decimal import Decimal

from assessments.catalogue.path import Path, path
from assessments.catalogue.schema import (
    Catalogue,
    FactQuestion,
    FactValue,
    Gate,
    Item,
    LevelQuestion,
    Stage,
)

WIDTH = 110


def template(catalogue: Catalogue, stage: Stage | None, facts: Mapping[str, FactValue], as_of: dt.date) -> str:
    """TOML that `answers_file.parse` accepts as it stands. Without a stage it holds what any stage asks."""
    asked = path(catalogue, stage or Stage.GO_LIVE, facts, as_of)
    return "\n".join([*_head(asked, stage), *_profile(asked), *_barriers(asked, stage)]) + "\n"


def _head(asked: Path, stage: Stage | None) -> Iterator[str]:
    edition = asked.catalogue.edition
    yield from _comment(f"{edition.title}: an answers file. Fill in what you know and leave the rest as it is.")
    yield from _comment(
        "Take the sign # away in front of a line to answer. Leave out what nobody has looked at yet:"
        ' it counts as not answered. Where you have asked and nobody can say, answer state = "dont_know".'
    )
    yield from _comment("Then run: manage.py assess FILE")
    yield ""
    yield f"catalogue = {_toml(edition.edition)}"
    yield f"stage = {_toml((stage or Stage.EXPLORE).value)}  # {' | '.join(Stage)}"
    yield f"as_of = {_toml(asked.as_of)}  # the day on which these answers hold"
    yield ""
    yield "[service]"
    yield 'name = ""'
    yield 'organisation = ""'


def _profile(asked: Path) -> Iterator[str]:
    yield ""
    yield ""
    yield "[profile]"
    for page in asked.profile_pages():
        yield ""
        yield from _comment(f"{page.page.title}")
        for fact in page.items:
            if isinstance(fact, FactQuestion):
                yield ""
                yield from _comment(f"{fact.text}{_may_apply(asked, fact)}")
                yield from _fact_line(fact.id, fact, asked.facts.get(fact.id))


def _barriers(asked: Path, stage: Stage | None) -> Iterator[str]:
    for barrier in asked.catalogue.barriers:
        yield ""
        yield ""
        yield f"# {barrier.title} {'-' * (WIDTH - len(barrier.title) - 3)}"
        yield from _comment(barrier.summary)
        for page in asked.pages(barrier.id):
            for item in page.items:
                yield ""
                yield from _item(asked, item, stage)


def _item(asked: Path, item: Item, stage: Stage | None) -> Iterator[str]:
    yield from _comment(f"{item.title}. {item.text}{_may_apply(asked, item)}")
    if isinstance(item, LevelQuestion):
        yield from _level(item, stage, asked.as_of)
    elif isinstance(item, Gate):
        yield from _gate(item, stage, asked.as_of)
    else:
        yield f"[answers.{_toml(item.id)}]"
        yield from _fact_line("value", item, asked.facts.get(item.id))


def _level(question: LevelQuestion, stage: Stage | None, as_of: dt.date) -> Iterator[str]:
    for level, state in enumerate(question.levels):
        yield from _comment(state, f"{level}  ")
    needs = "" if stage is None else f"This stage needs level {question.required[stage]}. "
    essential = "The question is essential. " if question.essential else ""
    proof = f"Proof: {'; '.join(question.proof)}." if question.proof else ""
    if needs or essential or proof:
        yield from _comment(f"{needs}{essential}{proof}")
    if question.not_applicable_when:
        yield from _comment(f"Not applicable when: {question.not_applicable_when}")
    yield f"[answers.{_toml(question.id)}]"
    yield '# level = 0  # 0 to 4; or: state = "dont_know" | "not_applicable"'
    yield from _proof(as_of)


def _gate(gate: Gate, stage: Stage | None, as_of: dt.date) -> Iterator[str]:
    strength = "" if stage is None else f", {gate.binds[stage]} at this stage"
    yield from _comment(gate.met_means, "met      ")
    yield from _comment(gate.not_met_means, "not_met  ")
    clearing = f"{gate.clearing.who}, with {gate.clearing.evidence} ({gate.clearing.grade} or better)"
    yield from _comment(f"A gate{strength}. Cleared by: {clearing}")
    if gate.not_applicable_when:
        yield from _comment(f"Not applicable when: {gate.not_applicable_when}")
    may_be_left_out = gate.not_applicable_when if stage is None else gate.may_be_left_out(stage)
    states = f"met | not_met | not_known{' | not_applicable' if may_be_left_out else ''}"
    yield f"[gates.{_toml(gate.id)}]"
    yield f'# state = "not_known"  # {states}'
    yield from _proof(as_of)


def _proof(as_of: dt.date) -> Iterator[str]:
    yield '# evidence = "E0"  # E0 said | E1 draft or e-mail | E2 approved inside | E3 confirmed from outside'
    yield f"# evidence_date = {_toml(as_of)}"
    yield '# note = ""'


def _fact_line(key: str, fact: FactQuestion, value: FactValue | None) -> Iterator[str]:
    if fact.options:
        yield from _comment(f"One of: {' | '.join(option.id for option in fact.options)}")
    yield f"{key} = {_toml(value)}" if value is not None else f"# {key} = {_EXAMPLES[fact.kind]}"


_EXAMPLES = {
    "yes_no": "true",
    "choice": '""',
    "choices": '[""]  # one or more',
    "number": "0",
    "money": "0.00",
    "date": "2027-04-01",
    "text": '""',
}


def _may_apply(asked: Path, item: Item) -> str:
    return " (May apply: it depends on facts not given or not decided.)" if asked.may_apply(item.id) else ""


def _comment(text: str, lead: str = "") -> list[str]:
    """Wrapped comment lines; what follows a lead, such as a level's number, hangs under its text."""
    indent = f"#   {' ' * len(lead)}" if lead else "# "
    first = f"#   {lead}" if lead else "# "
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False)


def _toml(value: FactValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(part) for part in value)}]"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
