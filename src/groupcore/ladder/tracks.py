"""The ladders of a rulebook side by side: which one a strike climbs, and what weighs on it there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from attrs import Factory, frozen

from groupcore.ladder.ladder import Ladder

if TYPE_CHECKING:
    from groupcore.state.sanction import Strike


@frozen
class Burden:
    """What a strike weighs with those beside it, and whether one of them is severe."""

    weight: int
    severe: bool


@frozen
class Tracks:
    """The ladder that all categories share, and those of categories that have one of their ``own``."""

    shared: Ladder
    own: Mapping[str, Ladder] = Factory(dict)

    def track(self, category: str) -> str:
        """The ladder that strikes of this category climb: its category, or "" for the one that all others share."""
        return category if category in self.own else ""

    def ladder(self, category: str) -> Ladder:
        """What strikes of this category lead to."""
        return self.own.get(category, self.shared)

    def beside(self, category: str, strikes: Iterable[Strike]) -> list[Strike]:
        """Those of *strikes* that climb the same ladder as one of this category, in their order."""
        if not self.own:
            return list(strikes)
        track = self.track(category)
        return [strike for strike in strikes if self.track(strike.category) == track]

    def burden(self, category: str, weight: int, severity: str, live: Iterable[Strike], at: int) -> Burden:
        """What a strike at the time *at* weighs on its ladder, beside the *live* ones that came before it."""
        peers = self.beside(category, live)
        severe = severity == "severe" or any(strike.severity == "severe" for strike in peers)
        return Burden(weight + sum(strike.weight_at(at) for strike in peers), severe)
