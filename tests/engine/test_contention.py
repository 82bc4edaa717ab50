"""Several moderators on one log: in one process, in threads, in processes. No update is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.town import ADS, RULES, SCAM, Town
from groupcore.clock import DAY, HOUR, MINUTE
from groupcore.engine import Moderator, desk
from groupcore.errors import ConcurrencyError, DecisionRefused, InputError, StoreError
from groupcore.events import Head, Row, decode
from groupcore.messages import Message
from groupcore.replay import verify
from groupcore.state import State, fold
from groupcore.stores import ANYTHING, MemoryStore, SqliteStore, Store
from groupcore.stores.shelf import Shelf
from groupcore.testing import START


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """The log, as two who work on it at the same time have opened it."""
    if request.param == "memory":
        store = MemoryStore()
        yield store, store
        return
    path = str(tmp_path / "log.db")
    with SqliteStore(path) as one, SqliteStore(path) as other:
        yield one, other


def check_whole(store: Store, *states: State) -> None:
    """The log verifies, and who has caught up knows what it says."""
    rows = list(store.read())
    report = verify(rows)
    assert report.clean, report.divergence
    for state in states:
        assert state == fold(State(), [decode(row).event for row in rows])
        state.check()


# --- two that take turns ------------------------------------------------------------------------------------------


def test_each_sees_the_strikes_that_the_other_gave(stores: tuple[Store, Store]) -> None:
    one, other = (Town(store) for store in stores)
    kinds = []
    for number, town in enumerate((one, other, one)):
        sanction = town.say("amy", ADS, id=f"m{number}", at=START + number * 2 * DAY).sanction
        assert sanction is not None
        kinds.append(sanction.type)
        one.now = other.now = START + number * 2 * DAY + DAY
    assert kinds == ["member-warned", "member-muted", "member-kicked"]
    other.moderator.catch_up()
    check_whole(stores[0], one.moderator.state, other.moderator.state)


def test_what_the_other_took_in_is_not_taken_in_twice(stores: tuple[Store, Store]) -> None:
    one, other = (Town(store) for store in stores)
    first = one.say("amy", ADS, id="m1")
    again = other.say("amy", ADS, id="m1")
    assert again.repeated
    assert again.events == first.events
    other.say("amy", "something else", id="m1")
    one.say("amy", "something else again", id="m1")
    assert [row.type for row in stores[0].read()].count("import-conflict") == 1
    one.moderator.catch_up()
    check_whole(stores[0], one.moderator.state, other.moderator.state)


def test_a_wish_is_decided_on_what_the_other_did(stores: tuple[Store, Store]) -> None:
    """It is neither refused for what was not so any more, nor granted."""
    one, other = (Town(store) for store in stores)
    warned = one.say("amy", ADS).sanction
    assert warned is not None
    other.moderator.appeal("g1", "amy", warned.id)
    with pytest.raises(DecisionRefused, match="appealed before"):
        one.moderator.appeal("g1", "amy", warned.id)
    one.moderator.decide_appeal("g1", warned.id, "overturned", by="zoe")
    one.moderator.mute("g1", "amy", by="zoe", until=START + HOUR)
    (told,) = other.moderator.advance(START + HOUR)
    assert [action.do for action in told.actions] == ["unmute"]
    assert one.moderator.advance(START + HOUR) == ()


def test_a_block_of_the_organisation_is_seen_by_who_works_on_another_group(stores: tuple[Store, Store]) -> None:
    one, other = (Town(store) for store in stores)
    other.moderator.join("g2", "bo", at=START)
    one.moderator.block(None, "amy", by="zoe")
    joined = other.moderator.join("g2", "amy", at=START)
    assert [event.type for event in joined.events] == ["member-joined", "member-kicked"]
    check_whole(stores[0])


def test_who_works_on_other_groups_loses_no_race(stores: tuple[Store, Store]) -> None:
    one, other = (Town(Counting(store)) for store in stores)
    for number in range(5):
        one.say("amy", ADS, id=f"a{number}", group="g1")
        other.say("bo", ADS, id=f"b{number}", group="g2")
    for town in (one, other):
        assert isinstance(town.store, Counting)
        assert town.store.lost == 0
        town.moderator.catch_up()
    check_whole(stores[0], one.moderator.state, other.moderator.state)


# --- races, staged ------------------------------------------------------------------------------------------------


class Counting(MemoryStore):
    """Another store, with a count of the races lost, and something that happens before the next append."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.lost = 0
        self.before: Callable[[], object] | None = None
        self.fail: BaseException | None = None
        self.fail_after: BaseException | None = None

    def append(self, drafts: Sequence[Row], expect: Mapping[str, int] = ANYTHING) -> list[Row]:
        before, self.before = self.before, None
        if before is not None:
            before()
        if self.fail is not None:
            raise self.fail
        try:
            rows = self.store.append(drafts, expect)
        except ConcurrencyError:
            self.lost += 1
            raise
        if self.fail_after is not None:
            raise self.fail_after
        return rows

    def read(self, after: int = 0) -> Iterator[Row]:
        return self.store.read(after)

    def read_stream(self, stream: str, after: int = 0) -> Iterator[Row]:
        return self.store.read_stream(stream, after)

    def get(self, id: str) -> Row | None:
        return self.store.get(id)

    def about(self, fact_id: str) -> list[Row]:
        return self.store.about(fact_id)

    def heads(self) -> dict[str, Head]:
        return self.store.heads()

    @property
    def shelf(self) -> Shelf:
        return self.store.shelf

    @property
    def position(self) -> int:
        return self.store.position

    def close(self) -> None:
        self.store.close()


