"""The codec: events to rows and back, and facts from what people write. cattrs is the reference for shapes.

A row's data is split by what each event type declares private. Old payloads are upcast on read; a type that this
version does not know is kept as `Opaque`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin

from attrs import NOTHING, Attribute, frozen

from groupcore.errors import CorruptLog
from groupcore.events.base import Event, Fact, data_fields, event_class, event_types
from groupcore.events.facts import Parts, Restriction
from groupcore.events.making import filler, splitter
from groupcore.events.row import Row, private_digest, row_of, under_a_key
from groupcore.events.upcasting import upcast
from groupcore.events.verdicts import Span
from groupcore.messages import Part
from groupcore.wire import dumps, dumps_plain, loads_both, structurer, unstructurer

Data = dict[str, Any]


@frozen(kw_only=True)
class Opaque(Event):
    """An event of a type that a newer version wrote: kept, and skipped by whoever folds."""

    name: str
    data: Data
    opaque_id: str

    @property
    def id(self) -> str:
        """Its id in the log."""
        return self.opaque_id


@frozen
class Recorded:
    """An event with its place in the log."""

    event: Event
    row: Row

    @property
    def position(self) -> int:
        """Its place in the whole log, from 1."""
        return self.row.position

    @property
    def stream(self) -> str:
        """The stream it lies on."""
        return self.row.stream

    @property
    def version(self) -> int:
        """Its place in its stream, from 1."""
        return self.row.version

    @property
    def judged(self) -> str | None:
        """The digest of the rulebook that judged this fact, or None: it was never judged."""
        return self.row.judged

    @property
    def erased(self) -> bool:
        """Whether its private fields were erased."""
        return self.row.erased


_ENVELOPE = ("id", "at", "group", "resolution", "source", "claimed_at")  # of a fact
_PLACE = ("at", "group", "cause")  # of a verdict


class Shape:
    """How one event type lies on the wire: its keys, which of them are private, and its functions."""

    def __init__(self, cls: type[Event]) -> None:
        self.cls = cls
        self._make: Callable[[Mapping[str, Any]], Event] = structurer(cls)  # resolves the types of the fields, too
        self._take: Callable[[Any], Data] = unstructurer(cls, omit_defaults=True)
        self.names = {item.name: cls.spelled.get(item.name, item.name) for item in data_fields(cls)}
        self.keys = frozenset(self.names.values())
        self.named = frozenset(item.name for item in data_fields(cls) if _names_something(item))
        self.is_fact = issubclass(cls, Fact)
        self.loose = frozenset(item.name for item in data_fields(cls) if _may_hold_floats(item.type))
        tuples = {item.name: _RESHAPE[item.type] for item in data_fields(cls) if item.type in _RESHAPE}
        takes = {
            item.name: unstructurer(cast(Any, item.type), omit_defaults=True)
            for item in data_fields(cls)
            if not _lies_as_it_is(item.type)
        }
        # As `data`, split at what is private. A law says that they agree.
        self.split = splitter(cls, self.names, cls.private, takes)
        # As `build`, of a row and of data that this codec wrote: no type is looked at. A law says that they agree.
        self.revive = filler(cls, _ENVELOPE if self.is_fact else _PLACE, self.names, tuples)

    def data(self, event: Event) -> Data:
        """The data of *event* as it stands on the wire; fields with a default are left out where they have it."""
        taken = self._take(event)
        return {key: taken[name] for name, key in self.names.items() if name in taken}

    def build(self, data: Data, envelope: Data) -> Event:
        """The event of *data* and *envelope*; raises whatever comes up."""
        for name, key in self.cls.spelled.items():
            data = {**data, name: data[key]} if key in data else data
        return self._make({**data, **envelope})

    def write(self, data: Data) -> bytes:
        """The canonical JSON of (a part of) the data."""
        return dumps_plain(data) if self.loose.isdisjoint(data) else dumps(data)


def _spans(pairs: list[list[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in pairs)


def _parts(parts: list[Data]) -> tuple[Part, ...]:
    return tuple(map(Part.of, parts))


_RESHAPE: dict[Any, Callable[[Any], Any]] = {
    Parts: _parts,
    tuple[Span, ...]: _spans,
    tuple[str, ...]: tuple,
    tuple[Restriction, ...]: tuple,
}
"""What JSON has as lists, by the type of the field."""


def _names_something(item: Attribute[Any]) -> bool:
    """Whether a field says who or what an event is about, and so cannot be empty."""
    return item.default is NOTHING and item.type is str and item.name != "name"


def _lies_as_it_is(kind: Any) -> bool:
    """Whether JSON has values of this type as Python has them."""
    if isinstance(kind, UnionType) or get_origin(kind) is Union:
        return all(map(_lies_as_it_is, get_args(kind)))
    return kind in (str, int, bool, type(None)) or get_origin(kind) is Literal


def _may_hold_floats(kind: Any) -> bool:
    """Whether a field of this type takes JSON as it comes: parts of messages, evidence, whole rulebooks."""
    return "Mapping" in str(kind) or "Part" in str(kind)


_shapes: dict[str, Shape] = {}


def shape_of(type_name: str) -> Shape | None:
    """The shape of an event type, made when first asked for, or None where the type is unknown."""
    shape = _shapes.get(type_name)
    if shape is None:
        cls = event_class(type_name)
        if cls is None:
            return None
        shape = _shapes[type_name] = Shape(cls)
    return shape


def data_of(event: Event) -> Data:
    """The data of *event* as it stands on the wire."""
    if isinstance(event, Opaque):
        return event.data
    shape = shape_of(event.type)
    assert shape is not None, f"{event.type} is not registered"
    return shape.data(event)


def to_wire(event: Event) -> Data:
    """The event as the contract writes it: type, at, group, id or cause, data."""
    cause = getattr(event, "cause", None)
    named = {"id": event.id} if cause is None else {"cause": cause}
    return {"type": event.type, "at": event.at, "group": event.group, **named, "data": data_of(event)}


def encode(event: Event, *, recorded_at: int, judged: str | None = None, org_seen: int | None = None, salt: str) -> Row:
    """The row of *event*, not yet placed: position, version and digest are the store's to give.

    *salt* is used, and kept, only where there is something private.
    """
    shape = shape_of(event.type)
    assert shape is not None, f"{event.type} is not registered"
    data, private = shape.split(event)
    hidden: tuple[bytes | None, str | None, str | None] = None, None, None
    if private:
        written = shape.write(private)
        hidden = written, salt, private_digest(salt, written)
    if isinstance(event, Fact):
        place = None, event.resolution, event.source, event.claimed_at
    else:
        place = getattr(event, "cause", None), "us", "", None
    name, at, group = (event.id, event.type, event.schema), event.at, event.group
    told = judged, org_seen, recorded_at, shape.write(data)
    return row_of((0, event.stream, 0, *name, at, group, *place, *told, *hidden, ""))


def decode(row: Row) -> Recorded:
    """The event of a row, with the row; private fields that were erased have their defaults. Raises CorruptLog."""
    return Recorded(event_of(row), row)


def event_of(row: Row) -> Event:
    """As `decode`, the event alone: for who folds it."""
    try:
        return _event(row, loads_both(row.data, row.private))
    except Exception as error:  # whatever damaged data makes come up, it is this event's
        if row.is_sealed:
            raise CorruptLog(row.position, under_a_key(row)) from None
        raise CorruptLog(row.position, f"{row.type} cannot be read: {error}") from error


def _event(row: Row, data: Data) -> Event:
    shape = shape_of(row.type)
    if shape is None or row.schema > shape.cls.schema:
        return Opaque(at=row.at, group=row.group, name=row.type, data=data, opaque_id=row.id)
    if row.schema < shape.cls.schema:
        data = upcast(row.type, row.schema, data, shape.cls.schema)
    return shape.revive(row, data)


def fact_types() -> list[str]:
    """The names of all fact types, sorted."""
    return sorted(name for name, cls in event_types().items() if issubclass(cls, Fact))
