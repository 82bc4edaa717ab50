"""Wishes about sanctions and blocks, and about appeals against them."""

from __future__ import annotations

from typing import ClassVar, Literal

from attrs import field, frozen

from groupcore.commands.base import Command, duration_or_none, instant_or_never, words_in
from groupcore.sanctions import LiftKind, OrderKind, ReducedKind


@frozen(kw_only=True)
class OrderSanction(Command):
    """Staff wants a member told, warned, muted or restricted (``until``; None is for ever), kicked or banned.

    A restriction names ``restrictions``; with ``slow-mode``, ``slow`` is the time between two messages.
    """

    leads_to: ClassVar[str] = "sanction-ordered"

    group: str
    member: str
    sanction: OrderKind
    by: str
    until: int | None = field(default=None, converter=instant_or_never)
    message: str | None = None
    reason: str = ""
    restrictions: tuple[str, ...] = field(default=(), converter=words_in)
    slow: int | None = field(default=None, converter=duration_or_none)


@frozen(kw_only=True)
class LiftSanction(Command):
    """Staff wants to pardon a member: one kind of sanction, or ``all``."""

    leads_to: ClassVar[str] = "sanction-lifted"

    group: str
    member: str
    sanction: LiftKind
    by: str
    reason: str = ""


@frozen(kw_only=True)
class BlockPerson(Command):
    """Staff wants somebody kept out of a group, or (``group`` None) out of all groups: those of ``owner``, if named."""

    leads_to: ClassVar[str] = "person-blocked"

    group: str | None
    person: str
    by: str | None = None
    until: int | None = field(default=None, converter=instant_or_never)
    reason: str = ""
    owner: str | None = None


@frozen(kw_only=True)
class UnblockPerson(Command):
    """Staff wants somebody taken off the blocklist of a group, or (``group`` None) of the organisation.

    With an ``owner``, off that of their groups.
    """

    leads_to: ClassVar[str] = "person-unblocked"

    group: str | None
    person: str
    by: str | None = None
    reason: str = ""
    owner: str | None = None


@frozen(kw_only=True)
class FileAppeal(Command):
    """A member, or somebody for them, contests a sanction."""

    leads_to: ClassVar[str] = "appeal-filed"

    group: str
    member: str
    sanction: str
    by: str | None = None
    reason: str = ""


@frozen(kw_only=True)
class DecideAppeal(Command):
    """Staff decides an appeal: ``reduced`` says to what, and ``domino`` what becomes of sanctions that stood on it."""

    leads_to: ClassVar[str] = "appeal-decided"
    whole: ClassVar[bool] = True

    group: str
    sanction: str
    by: str
    outcome: Literal["upheld", "reduced", "overturned"]
    reason: str = ""
    reduced_to: ReducedKind | None = None
    until: int | None = field(default=None, converter=instant_or_never)
    domino: Literal["lift", "list"] = "lift"
