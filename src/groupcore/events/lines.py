"""Lines: facts as people write them, and rows as a JSON Lines log holds them.

A line of a log is a fact's line with the envelope around it: ``data`` is whole, and ``private`` names the keys
that lie apart elsewhere and can be erased.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from groupcore.clock import RESOLUTIONS, instant
from groupcore.errors import InputError
from groupcore.events.base import Fact
from groupcore.events.codec import Data, Shape, fact_types, shape_of
from groupcore.events.facts import MessagePosted
from groupcore.events.identity import fact_id
from groupcore.events.making import maker
from groupcore.events.remarks import remarks_on
from groupcore.events.row import Row
from groupcore.events.upcasting import upcast
from groupcore.messages import scrub
from groupcore.wire import did_you_mean, dumps, explain, found, glance, loads

_TIMES = frozenset({"until", "now"})
"""The fields of facts that are times."""

EARLY = 20_000_000_000_000
"""Microseconds up to August of 1970. Who writes seconds or milliseconds means a later day."""

_OPTIONAL = ("cause", "source", "claimed_at", "judged", "org_seen", "salt", "private_digest")


def read_fact(line: bytes | str, source: str = "", remark: Callable[[str], object] | None = None) -> Fact:
    """The fact on one line of JSON, under its natural identity. Raises InputError saying what is wrong.

    *remark* is told what the line says that nobody reads: a key, a kind of part that are most often mistyped.
    """
    raw = line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line
    fact: Fact | None = _plain_message(glance(raw), source)
    given: Mapping[str, Any] = {}
    if fact is None:
        given = _object(loads(line))
        fact = _any_fact(given, source)
    if remark is not None:
        _remark(fact, given, remark)
    return fact


def _remark(fact: Fact, given: Mapping[str, Any], remark: Callable[[str], object]) -> None:
    if fact.at < EARLY:
        remark('"at" lies in 1970: a number is microseconds since the epoch, neither seconds nor milliseconds')
    for said in remarks_on(given) if given else ():  # a plain message was read without looking for more
        remark(said)


def fact_from(given: Any, source: str = "") -> Fact:
    """The fact of a mapping ``{"type", "at", "group", "data"}``; *source* counts where it names none."""
    return _any_fact(_object(given), source)


def _object(given: Any) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise InputError(f'expected an object such as {{"type": ..., "at": ...}}, found {type(given).__name__}')
    return given


_new_message = maker(MessagePosted)


def _plain_message(given: Any, source: str) -> MessagePosted | None:
    """What `_any_fact` makes of a message with text alone, four times as fast; None leaves the rest, and faults, to it.

    *given* was glanced at, so its strings hold no lone surrogates.
    """
    try:
        at, group, data = given["at"], given["group"], given["data"]
        message, author, text = data["message"], data["author"], data["text"]
        if given["type"] != "message-posted" or len(given) != 4 or len(data) != 3:
            return None
    except (KeyError, TypeError):
        return None
    if not (type(group) is type(message) is type(author) is type(text) is str and group and message and author):
        return None
    if type(at) is not int and type(at) is not str:
        return None
    return _new_message(
        id=fact_id(source, group, "message-posted", message),
        at=instant(at),
        group=group,
        source=source,
        message=message,
        author=author,
        text=text,
    )


def _any_fact(given: Mapping[str, Any], source: str) -> Fact:
    shape = _shape(given)
    data = _data(given, shape)
    envelope: Data = {
        "at": _at(given, shape.cls.type),
        "group": _group(given, shape.cls),
        "resolution": _resolution(given),
        "source": _text(given, "source", source),
        "claimed_at": None,
        "id": "",
    }
    fact = _built(shape, data, envelope)
    _refuse_empty(data, shape)
    return _identified(shape, data, envelope, fact, _text(given, "id", ""))


def _shape(given: Mapping[str, Any]) -> Shape:
    name = given.get("type")
    if not isinstance(name, str):
        raise InputError('the line has no "type"; write one such as "message-posted"')
    shape = shape_of(name)
    if shape is None:
        hint = did_you_mean(name, fact_types())
        raise InputError(f"unknown type {name!r}" + (f" ({hint})" if hint else ""))
    if not shape.is_fact:
        raise InputError(f"{name} is a verdict; only facts can be imported, and a replay decides them anew")
    return shape


def _data(given: Mapping[str, Any], shape: Shape) -> Data:
    given_data = given.get("data", {})
    if not isinstance(given_data, Mapping):
        raise InputError(f'"data" of {shape.cls.type} must be an object, found {type(given_data).__name__}')
    data: Data = {key: _scrubbed(value) for key, value in given_data.items()}
    schema = given.get("schema", shape.cls.schema)
    if type(schema) is not int or not 1 <= schema <= shape.cls.schema:
        raise InputError(f"{shape.cls.type} has schema {shape.cls.schema}; {schema!r} is unknown to this version")
    if schema < shape.cls.schema:
        data = upcast(shape.cls.type, schema, data, shape.cls.schema)
    if not data.keys() <= shape.keys:
        _refuse_unknown(data, shape)
    for key in _TIMES & data.keys():
        if isinstance(data[key], str):  # as "at", it may be written with an offset
            data[key] = instant(data[key])
    return data


def _refuse_unknown(data: Data, shape: Shape) -> None:
    key = min(data.keys() - shape.keys)
    hint = did_you_mean(key, shape.keys) or f"it has {', '.join(sorted(shape.keys))}"
    raise InputError(f"{shape.cls.type} has no field {key!r} ({hint})")


def _refuse_empty(data: Data, shape: Shape) -> None:
    """Nobody is called nothing: who and what a fact is about has a name."""
    empty = sorted(key for key in shape.named if data.get(key) == "")
    if empty:
        raise InputError(f'"{empty[0]}" of {shape.cls.type} must not be empty')


def _scrubbed(value: Any) -> Any:
    """JSON with lone surrogates replaced, so that it can be stored."""
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, Mapping):
        return {scrub(key): _scrubbed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_scrubbed(item) for item in value]
    return value


def _at(given: Mapping[str, Any], name: str) -> int:
    if "at" not in given:
        raise InputError(f'{name} has no "at"; write when it happened, such as "2026-11-01T08:00:00Z"')
    at = given["at"]
    if type(at) is not int and not isinstance(at, str):
        raise InputError(f"{found(at)} is no time; write an RFC 3339 string or an integer of microseconds")
    return instant(at)


def _group(given: Mapping[str, Any], cls: Any) -> str | None:
    group = given.get("group")
    if group is None and "group" in given and cls.wide:
        return None
    if not isinstance(group, str) or not group:
        null = " (or null, for the whole organisation)" if cls.wide else ""
        raise InputError(f'"group" of {cls.type} must be a string that is not empty{null}')
    return scrub(group)


def _resolution(given: Mapping[str, Any]) -> str:
    value = given.get("resolution", "us")
    if not isinstance(value, str) or value not in RESOLUTIONS:
        raise InputError(f'"resolution" must be one of {", ".join(RESOLUTIONS)}, found {value!r}')
    return value


def _text(given: Mapping[str, Any], key: str, default: str) -> str:
    value = given.get(key)
    if value is None:
        return default
    if not isinstance(value, str) or not value:
        raise InputError(f'"{key}" must be a string that is not empty')
    return scrub(value)


def _built(shape: Shape, data: Data, envelope: Data) -> Any:
    try:
        return shape.build(data, envelope)
    except Exception:
        faults = explain(shape.cls, {**data, **envelope})
        if not faults:
            raise
        first = "; ".join(str(fault).removesuffix(" @ ") for fault in faults)
        raise InputError(f"{shape.cls.type}: {first}") from None


def _identified(shape: Shape, data: Data, envelope: Data, fact: Any, given: str) -> Fact:
    if "/" in given:
        raise InputError(f'"id" must not hold a slash, as the ids of verdicts do: {given!r}')
    key = (getattr(fact, name) for name in fact.natural)
    envelope["id"] = given or fact_id(fact.source, fact.group, fact.type, *key)
    made = shape.build(data, envelope)
    assert isinstance(made, Fact)
    return made


def write_row(row: Row) -> bytes:
    """The line of a log for this row, without the newline."""
    hidden = loads(row.private) if row.private is not None else {}
    line: Data = {
        "type": row.type,
        "at": row.at,
        "group": row.group,
        "id": row.id,
        "data": {**loads(row.data), **hidden},
        "position": row.position,
        "stream": row.stream,
        "version": row.version,
        "schema": row.schema,
        "recorded_at": row.recorded_at,
        "digest": row.digest,
    }
    if row.resolution != "us":
        line["resolution"] = row.resolution
    line |= {key: getattr(row, key) for key in _OPTIONAL if getattr(row, key) not in (None, "")}
    return dumps(line | ({"private": sorted(hidden)} if hidden else {}))


def read_row(line: bytes) -> Row:
    """The row of a line of a log. Raises InputError when it is none."""
    given = loads(line)
    if not isinstance(given, Mapping) or "digest" not in given or "version" not in given:
        raise InputError("the line has no envelope (position, stream, version, digest)")
    try:
        return _row(given)
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"the envelope is damaged: {error}") from None


def _row(given: Mapping[str, Any]) -> Row:
    hidden = {key: given["data"][key] for key in given.get("private", ())}
    return Row(
        given["position"],
        given["stream"],
        given["version"],
        given["id"],
        given["type"],
        given["schema"],
        given["at"],
        given["group"],
        given.get("cause"),
        given.get("resolution", "us"),
        given.get("source", ""),
        given.get("claimed_at"),
        given.get("judged"),
        given.get("org_seen"),
        given["recorded_at"],
        dumps({key: value for key, value in given["data"].items() if key not in hidden}),
        dumps(hidden) if hidden else None,
        given.get("salt"),
        given.get("private_digest"),
        given["digest"],
    )
