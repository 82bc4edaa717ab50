"""The fold: what each event does to the state. It has no opinion, and no observed fact makes it raise.

``evolve`` is the law (a new state), ``advance`` the work (in place). A law of the tests:
``fold(s, events) == reduce(evolve, events, s)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from groupcore.events import facts, verdicts
from groupcore.events.base import Event, Fact
from groupcore.state.community import State
from groupcore.state.group import Group
from groupcore.state.member import Member
from groupcore.state.org import InForce
from groupcore.state.sanction import Appeal, Block, Sanction, SanctionKind, Strike


def fold(state: State, events: Iterable[Event]) -> State:
    """The state after *events*; *state* stays as it was."""
    state = state.fork()
    for event in events:
        advance(state, event)
    return state


def evolve(state: State, event: Event) -> State:
    """The state after *event*; *state* stays as it was. O(state): use `advance` where the state is yours."""
    return fold(state, (event,))


def advance(state: State, event: Event) -> None:
    """Fold *event* into *state*, in place. Independent of the size of the group; unknown events change nothing."""
    id = event.group
    if id is None:
        on_org = _ON_ORG.get(event.__class__)
        if on_org is not None:
            on_org(state, event)
        return
    group = state.groups.get(id)
    if group is None:
        group = state.group(id)
    on_group = _ON_GROUP.get(event.__class__)
    if on_group is not None:
        on_group(state, group, event)
    if event.at > group.windows.clock and isinstance(event, Fact):
        group.windows.move(event.at, state.org.horizon)


# --- the group and who is in it ---------------------------------------------------------------------------------


def _opened(_: State, group: Group, event: facts.GroupOpened) -> None:
    group.name = event.name or group.name
    group.kind = event.group_kind or group.kind
    if event.owner is not None:
        group.owner = event.owner
        _enter(group.member(event.owner), event.at)


def _renamed(_: State, group: Group, event: facts.GroupRenamed) -> None:
    group.name = event.name


def _owned(_: State, group: Group, event: facts.OwnerChanged) -> None:
    group.owner = event.owner


def _granted(_: State, group: Group, event: facts.RoleGranted) -> None:
    if event.role == "owner":
        group.owner = event.member
    else:
        group.roles.setdefault(event.member, set()).add(event.role)


def _revoked(_: State, group: Group, event: facts.RoleRevoked) -> None:
    if event.role == "owner":
        group.owner = None if group.owner == event.member else group.owner
    else:
        _lose(group.roles, event.member, event.role)


def _lose(roles: dict[str, set[str]], member: str, role: str) -> None:
    held = roles.get(member)
    if held is not None:
        held.discard(role)
        if not held:
            del roles[member]


def _enter(member: Member, at: int) -> None:
    member.present = True
    member.derived = False
    member.joined_at = at
    member.kicked = None
    member.answered = False


def _joined(_: State, group: Group, event: facts.MemberJoined) -> None:
    member = group.member(event.member)
    member.name = event.name or member.name
    _enter(member, event.at)


def _gone(_: State, group: Group, event: facts.MemberLeft | facts.MemberRemoved) -> None:
    group.member(event.member).present = False
    group.roles.pop(event.member, None)


def _took_name(_: State, group: Group, event: facts.MemberRenamed) -> None:
    group.member(event.member).name = event.name


# --- messages ---------------------------------------------------------------------------------------------------


def _posted(state: State, group: Group, event: facts.MessagePosted) -> None:
    member = group.members.get(event.author)
    if member is None:
        member = group.members[event.author] = Member(event.author)
    if not member.present and member.kicked is None:
        member.present = member.derived = True
    group.windows.remember(event, state.org.horizon)


def _found(_: State, group: Group, event: verdicts.FindingRecorded) -> None:
    if event.counted:
        group.windows.consume(event.rule, event.author, event.counted)


def _abstained(state: State, group: Group, event: verdicts.RuleAbstained) -> None:
    if group.abstained_under != state.org.changes:
        group.abstained.clear()
        group.abstained_under = state.org.changes
    group.abstained.add((event.rule, event.reason, event.resolution))


# --- strikes and sanctions --------------------------------------------------------------------------------------


def _struck(_: State, group: Group, event: verdicts.StrikeRecorded) -> None:
    strike = Strike(
        id=event.id,
        message=event.message,
        rule=event.rule,
        category=event.category,
        severity=event.severity,
        at=event.at,
        expires=event.expires,
    )
    group.member(event.member).strikes.append(strike)


def _sanction(
    group: Group, event: verdicts.MemberWarned | verdicts.MemberMuted | verdicts.MemberKicked, kind: SanctionKind
) -> Sanction:
    member = group.member(event.member)
    strike = member.strike(f"{event.cause}/{verdicts.StrikeRecorded.type}")
    made = Sanction(
        id=event.id, kind=kind, at=event.at, message=event.message, strike=strike.id if strike is not None else None
    )
    member.sanctions.append(made)
    return made


def _warned(_: State, group: Group, event: verdicts.MemberWarned) -> None:
    _sanction(group, event, "warn")


def _muted(_: State, group: Group, event: verdicts.MemberMuted) -> None:
    _sanction(group, event, "mute").until = event.until
    _note_mute(group, event.member, event.until)


def _note_mute(group: Group, member: str, until: int | None) -> None:
    if until is not None:
        group.agenda.add(until, "mute", member)


def _kicked(_: State, group: Group, event: verdicts.MemberKicked) -> None:
    _sanction(group, event, "kick")
    member = group.member(event.member)
    member.present = False
    member.kicked = event.id
    member.answered = event.because == "blocklist"
    group.roles.pop(event.member, None)


def _ordered(_: State, group: Group, event: facts.SanctionOrdered) -> None:
    member = group.member(event.member)
    made = Sanction(
        id=event.id, kind=event.sanction, at=event.at, message=event.message, until=event.until, by=event.by
    )
    member.sanctions.append(made)
    if event.sanction == "mute":
        _note_mute(group, event.member, event.until)
    elif event.sanction == "kick":
        member.present = False
        group.roles.pop(event.member, None)


def _lifted(_: State, group: Group, event: facts.SanctionLifted) -> None:
    member, kind = group.member(event.member), event.sanction
    if kind in ("warn", "all"):
        for strike in member.live_strikes(event.at):
            strike.voided = True
    for sanction in member.sanctions:
        if kind in (sanction.kind, "all"):
            _lift(group, member, sanction)
    if kind in ("block", "all"):
        _unlist(group, event.member)


def _lift(group: Group, member: Member, sanction: Sanction) -> None:
    if sanction.lifted:
        return  # another mute may end at the same time, and its entry in the agenda looks the same
    sanction.lifted = True
    if sanction.kind == "mute" and sanction.until is not None:
        group.agenda.drop(sanction.until, "mute", member.id)
    if member.kicked == sanction.id:
        member.kicked = None


def _unmuted(_: State, group: Group, event: verdicts.MemberUnmuted) -> None:
    group.agenda.drop(event.until, "mute", event.member)


def _struck_void(_: State, group: Group, event: verdicts.StrikeVoided) -> None:
    strike = group.member(event.member).strike(event.strike)
    if strike is not None:
        strike.voided = True


def _sanction_void(_: State, group: Group, event: verdicts.SanctionVoided) -> None:
    member = group.member(event.member)
    sanction = member.sanction(event.sanction)
    if sanction is not None:
        _lift(group, member, sanction)


# --- blocklists -------------------------------------------------------------------------------------------------


def _blocked(state: State, group: Group, event: verdicts.MemberBlocked) -> None:
    home: Any = state.org if event.scope == "org" else group
    _unlist(home, event.member)  # an old block with an end must not end this one
    home.blocks[event.member] = Block(person=event.member, cause=event.cause, at=event.at)


def _unblocked(state: State, group: Group, event: verdicts.MemberUnblocked) -> None:
    _unlist(state.org if event.scope == "org" else group, event.member)


def _list(home: Any, event: facts.PersonBlocked) -> None:
    _unlist(home, event.person)
    home.blocks[event.person] = Block(person=event.person, cause=event.id, at=event.at, until=event.until)
    if event.until is not None:
        home.agenda.add(event.until, "block", event.person)


def _unlist(home: Any, person: str) -> None:
    block = home.blocks.pop(person, None)
    if block is not None and block.until is not None:
        home.agenda.drop(block.until, "block", person)


def _person_blocked(_: State, group: Group, event: facts.PersonBlocked) -> None:
    _list(group, event)


def _person_unblocked(_: State, group: Group, event: facts.PersonUnblocked) -> None:
    _unlist(group, event.person)


# --- appeals and time -------------------------------------------------------------------------------------------


def _appealed(_: State, group: Group, event: facts.AppealFiled) -> None:
    group.appeals.setdefault(event.sanction, Appeal(event.sanction, event.member, event.at))


def _decided(_: State, group: Group, event: facts.AppealDecided) -> None:
    appeal = group.appeals.get(event.sanction)
    if appeal is not None and appeal.outcome is None:
        appeal.outcome = event.outcome


def _advanced(_: State, group: Group, event: facts.TimeAdvanced) -> None:
    group.agenda.expire(event.now)


# --- the organisation -------------------------------------------------------------------------------------------


def _adopted(state: State, event: facts.RulebookAdopted) -> None:
    state.org.changes += event.digest != state.org.digest
    state.org.rulebook = InForce(event.digest, event.reader, event.horizon, event.rulebook)
    state.org.horizon = event.horizon
    for group in state.groups.values():
        group.windows.move(0, event.horizon)


def _org_granted(state: State, event: facts.RoleGranted) -> None:
    state.org.roles.setdefault(event.member, set()).add(event.role)


def _org_revoked(state: State, event: facts.RoleRevoked) -> None:
    _lose(state.org.roles, event.member, event.role)


def _org_blocked(state: State, event: facts.PersonBlocked) -> None:
    _list(state.org, event)


def _org_unblocked(state: State, event: facts.PersonUnblocked) -> None:
    _unlist(state.org, event.person)


def _org_advanced(state: State, event: facts.TimeAdvanced) -> None:
    state.org.agenda.expire(event.now)


_ON_GROUP: dict[type[Event], Callable[[State, Group, Any], None]] = {
    facts.GroupOpened: _opened,
    facts.GroupRenamed: _renamed,
    facts.OwnerChanged: _owned,
    facts.RoleGranted: _granted,
    facts.RoleRevoked: _revoked,
    facts.MemberJoined: _joined,
    facts.MemberLeft: _gone,
    facts.MemberRemoved: _gone,
    facts.MemberRenamed: _took_name,
    facts.MessagePosted: _posted,
    facts.SanctionOrdered: _ordered,
    facts.SanctionLifted: _lifted,
    facts.PersonBlocked: _person_blocked,
    facts.PersonUnblocked: _person_unblocked,
    facts.AppealFiled: _appealed,
    facts.AppealDecided: _decided,
    facts.TimeAdvanced: _advanced,
    verdicts.FindingRecorded: _found,
    verdicts.RuleAbstained: _abstained,
    verdicts.StrikeRecorded: _struck,
    verdicts.MemberWarned: _warned,
    verdicts.MemberMuted: _muted,
    verdicts.MemberKicked: _kicked,
    verdicts.MemberBlocked: _blocked,
    verdicts.MemberUnblocked: _unblocked,
    verdicts.MemberUnmuted: _unmuted,
    verdicts.StrikeVoided: _struck_void,
    verdicts.SanctionVoided: _sanction_void,
}

_ON_ORG: dict[type[Event], Callable[[State, Any], None]] = {
    facts.RulebookAdopted: _adopted,
    facts.RoleGranted: _org_granted,
    facts.RoleRevoked: _org_revoked,
    facts.PersonBlocked: _org_blocked,
    facts.PersonUnblocked: _org_unblocked,
    facts.TimeAdvanced: _org_advanced,
}
