"""Following a log: what is there from a position on, then each event as it is appended.

A subscription never skips an event: positions count without gaps, and one that is missing is a trouble like any other
`StoreError`. Troubles are counted, told to whoever asks, and survived by reading again, so many times in a row and no
more. It waits with the store's own ``wait`` where there is one (PostgreSQL announces each commit), else it looks again
after a while.

>>> from groupcore.stores import MemoryStore
>>> with Subscription(MemoryStore(), after=0) as news:
...     news.step()
[]
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from threading import Event, Lock
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from groupcore.errors import CorruptLog, StoreError
from groupcore.events import Row

EVERY = 0.5
"""Seconds between two looks at a log that announces nothing."""

ATTEMPTS = 10
"""How often in a row the log may be in trouble before a subscription gives up."""

LONGEST = 30.0
"""Seconds that a subscription waits at most after a trouble."""

PAGE = 500
"""Rows that are handed on at a time."""

Wait = Callable[[int, float], object]
"""Waits until the log has more than this position, or for so many seconds; to come back early is no fault."""


class Reader(Protocol):
    """A log that can be read; every store is one."""

    def read(self, after: int = 0) -> Iterator[Row]:
        """The rows behind position *after*, in order."""
        ...

    @property
    def position(self) -> int:
        """The position of the last event; 0 when there is none."""
        ...


@runtime_checkable
class Announcing(Protocol):
    """A log that can say when something was appended. Stores may offer it; nobody has to."""

    def wait(self, after: int, timeout: float) -> int:
        """The position as soon as it lies behind *after*, or what it is when *timeout* seconds have passed."""
        ...


class Subscription:
    """The rows of *log* behind position *after*: those that are there, then the others as they come.

    Iterate over it, with ``for`` or ``async for``, or over its `batches`. ``position`` is that of the last row handed
    out: whoever stores it with what they made of the row goes on from there. *every* is how many seconds pass between
    two looks at the log, *wait* what passes them. After *attempts* troubles in a row the last one is raised; *tell* is
    called with each, and with how many came in a row.
    """

    def __init__(
        self,
        log: Reader,
        after: int = 0,
        *,
        every: float = EVERY,
        attempts: int = ATTEMPTS,
        page: int = PAGE,
        wait: Wait | None = None,
        tell: Callable[[StoreError, int], object] | None = None,
    ) -> None:
        self.position = after
        self.troubles = 0
        self.last_trouble: StoreError | None = None
        self._log = log
        self._every, self._attempts, self._page = every, attempts, page
        self._stopped = Event()
        self._rest: Wait = wait or (lambda _, seconds: self._stopped.wait(seconds))
        self._wait: Wait = wait or (log.wait if isinstance(log, Announcing) else self._rest)
        self._tell = tell
        self._in_a_row = 0
        self._lock = Lock()  # a look that somebody no longer waits for may still go on
        self._rows: Iterator[Row] | None = None
        self._read_to = after

    # --- one step -----------------------------------------------------------------------------------------------

    def step(self) -> list[Row]:
        """The next rows, a page at most; none after waiting in vain. Move ``position`` on to have those behind them."""
        with self._lock:
            try:
                rows = self._next_rows()
                if not rows and not self._stopped.is_set():
                    self._wait(self.position, self._every)
            except StoreError as error:
                self._survive(error)
                return []
            self._in_a_row = 0
            return rows

    def _next_rows(self) -> list[Row]:
        rows, self._rows = self._rows, None  # whatever interrupts us, the log is read anew
        if rows is not None and self._read_to == self.position:
            page = self._page_of(rows)
            if page:
                return page
        return self._page_of(self._log.read(self.position))

    def _page_of(self, rows: Iterator[Row]) -> list[Row]:
        """The next page; what stands before a trouble is handed out first, and the trouble met when it is alone."""
        page: list[Row] = []
        try:
            for row in islice(rows, self._page):
                _check_next(row, self.position + len(page) + 1)
                page.append(row)
        except StoreError:
            if not page:
                raise
        if len(page) == self._page:
            self._rows, self._read_to = rows, page[-1].position
        return page

    def _survive(self, error: StoreError) -> None:
        self._in_a_row += 1
        self.troubles += 1
        self.last_trouble = error
        if self._tell is not None:
            self._tell(error, self._in_a_row)
        if self._in_a_row >= self._attempts:
            raise error
        self._rest(self.position, min(self._every * 2 ** (self._in_a_row - 1), LONGEST))

    # --- iterating ----------------------------------------------------------------------------------------------

    def batches(self) -> Iterator[list[Row]]:
        """The rows, some at a time, until it is stopped."""
        while not self._stopped.is_set():
            rows = self.step()
            if rows:
                self.position = rows[-1].position
                yield rows

    def __iter__(self) -> Iterator[Row]:
        while not self._stopped.is_set():
            for row in self.step():
                self.position = row.position
                yield row
                if self._stopped.is_set():
                    return

    async def __aiter__(self) -> AsyncIterator[Row]:
        """As a plain loop; reading and waiting are done by a thread, and hold up nobody."""
        loop, worker = asyncio.get_running_loop(), ThreadPoolExecutor(1, thread_name_prefix="groupcore-news")
        try:
            while not self._stopped.is_set():
                for row in await loop.run_in_executor(worker, self.step):
                    self.position = row.position
                    yield row
                    if self._stopped.is_set():
                        return
        finally:
            worker.shutdown(wait=False)

    # --- the end ------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Hand out nothing more. Any thread may say so; who waits is woken, at the latest when ``every`` has passed."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._stopped.is_set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _check_next(row: Row, position: int) -> None:
    if row.position != position:
        raise CorruptLog(position, f"it is not there, and event {row.position} is")
