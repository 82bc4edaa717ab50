# ruff: noqa: E402 (its imports need what is looked for first)
"""Erasure and keys on a PostgreSQL server."""

from typing import Any

import pytest

psycopg = pytest.importorskip("psycopg")
pytest.importorskip("pwd")
pytest.importorskip("cryptography")

from groupcore.privacy import open_orders
from groupcore.replay import verify
from groupcore.stores import open_store
from privacy.bytes import MINE, OTHERS, START, live, spellings
from stores.postgres_server import Server, server  # noqa: F401 (a fixture)

END = START + 10**12


def cells(server: Server, url: str) -> list[bytes]:  # noqa: F811
    found: list[tuple[Any, ...]] = server.execute("SELECT private, data, salt::text FROM events", url=url)
    return [bytes(cell) if not isinstance(cell, str) else cell.encode() for row in found for cell in row if cell]


def holds(text: str, found: list[bytes]) -> bool:
    return any(spelt in cell for spelt in spellings(text) for cell in found)


def test_an_erased_person_is_in_no_row_of_the_table(server: Server) -> None:  # noqa: F811
    url = server.new_log()
    with live(url) as moderator:
        assert holds(MINE, cells(server, url))
        erased = moderator.erase_person("amy", at=END)
        assert erased.events > 20
        assert open_orders(moderator._desk.store) == []
        assert not holds(MINE, cells(server, url))
        assert holds(OTHERS, cells(server, url))
        report = verify(moderator._desk.store.read())
        assert report.clean, report.divergence
        assert (report.erased, report.unsaid) == (erased.events, 0)


def test_the_old_rows_are_dead_and_vacuumed(server: Server) -> None:  # noqa: F811
    url = server.new_log()
    with live(url) as moderator:
        moderator.erase_person("amy", at=END)
        [(vacuums,)] = server.execute(
            "SELECT vacuum_count FROM pg_stat_user_tables WHERE schemaname = current_schema AND relname = 'events'",
            url=url,
        )
        assert vacuums >= 1


def test_under_keys_no_row_holds_any_text(server: Server, tmp_path: Any) -> None:  # noqa: F811
    url = server.new_log()
    sign = "&" if "?" in url else "?"
    under = f"{url}{sign}keys={tmp_path / 'keys.db'}"
    with live(under) as moderator:
        assert not holds(MINE, cells(server, url))
        assert not holds(OTHERS, cells(server, url))
        assert verify(moderator._desk.store.read()).not_reread == 0
        assert moderator.erase_person("amy", at=END).forgotten
    with open_store(under, read_only=True) as store:
        report = verify(store.read())
        assert report.clean, report.divergence
