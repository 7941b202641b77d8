"""What stands behind what a barrier asks: claims with their sources, and law in motion."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from assessments.catalogue.schema import Catalogue, Claim, Source
from assessments.reports import words


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim with the numbers of its sources in the list below it. Guidance is marked, and is never law."""

    text: str
    is_guidance: bool
    numbers: str


@dataclass(frozen=True, slots=True)
class Behind:
    title: str
    claims: tuple[ClaimLine, ...]


@dataclass(frozen=True, slots=True)
class LawLine:
    anchor: str
    title: str
    change: str
    known: str
    not_known: str
    effect: str
    last_checked: str
    numbers: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """`own_check` is empty where the list says when most were checked; `note` is a letter where several share it."""

    number: int
    title: str
    publisher: str
    year: str
    last_checked: str
    own_check: str
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class SourceList:
    """The sources that the report names. What holds for many stands once, above them: the day on which most were
    checked, and the notes that several share, each with the letter under which a line tells it."""

    last_checked: str
    notes: tuple[tuple[str, str], ...]
    lines: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class Backing:
    behind: tuple[Behind, ...]
    law: tuple[LawLine, ...]
    """Every change that touches what the barrier asks; told in full once, in a part of its own."""


class SourceNumbers:
    """Gives each source its number when a report first names it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.given: dict[str, int] = {}

    def of(self, sources: Sequence[str]) -> str:
        return ", ".join(str(self.given.setdefault(source, len(self.given) + 1)) for source in sources)

    def claim(self, claim: Claim) -> ClaimLine:
        return ClaimLine(claim.text, claim.mark.is_guidance, self.of(claim.sources))

    def law(self, change_id: str) -> LawLine:
        change = self.catalogue.law_change(change_id)
        return LawLine(
            f"law-{change.id}",
            change.title,
            change.change,
            change.known,
            change.not_known,
            change.effect,
            words.day(change.last_checked),
            self.of(change.sources),
        )

    def listed(self) -> SourceList:
        named = [(number, self.catalogue.source(source)) for source, number in self.given.items()]
        checked = Counter(words.day(source.last_checked) for _, source in named).most_common(1)
        usual = checked[0][0] if checked else ""
        shared = [note for note, count in Counter(source.note for _, source in named).items() if note and count > 1]
        letters = dict(zip(shared, ascii_lowercase, strict=False))
        return SourceList(
            last_checked=usual,
            notes=tuple((letter, note) for note, letter in letters.items()),
            lines=tuple(_line(number, source, usual, letters) for number, source in named),
        )


def backing_of(
    catalogue: Catalogue, numbers: SourceNumbers, open_items: Sequence[str], asked_items: Sequence[str]
) -> Backing:
    """The claims of what is open, and the law in motion that touches anything asked."""
    behind = [
        Behind(catalogue.item(item).title, tuple(numbers.claim(claim) for claim in catalogue.item(item).claims))
        for item in open_items
        if catalogue.item(item).claims
    ]
    touched = dict.fromkeys(change for item in asked_items for change in catalogue.item(item).law)
    law = [numbers.law(change) for change in touched]
    return Backing(tuple(behind), tuple(law))


def _line(number: int, source: Source, usual: str, letters: Mapping[str, str]) -> SourceLine:
    checked = words.day(source.last_checked)
    return SourceLine(
        number=number,
        title=source.title,
        publisher=source.publisher,
        year=source.year,
        last_checked=checked,
        own_check="" if checked == usual else checked,
        url=source.url if source.url.startswith(("https://", "http://")) else "",
        note=f"({letters[source.note]})" if source.note in letters else source.note,
    )
