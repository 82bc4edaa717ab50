"""Copies from and to a PostgreSQL server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("psycopg")

from engine.town import whole_life
from groupcore.copying import Copied, copy
from groupcore.replay import verify_store
from groupcore.stores import MemoryStore, open_store

if TYPE_CHECKING:
    from stores.postgres_server import Server

from stores.postgres_server import server  # noqa: F401 (a fixture)

ROWS = whole_life(MemoryStore()).rows()


def test_a_log_goes_to_a_server_and_back(server: Server, tmp_path: Path) -> None:  # noqa: F811
    with open_store(tmp_path / "a.db") as log, open_store(server.new_log()) as there:
        log.append(ROWS)
        assert copy(log, there, batch=10) == Copied(len(ROWS), len(ROWS), 0, 0)
        assert list(there.read()) == ROWS
        assert verify_store(there).clean
        with open_store(tmp_path / "back.jsonl") as back:
            copy(there, back, batch=25)
            assert list(back.read()) == ROWS


def test_a_copy_on_a_server_goes_on_where_it_stopped(server: Server) -> None:  # noqa: F811
    with open_store(server.new_log()) as there:
        there.append(ROWS[:33])
        log = MemoryStore()
        log.append(ROWS)
        assert copy(log, there).added == len(ROWS) - 33
        assert list(there.read()) == ROWS


def test_a_copy_to_a_server_that_was_killed_goes_on(server: Server, tmp_path: Path) -> None:  # noqa: F811
    with open_store(tmp_path / "a.db") as log:
        for start in range(0, 8000, len(ROWS)):
            log.append([row._replace(id=f"{row.id}{start}", cause=row.cause and f"{row.cause}{start}") for row in ROWS])
    killing = Path(__file__).with_name("killing.py")
    command = [sys.executable, killing, tmp_path / "a.db", server.new_log(), "5", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["on the way"] >= 1


def test_a_table_of_heads_on_a_server_that_says_something_else_is_named(server: Server) -> None:  # noqa: F811
    url = server.new_log()
    with open_store(url) as there:
        there.append(ROWS)
        last = max(row.position for row in ROWS if row.stream == "group/g1")
        for change, expected in [
            ("UPDATE heads SET digest = 'x' WHERE stream = 'group/g1'", last),
            ("UPDATE heads SET version = version + 1 WHERE stream = 'group/g1'", len(ROWS) + 1),
            ("DELETE FROM heads WHERE stream = 'group/g1'", last),
        ]:
            server.execute("CREATE TABLE kept AS TABLE heads", change, url=url)
            found = verify_store(there).divergence
            assert found is not None
            assert (found.position, found.stream) == (expected, "group/g1"), change
            server.execute("DELETE FROM heads", "INSERT INTO heads TABLE kept", "DROP TABLE kept", url=url)
        assert verify_store(there).clean
        server.execute("UPDATE events SET position = -1 WHERE position = 5", url=url)
        found = verify_store(there).divergence
        assert found is not None
        assert found.position == 1
