"""The tables of a log in a PostgreSQL schema: how they are made, brought up to date, and recognised."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from groupcore.errors import MissingExtra, NotALog, StoreError
from groupcore.stores.postgres_pool import Connection, transaction
from groupcore.stores.postgres_url import Place
from groupcore.stores.postgres_words import told

try:
    import psycopg
    from psycopg import sql
except ImportError:
    raise MissingExtra("psycopg", "postgres") from None

APPLICATION = "groupcore"

# Names compare byte by byte, whatever the language of the database: "a" and "A", and what lies between "x/" and "x0".
_EVENTS = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE events (
    position BIGINT PRIMARY KEY,
    stream TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    type TEXT NOT NULL,
    schema BIGINT NOT NULL,
    at BIGINT NOT NULL,
    "group" TEXT,
    cause TEXT,
    resolution TEXT NOT NULL,
    source TEXT NOT NULL,
    claimed_at BIGINT,
    judged TEXT,
    org_seen BIGINT,
    recorded_at BIGINT NOT NULL,
    data BYTEA NOT NULL,
    private BYTEA,
    salt TEXT,
    private_digest TEXT,
    digest TEXT NOT NULL
);
CREATE UNIQUE INDEX events_of_streams ON events (stream, version);
CREATE TABLE heads (
    stream TEXT COLLATE "C" PRIMARY KEY, version BIGINT NOT NULL, digest TEXT NOT NULL
) WITH (fillfactor = 50);
INSERT INTO meta VALUES ('application', 'groupcore');
"""

# Whom a row is about, as a number: names of any length do not fit into an index. What cannot be told (no JSON, a NUL)
# is as what names nobody: those rows are always looked at. The server works it out, whichever version of ours appends.
_SUBJECTS = """
CREATE FUNCTION subject_key(stream text, data bytea) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
DECLARE
    nobody bigint := hashtextextended(stream COLLATE "C", 0);
    said json;
BEGIN
    said := convert_from(data, 'UTF8')::json;
    RETURN coalesce(hashtextextended(
        coalesce(said ->> 'member', said ->> 'person', said ->> 'author', said ->> 'message') COLLATE "C", nobody
    ), nobody);
EXCEPTION WHEN OTHERS THEN
    RETURN nobody;
END
$$;
GRANT EXECUTE ON FUNCTION subject_key TO PUBLIC;  -- who may not run it could not append, nor ask
CREATE INDEX events_of_subjects ON events (subject_key(stream, data))
WHERE type <> 'message-posted' AND type <> 'message-deleted' AND type <> 'rule-abstained';
"""

MIGRATIONS: tuple[str, ...] = (_EVENTS, _SUBJECTS)
"""What leads from each format to the next; the first one makes a new log. What was released is never changed."""

OLDEST = 1
"""The oldest format that can be used as it is: by readers, and by writers who may not change tables."""

SUBJECTS = 2
"""The format from which on there is an index of subjects."""


class Found(NamedTuple):
    """What a schema holds before it is opened; whether we may use it is None where there is no such schema."""

    encoding: str
    may_use: bool | None
    tables: int
    has_meta: bool


def lock_key(place: Place) -> int:
    """The number of the advisory lock that writers of this log take; those of other applications differ."""
    digest = hashlib.sha256(f"{APPLICATION}:{place.schema}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def prepare(db: Connection, place: Place, *, read_only: bool, create: bool) -> int:
    """Make the log or bring it up to date, and return its format, or raise StoreError. Readers change nothing."""
    try:
        if not read_only and (found := _format(db, place, create)) < len(MIGRATIONS):
            _bring_up(db, place, create, found)
        return _recognised(db, place)
    except psycopg.Error as error:
        raise told(error, place.name, place.patience) from error


def _bring_up(db: Connection, place: Place, create: bool, found: int) -> None:
    """Migrate. A log that can do without is left as it is where the role may not change its tables."""
    try:
        _migrate(db, place, create)
    except psycopg.errors.InsufficientPrivilege:
        if found < OLDEST:
            raise


def _recognised(db: Connection, place: Place) -> int:
    found = _format(db, place, create=False)
    if found < OLDEST:
        raise StoreError(
            f"{place.name} was written by an older groupcore (its format is {found}); "
            "open it for writing once to bring it up to date"
        )
    return found


def _format(db: Connection, place: Place, create: bool) -> int:
    """The format of the log, 0 where one may be made. Raises StoreError for anything else."""
    found = _look(db, place)
    if found.encoding != "UTF8":
        raise StoreError(f"{place.name}: the database is encoded in {found.encoding}; a log needs UTF8")
    if found.may_use is False:  # its tables would seem not to exist
        raise StoreError(f"{place.name}: no permission to use the schema {place.schema}")
    if not found.tables:
        if not create:
            raise StoreError(f"no such log: {place.name} (import something into it first)")
        return 0
    return _known_format(_meta(db) if found.has_meta else {}, place)


def _known_format(meta: dict[str, str], place: Place) -> int:
    if meta.get("application") != APPLICATION or not meta.get("format", "").isdecimal():
        raise NotALog(
            f"{place.name}: the schema {place.schema} holds tables of another application and no log of groupcore"
        )
    found = int(meta["format"])
    if found > len(MIGRATIONS):
        raise StoreError(
            f"{place.name} was written by a newer groupcore "
            f"(its format is {found}, this version knows {len(MIGRATIONS)})"
        )
    return found


_LOOK = """
SELECT current_setting('server_encoding'), has_schema_privilege(to_regnamespace(%(schema)s), 'USAGE'), count(*),
    coalesce(bool_or(relname = 'meta'), false)
FROM pg_class WHERE relnamespace = to_regnamespace(%(schema)s)
"""


def _look(db: Connection, place: Place) -> Found:
    """Asks the catalogue alone, which everybody may read."""
    row = db.execute(_LOOK, {"schema": place.schema}).fetchone()
    assert row is not None, "an aggregate has one row"
    return Found(*row)


def _meta(db: Connection) -> dict[str, str]:
    try:
        rows: list[tuple[Any, ...]] = db.execute("SELECT name::text, value::text FROM meta").fetchall()
    except (psycopg.errors.UndefinedColumn, psycopg.errors.CannotCoerce):
        return {}  # a table of that name is nothing rare
    return dict(rows)


def _migrate(db: Connection, place: Place, create: bool) -> None:
    """Under the lock of writers, one step after the other, all or none; each is on record in ``meta``."""
    with transaction(db):
        db.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        db.execute("SELECT pg_advisory_xact_lock(%s)", (lock_key(place),))
        for number in range(_format(db, place, create), len(MIGRATIONS)):
            _step(db, place, number)
        db.execute("COMMIT")


def _step(db: Connection, place: Place, number: int) -> None:
    if number == 0 and _look(db, place).may_use is None:
        db.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(place.schema)))
    db.execute(MIGRATIONS[number])
    put = "INSERT INTO meta VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    db.execute(put, ("format", str(number + 1)))
    db.execute("INSERT INTO meta VALUES (%s, now())", (f"migration {number + 1}",))
