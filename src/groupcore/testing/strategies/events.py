"""Single events of any type, made from the types of their fields: every field may hold what its type allows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from groupcore.clock import RESOLUTIONS
from groupcore.events import Event, Fact, VerdictEvent, event_types
from groupcore.events.identity import identify
from groupcore.messages import PART_FIELDS, Message, Part
from groupcore.testing.scenes import START
from groupcore.testing.strategies.texts import sayings, texts
from groupcore.wire import keys

_PEOPLE = ("amy", "bo", "cy", "lin")
_GROUPS = ("g1", "g2")
_LAST = 253_402_300_799_999_999  # the end of the year 9999


def names() -> SearchStrategy[str]:
    """Identifiers: mostly of few people and messages, so that events meet."""
    return st.sampled_from((*_PEOPLE, "m1", "m2")) | st.text(min_size=1, max_size=5)


def times() -> SearchStrategy[int]:
    """Instants: within an hour of a scene, or at any time at all."""
    return st.integers(0, 3_600_000_000).map(lambda after: START + after) | st.integers(0, _LAST)


def json_values() -> SearchStrategy[Any]:
    """Anything that JSON can say, integers of any size and full floats included."""
    plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    return st.recursive(
        plain | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    )


def parts() -> SearchStrategy[Part]:
    """One part of a message, of any kind, some of its fields absent."""
    return st.sampled_from(sorted(PART_FIELDS)).flatmap(_part)


def _part(kind: Any) -> SearchStrategy[Part]:
    fields = {name: _part_field(name) for name in PART_FIELDS[kind]}
    return st.fixed_dictionaries({}, optional=fields).map(partial(Part, kind))


def _part_field(name: str) -> SearchStrategy[Any]:
    if name in ("qr", "messages"):
        return st.lists(sayings(), max_size=2)
    return st.sampled_from(("wx12@app", "wx34@app")) if name == "app" else sayings()


def messages() -> SearchStrategy[Message]:
    """A message as a bot receives it."""
    return st.builds(
        Message,
        group=st.sampled_from(_GROUPS),
        author=st.sampled_from(_PEOPLE),
        id=names(),
        at=times(),
        text=texts(),
        parts=st.lists(parts(), max_size=2),
        resolution=st.sampled_from(sorted(RESOLUTIONS, key=RESOLUTIONS.__getitem__)),
        source=st.sampled_from(("", "wecom:feed")),
    )


def facts() -> SearchStrategy[Fact]:
    """One fact of any type, wild: what it says need not fit any other fact."""
    return st.one_of(*(events_of(cls) for cls in _classes(Fact)))


def verdicts() -> SearchStrategy[VerdictEvent]:
    """One verdict of any type, wild: nothing need have caused it."""
    return st.one_of(*(events_of(cls) for cls in _classes(VerdictEvent)))


def _classes(base: type[Event]) -> list[type[Any]]:
    return [cls for _, cls in sorted(event_types().items()) if issubclass(cls, base)]


def events_of(cls: type[Any]) -> SearchStrategy[Any]:
    """Any event of class *cls*; facts under their natural identity."""
    fields = {item.name: _field(item) for item in keys(cls).values()}
    if not issubclass(cls, Fact):
        return st.builds(cls, **fields)
    if not cls.wide:
        fields["group"] = st.sampled_from(_GROUPS)
    fields["id"] = st.just("")
    return st.builds(cls, **fields).map(lambda fact: attrs.evolve(fact, id=identify(fact)))


def _field(item: attrs.Attribute[Any]) -> SearchStrategy[Any]:
    if item.name == "group":
        return st.sampled_from((*_GROUPS, None))
    if item.name in ("at", "now", "until", "expires", "claimed_at"):
        return times() | st.none() if NoneType in get_args(item.type) else times()
    if item.name == "parts":
        return st.lists(parts(), max_size=2).map(tuple)
    if item.name in ("text", "name", "reason"):
        return texts()
    return _of(item.type)


_PLAIN: dict[Any, SearchStrategy[Any]] = {
    str: names(),
    int: st.integers(0, 2**60),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    NoneType: st.none(),
}


def _of(annotation: Any) -> SearchStrategy[Any]:
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return st.sampled_from(inner)
    if origin is Mapping:
        return st.dictionaries(st.text(max_size=5), json_values() if inner[1] is Any else _of(inner[1]), max_size=3)
    if origin is tuple and inner[1:] == (...,):
        return st.lists(_of(inner[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*map(_of, inner))
    return st.one_of(*map(_of, reversed(inner)))  # a union: None first, since it is the simplest
