"""The shapes of our classes on the wire. The one door to cattrs.

A class is read in two ways: `structurer` is fast and gives up at the first fault, `read` is slow and names
every fault with its path. A field ``for_`` is the key ``for`` on the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin

import attrs
from attrs import NOTHING, Attribute, fields
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from groupcore.clock import Duration, duration, format_duration
from groupcore.errors import Fault
from groupcore.wire.faults import Faulty, Wrong, did_you_mean, faults_of, found

T = TypeVar("T")
_Known: TypeAlias = "Mapping[str, Attribute[Any]]"
_FACTORY: Any = attrs.Factory


def structurer(cls: type[T], *, forbid_extra: bool = False) -> Callable[[Mapping[str, Any]], T]:
    """A fast function from a mapping to *cls*. It raises whatever comes up; ask `explain` what was wrong."""
    make = _structure_of(_fast(), cls, forbid_extra=forbid_extra)
    return lambda mapping: make(mapping, cls)


def unstructurer(cls: type[T], *, omit_defaults: bool = False) -> Callable[[T], dict[str, Any]]:
    """A fast function from *cls* to the mapping that `structurer` and `read` take."""
    return (_sparse() if omit_defaults else _fast()).get_unstructure_hook(cls)


def read(cls: type[T], mapping: object, path: str = "") -> T:
    """*cls* from a mapping, or every fault at once: unknown and missing keys, wrong types, refused values."""
    try:
        return _careful().structure(mapping, cls)
    except Exception as error:
        raise Faulty(faults_of(error, path)) from None


def explain(cls: type[Any], mapping: object, path: str = "") -> list[Fault]:
    """What is wrong with *mapping* as a *cls*; empty when nothing is."""
    try:
        read(cls, mapping, path)
    except Faulty as faulty:
        return list(faulty.faults)
    return []


def keys(cls: type[Any]) -> dict[str, Attribute[Any]]:
    """The fields of an attrs class by their keys on the wire, types resolved."""
    return {key_of(attribute): attribute for attribute in fields(_resolved(cls)) if attribute.init}


def key_of(attribute: Attribute[Any]) -> str:
    """The key of a field: its name as an argument, without the underscore that a keyword of Python needs."""
    return (attribute.alias or attribute.name).removesuffix("_")


def _resolved(cls: type[Any]) -> type[Any]:
    return attrs.resolve_types(cls)


def _structure_of(converter: Converter, cls: type[T], *, forbid_extra: bool = False) -> Callable[[Any, Any], T]:
    return make_dict_structure_fn(
        cls,
        converter,
        _cattrs_forbid_extra_keys=forbid_extra,
        _cattrs_detailed_validation=False,
        **_overrides(cls),
    )


def _mapping_of(converter: Converter, cls: type[Any]) -> Callable[[Any], dict[str, Any]]:
    return make_dict_unstructure_fn(
        cls, converter, _cattrs_omit_if_default=converter.omit_if_default, **_overrides(cls)
    )


def _overrides(cls: type[Any]) -> dict[str, Any]:
    return {attribute.name: override(rename=key) for key, attribute in keys(cls).items()}


@cache
def _fast() -> Converter:
    return _with_hooks(Converter(detailed_validation=False))


@cache
def _sparse() -> Converter:
    return _with_hooks(Converter(omit_if_default=True))


@cache
def _careful() -> Converter:
    converter = _with_hooks(Converter(detailed_validation=True))
    converter.register_structure_hook_factory(_is_plain_class, _careful_class)
    return converter


def _with_hooks(converter: Converter) -> Converter:
    converter.register_structure_hook_factory(_is_plain_class, lambda t: _structure_of(converter, t))
    converter.register_unstructure_hook_factory(_is_plain_class, lambda t: _mapping_of(converter, t))
    for kind in (str, int, float, bool):
        converter.register_structure_hook(kind, _SCALARS[kind])
    converter.register_structure_hook_func(lambda t: t is Duration, _duration)
    converter.register_unstructure_hook_func(lambda t: t is Duration, format_duration)
    converter.register_structure_hook_func(lambda t: _origin(t) is Literal, _literal)
    converter.register_structure_hook_factory(_is_choice, lambda t: _choice_of(converter, t))
    converter.register_unstructure_hook_factory(_is_choice, _choice_back)
    converter.register_structure_hook_factory(_is_many, lambda t: _many_of(converter, t))
    converter.register_unstructure_hook_factory(_is_many, lambda t: _list_of(converter, t))
    converter.register_structure_hook_func(_reads_itself, lambda value, cls: cls.of(value))
    converter.register_unstructure_hook_func(_reads_itself, lambda value: value.to_mapping())
    converter.register_structure_hook_func(_is_object, _object)
    converter.register_unstructure_hook_func(_is_object, dict)
    return converter


def _origin(cls: Any) -> Any:
    return get_origin(cls)


def _reads_itself(cls: Any) -> bool:
    return isinstance(cls, type) and hasattr(cls, "of") and hasattr(cls, "to_mapping")


def _is_plain_class(cls: Any) -> bool:
    return isinstance(cls, type) and attrs.has(cls) and not _reads_itself(cls)


def _is_object(cls: Any) -> bool:
    """Whether it is ``Mapping[str, Any]``, which holds JSON as it came."""
    return _origin(cls) in (dict, Mapping) and get_args(cls) == (str, Any)


def _is_many(cls: Any) -> bool:
    """Whether it is ``tuple[X, ...]``, ``frozenset[X]`` or ``set[X]``."""
    return _origin(cls) in (frozenset, set) or (_origin(cls) is tuple and get_args(cls)[1:] == (...,))


def _is_choice(cls: Any) -> bool:
    """Whether it is a union of two shapes or more, None not counted."""
    return get_origin(cls) in (Union, UnionType) and len(_choices(cls)) > 1


def _choices(cls: Any) -> list[Any]:
    """In an order of ours: ``str | bool`` and ``bool | str`` are equal, so one stands for both."""
    return sorted((member for member in get_args(cls) if member is not type(None)), key=repr)


def _choice_of(converter: Converter, cls: Any) -> Callable[[Any, Any], Any]:
    hooks = [(member, converter.get_structure_hook(member)) for member in _choices(cls)]
    optional = type(None) in get_args(cls)

    def choice(value: Any, _: Any) -> Any:
        if value is None and optional:
            return None
        faults = []
        for member, hook in hooks:
            try:
                return hook(value, member)
            except Exception as error:
                faults += faults_of(error)
        raise Wrong(faults[0].problem, faults[-1].hint or faults[0].hint)

    return choice


def _choice_back(cls: Any) -> Callable[[Any], Any]:
    if Duration in get_args(cls):
        return lambda value: format_duration(value) if type(value) is int else value
    return lambda value: value


def _duration(value: Any, _: Any) -> Duration:
    if not isinstance(value, str):
        raise Wrong(f"expected a duration, found {found(value)}", "write a number with a unit, such as '10s'")
    return duration(value)


def _scalar(kind: type, name: str) -> Callable[[Any, Any], Any]:
    def scalar(value: Any, _: Any) -> Any:
        if type(value) is kind or (kind is float and type(value) is int):
            return value
        raise Wrong(f"expected {name}, found {found(value)}")

    return scalar


_SCALARS = {
    str: _scalar(str, "a string"),
    int: _scalar(int, "a whole number"),
    float: _scalar(float, "a number"),
    bool: _scalar(bool, "true or false"),
}


def _literal(value: Any, cls: Any) -> Any:
    words = get_args(cls)
    if isinstance(value, str) and value in words:
        return value
    if isinstance(value, str):
        raise Wrong(f"unknown value {value!r}", did_you_mean(value, words))
    raise Wrong(f"expected one of {', '.join(map(repr, words))}, found {found(value)}")


def _object(value: Any, _: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Wrong(f"expected a table, found {found(value)}")
    return value


def _many_of(converter: Converter, cls: Any) -> Callable[[Any, Any], Any]:
    build, inner = _origin(cls), get_args(cls)[0]
    hook = converter.get_structure_hook(inner)

    def many(values: Any, _: Any) -> Any:
        if type(values) not in (list, tuple):
            raise _no_list(values)
        try:
            return build([hook(value, inner) for value in values])
        except Exception:
            raise Faulty(_faults_of_items(values, hook, inner)) from None

    return many


def _no_list(values: Any) -> Wrong:
    hint = f"write [{values!r}]" if isinstance(values, str) and len(values) <= 40 else ""
    return Wrong(f"expected a list, found {found(values)}", hint)


def _faults_of_items(values: Iterable[Any], hook: Callable[[Any, Any], Any], inner: Any) -> list[Fault]:
    faults = []
    for index, value in enumerate(values):
        try:
            hook(value, inner)
        except Exception as error:
            faults += faults_of(error, f"[{index}]")
    return faults


def _list_of(converter: Converter, cls: Any) -> Callable[[Any], list[Any]]:
    hook = converter.get_unstructure_hook(get_args(cls)[0])
    arrange: Callable[[Any], list[Any]] = list if _origin(cls) is tuple else sorted
    return lambda values: arrange(map(hook, values))


def _careful_class(cls: type[Any]) -> Callable[[Any, Any], Any]:
    known = keys(cls)

    def careful(mapping: Any, _: Any) -> Any:
        if not isinstance(mapping, Mapping):
            raise Wrong(f"expected a table, found {found(mapping)}")
        values, faults = _values(known, mapping)
        converted, more = _converted(known, values)
        readable = {key: known[key] for key in known if key in converted or key not in mapping}
        faults += more + _unknown(known, mapping) + _refused(readable, converted)
        if not faults:
            return _built(cls, known, values)
        raise Faulty(faults)

    return careful


def _values(known: _Known, mapping: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for key, attribute in known.items():
        if key in mapping:
            try:
                values[key] = _careful().structure(mapping[key], attribute.type or Any)
            except Exception as error:
                faults += faults_of(error, key)
        elif attribute.default is NOTHING:
            faults.append(Fault("", f"missing key {key!r}"))
    return values, faults


def _converted(known: _Known, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """What the converters of the class make of the values; it will be asked again when the class is made."""
    converted: dict[str, Any] = {}
    faults: list[Fault] = []
    for key, value in values.items():
        convert: Any = known[key].converter
        try:
            converted[key] = convert(value) if callable(convert) else value
        except Exception as error:
            faults += faults_of(error, key)
    return converted, faults


def _unknown(known: Mapping[str, Any], mapping: Mapping[str, Any]) -> list[Fault]:
    extra = [key for key in mapping if key not in known]
    return [Fault("", f"unknown key {key!r}", did_you_mean(key, known)) for key in extra]


def _refused(known: _Known, values: Mapping[str, Any]) -> list[Fault]:
    """The faults that validators find, each asked alone, so that one does not hide the next."""
    draft = _Draft(known, values)
    faults = []
    for key, attribute in known.items():
        if attribute.validator is None or not hasattr(draft, attribute.name):
            continue
        try:
            attribute.validator(draft, attribute, getattr(draft, attribute.name))
        except AttributeError:
            pass  # it looks at another field, and that one has a fault of its own
        except Exception as error:
            faults += faults_of(error, key)
    return faults


class _Draft:
    """Stands in for the instance while validators are asked: the fields that could be read, and defaults."""

    def __init__(self, known: _Known, values: Mapping[str, Any]) -> None:
        for key, attribute in known.items():
            value: Any = values.get(key, attribute.default)
            if value is NOTHING or type(value) is _FACTORY:
                continue
            setattr(self, attribute.name, value)


def _built(cls: type[Any], known: _Known, values: Mapping[str, Any]) -> Any:
    return cls(**{known[key].alias or key: value for key, value in values.items()})