def test_a_lost_race_is_caught_up_with_and_decided_again() -> None:
    log = MemoryStore()
    store = Counting(log)
    one, other = Town(store), Town(log)
    store.before = lambda: other.say("amy", ADS, id="first")
    sanction = one.say("amy", ADS, id="second", at=START + 2 * MINUTE, after=2 * MINUTE).sanction
    assert sanction is not None
    assert sanction.type == "member-muted", "the strike that came in between counts"
    assert store.lost == 1
    check_whole(log, one.moderator.state)


def test_a_race_about_the_organisation_is_lost_too() -> None:
    log = MemoryStore()
    store = Counting(log)
    one, other = Town(store), Town(log)
    store.before = lambda: other.moderator.block(None, "amy", by="zoe")
    assert "member-kicked" in [event.type for event in one.say("amy").events]
    assert store.lost == 1
    check_whole(log, one.moderator.state)


def test_a_conflict_that_is_noted_while_somebody_writes_to_the_organisation_verifies() -> None:
    """It says on which version of the organisation it was noted, so that must be the one that stands."""
    log = MemoryStore()
    store = Counting(log)
    one, other = Town(store), Town(log)
    one.say("amy", "hello", id="m1")

    def first_the_duplicate() -> None:
        store.before = lambda: other.moderator.grant(None, "bo", "staff", at=START)

    store.before = first_the_duplicate
    assert one.say("amy", "goodbye", id="m1").repeated
    assert [row.type for row in log.read()].count("import-conflict") == 1
    check_whole(log, one.moderator.state)


def test_what_others_wrote_to_other_groups_meanwhile_is_taken_in_with_it() -> None:
    log = MemoryStore()
    store = Counting(log)
    one, other = Town(store), Town(log)
    store.before = lambda: other.say("bo", ADS, group="g2")
    one.say("amy", ADS)
    assert store.lost == 0
    check_whole(log, one.moderator.state)


def test_who_loses_every_race_gives_up_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_pause", lambda attempt: None)
    store = Counting(MemoryStore())
    town = Town(store)
    store.fail = ConcurrencyError("group/g1", 1, 2)
    with pytest.raises(StoreError, match="gave up after 50 lost races"):
        town.say("amy")
    store.fail = None
    assert not town.say("amy", id="m1").repeated


# --- stores that fail ---------------------------------------------------------------------------------------------


def test_a_store_that_fails_leaves_the_state_as_the_log_has_it() -> None:
    log = MemoryStore()
    store = Counting(log)
    town = Town(store)
    town.say("amy", ADS)
    before = town.moderator.state.fork()
    store.fail = StoreError("the disk is full")
    with pytest.raises(StoreError, match="the disk is full"):
        town.say("amy", SCAM, id="m7")
    assert town.moderator.state == before
    check_whole(log, town.moderator.state)
    store.fail = None
    assert not town.say("amy", SCAM, id="m7").repeated
    check_whole(log, town.moderator.state)


