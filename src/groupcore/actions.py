"""What a platform is to do: the outward effects of events, in words that any bot can carry out.

groupcore never acts outward. It hands actions to the caller, each with a key that is the same in every attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from attrs import frozen

from groupcore.events import facts, verdicts
from groupcore.events.base import Event

Deed = Literal["delete-message", "warn", "mute", "unmute", "kick", "block", "unblock", "say"]


@frozen(kw_only=True)
class Action:
    """One thing to do on the platform.

    ``key`` is the id of the event that asks for it, and the deed where it asks for several: use it to do a thing once.
    ``until`` ends a mute or a block (None: never), ``scope`` is where a block holds, ``text`` what is to be said.
    """

    key: str
    do: Deed
    group: str | None
    member: str | None = None
    message: str | None = None
    until: int | None = None
    scope: Literal["group", "org"] | None = None
    text: str | None = None


def actions_for(events: Iterable[Event]) -> tuple[Action, ...]:
    """What is to be done about *events*, in their order."""
    return tuple(action for event in events for action in _actions(event))


def _actions(event: Event) -> Iterator[Action]:
    make = _MAKERS.get(event.__class__)
    if make is None:
        return
    wanted = make(event)
    for settings in wanted:
        key = event.id if len(wanted) == 1 else f"{event.id}/{settings['do']}"
        yield Action(key=key, group=event.group, **settings)


Settings = dict[str, Any]


def _sanctioned(event: facts.SanctionOrdered) -> list[Settings]:
    return [{"do": event.sanction, "member": event.member, "message": event.message, "until": event.until}]


def _lifted(event: facts.SanctionLifted) -> list[Settings]:
    wanted: tuple[tuple[str, str], ...] = (("mute", "unmute"), ("block", "unblock"))
    return [
        {"do": do, "member": event.member, "scope": "group" if kind == "block" else None}
        for kind, do in wanted
        if event.sanction in (kind, "all")
    ]


def _scope(event: Event) -> str:
    """Where a block of staff holds: the place of the fact says it, whatever its data says."""
    return "org" if event.group is None else "group"


def _voided(event: verdicts.SanctionVoided) -> list[Settings]:
    return [{"do": "unmute", "member": event.member}] if event.kind == "mute" else []


_MAKERS: dict[type[Event], Callable[[Any], list[Settings]]] = {
    verdicts.MessageDeleted: lambda event: [{"do": "delete-message", "message": event.message}],
    verdicts.MemberWarned: lambda event: [{"do": "warn", "member": event.member, "message": event.message}],
    verdicts.MemberMuted: lambda event: [
        {"do": "mute", "member": event.member, "message": event.message, "until": event.until}
    ],
    verdicts.MemberKicked: lambda event: [{"do": "kick", "member": event.member, "message": event.message}],
    verdicts.MemberBlocked: lambda event: [{"do": "block", "member": event.member, "scope": event.scope}],
    verdicts.MemberUnblocked: lambda event: [{"do": "unblock", "member": event.member, "scope": event.scope}],
    verdicts.MemberUnmuted: lambda event: [{"do": "unmute", "member": event.member}],
    verdicts.StatementPosted: lambda event: [{"do": "say", "member": event.member, "text": event.text}],
    verdicts.SanctionVoided: _voided,
    facts.SanctionOrdered: _sanctioned,
    facts.SanctionLifted: _lifted,
    facts.PersonBlocked: lambda event: [
        {"do": "block", "member": event.person, "scope": _scope(event), "until": event.until}
    ],
    facts.PersonUnblocked: lambda event: [{"do": "unblock", "member": event.person, "scope": _scope(event)}],
}
