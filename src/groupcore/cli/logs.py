"""``groupcore log``: what is in a log, copies of it, and where it stood."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Annotated, Any

import typer

from groupcore.cli import checkpointing, copying, erasing, snapshotting
from groupcore.cli.contents import Contents
from groupcore.cli.options import FormatName, LogName, note_newer, open_log, shown
from groupcore.cli.output import (
    Format,
    Printer,
    Record,
    chosen,
    json_line,
    note,
    padded,
    print_records,
    put,
    write,
)
from groupcore.cli.pieces import plain
from groupcore.cli.unread import note_unread
from groupcore.cli.words import told
from groupcore.clock import format_instant
from groupcore.errors import InputError
from groupcore.events import Fact, Row, decode, event_types, to_wire, write_row
from groupcore.wire import did_you_mean, dumps, loads

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="What is in a log; copies and checkpoints."
)

ENVELOPE = ("position", "stream", "version", "id", "type", "at", "group", "cause", "judged", "data")


@app.command(short_help="Count what is in it.")
def info(log: LogName, format: FormatName = None) -> None:
    """Count what is in a log: events by type, groups, members, time, rulebooks, and where each stream ends.

    \b
    groupcore log info community.db
    """
    with open_log(log) as store:
        contents = Contents.of(store, log)
        note_newer(log, contents.newer)
        if store.repaired:
            note(f"groupcore: {shown(log)}: {store.repaired}")
    note_unread(log)
    if chosen(format) is Format.jsonl:
        put(json_line(contents.to_mapping()))
    else:
        print_records(chosen(format), ("what", "name", "value"), contents.records())


@app.command(short_help="Print its events.")
def cat(
    log: LogName,
    after: Annotated[int, typer.Option(help="Only events behind this position.", min=0)] = 0,
    stream: Annotated[str | None, typer.Option(help="Only events of this stream: org, group/g1.")] = None,
    type: Annotated[str | None, typer.Option(help="Only events of this type, such as member-warned.")] = None,
    group: Annotated[str | None, typer.Option(help="Only events of this group.")] = None,
    facts: Annotated[
        bool, typer.Option("--facts", help="Only facts; as JSON Lines in the form that import facts reads.")
    ] = False,
    format: FormatName = None,
) -> None:
    """Print the events of a log, as a JSON Lines log has them.

    \b
    groupcore log cat community.db --type member-kicked
    groupcore log cat community.db > copy.jsonl
    groupcore log cat old.db --facts | groupcore import facts - new.db
    """
    show, shown_any = _shower(chosen(format), facts), False
    with open_log(log) as store:
        for row in store.read(after) if stream is None else store.read_stream(stream):
            if _is_wanted(row, after, type, group, facts):
                show(row)
                shown_any = True
        if not shown_any:
            _note_absent(log, store.heads(), stream, group)
    if type is not None and type not in event_types() and not shown_any:  # a newer version may know more types
        raise InputError(f"there is no event type {type!r} ({did_you_mean(type, event_types())})")


def _note_absent(log: str, heads: Collection[str], stream: str | None, group: str | None) -> None:
    """Tell where nothing was printed because the log has no such stream or group."""
    groups = [name.removeprefix("group/") for name in heads if name.startswith("group/")]
    for what, asked, known in (("stream", stream, heads), ("group", group, groups)):
        if asked is not None and asked not in known:
            near = did_you_mean(asked, known)
            hint = f" ({near})" if near.startswith("did you mean") else ""
            note(plain(f"groupcore: {shown(log)} has no {what} {asked!r}{hint}"))


def _is_wanted(row: Row, after: int, type: str | None, group: str | None, facts: bool) -> bool:
    if row.position <= after or (facts and row.cause is not None):
        return False
    return (type is None or row.type == type) and (group is None or row.group == group)


def _shower(format: Format, facts: bool) -> Callable[[Row], None]:
    """What prints one row."""
    if format is Format.jsonl:
        return _put_fact if facts else _put_row
    return Printer(format, words=_in_words, record=_record, columns=ENVELOPE).put


def _put_row(row: Row) -> None:
    write(write_row(row) + b"\n")


def _put_fact(row: Row) -> None:
    """A line for ``import facts``, with the identity that the fact has."""
    fact = decode(row).event
    if isinstance(fact, Fact):
        more = {"resolution": fact.resolution, "source": fact.source}
        defaults = ("us", "")
        put(json_line(to_wire(fact) | {key: value for key, value in more.items() if value not in defaults}))


def _in_words(row: Row) -> str:
    group = padded(plain(row.group or ""), 16)
    return f"{row.position:>7} {format_instant(row.at):<27} {group} {row.type:<17} {told(decode(row).event)}"


def _record(row: Row) -> Record:
    line: dict[str, Any] = loads(write_row(row))
    return {key: line.get(key) for key in ENVELOPE[:-1]} | {"data": dumps(line["data"]).decode()}


app.command("copy", short_help="Copy it to another store.")(copying.copy_log)
app.command("snapshots", short_help="What is kept to read it faster.")(snapshotting.snapshots)
app.command("checkpoint", short_help="Note down where it stands.")(checkpointing.checkpoint)
app.command("anchor", short_help="Print the digest of a checkpoint.")(checkpointing.anchor)
app.command("keygen", short_help="Make keys to sign checkpoints with.")(checkpointing.keygen)
app.command("erase", short_help="Erase what a person wrote.")(erasing.erase)
app.command("export", short_help="Print all that is held about a person.")(erasing.export_person)
