# ruff: noqa: E402 (its imports need what is looked for first)
"""Connections to PostgreSQL that are cut at each step of an append: it is made once, and returns its rows."""

import time
from collections.abc import Callable, Iterator
from threading import Thread

import pytest

from groupcore.events import Row
from groupcore.stores import open_store
from groupcore.testing.store_contract import check_log, draft, drafts

psycopg = pytest.importorskip("psycopg")
pytest.importorskip("pwd")

from groupcore.stores.postgres import PostgresStore
from groupcore.stores.postgres_words import passes
from stores.postgres_server import Server
from stores.postgres_wire import Side, Wire, ends_of

FEW, BULK = 3, 40
BEGINNING = "group/g1"


@pytest.fixture
def wire(server: Server) -> Iterator[Wire]:
    with Wire(server) as wire:
        yield wire


@pytest.fixture
def url(server: Server, wire: Wire) -> str:
    """A log that is there already; its name has one length, whatever its number."""
    log = f"{server.address()}&schema=cuts_{next(server.numbers):06}&patience=30s"
    with open_store(log) as store:
        store.append([draft("first")])
    return wire.url(log, server)


def appended(store: PostgresStore, number: int, count: int) -> list[Row]:
    """So many rows, on a stream of their own, expected where they are made for the first time alone."""
    group = f"g{number + 1000}"
    return store.append(drafts(count, group), {BEGINNING: 1, f"group/{group}": 0})


def check_made_once(store: PostgresStore, made: list[Row], before: int) -> None:
    assert [row.position for row in made] == list(range(before + 1, before + 1 + len(made)))
    assert list(store.read(before)) == made


def places(said: bytes, side: Side) -> list[int]:
    """Before, within and behind each message."""
    ends = ends_of(said, side)
    return sorted({0, *ends, *(end - 1 for end in ends)} - {len(said)})


# -- each byte that matters


@pytest.mark.parametrize("count", [FEW, BULK])
@pytest.mark.parametrize("side", ["asks", "answers"])
def test_an_append_that_is_cut_at_any_message_is_made_once(wire: Wire, url: str, side: Side, count: int) -> None:
    """From the greeting of the server to the answer to COMMIT: not made, made and not told, told in half."""
    with PostgresStore(url) as plain:
        plain._connections._drop_idle()
        wire.listen()
        appended(plain, 0, count)
        said = bytes(wire.said[side])
        begun = said.index(b"BEGIN") if count == BULK else 0  # up to there, both are the same
        cuts = [place for place in places(said, side) if place >= begun]
        for number, after in enumerate(cuts, 1):
            before = plain.position
            plain._connections._drop_idle()
            wire.cut(side, after)
            made = appended(plain, number, count)
            assert wire.was_cut, (after, len(said))
            assert len(made) == count
            check_made_once(plain, made, before)
        assert len(cuts) >= 8
        check_log(plain)


# -- what the retry must not mistake


def waiters(server: Server, log: str) -> bool:
    """Whether somebody waits for the turn to write."""
    asked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    return server.execute(asked, url=log) != [(0,)]


def until(holds: Callable[[], bool]) -> None:
    """Wait for what is bound to come."""
    for _ in range(3000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never came")


@pytest.mark.parametrize("count", [FEW, BULK])
def test_a_commit_that_reaches_the_server_after_its_client_came_back_is_waited_for(
    server: Server, wire: Wire, url: str, count: int
) -> None:
    """The client lost its connection; the server holds the turn, and has yet to hear COMMIT."""
    with PostgresStore(url) as store:
        store._connections._drop_idle()
        wire.listen()
        appended(store, 0, count)
        before = store.position
        commit = wire.said["asks"].index(b"INSERT INTO heads")
        store._connections._drop_idle()
        wire.cut("asks", commit, late=lambda: until(lambda: waiters(server, url)))
        made = appended(store, 1, count)
        assert wire.was_cut
        check_made_once(store, made, before)
        check_log(store)


def test_what_landed_and_was_erased_before_its_writer_came_back_is_known_again(
    wire: Wire, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PostgresStore(url) as store, PostgresStore(url) as other:
        store._connections._drop_idle()
        wire.listen()
        appended(store, 0, FEW)
        whole = len(wire.said["answers"])
        erased = list[int]()
        store._connections._drop_idle()
        really = store._connections._drop_idle  # what follows a loss
        ids = [one.id for one in drafts(FEW, "g1001")]
        monkeypatch.setattr(store._connections, "_drop_idle", lambda: erased.append(other.erase(ids)) or really())
        wire.cut("answers", whole - 1)
        made = appended(store, 1, FEW)
        monkeypatch.undo()
        assert erased == [FEW]
        assert [row.erased for row in made] == [True] * FEW
        check_made_once(store, made, 1 + FEW)


# -- connections that die while nobody uses them


def test_a_server_that_ends_idle_sessions_costs_no_call(server: Server, url: str) -> None:
    alive = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sleepy'"
    log = f"{url}&application_name=sleepy&options=-cidle_session_timeout%3D20ms"
    with PostgresStore(log) as store:
        for number in range(3):
            appended(store, number, FEW)
            until(lambda: server.execute(alive) == [(0,)])
        assert store.position == 1 + 3 * FEW
        until(lambda: server.execute(alive) == [(0,)])
        with store.turn():
            appended(store, 3, FEW)
        check_log(store)


def test_a_turn_that_lost_its_connection_goes_on_without_it(server: Server, url: str) -> None:
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'turning'"
    with PostgresStore(f"{url}&application_name=turning") as store:
        with store.turn():
            appended(store, 0, FEW)
            assert server.execute(end) == [(True,)]
            appended(store, 1, FEW)
        appended(store, 2, FEW)
        check_log(store)


def test_who_listens_hears_of_a_commit_although_the_connection_was_ended(server: Server, url: str) -> None:
    heard = list[int]()
    listens = "SELECT pid FROM pg_stat_activity WHERE application_name = 'listener' AND state = 'idle'"
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'listener'"
    with PostgresStore(f"{url}&application_name=listener") as listener, PostgresStore(url) as store:
        listener._connections._drop_idle()
        waiting = Thread(target=lambda: heard.append(listener.wait(1, timeout=60)))
        waiting.start()
        for _ in range(3):
            until(lambda: server.execute(listens) != [])
            assert server.execute(end) == [(True,)]
        assert heard == []
        [row] = store.append([draft("news")])
        waiting.join(30)
        assert heard == [row.position]


@pytest.mark.parametrize("error", [psycopg.OperationalError, psycopg.DatabaseError, psycopg.InternalError])
def test_a_broken_connection_passes_by_whatever_name_it_is_called(error: type[Exception]) -> None:
    """libpq has no code for it, and psycopg makes another class of error of it in each of its functions."""
    assert passes(error("server closed the connection unexpectedly"))
    assert not passes(psycopg.ProgrammingError("invalid connection option"))
