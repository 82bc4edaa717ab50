"""Making events fast, where a log or an archive gives millions of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

import attrs

from groupcore.events.base import Event

E = TypeVar("E", bound=Event)


def maker(cls: type[E]) -> Callable[..., E]:
    """A function that makes the same event as *cls* does, of the same keywords, in a third of the time.

    A frozen class sets each of its fields through a call, since plain assignment is what it forbids. So a twin that is
    not frozen is filled by plain assignment, and only then becomes a *cls*: equal, as frozen, of the same size.
    """
    known: dict[str, Any] = {"new": object.__new__, "twin": _twin(cls), "cls": cls}
    given, lines = [], []
    for item in attrs.fields(cls):
        default, missing = _default(item.default)
        known[f"default_{item.name}"] = default
        given.append(item.name if missing else f"{item.name}=default_{item.name}")
        made = f"default_{item.name}() if {item.name} is default_{item.name} else {item.name}"
        lines.append(f" made.{item.name} = {made if _is_factory(item.default) else item.name}")
    head = [f"def make(*, {', '.join(given)}):", " made = new(twin)"]
    exec("\n".join([*head, *lines, " made.__class__ = cls", " return made"]), known)
    make: Callable[..., E] = known["make"]
    return make


def _twin(cls: type[Event]) -> type:
    plain = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    twin: type = type(cls.__name__, (cls,), plain)
    return attrs.define(twin, init=False, eq=False, repr=False, on_setattr=attrs.setters.NO_OP)


def _is_factory(default: Any) -> bool:
    return isinstance(default, attrs.Factory)  # type: ignore[arg-type]


def _default(default: Any) -> tuple[Any, bool]:
    """The default of a field, or what makes it; and whether there is none."""
    return (default.factory if _is_factory(default) else default), default is attrs.NOTHING


def filler(
    cls: type[E], envelope: Iterable[str], keys: Mapping[str, str], reshape: Mapping[str, Callable[[Any], Any]]
) -> Callable[[Any, Mapping[str, Any]], E]:
    """A function that makes an event of a row and of its data: as `maker`, in two thirds of the time again.

    The fields of *envelope* are those of the row. All others are in the data under their *keys*, or have their default;
    *reshape* is for those that JSON holds otherwise. Raises whatever comes up, where one has no default or a key is
    unknown. It is written out as text, field by field, as attrs writes constructors.
    """
    fields = {item.name: item for item in attrs.fields(cls)}
    known: dict[str, Any] = {"new": object.__new__, "twin": _twin(cls), "cls": cls, "keys": frozenset(keys.values())}
    lines = ["def fill(row, data):", " if not keys >= data.keys(): raise TypeError(f'unknown: {data.keys() - keys}')"]
    lines += [" made = new(twin)", *(f" made.{name} = row.{name}" for name in envelope)]
    for name, key in keys.items():
        value = f"data[{key!r}]"
        if name in reshape:
            known[f"reshape_{name}"] = reshape[name]
            value = f"reshape_{name}({value})"
        default: Any = fields[name].default
        if default is not attrs.NOTHING:
            makes = _is_factory(default)
            known[f"default_{name}"] = _default(default)[0]
            value = f"{value} if {key!r} in data else default_{name}{'()' * makes}"
        lines.append(f" made.{name} = {value}")
    exec("\n".join([*lines, " made.__class__ = cls", " return made"]), known)
    made: Callable[[Any, Mapping[str, Any]], E] = known["fill"]
    return made


def splitter(
    cls: type[E], keys: Mapping[str, str], private: Collection[str], take: Mapping[str, Callable[[Any], Any]]
) -> Callable[[E], tuple[dict[str, Any], dict[str, Any]]]:
    """The way back from `filler`: a function that gives the data of an event, public and *private* keys apart.

    What has its default is left out. *take* is for fields that JSON has to hold otherwise.
    """
    fields = {item.name: item for item in attrs.fields(cls)}
    known: dict[str, Any] = {f"take_{name}": function for name, function in take.items()}
    lines = ["def split(event):", " public, hidden = {}, {}"]
    for name, key in keys.items():
        value = f"take_{name}(value)" if name in take else "value"
        put = f"{'hidden' if key in private else 'public'}[{key!r}] = {value}"
        default, missing = _default(fields[name].default)
        known[f"default_{name}"] = default
        unless = f"if value != default_{name}{'()' * _is_factory(fields[name].default)}: "
        lines += [f" value = event.{name}", f" {'' if missing else unless}{put}"]
    exec("\n".join([*lines, " return public, hidden"]), known)
    made: Callable[[E], tuple[dict[str, Any], dict[str, Any]]] = known["split"]
    return made
