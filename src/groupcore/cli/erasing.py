"""``groupcore log erase`` and ``groupcore log export``: what a log holds of a person, taken out, or handed to them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from groupcore.cli.options import FormatName, LogName, open_log, refuse_stdin, shown
from groupcore.cli.output import chosen, note, print_records, put
from groupcore.clock import instant
from groupcore.commands import EraseText, HeldText
from groupcore.decider import decide
from groupcore.engine import Moderator
from groupcore.errors import InputError
from groupcore.events import Fact, RulebookAdopted, decode
from groupcore.events.base import ORG
from groupcore.privacy import (
    Erased,
    export,
    finish,
    forget_textless,
    held_in_message,
    held_of,
    open_orders,
    record_unjudged,
)
from groupcore.state import State, advance
from groupcore.stores import Store, open_store
from groupcore.wire import dumps

COLUMNS = ("group", "events")

Person = Annotated[str | None, typer.Option("--person", metavar="ID", help="All that is held of this person.")]


def erase(
    log: LogName,
    person: Person = None,
    message: Annotated[str | None, typer.Option("--message", metavar="ID", help="One message, and its edits.")] = None,
    group: Annotated[str | None, typer.Option("--group", help="The group that the message was posted in.")] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="ID", help="Who wants it; the operator of the log, unless given.")
    ] = None,
    reason: Annotated[str, typer.Option(help="A short code that stays in the log, such as request.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say from how many events text would go.")] = False,
    format: FormatName = None,
) -> None:
    """Erase private text from a log, for good.

    Text, names and reasons go, and their salts, out of the file of the log to the last byte; digests stay, so that
    the log verifies as before, and two events say that text was erased. What others quoted is not found: name such a
    message. Without a person or a message, an erasure that was stopped in the middle is finished.

    \b
    groupcore log erase community.db --person amy --reason request --dry-run
    groupcore log erase community.db --person amy --reason request
    groupcore log erase community.db --message m1 --group g1 --by lin
    """
    refuse_stdin(log)
    _check(person, message, group)
    with open_log(log) if dry_run else open_store(log, create=False) as store:
        held = _held(store, person, message, group)
        if dry_run:
            note(f"groupcore: {shown(log)}: nothing was erased; this is what would be")
        else:
            wish = EraseText(at=_now(), member=person, held=tuple(held), by=by, reason=reason)
            done = _carry_out(store, wish, person)
            none = "no erasure was left open" if person is message is None else "there was nothing to erase"
            note(f"groupcore: {shown(log)}: {_said(done, none)}")
    records = [{"group": one.group or ORG, "events": len(one.events)} for one in held if one.events]
    print_records(chosen(format), COLUMNS, records)


def _check(person: str | None, message: str | None, group: str | None) -> None:
    if "" in (person, message, group):
        raise InputError("a name is empty; write whose text is to go, or which message of which group")
    if person is not None and message is not None:
        raise InputError("name a person or a message, not both")
    if (message is None) != (group is None):
        raise InputError("a message is named with its group: --message m1 --group g1")


def _held(store: Store, person: str | None, message: str | None, group: str | None) -> list[HeldText]:
    if person is not None:
        return held_of(store, person)
    return [held_in_message(store, group, message)] if message is not None and group is not None else []


def _carry_out(store: Store, wish: EraseText, person: str | None) -> Erased:
    """Finish what was left open, then order what is wanted, and carry that out."""
    left = finish(store, [row.id for row in open_orders(store)], wish.at)
    if person is None and not wish.held:
        return left
    ids = [fact.id for fact in _ordered(store, wish)]
    done = finish(store, ids, wish.at)
    if person is not None and not ids and wish.by in (None, person):
        done = Erased(forgotten=forget_textless(store, person))
    return Erased((*left.orders, *done.orders), left.events + done.events, left.forgotten or done.forgotten)


def _ordered(store: Store, wish: EraseText) -> Sequence[Fact]:
    """The orders in the log: judged by the rules that it adopted, and as an import has them where it adopted none."""
    if any(row.type == RulebookAdopted.type for row in store.read_stream(ORG)):
        return [verdict.fact for verdict in Moderator(store).execute(wish)]
    state = State()
    for row in store.read() if wish.by is not None else ():
        advance(state, decode(row).event)
    orders = decide(wish, state)
    record_unjudged(store, orders, wish.at)
    return orders


def _said(done: Erased, none: str) -> str:
    texts = f"text erased from {done.events} event{'' if done.events == 1 else 's'}"
    key = ", and the key is forgotten" if done.forgotten else ""
    return f"{texts if done.orders else none}{key}"


def export_person(
    log: LogName,
    person: Annotated[str, typer.Option("--person", metavar="ID", help="Whose data it is.")],
    at: Annotated[str | None, typer.Option(help="When they stand so: 2026-11-01T08:00:00Z; now unless given.")] = None,
) -> None:
    """Print all that a log holds about one person, as one JSON object.

    Events about them and by them in sections, and how they stand in each group. Who reported them is hidden, and what
    they wrote about others, as staff, is withheld.

    \b
    groupcore log export community.db --person amy > amy.json
    """
    with open_log(log) as store:
        held: dict[str, Any] = export(store, person, instant(at) if at is not None else _now())
    if not any(held["sections"].values()):
        note(f"groupcore: {shown(log)} holds nothing about {person}")
    put(dumps(held).decode())


def _now() -> int:
    return time.time_ns() // 1000
