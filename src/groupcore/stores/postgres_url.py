"""The name of a log on a PostgreSQL server: what it says to us, and what it says to PostgreSQL's own library.

::

    postgresql://user:password@host:5432/database?schema=groupcore&fsync=durable&patience=10s

All that is not ours (``sslmode``, ``host`` of a socket, several hosts) goes to libpq as it is.
"""

from __future__ import annotations

import re
from typing import get_args
from urllib.parse import parse_qsl, quote, urlencode

from attrs import frozen

from groupcore.clock import SECOND, duration
from groupcore.errors import InputError, StoreError
from groupcore.stores.files import Fsync

OPTIONS = ("schema", "fsync", "patience")
_PARTS = re.compile(r"(postgres(?:ql)?://(?:[^/@]*@)?[^?]*)\??(.*)", re.IGNORECASE | re.DOTALL)
_SCHEMA = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,49}")  # no quoting needed, and short enough for a channel
_SECRET = re.compile(r"(?<=://)([^:/?#]*):.*@|((?<=[?&])(?:ssl)?password=)[^&]*")


@frozen
class Place:
    """Where a log lies on a server. ``name`` is its URL without the password, to be shown."""

    name: str
    url: str
    schema: str = "groupcore"
    fsync: Fsync = "durable"
    patience: float = 10.0

    @property
    def channel(self) -> str:
        """The channel on which each commit is announced, with the position that it reached."""
        return f"groupcore_{self.schema}"


def place_of(url: str) -> Place:
    """The place that *url* names. Raises StoreError for options that are none."""
    name = _SECRET.sub(_without_secret, url)
    parts = _PARTS.fullmatch(url)
    if parts is None:
        raise StoreError(f"{name}: write postgresql://user@host/database")
    given = dict(parse_qsl(parts[2], keep_blank_values=True))
    ours = {key: given.pop(key) for key in OPTIONS if key in given}
    rest = f"{parts[1]}?{urlencode(given, quote_via=quote)}" if given else parts[1]
    return Place(name, rest, _schema(ours, name), _fsync(ours, name), _patience(ours, name))


def _without_secret(found: re.Match[str]) -> str:
    return f"{found[2]}***" if found[2] else f"{found[1]}@"


def _schema(ours: dict[str, str], name: str) -> str:
    schema = ours.get("schema", "groupcore")
    if _SCHEMA.fullmatch(schema) is None:
        raise StoreError(
            f"{name}: {schema!r} is no name for a schema: a-z, 0-9 and _, at most 50, not beginning with pg_"
        )
    return schema


def _fsync(ours: dict[str, str], name: str) -> Fsync:
    for known in get_args(Fsync):
        if ours.get("fsync", "durable") == known:
            fsync: Fsync = known
            return fsync
    raise StoreError(f"{name}: fsync is durable or relaxed, not {ours['fsync']!r}")


def _patience(ours: dict[str, str], name: str) -> float:
    try:
        return duration(ours.get("patience", "10s")) / SECOND
    except InputError as error:
        raise StoreError(f"{name}: {error}") from None
