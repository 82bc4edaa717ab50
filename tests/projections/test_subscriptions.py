"""Subscriptions: every event once and in order, whatever the log goes through meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupcore.errors import CorruptLog, StoreError
from groupcore.events import Row
from groupcore.stores import MemoryStore, Store, open_store
from groupcore.subscriptions import Announcing, Subscription
from groupcore.testing.store_drafts import drafts


class Troubled:
    """A log that fails, or keeps a row back, when it is told to."""

    def __init__(self, log: Store) -> None:
        self.log, self.failures, self.hidden = log, 0, set[int]()

    @property
    def position(self) -> int:
        return self.log.position

    def read(self, after: int = 0) -> Iterator[Row]:
        for row in self.log.read(after):
            if self.failures:
                self.failures -= 1
                raise StoreError("the disk failed")
            if row.position not in self.hidden:
                yield row


def at_once(_: int, seconds: float) -> None:
    """Nobody waits in a test."""


def filled(count: int) -> MemoryStore:
    log = MemoryStore()
    log.append(drafts(count))
    return log


def positions(rows: Any, count: int) -> list[int]:
    return [row.position for row in islice(rows, count)]


def test_it_begins_behind_the_position_that_is_given() -> None:
    assert positions(Subscription(filled(5), after=2), 3) == [3, 4, 5]


def test_what_is_appended_later_comes_later() -> None:
    log = filled(2)
    news = Subscription(log, wait=lambda *_: log.append(drafts(2, start=log.position)))
    assert positions(news, 7) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("page", [1, 2, 3, 100])
def test_batches_are_pages_at_most(page: int) -> None:
    news = Subscription(filled(7), page=page, wait=at_once)
    sizes = [len(rows) for rows in iter(news.step, []) if not setattr(news, "position", rows[-1].position)]
    assert sum(sizes) == 7
    assert max(sizes) == min(page, 7)


def test_a_loop_that_was_left_goes_on_where_it_was() -> None:
    news = Subscription(filled(6), page=4, wait=at_once)
    assert positions(news, 1) == [1]
    assert news.position == 1
    assert positions(news, 3) == [2, 3, 4]
    assert news.troubles == 0


def test_the_last_page_is_followed_by_no_idle_wait_when_there_is_more() -> None:
    log, waits = filled(4), []
    news = Subscription(log, page=4, wait=lambda *given: waits.append(given))
    assert [row.position for row in news.step()] == [1, 2, 3, 4]
    news.position = 4
    log.append(drafts(1, start=4))
    assert [row.position for row in news.step()] == [5]
    assert not waits


def test_it_survives_trouble_and_says_so() -> None:
    log, told = Troubled(filled(3)), list[tuple[str, int]]()
    log.failures = 4
    news = Subscription(log, wait=at_once, tell=lambda error, count: told.append((str(error), count)))
    assert positions(news, 3) == [1, 2, 3]
    assert news.troubles == 4
    assert str(news.last_trouble) == "the disk failed"
    assert [count for _, count in told] == [1, 2, 3, 4]


def test_it_gives_up_after_so_many_troubles_in_a_row() -> None:
    log = Troubled(filled(3))
    log.failures = 1000
    news = Subscription(log, attempts=5, wait=at_once)
    with pytest.raises(StoreError, match="the disk failed"):
        next(iter(news))
    assert news.troubles == 5
    log.failures = 0
    assert positions(news, 3) == [1, 2, 3]


def test_troubles_with_successes_in_between_are_not_in_a_row() -> None:
    log, seen = Troubled(filled(9)), list[int]()
    news = Subscription(log, attempts=3, page=1, wait=at_once)
    while len(seen) < 9:
        log.failures = 2
        seen += positions(news, 1)
    assert seen == list(range(1, 10))
    assert news.troubles == 18


def test_it_waits_longer_after_each_trouble_up_to_a_bound() -> None:
    log, waits = Troubled(filled(1)), list[float]()
    log.failures = 9
    news = Subscription(log, every=1, wait=lambda _, seconds: waits.append(seconds))
    assert positions(news, 1) == [1]
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30, 30]


def test_an_event_that_commits_late_is_waited_for_and_never_skipped() -> None:
    log = Troubled(filled(5))
    log.hidden = {3}
    shown: list[int] = []
    news = Subscription(log, wait=lambda *_: log.hidden.clear() if len(shown) == 2 else None)
    shown += positions(news, 2)
    assert shown + positions(news, 3) == [1, 2, 3, 4, 5]
    assert news.troubles == 1


def test_an_event_that_is_gone_is_named_after_those_before_it() -> None:
    log, shown = Troubled(filled(5)), list[int]()
    log.hidden = {3}
    with pytest.raises(CorruptLog, match="event 3: it is not there"):
        shown += [row.position for row in Subscription(log, wait=at_once)]
    news = Subscription(log, wait=at_once)
    assert positions(news, 2) == [1, 2]


def test_a_closed_log_ends_it_with_an_error() -> None:
    log = filled(1)
    log.close()
    with pytest.raises(StoreError, match="closed"):
        next(iter(Subscription(log, wait=at_once)))


def test_stopping_ends_the_loop_and_wakes_who_waits() -> None:
    news = Subscription(MemoryStore(), every=600)
    seen: list[int] = []
    reader = Thread(target=lambda: seen.extend(row.position for row in news))
    reader.start()
    news.stop()
    reader.join(10)
    assert not reader.is_alive()
    assert news.stopped
    assert list(news) == list(news.batches()) == seen == []


def test_it_can_be_stopped_in_the_middle_of_a_page() -> None:
    news, seen = Subscription(filled(9)), list[int]()
    for row in news:
        seen.append(row.position)
        if row.position == 4:
            news.stop()
    assert seen == [1, 2, 3, 4]
    assert news.position == 4


class Announced(MemoryStore):
    """A log that says when there is something new, and counts who asks."""

    asked = 0

    def wait(self, after: int, timeout: float) -> int:
        self.asked += 1
        if self.asked == 1:
            raise StoreError("the connection is lost")
        self.append(drafts(1, start=self.position))
        return self.position


def test_a_store_that_announces_is_waited_for() -> None:
    log = Announced()
    assert isinstance(log, Announcing)
    assert not isinstance(MemoryStore(), Announcing)
    news = Subscription(log, every=0.001)
    assert positions(news, 3) == [1, 2, 3]
    assert (log.asked, news.troubles) == (4, 1)


@pytest.mark.parametrize("name", ["log.db", "log.jsonl"])
def test_a_reader_of_a_file_follows_its_writer(tmp_path: Path, name: str) -> None:
    with open_store(tmp_path / name) as writer:
        writer.append(drafts(600))
        with open_store(tmp_path / name, read_only=True) as log:
            news = Subscription(log, every=0.001)

            def write() -> None:
                for start in range(600, 900, 30):
                    writer.append(drafts(30, start=start))

            work = Thread(target=write)
            work.start()
            assert positions(news, 900) == list(range(1, 901))
            work.join()


def test_the_asynchronous_loop_sees_the_same_and_holds_up_nobody() -> None:
    log, ticks = filled(3), list[int]()

    async def follow(news: Subscription) -> list[int]:
        seen = []
        async for row in news:
            seen.append(row.position)
            if row.position == 6:
                news.stop()
        return seen

    async def live() -> list[int]:
        following = asyncio.create_task(follow(Subscription(log, every=0.01)))
        for number in range(3):
            await asyncio.sleep(0.02)
            ticks.append(number)
            log.append(drafts(1, start=log.position))
        return await asyncio.wait_for(following, 10)

    assert asyncio.run(live()) == [1, 2, 3, 4, 5, 6]
    assert ticks == [0, 1, 2]


def test_a_cancelled_loop_loses_nothing() -> None:
    log = filled(2)
    news, seen = Subscription(log, every=0.05), list[int]()

    async def follow() -> None:
        async for row in news:
            seen.append(row.position)

    async def live() -> None:
        for count in (2, 4):
            task = asyncio.create_task(follow())
            while len(seen) < count:
                await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            log.append(drafts(2, start=log.position))

    asyncio.run(live())
    assert seen == [1, 2, 3, 4]
    assert positions(news, 2) == [5, 6]


@settings(max_examples=60)
@given(st.data())
def test_whatever_happens_each_event_comes_once_and_in_order(data: st.DataObject) -> None:
    log, length = Troubled(MemoryStore()), 0
    news, seen = Subscription(log, page=data.draw(st.integers(1, 4)), wait=at_once, attempts=1000), list[int]()
    for act in data.draw(st.lists(st.sampled_from(["append", "read", "page", "fail", "hide", "show"]), max_size=40)):
        if act == "append":
            log.log.append(drafts(3, start=length))
            length += 3
        elif act == "read":
            seen += positions(news, 2) if news.position + 2 <= length and not log.hidden else []
        elif act == "page":
            rows = news.step()
            seen += [row.position for row in rows]
            news.position = rows[-1].position if rows else news.position
        elif act == "fail":
            log.failures = 2
        elif act == "hide":
            log.hidden = {news.position + 2}
        else:
            log.hidden.clear()
    log.hidden.clear()
    assert seen + positions(news, length - len(seen)) == list(range(1, length + 1))
