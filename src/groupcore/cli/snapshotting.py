"""``groupcore log snapshots``: what is kept beside a log so that it need not be read from its beginning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer
from attrs import asdict, frozen

from groupcore.cli.guard import WRONG
from groupcore.cli.options import FormatName, LogName, open_log, refuse_stdin, shown
from groupcore.cli.output import Format, Progress, chosen, note, print_records
from groupcore.clock import format_instant
from groupcore.engine.eras import Eras
from groupcore.engine.ledger import Keeping, Ledger
from groupcore.engine.snapshots import Snapshots
from groupcore.errors import InputError
from groupcore.events import Row, event_of
from groupcore.events.base import ORG
from groupcore.state import Org
from groupcore.state.fold import advance_org
from groupcore.state.image import stamp
from groupcore.stores import Store, open_store
from groupcore.stores.shelf import Snapshot

COLUMNS = ("stream", "version", "behind", "position", "at", "bytes", "fits", "because")
IN_MEMORY = 100  # groups at a time, while snapshots are taken


def snapshots(
    log: LogName,
    take: Annotated[
        bool, typer.Option("--take", help="Take one of each stream that has moved on since its last.")
    ] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Throw all of them away.")] = False,
    format: FormatName = None,
) -> None:
    """List the snapshots beside a log: how old, how large, and whether they are taken up by this version of groupcore.

    The log is whole without them: what does not fit is read from its beginning. The log itself is never changed.

    \b
    groupcore log snapshots community.db
    groupcore log snapshots community.db --take
    """
    if take and drop:
        raise InputError("--take and --drop are two wishes; give one of them")
    if drop:
        _drop(log)
        return
    if take:
        _take(log)
    with open_log(log) as store:
        found, heads = list(listed(store)), store.heads()
    _print(found, log, len(heads), chosen(format))
    if take and heads.keys() - {each.stream for each in found if each.fits}:
        note("groupcore: some could not be kept; can the place be written to, and is nobody else writing there?")
        raise typer.Exit(WRONG)


def _drop(log: str) -> None:
    refuse_stdin(log)
    with open_store(log, create=False) as store:
        count = store.shelf.clear()
    note(
        f"groupcore: {count:,} snapshot{'' if count == 1 else 's'} of {shown(log)} {'is' if count == 1 else 'are'} gone"
    )


def _take(log: str) -> None:
    """Read every group as a moderator does, which keeps those that have moved on."""
    refuse_stdin(log)
    with open_store(log, create=False) as store:
        groups = [stream.removeprefix("group/") for stream in store.heads() if stream != ORG]
        ledger, progress = Ledger(store, Keeping(every=1, most=IN_MEMORY)), Progress()
        for number, group in enumerate(groups, 1):
            progress.show(lambda: f"{number:,} of {len(groups):,} groups")  # noqa: B023
            ledger.load(group)
            ledger.trim()
        progress.clear()


@frozen
class Listed:
    """A snapshot, the event that it was taken after, and whether it can be taken up; ``because`` says why not."""

    stream: str
    version: int
    behind: int
    position: int | None
    at: int | None
    bytes: int
    fits: bool
    because: str


def listed(store: Store) -> Iterator[Listed]:
    """The snapshots beside a log, by stream. Each is taken up, to see whether that can be done."""
    eras, heads = _eras(store), store.heads()
    for stream in sorted({label.stream for label in store.shelf.labels()}):
        kept = store.shelf.get(stream)
        if kept is None:  # it has gone meanwhile
            continue
        row = next(iter(store.read_stream(kept.stream, kept.version - 1)), None)
        because = _why_not(store, kept, row, eras)
        behind = heads[kept.stream].version - kept.version if kept.stream in heads else 0
        position, at = (row.position, row.at) if row is not None else (None, None)
        yield Listed(kept.stream, kept.version, behind, position, at, len(kept.body), not because, because)


def _why_not(store: Store, kept: Snapshot, row: Row | None, eras: Eras) -> str:
    """Why a snapshot is not taken up; "" where it is."""
    if not kept.is_whole:
        return "it is damaged"
    if kept.stamp != stamp():
        return "another version of groupcore made it"
    if row is None or row.digest != kept.digest:
        return "it is of another log, or of one that was cut"
    beside = Snapshots(store)
    taken = beside.org() if kept.stream == ORG else beside.group(kept.stream.removeprefix("group/"), eras)
    return "" if taken is not None else "another rulebook was in force, or it cannot be read"


def _eras(store: Store) -> Eras:
    org, eras = Org(), Eras()
    for row in store.read_stream(ORG):
        advance_org(org, event_of(row))
        eras.note(row.position, org)
    return eras


def _print(found: list[Listed], log: str, streams: int, format: Format) -> None:
    records = [asdict(each) for each in found]
    if format is Format.table:
        records = [record | {"at": format_instant(record["at"]) if record["at"] else ""} for record in records]
    if records or format is not Format.table:
        print_records(format, COLUMNS, records)
    fit = sum(each.fits for each in found)
    note(f"groupcore: {shown(log)}: {len(found):,} snapshots of {streams:,} streams, {fit:,} of them fit")
