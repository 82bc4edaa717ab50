"""Words for scenes: facts as short as a story needs them.

A scene begins at `START`, in the group ``g1``. ``at`` is how long after that: ``"10s"``, ``"1d"``, an integer of
microseconds, or ``"-5m"`` for before; a time with a date is taken as it is. A message is named by its author and its
time unless it gets a name.

>>> posted("amy", "hello", at="10s").message
'amy@10s'
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from groupcore.clock import Resolution, duration, format_duration, instant
from groupcore.events import (
    AppealDecided,
    AppealFiled,
    GroupOpened,
    MemberJoined,
    MemberLeft,
    MemberRemoved,
    MemberRenamed,
    MessageEdited,
    MessagePosted,
    MessageRevoked,
    PersonBlocked,
    PersonUnblocked,
    RoleGranted,
    RoleRevoked,
    RulebookAdopted,
    SanctionLifted,
    SanctionOrdered,
    TimeAdvanced,
    VerdictEvent,
    new_fact,
)
from groupcore.events.facts import LiftKind, OrderKind, Outcome, Role
from groupcore.messages import Part
from groupcore.rulebook import Rulebook

START = instant("2026-11-01T08:00:00Z")
"""When a scene begins."""

When: TypeAlias = int | str
"""How long after the start, or a time with a date."""

Parts: TypeAlias = Iterable[Part | dict[str, Any]]


def moment(at: When = 0) -> int:
    """Microseconds since the epoch of a time in a scene."""
    if isinstance(at, int):
        return START + at
    if ":" in at:
        return instant(at)
    return START - duration(at[1:]) if at.startswith("-") else START + duration(at)


def adopted(rules: Rulebook, *, at: When = 0) -> RulebookAdopted:
    """From here on *rules* are in force."""
    return new_fact(
        RulebookAdopted,
        at=moment(at),
        group=None,
        name=rules.name,
        digest=rules.digest,
        reader=rules.reader_digest,
        horizon=rules.horizon,
        rulebook=rules.to_mapping(),
    )


def opened(*, owner: str | None = None, at: When = 0, group: str = "g1") -> GroupOpened:
    """A group is opened."""
    return new_fact(GroupOpened, at=moment(at), group=group, owner=owner)


def joined(member: str, *, at: When = 0, group: str = "g1", **more: Any) -> MemberJoined:
    """Somebody joins."""
    return new_fact(MemberJoined, at=moment(at), group=group, member=member, **more)


def renamed(member: str, name: str, *, at: When = 0, group: str = "g1", **more: Any) -> MemberRenamed:
    """A member takes another name."""
    return new_fact(MemberRenamed, at=moment(at), group=group, member=member, name=name, **more)


def left(member: str, *, at: When = 0, group: str = "g1", **more: Any) -> MemberLeft:
    """Somebody leaves."""
    return new_fact(MemberLeft, at=moment(at), group=group, member=member, **more)


def removed(member: str, *, by: str = "lin", at: When = 0, group: str = "g1", **more: Any) -> MemberRemoved:
    """A person removes somebody."""
    return new_fact(MemberRemoved, at=moment(at), group=group, member=member, by=by, **more)


def granted(member: str, role: Role, *, at: When = 0, group: str | None = "g1") -> RoleGranted:
    """Somebody gets a role: in the group, or (group None) in all groups."""
    return new_fact(RoleGranted, at=moment(at), group=group, member=member, role=role)


def revoked_role(member: str, role: Role, *, at: When = 0, group: str | None = "g1") -> RoleRevoked:
    """Somebody loses a role."""
    return new_fact(RoleRevoked, at=moment(at), group=group, member=member, role=role)


def posted(
    author: str,
    text: str = "",
    *,
    at: When = 0,
    group: str = "g1",
    message: str = "",
    parts: Parts = (),
    resolution: Resolution = "us",
) -> MessagePosted:
    """Somebody posts a message."""
    return new_fact(
        MessagePosted,
        at=moment(at),
        group=group,
        message=message or name_of(author, at),
        author=author,
        text=text,
        parts=_parts(parts),
        resolution=resolution,
    )


def edited(
    author: str, text: str = "", *, message: str, at: When = 0, group: str = "g1", parts: Parts = ()
) -> MessageEdited:
    """Somebody changes a message."""
    return new_fact(
        MessageEdited,
        at=moment(at),
        group=group,
        message=message,
        author=author,
        text=text,
        parts=_parts(parts),
    )


def revoked(message: str, *, by: str | None = None, at: When = 0, group: str = "g1") -> MessageRevoked:
    """A message is taken back."""
    return new_fact(MessageRevoked, at=moment(at), group=group, message=message, by=by)


def ordered(
    member: str,
    sanction: OrderKind,
    *,
    by: str = "lin",
    until: When | None = None,
    at: When = 0,
    group: str = "g1",
) -> SanctionOrdered:
    """Staff orders a sanction."""
    end = None if until is None else moment(until)
    return new_fact(SanctionOrdered, at=moment(at), group=group, member=member, sanction=sanction, by=by, until=end)


def lifted(
    member: str, sanction: LiftKind = "all", *, by: str = "lin", at: When = 0, group: str = "g1"
) -> SanctionLifted:
    """Staff pardons somebody."""
    return new_fact(SanctionLifted, at=moment(at), group=group, member=member, sanction=sanction, by=by)


def blocked(
    person: str, *, by: str = "lin", until: When | None = None, at: When = 0, group: str | None = "g1"
) -> PersonBlocked:
    """Staff puts somebody on the blocklist of the group, or (group None) of the organisation."""
    end = None if until is None else moment(until)
    scope: Any = "org" if group is None else "group"
    return new_fact(PersonBlocked, at=moment(at), group=group, person=person, scope=scope, by=by, until=end)


def unblocked(person: str, *, by: str = "lin", at: When = 0, group: str | None = "g1") -> PersonUnblocked:
    """Staff takes somebody off a blocklist."""
    scope: Any = "org" if group is None else "group"
    return new_fact(PersonUnblocked, at=moment(at), group=group, person=person, scope=scope, by=by)


def appealed(member: str, sanction: str, *, at: When = 0, group: str = "g1") -> AppealFiled:
    """A member contests a sanction, named by the id of its event (see `answer_to`)."""
    return new_fact(AppealFiled, at=moment(at), group=group, member=member, sanction=sanction)


def decided(
    sanction: str, outcome: Outcome = "overturned", *, by: str = "lin", at: When = 0, group: str = "g1"
) -> AppealDecided:
    """Staff decides the appeal against a sanction."""
    return new_fact(AppealDecided, at=moment(at), group=group, sanction=sanction, by=by, outcome=outcome)


def advanced(now: When, *, group: str | None = "g1") -> TimeAdvanced:
    """The engine is told the time, and something fell due in the group."""
    return new_fact(TimeAdvanced, at=moment(now), group=group, now=moment(now))


def answer_to(fact: Any, kind: type[VerdictEvent]) -> str:
    """The id that a sanction or strike has when it answers *fact*.

    >>> from groupcore.events import MemberWarned
    >>> answer_to(posted("amy"), MemberWarned).endswith("/member-warned")
    True
    """
    return f"{fact.id}/{kind.type}"


def name_of(author: str, at: When) -> str:
    """The name of a message that has none: its author and time."""
    return f"{author}@{format_duration(at) if isinstance(at, int) and at > 0 else at}"


def _parts(parts: Parts) -> tuple[Part, ...]:
    return tuple(part if isinstance(part, Part) else Part.of(part) for part in parts)
