"""Finding what an id stands for: an event, a message, a member, or a place in the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal

from attrs import frozen

from groupcore.errors import InputError
from groupcore.events import MessageEdited, MessagePosted, Row, fact_id
from groupcore.stores import Store
from groupcore.wire import dumps, loads

SubjectKind = Literal["event", "message", "member"]

MESSAGES = (MessagePosted.type, MessageEdited.type)
_PEOPLE = ("author", "member", "person", "owner")
_SOME = 256
"""Events at the beginning and at the end of a group that are asked which feeds it has."""


@frozen
class Subject:
    """What is to be explained; of an event, ``id`` is the fact's. ``group`` None is the organisation.

    ``fact`` is the fact that it is, or that brought it, where there is one.
    """

    kind: SubjectKind
    id: str
    group: str | None
    fact: str | None = None


def find_subject(store: Store, id: str, group: str | None = None, kind: SubjectKind | None = None) -> Subject:
    """What *id* stands for: an event, else a message, else a member, else (``12`` or ``#12``) a position.

    An id of an event is looked up, and so is that of a message or a member of a *group* that is named; anything else
    is found by reading through the log, or that group. Of the feeds with a name, those count there that the first or
    the newest events of the group come from; *kind* finds messages of any. Raises InputError where there is nothing of
    that name, or more than one.
    """
    row = store.get(id) if kind in (None, "event") else None
    if row is None and kind != "event":
        found = _looked_up(store, id, group, kind) or _called(id, _rows(store, group), kind)
        if found is not None:
            return found
    if row is None and kind in (None, "event"):
        row = _at_position(store, id)
    if row is None:
        where = f" in {group}" if group is not None else ""
        raise InputError(f"{id!r} is the id of no {kind or 'event, message or member'}{where} of this log")
    fact = row.cause or row.id
    return Subject("event", fact, row.group, fact)


def _looked_up(store: Store, id: str, group: str | None, kind: SubjectKind | None) -> Subject | None:
    """A message or a member of a group, where an index has it."""
    if group is None:
        return None
    posted = fact_id("", group, MessagePosted.type, id)
    if kind in (None, "message") and store.get(posted) is not None:
        return Subject("message", id, group, posted)
    if kind in (None, "member"):
        for row in store.concerning(f"group/{group}", [id]):
            if "member" in _roles(id, row):  # in a verdict, too: it follows from a message, and no chat is looked up
                message = _of_a_named_feed(store, id, group) if kind is None else None
                return message or Subject("member", id, group)
    return None


def _of_a_named_feed(store: Store, id: str, group: str) -> Subject | None:
    """The message of that id in one of the feeds with a name, found without reading the whole group."""
    some = list(_some(store, f"group/{group}"))
    for feed in sorted({row.source for row in some} - {""}):
        posted = fact_id(feed, group, MessagePosted.type, id)
        if store.get(posted) is not None:
            return Subject("message", id, group, posted)
    return _called(id, some, "message")  # a feed may have facts with ids of their own


def _some(store: Store, stream: str) -> Iterator[Row]:
    """The first events of a stream, and the newest."""
    yield from islice(store.read_stream(stream), _SOME)
    head = store.heads().get(stream)
    if head is not None and head.version > _SOME:
        yield from store.read_stream(stream, max(head.version - _SOME, _SOME))


def _rows(store: Store, group: str | None) -> Iterable[Row]:
    return store.read() if group is None else store.read_stream(f"group/{group}")


def _at_position(store: Store, id: str) -> Row | None:
    digits = id.removeprefix("#")
    if not (digits.isascii() and digits.isdigit()) or not 0 < int(digits) <= store.position:
        return None
    return next(iter(store.read(after=int(digits) - 1)), None)


def _called(id: str, rows: Iterable[Row], kind: SubjectKind | None) -> Subject | None:
    """The message or member of that id; raises InputError where several groups have one."""
    homes: dict[SubjectKind, dict[str | None, str]] = {"message": {}, "member": {}}
    needle = dumps(id)
    for row in rows:
        if row.cause is None and needle in row.data:
            for what in _roles(id, row):
                homes[what].setdefault(row.group, row.id)
    for what, groups in homes.items():
        if groups and kind in (None, what):
            home = _only(id, what, list(groups))
            return Subject(what, id, home, groups[home] if what == "message" else None)
    return None


def _roles(id: str, row: Row) -> Iterable[SubjectKind]:
    data = loads(row.data)
    if row.type in MESSAGES and data.get("message") == id:
        yield "message"
    if any(data.get(key) == id for key in _PEOPLE):
        yield "member"


def _only(id: str, what: str, groups: list[str | None]) -> str | None:
    """The one group, the organisation left aside where there is another."""
    named = [group for group in groups if group is not None]
    if len(named) > 1:
        some = ", ".join(named[:5]) + (", ..." if len(named) > 5 else "")
        raise InputError(f"{id} is a {what} in {len(named)} groups ({some}); name one of them with --group")
    return named[0] if named else None
