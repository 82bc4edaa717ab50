"""Erasing from a JSON Lines file: it is written anew beside itself, and takes its own place in one step.

Whoever stops in the middle leaves the file as it was, and a copy that the next writer removes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from groupcore.errors import StoreError
from groupcore.events import read_row, write_row
from groupcore.stores.files import Fsync, Tape, open_to_read, replace_tape
from groupcore.stores.jsonl_index import Index
from groupcore.stores.jsonl_lines import MORE


def copy_of(path: Path) -> Path:
    """Where the new file is written."""
    return path.with_name(f"{path.name}.erasing")


def remove_copy(path: Path) -> None:
    """Remove what an erasure that was stopped has left: text may stand in it that is erased later."""
    with suppress(FileNotFoundError):
        copy_of(path).unlink()


def rewritten(path: Path, tape: Tape, index: Index, positions: Collection[int], fsync: Fsync) -> Tape:
    """The tape of a new file at *path*, without the private parts of the events at these positions."""
    copy = copy_of(path)
    try:
        with open(copy, "xb") as out:
            shutil.copymode(path, copy)
            out.writelines(_lines(path, tape.name, index.end, positions))
            out.flush()
            os.fsync(out.fileno())
        return replace_tape(tape, copy, path, fsync)
    except OSError as error:
        remove_copy(path)
        raise StoreError(f"{tape.name}: {error.strerror}; nothing was erased") from error
    except BaseException:
        remove_copy(path)
        raise


def _lines(path: Path, name: str, end: int, positions: Collection[int]) -> Iterator[bytes]:
    position = 0
    with open_to_read(path, name) as file:
        while file.tell() < end:
            line = file.readline()
            position += not line.isspace()
            yield _without_private(line) if position in positions and not line.isspace() else line


def _without_private(line: bytes) -> bytes:
    row = read_row(line)
    more = line.rstrip().endswith(MORE)
    plain = write_row(row._replace(private=None, salt=None))
    return (plain[:-1] + MORE if more else plain) + b"\n"
