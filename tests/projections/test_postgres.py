"""Subscriptions, projections and the outbox over a log on a PostgreSQL server, woken by its commits."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from threading import Thread

import pytest

pytest.importorskip("psycopg")

from groupcore.outbox import Outbox
from groupcore.projections import AuditTrail, Database, Projector
from groupcore.stores import open_store
from groupcore.subscriptions import Announcing, Subscription
from groupcore.testing.store_drafts import drafts
from stores.postgres_server import Server, server  # noqa: F401 (a fixture)

NEVER = 600.0  # seconds: who waits for that long was not woken


@pytest.fixture
def url(server: Server) -> str:  # noqa: F811
    return server.new_log()


def test_a_subscription_is_woken_by_the_commit_of_another(url: str) -> None:
    with open_store(url) as log, open_store(url) as writer:
        assert isinstance(log, Announcing)
        news, began = Subscription(log, every=NEVER), time.monotonic()

        def write() -> None:
            for start in range(0, 60, 6):
                time.sleep(0.01)
                writer.append(drafts(6, start=start))

        work = Thread(target=write)
        work.start()
        seen = [row.position for _, row in zip(range(60), news, strict=False)]
        work.join()
        assert seen == list(range(1, 61))
        assert time.monotonic() - began < 60


def test_two_writers_side_by_side_are_followed_without_a_gap(url: str, tmp_path: Path) -> None:
    with open_store(url) as log, Database(tmp_path / "views.db") as views:

        def write(group: str) -> None:
            with open_store(url) as writer:
                for start in range(0, 200, 4):
                    writer.append(drafts(4, group, start))

        writers = [Thread(target=write, args=(group,)) for group in ("g1", "g2")]
        for writer in writers:
            writer.start()
        trail = AuditTrail(views)
        projector = Projector(views, [trail])
        with Subscription(log, projector.begin(log), every=NEVER) as news:
            for rows in news.batches():
                projector.take(rows)
                if news.position == 400:
                    news.stop()
        for writer in writers:
            writer.join()
        assert news.troubles == 0
        assert len(trail.of("amy")) == 400
        assert projector.catch_up(log) == 0


def test_a_subscription_survives_a_server_that_goes_away(server: Server, url: str) -> None:  # noqa: F811
    with open_store(f"{url}&patience=50ms") as log, open_store(url) as writer:
        writer.append(drafts(3))
        news = Subscription(log, every=0.02, attempts=1000)
        rows = iter(news)
        assert [next(rows).position for _ in range(3)] == [1, 2, 3]
        server.stop(signal.SIGQUIT)
        for _ in range(3):
            assert news.step() == []
        assert news.troubles > 0
        server.start()
        writer.append(drafts(3, start=3))
        assert [next(rows).position for _ in range(3)] == [4, 5, 6]


def test_an_outbox_follows_a_log_on_a_server(url: str) -> None:
    with open_store(url) as log, Outbox("memory:") as box:
        log.append(drafts(3))
        assert box.begin(log) == 3
        log.append(drafts(3, start=3))
        assert box.catch_up(log, now=0) == 3
        assert box.counts() == {}
