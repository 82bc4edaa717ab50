"""Copying a log from any store to any other: event for event, verified on the way, and again from where it stopped.

Rows are copied and not events: what only a newer version knows comes over byte for byte, and what was erased stays so.

>>> from groupcore.stores import MemoryStore
>>> copy(MemoryStore(), MemoryStore())
Copied(events=0, added=0, erased=0, ahead=0)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from attrs import frozen

from groupcore.errors import ConcurrencyError, DuplicateEvent, StoreError
from groupcore.events import NO_HEAD, Row
from groupcore.events.base import ORG
from groupcore.events.chain import Chain
from groupcore.stores import Store

BATCH = 2_000
"""Events that are appended at a time; one commit each."""

Progress = Callable[[int, int], object]
"""Called now and then with the events done, compared and copied, and the events in all."""


@frozen
class Copied:
    """What a copy came to: ``events`` are in the target now, ``added`` of them came this time.

    ``erased`` were erased in the source since they were copied, and are in the target now, too. ``ahead`` is how many
    the source has gained meanwhile: a copy ends where the source ended when it began.
    """

    events: int
    added: int
    erased: int
    ahead: int


def copy(source: Store, target: Store, *, progress: Progress | None = None, batch: int = BATCH) -> Copied:
    """Copy what *source* holds to *target*: all of it, or what is missing where a part is there.

    What is there is compared with the source, event by event; the chain of everything is worked out, and in the end the
    heads are compared. Stopped at any point, call it again: it goes on. Raises StoreError where *target* holds another
    log, at the first event that differs, and where it holds texts that *source* only does not show, for want of its
    keys; CorruptLog where the chain of *source* does not hold, and nothing from there on is copied. *progress* is told
    how far it is; *batch* is the least number of events of one append.
    """
    end, held = source.position, target.position
    if held > end:
        raise StoreError(f"the target holds {held} events and the source {end}: it is no unfinished copy of it")
    chain = Chain()
    tell = progress or _nobody
    rows = source.read()
    stale = list(_erased_since(_compared(chain, rows, target.read(), tell, end)))
    if stale:
        if source.withholds:  # nobody erased these: they are only not shown
            raise StoreError(
                "the source was opened without its keys (keys=none), and the target holds the texts: name the keys, "
                "or copy to a new log"
            )
        target.erase(stale)
    for drafts in _batches(islice(rows, end - held), batch):
        _append(chain, drafts, target)
        tell(chain.position, end)
    if (target.position, target.heads()) != (chain.position, chain.heads):
        raise StoreError(
            "the target has other heads than the source: somebody else wrote to it; it is no copy any more"
        )
    return Copied(chain.position, chain.position - held, len(stale), source.position - end)


def _nobody(done: int, total: int) -> None:
    """Nobody wants to know."""


def _compared(
    chain: Chain, rows: Iterator[Row], copies: Iterable[Row], tell: Progress, end: int
) -> Iterator[tuple[Row, Row]]:
    """The events that are in both logs, in pairs. Raises at the first that is not the same."""
    for there in copies:
        row = next(rows, None)
        if row is None or _differ(row, there):
            raise StoreError(_difference(row, there))
        chain.take(row)
        if not chain.position % 1024:
            tell(chain.position, end)
        yield row, there


def _differ(row: Row, there: Row) -> bool:
    """Whether these are two events. One that was erased in one of two logs is the same still."""
    return row != there and (_bare(row) != _bare(there) or not (row.erased or there.erased))


def _bare(row: Row) -> Row:
    return row._replace(private=None, salt=None)


def _difference(row: Row | None, there: Row) -> str:
    where = f"event {there.position} ({there.stream} version {there.version})"
    if row is None:
        return f"{where} of the target is not in the source: it is another log"
    names = [name for name, one, other in zip(Row._fields, row, there, strict=True) if one != other]
    return (
        f"{where} of the target is another than that of the source (they differ in {', '.join(names)}): "
        "it is another log, or one of the two was changed; nothing was copied"
    )


def _erased_since(pairs: Iterable[tuple[Row, Row]]) -> Iterator[str]:
    return (row.id for row, there in pairs if row.erased and not there.erased)


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """*rows* in lists of *size* or a few more: a fact and its answers stay together, so that half a copy is a log."""
    waiting: list[Row] = []
    for row in rows:
        if len(waiting) >= size and row.cause is None:
            yield waiting
            waiting = []
        waiting.append(row)
    if waiting:
        yield waiting


def _append(chain: Chain, rows: list[Row], target: Store) -> None:
    """Append the next rows, on the condition that nobody else has written to their streams."""
    expect = {stream: chain.heads.get(stream, NO_HEAD).version for stream in {ORG, *(row.stream for row in rows)}}
    for row in rows:
        chain.take(row)
    try:
        written = target.append(rows, expect)
    except (ConcurrencyError, DuplicateEvent) as error:
        raise StoreError(f"somebody else writes to the target ({error}); it can be no copy any more") from None
    if written != rows:
        raise StoreError(f"somebody else wrote to the target before event {rows[0].position}; it is no copy any more")
