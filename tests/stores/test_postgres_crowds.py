# ruff: noqa: E402 (its imports need what is looked for first)
"""PostgreSQL with many writers: nothing is lost, nothing comes twice, and who follows by position misses nothing."""

import os
import time
from itertools import chain
from threading import Event, Thread
from typing import Any

import pytest

from groupcore.errors import ConcurrencyError, StoreLocked
from groupcore.stores import open_store
from groupcore.testing.store_contract import check_log, draft, drafts

psycopg = pytest.importorskip("psycopg")
pytest.importorskip("pwd")

from groupcore.stores.postgres import PostgresStore
from groupcore.stores.postgres_append import Append
from groupcore.stores.postgres_url import place_of
from stores.crowds import moderated, tail
from stores.postgres_server import Server, at_once


@pytest.fixture
def url(server: Server) -> str:
    return server.new_log()


# -- order


def test_a_tailing_reader_sees_every_position_in_order(url: str) -> None:
    done, seen = Event(), list[int]()
    with open_store(url) as store, open_store(url, read_only=True) as reader:
        following = Thread(target=lambda: seen.extend(tail(reader, done)))
        following.start()

        def write(worker: int) -> None:
            for number in range(15):
                size = (1, 2, 40)[number % 3]  # one by one, and copied in bulk
                store.append(drafts(size, f"g{worker}", number * 100))

        assert at_once(6, write) == []
        done.set()
        following.join()
        assert seen == list(range(1, 6 * 5 * 43 + 1))
        check_log(store)


def test_a_commit_that_is_late_holds_up_those_behind_it_and_is_not_skipped(url: str) -> None:
    """The trap: a position given before the commit, and a reader that is past it when the commit comes."""
    written, go = Event(), Event()

    class Late(Append):
        def _commit(self, *given: Any) -> None:
            written.set()
            go.wait(30)
            super()._commit(*given)

    with PostgresStore(url) as slow, open_store(url) as quick, open_store(url, read_only=True) as reader:
        late = Thread(target=slow._connections.work, args=(Late(slow._key, "x", [draft("late", "g1")], {}).attempt,))
        late.start()
        written.wait(10)
        behind = Thread(target=quick.append, args=([draft("behind", "g2")],))
        behind.start()
        time.sleep(0.2)
        assert (behind.is_alive(), reader.position, list(reader.read())) == (True, 0, [])
        go.set()
        late.join()
        behind.join()
        assert [row.group for row in reader.read()] == ["g1", "g2"]


# -- races


def test_of_many_that_race_for_several_streams_one_wins_each_round(url: str) -> None:
    with open_store(url) as store:
        for turn in range(8):
            lost = at_once(
                6,
                lambda worker, turn=turn: store.append(
                    [draft(f"{turn}-{worker}", "g1"), draft(f"{turn}-{worker}", "g2")],
                    {"group/g1": turn, "group/g2": turn, "org": 0},
                ),
            )
            assert [type(error) for error in lost] == [ConcurrencyError] * 5
        assert store.position == 16
        check_log(store)


def test_eight_moderators_of_four_groups_agree(url: str) -> None:
    moderated(url, 8, 8)


@pytest.mark.soak
def test_eight_moderators_of_four_groups_agree_for_long(url: str) -> None:
    moderated(url, 8, int(os.environ.get("GROUPCORE_SOAK_KILLS", "400")))


# -- turns


def test_in_a_turn_nobody_comes_in_between(url: str) -> None:
    def add_one(worker: int) -> None:
        for _ in range(10):
            with store.turn(), store.turn():
                version = store.position
                time.sleep(0.001)
                store.append([draft(f"{worker}-{version}")], {"group/g1": version})

    with PostgresStore(url, connections=4) as store:
        store.append([], {})
        assert at_once(6, add_one) == []
        assert store.position == 60
        check_log(store)


def test_who_waits_for_a_turn_for_too_long_is_told(url: str) -> None:
    with PostgresStore(url) as holder, PostgresStore(f"{url}&patience=50ms", connections=1) as store:
        with holder.turn():
            for use in (lambda: store.append([draft("x")]), lambda: store.turn().__enter__()):
                with pytest.raises(StoreLocked, match="another process is writing to it"):
                    use()
            holder.append([draft("y")])
        with store.turn():
            store.append([draft("x")])
        assert holder.append([draft("z")])[0].position == 3


def test_a_turn_outlives_its_connection(server: Server, url: str) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'groupcore'"
    with PostgresStore(url, connections=1) as store, PostgresStore(url) as other:
        for number in range(3):
            with store.turn():
                server.execute(cut)
                store.append([draft(f"a{number}")], {"group/g1": number})
                server.execute(cut)
            other.append([draft(f"b{number}", "g2")])
        assert store.position == 6
        check_log(store)


# -- news


def test_each_commit_is_announced_with_its_position(server: Server, url: str) -> None:
    with open_store(url) as store, psycopg.connect(server.address(), autocommit=True) as ear:
        ear.execute(f"LISTEN {place_of(url).channel}")
        store.append(drafts(3))
        store.append(drafts(30, "g2"))
        store.append([], {"group/g1": 3})
        with pytest.raises(ConcurrencyError):
            store.append([draft("x")], {"group/g1": 0})
        heard = [notice.payload for notice in ear.notifies(timeout=0.3)]
        assert heard == ["3", "33"]


def test_who_waits_is_woken_by_a_commit(url: str) -> None:
    with PostgresStore(url) as store, PostgresStore(url, read_only=True) as reader:
        store.append(drafts(2))
        assert reader.wait(0, timeout=60) == reader.wait(1, timeout=60) == 2
        assert reader.wait(2, timeout=0.05) == reader.wait(7, timeout=0) == 2
        woken = list[int]()
        waiting = [Thread(target=lambda: woken.append(reader.wait(2, timeout=60))) for _ in range(12)]
        for thread in waiting:
            thread.start()
        time.sleep(0.3)
        assert woken == []
        store.append(drafts(3, "g2"))
        for thread in waiting:
            thread.join(30)
        assert woken == [5] * 12
        assert len(list(reader.read())) == 5


def test_who_waits_and_reads_misses_nothing(url: str) -> None:
    with PostgresStore(url) as store, PostgresStore(url, read_only=True) as reader:
        writing = Thread(
            target=lambda: at_once(3, lambda n: [store.append(drafts(2, f"g{n}", k)) for k in range(0, 30, 2)])
        )
        writing.start()
        seen = list[int]()
        while len(seen) < 90:
            assert reader.wait(len(seen), timeout=30) > len(seen)
            seen.extend(row.position for row in chain(reader.read(len(seen))))
        writing.join()
        assert seen == list(range(1, 91))
