"""Blocklists: that of a group, that of all groups of an owner, and that of the organisation."""

from __future__ import annotations

from groupcore.events import facts, verdicts
from groupcore.state.group import Group, Terms
from groupcore.state.org import Org
from groupcore.state.sanction import OWNED, Block

Home = Group | Org


def _blocked(home: Home, event: verdicts.MemberBlocked) -> None:
    enlist(home, Block(event.member, event.cause, event.at, event.until), _owner(home, event))


def _unblocked(home: Home, event: verdicts.MemberUnblocked) -> None:
    unlist(home, event.member, _owner(home, event))


def _person_blocked(home: Home, event: facts.PersonBlocked) -> None:
    enlist(home, Block(event.person, event.id, event.at, event.until), _owner(home, event))


def _person_unblocked(home: Home, event: facts.PersonUnblocked) -> None:
    unlist(home, event.person, _owner(home, event))


_Event = facts.PersonBlocked | facts.PersonUnblocked | verdicts.MemberBlocked | verdicts.MemberUnblocked


def _owner(home: Home, event: _Event) -> str | None:
    """Whose groups it is about; None is the group itself, or the organisation. Nobody's groups are no groups."""
    return event.owner or "" if isinstance(home, Org) and event.scope == "owner" else None


def enlist(home: Home, block: Block, owner: str | None = None) -> None:
    """Put somebody on a blocklist; what stood there of them before, its end too, is gone."""
    unlist(home, block.person, owner)
    listed = home.blocks if owner is None or isinstance(home, Group) else home.owned.setdefault(owner, {})
    listed[block.person] = block
    if block.until is not None:
        home.agenda.add(block.until, _kind(owner), block.person)


def unlist(home: Home, person: str, owner: str | None = None) -> None:
    """Take *person* off the blocklist, and the end of the block out of the agenda; no error where there is none."""
    listed = home.blocks if owner is None or isinstance(home, Group) else home.owned.get(owner, {})
    block = listed.pop(person, None)
    if block is not None and block.until is not None:
        home.agenda.drop(block.until, _kind(owner), person)
    if owner is not None and isinstance(home, Org) and not listed:
        home.owned.pop(owner, None)


def _kind(owner: str | None) -> str:
    return "block" if owner is None else OWNED + owner


def _group_blocked(group: Group, event: verdicts.MemberBlocked, _: Terms) -> None:
    _blocked(group, event)


def _group_unblocked(group: Group, event: verdicts.MemberUnblocked, _: Terms) -> None:
    _unblocked(group, event)


def _group_person_blocked(group: Group, event: facts.PersonBlocked, _: Terms) -> None:
    _person_blocked(group, event)


def _group_person_unblocked(group: Group, event: facts.PersonUnblocked, _: Terms) -> None:
    _person_unblocked(group, event)


ON_GROUP = {
    facts.PersonBlocked: _group_person_blocked,
    facts.PersonUnblocked: _group_person_unblocked,
    verdicts.MemberBlocked: _group_blocked,
    verdicts.MemberUnblocked: _group_unblocked,
}
ON_ORG = {
    facts.PersonBlocked: _person_blocked,
    facts.PersonUnblocked: _person_unblocked,
    verdicts.MemberBlocked: _blocked,
    verdicts.MemberUnblocked: _unblocked,
}
