"""A policy that objects to shouting, in one file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import floor
from typing import Any, ClassVar

from attrs import Attribute, field, frozen, validators

from groupcore.policies import ContentPolicy, Match, Threshold, register
from groupcore.text import Reading


def _is_a_share(_: Any, __: Attribute[float], value: float) -> None:
    if not 0 < value <= 1:
        raise ValueError(f"a share lies between 0 and 1, found {value}")


@register
@frozen(kw_only=True)
class ShoutingPolicy(ContentPolicy):
    """Objects to messages of at least ``min_letters`` letters of which ``share`` are capitals."""

    kind: ClassVar[str] = "shouting"

    min_letters: int = field(default=20, validator=validators.ge(1))
    share: float = field(default=0.8, validator=_is_a_share)

    def find(self, reading: Reading) -> Match | None:
        """The whole text, when enough of its letters are capitals."""
        letters = [char for char in reading.text if char.isalpha()]
        capitals = sum(char.isupper() for char in letters)
        if len(letters) < self.min_letters or capitals < self.share * len(letters):
            return None
        evidence = {"capitals": capitals, "letters": len(letters)}
        return Match(self.id, spans=((0, len(reading.text)),), evidence=evidence)

    def thresholds(self, evidence: Mapping[str, Any]) -> Iterable[Threshold]:
        """More letters than there were; a share above theirs, in hundredths, where they were not all capitals."""
        letters, share = evidence["letters"], evidence["capitals"] / evidence["letters"]
        yield Threshold("min_letters", self.min_letters, letters + 1)
        if share < 1:
            yield Threshold("share", self.share, floor(share * 100 + 1) / 100)
