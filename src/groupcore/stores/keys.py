"""Keys: one for the text of each person. Who forgets a key forgets the person, in every copy of the log.

A key store is a file of its own, to be kept apart from the log and from the backups of the log. It holds the keys as
they are: who has it and the log can read everything.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Protocol, Self

from groupcore.errors import StoreError, StoreLocked
from groupcore.sqlite import code_of, connect, is_blank, is_locked, lay_out, number, owner, place, transaction
from groupcore.stores.sealing import Key, new_key

APPLICATION_ID = 0x67636B79  # "gcky"
FORMAT = 1
_SCHEMA = """
CREATE TABLE keys (id TEXT PRIMARY KEY, person TEXT, secret BLOB) WITHOUT ROWID;
CREATE INDEX keys_of_people ON keys (person) WHERE person IS NOT NULL
"""


class KeyStore(Protocol):
    """Where keys are kept. Methods raise StoreError; all of them may be called from several threads."""

    name: str

    def key_of(self, person: str) -> Key:
        """The key for new text of *person*; "" is the organisation. Made if there is none, and durable on return."""
        ...

    def secret(self, id: str) -> bytes | None:
        """What opens what was sealed under this key; None where it was forgotten; KeyError where it is unknown."""
        ...

    def forget(self, person: str) -> bool:
        """Throw away all keys of *person*; whether there was one. What they opened cannot be read again by anybody."""
        ...

    def refresh(self) -> None:
        """Notice what other processes forgot meanwhile."""
        ...

    def close(self) -> None:
        """Let go of it. Closing twice is no error."""
        ...


class KeyFile(KeyStore):
    """Keys in the SQLite file *path*, made unless *create* is false. No byte of a key is left in it once forgotten."""

    def __init__(
        self, path: str | os.PathLike[str], *, read_only: bool = False, create: bool = True, patience: float = 5.0
    ) -> None:
        self.name = os.fspath(path)
        self._lock = RLock()
        self._known: dict[str, bytes | None] = {}
        self._current: dict[str, Key] = {}
        self._version = -1
        self._db: sqlite3.Connection | None = None
        _check(Path(path), self.name, make=create and not read_only)
        try:
            self._db = connect(place(Path(path), "ro" if read_only else "rw"), patience)
            self._prepare(self._db, read_only)
        except sqlite3.Error as error:
            self.close()
            raise self._words(error) from error
        except BaseException:
            self.close()
            raise

    def _prepare(self, db: sqlite3.Connection, read_only: bool) -> None:
        db.execute("PRAGMA secure_delete = ON")
        db.execute("PRAGMA temp_store = MEMORY")  # nothing of a key goes to a temporary file
        if not read_only:
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA fullfsync = 1")
            with transaction(db):
                if is_blank(db):
                    lay_out(db, _SCHEMA, APPLICATION_ID, FORMAT)
        application_id, format = owner(db)
        if application_id != APPLICATION_ID:
            raise StoreError(f"{self.name} is no key store of groupcore")
        if format > FORMAT:
            raise StoreError(f"{self.name} was written by a newer groupcore")

    def key_of(self, person: str) -> Key:
        """The key for new text of *person*; made if there is none."""
        with self._told() as db:
            key = self._current.get(person)
            if key is None:
                with transaction(db):
                    key = _current(db, person) or _made(db, person)
                self._current[person] = key
                self._known[key.id] = key.secret
            return key

    def secret(self, id: str) -> bytes | None:
        """What opens what was sealed under this key; None where it was forgotten."""
        with self._lock:
            if id in self._known:
                return self._known[id]
        with self._told() as db:
            found = db.execute("SELECT secret FROM keys WHERE id = ?", (id,)).fetchone()
            if found is None:
                raise KeyError(id)
            self._known[id] = found[0]
            return self._known[id]

    def forget(self, person: str) -> bool:
        """Throw away all keys of *person*. The file is made anew: pages that SQLite moved may hold copies."""
        with self._told() as db:
            sql = "UPDATE keys SET secret = NULL, person = NULL WHERE person = ?"
            with transaction(db):
                found = db.execute(sql, (person,)).rowcount > 0
            db.execute("VACUUM")
            self._drop()
            return found

    def refresh(self) -> None:
        """Notice what other processes forgot, or made, meanwhile."""
        with self._told() as db:
            version = number(db, "PRAGMA data_version")
            if version != self._version:
                self._drop()
                self._version = version

    def _drop(self) -> None:
        self._known.clear()
        self._current.clear()

    @contextmanager
    def _told(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one thread, and SQLite's errors in our words."""
        with self._lock:
            if self._db is None:
                raise StoreError(f"{self.name} is closed")
            try:
                yield self._db
            except sqlite3.Error as error:
                raise self._words(error) from error

    def _words(self, error: sqlite3.Error) -> StoreError:
        if is_locked(error):
            return StoreLocked(f"{self.name}: another process is using the key store; try again")
        code = code_of(error)
        if code == sqlite3.SQLITE_NOTADB:
            return StoreError(f"{self.name} is no key store of groupcore")
        if code == sqlite3.SQLITE_READONLY:
            return StoreError(f"{self.name} is open for reading only: it can neither make keys nor forget them")
        return StoreError(f"{self.name}: {error}")

    def close(self) -> None:
        """Let go of the file, and of the keys in memory."""
        with self._lock:
            if self._db is not None:
                self._db.close()
            self._db = None
            self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class NoKeys(KeyStore):
    """No keys at all: what is sealed reads as if it were erased. For whoever is to see a log without its texts."""

    name = "none"

    def key_of(self, person: str) -> Key:
        """Nothing can be sealed."""
        raise StoreError("the log was opened without its keys (keys=none): it can be read, and not written to")

    def secret(self, id: str) -> bytes | None:
        """Nothing can be opened."""
        return None

    def forget(self, person: str) -> bool:
        """There is nothing to forget."""
        return False

    def refresh(self) -> None:
        """There is nothing to notice."""

    def close(self) -> None:
        """There is nothing to close."""


def open_keys(name: str, *, read_only: bool = False, create: bool = True) -> KeyStore:
    """The key store of that name: a path, or ``none``."""
    return NoKeys() if name == "none" else KeyFile(name, read_only=read_only, create=create)


def _check(path: Path, name: str, *, make: bool) -> None:
    """See to it that the file is there, and that nobody else may read a new one."""
    if path.is_dir():
        raise StoreError(f"{name} is a directory; a key store is a file in it, such as {Path(name) / 'keys.db'}")
    if path.exists():
        return
    if not make:
        raise StoreError(f"no such key store: {name}")
    try:
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StoreError(f"the key store {name} cannot be made: {error.strerror}") from None


def _current(db: sqlite3.Connection, person: str) -> Key | None:
    found = db.execute("SELECT id, secret FROM keys WHERE person = ? ORDER BY id LIMIT 1", (person,)).fetchone()
    return Key(*found) if found is not None else None


def _made(db: sqlite3.Connection, person: str) -> Key:
    key = new_key()
    db.execute("INSERT INTO keys VALUES (?, ?, ?)", (key.id, person, key.secret))
    return key
