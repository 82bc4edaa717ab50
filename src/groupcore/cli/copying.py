"""``groupcore log copy``: a log into another store."""

from __future__ import annotations

import os
from typing import Annotated, Any

import attrs
import typer

from groupcore.cli.guard import Interrupted
from groupcore.cli.options import FormatName, LogName, note_clear, open_log, refuse_stdin, shown
from groupcore.cli.output import Printer, Progress, chosen, note
from groupcore.cli.unread import file_of, note_unread
from groupcore.copying import Copied, copy
from groupcore.errors import StoreError
from groupcore.stores import Store, open_store

BAR = 30  # cells


def copy_log(
    source: LogName,
    target: Annotated[str, typer.Argument(metavar="TARGET", help="Where to; made if it is not there.")],
    format: FormatName = None,
) -> None:
    """Copy a log to any other store, event for event, and check it on the way.

    What is there already is compared; a target that holds another log is refused, and the first event that
    differs is named. Stopped with Ctrl-C or otherwise, run it again: it goes on. What was erased in LOG since is
    erased in TARGET, too.

    \b
    groupcore log copy community.db postgresql://bot@db.example.com/community
    groupcore log copy community.db backup.jsonl
    """
    refuse_stdin(target)
    if target == "memory:":
        raise StoreError("a copy in memory is gone as soon as it is made; name a file or a server")
    if os.path.exists(file_of(target)) and os.path.samefile(file_of(source), file_of(target)):
        raise StoreError(f"{shown(target)} is the log that is copied; name another place")
    with open_log(source) as log:
        copied = _copied(log, target)
        withheld = log.withholds
        if log.repaired:
            note(f"groupcore: {shown(source)}: {log.repaired}")
    if withheld:
        note(f"groupcore: what is under keys in {shown(source)} is not in {shown(target)}: keys=none reads without it")
    else:
        note_clear(source, target)
    note_unread(source)
    if copied.ahead:
        note(f"groupcore: {shown(source)} has gained {copied.ahead:,} events meanwhile; run it again to copy them")
    Printer(chosen(format), words=_in_words, record=_record, columns=list(attrs.fields_dict(Copied))).put(copied)


def _copied(log: Store, target: str) -> Copied:
    bar = Bar()
    try:
        with open_store(target) as there:
            return copy(log, there, progress=bar.show)
    except KeyboardInterrupt:
        kept = f"{bar.done:,} of {bar.total:,} events are in {shown(target)}" if bar.total else "nothing was copied yet"
        raise Interrupted(f"interrupted: {kept}; run it again to complete it") from None
    finally:
        Progress.clear()


class Bar:
    """How far it is, as a bar, on a terminal."""

    def __init__(self) -> None:
        self.done = self.total = 0
        self._progress = Progress()

    def show(self, done: int, total: int) -> None:
        """Show that *done* of *total* events are dealt with."""
        self.done, self.total = done, total
        self._progress.show(self._line)

    def _line(self) -> str:
        filled = "#" * (BAR * self.done // max(self.total, 1))
        speed = self.done / self._progress.seconds
        return f"[{filled:.<{BAR}}] {self.done / max(self.total, 1):.0%}, {self.done:,} events, {speed:,.0f} a second"


def _record(copied: Copied) -> dict[str, Any]:
    return attrs.asdict(copied)


def _in_words(copied: Copied) -> str:
    erased = f", {copied.erased:,} erased" if copied.erased else ""
    return f"the same log: {copied.events:,} events, {copied.added:,} of them copied now{erased}"
