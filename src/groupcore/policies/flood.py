"""Floods: many messages of one member within a short time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from attrs import field, frozen, validators

from groupcore.policies.base import Match, Threshold, WindowPolicy, one_more, register
from groupcore.state.window import Post, Windows


@register
@frozen(kw_only=True)
class FloodPolicy(WindowPolicy):
    """The ``count``-th message of one member within ``window`` is a finding; then the count starts anew.

    The window is half-open, ``(t - window, t]``, in the time of the events, so a backlog after an outage is no flood.
    Every message counts, whatever is in it and whatever became of it.
    """

    kind: ClassVar[str] = "flood"

    count: int = field(validator=validators.ge(2))

    def find(self, post: Post, windows: Windows) -> Match | None:
        """A match when *post* completes the count. O(log n) in the author's posts, plus those in the window."""
        earlier = windows.mine(post, self.window, self.id, self.count - 1)
        if len(earlier) + 1 < self.count:
            return None
        counted = (*(other.id for other in earlier), post.id)
        return Match(
            rule=self.id,
            evidence={"count": len(counted), "limit": self.count, "window": self.window},
            counted=counted,
        )

    def thresholds(self, evidence: Mapping[str, Any]) -> Iterable[Threshold]:
        """A count that would not have been reached."""
        return one_more("count", self.count, evidence.get("count"))
