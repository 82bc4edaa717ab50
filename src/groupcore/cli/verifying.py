"""``groupcore verify``: proof that a log is whole, and that each verdict follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import typer

from groupcore.cli.guard import WRONG
from groupcore.cli.options import FormatName, LogName, open_log, shown
from groupcore.cli.output import Printer, Progress, chosen, note
from groupcore.cli.words import plain
from groupcore.errors import CorruptLog
from groupcore.events import Row
from groupcore.replay import Divergence, Report, verify

app = typer.Typer(rich_markup_mode=None, add_completion=False)

COUNTS = ("events", "facts", "judged", "verdicts", "not_reread", "skipped")
COLUMNS = ("clean", *COUNTS, "divergence")


@app.command("verify", short_help="Prove that a log is whole and its verdicts follow.")
def verify_log(log: LogName, format: FormatName = None) -> None:
    """Decide a log again, and compare.

    Digests, versions and order hold, and each recorded verdict follows from the facts and the rulebook in
    force. Prints the counts; or the first divergence, with exit code 1.

    \b
    groupcore verify community.db
    """
    report = verified(log)
    Printer(chosen(format), words=_in_words, record=as_record, columns=COLUMNS).put(report)
    if not report.clean:
        raise typer.Exit(WRONG)


def verified(log: str) -> Report:
    """What `verify` says of the log of that name; an event that cannot even be read is a divergence, too."""
    try:
        with open_log(log) as store:
            report = verify(_counted(store.read()))
            if report.clean and store.repaired:
                note(f"groupcore: {shown(log)}: {store.repaired}")
            return report
    except CorruptLog as error:
        return Report(divergence=Divergence(error.position, "", 0, error.problem))


def _counted(rows: Iterable[Row]) -> Iterator[Row]:
    progress = Progress()
    for count, row in enumerate(rows, 1):
        if not count % 1024:
            progress.show(lambda seen=count: f"{seen:,} events, {seen / progress.seconds:,.0f} a second")  # type: ignore[misc]
        yield row
    progress.clear()


def as_record(report: Report) -> dict[str, Any]:
    """A report for programs: the counts, the first divergence or null, and the heads of the streams."""
    found = report.divergence
    return {
        "clean": report.clean,
        **{name: getattr(report, name) for name in COUNTS},
        "divergence": attrs.asdict(found) if found is not None else None,
        "heads": {stream: head._asdict() for stream, head in report.heads.items()},
    }


def _in_words(report: Report) -> str:
    found = report.divergence
    if found is None:
        return f"clean: {in_counts(report)}"
    where = f" ({plain(found.stream)} version {found.version})" if found.stream else ""
    return f"diverges at event {found.position}{where}: {plain(found.problem)}"


def in_counts(report: Report) -> str:
    """The counts of a report, in words."""
    said = f"{report.events:,} events, {report.facts:,} facts ({report.judged:,} judged)"
    more = [
        f"{count:,} {words}"
        for count, words in (
            (report.not_reread, "messages not read again"),
            (report.skipped, "of a newer version"),
        )
        if count
    ]
    return ", ".join([said, f"{report.verdicts:,} verdicts follow", *more])
