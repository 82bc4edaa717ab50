"""Blocklists: that of a group, and that of the organisation."""

from __future__ import annotations

from groupcore.events import facts, verdicts
from groupcore.state.group import Group, Terms
from groupcore.state.org import Org
from groupcore.state.sanction import Block

Home = Group | Org


def _blocked(home: Home, event: verdicts.MemberBlocked) -> None:
    unlist(home, event.member)  # an old block with an end must not end this one
    home.blocks[event.member] = Block(person=event.member, cause=event.cause, at=event.at)


def _unblocked(home: Home, event: verdicts.MemberUnblocked) -> None:
    unlist(home, event.member)


def _person_blocked(home: Home, event: facts.PersonBlocked) -> None:
    unlist(home, event.person)
    home.blocks[event.person] = Block(person=event.person, cause=event.id, at=event.at, until=event.until)
    if event.until is not None:
        home.agenda.add(event.until, "block", event.person)


def _person_unblocked(home: Home, event: facts.PersonUnblocked) -> None:
    unlist(home, event.person)


def unlist(home: Home, person: str) -> None:
    """Take *person* off the blocklist, and the end of the block out of the agenda; no error where there is none."""
    block = home.blocks.pop(person, None)
    if block is not None and block.until is not None:
        home.agenda.drop(block.until, "block", person)


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
