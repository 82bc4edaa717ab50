"""``groupcore import``: archives of other programs into a log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import attrs
import typer

from groupcore.cli.guard import WRONG, Interrupted
from groupcore.cli.options import refuse_stdin, shown
from groupcore.cli.output import Progress, note
from groupcore.cli.pieces import plain
from groupcore.errors import InputError
from groupcore.importers import BadLine, Importer, ImportReport, Source, import_into, importer, importer_class
from groupcore.stores import open_store

app = typer.Typer(rich_markup_mode=None, add_completion=False)

TOLD = 20
"""How many faults are told on standard error; `--faults` keeps them all."""


@app.command("import", short_help="Take an archive into a log.")
def import_archive(
    format: Annotated[str, typer.Argument(metavar="FORMAT", help="What the archive is: facts, irc, gitter.")],
    src: Annotated[str, typer.Argument(metavar="SRC", help="A file, directory or tar, compressed or not; or '-'.")],
    log: Annotated[str, typer.Argument(metavar="LOG", help="The log to add to; made if it is not there.")],
    zone: Annotated[str, typer.Option(help="irc: the zone of the logs' clock: UTC, +08:00, Europe/Berlin.")] = "",
    group: Annotated[str, typer.Option(help="irc: the channel, where neither names nor lines tell it.")] = "",
    date: Annotated[str, typer.Option(help="irc: the day of logs whose names have none: 2004-11-15.")] = "",
    dialect: Annotated[str, typer.Option(help="irc: ubuntu, irssi or znc; else it is found out.")] = "",
    bots: Annotated[str, typer.Option(help="irc: nicks of bots, with commas.")] = "",
    bridges: Annotated[str, typer.Option(help="irc: nicks of bots that relay what others say, with commas.")] = "",
    feed: Annotated[str, typer.Option(help="irc, gitter: a name that tells two networks in one log apart.")] = "",
    source: Annotated[str, typer.Option(help="facts: platform and feed, for lines that name none.")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first line that cannot be taken.")] = False,
    faults: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every line that cannot be taken to this file.")
    ] = None,
) -> None:
    """Take the facts of an archive into a log, unjudged. Importing twice adds nothing.

    Lines that cannot be taken are told with file, number and reason; the exit code is 1 then. Stopped with
    Ctrl-C, what was acknowledged stays: run it again to complete it.

    \b
    groupcore import facts facts.jsonl community.db
    groupcore import irc ubuntu-irc.tar.xz ubuntu.db --zone UTC
    groupcore import gitter messages.jsonl.gz gitter.db
    """
    given = {
        "zone": zone, "group": group, "date": date, "dialect": dialect, "bots": bots, "bridges": bridges,
        "feed": feed, "source": source,
    }  # fmt: skip
    reader = _importer(format, {name: value for name, value in given.items() if value})
    refuse_stdin(log)
    origin = Source(src)
    with _kept(faults) as keep:
        clerk = Clerk(origin, log, keep)
        report = clerk.run(reader, strict)
    clerk.sum_up(report)
    if not report.clean:
        raise typer.Exit(WRONG)


def _importer(format: str, options: dict[str, Any]) -> Importer:
    """The importer with its options; one that it does not have is named as it was written."""
    cls: Any = importer_class(format)
    fields = [field.name for field in attrs.fields(cls) if field.init]
    for name in options:
        if name not in fields:
            known = ", ".join(f"--{field}" for field in fields) or "none"
            raise InputError(f"the format {format} has no option --{name} (it has {known})")
    return importer(format, **options)


@contextmanager
def _kept(path: Path | None) -> Iterator[Any]:
    """Where faults are kept, or None."""
    if path is None:
        yield None
        return
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        yield file


class Clerk:
    """Runs one import and tells how it goes."""

    def __init__(self, origin: Source, log: str, keep: Any) -> None:
        self._origin = origin
        self._log = log
        self._keep = keep
        self._told = 0
        self._progress = Progress()
        self._report = ImportReport()

    def run(self, reader: Importer, strict: bool) -> ImportReport:
        """Import, and report; raises Interrupted at Ctrl-C."""
        try:
            with open_store(self._log) as store:
                items = reader.facts(self._origin)
                return import_into(store, items, strict=strict, progress=self._show, on_fault=self._fault)
        except KeyboardInterrupt:
            kept = f"{self._report.facts:,} facts were taken and stay in {shown(self._log)}"
            raise Interrupted(f"interrupted: {kept}; run it again to complete it") from None

    def _show(self, report: ImportReport) -> None:
        self._report = report
        self._progress.show(self._so_far)

    def _so_far(self) -> str:
        facts, total = self._report.facts, self._origin.total
        share = f"{self._origin.done / total:.0%}, " if total else ""
        return f"{facts:,} facts, {share}{facts / self._progress.seconds:,.0f} a second"

    def _fault(self, fault: BadLine) -> None:
        if self._keep is not None:
            self._keep.write(f"{fault}\n")
        self._told += 1
        if self._told <= TOLD:
            note(plain(str(fault)))

    def sum_up(self, report: ImportReport) -> None:
        """Say what came of it, on standard error."""
        if self._told > TOLD:
            hint = "" if self._keep else "; --faults FILE keeps them all"
            note(f"... and {self._told - TOLD:,} more faults{hint}")
        counts = [
            (report.added, "added"),
            (report.repeated, "known before"),
            (report.conflicts, "in conflict with what is there"),
        ]
        note(
            f"{report.facts:,} {'fact' if report.facts == 1 else 'facts'}: "
            + ", ".join(f"{count:,} {word}" for count, word in counts if count or word == "added")
        )
        if report.skipped:
            reasons = ", ".join(f"{count:,} {plain(reason)}" for reason, count in report.skipped.most_common())
            total = report.skipped.total()
            note(f"{total:,} {'line' if total == 1 else 'lines'} without a fact: {reasons}")
        self._sum_up_remarks(report)
        if report.fault_count:
            lines = f"{report.fault_count:,} line{'' if report.fault_count == 1 else 's'} could not be taken"
            note(f"{lines}; stopped there" if report.stopped else lines)

    def _sum_up_remarks(self, report: ImportReport) -> None:
        for odd in report.odd[:TOLD]:
            count = report.remarks[odd.remark]
            note(plain(f"warning: {odd}" + (f", on {count:,} lines in all" if count > 1 else "")))
        if len(report.odd) > TOLD:
            note(f"... and {len(report.odd) - TOLD:,} more warnings")
