"""How an event lies in a store: a row of plain values, sealed into the chain of its stream.

Stores know rows and nothing of events. The private part of the data (text, names, reasons) lies apart under a salted
digest, so that it can be erased, its salt with it, and the chain still verifies.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from groupcore.events.digests import sha256_of
from groupcore.wire import dumps_plain

GENESIS = ""
"""The digest before the first event of a stream."""


SEALED = "sealed"
"""The one key of a private part that lies under a key (see `stores.encrypted`); no event has a field of that name."""

_SEAL = b'{"sealed":'


class Row(NamedTuple):
    """One event as stored. ``data`` and ``private`` are canonical JSON; ``position`` is the one field not chained."""

    position: int
    stream: str
    version: int
    id: str
    type: str
    schema: int
    at: int
    group: str | None
    cause: str | None
    resolution: str
    source: str
    claimed_at: int | None
    judged: str | None
    org_seen: int | None
    recorded_at: int
    data: bytes
    private: bytes | None
    salt: str | None
    private_digest: str | None
    digest: str

    @property
    def erased(self) -> bool:
        """Whether the private part was erased."""
        return self.private is None and self.private_digest is not None

    @property
    def is_sealed(self) -> bool:
        """Whether the private part lies under a key, and this is not how it reads."""
        return self.private is not None and self.private.startswith(_SEAL)


row_of: Callable[[tuple[Any, ...]], Row] = partial(tuple.__new__, Row)
"""A row of its fields in their order, in half the time that `Row` takes. They are not counted."""


class Head(NamedTuple):
    """Where a stream ends: the version and the digest of its last event."""

    version: int
    digest: str


NO_HEAD = Head(0, GENESIS)


def private_digest(salt: str, private: bytes) -> str:
    """The digest that stands in the chain for the private part; worthless to guess without the salt."""
    return sha256_of(salt.encode() + private)


def chain_digest(previous: str, row: Row) -> str:
    """The digest of *row*, standing after the event with the digest *previous*."""
    return sha256_of(previous.encode() + dumps_plain([*row[1:15], row.private_digest]) + row.data)


def seal(draft: Row, position: int, head: Head) -> Row:
    """*draft* as the next event after *head*, at *position*: numbered and chained."""
    stream, version = draft[1], head[0] + 1
    meta = dumps_plain([stream, version, *draft[3:15], draft[18]])
    digest = sha256_of(head[1].encode() + meta + draft[15])
    return row_of((position, stream, version, *draft[3:19], digest))


def problem_with(row: Row, head: Head) -> str | None:
    """What is wrong with *row* as the next event after *head*, or None."""
    if row.version != head.version + 1:
        return f"{row.stream}: expected version {head.version + 1}, found {row.version}"
    if row.private is not None and private_digest(row.salt or "", row.private) != row.private_digest:
        if row.is_sealed:
            return under_a_key(row)
        return f"{row.stream} version {row.version}: the private part of {row.type} was changed"
    if row.private is None and row.salt is not None:
        return f"{row.stream} version {row.version}: {row.type} has a salt, and nothing private"
    if chain_digest(head.digest, row) != row.digest:
        return f"{row.stream} version {row.version}: {row.type} was changed, or what stood before it"
    return None


def under_a_key(row: Row) -> str:
    """What is said of a row that cannot be read without its key."""
    return f"the private part of {row.type} is kept under a key: open the log with its key store, as LOG?keys=FILE"
