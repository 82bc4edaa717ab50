"""Files as stores need them: what is in the way of opening one, one writer at a time, bytes that stay."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Literal

from groupcore.errors import StoreError, StoreLocked

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

Fsync = Literal["durable", "relaxed"]
"""``durable``: on disk when an append returns. ``relaxed``: with the system, and lost if its power fails."""


def check_path(path: Path, name: str, *, read_only: bool, create: bool) -> None:
    """Raise StoreError for what stands in the way of opening a log here, in words.

    It only asks the system about the file and never opens it: on POSIX, closing any handle on an SQLite file
    drops the locks that this process holds on it elsewhere.
    """
    mode = _mode_of(path, name)
    if mode is not None:
        _check_file(path, name, mode, read_only)
    elif read_only or not create:
        raise StoreError(f"no such log: {name} (import something into it first)")
    elif not path.parent.is_dir():
        raise StoreError(f"{name} cannot be made: there is no directory {path.parent}")
    elif not _may(path.parent, os.W_OK | os.X_OK):
        raise StoreError(f"{name} cannot be made: no permission to write in {path.parent}")


def _mode_of(path: Path, name: str) -> int | None:
    """What the system says that there is, or None where there is nothing."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise StoreError(f"{name!r} cannot be opened: {getattr(error, 'strerror', error)}") from None


def _check_file(path: Path, name: str, mode: int, read_only: bool) -> None:
    if stat.S_ISDIR(mode):
        raise StoreError(f"{name} is a directory; a log is a file in it, such as {Path(name) / 'community.db'}")
    if not stat.S_ISREG(mode):
        raise StoreError(f"{name} is no regular file")
    if not _may(path, os.R_OK):
        raise StoreError(f"{name} cannot be read: permission denied")
    if not read_only and not _may(path, os.W_OK):
        raise StoreError(f"{name} cannot be written: permission denied, or the disk is read-only")


def _may(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def open_to_read(path: Path, name: str) -> BinaryIO:
    """The file, open for reading; StoreError where it is gone or may not be read."""
    try:
        return open(path, "rb")
    except OSError as error:
        raise StoreError(f"{name} cannot be read: {error.strerror}") from None


class Tape:
    """A file that one process writes to at a time, and only at the end."""

    def __init__(self, path: Path, name: str, fsync: Fsync = "durable") -> None:
        self.name = name
        self._fsync = fsync
        fresh = not path.exists()
        try:
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
            self.file = os.fdopen(os.open(path, flags, 0o666), "r+b", buffering=0)
        except OSError as error:
            raise StoreError(f"{name} cannot be opened: {error.strerror}") from None
        try:
            _lock(self.file.fileno())
        except OSError:
            self.file.close()
            raise StoreLocked(f"{name}: another writer has this log open") from None
        if not _is_at(self.file.fileno(), path):
            self.file.close()
            raise StoreLocked(f"{name}: another writer has just written this log anew; try again")
        if fresh:
            _sync_directory(path.parent)

    def write(self, offset: int, data: bytes) -> None:
        """Put *data* at *offset*, the end. Where that fails, cut the file back and raise StoreError."""
        try:
            if self.file.seek(0, os.SEEK_END) != offset:
                self.file.truncate(offset)  # what an interrupted append left
            self._write_all(offset, data)
            self._sync()
        except OSError as error:
            self.cut(offset)
            raise StoreError(f"{self.name}: {error.strerror}; nothing was recorded") from error

    def _write_all(self, offset: int, data: bytes) -> None:
        self.file.seek(offset)
        rest = memoryview(data)
        while rest:
            rest = rest[self.file.write(rest) or 0 :]

    def cut(self, offset: int) -> None:
        """Drop what stands behind *offset*."""
        try:
            self.file.truncate(offset)
            self._sync()
        except OSError as error:
            raise StoreError(f"{self.name}: {error.strerror}, and its end could not be cut") from error

    def _sync(self) -> None:
        if self._fsync == "durable":
            _sync_file(self.file.fileno())

    def close(self) -> None:
        """Let go of the file and of its lock."""
        self.file.close()


def _is_at(handle: int, path: Path) -> bool:
    """Whether the open file is still the one at *path*: it may have been replaced before it was locked."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def replace_tape(tape: Tape, copy: Path, path: Path, fsync: Fsync) -> Tape:
    """Put the file *copy* in the place of *path*, which *tape* writes to, in one step; the tape of the new file.

    The new one is locked before the old one is let go.
    """
    if sys.platform == "win32":  # no open file can be replaced there
        tape.close()
        os.replace(copy, path)
        return Tape(path, tape.name, fsync)
    fresh = Tape(copy, tape.name, fsync)
    try:
        os.replace(copy, path)
    except BaseException:
        fresh.close()
        raise
    tape.close()
    _sync_directory(path.parent)
    return fresh


if sys.platform == "win32":

    def _lock(handle: int) -> None:
        """Lock one byte far behind the end: locks of this system keep readers out of what is locked."""
        os.lseek(handle, 1 << 30, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _sync_directory(directory: Path) -> None:
        """A directory cannot be synced here."""

    _sync_file = os.fsync
else:

    def _lock(handle: int) -> None:
        """Lock the open file; ``lockf`` would let go as soon as a reader of this process closed it."""
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _sync_directory(directory: Path) -> None:
        """Make the name of a new file durable too."""
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError:
            pass  # some file systems cannot
        finally:
            os.close(handle)

    def _full_sync(handle: int) -> None:
        fcntl.fcntl(handle, getattr(fcntl, "F_FULLFSYNC"))  # noqa: B009 (only macOS has it)

    _sync_file: Callable[[int], None] = (
        _full_sync if hasattr(fcntl, "F_FULLFSYNC") else getattr(os, "fdatasync", os.fsync)
    )
