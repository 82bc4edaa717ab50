"""Erasing: what an order means, and how it is carried out. A second time it finishes what the first one began."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from itertools import takewhile

from attrs import frozen

from groupcore.commands import HeldText
from groupcore.errors import DuplicateEvent, InputError
from groupcore.events.base import ORG, Fact
from groupcore.events.codec import decode, encode
from groupcore.events.erasure import ErasureOrdered, TextErased
from groupcore.events.facts import MessageEdited, MessagePosted
from groupcore.events.identity import new_fact
from groupcore.events.row import Row
from groupcore.privacy.belongings import Belongings, data_of
from groupcore.stores import Store

_MESSAGES = (MessagePosted.type, MessageEdited.type)


@frozen
class Erased:
    """What was erased: the orders, from how many ``events`` text was taken, and whether a key was ``forgotten``."""

    orders: tuple[ErasureOrdered, ...] = ()
    events: int = 0
    forgotten: bool = False


# --- what there is ----------------------------------------------------------------------------------------------


def held_of(store: Store, person: str) -> list[HeldText]:
    """The events whose private part is *person*'s, by stream; none where all is erased. O(log)."""
    ids: dict[str | None, list[str]] = {}
    for found in Belongings(person).among(store.read()):
        if found.personal and found.row.private is not None:
            ids.setdefault(_home(found.row), []).append(found.row.id)
    return [HeldText(group=group, events=tuple(held)) for group, held in ids.items()]


def held_in_message(store: Store, group: str, message: str) -> HeldText:
    """A message and its edits. Raises InputError where there is none of that id. O(stream)."""
    rows = [row for row in store.read_stream(f"group/{group}") if row.type in _MESSAGES]
    found = [(row, data) for row in rows if (data := data_of(row)).get("message") == message]
    if not found:
        raise InputError(f"{group}: the log has no message {message!r}")
    events = tuple(row.id for row, _ in found if row.private is not None)
    return HeldText(group=group, events=events, authors=frozenset(str(data["author"]) for _, data in found))


def _home(row: Row) -> str | None:
    return None if row.stream == ORG else row.group


def open_orders(store: Store) -> list[Row]:
    """The orders that were not carried out to the end. O(log)."""
    found: dict[str, Row] = {}
    for row in store.read():
        if row.type == ErasureOrdered.type:
            found[row.id] = row
        elif row.type == TextErased.type:
            found.pop(data_of(row)["order"], None)
    return list(found.values())


# --- what is done -----------------------------------------------------------------------------------------------


def record_unjudged(store: Store, facts: Iterable[Fact], now: int) -> None:
    """Append *facts*, each by itself, as an import does: no rule judges them. Those that are there already stay."""
    for fact in facts:
        with suppress(DuplicateEvent):
            store.append([encode(fact, recorded_at=now, salt="")])


def finish(store: Store, ids: Collection[str], now: int) -> Erased:
    """Take the text of the orders of these ids out of the log, forget keys, and say so in the log.

    What the person wrote after the order stays. O(log) for orders about a person. Raises StoreLocked where another
    process still reads what is to go; the orders stay open then, and the same call finishes them.
    """
    rows = sorted(row for id in set(ids) if (row := store.get(id)) is not None)
    orders = {row.id: event for row in rows if isinstance(event := decode(row).event, ErasureOrdered)}
    meant = {row.id: list(_meant(store, row, orders[row.id])) for row in rows if row.id in orders}
    counts = {id: sum(row.private is not None for row in found) for id, found in meant.items()}
    store.shelf.clear()  # they hold no text, and a text less is another state
    store.erase([row.id for found in meant.values() for row in found])
    people = {order.member for order in orders.values() if order.member is not None}
    forgotten = [forget_textless(store, person) for person in sorted(people)]
    record_unjudged(store, (_done(order, counts[id]) for id, order in orders.items()), now)
    return Erased(tuple(orders.values()), sum(counts.values()), any(forgotten))


def forget_textless(store: Store, person: str) -> bool:
    """Throw away the key of somebody of whom the log holds no text; whether there was one. O(log)."""
    return not held_of(store, person) and store.forget(person)


def _done(order: ErasureOrdered, count: int) -> TextErased:
    return new_fact(TextErased, at=order.at, group=order.group, order=order.id, count=count)


def _meant(store: Store, order: Row, event: ErasureOrdered) -> Iterator[Row]:
    """The events that an order means, those erased before included: their bytes may still be somewhere."""
    if event.member is None:
        yield from (row for id in event.events if (row := store.get(id)) is not None and row.stream == order.stream)
        return
    before = takewhile(lambda row: row.position < order.position, store.read())
    for found in Belongings(event.member).among(before):
        if found.personal and found.row.private_digest is not None and found.row.stream == order.stream:
            yield found.row
