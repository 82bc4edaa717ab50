"""What can go wrong, in one tree.

::

    GroupcoreError
    ├── InputError          a fact, message or time that cannot be taken (what, where)
    ├── RulebookError       a rulebook with faults, all of them at once
    ├── DecisionRefused     a command that the state of the group does not allow
    │   └── CommandConflict     another command of the same id was carried out before
    ├── MissingExtra        an optional library is not installed
    ├── ProjectionError     a projection cannot take an event, and stands still before it
    ├── CheckpointError     a checkpoint that is none, was changed, or is of another log
    └── StoreError          the log cannot be read or written
        ├── NotALog             the file is something else
        ├── CorruptLog          an event is damaged, missing or out of order
        ├── ConcurrencyError    somebody else wrote to the stream first
        ├── DuplicateEvent      the log holds this event already
        ├── NewerLog            a newer version writes to the log, and this one would misread it
        └── StoreLocked         another process is writing
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen


class GroupcoreError(Exception):
    """The root: catch this to catch all that groupcore raises on purpose."""


class InputError(GroupcoreError, ValueError):
    """An input that cannot be taken: *what* is wrong with it, and *where* it stands."""

    def __init__(self, what: str, where: str = "") -> None:
        super().__init__(f"{where}: {what}" if where else what)
        self.what = what
        self.where = where


@frozen
class Fault:
    """One fault in a rulebook: its path, the problem, and what to write instead."""

    path: str
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        tail = f" ({self.hint})" if self.hint else ""
        return f"{self.problem}{tail} @ {self.path}"


class RulebookError(GroupcoreError, ValueError):
    """A rulebook with faults; ``faults`` holds every one of them."""

    def __init__(self, faults: Sequence[Fault], where: str = "rulebook") -> None:
        self.faults = tuple(faults)
        self.where = where
        count = f"{len(self.faults)} fault{'s' if len(self.faults) != 1 else ''}"
        super().__init__("\n".join([f"{where}: {count}", *(f"  {fault}" for fault in self.faults)]))


class DecisionRefused(GroupcoreError):
    """A command that the state of the group does not allow; nothing that it wants was done.

    ``code`` says in a word why. Where somebody wanted what is not for them, as one of `groupcore.events.OutOfPlace`,
    the engine puts it on record: ``fact`` is the id of that fact, and None where there is none. Otherwise it is
    ``unknown`` (there is nothing of that name, or nothing to take back), ``over`` (it comes too late, or was done
    before), ``oneself`` (what nobody does to themselves), ``conflict`` (as in `CommandConflict`) or ``unfit`` (it makes
    no sense as it is).
    """

    def __init__(self, told: str, code: str = "unfit") -> None:
        super().__init__(told)
        self.code = code
        self.fact: str | None = None


class CommandConflict(DecisionRefused):
    """A command whose id was used before, for something else; *fields* say in what they differ."""

    def __init__(self, id: str, fields: Sequence[str]) -> None:
        self.id = id
        self.fields = tuple(fields)
        super().__init__(
            f"the command {id!r} was carried out before with another {', '.join(fields)}; give this one its own id",
            "conflict",
        )


class MissingExtra(GroupcoreError, ImportError):
    """An optional library is missing; the message names the extra to install."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"{library} is not installed; install it with: pip install 'groupcore[{extra}]'")
        self.library = library
        self.extra = extra


class ProjectionError(GroupcoreError):
    """A projection cannot take the event at *position*; it stands still before it, and nothing of it is half there."""

    def __init__(self, projection: str, position: int, problem: str) -> None:
        super().__init__(f"{projection} stopped before event {position}: {problem}")
        self.projection = projection
        self.position = position
        self.problem = problem


class CheckpointError(GroupcoreError):
    """A checkpoint that is none, was changed, is signed by somebody else, or is of another log."""


class StoreError(GroupcoreError):
    """The log cannot be read or written."""


class NotALog(StoreError):
    """The file is something else than a log of groupcore."""


class CorruptLog(StoreError):
    """An event of the log is damaged, missing or out of order."""

    def __init__(self, position: int, problem: str) -> None:
        super().__init__(f"event {position}: {problem}")
        self.position = position
        self.problem = problem


class ConcurrencyError(StoreError):
    """Somebody else appended to the stream between reading and writing."""

    def __init__(self, stream: str, expected: int, found: int) -> None:
        super().__init__(f"{stream}: expected version {expected}, found {found}")
        self.stream = stream
        self.expected = expected
        self.found = found


class DuplicateEvent(StoreError):
    """The log holds an event of this id already."""

    def __init__(self, id: str) -> None:
        super().__init__(f"the log holds event {id} already")
        self.id = id


class NewerLog(StoreError):
    """The log holds an event that only a newer version of groupcore knows; to decide without it would be wrong."""

    def __init__(self, position: int, type: str, schema: int) -> None:
        super().__init__(
            f"event {position} is of the type {type}, schema {schema}, which this version of groupcore does not know: "
            "a newer version writes to this log. Update groupcore to write to it; replay, verify, explain and log go on"
        )
        self.position = position
        self.type = type
        self.schema = schema


class StoreLocked(StoreError):
    """Another process is writing to the log, or held it for too long."""
