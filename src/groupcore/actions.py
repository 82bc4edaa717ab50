"""What a platform is to do: the outward effects of events, in words that any bot can carry out.

groupcore never acts outward. It hands actions to the caller, each with a key that is the same in every attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

from attrs import frozen

from groupcore.events import facts, verdicts
from groupcore.events.base import Event
from groupcore.events.sanctions import ENDED, GIVEN
from groupcore.sanctions import SANCTIONS, TERMS, OrderKind, SanctionDeed, pardoned_by

Deed = Literal["delete-message", SanctionDeed, "block", "unblock", "say"]


@frozen(kw_only=True)
class Action:
    """One thing to do on the platform.

    ``key`` is the id of the event that asks for it, and the deed where it asks for several: use it to do a thing once.
    ``until`` ends a mute, a restriction or a block (None: never), ``scope`` is where a block holds, and ``owner`` whose
    groups those are. ``text`` is what is to be said. ``restrictions`` are what is forbidden, or allowed again (none
    named: all of them), and ``slow`` is the time between messages in slow mode.
    """

    key: str
    do: Deed
    group: str | None
    member: str | None = None
    message: str | None = None
    until: int | None = None
    scope: facts.Scope | None = None
    text: str | None = None
    owner: str | None = None
    restrictions: tuple[facts.Restriction, ...] = ()
    slow: int | None = None


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


_DEEDS: Mapping[str, Deed] = {kind: known.deed for kind, known in SANCTIONS.items()}
_UNDOES: Mapping[str, Deed] = {kind: known.undo for kind, known in SANCTIONS.items() if known.undo is not None}


def _given(event: verdicts.SanctionGiven) -> list[Settings]:
    return [_sanction(event.kind, event)]


def _again(event: verdicts.SanctionRenewed | verdicts.SanctionReduced) -> list[Settings]:
    return [_sanction(event.kind, event)]


def _sanctioned(event: facts.SanctionOrdered) -> list[Settings]:
    return [_sanction(event.sanction, event)]


def _sanction(kind: OrderKind, event: Any) -> Settings:
    wanted = {"do": _DEEDS.get(kind, kind), "member": event.member, "message": getattr(event, "message", None)}
    if kind in TERMS:
        wanted["until"] = event.until
    if kind == "restrict":
        wanted |= {"restrictions": getattr(event, "restrictions", ()), "slow": getattr(event, "slow", None)}
    return wanted


def _lifted(event: facts.SanctionLifted) -> list[Settings]:
    undone = [_UNDOES[kind] for kind in pardoned_by(event.sanction) if kind in _UNDOES]
    wanted: list[Settings] = [{"do": do, "member": event.member, "scope": None} for do in undone]
    if event.sanction in ("block", "all"):
        wanted.append({"do": "unblock", "member": event.member, "scope": "group"})
    return wanted


def _place(event: facts.PersonBlocked | facts.PersonUnblocked) -> Settings:
    """Where a block of staff holds: the place of the fact says it; beyond a group there are two such places."""
    if event.group is not None:
        return {"scope": "group"}
    return {"scope": "owner", "owner": event.owner} if event.scope == "owner" else {"scope": "org"}


def _voided(event: verdicts.SanctionVoided) -> list[Settings]:
    """What the platform takes back: where another one of the kind is still in force, nothing."""
    if event.kind not in _UNDOES or event.another:
        return []
    return [{"do": _UNDOES[event.kind], "member": event.member}]


def _ended(event: verdicts.SanctionEnded) -> list[Settings]:
    """What is allowed again; where it were all of it, nothing is named."""
    more = {"restrictions": event.restrictions} if isinstance(event, verdicts.RestrictionEnded) else {}
    return [{"do": _UNDOES[event.kind], "member": event.member, **more}]


def _listed(do: Deed, event: verdicts.MemberBlocked | verdicts.MemberUnblocked) -> list[Settings]:
    until = event.until if isinstance(event, verdicts.MemberBlocked) else None
    return [{"do": do, "member": event.member, "scope": event.scope, "owner": event.owner, "until": until}]


_MAKERS: dict[type[Event], Callable[[Any], list[Settings]]] = {
    verdicts.MessageDeleted: lambda event: [{"do": "delete-message", "message": event.message}],
    **dict.fromkeys(GIVEN.values(), _given),
    **dict.fromkeys(ENDED.values(), _ended),
    verdicts.SanctionRenewed: _again,
    verdicts.SanctionReduced: _again,
    verdicts.MemberBlocked: lambda event: _listed("block", event),
    verdicts.MemberUnblocked: lambda event: _listed("unblock", event),
    verdicts.StatementPosted: lambda event: [{"do": "say", "member": event.member, "text": event.text}],
    verdicts.SanctionVoided: _voided,
    facts.SanctionOrdered: _sanctioned,
    facts.SanctionLifted: _lifted,
    facts.PersonBlocked: lambda event: [{"do": "block", "member": event.person, "until": event.until, **_place(event)}],
    facts.PersonUnblocked: lambda event: [{"do": "unblock", "member": event.person, **_place(event)}],
}
