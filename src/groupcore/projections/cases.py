"""Answers of the casebook: a case with all that it stands on, and how precise a rule is."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from groupcore.events import facts


@frozen(kw_only=True)
class CaseFinding:
    """One policy's objection to the message of a case."""

    rule: str
    policy: str
    category: str
    severity: str
    spans: int


@frozen(kw_only=True)
class CaseAppeal:
    """The appeal against a sanction; ``outcome`` is None while it is open.

    It is upheld, reduced or overturned, or ``superseded`` where staff removed the member for the same message.
    """

    at: int
    by: str | None
    decided_at: int | None
    decided_by: str | None
    outcome: str | None


@frozen(kw_only=True)
class CaseReview:
    """What a case came to when a strike that it stood on was voided: ``kind`` and ``until`` as it would have been.

    ``kind`` is None where nothing would have followed; ``lifted`` says that it was taken back, not only listed.
    """

    id: str
    at: int
    kind: facts.OrderKind | None
    until: int | None
    lifted: bool


@frozen(kw_only=True)
class Case:
    """A sanction and what it stands on.

    ``origin`` says who gave it: the ladder, the blocklist, staff (``by``), or an appeal that put it in the place of a
    graver one (``instead_of``). ``fact`` is the id of the fact that it answers, ``message`` the platform's id of the
    message. ``rule`` is that of its strike. ``lifted_by`` is the event that took it back. ``reviews`` say how often
    it was decided again, and ``violations`` how many messages passed it over.
    """

    id: str
    kind: facts.OrderKind
    origin: Literal["ladder", "blocklist", "staff", "appeal"]
    group: str
    member: str
    at: int
    until: int | None
    message: str | None
    fact: str
    by: str | None
    rule: str | None
    lifted_at: int | None
    lifted_by: str | None
    instead_of: str | None
    violations: int
    findings: tuple[CaseFinding, ...] = ()
    appeal: CaseAppeal | None = None
    reviews: tuple[CaseReview, ...] = ()


@frozen(kw_only=True)
class Precision:
    """How often a rule objected, what came of it, and what was said on appeal.

    Of the ``findings``, ``idle`` could lead to nothing: on trial, beyond the limit of the rule, or let through.
    ``milder`` sanctions would have been milder without a strike that was voided later.
    """

    rule: str
    findings: int
    idle: int
    sanctions: int
    appealed: int
    upheld: int
    reduced: int
    overturned: int
    superseded: int
    milder: int
