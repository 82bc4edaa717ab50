"""The moderator of asyncio: the same verdicts, in the order of the calls, and nothing half done."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.town import ADS, RULES, SCAM, Town
from groupcore.aio import AsyncModerator
from groupcore.clock import DAY, MINUTE
from groupcore.engine import Moderator
from groupcore.errors import DecisionRefused, StoreError
from groupcore.events import decode
from groupcore.messages import Message
from groupcore.replay import verify
from groupcore.state import State, fold
from groupcore.stores import MemoryStore
from groupcore.testing import START


def message(number: int, text: str = ADS, author: str = "amy") -> Message:
    return Message(group="g1", author=author, id=f"m{number}", at=START + number * 2 * MINUTE, text=text)


def clock() -> int:
    return START + 100 * DAY


def worked(store: MemoryStore) -> AsyncModerator:
    return AsyncModerator(Moderator(store, RULES, clock=clock, salt=lambda: "ab"))


class Gate:
    """Holds the worker up until it is opened."""

    def __init__(self, moderator: AsyncModerator) -> None:
        self._open = threading.Event()
        self.held = asyncio.ensure_future(moderator._run(self._open.wait))

    async def lift(self) -> None:
        self._open.set()
        await self.held


LOOKED_AT = {"position", "rules", "state"}


def test_every_method_of_the_moderator_can_be_awaited() -> None:
    """Those that talk to the log; what is only looked at is looked at in ``moderator``."""
    public = {name for name in dir(Moderator) if not name.startswith("_")}
    assert public - {name for name in vars(AsyncModerator) if not name.startswith("_")} == LOOKED_AT
    for name in public - LOOKED_AT - {"open", "close"}:
        assert getattr(AsyncModerator, name).__doc__ == getattr(Moderator, name).__doc__


def test_it_says_what_the_moderator_says() -> None:
    store = MemoryStore()

    async def moderate() -> list[Any]:
        async with worked(store) as moderator:
            await moderator.join("g1", "amy", at=START)
            verdicts = [await moderator.observe(message(number)) for number in range(3)]
            await moderator.warn("g1", "amy", by="zoe", at=START)
            with pytest.raises(DecisionRefused):
                await moderator.warn("g1", "amy", by="amy")
            assert (await moderator.standing("g1", "amy", at=START + 6 * MINUTE)).muted
            await moderator.advance(START + 90 * DAY)
            return verdicts

    verdicts = asyncio.run(moderate())
    plain = MemoryStore()
    with Moderator(plain, RULES, clock=clock, salt=lambda: "ab") as moderator:
        moderator.join("g1", "amy", at=START)
        assert [moderator.observe(message(number)) for number in range(3)] == verdicts
        moderator.warn("g1", "amy", by="zoe", at=START)
        moderator.advance(START + 90 * DAY)
        assert plain._rows == store._rows


def test_calls_made_at_once_are_carried_out_in_their_order() -> None:
    async def moderate() -> list[str]:
        async with worked(MemoryStore()) as moderator:
            verdicts = await asyncio.gather(*(moderator.observe(message(number)) for number in range(20)))
            assert [verdict.fact.message for verdict in verdicts] == [f"m{number}" for number in range(20)]  # type: ignore[attr-defined]
            return [verdict.sanction.type for verdict in verdicts if verdict.sanction is not None]

    assert asyncio.run(moderate()) == ["member-warned", "member-muted"]


def test_who_stops_waiting_stops_nothing() -> None:
    """Cancelled before it was begun or after: the call is carried out, and log and state agree."""
    store = MemoryStore()

    async def moderate() -> None:
        async with worked(store) as moderator:
            gate = Gate(moderator)
            tasks = [asyncio.create_task(moderator.observe(message(number))) for number in range(3)]
            await asyncio.sleep(0)
            for task in tasks:
                task.cancel()
            assert {type(done) for done in await asyncio.gather(*tasks, return_exceptions=True)} == {
                asyncio.CancelledError
            }
            await gate.lift()
            verdict = await moderator.observe(message(0))
            assert verdict.repeated
            events = [decode(row).event for row in store.read()]
            assert [event.type for event in events].count("message-posted") == 3
            assert moderator.moderator.state == fold(State(), events)
            assert verify(store.read()).clean

    asyncio.run(moderate())


def test_a_call_that_nobody_waits_for_and_that_fails_is_told_to_the_loop(caplog: pytest.LogCaptureFixture) -> None:
    async def moderate() -> None:
        async with worked(MemoryStore()) as moderator:
            gate = Gate(moderator)
            task = asyncio.create_task(moderator.warn("g1", "nobody", by="zoe"))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await gate.lift()

    asyncio.run(moderate())
    assert "nobody is unknown here" in caplog.text


def test_the_event_loop_goes_on_while_the_worker_works() -> None:
    async def moderate() -> int:
        async with worked(MemoryStore()) as moderator:
            gate = Gate(moderator)
            task = asyncio.create_task(moderator.observe(message(0)))
            turns = 0
            while turns < 100:
                await asyncio.sleep(0)
                turns += 1
            assert not task.done()
            await gate.lift()
            assert (await task).sanction is not None
            return turns

    assert asyncio.run(moderate()) == 100


def test_closing_finishes_what_was_begun(tmp_path: Path) -> None:
    path = str(tmp_path / "log.db")

    async def moderate() -> None:
        moderator = await AsyncModerator.open(path, RULES, clock=clock)
        tasks = [asyncio.create_task(moderator.observe(message(number))) for number in range(5)]
        await asyncio.sleep(0)
        await moderator.close()
        assert len(await asyncio.gather(*tasks)) == 5
        await moderator.close()
        with pytest.raises(StoreError, match="the moderator is closed"):
            await moderator.observe(message(9))

    asyncio.run(moderate())
    with Moderator.open(path) as moderator:
        assert moderator.standing("g1", "amy").known
        assert moderator.observe(message(4)).repeated


def test_what_cannot_be_opened_raises_and_leaves_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())

    async def moderate() -> None:
        with pytest.raises(StoreError, match="holds no rulebook yet"):
            await AsyncModerator.open(str(tmp_path / "log.db"))

    asyncio.run(moderate())
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive()


def test_two_loops_one_after_the_other_can_share_a_moderator() -> None:
    store = MemoryStore()
    moderator = worked(store)
    verdicts = [asyncio.run(_call(lambda number=number: moderator.observe(message(number)))) for number in range(2)]  # type: ignore[misc]
    asyncio.run(_call(moderator.close))
    assert [verdict.sanction.type for verdict in verdicts] == ["member-warned", "member-muted"]


async def _call(make: Callable[[], Any]) -> Any:
    return await make()


def test_a_moderator_of_asyncio_works_on_a_log_that_others_work_on() -> None:
    store = MemoryStore()
    town = Town(store)

    async def moderate() -> Any:
        async with worked(store) as moderator:
            town.say("bo", SCAM)
            return await moderator.join("g1", "bo", at=START + 5 * MINUTE)

    assert [event.type for event in asyncio.run(moderate()).events] == ["member-joined", "member-kicked"]
