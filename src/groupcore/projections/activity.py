"""Activity: what happened in each group on each local day, restated when something comes in late.

Times of events rule: a fact counts on the day on which it happened, whenever it is appended. A day is provisional
until its group has an event of a later day; what comes for it afterwards restates it, with the next revision number.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import Any

from attrs import frozen

from groupcore.events import Fact, Recorded, fact_types, facts
from groupcore.projections.base import Projection
from groupcore.projections.database import Database
from groupcore.projections.days import CHINA, Calendar
from groupcore.projections.presence import TABLES, TYPES, Presence


@frozen(kw_only=True)
class ActivityDay:
    """What happened in a group on a day.

    Messages and speakers are those of people; ``bot_messages`` are apart. Of the ``speakers``, ``staff_speakers`` had a
    role of staff when they spoke. ``appeared`` counts who turned out to be in without a join, ``leaves`` every way out.
    ``revision`` is 1 until the day is restated; a day that is not ``closed`` may go on.
    """

    group: str
    day: date
    messages: int
    bot_messages: int
    speakers: int
    staff_speakers: int
    joins: int
    appeared: int
    leaves: int
    revision: int
    closed: bool

    @property
    def net(self) -> int:
        """Joins less leaves."""
        return self.joins - self.leaves


@frozen(kw_only=True)
class Period:
    """Some days of a group together; each speaker counts once. ``days`` had any activity."""

    group: str
    first: date
    last: date
    days: int
    messages: int
    speakers: int
    joins: int
    leaves: int


@frozen(kw_only=True)
class OwnerTotals:
    """The official counters of an owner's groups at the end of a day; None owns the groups whose owner is unknown.

    ``new_groups`` and ``new_members`` are of the day, the others of all days up to it: groups, those with any message,
    members (in two groups: twice), members who ever spoke, messages.
    """

    owner: str | None
    day: date
    new_groups: int
    groups: int
    groups_with_messages: int
    new_members: int
    members: int
    members_who_spoke: int
    messages: int


_STAFF = frozenset({"owner", "admin", "staff"})
_COUNTERS = {"joined": "joins", "opened": "appeared", "spoke": "appeared"}

_DAYS = """
SELECT d."group", d.day, messages, bot_messages,
    (SELECT count(*) FROM activity_speakers AS s WHERE s."group" = d."group" AND s.day = d.day),
    (SELECT count(*) FROM activity_speakers AS s WHERE s."group" = d."group" AND s.day = d.day AND staff),
    joins, appeared, leaves, revision, d.day < g.clock
FROM activity_days AS d JOIN activity_groups AS g ON g."group" = d."group"
WHERE d."group" = :group AND d.day BETWEEN :first AND :last ORDER BY d.day
"""
_PERIOD = """
SELECT count(*), coalesce(sum(messages), 0),
    (SELECT count(DISTINCT member) FROM activity_speakers WHERE "group" = :group AND day BETWEEN :first AND :last),
    coalesce(sum(joins), 0), coalesce(sum(leaves), 0)
FROM activity_days WHERE "group" = :group AND day BETWEEN :first AND :last
"""
_TOTALS = """
WITH owned AS (
    SELECT "group", first_day, (
        SELECT member FROM activity_roles WHERE home = 'group/' || "group" AND role = 'owner'
        AND since < :end AND (until IS NULL OR until >= :end) ORDER BY number DESC LIMIT 1
    ) AS owner FROM activity_groups WHERE first_day <= :day
),
counted AS (
    SELECT "group", sum(messages) AS messages, sum(joins + appeared - leaves) AS members,
        sum(CASE WHEN day = :day THEN joins ELSE 0 END) AS new_members
    FROM activity_days WHERE day <= :day GROUP BY "group"
),
spoken AS (
    SELECT "group", count(DISTINCT member) AS spoke FROM activity_speakers WHERE day <= :day GROUP BY "group"
)
SELECT owner, sum(first_day = :day), count(*), coalesce(sum(messages > 0), 0), coalesce(sum(new_members), 0),
    coalesce(sum(members), 0), coalesce(sum(spoke), 0), coalesce(sum(messages), 0)
