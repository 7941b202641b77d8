"""Why something is asked, and what is behind it: the catalogue's words with sources resolved, as pages print them."""

from dataclasses import dataclass
from functools import lru_cache

from assessments.catalogue.schema import Catalogue, Claim, Item, LawChange, Source


@dataclass(frozen=True)
class Backed:
    """A claim as it is printed: guidance is called guidance, everything else names its sources."""

    text: str
    is_guidance: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Reasons:
    claims: tuple[Backed, ...]
    law: tuple[LawChange, ...]


@lru_cache(maxsize=4096)
def reasons(catalogue: Catalogue, item_id: str) -> Reasons:
    item: Item = catalogue.item(item_id)
    return Reasons(
        claims=tuple(backed(catalogue, claim) for claim in item.claims),
        law=tuple(catalogue.law_change(change) for change in item.law),
    )


def backed(catalogue: Catalogue, claim: Claim) -> Backed:
    return Backed(claim.text, claim.mark.is_guidance, tuple(catalogue.source(source) for source in claim.sources))
