"""Where what has a name stands: a table of names in some 32 bytes an entry, whatever their length.

A name is kept as sixteen bytes of BLAKE2b. Two names with the same sixteen bytes are not found by anybody who looks for
them, so that who asks for an exact name gets an exact answer, and no name has to be read again in the file.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from hashlib import blake2b
from struct import Struct

_SIZE = 16
_number_in = Struct("Q8x").unpack
_FEWEST = 64  # slots of an empty table


class Places:
    """Names and their places, numbers from 1 up to four billion; one name may have several places.

    Open addressing: a slot holds the number of the last entry of a name, and each entry that of the one before.
    """

    def __init__(self) -> None:
        self._names = bytearray()  # of the entries, in order
        self._places = array("I")
        self._before = array("I")
        self._slots = array("I", bytes(4 * _FEWEST))
        self._used, self._most = 0, _FEWEST * 2 // 3

    def __len__(self) -> int:
        return len(self._places)

    def add(self, name: str, place: int) -> int:
        """Put *name* at *place*, too; where it was put before, or 0. O(1)."""
        digest = _digest(name)
        slot = self._slot(digest)
        before = self._slots[slot]
        self._names += digest
        self._places.append(place)
        self._before.append(before)
        self._slots[slot] = len(self._places)
        if before:
            return self._places[before - 1]
        self._used += 1
        if self._used > self._most:
            self._grow()
        return 0

    def last(self, name: str) -> int:
        """The place that *name* was put at last; 0: it was not. O(1)."""
        entry = self._slots[self._slot(_digest(name))]
        return self._places[entry - 1] if entry else 0

    def of(self, name: str) -> Iterator[int]:
        """The places of *name*, the last one first."""
        entry = self._slots[self._slot(_digest(name))]
        while entry:
            yield self._places[entry - 1]
            entry = self._before[entry - 1]

    def _slot(self, digest: bytes | bytearray) -> int:
        """Where the name of this digest is, or belongs."""
        slots, names = self._slots, self._names
        mask = len(slots) - 1
        slot: int = _number_in(digest)[0] & mask
        while (entry := slots[slot]) and names[entry * _SIZE - _SIZE : entry * _SIZE] != digest:
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        last, self._slots = self._slots, array("I", bytes(2 * 4 * len(self._slots)))
        self._most = len(self._slots) * 2 // 3
        for entry in last:
            if entry:
                self._slots[self._slot(self._names[entry * _SIZE - _SIZE : entry * _SIZE])] = entry

    def _check(self) -> None:
        """Assert what holds at all times."""
        last = [entry for entry in self._slots if entry]
        assert len(last) == len(set(last)) == self._used < len(self._slots)
        assert len(self._names) == _SIZE * len(self._places) == _SIZE * len(self._before)
        assert all(before < entry for entry, before in enumerate(self._before, 1))
        assert sorted([*last, *(before for before in self._before if before)]) == list(range(1, len(self) + 1))


def _digest(name: str) -> bytes:
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest()
