"""Duplicates: one member posts the same thing again and again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from attrs import field, frozen, validators

from groupcore.policies.base import Match, Threshold, WindowPolicy, one_more, register
from groupcore.state.window import Post, Windows


@register
@frozen(kw_only=True)
class DuplicatePolicy(WindowPolicy):
    """The ``count``-th equal message of one member within ``window`` is a finding; then the count starts anew.

    Messages are equal when their text, folded (width, case, invisible characters) and stripped of white space, and
    their parts are. Those shorter than ``min_chars`` after folding are not compared: people say "ok" often.
    """

    kind: ClassVar[str] = "duplicate"

    count: int = field(validator=validators.ge(2))
    min_chars: int = field(default=1, validator=validators.ge(1))

    def find(self, post: Post, windows: Windows) -> Match | None:
        """A match when *post* completes the count. Keys are compared only where enough posts lie in the window."""
        earlier = windows.mine(post, self.window, self.id, self.count - 1)
        if len(earlier) + 1 < self.count:
            return None
        key = post.key
        if len(key) < self.min_chars:
            return None
        counted = [other.id for other in earlier if other.key == key]
        if len(counted) + 1 < self.count:
            return None
        counted.append(post.id)
        return Match(
            rule=self.id,
            evidence={"count": len(counted), "limit": self.count, "window": self.window},
            counted=tuple(counted),
        )

    def thresholds(self, evidence: Mapping[str, Any]) -> Iterable[Threshold]:
        """A count that would not have been reached."""
        return one_more("count", self.count, evidence.get("count"))
