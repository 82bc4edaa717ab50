"""One name opens any log: a path, or a URL that says which store it is."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qsl, unquote

from groupcore.clock import SECOND, duration
from groupcore.errors import CorruptLog, InputError, StoreError
from groupcore.stores.base import Store
from groupcore.stores.files import Fsync, check_path
from groupcore.stores.jsonl import JsonlStore
from groupcore.stores.memory import MemoryStore, no_memory
from groupcore.stores.sqlite import SqliteStore
from groupcore.stores.sqlite_file import is_sqlite
from groupcore.wire import did_you_mean

_STORES: Mapping[str, type[SqliteStore] | type[JsonlStore]] = {"sqlite": SqliteStore, "jsonl": JsonlStore}
_SUFFIXES = {
    ".db": "sqlite", ".sqlite": "sqlite", ".sqlite3": "sqlite", ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")  # two letters at least: C:\log.db is a path
_SERVER = re.compile(r"postgres(ql)?:", re.IGNORECASE)
_KEYS = re.compile(r"(?:^|&)keys=([^&]*)")
_LOOK = 100  # events of a log that are looked at, to tell whether it is under keys
_OPTIONS = {"sqlite": ("fsync", "patience"), "jsonl": ("fsync",)}


def open_store(url: str | os.PathLike[str], *, read_only: bool = False, create: bool = True) -> Store:
    """Open the log that *url* names; a new one is made unless *create* is false or *read_only* is set.

    ==========================================  ===========================================================
    ``community.db`` ``.sqlite`` ``.sqlite3``   SQLite
    ``log.jsonl`` ``.ndjson``                   JSON Lines
    any other path                              what the file holds; SQLite where there is none
    ``sqlite:///log`` ``jsonl:///log``          a relative path; four slashes for an absolute one
    ``postgresql://user@host/database``         PostgreSQL, with the extra ``postgres``
    ``memory:``                                 nothing but memory, empty and gone at the end
    ==========================================  ===========================================================

    A query sets options: ``?fsync=relaxed``, for SQLite and PostgreSQL ``?patience=30s``, and for PostgreSQL
    ``?schema=``. ``?keys=keys.db`` keeps private parts under the keys of that file, with the extra ``crypto``.
    Raises StoreError, and NotALog for what is something else.
    """
    name = os.fspath(url)
    if not name:
        raise StoreError("no log was named; write a path such as community.db")
    plain, keys = _without_keys(name)
    return _opened(plain, keys, read_only=read_only, create=create)


def _without_keys(name: str) -> tuple[str, str | None]:
    """The name without the key store that its query names, and the name of that."""
    base, _, query = name.partition("?")
    named = _KEYS.search(query)
    if named is None or os.path.exists(name):
        return name, None
    rest = "&".join(part for part in query.split("&") if not part.startswith("keys="))
    return f"{base}?{rest}" if rest else base, unquote(named[1])


def _opened(name: str, keys: str | None, *, read_only: bool, create: bool) -> Store:
    store = _open(name, read_only=read_only, create=create)
    try:
        if keys is None:
            return _in_clear(store, name)
        return _under_keys(store, name, keys, read_only)
    except BaseException:
        store.close()
        raise


def _in_clear(store: Store, name: str) -> Store:
    if _is_under_keys(store):
        shown = getattr(store, "name", name)  # without the password of a URL
        raise StoreError(
            f"{shown} keeps what people wrote under keys: name its key store behind it, as in {shown}?keys=keys.db, "
            f"or read it without those texts: {shown}?keys=none"
        )
    return store


def _is_under_keys(store: Store) -> bool:
    """Whether the first private part of a log is sealed. What is wrong with a log is for who reads it to meet."""
    try:
        first = next((row for row in islice(store.read(), _LOOK) if row.private is not None), None)
    except CorruptLog:
        return False
    return first is not None and first.is_sealed


def _under_keys(store: Store, name: str, keys: str, read_only: bool) -> Store:
    from groupcore.stores.encrypted import EncryptedStore  # the extra may be missing
    from groupcore.stores.keys import open_keys

    if not keys:
        raise StoreError(f"{name}: keys= names no file; write keys=keys.db")
    return EncryptedStore(store, open_keys(keys, read_only=read_only, create=not _is_under_keys(store)))


def _open(name: str, *, read_only: bool, create: bool) -> Store:
    if _SERVER.match(name) and not os.path.exists(name):
        return _on_server(name, read_only=read_only, create=create)
    scheme, path, options = _parsed(name)
    if scheme == "memory":
        if read_only or not create:
            raise no_memory()
        return MemoryStore()
    check_path(Path(path), path, read_only=read_only, create=create)
    kind = scheme or _kind(Path(path), path)
    return _STORES[kind](path, read_only=read_only, create=create, **_options(kind, options, name))


def _on_server(name: str, *, read_only: bool, create: bool) -> Store:
    from groupcore.stores.postgres import PostgresStore  # the extra may be missing

    return PostgresStore(name, read_only=read_only, create=create)


def _parsed(name: str) -> tuple[str, str, str]:
    """The scheme ("" for a path), the path and the query. An existing file is a path, whatever its name."""
    if os.path.exists(name):
        return "", name, ""
    match = _SCHEME.match(name)
    body, _, query = (name[match.end() :] if match else name).partition("?")
    if match is None:
        return "", body, query
    scheme = match[1].lower()
    _check_scheme(scheme, name)
    return scheme, _path(body, name) if scheme != "memory" else "", query


def _check_scheme(scheme: str, name: str) -> None:
    if scheme not in (*_STORES, "memory"):
        hint = did_you_mean(scheme, (*_STORES, "postgresql", "memory"))
        raise StoreError(f"{name}: there is no store {scheme!r} ({hint})")


def _path(body: str, name: str) -> str:
    if body.startswith("//") and not body.startswith("///"):
        raise StoreError(f"{name}: write three slashes for a relative path, four for an absolute one")
    path = unquote(body.removeprefix("///"))
    if not path:
        raise StoreError(f"{name} names no file")
    return path


def _kind(path: Path, name: str) -> str:
    kind = _SUFFIXES.get(path.suffix.lower())
    if kind is None and path.exists():
        kind = "sqlite" if path.stat().st_size == 0 or is_sqlite(path) else "jsonl"
    return kind or "sqlite"


def _options(kind: str, query: str, name: str) -> dict[str, Any]:
    options: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    for key in options:
        if key not in _OPTIONS[kind]:
            raise StoreError(f"{name}: unknown option {key!r} ({did_you_mean(key, _OPTIONS[kind])})")
    if "fsync" in options and options["fsync"] not in get_args(Fsync):
        raise StoreError(f"{name}: fsync is durable or relaxed, not {options['fsync']!r}")
    if "patience" in options:
        options["patience"] = _seconds(options["patience"], name)
    return options


def _seconds(written: str, name: str) -> float:
    try:
        return duration(written) / SECOND
    except InputError as error:
        raise StoreError(f"{name}: {error}") from None
