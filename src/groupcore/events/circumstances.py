"""Facts about people and things, whatever they say: who is whom, what makes it graver, what is let through.

People note them; a verdict that takes one into account names it.
"""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from groupcore.events.base import Fact, event

ExemptKind = Literal["person", "domain", "mini-program"]
ReportedOutcome = Literal["done", "failed", "not-enforceable"]


@event("identity-linked", natural=("person", "other", "at"), wide=True)
@frozen(kw_only=True)
class IdentityLinked(Fact):
    """Two accounts belong to one person. Links add up: who is linked to either is linked to both."""

    person: str
    other: str
    by: str | None = None


@event("identity-unlinked", natural=("person", "other", "at"), wide=True)
@frozen(kw_only=True)
class IdentityUnlinked(Fact):
    """Two accounts do not belong to one person after all. Only the link between these two goes."""

    person: str
    other: str
    by: str | None = None


@event("aggravation-noted", private=("reason",), natural=("person", "factor", "message", "at"), wide=True)
@frozen(kw_only=True)
class AggravationNoted(Fact):
    """Something makes what a person does graver: ``minor-victim``, ``fraudulent-account`` or another name.

    With a ``message`` it weighs on what that message brings, without one on all that the person does, while
    at < ``until`` (None: for ever). How much, and whether at all, is for the ladder to say.
    """

    person: str
    factor: str
    message: str | None = None
    by: str | None = None
    until: int | None = None
    reason: str = ""


@event("aggravation-withdrawn", private=("reason",), natural=("person", "factor", "message", "at"), wide=True)
@frozen(kw_only=True)
class AggravationWithdrawn(Fact):
    """What was noted about a person, or about a message of theirs, does not hold any more."""

    person: str
    factor: str
    message: str | None = None
    by: str | None = None
    reason: str = ""


@event("exemption-granted", private=("reason",), natural=("of", "value", "at"), wide=True)
@frozen(kw_only=True)
class ExemptionGranted(Fact):
    """A person, a domain (with its subdomains) or a mini-program is let through while at < ``until``."""

    of: ExemptKind
    value: str
    by: str | None = None
    until: int | None = None
    reason: str = ""


@event("exemption-ended", private=("reason",), natural=("of", "value", "at"), wide=True)
@frozen(kw_only=True)
class ExemptionEnded(Fact):
    """A person, a domain or a mini-program is let through no longer."""

    of: ExemptKind
    value: str
    by: str | None = None
    reason: str = ""


@event("label-granted", natural=("member", "label", "at"), wide=True)
@frozen(kw_only=True)
class LabelGranted(Fact):
    """A member got a label (``regular``, ``customer``, ``planted`` ...). Labels tell people apart and give no power."""

    member: str
    label: str
    by: str | None = None


@event("label-removed", natural=("member", "label", "at"), wide=True)
@frozen(kw_only=True)
class LabelRemoved(Fact):
    """A member lost a label."""

    member: str
    label: str
    by: str | None = None


@event("action-reported", private=("detail",), natural=("action", "outcome", "at"), wide=True)
@frozen(kw_only=True)
class ActionReported(Fact):
    """What became of an action on the platform: ``action`` is its key. Some platforms cannot mute, for one."""

    action: str
    outcome: ReportedOutcome
    detail: str = ""
