"""The verdicts: what was decided about a fact, with the evidence for it.

Those that answer one fact come in this order: findings, abstentions, alarm, strike, aggravations, sanction, violation,
deletion, block, statement. Those about sanctions are in `sanctions`, and may be had from here as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import frozen

from groupcore.events.base import ORG, VerdictEvent, event
from groupcore.events.facts import Scope
from groupcore.events.sanctions import MemberBanned as MemberBanned
from groupcore.events.sanctions import MemberKicked as MemberKicked
from groupcore.events.sanctions import MemberMuted as MemberMuted
from groupcore.events.sanctions import MemberNotified as MemberNotified
from groupcore.events.sanctions import MemberRestricted as MemberRestricted
from groupcore.events.sanctions import MemberUnmuted as MemberUnmuted
from groupcore.events.sanctions import MemberWarned as MemberWarned
from groupcore.events.sanctions import RestrictionEnded as RestrictionEnded
from groupcore.events.sanctions import SanctionEnded as SanctionEnded
from groupcore.events.sanctions import SanctionGiven as SanctionGiven
from groupcore.events.sanctions import SanctionRecomputed as SanctionRecomputed
from groupcore.events.sanctions import SanctionReduced as SanctionReduced
from groupcore.events.sanctions import SanctionRenewed as SanctionRenewed
from groupcore.events.sanctions import SanctionViolated as SanctionViolated
from groupcore.events.sanctions import SanctionVoided as SanctionVoided

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
    shadow: bool = False
    capped: bool = False
    excused: bool = False


@event("rule-abstained", keyed=("rule",))
@frozen(kw_only=True)
class RuleAbstained(VerdictEvent):
    """A rule cannot judge here; said once per group, rule and reason, until the rulebook or the clock changes."""

    message: str
    rule: str
    reason: str
    resolution: str


@frozen(kw_only=True)
class _Wide(VerdictEvent):
    """What may hold beyond a group: in all groups of an ``owner``, or in the organisation."""

    scope: Scope = "group"

    @property
    def stream(self) -> str:
        """What reaches beyond the group lies on the organisation's stream, since every group must see it."""
        return ORG if self.scope != "group" or self.group is None else f"group/{self.group}"


@event("strike-recorded")
@frozen(kw_only=True)
class StrikeRecorded(_Wide):
    """A strike against a member, live while at < ``expires`` (None: for ever). ``strikes`` is what the live ones weigh.

    ``message`` is None where it is for a name. ``weight`` is what it counts at first; with ``decay`` it loses one of
    it each so many microseconds. ``clean`` is the good behaviour, in microseconds, after which it is forgotten.
    ``owner`` is whose groups it counts in, where the scope says so, ``steps`` by how much aggravation raised the rung.
    """

    member: str
    message: str | None
    rule: str
    category: str
    severity: SeverityName
    expires: int | None
    strikes: int
    weight: int = 1
    decay: int | None = None
    clean: int | None = None
    owner: str | None = None
    steps: int = 0


@event("aggravation-applied", keyed=("factor",))
@frozen(kw_only=True)
class AggravationApplied(VerdictEvent):
    """What was noted about the member or the message raised the rung by so many ``steps``."""

    member: str
    message: str | None
    factor: str
    steps: int


@event("breaker-tripped", keyed=("rule",))
@frozen(kw_only=True)
class BreakerTripped(VerdictEvent):
    """An alarm: a rule struck ``limit`` times within ``window`` microseconds. For now it only records findings."""

    message: str | None
    rule: str
    limit: int
    window: int


@event("message-deleted")
@frozen(kw_only=True)
class MessageDeleted(VerdictEvent):
    """The message is to be deleted. It still counts in windows: deleting is no way to reset a flood."""

    message: str


@frozen(kw_only=True)
class _OnABlocklist(_Wide):
    """What happens to a blocklist: that of the group, of an owner's groups, or that of the organisation."""

    scope: Scope
    member: str
    owner: str | None = None

    @property
    def id(self) -> str:
        """One fact may be about the groups of several owners."""
        return super().id if self.owner is None else f"{super().id}/{self.owner}"


@event("member-blocked", keyed=("scope",))
@frozen(kw_only=True)
class MemberBlocked(_OnABlocklist):
    """The member is on the blocklist while at < ``until`` (None: for ever), and is kicked again on rejoining."""

    until: int | None = None


@event("statement-posted")
@frozen(kw_only=True)
class StatementPosted(VerdictEvent):
    """What is to be said in the group about a removal, citing the rule."""

    member: str
    rule: str
    text: str


@event("strike-voided", keyed=("strike",))
@frozen(kw_only=True)
class StrikeVoided(_Wide):
    """A strike counts no more, since the appeal against its sanction was overturned. ``scope`` is the strike's."""

    member: str
    strike: str


@event("case-opened", keyed=())
@frozen(kw_only=True)
class CaseOpened(VerdictEvent):
    """A report opened a case about a member, for a message or (None) at large. ``case`` is the id of that report."""

    case: str
    member: str
    message: str | None


@event("case-joined", keyed=())
@frozen(kw_only=True)
class CaseJoined(VerdictEvent):
    """A report joined an open case, which has so many ``reports`` now."""

    case: str
    member: str
    reports: int


@event("report-ignored", keyed=())
@frozen(kw_only=True)
class ReportIgnored(VerdictEvent):
    """A report changes nothing: its reporter is ``muted``, or ``reported-before`` the same."""

    member: str
    because: Literal["muted", "reported-before"]


@event("member-unblocked", keyed=("scope", "member"))
@frozen(kw_only=True)
class MemberUnblocked(_OnABlocklist):
    """A block is over: the sanction that it came with was overturned, or its time has run out."""
