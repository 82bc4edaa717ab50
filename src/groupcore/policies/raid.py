"""Raids: many members post the same thing. Advisory, since people quote and greet alike."""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import Attribute, field, frozen, validators

from groupcore.policies.base import Match, Severity, WindowPolicy, register
from groupcore.state.window import Post, Windows


def _advisory(_: Any, __: Attribute[Severity], value: Severity) -> None:
    if value != "minor":
        raise ValueError(f"a raid finding is advisory: severity must be 'minor', found {value!r}")


@register
@frozen(kw_only=True)
class RaidPolicy(WindowPolicy):
    """The same message from ``authors`` different members within ``window`` is a finding, for people to look at.

    Nobody is punished for it: who was the first to say a thing cannot be told from those who repeat it.
    Messages shorter than ``min_chars`` after folding are not compared.
    """

    kind: ClassVar[str] = "raid"

    authors: int = field(validator=validators.ge(2))
    min_chars: int = field(default=10, validator=validators.ge(1))
    severity: Severity = field(default="minor", validator=_advisory)

    def find(self, post: Post, windows: Windows) -> Match | None:
        """A match when *post* brings in the last author that was missing. O(log n) in the equal posts."""
        if len(post.key) < self.min_chars:
            return None
        earlier = windows.alike(post, self.window, self.id)
        if len(earlier) + 1 < self.authors:
            return None
        authors = {other.author for other in earlier} | {post.author}
        if len(authors) < self.authors:
            return None
        counted = (*(other.id for other in earlier), post.id)
        return Match(
            rule=self.id,
            evidence={"authors": len(authors), "limit": self.authors, "window": self.window},
            counted=counted,
        )
