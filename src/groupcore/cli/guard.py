"""Every error as one message on standard error, and the exit codes. No traceback reaches a user."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from groupcore.cli.output import drop_output, flush, say
from groupcore.errors import GroupcoreError

WRONG = 1
"""Done, and something is wrong that one asked about."""

FAILED = 2
"""Could not be done."""

INTERRUPTED = 130
"""Stopped by Ctrl-C."""

TRACEBACK = "GROUPCORE_TRACEBACK"
"""Set, this variable of the environment shows where an error came from."""


class Interrupted(Exception):
    """Somebody pressed Ctrl-C; the message says what stands and how to go on."""


@contextmanager
def guarded() -> Iterator[None]:
    """Run a command: its output flushed at the end, its errors told, and the exit code set.

    A pipe that was closed early (``| head``) ends the command quietly, with exit code 0.
    """
    try:
        try:
            yield
        finally:
            flush()
    except BrokenPipeError:
        drop_output()
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        raise _ended("interrupted", INTERRUPTED) from None
    except Interrupted as stop:
        raise _ended(str(stop), INTERRUPTED) from None
    except Exception as error:
        if os.environ.get(TRACEBACK) or _is_of_typer(error):
            raise
        raise _ended(told(error), FAILED) from None


def _is_of_typer(error: Exception) -> bool:
    """Whether typer handles it: usage errors and exits carry a code."""
    return isinstance(error, typer.Abort) or hasattr(error, "exit_code")


def _ended(message: str, code: int) -> typer.Exit:
    say(message)
    return typer.Exit(code)


def told(error: Exception) -> str:
    """An error in words."""
    if isinstance(error, GroupcoreError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror.lower()}" if error.filename else error.strerror.lower()
    if isinstance(error, MemoryError):
        return "out of memory"
    said = f"{type(error).__name__}: {error}".rstrip(": ")
    return f"unexpected error ({said}); please report it, with what {TRACEBACK}=1 shows"
