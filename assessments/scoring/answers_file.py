"""Answers from a file, TOML or JSON (`design.md`, section 5), or every problem in it at once. Touches no disk."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessments.catalogue import loader
from assessments.catalogue.problems import Problem, several, shown
from assessments.catalogue.schema import Catalogue, FactValue, Stage
from assessments.scoring.answers import Answers, Service
from assessments.scoring.answers_tables import AnswersTables
from assessments.scoring.notebook import Notebook, Table
from assessments.scoring.values import Fault, date_of, member_of, text_of

LARGEST = 1_048_576
"""Bytes. A full answers file with long notes is a tenth of this."""

TOP = ("catalogue", "stage", "as_of", "service", "profile", "answers", "gates", "agreed", "cashflow")
SERVICE = ("name", "organisation")

SEE_TEMPLATE = "Begin from `manage.py answers_template`, which prints a file to fill in."


class AnswersFileError(Exception):
    """The file cannot be scored. Carries every problem at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class AnswersFile:
    """What a file holds. `cashflow` is its table of that name as it stands: the calculator's, never scored.
    `warnings` are lines for the person who gave it; they stop nothing."""

    catalogue: Catalogue
    answers: Answers
    service: Service
    cashflow: Table | None = None
    warnings: tuple[str, ...] = ()


def no_problems(table: Table, name: str) -> tuple[Problem, ...]:
    return ()


def parse(
    content: bytes,
    name: str,
    catalogue_of: Callable[[str], Catalogue] = loader.edition,
    problems_of_cashflow: Callable[[Table, str], Iterable[Problem]] = no_problems,
) -> AnswersFile:
    """Reads the content of a file. Problems call it `name`, whose ending says whether it is JSON or TOML.

    Raises AnswersFileError for anything but a good file. `catalogue_of` raises LookupError, with a sentence
    for the reader, for an edition that does not exist. `problems_of_cashflow` looks through the table [cashflow],
    so that what is wrong there is told together with everything else.
    """
    book = Notebook(name)
    raw = _raw(content, book)
    book.only(raw, TOP, "")
    catalogue = book.need(raw, "catalogue", _edition(catalogue_of), "the edition, such as 2026.1")
    stage = book.need(raw, "stage", member_of(Stage), several(Stage))
    as_of = book.need(raw, "as_of", date_of, "the day on which the answers hold")
    service = _service(book.table(raw, "service"), book)
    profile, questions, gates, agreed = (book.table(raw, key) for key in ("profile", "answers", "gates", "agreed"))
    cashflow = book.table(raw, "cashflow") if "cashflow" in raw else None
    if cashflow is not None:
        book.problems.extend(problems_of_cashflow(cashflow, name))
    tables = None if catalogue is None else AnswersTables(catalogue, stage, as_of, book)
    facts = tables.profile(profile) if tables else {}
    answered = tables.questions(questions) if tables else {}
    states = tables.gates(gates) if tables else {}
    settled = tables.agreed(agreed) if tables else {}
    if book.problems or catalogue is None or stage is None or as_of is None:
        raise AnswersFileError(book.problems)
    answers = Answers(stage, as_of, facts, answered, states, agreed=settled)
    return AnswersFile(catalogue, answers, service, cashflow, tuple(book.warnings))


def parse_profile(content: bytes, name: str, catalogue: Catalogue) -> dict[str, FactValue]:
    """The facts of a file that holds at least a [profile] table: an answers file, or the beginning of one."""
    book = Notebook(name)
    raw = _raw(content, book)
    book.only(raw, TOP, "")
    if "profile" not in raw:
        book.note("profile", "nothing", Fault("a table with the facts of the profile", "Add a line [profile]."))
    facts = AnswersTables(catalogue, None, None, book).profile(book.table(raw, "profile"))
    if book.problems:
        raise AnswersFileError(book.problems)
    return facts


def _edition(catalogue_of: Callable[[str], Catalogue]) -> Callable[[object], Catalogue]:
    def read(value: object) -> Catalogue:
        if not isinstance(value, str):
            raise Fault("the edition as text", 'Put it in quotation marks: "2026.1".')
        try:
            return catalogue_of(text_of(value))
        except LookupError as error:
            raise Fault(str(error.args[0]), "Name an edition that exists.") from None

    return read


def _service(table: Table, book: Notebook) -> Service:
    book.only(table, SERVICE, "service")
    name, organisation = (book.take(table, key, "service", text_of) for key in SERVICE)
    return Service(name or "", organisation or "")


# From bytes to tables ---------------------------------------------------------------------------------------


def _raw(content: bytes, book: Notebook) -> Table:
    """The file as plain data. Where it cannot be read at all, that is its only problem."""
    try:
        return _loaded(content, book.name)
    except Fault as fault:
        book.note("", shown(content[:40]) if content else "nothing", fault)
    except RecursionError:
        book.note("", "tables within tables, too deep to read", Fault("an answers file", SEE_TEMPLATE))
    except ValueError as error:
        book.note("", str(error), Fault("TOML or JSON that is well formed", "Mend what is named here."))
    raise AnswersFileError(book.problems)


def _loaded(content: bytes, name: str) -> Table:
    if len(content) > LARGEST:
        raise Fault(f"at most {LARGEST:,} bytes", "Give an answers file; they are far smaller than this.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Fault("text in UTF-8", "Save the file again as plain text in UTF-8.") from None
    if not text.strip():
        raise Fault("an answers file", SEE_TEMPLATE)
    raw = _json(text) if _is_json(text, name) else tomllib.loads(text, parse_float=Decimal)
    if not isinstance(raw, dict):
        raise Fault("one table with the keys of an answers file", SEE_TEMPLATE)
    return raw


def _is_json(text: str, name: str) -> bool:
    if name.lower().endswith((".json", ".toml")):
        return name.lower().endswith(".json")
    return text.lstrip().startswith("{")


def _json(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_no_twice)


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not a number that can be used")


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON says nothing of a key that stands there twice. One answer of two would be lost: refuse it, as TOML does."""
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {shown(next(key for key in keys if keys.count(key) > 1))} stands there twice")
    return table
