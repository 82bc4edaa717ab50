"""The projector: each event exactly once, whatever stops it, and anew when what it stands on became another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.town import Town, whole_life
from groupcore.errors import InputError, ProjectionError, StoreError
from groupcore.events import Row, encode
from groupcore.projections import (
    Activity,
    AuditTrail,
    Calendar,
    Casebook,
    Database,
    Projection,
    Projector,
    Roster,
    Standing,
    bookmark_of,
    progress_in,
)
from groupcore.stores import MemoryStore, Store, open_store
from groupcore.subscriptions import Subscription
from groupcore.testing import START, appealed, decided, joined, left, opened, ordered, posted
from groupcore.testing.store_drafts import drafts

SHIPPED: tuple[type[Any], ...] = (Roster, Standing, Casebook, AuditTrail, Activity)


class Tally(Projection):
    """Counts messages, and chokes on one that it is told of."""

    name = "tally"
    version = 1
    tables = "CREATE TABLE tally_messages (author TEXT PRIMARY KEY, count INTEGER NOT NULL, last INTEGER NOT NULL)"
    types = frozenset({"message-posted"})
    poison = ""

    def apply(self, db: sqlite3.Connection, recorded: Any) -> None:
        db.execute(
            "INSERT INTO tally_messages VALUES (?, 1, ?) ON CONFLICT DO UPDATE SET count = count + 1, last = ?",
            (recorded.event.author, recorded.position, recorded.position),
        )
        if recorded.event.message == self.poison:
            raise RuntimeError("cannot digest this")

    def count(self) -> int:
        return sum(count for (count,) in self.rows("SELECT count FROM tally_messages"))


def dump(database: Database) -> list[str]:
    """All that is in it, positions of bookmarks included."""
    with database.writing() as db:
        return sorted(line for line in db.iterdump() if "bookmarks" not in line)


def filled(count: int, start: int = 0) -> MemoryStore:
    log = MemoryStore()
    log.append(drafts(count, start=start))
    return log


@pytest.fixture(scope="module")
def town() -> MemoryStore:
    log = MemoryStore()
    whole_life(log)
    return log


@pytest.fixture(scope="module")
def whole(town: MemoryStore) -> list[str]:
    with Database() as views:
        Projector(views, [kind(views) for kind in SHIPPED]).catch_up(town)
        return dump(views)


def copied(log: Store, rows: Iterable[Row]) -> Store:
    for row in rows:
        log.append([row._replace(position=0, version=0, digest="")])
    return log


# --- exactly once -------------------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(cuts=st.lists(st.integers(0, 81), max_size=6), batch=st.integers(1, 40))
def test_stopping_anywhere_and_going_on_gives_the_same_tables(
    town: MemoryStore, whole: list[str], cuts: list[int], batch: int
) -> None:
    rows, log = list(town.read()), MemoryStore()
    with Database() as views:
        for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(rows)], strict=True):
            copied(log, rows[start:end])
            Projector(views, [kind(views) for kind in SHIPPED]).catch_up(log, batch=batch)
        assert dump(views) == whole


@pytest.mark.parametrize("first", range(5))
def test_projections_that_began_at_different_times_meet(town: MemoryStore, whole: list[str], first: int) -> None:
    with Database() as views:
        Projector(views, [SHIPPED[first](views)]).catch_up(town)
        projector = Projector(views, [kind(views) for kind in SHIPPED])
        assert projector.begin(town) == 0
        assert projector.catch_up(town) == town.position
        assert dump(views) == whole
        assert projector.catch_up(town) == 0
        assert {progress.lag for progress in projector.progress(town)} == {0}


def test_rows_that_were_taken_before_are_left_out_and_a_gap_is_refused() -> None:
    log = filled(6)
    with Database() as views:
        tally = Tally(views)
        projector = Projector(views, [tally])
        projector.begin(log)
        rows = list(log.read())
        for part in (rows[:3], rows[:3], rows[1:4], []):
            projector.take(part)
        assert tally.count() == 4
        with pytest.raises(StoreError, match="tally stands at event 4, and was given event 6 next"):
            projector.take(rows[5:])
        assert tally.count() == 4


def test_two_processes_side_by_side_count_once(tmp_path: Path) -> None:
    log, path = filled(400), tmp_path / "views.db"
    with Database(path) as one, Database(path) as other:
        workers = [
            Thread(target=Projector(views, [Tally(views)]).catch_up, args=(log,), kwargs={"batch": 7})
            for views in (one, other)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert Tally(one).count() == Tally(other).count() == 400


def test_what_comes_live_is_followed() -> None:
    log = filled(10)
    with Database() as views:
        tally = Tally(views)
        projector = Projector(views, [tally])

        def grow(position: int, _: float) -> None:
            if position == 40:
                news.stop()
            else:
                log.append(drafts(10, start=position))

        news = Subscription(log, projector.begin(log), wait=grow)
        projector.follow(news.batches())
        assert tally.count() == 40


def test_memory_is_flat_in_the_length_of_the_log() -> None:
    import tracemalloc

    def peak(count: int) -> int:
        with open_store("memory:") as log, Database() as views:
            log.append(drafts(count))
            projector = Projector(views, [Tally(views)])
            projector.catch_up(filled(0))
            tracemalloc.start()
            projector.catch_up(log, batch=50)
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return most

    peak(100)
    assert peak(4000) < 1.5 * peak(400)


# --- anew ---------------------------------------------------------------------------------------------------------


def test_another_version_begins_anew_and_says_why() -> None:
    log = filled(5)

    class Doubled(Tally):
        version = 2

        def apply(self, db: sqlite3.Connection, recorded: Any) -> None:
            super().apply(db, recorded)
            super().apply(db, recorded)

    with Database() as views:
        Projector(views, [Tally(views)]).catch_up(log)
        with pytest.raises(StoreError, match="the tally in memory: is of version 1, not 2"):
            Doubled(views).count()
        old = Projector(views, [Tally(views)])
        old.begin(log)
        projector = Projector(views, [Doubled(views)])
        assert projector.catch_up(log) == 5
        assert Doubled(views).count() == 10
        assert projector.progress()[0].because == "version 1 became 2"
        with pytest.raises(StoreError, match="another process runs another version of tally"):
            old.take(list(log.read()))


def test_another_zone_begins_anew() -> None:
    log = MemoryStore()
    log.append([encode(posted("amy", "hi", at="2026-11-01T23:30:00Z"), recorded_at=1, salt="ab")])
    with Database() as views:
        for zone, day in (("+08:00", 2), ("UTC", 1), ("Asia/Shanghai", 2), ("-01:00", 1)):
            activity = Activity(views, zone)
            Projector(views, [activity]).catch_up(log)
            assert [entry.day for entry in activity.days("g1")] == [date(2026, 11, day)]


@pytest.mark.parametrize("other", [0, 3, 5, 9])
def test_another_log_begins_anew(other: int) -> None:
    with Database() as views:
        projector = Projector(views, [Tally(views)])
        projector.catch_up(filled(5))
        log = filled(other, start=100)
        projector.catch_up(log)
        assert Tally(views).count() == other
        assert projector.progress(log)[0].because == "another log"


def test_a_log_that_was_put_back_and_went_another_way_is_another_log() -> None:
    before, after = filled(5), filled(3)
    after.append(drafts(4, start=50))
    with Database() as views:
        projector = Projector(views, [Tally(views)])
        projector.catch_up(before)
        assert projector.catch_up(after) == 7
        assert Tally(views).count() == 7


def test_a_copy_of_a_log_is_the_same_log() -> None:
    log = filled(5)
    copy = copied(MemoryStore(), log.read())
    copy.append(drafts(2, start=5))
    with Database() as views:
        projector = Projector(views, [Tally(views)])
        projector.catch_up(log)
        assert projector.catch_up(copy) == 2
        assert projector.progress()[0].because == "new"


def test_lag_is_how_far_behind_it_is() -> None:
    log = filled(5)
    with Database() as views:
        projector = Projector(views, [Tally(views)])
        projector.catch_up(log)
        log.append(drafts(3, start=5))
        assert [progress.lag for progress in projector.progress(log)] == [3]
        assert [progress.lag for progress in projector.progress()] == [None]
        assert progress_in(views, log) == projector.progress(log)


def test_events_of_a_newer_version_are_skipped_and_read_once_they_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    log = filled(2)
    log.append([drafts(1, start=2)[0]._replace(schema=9)])
    log.append(drafts(1, start=3))
    with Database() as views:
        projector = Projector(views, [Tally(views)])
        projector.catch_up(log)
        assert (Tally(views).count(), projector.progress()[0].skipped) == (3, 1)
        assert projector.catch_up(log) == 0
        monkeypatch.setattr("groupcore.projections.projector.vocabulary", lambda: "more")
        assert projector.catch_up(log) == 4
        assert projector.progress()[0].because == "this version knows more types of events"


# --- poison -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 3, 100])
def test_an_event_that_cannot_be_taken_stops_its_projection_before_it_and_no_other(batch: int) -> None:
    log = filled(9)
    with Database() as views:
        tally, audit = Tally(views), AuditTrail(views)
        tally.poison = "m5"
        projector = Projector(views, [tally, audit])
        for _ in range(2):
            with pytest.raises(
                ProjectionError, match=r"tally stopped before event 6: message-posted .*cannot digest"
            ) as no:
                projector.catch_up(log, batch=batch)
            assert (no.value.projection, no.value.position) == ("tally", 6)
            assert tally.count() == 5
            stopped = {progress.name: (progress.position, progress.problem) for progress in projector.progress(log)}
            assert stopped == {"tally": (5, str(no.value)), "audit": (9, None)}
        tally.poison = ""
        assert projector.catch_up(log, batch=batch) == 4
        assert tally.count() == 9
        assert projector.progress()[1].problem is None


def test_following_stops_at_poison_too() -> None:
    log = filled(9)
    with Database() as views:
        tally = Tally(views)
        tally.poison = "m5"
        projector = Projector(views, [tally])
        with Subscription(log, projector.begin(log)) as news, pytest.raises(ProjectionError, match="event 6"):
            projector.follow(news.batches())
        assert tally.count() == 5


def test_a_damaged_event_is_named() -> None:
    log = filled(3)
    log._rows[1] = log._rows[1]._replace(data=b"{")
    with Database() as views:
        with pytest.raises(ProjectionError, match=r"tally stopped before event 2: .*cannot be read"):
            Projector(views, [Tally(views)]).catch_up(log)
        assert Tally(views).count() == 1


def test_a_trouble_of_the_database_is_no_fault_of_the_event() -> None:
    class Full(Tally):
        def apply(self, db: sqlite3.Connection, recorded: Any) -> None:
            db.execute("PRAGMA max_page_count = 12")
            for _ in range(200):
                db.execute("INSERT INTO tally_messages VALUES (hex(randomblob(400)), 1, 1)")

    with Database() as views:
        projector = Projector(views, [Full(views)])
        with pytest.raises(StoreError, match="full"):
            projector.catch_up(filled(1))
        assert projector.progress()[0].position == 0
        assert projector.progress()[0].problem is None


# --- what is erased -----------------------------------------------------------------------------------------------


def test_names_are_empty_once_they_are_erased_as_if_made_anew() -> None:
    log = MemoryStore()
    events = [opened(owner="lin"), joined("amy", name="Amy"), joined("bo", name="Bo", at=1), posted("amy", "hi", at=2)]
    log.append([encode(event, recorded_at=1, salt="ab") for event in events])
    erased = events[1].id
    with Database() as views, Database() as anew:
        roster, again = Roster(views), Roster(anew)
        projector = Projector(views, [roster])
        projector.catch_up(log)
        assert {seat.member: seat.name for seat in roster.members("g1")} == {"amy": "Amy", "bo": "Bo", "lin": ""}
        projector.forget([erased])
        row = log._rows[1]
        log._rows[1] = row._replace(private=None, salt=None)
        Projector(anew, [again]).catch_up(log)
        assert roster.members("g1") == again.members("g1")
        assert {seat.name for seat in roster.members("g1")} == {"", "Bo"}
        assert projector.catch_up(log) == 0


def test_an_erased_name_is_no_name_even_where_there_was_one_before() -> None:
    log = MemoryStore()
    events = [joined("amy", name="Amy"), joined("amy", name="Amaryllis", at=1), joined("amy", at=2)]
    log.append([encode(event, recorded_at=1, salt="ab") for event in events])
    with Database() as views:
        roster = Roster(views)
        Projector(views, [roster]).catch_up(log)
        assert roster.members("g1")[0].name == "Amaryllis"
    log._rows[1] = log._rows[1]._replace(private=None, salt=None)
    with Database() as views:
        roster = Roster(views)
        Projector(views, [roster]).catch_up(log)
        assert roster.members("g1")[0].name == ""


def test_a_leave_that_says_an_earlier_time_ends_the_stay_at_once() -> None:
    log = MemoryStore()
    events = [joined("amy", at=10), left("amy", at=5), joined("amy", at=20), left("amy", at=30)]
    log.append([encode(event, recorded_at=1, salt="ab") for event in events])
    with Database() as views:
        roster = Roster(views)
        Projector(views, [roster]).catch_up(log)
        stays = [(stay.since - START, (stay.until or 0) - START, stay.ended) for stay in roster.stays("g1", "amy")]
        assert stays == [(10, 10, "left"), (20, 30, "left")]


def test_the_first_appeal_and_its_first_decision_stand() -> None:
    log, order = MemoryStore(), ordered("amy", "mute")
    filed, ruled = appealed("amy", order.id, at=1), decided(order.id, "upheld", at=2, by="zoe")
    again = attrs.evolve(filed, id="f" * 32, at=START + 3)
    other = attrs.evolve(ruled, id="d" * 32, at=START + 4, outcome="overturned", by="bo")
    log.append([encode(event, recorded_at=1, salt="ab") for event in (order, filed, ruled, again, other)])
    with Database() as views:
        casebook = Casebook(views)
        Projector(views, [casebook]).catch_up(log)
        (case,) = casebook.cases()
        assert case.appeal is not None
        assert (case.appeal.at, case.appeal.outcome, case.appeal.decided_by) == (START + 1, "upheld", "zoe")
        assert casebook.open_appeals() == ()


def test_nothing_private_but_names_is_kept() -> None:
    town = Town()
    town.moderator.join("g1", "amy", at=town.now, name="名字")
    town.say("amy", "加微信 secret-text")
    order = town.moderator.warn("g1", "amy", by="lin", reason="secret-reason").fact
    town.moderator.appeal("g1", "amy", order.id, reason="secret-reason")
    with Database() as views:
        Projector(views, [kind(views) for kind in SHIPPED]).catch_up(town.store)
        everything = "".join(dump(views))
        assert "secret" not in everything
        assert everything.count("名字") == 1


# --- late ---------------------------------------------------------------------------------------------------------


def test_a_late_event_restates_its_day_with_the_next_revision() -> None:
    log, day = MemoryStore(), "2026-11-0{}T12:00:00+08:00"

    def say(number: int, which: int) -> None:
        fact = posted("amy", "hi", at=day.format(which), message=f"m{number}")
        log.append([encode(fact, recorded_at=1, salt="ab")])
        Projector(views, [activity]).catch_up(log)

    def said() -> list[tuple[int, int, int, bool]]:
        return [(entry.day.day, entry.messages, entry.revision, entry.closed) for entry in activity.days("g1")]

    with Database() as views:
        activity = Activity(views)
        say(1, 3)
        assert said() == [(3, 1, 1, False)]
        say(2, 3)
        assert said() == [(3, 2, 1, False)]
        say(3, 5)
        assert said() == [(3, 2, 1, True), (5, 1, 1, False)]
        say(4, 3)
        say(5, 4)
        assert said() == [(3, 3, 2, True), (4, 1, 2, True), (5, 1, 1, False)]


def test_who_leaves_and_returns_in_a_day_counts_once_and_once() -> None:
    town = Town(now=START)
    for wish in ("join", "leave", "join", "join"):
        getattr(town.moderator, wish)("g1", "amy", at=town.wait(1))
    with Database() as views:
        activity = Activity(views)
        Projector(views, [activity]).catch_up(town.store)
        (day,) = activity.days("g1")
        assert (day.joins, day.leaves, day.net) == (2, 1, 1)


# --- the database -------------------------------------------------------------------------------------------------


def test_a_database_is_told_apart_from_a_log_and_from_other_files(tmp_path: Path) -> None:
    open_store(tmp_path / "log.db").close()
    (tmp_path / "text").write_text("a text that is long enough to be no database, whatever one may think of it" * 9)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE t (a)")
    other.close()
    for name in ("log.db", "text", "other.db"):
        before = (tmp_path / name).read_bytes()
        with pytest.raises(StoreError, match=f"{name} is no database of projections"):
            Database(tmp_path / name)
        assert (tmp_path / name).read_bytes() == before
    with pytest.raises(StoreError, match="no such file"):
        Database(tmp_path / "none.db", read_only=True)
    assert not (tmp_path / "none.db").exists()


def test_a_database_can_be_questioned_while_it_is_only_read(tmp_path: Path) -> None:
    log = filled(3)
    with Database(tmp_path / "views.db") as views:
        Projector(views, [Tally(views)]).catch_up(log)
        with Database(tmp_path / "views.db", read_only=True) as reading:
            assert Tally(reading).count() == 3
            with pytest.raises(StoreError, match="no roster yet; run the projections first"):
                Roster(reading).groups()
            with pytest.raises(StoreError, match="readonly"):
                Projector(reading, [Roster(reading)]).catch_up(log)


def test_a_newer_format_and_a_closed_database_are_refused(tmp_path: Path) -> None:
    with Database(tmp_path / "views.db") as views, views.writing() as db:
        db.execute("PRAGMA user_version = 7")
    with pytest.raises(StoreError, match="newer groupcore"):
        Database(tmp_path / "views.db")
    with pytest.raises(StoreError, match="closed"):
        views.rows("SELECT 1")


def test_the_name_of_a_projection_is_a_word() -> None:
    class Bad(Tally):
        name = "bad_name"

    with Database() as views, pytest.raises(ValueError, match="small letters"):
        Projector(views, [Bad(views)])


def test_a_bookmark_moves_with_the_tables() -> None:
    with Database() as views:
        Projector(views, [Tally(views)]).catch_up(filled(4))
        with views.writing() as db:
            mark = bookmark_of(db, "tally")
            assert mark is not None
            assert mark.position == 4
            assert bookmark_of(db, "none") is None


@pytest.mark.parametrize("zone", ["Mars/Base", "+25:00", "", "8"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(InputError):
        Calendar(zone)


@given(
    st.integers(0, 253_402_300_799_999_999), st.sampled_from(["+08:00", "-09:30", "Asia/Shanghai", "America/New_York"])
)
def test_an_instant_lies_before_the_end_of_its_day_and_after_the_one_before(at: int, zone: str) -> None:
    calendar = Calendar(zone)
    day = calendar.day_of(at)
    if date.min < day < date.max:
        assert at < calendar.end_of(day)
        assert at >= calendar.end_of(date.fromordinal(day.toordinal() - 1))
