"""Snapshots in PostgreSQL: two engines that forget and reopen all the time say what one says that never does."""

import pytest
from hypothesis import settings

pytest.importorskip("psycopg")
pytest.importorskip("pwd")

from engine.lazily import Lazily
from engine.test_snapshots import some_snapshot
from groupcore.errors import StoreError
from groupcore.stores import Store
from groupcore.stores.postgres import PostgresStore
from stores.postgres_server import Server, at_once

ROOM: list[Server] = []


class OnAServer(Lazily):
    def __init__(self) -> None:
        super().__init__()
        self.url = ROOM[0].new_log()

    def opened(self) -> Store:
        return PostgresStore(self.url)


def test_what_they_say_is_what_one_says_that_has_read_everything(server: Server) -> None:
    ROOM[:] = [server]
    OnAServer.TestCase.settings = settings(max_examples=6, stateful_step_count=25, deadline=None)
    OnAServer.TestCase().runTest()


def test_a_shelf_keeps_the_last_of_each_stream(server: Server) -> None:
    with PostgresStore(server.new_log()) as log:
        shelf = log.shelf
        assert (shelf.get("org"), shelf.labels(), shelf.clear()) == (None, [], 0)
        shelf.put([some_snapshot(stream) for stream in ("group/g1", "group/\0\x1a群", "org")])
        shelf.put([some_snapshot("org", 2, b"\x00\xff\n other")])
        assert shelf.get("org") == some_snapshot("org", 2, b"\x00\xff\n other")
        assert shelf.get("group/\0\x1a群") == some_snapshot("group/\0\x1a群")
        assert shelf.get("group/g2") is None
        assert shelf.get("group/\ud800") is None
        labels = shelf.labels()
        assert {one.stream for one in labels} == {"group/g1", "group/\0\x1a群", "org"}
        assert all(one.is_sealed and one.body == b"" for one in labels)
        assert log.shelf.clear() == 3
        assert (shelf.get("org"), shelf.labels(), shelf.clear()) == (None, [], 0)


def test_a_reader_keeps_none(server: Server) -> None:
    url = server.new_log()
    with PostgresStore(url) as log, PostgresStore(url, read_only=True) as reader:
        log.shelf.put([some_snapshot("org")])
        assert reader.shelf.get("org") == some_snapshot("org")
        for change in (lambda: reader.shelf.put([some_snapshot("org", 4)]), reader.shelf.clear):
            with pytest.raises(StoreError, match="reading only"):
                change()


def test_many_may_keep_them_at_a_time(server: Server) -> None:
    url = server.new_log()
    PostgresStore(url).close()
    streams = [f"group/g{number}" for number in range(5)]

    def keep(number: int) -> None:
        with PostgresStore(url) as log:
            for version in range(1, 6):
                order = streams if number % 2 else streams[::-1]
                log.shelf.put([some_snapshot(stream, version) for stream in order])

    failed = at_once(6, keep)
    assert all(isinstance(error, StoreError) for error in failed), "who makes the table at the same time may lose"
    with PostgresStore(url) as log:
        assert len(log.shelf.labels()) == 5
        assert all(log.shelf.get(stream) == some_snapshot(stream, 5) for stream in streams)
