"""Facts of refusals: that somebody wanted what is not for them, and did not get it."""

from __future__ import annotations

from typing import ClassVar, Literal

from attrs import frozen

from groupcore.clock import HOUR
from groupcore.events.base import Fact, event

OutOfPlace = Literal["no-power", "owner", "not-below", "own-sanction", "own-appeal", "own-case", "own-exemption"]
"""Why it was not for them: they have not the power; it was against the owner, or somebody else who is not below them;
it was to lift what stands against themselves, to decide an appeal that they have a part in, to work on a case about
themselves, to let themselves through."""


@event("wish-refused", natural=("by", "wish", "why", "member", "other", "reporter", "what", "hour"), wide=True)
@frozen(kw_only=True)
class WishRefused(Fact):
    """Somebody wanted what is not for them, and was refused. The same within an hour is one fact.

    ``wish`` is the type of the fact that it would have become, ``why`` a code. ``member`` is who was meant, with an
    ``other`` account, or a ``reporter``; ``what`` is what else was named: the sanction, the case, a domain, a label.
    ``request`` is the id that the first such wish came with. It moves no clock, so that nobody makes others late.
    """

    tells_time: ClassVar[bool] = False

    by: str
    wish: str
    why: OutOfPlace
    member: str | None = None
    other: str | None = None
    reporter: str | None = None
    what: str = ""
    request: str = ""

    @property
    def hour(self) -> int:
        """The hour that it falls in, counted from the epoch."""
        return self.at // HOUR
