"""JSON text: the same values and the same bytes with and without orjson. The one door to it."""

from __future__ import annotations

import json
from typing import Any, cast

from groupcore.errors import InputError

try:
    import orjson as _orjson
except ImportError:  # the extra "fast" is not installed
    _orjson = None  # type: ignore[assignment]

orjson: Any = _orjson

DEEPEST = 200  # levels of a document; beyond, the two readers would give up at different depths


def loads(data: bytes | str, where: str = "") -> Any:
    """The value of a JSON text. Raises InputError, with the column, when it is none.

    Of a key given twice the last counts. NaN and infinities are refused, integers of any size are kept.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    value = glance(raw)
    if type(value) is dict and _PLAIN.issuperset(map(type, value.values())):
        return value  # what most rows hold: neither deep nor with a float
    if value is None or _is_unusual(raw):
        return _loads_slowly(data, where)  # it names the column, and lone surrogates are fine with it
    return value


def loads_both(data: bytes, more: bytes | None) -> dict[str, Any]:
    """The object *data* with the keys of the object *more* in it, each read as by `loads`; what is none raises."""
    value = glance(data)
    hidden = {} if more is None else glance(more)
    if type(value) is dict and type(hidden) is dict:
        value.update(hidden)
        if _PLAIN.issuperset(map(type, value.values())):
            return value
        if not (_is_unusual(data) or (more is not None and _is_unusual(more))):
            return value
    value = loads(data)
    if more is not None:
        value.update(loads(more))
    return cast("dict[str, Any]", value)


def glance(raw: bytes) -> Any:
    """As `loads`, in half the time, or None: then ask `loads`. Integers beyond 64 bits may come as floats.

    For who looks at the types of the value anyway.
    """
    if orjson is None:
        return None
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None


_ONE_DIGIT = bytes.maketrans(b"123456789", b"0" * 9)
_HUGE = b"0" * 19  # from here on orjson makes floats of integers, silently


def _is_unusual(raw: bytes) -> bool:
    return _HUGE in raw.translate(_ONE_DIGIT) or raw.count(b"[") + raw.count(b"{") > DEEPEST


def _loads_slowly(data: bytes | str, where: str) -> Any:
    try:
        text = data if isinstance(data, str) else data.decode()
        _check_depth(text)
        return _READER.decode(text)
    except UnicodeDecodeError as error:
        raise InputError(f"invalid UTF-8 at byte {error.start + 1}", where) from None
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if "\n" in error.doc.strip() else ""
        raise InputError(f"invalid JSON: {error.msg} at {line}column {error.colno}", where) from None
    except ValueError as error:
        raise InputError(f"invalid JSON: {error}", where) from None


def _check_depth(text: str) -> None:
    """Brackets inside strings count too: a text of 200 of them is looked at twice, not refused."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    depth, inside, skip = 0, False, False
    for char in text:
        if skip:
            skip = False
        elif inside:
            skip, inside = char == "\\", char != '"'
        else:
            inside = char == '"'
            depth += (char in "[{") - (char in "]}")
            if depth > DEEPEST:
                raise ValueError(f"nested deeper than {DEEPEST} levels")


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON number")


def _finite(literal: str) -> float:
    value = float(literal)
    return value if value - value == 0 else _refuse(literal)


_READER = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)
_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def dumps(value: Any) -> bytes:
    """The one canonical JSON text of *value*: UTF-8, keys sorted, no spaces, nothing escaped without need.

    Digests are taken over it. Floats are written as Python's ``repr`` does: orjson's way differs, and has
    changed between its versions. Raises InputError for NaN, infinities, and what nests too deep.
    """
    try:
        if orjson is not None and _is_floatless(value):
            return cast(bytes, orjson.dumps(value, option=_OPTIONS)[:-1])
    except (TypeError, RecursionError):
        pass  # integers beyond 64 bits and lone surrogates are fine with the other writer
    return _dumps_slowly(value)


def dumps_plain(value: Any) -> bytes:
    """As `dumps`, for a value that is known to hold no floats: it is not searched for them."""
    if orjson is not None:
        try:
            return cast(bytes, orjson.dumps(value, option=_OPTIONS)[:-1])
        except (TypeError, RecursionError):
            pass
    return _dumps_slowly(value)


def pack(value: Any) -> bytes:
    """JSON for ourselves: keys in the order they have, no digest over it; `unpack` is the way back."""
    try:
        if orjson is not None:
            return cast(bytes, orjson.dumps(value))
    except TypeError:
        pass  # as in `dumps`
    return b" " + json.dumps(value, allow_nan=False, separators=(",", ":")).encode()


def unpack(raw: bytes) -> Any:
    """The value that `pack` wrote down. Raises ValueError for what it never wrote."""
    return json.loads(raw) if orjson is None or raw.startswith(b" ") else orjson.loads(raw)


# A line end, only to be cut off: what is cut is a copy. orjson's own bytes are a kilobyte each, shrunk where they lie;
# to keep many of those costs two microseconds each, since the memory behind them is handed back and asked for again.
_OPTIONS = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_APPEND_NEWLINE
    if orjson is not None
    else 0
)


def _dumps_slowly(value: Any) -> bytes:
    try:
        # only lone surrogates cannot be encoded, and "backslashreplace" writes them as JSON does
        return _WRITER.encode(value).encode("utf-8", "backslashreplace")
    except RecursionError:
        raise InputError("nested too deep to be written") from None
    except ValueError as error:
        raise InputError(f"cannot be written as JSON: {error}") from None


_PLAIN = frozenset({str, int, bool, type(None)})


def _is_floatless(value: Any) -> bool:
    """Whether orjson writes *value* as the standard library does. Any class it does not know says no."""
    kind = type(value)
    if kind in _PLAIN:
        return True
    if kind is dict:
        value = value.values()
    elif kind is not list and kind is not tuple:
        return False
    return _PLAIN.issuperset(map(type, value)) or all(map(_is_floatless, value))
