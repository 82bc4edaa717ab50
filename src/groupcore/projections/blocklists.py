"""The blocklists of the standing: who is put on one, and taken off."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from groupcore.events import Event, facts, verdicts
from groupcore.events.base import ORG
from groupcore.projections.presence import home_of


def home_of_owner(owner: str) -> str:
    """What names the blocklist of all groups of an owner."""
    return f"owner/{owner}"


def unlist(db: sqlite3.Connection, home: str, person: str, at: int) -> None:
    """Take somebody off a blocklist; no error where they are not on it."""
    sql = "UPDATE standing_blocks SET ended_at = ? WHERE home = ? AND person = ? AND ended_at IS NULL"
    db.execute(sql, (at, home, person))


def _list(db: sqlite3.Connection, event: Event, home: str, person: str, cause: str, until: int | None) -> None:
    unlist(db, home, person, event.at)  # an old block with an end must not end this one
    sql = "INSERT INTO standing_blocks (home, person, cause, at, until) VALUES (?, ?, ?, ?, ?)"
    db.execute(sql, (home, person, cause, event.at, until))


def _blocked(db: sqlite3.Connection, event: verdicts.MemberBlocked) -> None:
    _list(db, event, _home(event), event.member, event.cause, event.until)


def _unblocked(db: sqlite3.Connection, event: verdicts.MemberUnblocked) -> None:
    unlist(db, _home(event), event.member, event.at)


def _home(event: verdicts.MemberBlocked | verdicts.MemberUnblocked) -> str:
    if event.scope == "owner" and event.stream == ORG:
        return home_of_owner(event.owner or "")
    return ORG if event.scope == "org" else home_of(event.group)


def _place(event: facts.PersonBlocked | facts.PersonUnblocked) -> str:
    if event.group is None and event.scope == "owner":
        return home_of_owner(event.owner or "")
    return home_of(event.group)


def _person_blocked(db: sqlite3.Connection, event: facts.PersonBlocked) -> None:
    _list(db, event, _place(event), event.person, event.id, event.until)


def _person_unblocked(db: sqlite3.Connection, event: facts.PersonUnblocked) -> None:
    unlist(db, _place(event), event.person, event.at)


WORK: Mapping[type[Event], Callable[[sqlite3.Connection, Any], None]] = {
    verdicts.MemberBlocked: _blocked,
    verdicts.MemberUnblocked: _unblocked,
    facts.PersonBlocked: _person_blocked,
    facts.PersonUnblocked: _person_unblocked,
}
"""What each event does to a blocklist."""
