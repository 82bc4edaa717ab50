# ruff: noqa: E402 (its imports need what is looked for first)
"""PostgreSQL servers, connections and writers that go away: nothing acknowledged is lost, and nothing comes twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread, Timer
from typing import Any

import pytest

from groupcore.engine import Moderator
from groupcore.errors import ConcurrencyError, StoreError
from groupcore.events import Row
from groupcore.replay import verify
from groupcore.rulebook import Rulebook
from groupcore.stores import open_store
from groupcore.testing.store_contract import check_log, draft, drafts

psycopg = pytest.importorskip("psycopg")
pytest.importorskip("pwd")

from groupcore.stores import postgres_pool
from groupcore.stores.postgres import PostgresStore
from groupcore.stores.postgres_append import Append
from stores.moderating import RULES, message
from stores.postgres_server import Server, at_once

KILLS = int(os.environ.get("GROUPCORE_SOAK_KILLS", "100"))  # of a soak; .ci/run asks for fewer
KILLING = Path(__file__).with_name("killing.py")


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    yield f"{server.new_log()}&patience=60s"
    if server.process.poll() is not None:
        server.start()


def crash(server: Server, away: float = 0.3) -> Timer:
    """The server drops everything, and is back after a while."""
    server.stop(signal.SIGQUIT)
    timer = Timer(away, server.start)
    timer.start()
    return timer


def once(method: str, *, before: Callable[[], Any] = int, after: Callable[[], Any] = int) -> None:
    """Something happens before or after this step of an append, the next time that any append takes it."""
    really = getattr(Append, method)

    def step(*given: Any) -> Any:
        setattr(Append, method, really)
        before()
        try:
            return really(*given)
        finally:
            after()

    setattr(Append, method, step)


# -- the server


def test_a_server_that_was_started_again_is_used_again(server: Server, url: str) -> None:
    with open_store(url) as store:
        rows = store.append(drafts(3))
        for how in (signal.SIGINT, signal.SIGQUIT):
            server.stop(how)
            server.start()
            assert list(store.read()) == rows
            rows += store.append([draft(f"x{how}")])
        check_log(store)


def test_of_many_connections_that_died_with_the_server_one_is_tried(
    server: Server, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = list[Exception]()
    really = postgres_pool.passes
    monkeypatch.setattr(postgres_pool, "passes", lambda error: tried.append(error) or really(error))
    with PostgresStore(url) as store:
        with ExitStack() as all_at_once:
            for _ in range(6):
                all_at_once.enter_context(store._connections.lent())
        server.stop()
        server.start()
        store.append(drafts(2))
        assert len(tried) == 1
        check_log(store)


@pytest.mark.parametrize("count", [3, 200])
@pytest.mark.parametrize("moment", ["before the lock", "under the lock", "in the middle", "after the commit"])
def test_an_append_outlives_a_restart_of_the_server(server: Server, url: str, moment: str, count: int) -> None:
    timers = []
    with PostgresStore(url) as store:
        store.append([draft("first")])

        def go_away() -> None:
            timers.append(crash(server))

        def lose_the_answer() -> None:
            go_away()
            raise psycopg.OperationalError("the connection is lost")

        match moment:
            case "before the lock":
                once("_begin", before=go_away)
            case "under the lock":
                once("_begin", after=go_away)
            case "in the middle":
                once("_commit", before=go_away)
            case _:
                once("_commit", after=lose_the_answer)
        rows = store.append(drafts(count, "g2"), {"group/g1": 1, "group/g2": 0})
        timers[0].join()
        assert [row.position for row in rows] == list(range(2, count + 2))
        assert list(store.read(1)) == rows
        check_log(store)


def test_a_server_that_stays_away_is_told_and_its_return_noticed(server: Server, url: str) -> None:
    with PostgresStore(url.replace("patience=60s", "patience=300ms")) as store:
        rows = store.append(drafts(3))
        server.stop()
        uses: list[Callable[[], object]] = [
            lambda: store.append([draft("x")]),
            lambda: list(store.read()),
            lambda: store.known(["x"]),
            lambda: store.turn().__enter__(),
        ]
        for use in uses:
            with pytest.raises(StoreError, match=r"^postgresql://.*(No such file|refused|closed)") as caught:
                use()
            assert type(caught.value) is StoreError
            assert "\n" not in str(caught.value)
        with pytest.raises(StoreError, match="cannot be opened"):
            open_store(url)
        server.start()
        assert list(store.read()) == rows
        store.append([draft("x")])
        check_log(store)


def test_a_read_goes_on_where_it_was(server: Server, url: str) -> None:
    with open_store(url) as store:
        rows = store.append(drafts(1200))
        reading = iter(store.read())
        seen = [next(reading) for _ in range(600)]
        timer = crash(server)
        assert seen + list(reading) == rows
        timer.join()


def test_who_waits_outlives_a_restart(server: Server, url: str) -> None:
    with PostgresStore(url) as store:
        woken = list[int]()
        waiting = Thread(target=lambda: woken.append(store.wait(0, timeout=60)))
        waiting.start()
        time.sleep(0.1)
        crash(server).join()
        time.sleep(0.1)
        assert woken == []
        store.append([draft()])
        waiting.join(30)
        assert woken == [1]


def test_a_moderator_answers_once_over_restarts(server: Server, url: str) -> None:
    with PostgresStore(url) as store, Moderator(store, Rulebook.from_mapping(RULES)) as moderator:
        for number in range(12):
            if number in (3, 8):
                once("_commit", **{"before" if number == 3 else "after": lambda: crash(server).join()})
            assert not moderator.observe(message("a", number)).repeated
        assert verify(store.read()).divergence is None
        assert sum(row.type == "message-posted" for row in store.read()) == 12
        assert store.position == moderator.position
        check_log(store)


# -- a lost answer


def lose_the_answer() -> None:
    raise psycopg.OperationalError("the connection is lost")


def test_an_append_that_landed_is_not_made_twice_though_others_went_on(url: str) -> None:
    """It has to be told from a lost race and from a duplicate: both would be wrong answers."""
    with PostgresStore(url) as store, open_store(url) as other:

        def others_go_on() -> None:
            other.append(drafts(2, "g1", 50), {"group/g1": 2})
            lose_the_answer()

        once("_commit", after=others_go_on)
        rows = store.append(drafts(2), {"group/g1": 0})
        assert [(row.position, row.version) for row in rows] == [(1, 1), (2, 2)]
        assert store.position == 4
        check_log(store)


def test_an_append_that_was_lost_meets_what_others_did_meanwhile(url: str) -> None:
    with PostgresStore(url) as store, open_store(url) as other:

        def others_go_on() -> None:
            other.append([draft("x")])
            lose_the_answer()

        once("_begin", before=others_go_on)
        with pytest.raises(ConcurrencyError):
            store.append([draft("y")], {"group/g1": 0})
        assert store.position == 1


def test_what_another_wrote_under_the_same_id_is_not_taken_for_ours(url: str) -> None:
    with PostgresStore(url) as store, open_store(url) as other:

        def another_text() -> None:
            other.append([draft("y", text="something else")])
            lose_the_answer()

        once("_begin", before=another_text)
        with pytest.raises(StoreError, match="the log holds event"):
            store.append([draft("y")])
        assert store.position == 1


def test_a_writer_that_froze_under_the_lock_loses_it_and_tries_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_pool, "_SET_UP", postgres_pool._SET_UP.replace("'60s'", "'100ms'"))
    with PostgresStore(url) as store, open_store(url) as other:
        meanwhile = Thread(target=other.append, args=([draft("other")],))

        def freeze() -> None:
            meanwhile.start()
            meanwhile.join(30)

        once("_commit", before=freeze)
        [row] = store.append([draft("frozen")])
        assert row.position == 2
        check_log(store)


def storm(server: Server, url: str, writers: int, appends: int) -> int:
    """Connections are cut while writers write; how many were. Each writer goes by what its appends return.

    Nothing is cut until an append has returned since the last time. By the clock, a busy machine cut each attempt of an
    append before it could end, for longer than any patience: 85 attempts took 31 s. That was no fault of the store.
    """
    cuts, writing = 0, True
    rows: list[list[Row]] = [[] for _ in range(writers)]

    def cut() -> None:
        nonlocal cuts
        chance, made = random.Random(5), -1
        with psycopg.connect(server.address(), autocommit=True) as db:
            while writing:
                time.sleep(chance.uniform(0, 0.03))
                if made == (made := sum(map(len, rows))):
                    continue
                found = db.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'groupcore' AND state <> 'idle' ORDER BY random() LIMIT 2"
                )
                cuts += found.rowcount

    def write(worker: int) -> None:
        for number in range(appends):
            some = drafts(1 + number % 30, f"g{worker}", number * 100)
            rows[worker] += store.append(some, {f"group/g{worker}": len(rows[worker])})

    with open_store(url) as store:
        cutting = Thread(target=cut)
        cutting.start()
        try:
            assert at_once(writers, write) == []
        finally:
            writing = False
            cutting.join()
        check_log(store)
        assert list(store.read()) == sorted(row for some in rows for row in some)
    return cuts


def test_connections_that_are_cut_lose_nothing_and_double_nothing(server: Server, url: str) -> None:
    assert storm(server, url, 4, 25) > 5


@pytest.mark.soak
def test_connections_that_are_cut_for_long_lose_nothing_and_double_nothing(server: Server, url: str) -> None:
    assert storm(server, url, 6, 10 * KILLS) > 3 * KILLS


# -- writers


def kill_writers(url: str, rounds: int, seed: int) -> dict[str, int]:
    command = [sys.executable, str(KILLING), url, str(rounds), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_a_killed_writer_loses_nothing_that_was_acknowledged(url: str) -> None:
    assert kill_writers(url, 8, 1)["kills"] == 8


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_many_killed_writers_lose_nothing_that_was_acknowledged(url: str, seed: int) -> None:
    seen = kill_writers(url, KILLS, seed)
    assert seen["kills"] == KILLS, seen


@pytest.mark.soak
def test_many_crashes_of_the_server_lose_nothing_that_was_acknowledged(server: Server, url: str) -> None:
    crashing, rows = True, list[Row]()

    def crash_again_and_again() -> None:
        chance = random.Random(7)
        for _ in range(min(40, KILLS)):
            time.sleep(chance.uniform(0, 0.5))
            crash(server, 0).join()
        nonlocal crashing
        crashing = False

    with open_store(url) as store:
        thread = Thread(target=crash_again_and_again)
        thread.start()
        while crashing:
            size = 1 + len(rows) % 40
            rows += store.append(drafts(size, start=len(rows)), {"group/g1": len(rows)})
        thread.join()
        assert list(store.read()) == rows
        check_log(store)
