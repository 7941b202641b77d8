"""One pass over the answers: as claimed or as evidenced, with the unknowns at worst or at best (rule 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Run:
    """`worst`: unknown answers count as the worst answer. `against`: what only may apply is taken against the
    service. The four runs that are reported set both alike; a mixed run settles one of the two."""

    claimed: bool
    worst: bool
    against: bool

    @property
    def with_answers_turned(self) -> Run:
        return replace(self, worst=not self.worst)

    @property
    def with_facts_turned(self) -> Run:
        return replace(self, against=not self.against)


EVIDENCED_WORST = Run(claimed=False, worst=True, against=True)
EVIDENCED_BEST = Run(claimed=False, worst=False, against=False)
CLAIMED_WORST = Run(claimed=True, worst=True, against=True)
CLAIMED_BEST = Run(claimed=True, worst=False, against=False)
