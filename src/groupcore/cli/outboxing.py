"""``groupcore outbox``: the actions that a log asks for, handed to whoever carries them out."""

from __future__ import annotations

import time
from enum import StrEnum
from typing import Annotated, Any

import attrs
import typer

from groupcore.cli.guard import WRONG
from groupcore.cli.options import FormatName, LogName, open_log, refuse_a_dash
from groupcore.cli.output import Record, chosen, note, print_records
from groupcore.cli.pieces import plain
from groupcore.clock import duration
from groupcore.errors import InputError
from groupcore.outbox import Entry, Outbox

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Actions, handed out until they are done."
)

BoxName = Annotated[str, typer.Argument(metavar="BOX", help="The outbox, an SQLite file.")]
EntryId = Annotated[str, typer.Argument(metavar="ID", help="The entry: its id, or its number.")]
Token = Annotated[str, typer.Argument(metavar="TOKEN", help="The token of the lease, as claim gave it.")]
COLUMNS = ("number", "id", "do", "group", "member", "message", "state", "attempts", "error")


class Fate(StrEnum):
    """The states of an entry."""

    waiting = "waiting"
    leased = "leased"
    done = "done"
    gave_up = "gave-up"
    skipped = "skipped"


def _now() -> int:
    return time.time_ns() // 1000


def _record(entry: Entry) -> Record:
    plain: dict[str, Any] = attrs.asdict(entry)
    action = plain.pop("action")
    return {"number": plain.pop("number"), "id": plain.pop("id"), **action, **plain}


@app.command(short_help="Take in what a log asks for.")
def take(
    log: LogName,
    box: BoxName,
    after: Annotated[
        int | None, typer.Option(help="Begin behind this position, the first time; at the end unless given.", min=0)
    ] = None,
    stale: Annotated[
        str, typer.Option(help="Skip what happened longer ago: of an import or a replay; or never.")
    ] = "1d",
    format: FormatName = None,
) -> None:
    """Take in what LOG asks for since the last time; the first time nothing, unless --after says otherwise.

    \b
    groupcore outbox take community.db outbox.db
    """
    refuse_a_dash(box)
    with open_log(log) as store, Outbox(box, stale=None if stale == "never" else duration(stale)) as outbox:
        outbox.begin(store, after)
        outbox.catch_up(store, _now())
        print_records(chosen(format), ("position", "entries"), [_counted(outbox)])


def _counted(outbox: Outbox) -> Record:
    return {"position": outbox.position, "entries": outbox.counts()}


@app.command("list", short_help="Print the entries.")
def list_(
    box: BoxName,
    state: Annotated[Fate | None, typer.Option(help="Only entries of this state.")] = None,
    member: Annotated[str | None, typer.Option("--member", "-m", help="Only entries about this member.")] = None,
    after: Annotated[int, typer.Option(help="Only entries behind this number.", min=0)] = 0,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 1000,
    format: FormatName = None,
) -> None:
    """Print the entries of BOX and what became of them.

    \b
    groupcore outbox list outbox.db --state gave-up
    """
    with Outbox(box, read_only=True) as outbox:
        found = outbox.entries(state.value if state is not None else None, member=member, after=after, limit=limit)
    print_records(chosen(format), COLUMNS, map(_record, found))


@app.command(short_help="Have entries to carry out.")
def claim(
    box: BoxName,
    worker: Annotated[str, typer.Option(help="Who carries them out.")],
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 1,
    lease: Annotated[str, typer.Option(help="How long until somebody else may have them.")] = "1m",
    format: FormatName = None,
) -> None:
    """Claim what is due. Say done or fail for each, with its token; when the lease is over, silence is failure.

    \b
    groupcore outbox claim outbox.db --worker bot1 --limit 10
    """
    if not worker:
        raise InputError("--worker is empty; name who carries the entries out")
    with Outbox(box, create=False) as outbox:
        found = outbox.claim(worker, _now(), limit=limit, lease=duration(lease))
    print_records(chosen(format), (*COLUMNS[:6], "attempts", "token"), map(_record, found))


@app.command(short_help="Acknowledge an entry.")
def done(box: BoxName, id: EntryId, token: Token) -> None:
    """Say that an entry was carried out. Exit code 1: the lease was over, and somebody else had it."""
    with Outbox(box, create=False) as outbox:
        entry = _entry(outbox, id)
        if not outbox.acknowledge(attrs.evolve(entry, token=token), _now()):
            _lost(entry)


@app.command(short_help="Say that an entry failed.")
def fail(
    box: BoxName,
    id: EntryId,
    token: Token,
    error: Annotated[str, typer.Option(help="What went wrong.")] = "failed",
) -> None:
    """Say that an entry could not be carried out; it is tried again later, or given up. Exit code 1: as for done."""
    with Outbox(box, create=False) as outbox:
        entry = _entry(outbox, id)
        fate = outbox.fail(attrs.evolve(entry, token=token), error, _now())
        if fate is None:
            _lost(entry)
        note(f"groupcore: {plain(entry.id)} is {fate} now")


@app.command(short_help="Try an entry again that was given up or skipped.")
def requeue(
    box: BoxName,
    id: EntryId,
    force: Annotated[bool, typer.Option("--force", help="Even after later ones about the same member.")] = False,
) -> None:
    """Queue an entry anew that was given up or skipped."""
    with Outbox(box, create=False) as outbox:
        outbox.requeue(_entry(outbox, id).id, _now(), force=force)


@app.command(short_help="Do not carry out an entry.")
def skip(
    box: BoxName,
    id: EntryId,
    reason: Annotated[str, typer.Option(help="Why not.")] = "skipped by hand",
) -> None:
    """Do not hand out an entry that waits, or that was given up."""
    with Outbox(box, create=False) as outbox:
        outbox.skip(_entry(outbox, id).id, reason, _now())


def _entry(outbox: Outbox, id: str) -> Entry:
    """The entry of that id; or of that number, since that is what people see first."""
    entry = outbox.entry(id)
    number = id.removeprefix("#")
    if entry is None and number.isascii() and number.isdigit() and int(number) < 1 << 63:
        found = outbox.entries(after=int(number) - 1, limit=1)
        entry = next((each for each in found if each.number == int(number)), None)
    if entry is None:
        raise InputError(f"there is no entry {id}; write an id or a number, as outbox list shows them")
    return entry


def _lost(entry: Entry) -> None:
    note(f"groupcore: {plain(entry.id)} is held by that token no longer")
    raise typer.Exit(WRONG)
