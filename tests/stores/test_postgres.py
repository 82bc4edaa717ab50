# ruff: noqa: E402 (its imports need what is looked for first)
"""PostgreSQL: the contract, its tables, what stands in the way of an append, damage."""

import tracemalloc
from contextlib import nullcontext
from typing import Any

import pytest

from groupcore.errors import CorruptLog, DuplicateEvent, InputError, NotALog, StoreLocked
from groupcore.stores import Store, open_store
from groupcore.testing.store_contract import StoreContract, answer, check_log, draft, drafts

psycopg = pytest.importorskip("psycopg")
pytest.importorskip("pwd")

from groupcore.stores import postgres_append
from groupcore.stores.postgres import PostgresStore
from groupcore.stores.postgres_rows import escaped, unescaped
from stores.postgres_server import Server, at_once, written


class TestPostgresStore(StoreContract):
    @pytest.fixture(autouse=True)
    def _place(self, server: Server) -> None:
        self.url = server.new_log()

    def make(self) -> Store:
        return open_store(self.url)

    def make_reader(self) -> Store:
        return open_store(self.url, read_only=True)


del StoreContract


@pytest.fixture
def url(server: Server) -> str:
    return server.new_log()


# -- the tables


def test_a_log_is_three_tables_in_a_schema_of_its_own(server: Server, url: str) -> None:
    written(url, 3)
    found = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema ORDER BY 1", url=url)
    assert found == [("events",), ("heads",), ("meta",)]
    meta = dict(server.execute("SELECT name, value FROM meta", url=url))
    assert meta.pop("migration 1")
    assert meta.pop("migration 2")
    assert meta == {"application": "groupcore", "format": "2"}


def test_logs_of_one_database_do_not_mix(server: Server) -> None:
    with open_store(server.new_log()) as one, open_store(server.new_log()) as other:
        one.append(drafts(3))
        other.append(drafts(2))
        assert (one.position, other.position) == (3, 2)
        check_log(one)
        check_log(other)


def test_looking_up_uses_the_indexes(server: Server, url: str) -> None:
    written(url, 2000)
    conditions = (
        "id = 'x'",
        "id = ANY('{x,y}')",
        "id = 'x' OR (id > 'x/' AND id < 'x0' AND cause = 'x') ORDER BY position",
        "position > 5 AND position <= 99 ORDER BY position LIMIT 500",
        "stream = 'group/g1' AND version > 5 AND version <= 99 ORDER BY version LIMIT 500",
    )
    for condition in conditions:
        plan = server.execute("ANALYZE events", f"EXPLAIN SELECT * FROM events WHERE {condition}", url=url)
        assert "Seq Scan" not in str(plan), (condition, plan)


@pytest.mark.parametrize("name", ["", "plain", "a\0b", "\0", "\x1a", "\x1a0", "\x1a\0", "\0" * 3, "大\x1a家"])
def test_a_name_with_characters_that_cannot_be_stored_comes_back(name: str) -> None:
    stored = escaped(name)
    assert "\0" not in stored
    assert unescaped(stored) == name
    assert escaped(name + "/x").startswith(stored + "/")


def test_odd_characters_are_kept_in_every_field(url: str) -> None:
    odd = draft("a", group="\x1a\0")._replace(source="\0", resolution="us", cause="\x1a")
    with open_store(url) as store:
        rows = store.append([odd, *drafts(20, "g\0"), answer(odd)])
        assert list(store.read()) == rows
        assert store.about(odd.id) == [rows[0], rows[-1]]
        check_log(store)


def test_commits_are_synced_unless_told_otherwise(server: Server, url: str) -> None:
    written(url, 1)
    server.execute("ALTER ROLE postgres SET synchronous_commit = off")
    try:
        for fsync, level in (("durable", "on"), ("relaxed", "off")):
            with PostgresStore(f"{url}&fsync={fsync}") as store, store._connections.lent() as db:
                assert db.execute("SHOW synchronous_commit").fetchone() == (level,)
    finally:
        server.execute("ALTER ROLE postgres RESET synchronous_commit")


def test_reading_holds_a_page_at_a_time(url: str) -> None:
    with open_store(url) as store:
        store.append([draft(f"m{number}", text="x" * 500) for number in range(5000)])
        tracemalloc.start()
        assert sum(1 for _ in store.read()) == 5000
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 3_000_000


