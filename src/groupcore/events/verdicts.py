"""The verdicts: what was decided about a fact, with the evidence for it.

Those that answer one fact come in this order: findings, abstentions, strike, sanction, deletion, block, statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from attrs import frozen

from groupcore.events.base import ORG, VerdictEvent, event
from groupcore.events.facts import OrderKind, Scope

Span = tuple[int, int]
SeverityName = Literal["minor", "normal", "severe"]


@event("finding-recorded", keyed=("rule",))
@frozen(kw_only=True)
class FindingRecorded(VerdictEvent):
    """A policy objected to a message, or to the name of a member: then ``message`` is None, and ``spans`` count in it.

    ``spans`` are pairs of code points of the original text. ``counted`` are the messages that a window rule counted
    and consumed. ``late`` findings and those of ``exempt`` members lead to nothing; ``coarse`` says that the clock
    was hardly fine enough for the window.
    """

    message: str | None
    author: str
    rule: str
    policy: str
    category: str
    severity: SeverityName
    exempt: bool
    spans: tuple[Span, ...]
    evidence: Mapping[str, Any]
    counted: tuple[str, ...] = ()
    coarse: bool = False
    late: bool = False


@event("rule-abstained", keyed=("rule",))
@frozen(kw_only=True)
class RuleAbstained(VerdictEvent):
    """A rule cannot judge here; said once per group, rule and reason, until the rulebook or the clock changes."""

    message: str
    rule: str
    reason: str
    resolution: str


@event("strike-recorded")
@frozen(kw_only=True)
class StrikeRecorded(VerdictEvent):
    """A strike against a member, live while at < ``expires`` (None: for ever). ``strikes`` counts the live ones.

    ``message`` is None where it is for a name.
    """

    member: str
    message: str | None
    rule: str
    category: str
    severity: SeverityName
    expires: int | None
    strikes: int


@event("member-warned")
@frozen(kw_only=True)
class MemberWarned(VerdictEvent):
    """A warning, for the nth live strike; for a message or, where that is None, for a name."""

    member: str
    message: str | None
    strikes: int


@event("member-muted")
@frozen(kw_only=True)
class MemberMuted(VerdictEvent):
    """A mute: in force while at < ``until`` (None: for ever); ``message`` is None where it is for a name."""

    member: str
    message: str | None
    until: int | None


@event("member-kicked")
@frozen(kw_only=True)
class MemberKicked(VerdictEvent):
    """A removal: by the ladder, or because a blocked person came back (``message`` is None when they joined)."""

    spelled: ClassVar[Mapping[str, str]] = {"because": "cause"}

    member: str
    because: Literal["ladder", "blocklist"]
    message: str | None


@event("message-deleted")
@frozen(kw_only=True)
class MessageDeleted(VerdictEvent):
    """The message is to be deleted. It still counts in windows: deleting is no way to reset a flood."""

    message: str


@frozen(kw_only=True)
class _OnABlocklist(VerdictEvent):
    """What happens to a blocklist: that of the group, or that of the organisation."""

    member: str
    scope: Scope

    @property
    def stream(self) -> str:
        """What concerns the organisation's blocklist lies on its stream, since every group must see it."""
        return ORG if self.scope == "org" or self.group is None else f"group/{self.group}"


@event("member-blocked", keyed=("scope",))
@frozen(kw_only=True)
class MemberBlocked(_OnABlocklist):
    """The member is on the blocklist of the group or of the organisation, and is kicked again on rejoining."""


@event("statement-posted")
@frozen(kw_only=True)
class StatementPosted(VerdictEvent):
    """What is to be said in the group about a removal, citing the rule."""

    member: str
    rule: str
    text: str


@event("strike-voided", keyed=("strike",))
@frozen(kw_only=True)
class StrikeVoided(VerdictEvent):
    """A strike counts no more, since the appeal against its sanction was overturned."""

    member: str
    strike: str


@event("sanction-voided", keyed=("sanction",))
@frozen(kw_only=True)
class SanctionVoided(VerdictEvent):
    """A sanction is lifted, since the appeal against it was overturned. ``kind`` is what it was."""

    member: str
    sanction: str
    kind: OrderKind


@event("member-unblocked", keyed=("scope", "member"))
@frozen(kw_only=True)
class MemberUnblocked(_OnABlocklist):
    """A block is over: the sanction that it came with was overturned, or its time has run out."""


@event("member-unmuted", keyed=("member",))
@frozen(kw_only=True)
class MemberUnmuted(VerdictEvent):
    """A mute ran out: the platform is to be told. ``until`` is when it ended."""

    member: str
    until: int
