"""Undoing: which events make actions pointless that were not carried out yet.

What waits is skipped, visibly. What somebody is just carrying out is not tried again, should it fail.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from groupcore.events import Event, StatementPosted, facts, verdicts
from groupcore.events.sanctions import ENDED, GIVEN, SanctionEnded
from groupcore.sanctions import REMOVALS, SANCTIONS

Where = tuple[str, Mapping[str, Any]]

_UNDO = """
UPDATE entries SET undone_by = :event, settled_at = CASE state WHEN 'waiting' THEN :now ELSE settled_at END,
    error = CASE state WHEN 'waiting' THEN 'undone by ' || :event ELSE error END,
    state = CASE state WHEN 'waiting' THEN 'skipped' ELSE state END
WHERE state <> 'done' AND undone_by IS NULL AND ({which})
"""
_OF_MEMBER = '"group" = :group AND member = :member'


def undo(db: sqlite3.Connection, event: Event, now: int) -> None:
    """Mark what *event* makes pointless, of all that came before it."""
    wheres = _WHERES.get(event.__class__)
    if wheres is None:
        return
    for which, given in wheres(event):
        db.execute(_UNDO.format(which=which), {"event": event.id, "now": now, **given})


def _voided(event: verdicts.SanctionVoided | verdicts.SanctionReduced) -> list[Where]:
    """The sanction, wherever it was renewed, and the statement that cites the rule."""
    fact, slash, _ = event.sanction.rpartition("/")
    keys = [event.sanction, *([f"{fact}/{StatementPosted.type}"] if slash else [])]
    given = {"group": event.group, "member": event.member, "end": f"/{verdicts.SanctionRenewed.type}/{event.sanction}"}
    renewed = (f"{_OF_MEMBER} AND substr(key, -length(:end)) = :end", given)
    return [*(("key = :key", {"key": key}) for key in keys), renewed]


def _strike_voided(event: verdicts.StrikeVoided) -> list[Where]:
    """The deletion: where the strike stands the message was an offence, whatever becomes of the sanction."""
    fact = event.strike.removesuffix(f"/{verdicts.StrikeRecorded.type}")
    return [("key = :key", {"key": f"{fact}/{verdicts.MessageDeleted.type}"})]


def _lifted(event: facts.SanctionLifted) -> list[Where]:
    given = {"group": event.group, "member": event.member, "kind": event.sanction}
    found: list[Where] = [(f"{_OF_MEMBER} AND ({_DEEDS}) AND :kind IN ({_PARDON}, 'all')", given)]
    if event.sanction in ("kick", "all"):
        found.append((f"{_OF_MEMBER} AND do = 'say' AND {_KICK_UNDONE}", given))
    return found


_DONE = {known.deed: known.pardon for known in SANCTIONS.values()}
_DEEDS = f"do IN ({', '.join(map(repr, _DONE))}) OR (do = 'block' AND scope = 'group')"
_PARDON = f"CASE do {' '.join(f'WHEN {do!r} THEN {word!r}' for do, word in _DONE.items())} ELSE do END"
"""What a pardon calls the deed of an entry."""

_REMOVED = ", ".join(f"replace(entries.key, '/statement-posted', '/{GIVEN[kind].type}')" for kind in sorted(REMOVALS))
_KICK_UNDONE = f"EXISTS (SELECT 1 FROM entries AS kick WHERE kick.state = 'skipped' AND kick.key IN ({_REMOVED}))"
"""A statement about a kick that was never carried out says what is not so."""


def _ended(event: SanctionEnded) -> list[Where]:
    deed = SANCTIONS[event.kind].deed
    given = {"group": event.group, "member": event.member, "until": event.until, "deed": deed}
    return [(f"{_OF_MEMBER} AND do = :deed AND until <= :until", given)]


def _unblocked(event: verdicts.MemberUnblocked) -> list[Where]:
    return _off_the_list(event.scope, event.group, event.owner, event.member)


def _person_unblocked(event: facts.PersonUnblocked) -> list[Where]:
    scope = "group" if event.group is not None else "owner" if event.scope == "owner" else "org"
    return _off_the_list(scope, event.group, event.owner, event.person)


def _off_the_list(scope: str, group: str | None, owner: str | None, person: str) -> list[Where]:
    given = {"member": person, "group": group, "owner": owner}
    place = {"group": '"group" = :group', "owner": "owner = :owner", "org": "TRUE"}[scope]
    return [(f"do = 'block' AND scope = '{scope}' AND member = :member AND {place}", given)]


_WHERES: dict[type[Event], Callable[[Any], list[Where]]] = {
    verdicts.StrikeVoided: _strike_voided,
    verdicts.SanctionVoided: _voided,
    verdicts.SanctionReduced: _voided,
    **dict.fromkeys(ENDED.values(), _ended),
    verdicts.MemberUnblocked: _unblocked,
    facts.SanctionLifted: _lifted,
    facts.PersonUnblocked: _person_unblocked,
}
