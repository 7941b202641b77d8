"""Which legal forms and routes are open, as their page shows it: the tables with their reasons, worked out of rows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from assessments.catalogue.schema import Catalogue, Exclusion
from assessments.models import Assessment
from assessments.scoring.compatibility import Choice, Compatibility, Finding, Matrix, Standing, State, compatibility
from assessments.selectors.reasons import Backed, backed
from assessments.selectors.workbook import Workbook, workbook

# How many facts a reader is asked for first.
FIRST = 5


@dataclass(frozen=True)
class Reason:
    """Why something is closed or in doubt. `is_guidance`: nothing behind it may be printed as what a source says."""

    number: int
    href: str
    title: str
    reason: str
    mend: str
    is_guidance: bool
    claims: tuple[Backed, ...]

    @property
    def sign(self) -> str:
        return str(self.number)


@dataclass(frozen=True)
class Need:
    """What would settle what is not known; `question` is where it is asked, empty if it is not asked now."""

    sign: str
    href: str
    title: str
    question: str


@dataclass(frozen=True)
class Found:
    """A state with the notes that explain it."""

    state: State
    notes: tuple[Reason | Need, ...]


@dataclass(frozen=True)
class Line:
    """One form, or one option of another choice, by itself: whether a way is left for it."""

    title: str
    is_chosen: bool
    found: Found


@dataclass(frozen=True)
class Cell:
    """A form with an option. `is_chosen` where both are what is chosen now."""

    column: str
    is_chosen: bool
    found: Found


@dataclass(frozen=True)
class Row:
    title: str
    is_chosen: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    title: str
    is_chosen: bool


@dataclass(frozen=True)
class Section:
    """One choice: each of its options by itself, and, but for the forms themselves, each against each form."""

    id: str
    title: str
    lines: tuple[Line, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    reasons: tuple[Reason, ...]
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class Chosen:
    """One choice as it stands: `option` is empty where nothing is decided, `question` where it is not asked now."""

    title: str
    option: str
    question: str


class Notes:
    """Numbers the reasons of one section, and letters its needs, in the order in which they are met."""

    def __init__(self, page: "FormsAndRoutes", section: str) -> None:
        self.page, self.section = page, section
        self.reasons: dict[str, Reason] = {}
        self.needs: dict[str, Need] = {}

    def found(self, finding: Finding) -> Found:
        reasons = sorted((self.reason(exclusion) for exclusion in finding.exclusions), key=lambda reason: reason.number)
        needs = sorted((self.need(fact) for fact in finding.needs), key=lambda need: (len(need.sign), need.sign))
        return Found(finding.state, (*reasons, *needs))

    def reason(self, exclusion_id: str) -> Reason:
        if exclusion_id not in self.reasons:
            self.reasons[exclusion_id] = self.page.reason(exclusion_id, len(self.reasons) + 1, self.section)
        return self.reasons[exclusion_id]

    def need(self, fact: str) -> Need:
        if fact not in self.needs:
            self.needs[fact] = self.page.need(fact, _letter(len(self.needs)), self.section)
        return self.needs[fact]


def _letter(number: int) -> str:
    """a to z, then aa, ab…: no edition needs more."""
    first, last = divmod(number, 26)
    return (chr(ord("a") + first - 1) if first else "") + chr(ord("a") + last)


class FormsAndRoutes:
    """Everything that the page shows; one query, for the answers."""

    def __init__(self, book: Workbook, found: Compatibility) -> None:
        self.book, self.found = book, found

    @property
    def catalogue(self) -> Catalogue:
        return self.book.catalogue

    # What is chosen now

    @cached_property
    def choices(self) -> tuple[Chosen, ...]:
        options = self.found.chosen.options
        axes = [(self.found.fact, self.found.title, self.found.rows)]
        axes += [(matrix.fact, matrix.title, matrix.columns) for matrix in self.found.matrices]
        return tuple(
            Chosen(title, _text(columns, options[fact]) if fact in options else "", self.question(fact))
            for fact, title, columns in axes
        )

    @property
    def is_empty(self) -> bool:
        return not self.found.chosen.options

    @cached_property
    def _notes_of_chosen(self) -> tuple[Found, Notes]:
        notes = Notes(self, "chosen")
        chosen = self.found.chosen
        # A way that is closed says more than a combination that is not known.
        says_more = chosen.way_left.state is State.CLOSED and chosen.finding.state is not State.CLOSED
        return notes.found(chosen.way_left if says_more else chosen.finding), notes

    @property
    def chosen(self) -> Found:
        """Whether what is chosen goes together; closed also where no way is left to choose the rest."""
        return self._notes_of_chosen[0]

    @property
    def is_dead_end(self) -> bool:
        """What is chosen goes together so far, but no choice of the rest does with it."""
        return self.chosen.state is State.CLOSED and self.found.chosen.finding.state is not State.CLOSED

    @property
    def is_closed(self) -> bool:
        return self.chosen.state is State.CLOSED

    @property
    def exclusions(self) -> tuple[Reason, ...]:
        return tuple(self._notes_of_chosen[1].reasons.values())

    @property
    def settling(self) -> tuple[Need, ...]:
        return tuple(self._notes_of_chosen[1].needs.values())

    @cached_property
    def answer_first(self) -> tuple[Need, ...]:
        """The choices themselves, then the facts that settle most; only what is asked for certain."""
        counted = Counter(fact for finding in self._findings() for fact in finding.needs)
        choices = [fact for fact in self._axes() if fact not in self.found.chosen.options]
        facts = dict.fromkeys([*choices, *(fact for fact, _ in counted.most_common())])
        surely = [fact for fact in facts if self.question(fact) and not self.book.path.may_apply(fact)]
        return tuple(self.need(fact, "", "first") for fact in surely[:FIRST])

    def _axes(self) -> list[str]:
        return [self.found.fact, *(matrix.fact for matrix in self.found.matrices)]

    def _findings(self) -> Iterator[Finding]:
        yield self.found.chosen.finding
        yield from (standing.finding for standing in self.found.standings)
        for matrix in self.found.matrices:
            yield from (cell for row in matrix.cells for cell in row)

    # The tables

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        return (self._forms(), *(self._section(matrix) for matrix in self.found.matrices))

    def _forms(self) -> Section:
        notes = Notes(self, _slug(self.found.fact))
        lines = self._lines(self.found.fact, self.found.rows, self.found.standings, notes)
        return self._noted(self.found.fact, self.found.title, lines, (), (), notes)

    def _section(self, matrix: Matrix) -> Section:
        notes = Notes(self, _slug(matrix.fact))
        lines = self._lines(matrix.fact, matrix.columns, matrix.standings, notes)
        columns = tuple(Column(choice.text, self._is_chosen(matrix.fact, choice)) for choice in matrix.columns)
        rows = tuple(
            self._row(form, columns, findings, notes)
            for form, findings in zip(self.found.rows, matrix.cells, strict=True)
        )
        return self._noted(matrix.fact, matrix.title, lines, columns, rows, notes)

    def _noted(
        self,
        fact: str,
        title: str,
        lines: tuple[Line, ...],
        columns: tuple[Column, ...],
        rows: tuple[Row, ...],
        notes: Notes,
    ) -> Section:
        return Section(
            _slug(fact), title, lines, columns, rows, tuple(notes.reasons.values()), tuple(notes.needs.values())
        )

    def _lines(
        self, fact: str, choices: Sequence[Choice], standings: Iterable[Standing], notes: Notes
    ) -> tuple[Line, ...]:
        return tuple(
            Line(choice.text, self._is_chosen(fact, choice), notes.found(standing.finding))
            for choice, standing in zip(choices, standings, strict=True)
        )

    def _row(self, form: Choice, columns: Sequence[Column], findings: Sequence[Finding], notes: Notes) -> Row:
        is_chosen = self._is_chosen(self.found.fact, form)
        cells = (
            Cell(column.title, is_chosen and column.is_chosen, notes.found(finding))
            for column, finding in zip(columns, findings, strict=True)
        )
        return Row(form.text, is_chosen, tuple(cells))

    def _is_chosen(self, fact: str, choice: Choice) -> bool:
        return self.found.chosen.options.get(fact) == choice.id

    # What explains them

    def reason(self, exclusion_id: str, number: int, section: str) -> Reason:
        excluded, written = self.found.exclusion(exclusion_id), self._written[exclusion_id]
        return Reason(
            number=number,
            href=f"{section}-{exclusion_id}",
            title=excluded.title,
            reason=excluded.reason,
            mend=excluded.mend,
            is_guidance=all(claim.mark.is_guidance for claim in written.claims),
            claims=tuple(backed(self.catalogue, claim) for claim in written.claims),
        )

    def need(self, fact: str, sign: str, section: str) -> Need:
        return Need(sign, f"{section}-{_slug(fact)}", self.catalogue.item(fact).title, self.question(fact))

    def question(self, fact: str) -> str:
        """Where it is asked; empty at a stage that does not ask it, or where other answers leave it out."""
        if fact not in self.book.path.truths:
            return ""
        return reverse("question-item", args=[self.book.assessment.pk, fact])

    @cached_property
    def _written(self) -> Mapping[str, Exclusion]:
        return {exclusion.id: exclusion for exclusion in self.catalogue.rules.exclusions}


def _text(choices: Sequence[Choice], choice_id: str) -> str:
    return next(choice.text for choice in choices if choice.id == choice_id)


def _slug(fact: str) -> str:
    return fact.replace(".", "-")


def forms_and_routes(assessment: Assessment) -> FormsAndRoutes | None:
    """None where the edition has no such table."""
    book = workbook(assessment)
    found = compatibility(book.catalogue, book.answers)
    return None if found is None else FormsAndRoutes(book, found)
