"""Snapshots beside a log of JSON Lines: a directory with a file for each stream, a line of label and a body in each."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from groupcore.errors import StoreError
from groupcore.events.digests import sha256_of
from groupcore.stores.shelf import Shelf, Snapshot
from groupcore.wire import dumps_plain, loads


class JsonlShelf(Shelf):
    """The shelf of the log in the file *path*; *check* raises where nothing may be written."""

    def __init__(self, path: Path, check: Callable[[], None]) -> None:
        self._home = path.with_name(f"{path.name}.snapshots")
        self._check = check

    def _file(self, stream: str) -> Path:
        return self._home / f"{sha256_of(dumps_plain(stream))[:40]}.json"

    def get(self, stream: str) -> Snapshot | None:
        """The snapshot of *stream*, or None."""
        return _read(self._file(stream), lambda file: file.read())

    def put(self, snapshots: Sequence[Snapshot]) -> None:
        """Keep these; each file is written beside the one before, and then takes its place."""
        self._check()
        try:
            self._home.mkdir(exist_ok=True)
            for one in snapshots:
                self._write(self._file(one.stream), dumps_plain(one[:-1]) + b"\n" + one.body)
        except OSError as error:
            raise StoreError(f"{self._home}: {error.strerror}; no snapshot was kept") from error

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        beside = path.with_suffix(".new")
        beside.write_bytes(data)
        os.replace(beside, path)

    def labels(self) -> list[Snapshot]:
        """All snapshots, without their bodies."""
        found = [_read(path, lambda file: b"") for path in sorted(self._home.glob("*.json"))]
        return [one for one in found if one is not None]

    def clear(self) -> int:
        """Throw all snapshots away, and what an interrupted write left; how many there were."""
        self._check()
        found = list(self._home.glob("*.json"))
        for path in [*found, *self._home.glob("*.new")]:
            path.unlink(missing_ok=True)
        with suppress(OSError):  # something of somebody else's is in it
            self._home.rmdir()
        return len(found)


def _read(path: Path, rest: Callable[[BinaryIO], bytes]) -> Snapshot | None:
    """What the file holds, or None where that is no snapshot."""
    try:
        with open(path, "rb") as file:
            label = loads(file.readline())  # whether it is what was written, its seal tells
            if type(label) is not list or len(label) != len(Snapshot._fields) - 1:
                return None
            return Snapshot._make([*label, rest(file)])
    except (OSError, ValueError):  # InputError is one
        return None
