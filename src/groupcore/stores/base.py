"""What a store is, and the three steps of an append that all stores share.

A store holds one log: rows in the order of their appends, each on one stream. It knows rows and nothing of
events.

An append is all or nothing, over as many streams as it touches. Where several things speak against it, the
first of this order is raised: what no store can hold (`InputError`); an id that the log holds
(`DuplicateEvent`, so that somebody who tries again learns that the first attempt landed, even where the
streams have moved on since); an expected version (`ConcurrencyError`). A store may look in another order,
and look ids up only where something is amiss. Then the rows are numbered, chained and written, all under the
lock that commits. Positions count from 1 without gaps, and so do the versions of each stream.

A read sees the rows that were there when it was asked for, and not what is appended while it goes on. It
holds a few hundred rows at a time, never blocks a writer, and does not verify the chain: `verify` does that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from types import MappingProxyType, TracebackType
from typing import Protocol, Self

from groupcore.errors import ConcurrencyError, DuplicateEvent, InputError, StoreError
from groupcore.events import NO_HEAD, Head, Row, seal
from groupcore.stores.shelf import NoShelf, Shelf
from groupcore.stores.subjects import concerning

ANYTHING: Mapping[str, int] = MappingProxyType({})
"""Expect nothing of any stream."""

EVERYTHING = -(1 << 63)
"""The position to read from so that rows are seen, too, that somebody put before the first."""

LONGEST = 2_600
"""Bytes of a name (the id of an event, a stream) at most: so many fit into an index of PostgreSQL."""

_INTEGERS = 1 << 63  # what every store can hold: 64 bits with a sign


class Store(Protocol):
    """A log: rows appended in order, read in order. `groupcore.testing.StoreContract` says it in tests.

    Methods raise StoreError and its kinds. All of them may be called from several threads.
    """

    @property
    def keeps_heads(self) -> bool:
        """Whether the heads are kept beside the events, and so could say something else than they do."""
        return False

    @property
    def repaired(self) -> str | None:
        """What was found behind the last whole append, and what was done about it; None: nothing."""
        return None

    @property
    def withholds(self) -> bool:
        """Whether texts read as erased here that nobody erased, since the keys of the log are not at hand."""
        return False

    def turn(self) -> AbstractContextManager[None]:
        """Wait until those who asked before have had theirs. A store without queues gives everybody a turn at once."""
        return nullcontext()

    def append(self, drafts: Sequence[Row], expect: Mapping[str, int] = ANYTHING) -> list[Row]:
        """Add *drafts*, all or none, and return them numbered and chained. They are durable on return.

        *expect* names streams with the version that each has to have before (0: it does not exist), whether
        or not anything is appended to them. Raises DuplicateEvent, else ConcurrencyError, for the first that
        fits.
        """
        ...

    def erase(self, ids: Collection[str]) -> int:
        """Take the private part of these events away, and its salt; how many had one. Their digests stay.

        On return no file of the store holds any of it. Where that is stopped in the middle, or raises, the same call
        finishes it. Ids that the log does not hold are passed over; a read under way may see either.
        """
        ...

    @property
    def shelf(self) -> Shelf:
        """Where snapshots are kept beside the log; a store of your own need not keep any."""
        return NoShelf()

    def forget(self, person: str) -> bool:
        """Throw away the key that the text of *person* is kept under; whether there was one (see `EncryptedStore`)."""
        return False

    def known(self, ids: Collection[str]) -> set[str]:
        """Which of these ids the log holds."""
        ...

    def read(self, after: int = 0) -> Iterator[Row]:
        """The rows behind position *after*, in order."""
        ...

    def read_stream(self, stream: str, after: int = 0) -> Iterator[Row]:
        """The rows of *stream* behind its version *after*, in order; none where there is no such stream."""
        ...

    def concerning(self, stream: str, subjects: Collection[str]) -> Iterator[Row]:
        """The rows of *stream* that are about one of *subjects* or about nobody, in order, messages left out.

        See `groupcore.stores.subjects`. A store may look them up; this one looks at each row of the stream.
        """
        return concerning(self.read_stream(stream), subjects)

    def get(self, id: str) -> Row | None:
        """The row of this id, or None."""
        ...

    def about(self, fact_id: str) -> list[Row]:
        """The fact and the verdicts that answer it, in order; empty where the log has no such fact."""
        ...

    def heads(self) -> dict[str, Head]:
        """Where each stream ends."""
        ...

    @property
    def position(self) -> int:
        """The position of the last event; 0 when there is none."""
        ...

    def close(self) -> None:
        """Let go of the log. Closing twice is no error; using it afterwards is a StoreError."""
        ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def first_duplicate(ids: Iterable[str], known: Collection[str]) -> str | None:
    """The first of *ids* that is *known*, or that stood among them before."""
    seen = set[str]()
    for id in ids:
        if id in known or id in seen:
            return id
        seen.add(id)
    return None


def refuse_duplicates(drafts: Iterable[Row], known: Collection[str]) -> None:
    """Raise DuplicateEvent for the first of *drafts* whose id is *known*, or was used by one before it."""
    duplicate = first_duplicate((draft.id for draft in drafts), known)
    if duplicate is not None:
        raise DuplicateEvent(duplicate)


def check_expected(expect: Mapping[str, int], heads: Mapping[str, Head]) -> None:
    """Raise ConcurrencyError for the first stream that is not at its expected version."""
    for stream, expected in expect.items():
        found = heads.get(stream, NO_HEAD).version
        if found != expected:
            raise ConcurrencyError(stream, expected, found)


def check_storable(drafts: Iterable[Row]) -> None:
    """Raise InputError for what not every store can hold."""
    for draft in drafts:
        names = f"{draft.id}{draft.stream}{draft.source}"
        if not (names.isascii() or is_text(names)):
            raise InputError(f"{draft.id!r} on {draft.stream!r} cannot be stored: it holds lone surrogates")
        if not -_INTEGERS <= draft.at < _INTEGERS:
            raise InputError(f"{draft.id}: the time {draft.at} is no instant")
        if len(names) * 4 > LONGEST:
            _check_length(draft.id)
            _check_length(draft.stream)


def _check_length(name: str) -> None:
    if len(name.encode()) + name.count("\0") + name.count("\x1a") > LONGEST:  # PostgreSQL stores two bytes for these
        raise InputError(f"{name[:40]!r}... cannot be stored: a name has {LONGEST:,} bytes at most")


def place(drafts: Iterable[Row], position: int, heads: dict[str, Head]) -> list[Row]:
    """*drafts* numbered and chained, behind *position* and behind *heads*, which moves on."""
    placed = []
    for number, draft in enumerate(drafts, position + 1):
        row = seal(draft, number, heads.get(draft.stream, NO_HEAD))
        heads[row.stream] = _head_of((row.version, row.digest))
        placed.append(row)
    return placed


_head_of: Callable[[tuple[int, str]], Head] = partial(tuple.__new__, Head)  # the same, in half the time


def is_text(*words: str) -> bool:
    """Whether all these words can be written as UTF-8; an id that cannot is in no log."""
    try:
        return all(word.isascii() or bool(word.encode()) for word in words)
    except UnicodeEncodeError:
        return False


def closed(name: str) -> StoreError:
    """What is raised when a log is used after it was closed."""
    return StoreError(f"{name} is closed")


def only_read(name: str) -> StoreError:
    """What is raised by an append to a log that was opened for reading."""
    return StoreError(f"{name} is open for reading only; nothing was recorded")