def test_a_store_that_fails_after_it_has_written_loses_nothing() -> None:
    """Who cannot know whether it landed asks again, and gets the answer that was given."""
    log = MemoryStore()
    store = Counting(log)
    town = Town(store)
    store.fail_after = StoreError("the connection is gone")
    with pytest.raises(StoreError, match="the connection is gone"):
        town.say("amy", ADS, id="m1")
    store.fail_after = None
    again = town.say("amy", ADS, id="m1")
    assert again.repeated
    assert again.sanction is not None
    check_whole(log, town.moderator.state)
    muted = town.say("amy", ADS).sanction
    assert muted is not None
    assert muted.type == "member-muted"
    check_whole(log, town.moderator.state)


def test_an_interrupt_in_the_midst_of_an_append_loses_nothing() -> None:
    log = MemoryStore()
    store = Counting(log)
    town = Town(store)
    store.fail_after = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        town.say("amy", ADS, id="m1")
    store.fail_after = None
    town.say("amy", ADS)
    check_whole(log, town.moderator.state)


def test_a_closed_log_says_so() -> None:
    town = Town()
    town.moderator.close()
    town.moderator.close()
    with pytest.raises(StoreError, match="closed"):
        town.say("amy")


def test_what_cannot_be_written_leaves_no_trace() -> None:
    town = Town()
    town.say("amy", ADS)
    before, length = town.moderator.state.fork(), town.store.position
    with pytest.raises(InputError):
        town.moderator.join("g\ud800", "amy", at=START)
    assert (town.store.position, town.moderator.state) == (length, before)


# --- threads and processes ----------------------------------------------------------------------------------------


def shout(moderator: Moderator, name: str, count: int) -> None:
    """Break the rules *count* times in one group, as everybody does at once."""
    for number in range(count):
        at = START + number * 40 * DAY
        moderator.observe(Message(group="g1", author="amy", id=f"{name}{number}", at=at, text=ADS))


def test_threads_share_one_moderator(tmp_path: Path) -> None:
    with (
        Moderator.open(str(tmp_path / "log.db"), RULES, clock=lambda: START + 900 * DAY) as moderator,
        ThreadPoolExecutor(4) as pool,
    ):
        list(pool.map(lambda name: shout(moderator, name, 8), "abcd"))
        standings = list(pool.map(lambda _: moderator.standing("g1", "amy"), range(8)))
        assert len(set(map(repr, standings))) == 1
        with SqliteStore(str(tmp_path / "log.db"), read_only=True) as store:
            check_whole(store, moderator.state)
            assert [row.type for row in store.read()].count("message-posted") == 32


def test_threads_with_a_moderator_each_share_one_file(tmp_path: Path) -> None:
    path = str(tmp_path / "log.db")

    def work(name: str) -> None:
        with Moderator.open(path, RULES, clock=lambda: START + 900 * DAY) as moderator:
            shout(moderator, name, 5)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, "abc"))
    with SqliteStore(path, read_only=True) as store:
        check_whole(store)
        assert [row.type for row in store.read()].count("message-posted") == 15


WORK = """
import sys
from engine.test_contention import RULES, START, DAY, Moderator, shout
with Moderator.open(sys.argv[1], RULES, clock=lambda: START + 900 * DAY) as moderator:
    print("ready", flush=True)
    sys.stdin.readline()
    shout(moderator, sys.argv[2], 12)
"""


def test_processes_contend_for_one_group(tmp_path: Path) -> None:
    path = str(tmp_path / "log.db")
    here = Path(__file__).parents[1]
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORK, path, name], cwd=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name in "ab"
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.communicate("go\n", timeout=100)
        assert worker.returncode == 0
    with SqliteStore(path, read_only=True) as store:
        check_whole(store)
        types = [row.type for row in store.read()]
        assert types.count("message-posted") == 24
        assert types.count("rulebook-adopted") == 1
    assert len(Town(SqliteStore(path), now=START + 900 * DAY).moderator.state.group("g1").members) == 1
