"""Facts of erasure: that text is to go, and that it is gone."""

from __future__ import annotations

from attrs import frozen

from groupcore.events.base import Fact, event


@event("erasure-ordered", natural=("member", "events", "at"), wide=True)
@frozen(kw_only=True)
class ErasureOrdered(Fact):
    """Private text is to go: all that this stream held of ``member`` by then, or that of its ``events`` named.

    It counts from here on as if it were gone, and `text-erased` says when it is. ``by`` is None where the operator of
    the log did it; ``reason`` is a short code that stays; ``count`` is how many events had text then.
    """

    member: str | None = None
    events: tuple[str, ...] = ()
    by: str | None = None
    reason: str = ""
    count: int = 0


@event("text-erased", natural=("order",), wide=True)
@frozen(kw_only=True)
class TextErased(Fact):
    """What ``order`` wanted gone is gone from this log; ``count`` is how many events had text until now."""

    order: str
    count: int = 0
