"""The engine for asyncio: the same `Moderator`, worked by one thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar

from groupcore.engine import SNAPSHOT_EVERY, Moderator
from groupcore.errors import StoreError
from groupcore.rulebook import Rulebook

P = ParamSpec("P")
R = TypeVar("R")


def _asynchronous(
    method: Callable[Concatenate[Moderator, P], R],
) -> Callable[Concatenate[AsyncModerator, P], Coroutine[Any, Any, R]]:
    async def call(self: AsyncModerator, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self._work(partial(method, self.moderator, *args, **kwargs))

    call.__name__, call.__doc__ = method.__name__, method.__doc__
    return call


class AsyncModerator:
    """A `Moderator` whose methods are awaited. Calls are carried out in the order they were made.

    ::

        async with await AsyncModerator.open("community.db", rules) as moderator:
            verdict = await moderator.observe(message)
    """

    def __init__(self, moderator: Moderator, worker: ThreadPoolExecutor | None = None) -> None:
        self.moderator = moderator
        self._worker = worker or ThreadPoolExecutor(1, thread_name_prefix="groupcore")
        self._closed = False

    @classmethod
    async def open(
        cls,
        url: str,
        rules: Rulebook | None = None,
        *,
        clock: Callable[[], int] | None = None,
        snapshot_every: int | None = SNAPSHOT_EVERY,
        most_groups: int | None = None,
    ) -> AsyncModerator:
        """As `Moderator.open`; loading the log does not hold up the event loop."""
        worker = ThreadPoolExecutor(1, thread_name_prefix="groupcore")
        opened = partial(
            Moderator.open, url, rules, clock=clock, snapshot_every=snapshot_every, most_groups=most_groups
        )
        try:
            return cls(await asyncio.get_running_loop().run_in_executor(worker, opened), worker)
        except BaseException:
            worker.shutdown(wait=False)
            raise

    async def _work(self, call: Callable[[], R]) -> R:
        if self._closed:
            raise StoreError("the moderator is closed")
        return await self._run(call)

    async def _run(self, call: Callable[[], R]) -> R:
        """Run *call* on the worker. Cancelled or not, what was begun is finished: the log knows what happened."""
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._worker, call))

    observe = _asynchronous(Moderator.observe)
    edit = _asynchronous(Moderator.edit)
    revoke = _asynchronous(Moderator.revoke)
    open_group = _asynchronous(Moderator.open_group)
    rename_group = _asynchronous(Moderator.rename_group)
    change_owner = _asynchronous(Moderator.change_owner)
    grant = _asynchronous(Moderator.grant)
    revoke_role = _asynchronous(Moderator.revoke_role)
    join = _asynchronous(Moderator.join)
    leave = _asynchronous(Moderator.leave)
    remove = _asynchronous(Moderator.remove)
    rename = _asynchronous(Moderator.rename)
    record = _asynchronous(Moderator.record)
    execute = _asynchronous(Moderator.execute)
    warn = _asynchronous(Moderator.warn)
    mute = _asynchronous(Moderator.mute)
    kick = _asynchronous(Moderator.kick)
    restrict = _asynchronous(Moderator.restrict)
    ban = _asynchronous(Moderator.ban)
    notify = _asynchronous(Moderator.notify)
    link_identities = _asynchronous(Moderator.link_identities)
    unlink_identities = _asynchronous(Moderator.unlink_identities)
    note_aggravation = _asynchronous(Moderator.note_aggravation)
    withdraw_aggravation = _asynchronous(Moderator.withdraw_aggravation)
    exempt = _asynchronous(Moderator.exempt)
    end_exemption = _asynchronous(Moderator.end_exemption)
    label = _asynchronous(Moderator.label)
    remove_label = _asynchronous(Moderator.remove_label)
    classify = _asynchronous(Moderator.classify)
    report_action = _asynchronous(Moderator.report_action)
    lift = _asynchronous(Moderator.lift)
    block = _asynchronous(Moderator.block)
    unblock = _asynchronous(Moderator.unblock)
    appeal = _asynchronous(Moderator.appeal)
    decide_appeal = _asynchronous(Moderator.decide_appeal)
    review_standing = _asynchronous(Moderator.review_standing)
    report = _asynchronous(Moderator.report)
    acknowledge_case = _asynchronous(Moderator.acknowledge_case)
    assign_case = _asynchronous(Moderator.assign_case)
    comment_case = _asynchronous(Moderator.comment_case)
    escalate_case = _asynchronous(Moderator.escalate_case)
    close_case = _asynchronous(Moderator.close_case)
    mute_reporter = _asynchronous(Moderator.mute_reporter)
    hear_reporter = _asynchronous(Moderator.hear_reporter)
    advance = _asynchronous(Moderator.advance)
    erase_person = _asynchronous(Moderator.erase_person)
    erase_message = _asynchronous(Moderator.erase_message)
    finish_erasures = _asynchronous(Moderator.finish_erasures)
    standing = _asynchronous(Moderator.standing)
    may = _asynchronous(Moderator.may)
    explain = _asynchronous(Moderator.explain)
    catch_up = _asynchronous(Moderator.catch_up)

    async def close(self) -> None:
        """Finish what was begun and close the log. Closing twice is no error."""
        if self._closed:
            return
        self._closed = True
        try:
            await self._run(self.moderator.close)
        finally:
            self._worker.shutdown(wait=False)

    async def __aenter__(self) -> AsyncModerator:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