FROM owned LEFT JOIN counted USING ("group") LEFT JOIN spoken USING ("group") GROUP BY owner ORDER BY owner
"""


class Activity(Projection):
    """Messages, speakers, joins and leaves of each group on each day of *zone* (an offset, or a name)."""

    name = "activity"
    version = 2
    tables = f"""
        {TABLES.format(name="activity")};
        CREATE TABLE activity_groups (
            "group" TEXT PRIMARY KEY, first_day TEXT NOT NULL, clock TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE activity_days (
            "group" TEXT, day TEXT, messages INTEGER NOT NULL DEFAULT 0, bot_messages INTEGER NOT NULL DEFAULT 0,
            joins INTEGER NOT NULL DEFAULT 0, appeared INTEGER NOT NULL DEFAULT 0,
            leaves INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL, PRIMARY KEY ("group", day)
        ) WITHOUT ROWID;
        CREATE TABLE activity_speakers (
            "group" TEXT, day TEXT, member TEXT, staff INTEGER NOT NULL, PRIMARY KEY ("group", day, member)
        ) WITHOUT ROWID
    """
    types = TYPES | frozenset(fact_types())
    _presence = Presence("activity")

    def __init__(self, database: Database, zone: str = CHINA) -> None:
        super().__init__(database)
        self.calendar = Calendar(zone)

    @property
    def settings(self) -> str:
        """The zone: other days, another projection."""
        return self.calendar.zone

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        """Take one event in."""
        event = recorded.event
        if event.group is None:
            self._presence.take(db, event)
            return
        day = self.calendar.day_of(event.at).isoformat()
        late = _tick(db, event.group, day) if isinstance(event, Fact) else _is_late(db, event.group, day)
        move = self._presence.take(db, event)
        if move is not None:
            _count(db, event.group, day, _COUNTERS.get(move.how, "leaves"), late=late)
        if isinstance(event, facts.MessagePosted):
            roles = self._presence.held(db, event.group, event.author)
            _count(db, event.group, day, "bot_messages" if "bot" in roles else "messages", late=late)
            if "bot" not in roles:
                _speak(db, event, day, staff=not _STAFF.isdisjoint(roles))

    # --- questions ----------------------------------------------------------------------------------------------

    def days(self, group: str, first: date = date.min, last: date = date.max) -> tuple[ActivityDay, ...]:
        """The days of *group* with any activity, from *first* to *last*."""
        return tuple(map(_day, self.rows(_DAYS, _between(group, first, last))))

    def period(self, group: str, first: date, last: date) -> Period:
        """The days from *first* to *last* together, such as a week."""
        ((days, messages, speakers, joins, leaves),) = self.rows(_PERIOD, _between(group, first, last))
        return Period(
            group=group,
            first=first,
            last=last,
            days=days,
            messages=messages,
            speakers=speakers,
            joins=joins,
            leaves=leaves,
        )

    def totals(self, day: date) -> tuple[OwnerTotals, ...]:
        """The official counters at the end of *day*, for each owner of any group by then. O(days and speakers)."""
        found = self.rows(_TOTALS, {"day": day.isoformat(), "end": self.calendar.end_of(day)})
        names = tuple(OwnerTotals.__annotations__)
        return tuple(OwnerTotals(**dict(zip(names, (row[0], day, *row[1:]), strict=True))) for row in found)


def _day(row: tuple[Any, ...]) -> ActivityDay:
    plain = (row[0], date.fromisoformat(row[1]), *row[2:-1], bool(row[-1]))
    return ActivityDay(**dict(zip(ActivityDay.__annotations__, plain, strict=True)))


def _between(group: str, first: date, last: date) -> dict[str, Any]:
    return {"group": group, "first": first.isoformat(), "last": last.isoformat()}


def _tick(db: sqlite3.Connection, group: str, day: str) -> bool:
    """Move the calendar of *group* on; whether *day* was over before."""
    found = db.execute('SELECT first_day, clock FROM activity_groups WHERE "group" = ?', (group,)).fetchone()
    if found is None:
        db.execute("INSERT INTO activity_groups VALUES (?, ?, ?)", (group, day, day))
        return False
    first, clock = found
    if day > clock or day < first:
        sql = 'UPDATE activity_groups SET first_day = min(first_day, ?), clock = max(clock, ?) WHERE "group" = ?'
        db.execute(sql, (day, day, group))
    return bool(day < clock)


def _is_late(db: sqlite3.Connection, group: str, day: str) -> bool:
    found = db.execute('SELECT ? < clock FROM activity_groups WHERE "group" = ?', (day, group)).fetchone()
    return found is not None and bool(found[0])


def _count(db: sqlite3.Connection, group: str, day: str, counter: str, *, late: bool) -> None:
    """One more; a day that was over is restated."""
    sql = f"""
        INSERT INTO activity_days ("group", day, {counter}, revision) VALUES (?, ?, 1, 1 + ?)
        ON CONFLICT DO UPDATE SET {counter} = {counter} + 1, revision = revision + ?
    """
    db.execute(sql, (group, day, late, late))


def _speak(db: sqlite3.Connection, event: facts.MessagePosted, day: str, *, staff: bool) -> None:
    sql = (
        "INSERT INTO activity_speakers VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET staff = max(staff, excluded.staff)"
    )
    db.execute(sql, (event.group, day, event.author, staff))
