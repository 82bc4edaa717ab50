"""The pieces of text that the parts of a message carry, each with the name of its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from groupcore.errors import InputError
from groupcore.messages import Part

_DEEPEST = 8  # forwarded records inside forwarded records; deeper ones are not read


class PartString(NamedTuple):
    """One string of a part, such as ``parts[0].title``; *quoted*: somebody else wrote it, *is_link*: an address."""

    field: str
    text: str
    quoted: bool = False
    is_link: bool = False


def strings_of(parts: Sequence[Part], *, quotes: bool = False, addresses: bool = False) -> Iterator[PartString]:
    """What people see of *parts*, in order.

    With *quotes* the records of forwarded messages too, marked ``quoted``. With *addresses* the URL of a link card and
    the payloads of QR codes too, but no file names: ``notes.app`` is a file, no host. Together: those of the records.
    """
    for index, part in enumerate(parts):
        where = f"parts[{index}]"
        yield from _of_part(part, where, addresses, quoted=False)
        if quotes and part.kind == "forwarded":
            yield from _records(part.get("messages", ()), f"{where}.messages", addresses, 1)


def _of_part(part: Part, where: str, addresses: bool, quoted: bool) -> Iterator[PartString]:
    if addresses:
        yield from _addresses(part, where, quoted)
    if not (addresses and part.kind == "file"):
        for name, text in part.strings():
            yield PartString(f"{where}.{name}", text, quoted)


def _addresses(part: Part, where: str, quoted: bool) -> Iterator[PartString]:
    url = part.get("url") if part.kind == "link" else None
    if url and isinstance(url, str):
        yield PartString(f"{where}.url", url, quoted, is_link=True)
    payloads = part.get("qr") if part.kind == "image" else None
    for index, payload in enumerate(payloads if isinstance(payloads, list | tuple) else ()):
        if isinstance(payload, str):
            yield PartString(f"{where}.qr[{index}]", payload, quoted)


def _records(messages: Sequence[Any], where: str, addresses: bool, depth: int) -> Iterator[PartString]:
    """The texts of forwarded *messages*: each a string, or an object with a text and parts of its own."""
    for index, message in enumerate(messages if depth <= _DEEPEST else ()):
        here = f"{where}[{index}]"
        if isinstance(message, str):
            yield PartString(here, message, quoted=True)
        elif isinstance(message, Mapping):
            yield from _record(message, here, addresses, depth)


def _record(message: Mapping[str, Any], where: str, addresses: bool, depth: int) -> Iterator[PartString]:
    if isinstance(text := message.get("text"), str):
        yield PartString(f"{where}.text", text, quoted=True)
    parts = message.get("parts")
    for index, given in enumerate(parts if isinstance(parts, list | tuple) else ()):
        try:
            part = Part.of(given)
        except InputError:
            continue  # a record is kept as it came; what is no part has no text either
        here = f"{where}.parts[{index}]"
        yield from _of_part(part, here, addresses, quoted=True)
        if part.kind == "forwarded":
            yield from _records(part.get("messages", ()), f"{here}.messages", addresses, depth + 1)
