"""Whom a row is about, as far as its data says so: what explanations look rows up by.

Chat (messages posted and deleted) is most of a log and says nothing of how anybody stands: it is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from groupcore.events import Row
from groupcore.wire import dumps, loads

CHAT = ("message-posted", "message-deleted", "rule-abstained")
"""The types that are looked up by no subject."""

KEYS = ("member", "person", "author", "message")
"""The keys of the data that name a subject: the first that is there counts."""


Subjects: TypeAlias = tuple[str | None, ...]
"""What a row is looked up by: one subject, None where it names nobody; empty where nobody looks it up."""


def subject_of(data: bytes) -> str | None:
    """The subject that the data of a row names, or None."""
    try:
        plain = loads(data)
    except ValueError:
        return None
    return _named_in(plain) if isinstance(plain, dict) else None


def _named_in(plain: Mapping[str, Any]) -> Any:
    named = (plain.get(key) for key in KEYS)
    return next((subject for subject in named if subject is not None), None)


def subjects_of(type: str, plain: Mapping[str, Any]) -> Subjects:
    """What a row of this *type*, with the data *plain*, is looked up by; for an index of them."""
    if type in CHAT:
        return ()
    subject = _named_in(plain)
    return (subject,) if subject is None or isinstance(subject, str) else ()


def concerning(rows: Iterable[Row], subjects: Collection[str]) -> Iterator[Row]:
    """Those of *rows* that are about one of *subjects* or about nobody, without chat. Looks at each of them."""
    needles = [dumps(subject) for subject in subjects]
    for row in rows:
        if row.type in CHAT:
            continue
        if any(needle in row.data for needle in needles):
            if (subject := subject_of(row.data)) is None or subject in subjects:
                yield row
        elif not any(f'"{key}":'.encode() in row.data for key in KEYS) or subject_of(row.data) is None:
            yield row
