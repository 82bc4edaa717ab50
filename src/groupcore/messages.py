"""The message and its parts, as a platform hands them over.

A `Message` is what a bot received; a `Part` is what it carries beside its text: a link card, a mini-program,
an image with the QR codes that somebody decoded, a file, a contact card.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from math import isfinite
from typing import Any, Literal

from attrs import field, frozen

from groupcore.clock import RESOLUTIONS, Resolution, instant
from groupcore.errors import InputError

PartKind = Literal[
    "link", "mini-program", "image", "file", "contact-card", "red-packet", "voice", "video",
    "sticker", "location", "forwarded", "unknown",
]  # fmt: skip

PART_FIELDS: dict[str, tuple[str, ...]] = {
    "link": ("url", "title", "description"),
    "mini-program": ("app", "title"),
    "image": ("qr",),
    "file": ("name",),
    "contact-card": ("contact",),
    "forwarded": ("messages",),
    "red-packet": (), "voice": (), "video": (), "sticker": (), "location": (), "unknown": (),
}  # fmt: skip


def scrub(text: str) -> str:
    """*text* with lone surrogates replaced by U+FFFD, one for one, so that it can be stored as UTF-8."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


DEEPEST = 64  # levels in a part; a log could not be read again that nests without end


def _json(value: Any, depth: int = 0) -> Any:
    """*value* as it will come back from a log. Raises InputError for what JSON cannot say."""
    if isinstance(value, str):
        return scrub(value)
    if value is None or isinstance(value, int):
        return value
    if depth > DEEPEST:
        raise InputError(f"a part nests deeper than {DEEPEST} levels")
    if isinstance(value, Mapping):
        return {scrub(str(key)): _json(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json(item, depth + 1) for item in value]
    if isinstance(value, float) and isfinite(value):
        return value
    raise InputError(f"a part holds what JSON can say, not {value!r:.50}")


def _fields(data: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = _json(data)
    fields.pop("kind", None)
    return fields


def _kind(_: Any, __: Any, value: Any) -> None:
    if value not in PART_FIELDS:
        raise InputError(f"{value!r} is no kind of part; use Part.of for kinds of other makers")


@frozen
class Part:
    """One thing a message carries beside its text.

    ``kind`` says what it is; ``data`` holds its fields (see ``PART_FIELDS``). A kind that we do not know is kept
    as ``unknown``, with all it came with.

    >>> Part.of({"kind": "mini-program", "app": "wx12@app", "title": "sale"}).get("app")
    'wx12@app'
    """

    kind: PartKind = field(validator=_kind)
    data: Mapping[str, Any] = field(factory=dict, converter=_fields)

    def __hash__(self) -> int:
        return hash((self.kind, repr(sorted(self.data.items(), key=lambda item: item[0]))))

    @classmethod
    def of(cls, mapping: object, where: str = "part") -> Part:
        """The part of ``{"kind": ..., field: ...}``; raises InputError when it is none."""
        if not isinstance(mapping, Mapping) or not isinstance(mapping.get("kind"), str):
            raise InputError('a part is an object with a "kind", such as {"kind": "link", "url": ...}', where)
        kind: Any = mapping["kind"]
        if kind not in PART_FIELDS:
            return cls._made("unknown", {**mapping, "kind_given": kind}, where)
        for name in PART_FIELDS[kind]:
            _check_field(kind, name, mapping.get(name), where)
        return cls._made(kind, mapping, where)

    @classmethod
    def _made(cls, kind: PartKind, data: Mapping[str, Any], where: str) -> Part:
        try:
            return cls(kind, data)
        except InputError as error:
            raise InputError(error.what, where) from None

    def to_mapping(self) -> dict[str, Any]:
        """The object that `Part.of` reads back."""
        return {"kind": self.kind, **self.data}

    def get(self, name: str, default: Any = None) -> Any:
        """The field *name*, or *default*."""
        value = self.data.get(name)
        return default if value is None else value

    def strings(self) -> Iterator[tuple[str, str]]:
        """Each piece of text that people see, with the name of its field: ``("title", "sale")``."""
        for name in PART_FIELDS[self.kind]:
            value = self.data.get(name)
            if isinstance(value, str) and name not in ("url", "app"):
                yield name, value


def _check_field(kind: str, name: str, value: Any, where: str) -> None:
    wanted, word = ((list, tuple), "list") if name in ("qr", "messages") else (str, "string")
    if value is not None and not isinstance(value, wanted):
        raise InputError(f'"{name}" of a part of kind {kind} must be a {word}', where)
    if name == "qr" and value is not None and not all(isinstance(item, str) for item in value):
        raise InputError('"qr" of an image part is a list of strings, one for each decoded payload', where)


def _parts(value: Iterable[Any]) -> tuple[Part, ...]:
    return tuple(part if isinstance(part, Part) else Part.of(part) for part in value)


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise InputError(f"{value!r} is no identifier; it must be a string that is not empty")
    return scrub(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise InputError(f"{value!r:.50} is no text; it must be a string, and '' where there is none")
    return scrub(value)


def _resolution(_: Any, __: Any, value: Any) -> None:
    if value not in RESOLUTIONS:
        raise InputError(f"{value!r} is no resolution; it is one of {', '.join(RESOLUTIONS)}")


@frozen(kw_only=True)
class Message:
    """A message as a bot received it.

    ``at`` is when it was sent: microseconds since the epoch, an RFC 3339 string or an aware datetime (naive times
    are refused). ``id`` is the platform's own and unique in its group. ``source`` names platform and feed where
    one log takes in several.
    """

    group: str = field(converter=_name)
    author: str = field(converter=_name)
    id: str = field(converter=_name)
    at: int = field(converter=instant)
    text: str = field(default="", converter=_text)
    parts: tuple[Part, ...] = field(default=(), converter=_parts)
    resolution: Resolution = field(default="us", validator=_resolution)
    source: str = field(default="", converter=scrub)

    @staticmethod
    def at_of(moment: datetime | str | int) -> int:
        """The microseconds of *moment*: what ``at`` becomes."""
        return instant(moment)
