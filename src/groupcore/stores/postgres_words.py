"""PostgreSQL's errors in our words, and which of them pass."""

from __future__ import annotations

import re

from groupcore.errors import MissingExtra, NotALog, StoreError, StoreLocked
from groupcore.stores.postgres_url import OPTIONS
from groupcore.wire import did_you_mean

try:
    import psycopg
    from psycopg import errors
except ImportError:
    raise MissingExtra("psycopg", "postgres") from None

_BUSY = (errors.LockNotAvailable, errors.QueryCanceled)
_AGAIN = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.TooManyConnections,
)
_OURS = (psycopg.ProgrammingError, psycopg.DataError, psycopg.IntegrityError, psycopg.NotSupportedError)
_ENDS = ("FATAL", "PANIC")
_WORDS: tuple[tuple[type[psycopg.Error], str], ...] = (
    (errors.DiskFull, "the disk of the server is full; nothing was recorded"),
    (errors.ReadOnlySqlTransaction, "the server may only be read (is it a standby?); nothing was recorded"),
    (errors.InsufficientPrivilege, "no permission"),
)
_OPTION = re.compile(r'URI query parameter: "(.*)"')
_FRAME = re.compile(r".*FATAL:\s+|.*?connection (?:failed|is bad): ")


def passes(error: psycopg.Error) -> bool:
    """Whether what failed may well succeed when it is tried again: the connection was lost, or a race.

    The server gives a reason where it ends a connection by itself (a session was idle for too long); libpq and psycopg
    give none where they find it broken, and call that by several names.
    """
    if error.sqlstate is None:
        return not isinstance(error, _OURS)
    ended = error.diag.severity_nonlocalized in _ENDS
    return ended or isinstance(error, _AGAIN) or error.sqlstate.startswith("08")


def told(error: psycopg.Error, name: str, patience: float = 0) -> StoreError:
    """The error in our words, on one line."""
    if isinstance(error, _BUSY):
        return StoreLocked(f"{name}: another process is writing to it, for more than {patience:g} s; try again")
    if isinstance(error, (errors.UndefinedTable, errors.UndefinedColumn)):
        return NotALog(f"{name} is no log of groupcore, or its tables were changed ({said(error)})")
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return StoreError(f"{name}: {words} ({said(error)})")
    return StoreError(f"{name}: {said(error)}")


def unreachable(error: psycopg.Error, name: str) -> StoreError:
    """What is raised where no connection can be made: a wrong password, no such database, no server."""
    return StoreError(f"{name} cannot be opened: {said(error)}")


def unreadable(error: psycopg.Error, name: str) -> StoreError:
    """What is raised for a URL that libpq does not take."""
    option = _OPTION.search(str(error))
    if option is None:
        return StoreError(f"{name} is no URL that PostgreSQL takes")
    return StoreError(f"{name}: unknown option {option[1]!r} ({did_you_mean(option[1], OPTIONS)})")


def said(error: psycopg.Error) -> str:
    """What the server or its library said, on one line: of several attempts to connect, what the last one met."""
    lines = (error.diag.message_primary or str(error)).strip().splitlines() or [type(error).__name__]
    last = next((line for line in reversed(lines) if not line.startswith("\t")), lines[0])  # a tab: a piece of advice
    return _FRAME.sub("", last)
