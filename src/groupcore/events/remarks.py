"""Remarks: what a line says that nobody reads. The line is taken all the same, and whoever imports it is told.

A newer version may write more keys, and other makers have parts of their own; but most often somebody mistyped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from groupcore.messages import PART_FIELDS
from groupcore.wire import did_you_mean

LINE_KEYS = frozenset({"type", "at", "group", "data", "id", "resolution", "source"})
"""What a line of facts may say."""

ENVELOPE_KEYS = LINE_KEYS | {
    "position", "stream", "version", "schema", "cause", "claimed_at", "judged", "org_seen", "recorded_at", "salt",
    "private", "private_digest", "digest", "more",
}  # fmt: skip
"""What a line of a log says, too. Lines of facts may be copied from there."""

_DEEPEST = 8  # forwarded records inside forwarded records; deeper ones are not read


def remarks_on(line: Mapping[str, Any]) -> Iterator[str]:
    """In words, what *line* says that nobody reads: keys, and kinds and fields of the parts of a message.

    >>> list(remarks_on({"type": "member-left", "resoluton": "s"}))
    ["no line has a key 'resoluton', so it was passed over (did you mean 'resolution'?)"]
    """
    for key in sorted(unread_keys(line)):
        hint = did_you_mean(key, LINE_KEYS)
        yield f"no line has a key {key!r}, so it was passed over ({hint})"
    data = line.get("data")
    if isinstance(data, Mapping) and "parts" in data:
        yield from remarks_on_parts(data["parts"])


def unread_keys(line: Mapping[str, Any]) -> set[str]:
    """The keys of *line* that no line of facts and no line of a log has."""
    return line.keys() - ENVELOPE_KEYS


def remarks_on_parts(parts: Any, depth: int = 0) -> Iterator[str]:
    """In words, the kinds of *parts* that nobody knows, and the fields that look like others mistyped."""
    if not isinstance(parts, Iterable) or depth > _DEEPEST:
        return
    for part in parts:
        kind = part.get("kind") if isinstance(part, Mapping) else None
        if not isinstance(kind, str):
            continue
        if kind not in PART_FIELDS:
            yield f"no part has the kind {kind!r}, so it was kept as 'unknown' ({did_you_mean(kind, PART_FIELDS)})"
            continue
        yield from _remarks_on_fields(kind, part)
        if kind == "forwarded":
            yield from _remarks_on_records(part.get("messages"), depth + 1)


def _remarks_on_fields(kind: str, part: Mapping[str, Any]) -> Iterator[str]:
    """Other makers add fields of their own; only one that looks like a field that is missing is worth a word."""
    missing = [name for name in PART_FIELDS[kind] if name not in part]
    for field in sorted(part.keys() - {"kind", *PART_FIELDS[kind]}) if missing else ():
        hint = did_you_mean(field, missing)
        if hint.startswith("did you mean"):
            yield f"a part of the kind {kind!r} has no field {field!r}, so no rule reads it ({hint})"


def _remarks_on_records(messages: Any, depth: int) -> Iterator[str]:
    for message in messages if isinstance(messages, list | tuple) else ():
        if isinstance(message, Mapping):
            yield from remarks_on_parts(message.get("parts"), depth)
