"""Where a store keeps snapshots, beside the log: what was folded once, so that it need not be folded again.

A snapshot can be thrown away at any time, and is never repaired: who finds that it does not fit reads the log. So
shelves promise little. A snapshot is there as a whole or not at all, and the log never waits for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from groupcore.events.digests import sha256_of
from groupcore.wire import dumps_plain


class Snapshot(NamedTuple):
    """The state of one stream as of its ``version``, whose event has the ``digest``.

    ``stamp`` says what made it, ``rules`` is the digest of the rulebook in force then ("": none), ``due`` when the
    first thing in it falls due. ``content`` is the digest of ``body``, and ``seal`` that of everything before it.
    """

    stream: str
    version: int
    digest: str
    stamp: str
    rules: str
    due: int | None
    content: str
    seal: str
    body: bytes

    @property
    def is_sealed(self) -> bool:
        """Whether all but the body is as it was written."""
        return self.seal == sha256_of(dumps_plain(self[:7]))

    @property
    def is_whole(self) -> bool:
        """Whether all of it is as it was written."""
        return self.is_sealed and self.content == sha256_of(self.body)


def snapshot(
    stream: str, version: int, digest: str, *, stamp: str, rules: str, due: int | None, body: bytes
) -> Snapshot:
    """A snapshot, sealed."""
    label = (stream, version, digest, stamp, rules, due, sha256_of(body))
    return Snapshot(*label, sha256_of(dumps_plain(label)), body)


class Shelf(Protocol):
    """The snapshots of one log, at most one for each stream. Methods raise StoreError."""

    def get(self, stream: str) -> Snapshot | None:
        """The snapshot of *stream*, or None. Whether it is whole is for the caller to see."""
        ...

    def put(self, snapshots: Sequence[Snapshot]) -> None:
        """Keep these, each in the place of the one before. It waits for nobody: if it is in the way, it raises."""
        ...

    def labels(self) -> list[Snapshot]:
        """All snapshots, without their bodies."""
        ...

    def clear(self) -> int:
        """Throw all snapshots away; how many there were."""
        ...


class NoShelf(Shelf):
    """For stores that keep no snapshots: there is never one, and what is put there is gone."""

    def get(self, stream: str) -> Snapshot | None:
        """None."""
        return None

    def put(self, snapshots: Sequence[Snapshot]) -> None:
        """Keep nothing."""

    def labels(self) -> list[Snapshot]:
        """None at all."""
        return []

    def clear(self) -> int:
        """Nothing to throw away."""
        return 0


class MemoryShelf(Shelf):
    """Snapshots in memory, as long as the log itself is there."""

    def __init__(self) -> None:
        self._kept: dict[str, Snapshot] = {}

    def get(self, stream: str) -> Snapshot | None:
        """The snapshot of *stream*, or None."""
        return self._kept.get(stream)

    def put(self, snapshots: Sequence[Snapshot]) -> None:
        """Keep these, each in the place of the one before."""
        self._kept.update({one.stream: one for one in snapshots})

    def labels(self) -> list[Snapshot]:
        """All snapshots, without their bodies."""
        return [one._replace(body=b"") for one in list(self._kept.values())]

    def clear(self) -> int:
        """Throw all snapshots away; how many there were."""
        count = len(self._kept)
        self._kept = {}
        return count
