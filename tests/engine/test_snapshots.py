"""Snapshots: taken as the setting says, taken up where they fit in every respect, and never in anybody's way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.lazily import DAMAGES, damaged
from engine.town import ADS, RULES, SONG, WIDER, Town, whole_life
from groupcore.clock import DAY, HOUR, MINUTE, SECOND
from groupcore.engine import Moderator, snapshots
from groupcore.errors import InputError, NewerLog, StoreError, StoreLocked
from groupcore.events import Row, decode
from groupcore.events.base import ORG
from groupcore.messages import Message
from groupcore.state import State, fold
from groupcore.stores import JsonlStore, MemoryStore, SqliteStore, Store
from groupcore.stores.shelf import MemoryShelf, NoShelf, Shelf, Snapshot
from groupcore.testing import START

FAR = START + 400 * DAY


class Watched(MemoryStore):
    """A log that outlives its closing, and tells what was read of it."""

    def __init__(self) -> None:
        super().__init__()
        self.rows_read: list[tuple[str, int]] = []

    def close(self) -> None:
        pass

    def read_stream(self, stream: str, after: int = 0) -> Iterator[Row]:
        for row in super().read_stream(stream, after):
            self.rows_read.append((stream, row.version))
            yield row

    def versions_read(self, stream: str = "group/g1") -> list[int]:
        found = [version for read, version in self.rows_read if read == stream]
        self.rows_read.clear()
        return found


def engine(store: Store, rules: Any = None, **kept: Any) -> Moderator:
    return Moderator(store, rules, clock=lambda: FAR, salt=lambda: "ab", **kept)


def talk(moderator: Moderator, count: int, *, group: str = "g1", first: int = 0, every: int = HOUR) -> None:
    for number in range(first, first + count):
        at = START + number * every
        moderator.observe(Message(group=group, author=f"u{number % 7}", id=f"{group}m{number}", at=at, text="hello"))


def facts_of(store: Store) -> State:
    return fold(State(), [decode(row).event for row in store.read()])


def kept_group(store: Store) -> Snapshot:
    found = store.shelf.get("group/g1")
    assert found is not None
    return found


@pytest.fixture(params=["memory", "sqlite", "jsonl"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made: dict[str, Callable[[], Store]] = {
        "memory": MemoryStore,
        "sqlite": lambda: SqliteStore(tmp_path / "log.db"),
        "jsonl": lambda: JsonlStore(tmp_path / "log.jsonl"),
    }
    with made[request.param]() as opened:
        yield opened


# --- when they are taken ------------------------------------------------------------------------------------------


def test_one_is_taken_each_so_many_events_of_a_stream(store: Store) -> None:
    moderator, versions = engine(store, RULES, snapshot_every=10), []
    for number in range(35):
        talk(moderator, 1, first=number)
        kept = store.shelf.get("group/g1")
        versions.append(kept.version if kept is not None else 0)
    assert versions == [0] * 9 + [10] * 10 + [20] * 10 + [30] * 6
    assert kept_group(store).is_whole


def test_without_a_setting_it_is_a_thousand(store: Store) -> None:
    talk(engine(store, RULES), 999)
    assert store.shelf.get("group/g1") is None
    talk(engine(store), 1, first=999)
    assert kept_group(store).version in (999, 1000)


def test_none_is_taken_where_none_is_wanted() -> None:
    log = Watched()
    with engine(log, RULES, snapshot_every=None) as moderator:
        talk(moderator, 40)
    assert log.shelf.labels() == []


def test_a_setting_below_one_is_refused() -> None:
    for kept in ({"snapshot_every": 0}, {"most_groups": -1}):
        with pytest.raises(InputError, match=rf"{next(iter(kept))} is a number from 1 on, or None"):
            engine(Watched(), RULES, **kept)


def test_closing_keeps_what_is_worth_it() -> None:
    log = Watched()
    with engine(log, RULES, snapshot_every=100) as moderator:
        talk(moderator, 10, group="g1")
        talk(moderator, 9, group="g2")
    assert [one.stream for one in log.shelf.labels()] == ["group/g1"]


def test_who_had_to_read_much_keeps_what_came_of_it() -> None:
    log = Watched()
    talk(engine(log, RULES, snapshot_every=None), 40)
    assert log.shelf.get("group/g1") is None
    engine(log, snapshot_every=100).standing("g1", "u1")
    assert kept_group(log).version == 40


def test_a_large_group_is_kept_less_often() -> None:
    log = Watched()
    moderator = engine(log, RULES, snapshot_every=10)
    for number in range(200):
        moderator.join("g1", f"member {number}", at=START + number)
    versions = []
    for number in range(300):
        talk(moderator, 1, first=number)
        versions.append(kept_group(log).version)
    assert 1 <= len(set(versions)) - 1 <= 2, "two in 300 events, for 200 members"


# --- when they are taken up ---------------------------------------------------------------------------------------


def test_a_group_is_opened_by_its_tail_alone() -> None:
    log = Watched()
    moderator = engine(log, RULES, snapshot_every=50)
    talk(moderator, 120)
    talk(moderator, 300, group="g2")
    log.versions_read()
    again = engine(log, snapshot_every=50)
    assert again.standing("g1", "u1").known
    assert log.versions_read("group/g2") == []
    again.standing("g2", "u1")
    read = log.versions_read("group/g1") or list(range(99, 121))
    assert read[-1] == 120
    assert len(read) <= 22, "what was appended since, and a post that is still in a window"
    assert again.state == facts_of(log)


def test_of_posts_that_a_window_still_counts_only_the_rows_are_read() -> None:
    log = Watched()
    moderator = engine(log, RULES, snapshot_every=60)
    talk(moderator, 60, every=MINUTE)
    posts = len(moderator.state.groups["g1"].windows)
    assert 10 < posts < 20
    log.versions_read()
    assert engine(log).state == facts_of(log)
    assert log.versions_read() == list(range(61 - posts, 61))


def test_who_takes_one_up_keeps_none_for_that() -> None:
    log = Watched()
    talk(engine(log, RULES, snapshot_every=10), 10)
    kept = kept_group(log)
    with engine(log, snapshot_every=10) as again:
        again.standing("g1", "u1")
    assert kept_group(log) is kept


def test_what_is_loaded_is_as_of_one_position() -> None:
    """What others wrote meanwhile, snapshots of theirs too, counts once it was caught up with."""
    log = Watched()
    one, other = engine(log, RULES), engine(log, snapshot_every=1)
    talk(other, 3)
    talk(other, 3, group="g2")
    early = State()
    assert one.state == fold(early, [decode(row).event for row in log.read() if row.position <= one.position])
    one.catch_up()
    assert one.state == facts_of(log)
    talk(one, 1, first=3)
    assert one.state == facts_of(log)


def test_part_of_what_others_wrote_is_no_state() -> None:
    log = Watched()
    writer = engine(log, RULES, snapshot_every=1)
    talk(writer, 2)
    one = engine(log)
    talk(writer, 2, first=2)
    writer.close()
    assert kept_group(log).version == 4
    expected = fold(State(), [decode(row).event for row in log.read() if row.position <= one.position])
    assert one.state == expected
    one.catch_up()
    assert one.state == facts_of(log)


def test_who_asks_for_a_group_that_others_wrote_to_gets_it_as_it_is_now() -> None:
    log = Watched()
    one = engine(log, RULES)
    other = engine(log, snapshot_every=10)
    talk(other, 30)
    other.mute("g1", "u1", by="zoe", at=START + 100 * DAY)
    log.versions_read()
    assert one.standing("g1", "u1").muted
    assert log.versions_read()[0] > 20


def test_of_the_organisation_too_only_the_tail_is_read() -> None:
    log = Watched()
    moderator = engine(log, RULES, snapshot_every=10)
    for number in range(34):
        moderator.grant(None, f"p{number}", "staff", at=START + number)
    log.versions_read(ORG)
    assert engine(log).state.org == facts_of(log).org
    assert log.versions_read(ORG) == [30, 31, 32, 33, 34, 35]


@pytest.mark.parametrize("how", DAMAGES)
def test_a_snapshot_that_does_not_fit_is_thrown_away_and_made_anew(how: str) -> None:
    log = Watched()
    moderator = engine(log, RULES, snapshot_every=10)
    talk(moderator, 20, every=SECOND)
    moderator.mute("g1", "u1", by="zoe", at=START + HOUR)
    log.shelf.put([damaged(kept_group(log), how)])
    bad = kept_group(log)
    log.versions_read()
    again = engine(log, snapshot_every=10)
    assert again.standing("g1", "u1", at=START + HOUR + 1).muted
    versions = log.versions_read()
    assert versions[-21:] == list(range(1, versions[-1] + 1)), "from the beginning"
    assert again.state == facts_of(log)
    assert kept_group(log) != bad
    assert kept_group(log).is_whole


@pytest.mark.parametrize("how", [how for how in DAMAGES if how != "beyond the end"])
def test_one_of_the_organisation_that_does_not_fit_is_thrown_away_too(how: str) -> None:
    log = Watched()
    moderator = engine(log, RULES, snapshot_every=4)
    for number in range(9):
        moderator.grant(None, f"p{number}", "staff", at=START + number)
    kept = log.shelf.get(ORG)
    assert kept is not None
    log.shelf.put([damaged(kept, how)])
    log.versions_read()
    assert engine(log).state.org == facts_of(log).org
    assert log.versions_read(ORG)[-10:] == list(range(1, 11))


def test_another_version_of_the_fold_takes_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    log = Watched()
    talk(engine(log, RULES, snapshot_every=10), 20)
    assert engine(log).standing("g1", "u1").known
    assert log.versions_read()[0] > 1
    monkeypatch.setattr(snapshots, "_stamp", lambda: "that of a later version")
    engine(log).standing("g1", "u1")
    assert log.versions_read()[0] == 1


def test_a_log_whose_past_was_changed_takes_up_nothing() -> None:
    """The snapshot of a log is no snapshot of another one, however alike they are."""
    one, other = Watched(), Watched()
    talk(engine(one, RULES, snapshot_every=10), 20)
    talk(engine(other, RULES, snapshot_every=None), 20, every=MINUTE)
    other.shelf.put([kept_group(one)])
    other.versions_read()
    assert engine(other).state == facts_of(other)
    assert other.versions_read()[-20:] == list(range(1, 21))


def test_posts_come_back_with_what_counted_them_and_without_what_was_erased() -> None:
    log = Watched()
    town = Town(log)
    for author in ("amy", "bo", "cy"):
        town.say(author, SONG, after=SECOND)
    for _ in range(4):
        town.say("dan", "hey", after=SECOND)
    town.moderator.erase_person("amy", at=town.now)
    with engine(log, snapshot_every=1) as again:
        again.standing("g1", "amy")
        windows = again.state.groups["g1"].windows
        assert any(post.consumed for post in windows)
        assert [post.fact.text for post in windows if post.author == "amy"] == [""]
    later = engine(log)
    assert later.state == again.state == facts_of(log)
    assert log.versions_read()[0] >= 1
    later.state.check()


def test_what_happens_in_every_way_comes_back(store: Store) -> None:
    town = whole_life(store)
    expected = facts_of(store)
    for every in (1, None):  # first they are made, then they are taken up
        assert Moderator(store, clock=lambda: town.now, snapshot_every=every).state == expected
    assert {one.stream for one in store.shelf.labels()} == {ORG, "group/g1", "group/g2", "group/g3"}


def test_other_rules_that_came_in_between_count(store: Store) -> None:
    """A short memory forgot what a longer one would still have; who reads the group later finds it forgotten."""
    moderator = engine(store, RULES, snapshot_every=5)
    talk(moderator, 12, every=SECOND)
    for rules in (WIDER, RULES):
        moderator = engine(store, rules, snapshot_every=5)
    talk(moderator, 2, first=12, every=SECOND)
    assert len(facts_of(store).groups["g1"].windows) == 2
    assert moderator.state == engine(store).state == facts_of(store)
    store.shelf.clear()
    assert engine(store, snapshot_every=None).state == facts_of(store)


def test_other_rules_that_others_adopt_count_for_what_is_loaded() -> None:
    log = Watched()
    moderator = engine(log, RULES)
    talk(moderator, 5, every=SECOND)
    engine(log, WIDER)
    engine(log, RULES)
    moderator.catch_up()
    assert moderator.state == facts_of(log)
    assert not len(moderator.state.groups["g1"].windows)


def test_under_other_rules_a_clock_is_too_coarse_anew() -> None:
    log = Watched()
    for number, rules in enumerate((RULES, WIDER, RULES)):
        message = Message(
            group="g1", author="amy", id=f"m{number}", at=START + number * HOUR, text="hi", resolution="min"
        )
        engine(log, rules, snapshot_every=None).observe(message)
    assert facts_of(log).groups["g1"].abstained_under == 3
    assert engine(log).state == facts_of(log)


# --- what they hold -----------------------------------------------------------------------------------------------


def test_nothing_private_is_in_them(store: Store) -> None:
    town = whole_life(store)
    link = {"kind": "link", "url": "https://secret.example/x"}
    town.say("amy", "a secret that nobody may keep", id="secret", parts=[link])
    town.moderator.report("g1", "amy", reporter="who reported it", reason="because of the secret", at=town.now)
    engine(store, snapshot_every=1).state  # noqa: B018 that takes them
    bodies = b"".join(kept.body for one in store.shelf.labels() if (kept := store.shelf.get(one.stream)) is not None)
    private = [json.loads(row.private) for row in store.read() if row.private is not None]
    words = {word for data in private for value in data.values() for word in _words(value) if len(word) > 5}
    assert {"a secret that nobody may keep", "https://secret.example/x"} <= words
    assert [word for word in words | {"who reported it"} if word.encode() in bodies] == []


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        yield from _words(inner)


def test_a_text_whose_erasure_was_ordered_does_not_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    log = Watched()
    monkeypatch.setattr(Moderator, "_finish", lambda self, orders: None)  # the order stays open
    moderator = engine(log, RULES, snapshot_every=1)
    talk(moderator, 8, every=SECOND)
    moderator.erase_person("u1", at=START + MINUTE)
    moderator.close()
    assert kept_group(log).version == 9
    again = engine(log)
    assert {post.author: post.fact.text for post in again.state.groups["g1"].windows}["u1"] == ""
    assert again.state == facts_of(log)
    assert log.rows_read, "it was taken up"


def test_who_reported_is_read_in_the_log_again() -> None:
    log = Watched()
    with engine(log, RULES, snapshot_every=1) as moderator:
        talk(moderator, 5)
        for reporter in ("ann", "ben"):
            case = moderator.report("g1", "u1", reporter=reporter, at=START + DAY).fact.id
            moderator.close_case("g1", case, "false-report", by="zoe", at=START + DAY)
    assert facts_of(log).groups["g1"].false_reports, "some were false"
    assert engine(log).state == facts_of(log)
    assert 1 not in log.versions_read()


# --- what must not break ------------------------------------------------------------------------------------------


class Broken(MemoryShelf):
    def put(self, snapshots: Sequence[Snapshot]) -> None:
        raise self.error

    def get(self, stream: str) -> Snapshot | None:
        raise self.error

    def labels(self) -> list[Snapshot]:
        raise self.error

    error: Exception = StoreError("the disk is full")


class OnABrokenShelf(Watched):
    broken = Broken()

    @property
    def shelf(self) -> Shelf:
        return self.broken


@pytest.mark.parametrize("error", [StoreError("the disk is full"), OSError("no"), TypeError("a mistake of ours")])
def test_a_shelf_that_fails_is_in_nobodys_way(error: Exception) -> None:
    log = OnABrokenShelf()
    log.broken.error = error
    with engine(log, RULES, snapshot_every=1, most_groups=1) as moderator:
        talk(moderator, 3)
        talk(moderator, 3, group="g2")
        moderator.mute("g1", "u1", by="zoe", until=START + DAY, at=START + HOUR)
        assert len(moderator.advance(START + 2 * DAY)) == 1
        assert moderator.state == facts_of(log)


def test_a_store_of_ones_own_need_not_have_any() -> None:
    class Plain(Watched):
        shelf = NoShelf()  # type: ignore[assignment]

    log = Plain()
    with engine(log, RULES, snapshot_every=1) as moderator:
        talk(moderator, 3)
    assert engine(log).state == facts_of(log)


def test_a_snapshot_waits_for_no_other_writer(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with SqliteStore(path, patience=30) as one, SqliteStore(path, patience=30) as other:
        talk(engine(one, RULES), 3)
        with other._writing() as db:
            db.execute("UPDATE heads SET version = version")
            with pytest.raises(StoreLocked):
                one.shelf.put([])
        talk(engine(one), 1, first=3)


# --- shelves ------------------------------------------------------------------------------------------------------


def some_snapshot(stream: str, version: int = 3, body: bytes = b"body") -> Snapshot:
    return snapshots.snapshot(stream, version, "d" * 64, stamp="s", rules="", due=None, body=body)


def test_a_shelf_keeps_the_last_of_each_stream(store: Store) -> None:
    shelf = store.shelf
    streams = ["group/g1", "group/../x", "group/群", "org"]
    assert (shelf.get("org"), shelf.labels(), shelf.clear()) == (None, [], 0)
    shelf.put([some_snapshot(stream) for stream in streams])
    shelf.put([some_snapshot("org", 2, b"\x00\xff\n other")])
    assert shelf.get("org") == some_snapshot("org", 2, b"\x00\xff\n other")
    assert shelf.get("group/../x") == some_snapshot("group/../x")
    assert shelf.get("group/g2") is None
    labels = {one.stream: one for one in shelf.labels()}
    assert labels.keys() == set(streams)
    assert all(one.is_sealed and one.body == b"" for one in labels.values())
    assert store.shelf.clear() == 4
    assert (shelf.get("org"), shelf.labels(), shelf.clear()) == (None, [], 0)


def test_a_shelf_is_there_when_the_log_is_opened_again(tmp_path: Path) -> None:
    for cls, name in ((SqliteStore, "log.db"), (JsonlStore, "log.jsonl")):
        with cls(tmp_path / name) as log:
            log.shelf.put([some_snapshot("org")])
        with cls(tmp_path / name, read_only=True) as log:
            assert log.shelf.get("org") == some_snapshot("org")
            with pytest.raises(StoreError, match="reading only"):
                log.shelf.put([some_snapshot("org", 4)])
            with pytest.raises(StoreError, match="reading only"):
                log.shelf.clear()


def test_a_file_that_is_no_snapshot_is_passed_over(tmp_path: Path) -> None:
    home = tmp_path / "log.jsonl.snapshots"
    with JsonlStore(tmp_path / "log.jsonl") as log:
        log.shelf.put([some_snapshot("org")])
        [path] = home.iterdir()
        for content in (b"", b"{}\n", b"[1, 2]\nx", b"\xff\xfe\n", b"[1,2,3,4,5,6,7,8]\nbody"):
            path.write_bytes(content)
            found = log.shelf.get("org")
            assert found is None or not found.is_sealed
            talk(engine(log, RULES), 1)
        (home / "half.new").write_bytes(b"an interrupted write")
        log.shelf.clear()
        assert not home.exists()


# --- how much is in memory ----------------------------------------------------------------------------------------


def loaded(moderator: Moderator) -> list[str]:
    return list(moderator._desk.ledger.state.groups)


def test_only_what_was_asked_for_is_loaded() -> None:
    log = Watched()
    for number in range(5):
        talk(engine(log, RULES), 3, group=f"g{number}")
    moderator = engine(log)
    assert loaded(moderator) == []
    moderator.standing("g3", "u1")
    assert not moderator.standing("nowhere", "u1").known
    assert loaded(moderator) == ["g3"]
    talk(moderator, 1, group="g1", first=3)
    assert loaded(moderator) == ["g3", "g1"]
    assert moderator.state == facts_of(log)


def test_the_groups_that_nobody_asks_for_leave() -> None:
    log = Watched()
    moderator = engine(log, RULES, most_groups=2)
    for group in ("g1", "g2", "g1", "g3", "g4", "g3"):
        talk(moderator, 1, group=group, first=moderator.position)
        assert len(loaded(moderator)) <= 2
    assert loaded(moderator) == ["g4", "g3"]
    assert moderator.state == facts_of(log)


def test_the_time_is_told_to_groups_that_are_not_loaded() -> None:
    log = Watched()
    moderator = engine(log, RULES, snapshot_every=1, most_groups=1)
    for number in range(6):
        talk(moderator, 2, group=f"g{number}")
    moderator.mute("g2", "u1", by="zoe", until=START + 2 * DAY, at=START + DAY)
    moderator.mute("g4", "u1", by="zoe", until=START + 3 * DAY, at=START + DAY)
    moderator.close()
    later = engine(log, snapshot_every=1, most_groups=1)
    log.versions_read()
    assert [verdict.fact.group for verdict in later.advance(START + 2 * DAY)] == ["g2"]
    read = {stream for stream, _ in log.rows_read}
    assert read == {"group/g2"}, "what the labels of snapshots say of the others is enough"
    engine(log).mute("g5", "u0", by="zoe", until=START + 2 * DAY + 1, at=START + 2 * DAY)
    said = later.advance(START + 4 * DAY)
    assert [verdict.fact.group for verdict in said] == ["g4", "g5"]
    assert later.advance(START + 5 * DAY) == ()


def test_an_erasure_that_was_left_open_is_finished_by_who_comes_across_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for come_across in (
        lambda moderator: moderator.standing("g1", "u1"),
        lambda moderator: moderator.advance(FAR),
        lambda moderator: talk(moderator, 1, first=9),
    ):
        log = Watched()
        moderator = engine(log, RULES, snapshot_every=1)
        talk(moderator, 9)
        with monkeypatch.context() as stopped:
            stopped.setattr(Moderator, "_finish", lambda self, orders: None)
            moderator.erase_person("u1", at=START + DAY)
            moderator.close()
        assert any(row.private is not None and b"u1" in row.data for row in log.read())
        later = engine(log, snapshot_every=1)
        assert any(row.private is not None and b"u1" in row.data for row in log.read()), "the group was not looked at"
        come_across(later)
        assert not any(row.private is not None and b"u1" in row.data for row in log.read())
        assert later.state == facts_of(log)


def test_what_a_newer_version_wrote_keeps_from_deciding_in_that_group_alone() -> None:
    log = Watched()
    talk(engine(log, RULES), 2)
    [row] = list(log.read_stream("group/g1", after=1))
    log.append([row._replace(id="new", type="vote-cast", stream="group/g2", group="g2")])
    moderator = engine(log)
    talk(moderator, 1, first=2)
    with pytest.raises(NewerLog):
        talk(moderator, 1, group="g2")


def test_memory_stays_small_for_one_group_of_many(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "log.db", fsync="relaxed") as log:
        moderator = engine(log, RULES, snapshot_every=10, most_groups=3)
        for number in range(60):
            talk(moderator, 2, group=f"g{number % 20}", first=number * 2)
        assert len(loaded(moderator)) == 3
        assert moderator.state == facts_of(log)


def test_a_sanction_of_before_the_snapshot_counts_after_it() -> None:
    log = Watched()
    for number, kind in enumerate(("member-warned", "member-muted", "member-kicked")):
        with engine(log, RULES if not number else None, snapshot_every=1) as moderator:
            at = START + number * 2 * DAY
            verdict = moderator.observe(Message(group="g1", author="amy", id=f"m{number}", at=at, text=ADS))
            assert verdict.sanction is not None
            assert verdict.sanction.type == kind
