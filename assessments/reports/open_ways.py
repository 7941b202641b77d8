"""Which legal forms, routes and kinds of control stay open: narrow tables with their reasons numbered under them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assessments.catalogue.schema import Catalogue, Exclusion
from assessments.reports.backing import SourceNumbers
from assessments.scoring.compatibility import Choice, Compatibility, Excluded, Finding, Matrix, Standing, State

WIDEST = 4
"""Columns of one table: more would leave no room for their heads."""

MANY = 4
"""So many forms or choices are told as all others."""

SYMBOLS = {State.OPEN: "●", State.CLOSED: "✕", State.NOT_KNOWN: "?"}


Column = tuple[Choice, tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Cell:
    """`reasons` are numbers of the list under the tables."""

    symbol: str
    word: str
    reasons: str


@dataclass(frozen=True, slots=True)
class WayRow:
    """Forms that go with every column in the same way."""

    title: str
    is_chosen: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class WayTable:
    label: str
    columns: tuple[str, ...]
    rows: tuple[WayRow, ...]


@dataclass(frozen=True, slots=True)
class Against:
    """The forms against one fact. Choices of which the same holds for every form stand in words, and in no table;
    `needs` would settle what is not known."""

    title: str
    open_to_all: str
    not_known_of_any: str
    tables: tuple[WayTable, ...]
    needs: str


@dataclass(frozen=True, slots=True)
class StandingRow:
    """What is left of one kind of choice, given what is decided."""

    title: str
    chosen: str
    open: str
    not_known: str
    closed: str


@dataclass(frozen=True, slots=True)
class Reason:
    number: int
    title: str
    text: str
    mend: str
    is_guidance: bool
    sources: str


@dataclass(frozen=True, slots=True)
class OpenWays:
    chosen: str
    standings: tuple[StandingRow, ...]
    against: tuple[Against, ...]
    reasons: tuple[Reason, ...]
    needs: str


def open_ways_of(catalogue: Catalogue, found: Compatibility | None, sources: SourceNumbers) -> OpenWays | None:
    return None if found is None else _Maker(catalogue, found, sources).open_ways()


class _Maker:
    def __init__(self, catalogue: Catalogue, found: Compatibility, sources: SourceNumbers) -> None:
        self.catalogue = catalogue
        self.found = found
        self.sources = sources
        self.excluded: Mapping[str, Excluded] = {exclusion.id: exclusion for exclusion in found.exclusions}
        self.given: dict[str, int] = {}

    def open_ways(self) -> OpenWays:
        standings = tuple(self._standings())
        chosen = self._chosen()
        against = tuple(self._against(matrix) for matrix in self.found.matrices)
        settling = [need for rows in self._all_standings() for one in rows for need in one.finding.needs]
        return OpenWays(
            chosen=chosen,
            standings=standings,
            against=against,
            reasons=tuple(self._reason(exclusion, number) for exclusion, number in self.given.items()),
            needs=self._titles(settling),
        )

    # What is left

    def _all_standings(self) -> Iterator[tuple[Standing, ...]]:
        yield self.found.standings
        yield from (matrix.standings for matrix in self.found.matrices)

    def _standings(self) -> Iterator[StandingRow]:
        yield self._standing(self.found.title, self.found.fact, self.found.rows, self.found.standings)
        for matrix in self.found.matrices:
            yield self._standing(matrix.title, matrix.fact, matrix.columns, matrix.standings)

    def _standing(self, title: str, fact: str, choices: Sequence[Choice], standings: Sequence[Standing]) -> StandingRow:
        texts = {choice.id: choice.text for choice in choices}
        by_state: dict[State, list[str]] = {state: [] for state in State}
        for standing in standings:
            by_state[standing.finding.state].append(f"{texts[standing.choice]}{self._in_brackets(standing.finding)}")
        is_most_open = len(by_state[State.OPEN]) >= len(by_state[State.NOT_KNOWN])
        return StandingRow(
            title=title,
            chosen=texts.get(self.found.chosen.options.get(fact, ""), ""),
            open=_listed(by_state[State.OPEN], standings, is_most=is_most_open),
            not_known=_listed(by_state[State.NOT_KNOWN], standings, is_most=not is_most_open),
            closed="; ".join(by_state[State.CLOSED]),
        )

    def _in_brackets(self, finding: Finding) -> str:
        reasons = self._reasons(finding)
        return f" ({reasons})" if reasons else ""

    def _chosen(self) -> str:
        """What is decided so far, and whether it goes together."""
        chosen = self.found.chosen
        if not chosen.options:
            return "Nothing is chosen yet."
        if chosen.finding.state is State.CLOSED:
            return f"What is chosen does not go together{self._in_brackets(chosen.finding)}."
        if chosen.way_left.state is State.CLOSED:
            return (
                "What is chosen goes together so far, but whatever else is chosen closes it"
                f"{self._in_brackets(chosen.way_left)}."
            )
        if State.NOT_KNOWN in (chosen.finding.state, chosen.way_left.state):
            doubts = self._in_brackets(chosen.finding)
            return f"Nothing closes what is chosen, but it is not known yet whether it holds{doubts}."
        return "What is chosen goes together, and nothing closes it."

    # One table after another

    def _against(self, matrix: Matrix) -> Against:
        columns = list(zip(matrix.columns, zip(*matrix.cells, strict=True), strict=True))
        told = [one for one in columns if not _is_all(one[1], State.OPEN) and not _is_all(one[1], State.NOT_KNOWN)]
        chosen = self.found.chosen.options.get(matrix.fact)
        return Against(
            title=matrix.title,
            open_to_all="; ".join(column.text for column, cells in columns if _is_all(cells, State.OPEN)),
            not_known_of_any="; ".join(column.text for column, cells in columns if _is_all(cells, State.NOT_KNOWN)),
            tables=tuple(self._tables(matrix.title, told, chosen)) if told else (),
            needs=self._titles([need for _, cells in columns for finding in cells for need in finding.needs]),
        )

    def _tables(self, title: str, columns: Sequence[Column], chosen: str | None) -> Iterator[WayTable]:
        """As few as can be, and of much the same width."""
        count = -(-len(columns) // WIDEST)
        width = -(-len(columns) // count)
        for number, start in enumerate(range(0, len(columns), width), start=1):
            part = columns[start : start + width]
            yield WayTable(
                label=f"{title}, part {number} of {count}" if count > 1 else title,
                columns=tuple(f"{one.text}{' (chosen)' if one.id == chosen else ''}" for one, _ in part),
                rows=tuple(self._rows([cells for _, cells in part])),
            )

    def _rows(self, columns: Sequence[Sequence[Finding]]) -> Iterator[WayRow]:
        """Forms of which the same holds stand in one row, the one chosen by itself, and first; most of them last."""
        chosen = self.found.chosen.options.get(self.found.fact)
        alike: dict[tuple[bool, tuple[Finding, ...]], list[str]] = {}
        for place, form in enumerate(self.found.rows):
            findings = tuple(column[place] for column in columns)
            alike.setdefault((form.id == chosen, findings), []).append(form.text)
        rows = sorted(alike.items(), key=lambda row: (not row[0][0], len(row[1])))
        for place, ((is_chosen, findings), forms) in enumerate(rows, start=1):
            is_rest = place == len(rows) > 1 and len(forms) >= MANY
            told = "All legal forms" if len(rows) == 1 else "; ".join(forms)
            cells = tuple(self._cell(finding) for finding in findings)
            yield WayRow("All other legal forms" if is_rest else told, is_chosen, cells)

    def _cell(self, finding: Finding) -> Cell:
        return Cell(SYMBOLS[finding.state], finding.state.word, self._reasons(finding))

    def _reasons(self, finding: Finding) -> str:
        """The numbers of what closes it, or puts it in doubt."""
        numbers = {self.given.setdefault(exclusion, len(self.given) + 1) for exclusion in finding.exclusions}
        return ", ".join(map(str, sorted(numbers)))

    def _reason(self, exclusion_id: str, number: int) -> Reason:
        excluded, written = self.excluded[exclusion_id], self._written(exclusion_id)
        named = dict.fromkeys(source for claim in written.claims for source in claim.sources)
        return Reason(
            number=number,
            title=excluded.title,
            text=excluded.reason,
            mend=excluded.mend,
            is_guidance=all(claim.mark.is_guidance for claim in written.claims),
            sources=self.sources.of(tuple(named)),
        )

    def _written(self, exclusion_id: str) -> Exclusion:
        return next(one for one in self.catalogue.rules.exclusions if one.id == exclusion_id)

    def _titles(self, facts: Sequence[str]) -> str:
        return ", ".join(self.found.titles[fact] for fact in dict.fromkeys(facts))


def _is_all(cells: Sequence[Finding], state: State) -> bool:
    return all(finding.state is state for finding in cells)


def _listed(texts: Sequence[str], of: Sequence[Standing], *, is_most: bool) -> str:
    """The choices of one state; the longer list is that of all others."""
    if len(texts) == len(of):
        return "All"
    return "All others" if is_most and len(texts) >= MANY else "; ".join(texts)