# -- what stands in the way of an append


def test_a_writer_that_waits_for_too_long_is_told(url: str) -> None:
    with PostgresStore(url) as holder, open_store(f"{url}&patience=50ms") as store:
        with holder._connections.lent() as db:
            db.execute("BEGIN")
            db.execute("SELECT pg_advisory_xact_lock(%s)", (holder._key,))
            with pytest.raises(StoreLocked, match=r"another process is writing to it, for more than 0\.05 s"):
                store.append([draft("x")])
            assert list(store.read()) == []
            db.execute("ROLLBACK")
        store.append([draft("x")])
        check_log(store)


def test_threads_wait_for_a_connection(url: str) -> None:
    with PostgresStore(url, connections=1) as store:
        assert at_once(6, lambda number: store.append(drafts(2, f"g{number}"))) == []
        assert store.position == 12
    with PostgresStore(f"{url}&patience=50ms", connections=1) as store:
        busy = pytest.raises(StoreLocked, match="other threads keep all its connections busy")
        with store._connections.lent(), busy:
            store.heads()


def test_an_integer_that_cannot_be_held_is_refused(url: str) -> None:
    with open_store(url) as store:
        for count in (1, 20):
            with pytest.raises(InputError, match="64 bits"):
                store.append([row._replace(recorded_at=2**64) for row in drafts(count)])
        assert store.position == 0
        store.append(drafts(2))
        check_log(store)


def test_a_name_too_long_for_an_index_is_refused(url: str) -> None:
    with open_store(url) as store:
        for long in (draft(id="x" * 2_601), draft(group="长" * 900)):
            with pytest.raises(InputError, match="2,600 bytes at most"):
                store.append([draft("a"), long])
        assert store.position == 0
        store.append([draft(id="".join(chr(33 + n * 7919 % 90) for n in range(2_600)))])
        check_log(store)


@pytest.mark.parametrize("count", [3, 50])
@pytest.mark.parametrize("turn", [True, False])
def test_an_interrupt_leaves_nothing_behind(url: str, turn: bool, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with PostgresStore(url) as store, store.turn() if turn else nullcontext():
        rows = store.append(drafts(3))
        really = postgres_append.in_one_go

        def interrupted(db: Any, steps: list[Any]) -> Any:
            if steps[-1][0] != "COMMIT":
                return really(db, steps)
            really(db, [*steps[:-1], ("SELECT 1", ())])
            raise KeyboardInterrupt

        monkeypatch.setattr(postgres_append, "in_one_go", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.append(drafts(count, "g2"))
        monkeypatch.undo()
        assert list(store.read()) == rows
        store.append(drafts(count, "g2"))
        check_log(store)


def test_a_duplicate_in_a_large_append_is_found_without_asking_for_each(url: str) -> None:
    with open_store(url) as store:
        store.append(drafts(1200))
        with pytest.raises(DuplicateEvent) as caught:
            store.append(drafts(1200, start=1150))
        assert caught.value.id == draft("m1150").id


# -- damage


@pytest.mark.parametrize("count", [1, 30])
def test_a_writer_builds_on_no_head_that_is_behind_its_stream(server: Server, url: str, count: int) -> None:
    written(url, 3)
    server.execute("UPDATE heads SET version = 1", url=url)
    with open_store(url) as store:
        with pytest.raises(CorruptLog, match="event 4: it does not fit what is there"):
            store.append(drafts(count, start=7))
        assert store.position == 3


def test_a_row_that_was_taken_out_does_not_end_a_read(server: Server, url: str) -> None:
    written(url, 1600)
    server.execute("DELETE FROM events WHERE position BETWEEN 400 AND 1100", url=url)
    with open_store(url, read_only=True) as reader:
        assert [row.position for row in reader.read()] == [*range(1, 400), *range(1101, 1601)]
        assert len(list(reader.read_stream("group/g1"))) == 899


def test_tables_that_went_away_are_told(server: Server, url: str) -> None:
    with open_store(url) as store:
        server.execute("DROP TABLE heads", url=url)
        with pytest.raises(NotALog, match="is no log of groupcore, or its tables were changed"):
            store.append([draft("x")])
