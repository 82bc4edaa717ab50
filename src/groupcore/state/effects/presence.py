"""Who is in a group. Names are no part of the state: nothing is decided by the name that somebody has."""

from __future__ import annotations

from groupcore.events import facts
from groupcore.state.group import Group, Terms
from groupcore.state.member import Member


def _opened(group: Group, event: facts.GroupOpened, _: Terms) -> None:
    group.kind = event.group_kind or group.kind
    if event.owner is not None:
        group.owner = event.owner
        _enter(group.member(event.owner), event.at)


def _owned(group: Group, event: facts.OwnerChanged, _: Terms) -> None:
    group.owner = event.owner


def _enter(member: Member, at: int) -> None:
    if not member.present or member.derived:
        member.named = ()  # a join of somebody who is in already may bring no name, or the old one
    member.present = True
    member.derived = False
    member.joined_at = at
    member.kicked = None
    member.answered = False


def _joined(group: Group, event: facts.MemberJoined, _: Terms) -> None:
    _enter(group.member(event.member), event.at)


def _gone(group: Group, event: facts.MemberLeft | facts.MemberRemoved, _: Terms) -> None:
    group.member(event.member).present = False
    group.roles.pop(event.member, None)


def _took_name(group: Group, event: facts.MemberRenamed, _: Terms) -> None:
    group.member(event.member).named = ()


ON_GROUP = {
    facts.GroupOpened: _opened,
    facts.OwnerChanged: _owned,
    facts.MemberJoined: _joined,
    facts.MemberLeft: _gone,
    facts.MemberRemoved: _gone,
    facts.MemberRenamed: _took_name,
}
