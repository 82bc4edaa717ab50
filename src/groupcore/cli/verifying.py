"""``groupcore verify``: proof that a log is whole, and that each verdict follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import attrs
import typer
from attrs import frozen

from groupcore.checkpoints import Checkpoint
from groupcore.cli.checkpointing import PublicKeyFile, PublishedDigest, checkpoint_in, public_key_of, told_unproven
from groupcore.cli.guard import WRONG
from groupcore.cli.options import FormatName, LogName, note_newer, open_log, shown
from groupcore.cli.output import Printer, Progress, chosen, note
from groupcore.cli.pieces import counted, plain
from groupcore.cli.unread import note_unread
from groupcore.errors import CorruptLog, InputError
from groupcore.events import Row
from groupcore.replay import Divergence, Report, verify_store

app = typer.Typer(rich_markup_mode=None, add_completion=False)

COUNTS = ("events", "facts", "judged", "verdicts", "not_reread", "skipped", "trusted", "erased", "unsaid")
COLUMNS = ("clean", *COUNTS, "divergence")


@app.command("verify", short_help="Prove that a log is whole and its verdicts follow.")
def verify_log(
    log: LogName,
    since: Annotated[
        Path | None,
        typer.Option("--from", metavar="CHECKPOINT", help="Trust what stands before this checkpoint, and go on there."),
    ] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            "--against", metavar="CHECKPOINT", help="LOG has to be the one that this was taken of; repeatable."
        ),
    ] = None,
    public_key: PublicKeyFile = None,
    digest: PublishedDigest = None,
    format: FormatName = None,
) -> None:
    """Decide a log again, and compare.

    Digests, versions and order hold, and each recorded verdict follows from the facts and the rulebook in
    force. Prints the counts; or the first divergence, with exit code 1. A checkpoint that was kept elsewhere also
    shows whether the end of the log was cut off, or the log was written anew.

    \b
    groupcore verify community.db
    groupcore verify community.db --against monday.json --public-key key.pub
    groupcore verify community.db --from monday.json --public-key key.pub
    """
    held = _held([*([since] if since is not None else []), *(against or [])], public_key, digest)
    trusted = held[0].found if since is not None else None
    report = verified(log, trusted, [each.found for each in held])
    words = _in_words(report, held)
    record = {**as_record(report), **({"checkpoints": [each.record() for each in held]} if held else {})}
    Printer[Report](chosen(format), words=lambda _: words, record=lambda _: record, columns=COLUMNS).put(report)
    if not report.clean:
        raise typer.Exit(WRONG)


@frozen
class Held:
    """A checkpoint that a log is held against, and what proves it: "signature", "digest" or None."""

    found: Checkpoint
    proof: str | None

    def record(self) -> dict[str, Any]:
        """The checkpoint for programs."""
        found = self.found
        return {"position": found.position, "at": found.at, "digest": found.digest, "proof": self.proof}


def _held(paths: list[Path], public_key: Path | None, digest: str | None) -> list[Held]:
    key = public_key_of(public_key)
    if digest is not None and len(paths) != 1:
        raise InputError("--digest is that of one checkpoint; name one, with --from or --against")
    if public_key is not None and not paths:
        raise InputError("--public-key checks a checkpoint; name one, with --from or --against")
    held = []
    for path in paths:
        found = checkpoint_in(path, key, digest)
        if key is None and digest is None:
            told_unproven(path, found)
        held.append(Held(found, "signature" if key is not None else "digest" if digest is not None else None))
    return held


def verified(log: str, since: Checkpoint | None = None, against: Iterable[Checkpoint] = ()) -> Report:
    """What `verify` says of the log of that name; an event that cannot even be read is a divergence, too."""
    try:
        with open_log(log) as store:
            report = verify_store(store, since=since, against=against, watched=_counted)
            if report.clean and store.repaired:
                note(f"groupcore: {shown(log)}: {store.repaired}")
            note_newer(log, report.skipped)
            note_unread(log)
            if report.clean and not report.events:
                note(f"groupcore: {shown(log)} holds 0 events: there was nothing to verify")
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


def _in_words(report: Report, held: list[Held]) -> str:
    found = report.divergence
    if found is not None:
        where = f" ({plain(found.stream)} version {found.version})" if found.stream else ""
        return f"diverges at event {found.position}{where}: {plain(found.problem)}"
    lines = [f"clean: {in_counts(report)}"]
    if report.trusted:
        lines.append(
            f"trusted: events 1 to {report.trusted:,}. Their heads and their order are those of the checkpoint; "
            "their digests were not worked out, and their verdicts not decided again"
        )
    lines += [f"holds the checkpoint {each.found}, {_PROVED[each.proof]}" for each in held]
    return "\n".join(lines)


_PROVED = {
    "signature": "which is signed with that key",
    "digest": "which is the one that was published",
    None: "which nothing proves but where it was kept",
}


def in_counts(report: Report) -> str:
    """The counts of a report, in words."""
    trusted = f" ({report.trusted:,} trusted)" if report.trusted else ""
    events, facts = counted(report.events, "event"), counted(report.facts, "fact")
    said = f"{events}{trusted}, {facts} ({report.judged:,} judged)"
    more = [
        f"{count:,} {words}"
        for count, words in (
            (report.erased, "erased"),
            (report.unsaid, "of these without an event that says so"),
            (report.not_reread, "messages not read again"),
            (report.skipped, "of a newer version"),
        )
        if count
    ]
    follow = "1 verdict follows" if report.verdicts == 1 else f"{report.verdicts:,} verdicts follow"
    return ", ".join([said, follow, *more])
