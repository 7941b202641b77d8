"""The evidence of an assessment: of some questions, or all of it by questionnaire. No level stands in it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from assessments.catalogue.schema import Catalogue, Gate, Item, LevelQuestion
from assessments.models import Assessment, EvidenceItem
from assessments.selectors.workbook import Questionnaire, Workbook
from assessments.uploads import KINDS
from assessments.uploads.limits import MEGABYTE

Pieces = dict[str, tuple[EvidenceItem, ...]]
Provable = LevelQuestion | Gate

SCHEMES = ("http", "https")
KILOBYTE = 1024

_KIND_TITLES = {kind.content_type: kind.title for kind in KINDS.values()}


def evidence_of(assessment: Assessment, items: Collection[str] | None = None) -> Pieces:
    """By question or gate, in the order in which it was added; of `items`, or of all. One query; none for no items,
    nor where the assessment was read with `has_evidence` and has none."""
    if not getattr(assessment, "has_evidence", True):
        return {}
    return _by_item(_of(assessment, items))


def evidence_with_adders(assessment: Assessment, items: Collection[str] | None = None) -> Pieces:
    """The same, each piece with `added_by`: the name of who added it, whoever changed it since."""
    return _by_item(_of(assessment, items).annotate(added_by=_adder()))


def _by_item(pieces: Iterable[EvidenceItem]) -> Pieces:
    found: dict[str, list[EvidenceItem]] = {}
    for piece in pieces:
        found.setdefault(piece.item, []).append(piece)
    return {item: tuple(kept) for item, kept in found.items()}


def _of(assessment: Assessment, items: Collection[str] | None) -> QuerySet[EvidenceItem]:
    pieces = EvidenceItem.objects.filter(assessment=assessment)
    return pieces if items is None else pieces.filter(item__in=items)


def _adder() -> Coalesce:
    """Out of the history: the row itself says who changed it last."""
    first = EvidenceItem.pgh_event_model.objects.filter(pgh_obj=OuterRef("pk")).order_by("pgh_id")  # type: ignore[attr-defined]
    return Coalesce(Subquery(first.values(name=_name_of("changed_by"))[:1]), _name_of("changed_by"))


def _name_of(user: str) -> Coalesce:
    return Coalesce(NullIf(f"{user}__name", Value("")), f"{user}__email", output_field=CharField())


def provable(catalogue: Catalogue, item_id: str) -> Provable | None:
    """The question or gate with this id, if evidence can be given for it: facts need none."""
    item = catalogue.items.get(item_id)
    return item if isinstance(item, Provable) else None


def provable_among(items: Iterable[Item]) -> tuple[str, ...]:
    return tuple(item.id for item in items if isinstance(item, Provable))


def questionnaire_of(catalogue: Catalogue, item_id: str) -> str:
    """The slug of the questionnaire that a question or gate belongs to; none where the catalogue lacks it."""
    if item_id not in catalogue.items:
        return ""
    barrier = catalogue.barrier_of(item_id)
    return barrier.id if barrier else "profile"


# In words


def about(piece: EvidenceItem) -> str:
    """What a piece is: "PDF, 240 kB", or "link to www.example.org"."""
    if piece.is_file:
        return f"{_KIND_TITLES.get(piece.content_type, 'file')}, {size_in_words(piece.size)}"
    return f"link to {host_of(piece.link)}"


def host_of(link: str) -> str:
    """As the network knows it: a name in other letters that looks like a well-known one is seen for what it is."""
    host = urlsplit(link).hostname or ""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def is_web_link(link: str) -> bool:
    """Whether it may be followed: `link` is all that our pages would ever put into an address."""
    return urlsplit(link).scheme in SCHEMES


def size_in_words(size: int) -> str:
    if size < MEGABYTE:
        return f"{max(1, round(size / KILOBYTE))} kB"
    return f"{size / MEGABYTE:.1f}".removesuffix(".0") + " MB"


# All of it


@dataclass(frozen=True)
class ProvedItem:
    """`id` of a question that the catalogue's edition does not have is its title too."""

    id: str
    title: str
    is_asked: bool
    pieces: tuple[EvidenceItem, ...]


@dataclass(frozen=True)
class ProvedQuestionnaire:
    slug: str
    title: str
    items: tuple[ProvedItem, ...]


def evidence_page(book: Workbook) -> tuple[ProvedQuestionnaire, ...]:
    """All evidence in asking order, also of questions that are not asked now, or not any more."""
    pieces = evidence_with_adders(book.assessment)
    known = tuple(_proved(found, pieces) for found in book.questionnaires)
    gone = tuple(
        ProvedItem(item, item, False, kept) for item, kept in pieces.items() if item not in book.catalogue.items
    )
    rest = ProvedQuestionnaire("", "Questions of an earlier catalogue", gone)
    return tuple(found for found in (*known, rest) if found.items)


def _proved(found: Questionnaire, pieces: Pieces) -> ProvedQuestionnaire:
    return ProvedQuestionnaire(found.slug, found.title, tuple(_proved_items(found, pieces)))


def _proved_items(found: Questionnaire, pieces: Pieces) -> Iterator[ProvedItem]:
    asked = {item.id for item in found.items()}
    for item in found.part.items:
        if item.id in pieces:
            yield ProvedItem(item.id, item.title, item.id in asked, pieces[item.id])
