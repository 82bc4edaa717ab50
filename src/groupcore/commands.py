"""Wishes: what somebody wants done, and the state of the group may refuse.

What was merely observed (a message, a join) is no wish: it is a fact, and is taken as it is.
"""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen

from groupcore.clock import instant


def _instant_or_never(value: object) -> int | None:
    return None if value is None else instant(value)  # type: ignore[arg-type]


@frozen(kw_only=True)
class Command:
    """A wish, made at ``at`` by somebody; ``id`` names it where nothing about it would."""

    at: int = field(converter=instant)
    id: str = ""


@frozen(kw_only=True)
class OrderSanction(Command):
    """Staff wants a member warned, muted (``until``; None is for ever) or kicked."""

    group: str
    member: str
    sanction: Literal["warn", "mute", "kick"]
    by: str
    until: int | None = field(default=None, converter=_instant_or_never)
    message: str | None = None
    reason: str = ""


@frozen(kw_only=True)
class LiftSanction(Command):
    """Staff wants to pardon a member: one kind of sanction, or ``all``."""

    group: str
    member: str
    sanction: Literal["warn", "mute", "kick", "block", "all"]
    by: str
    reason: str = ""


@frozen(kw_only=True)
class BlockPerson(Command):
    """Staff wants somebody kept out of a group, or (``group`` None) out of all groups."""

    group: str | None
    person: str
    by: str | None = None
    until: int | None = field(default=None, converter=_instant_or_never)
    reason: str = ""


@frozen(kw_only=True)
class UnblockPerson(Command):
    """Staff wants somebody taken off the blocklist of a group, or (``group`` None) of the organisation."""

    group: str | None
    person: str
    by: str | None = None
    reason: str = ""


@frozen(kw_only=True)
class FileAppeal(Command):
    """A member, or somebody for them, contests a sanction."""

    group: str
    member: str
    sanction: str
    by: str | None = None
    reason: str = ""


@frozen(kw_only=True)
class DecideAppeal(Command):
    """Staff decides an appeal: ``reduced`` says to what, and ``domino`` what becomes of sanctions that stood on it."""

    group: str
    sanction: str
    by: str
    outcome: Literal["upheld", "reduced", "overturned"]
    reason: str = ""
    reduced_to: Literal["notice", "warn", "mute", "restrict", "kick"] | None = None
    until: int | None = field(default=None, converter=_instant_or_never)
    domino: Literal["lift", "list"] = "lift"


@frozen(kw_only=True)
class FileReport(Command):
    """A member reports somebody, for a message or (None) at large. ``report`` is the platform's id of it, if any."""

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


@frozen(kw_only=True)
class AssignCase(CaseCommand):
    """Somebody is to deal with a case, or (None) nobody in particular any more."""

    to: str | None = None


@frozen(kw_only=True)
class CommentCase(CaseCommand):
    """Staff writes something about a case, closed ones too."""

    text: str


@frozen(kw_only=True)
class EscalateCase(CaseCommand):
    """A case is too grave for whoever has it."""

    reason: str = ""


@frozen(kw_only=True)
class CloseCase(CaseCommand):
    """Staff is done with a case."""

    outcome: Literal["actioned", "dismissed", "false-report"]
    reason: str = ""


@frozen(kw_only=True)
class MuteReporter(Command):
    """Staff wants reports of somebody to change nothing, here or (``group`` None) anywhere, for a time or for ever."""

    group: str | None
    reporter: str
    by: str
    until: int | None = field(default=None, converter=_instant_or_never)


@frozen(kw_only=True)
class HearReporter(Command):
    """Staff wants reports of somebody to be heard again."""

    group: str | None
    reporter: str
    by: str


@frozen(kw_only=True)
class AdvanceTime(Command):
    """The shell tells the time: what fell due until ``at`` takes effect."""
