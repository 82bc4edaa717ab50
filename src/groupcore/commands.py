"""Wishes: what somebody wants done, and the state of the group may refuse.

What was merely observed (a message, a join) is no wish: it is a fact, and is taken as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from attrs import field, frozen

from groupcore.clock import duration, instant
from groupcore.sanctions import LiftKind, OrderKind, ReducedKind


def _instant_or_never(value: object) -> int | None:
    return None if value is None else instant(value)  # type: ignore[arg-type]


def _words(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(words)


def _duration_or_none(value: object) -> int | None:
    return None if value is None else duration(value)  # type: ignore[arg-type]


@frozen(kw_only=True)
class Command:
    """A wish, made at ``at`` by somebody. The same ``id`` again gets the first answer, whenever it comes.

    An id is the caller's: of a request, of a button pressed. Another wish under it is refused (`CommandConflict`);
    ``at`` is no part of what is wished. Without an id, each is a wish of its own.
    """

    leads_to: ClassVar[str] = ""  # the type of the fact that it becomes, whose fields are named as its own
    filled: ClassVar[frozenset[str]] = frozenset()  # fields that are filled in where they are left empty
    whole: ClassVar[bool] = False  # whether all facts that it leads to are recorded at once, or none

    at: int = field(converter=instant)
    id: str = ""


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
    until: int | None = field(default=None, converter=_instant_or_never)
    message: str | None = None
    reason: str = ""
    restrictions: tuple[str, ...] = field(default=(), converter=_words)
    slow: int | None = field(default=None, converter=_duration_or_none)


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
    until: int | None = field(default=None, converter=_instant_or_never)
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
    until: int | None = field(default=None, converter=_instant_or_never)
    domino: Literal["lift", "list"] = "lift"


@frozen(kw_only=True)
class FileReport(Command):
    """A member reports somebody, for a message or (None) at large. ``report`` is the platform's id of it, if any."""

    leads_to: ClassVar[str] = "report-filed"
    filled: ClassVar[frozenset[str]] = frozenset({"report"})

    group: str
    member: str
    reporter: str
    message: str | None = None
    category: str = ""
    reason: str = ""
    report: str = ""


@frozen(kw_only=True)
class CaseCommand(Command):
    """Staff works on a case."""

    group: str
    case: str
    by: str


@frozen(kw_only=True)
class AcknowledgeCase(CaseCommand):
    """Staff has seen a case."""

    leads_to: ClassVar[str] = "case-acknowledged"


@frozen(kw_only=True)
class AssignCase(CaseCommand):
    """Somebody is to deal with a case, or (None) nobody in particular any more."""

    leads_to: ClassVar[str] = "case-assigned"

    to: str | None = None


@frozen(kw_only=True)
class CommentCase(CaseCommand):
    """Staff writes something about a case, closed ones too."""

    leads_to: ClassVar[str] = "case-commented"

    text: str


@frozen(kw_only=True)
class EscalateCase(CaseCommand):
    """A case is too grave for whoever has it."""

    leads_to: ClassVar[str] = "case-escalated"

    reason: str = ""


@frozen(kw_only=True)
class CloseCase(CaseCommand):
    """Staff is done with a case."""

    leads_to: ClassVar[str] = "case-closed"

    outcome: Literal["actioned", "dismissed", "false-report"]
    reason: str = ""


@frozen(kw_only=True)
class MuteReporter(Command):
    """Staff wants reports of somebody to change nothing, here or (``group`` None) anywhere, for a time or for ever."""

    leads_to: ClassVar[str] = "reporter-muted"

    group: str | None
    reporter: str
    by: str
    until: int | None = field(default=None, converter=_instant_or_never)


@frozen(kw_only=True)
class HearReporter(Command):
    """Staff wants reports of somebody to be heard again."""

    leads_to: ClassVar[str] = "reporter-unmuted"

    group: str | None
    reporter: str
    by: str


@frozen(kw_only=True)
class LinkIdentities(Command):
    """Staff notes that two accounts are one person; in a group, or (``group`` None) everywhere."""

    leads_to: ClassVar[str] = "identity-linked"

    group: str | None
    person: str
    other: str
    by: str | None = None


@frozen(kw_only=True)
class UnlinkIdentities(LinkIdentities):
    """Staff notes that two accounts are not one person after all."""

    leads_to: ClassVar[str] = "identity-unlinked"


@frozen(kw_only=True)
class NoteAggravation(Command):
    """Staff notes what makes graver what a person does, or what one ``message`` brings."""

    leads_to: ClassVar[str] = "aggravation-noted"

    group: str | None
    person: str
    factor: str
    message: str | None = None
    by: str | None = None
    until: int | None = field(default=None, converter=_instant_or_never)
    reason: str = ""


@frozen(kw_only=True)
class WithdrawAggravation(Command):
    """Staff takes back what was noted of a person, or of a message."""

    leads_to: ClassVar[str] = "aggravation-withdrawn"

    group: str | None
    person: str
    factor: str
    message: str | None = None
    by: str | None = None
    reason: str = ""


@frozen(kw_only=True)
class GrantExemption(Command):
    """Staff lets a person, a domain or a mini-program through, for a time or for ever."""

    leads_to: ClassVar[str] = "exemption-granted"

    group: str | None
    of: Literal["person", "domain", "mini-program"]
    value: str
    by: str | None = None
    until: int | None = field(default=None, converter=_instant_or_never)
    reason: str = ""


@frozen(kw_only=True)
class EndExemption(Command):
    """Staff lets a person, a domain or a mini-program through no longer."""

    leads_to: ClassVar[str] = "exemption-ended"

    group: str | None
    of: Literal["person", "domain", "mini-program"]
    value: str
    by: str | None = None
    reason: str = ""


@frozen(kw_only=True)
class GrantLabel(Command):
    """Staff gives a member a label, in a group or (``group`` None) everywhere. It gives no power."""

    leads_to: ClassVar[str] = "label-granted"

    group: str | None
    member: str
    label: str
    by: str | None = None


@frozen(kw_only=True)
class RemoveLabel(GrantLabel):
    """Staff takes a label from a member."""

    leads_to: ClassVar[str] = "label-removed"


@frozen(kw_only=True)
class AdvanceTime(Command):
    """The shell tells the time: what fell due until ``at`` takes effect."""


@frozen(kw_only=True)
class HeldText:
    """Events of one stream (``group`` None: of the organisation) that hold private text; ``authors`` wrote them."""

    group: str | None
    events: tuple[str, ...] = ()
    authors: frozenset[str] = frozenset()


@frozen(kw_only=True)
class EraseText(Command):
    """Somebody wants private text gone: what is ``held`` of ``member``, or (None) the events that ``held`` names.

    ``reason`` is a short code that stays in the log.
    """

    member: str | None = None
    held: tuple[HeldText, ...] = ()
    by: str | None = None
    reason: str = ""
