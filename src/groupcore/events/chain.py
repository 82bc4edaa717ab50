"""Following a log event by event: where each stream ends, and in which order all events came.

The digests chain each stream by itself. The *order* chains the digests of all events as they stand in the log, so
that two events of different streams in each other's place are seen too, by whoever noted the order down.
"""

from __future__ import annotations

from attrs import Factory, define

from groupcore.errors import CorruptLog
from groupcore.events.digests import sha256_of
from groupcore.events.row import GENESIS, NO_HEAD, Head, Row, problem_with


@define
class Chain:
    """How far a log was followed. Feed it the rows of a log in order, and it says where they do not follow.

    ``origin`` is the digest of the first event, which is what tells one log from another; ``order`` is the SHA-256 of
    the order before and the digest of the event, both in hexadecimal, from the first event on.
    """

    position: int = 0
    heads: dict[str, Head] = Factory(dict)
    order: str = GENESIS
    origin: str = GENESIS

    def take(self, row: Row) -> None:
        """Go on to *row*. Raises CorruptLog where it is not what was written there."""
        try:
            problem = self.problem_with(row)
        except Exception as error:  # whatever a damaged row makes come up, it is this row's
            problem = f"{row.type} cannot be checked: {error!r}"
        if problem is not None:
            raise CorruptLog(self.position + 1, problem)
        self.advance(row)

    def problem_with(self, row: Row) -> str | None:
        """What is wrong with *row* as the next event, or None: its position, its version, its digests."""
        return self._misplaced(row) or problem_with(row, self.heads.get(row.stream, NO_HEAD))

    def gap_before(self, row: Row) -> str | None:
        """As `problem_with`, with no digest worked out: only positions and versions are counted."""
        version = self.heads.get(row.stream, NO_HEAD).version + 1
        if row.version != version:
            return f"{row.stream}: expected version {version}, found {row.version}"
        return self._misplaced(row)

    def _misplaced(self, row: Row) -> str | None:
        if row.position != self.position + 1:
            return f"expected position {self.position + 1}, found {row.position}"
        return None

    def advance(self, row: Row) -> None:
        """Go on to *row*, whatever it is."""
        self.position += 1
        self.heads[row.stream] = Head(row.version, row.digest)
        self.order = sha256_of(f"{self.order}{row.digest}".encode())
        self.origin = self.origin or row.digest
