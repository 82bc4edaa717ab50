"""Verdicts about sanctions: given by the ladder, renewed, passed over, taken back, and over.

The classes say which kind they are about; what there is to know of a kind is in `groupcore.sanctions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import attrs
from attrs import frozen

from groupcore.events.base import VerdictEvent, event, event_types
from groupcore.events.facts import Restriction
from groupcore.sanctions import OrderKind


@frozen(kw_only=True)
class SanctionGiven(VerdictEvent):
    """What the ladder does to a member, for a message or, where that is None, for a name."""

    kind: ClassVar[OrderKind]

    member: str
    message: str | None


@frozen(kw_only=True)
class SanctionEnded(VerdictEvent):
    """A sanction ran out: the platform is to be told. ``until`` is when it ended."""

    kind: ClassVar[OrderKind]

    member: str
    until: int


@event("member-notified")
@frozen(kw_only=True)
class MemberNotified(SanctionGiven):
    """The member is told, and nothing more: the mildest sanction."""

    kind: ClassVar[OrderKind] = "notice"

    rule: str


@event("member-warned")
@frozen(kw_only=True)
class MemberWarned(SanctionGiven):
    """A warning, for the nth live strike; for a message or, where that is None, for a name."""

    kind: ClassVar[OrderKind] = "warn"

    strikes: int


@event("member-restricted")
@frozen(kw_only=True)
class MemberRestricted(SanctionGiven):
    """The member may not do some things while at < ``until``: links, media, or more than one message each ``slow``."""

    kind: ClassVar[OrderKind] = "restrict"

    until: int | None
    restrictions: tuple[Restriction, ...]
    slow: int | None = None


@event("member-muted")
@frozen(kw_only=True)
class MemberMuted(SanctionGiven):
    """A mute: in force while at < ``until`` (None: for ever); ``message`` is None where it is for a name."""

    kind: ClassVar[OrderKind] = "mute"

    until: int | None


@event("member-kicked")
@frozen(kw_only=True)
class MemberKicked(SanctionGiven):
    """A removal: by the ladder, or because a blocked person came back (``message`` is None when they joined)."""

    kind: ClassVar[OrderKind] = "kick"
    spelled: ClassVar[Mapping[str, str]] = {"because": "cause"}

    because: Literal["ladder", "blocklist"]
    message: str | None


@event("member-banned")
@frozen(kw_only=True)
class MemberBanned(SanctionGiven):
    """Removed for good, from the group and all others of the organisation: a block of that scope comes with it."""

    kind: ClassVar[OrderKind] = "ban"


@event("sanction-renewed", keyed=("sanction",))
@frozen(kw_only=True)
class SanctionRenewed(VerdictEvent):
    """Somebody came back before a mute or restriction was over: it still holds, and the platform is told again."""

    member: str
    sanction: str
    kind: OrderKind
    until: int | None
    restrictions: tuple[Restriction, ...] = ()
    slow: int | None = None


@event("sanction-violated", keyed=("sanction",))
@frozen(kw_only=True)
class SanctionViolated(VerdictEvent):
    """A message that a sanction forbids: a restriction was passed over, or the platform cannot enforce a mute."""

    member: str
    message: str
    sanction: str
    kind: OrderKind
    what: Restriction | None = None


@event("sanction-voided", keyed=("sanction",))
@frozen(kw_only=True)
class SanctionVoided(VerdictEvent):
    """A sanction is lifted: the appeal against it was overturned or reduced, or it stood on one that was.

    ``kind`` is what it was; ``another`` says that another one of that kind is still in force.
    """

    member: str
    sanction: str
    kind: OrderKind
    another: bool = False


@event("sanction-recomputed", keyed=("sanction",))
@frozen(kw_only=True)
class SanctionRecomputed(VerdictEvent):
    """What a later sanction would have been without the strike that was voided: ``kind`` and ``until`` before, and now.

    ``now_kind`` is None where nothing would have followed. ``lifted`` says that it is taken back, not only listed.
    """

    member: str
    sanction: str
    kind: OrderKind
    until: int | None
    now_kind: OrderKind | None
    now_until: int | None = None
    lifted: bool = False


@event("sanction-reduced", keyed=("sanction",))
@frozen(kw_only=True)
class SanctionReduced(VerdictEvent):
    """A milder sanction takes the place of another, whose appeal was decided so: ``kind`` while at < ``until``."""

    member: str
    sanction: str
    kind: OrderKind
    until: int | None = None
    message: str | None = None


@event("member-unmuted", keyed=("member",))
@frozen(kw_only=True)
class MemberUnmuted(SanctionEnded):
    """A mute ran out: the platform is to be told. ``until`` is when it ended."""

    kind: ClassVar[OrderKind] = "mute"


@event("restriction-ended", keyed=("member",))
@frozen(kw_only=True)
class RestrictionEnded(SanctionEnded):
    """Restrictions ran out: the platform is to be told. ``until`` is when, ``restrictions`` what is allowed again."""

    kind: ClassVar[OrderKind] = "restrict"

    restrictions: tuple[Restriction, ...]


GIVEN: Mapping[str, type[SanctionGiven]] = {
    cls.kind: cls for cls in event_types().values() if issubclass(cls, SanctionGiven)
}
"""The verdict by which the ladder gives a sanction, by kind."""

ENDED: Mapping[str, type[SanctionEnded]] = {
    cls.kind: cls for cls in event_types().values() if issubclass(cls, SanctionEnded)
}
"""The verdict which says that a sanction ran out, by kind."""

PARTICULARS: Mapping[str, tuple[str, ...]] = {
    kind: tuple(name for name in attrs.fields_dict(cls) if name not in attrs.fields_dict(SanctionGiven))
    for kind, cls in GIVEN.items()
}
"""What the verdict of a kind says beyond who it is about, and for which message."""
