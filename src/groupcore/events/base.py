"""What an event is: a fact that was observed, or a verdict that was decided.

Both are frozen attrs classes. Their own fields are the event's data; a few more say where it stands. Names on
disk are short kebab-case words with an integer schema, never class paths.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

import attrs
from attrs import frozen

from groupcore.clock import Resolution

ORG = "org"
"""The stream of the organisation: rulebooks, roles and blocks that hold in all its groups."""


@frozen(kw_only=True)
class Event:
    """Something that happened in ``group`` (None: in the organisation), at ``at`` microseconds since the epoch."""

    type: ClassVar[str] = ""
    schema: ClassVar[int] = 1
    private: ClassVar[tuple[str, ...]] = ()  # data fields that can be erased: text, names, reasons
    spelled: ClassVar[Mapping[str, str]] = {}  # fields whose key in the data is a word that the envelope has too

    at: int
    group: str | None

    @property
    def id(self) -> str:
        """What names this event in the log, unique and the same in every replay."""
        raise NotImplementedError

    @property
    def stream(self) -> str:
        """The stream it lies on: ``org`` or ``group/<id>``."""
        return ORG if self.group is None else f"group/{self.group}"


@frozen(kw_only=True)
class Fact(Event):
    """Something that was observed, or that a person did. A verdict never rewrites it.

    ``resolution`` says how fine the clock was that stamped it, ``source`` names platform and feed. ``claimed_at``
    is the time that a live message claimed before it was clamped to the engine's clock.
    """

    natural: ClassVar[tuple[str, ...]] = ()  # the fields that, with source, group and type, are its identity
    wide: ClassVar[bool] = False  # whether it may happen in the organisation, in no group
    tells_time: ClassVar[bool] = True  # whether the clock of its group moves with it

    id: str
    resolution: Resolution = "us"
    source: str = ""
    claimed_at: int | None = None


@frozen(kw_only=True)
class VerdictEvent(Event):
    """Something that was decided. ``cause`` is the id of the fact that it answers; its ``at`` is that fact's."""

    keyed: ClassVar[tuple[str, ...]] = ()  # the fields that tell verdicts of one type and one cause apart

    cause: str

    @property
    def id(self) -> str:
        """``<cause>/<type>[/<rule, scope or member>]``."""
        return "/".join([f"{self.cause}/{self.type}", *(str(getattr(self, name)) for name in self.keyed)])


E = TypeVar("E", bound=type[Event])

_types: dict[str, type[Event]] = {}


def event(
    name: str,
    *,
    schema: int = 1,
    private: tuple[str, ...] = (),
    natural: tuple[str, ...] = (),
    keyed: tuple[str, ...] = (),
    wide: bool = False,
) -> Callable[[E], E]:
    """Give an event class its name on disk, its schema, its private fields, and what makes it the same event."""

    def enrol(cls: E) -> E:
        made: Any = cls
        made.type, made.schema, made.private = name, schema, private
        if issubclass(cls, Fact):
            made.natural, made.wide = natural, wide
        elif issubclass(cls, VerdictEvent):
            made.keyed = keyed
        _types[name] = cls
        return cls

    return enrol


def event_types() -> dict[str, type[Event]]:
    """The classes of all event types, by their names on disk."""
    return dict(_types)


def event_class(name: str) -> type[Event] | None:
    """The class of an event type, or None."""
    return _types.get(name)


def data_fields(cls: type[Event]) -> tuple[attrs.Attribute[Any], ...]:
    """The fields of an event type that are its data: all but those of the envelope.

    A fact's envelope has more than a verdict's: ``resolution`` is data where a verdict has it.
    """
    base = Fact if issubclass(cls, Fact) else VerdictEvent if issubclass(cls, VerdictEvent) else Event
    envelope = attrs.fields_dict(base)
    return tuple(item for item in attrs.fields(cls) if item.name not in envelope)
