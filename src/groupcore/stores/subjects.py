"""Whom a row is about, as far as its data says so: what explanations look rows up by.

Chat (messages posted and deleted) is most of a log and says nothing of how anybody stands: it is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from groupcore.events import Row
from groupcore.wire import dumps, loads

CHAT = ("message-posted", "message-deleted", "rule-abstained")
"""The types that are looked up by no subject."""

KEYS = ("member", "person", "author", "message")
"""The keys of the data that name a subject: the first that is there counts."""


def subject_of(data: bytes) -> str | None:
    """The subject that the data of a row names, or None."""
    try:
        plain = loads(data)
    except ValueError:
        return None
    if not isinstance(plain, dict):
        return None
    named = (plain.get(key) for key in KEYS)
    return next((subject for subject in named if subject is not None), None)


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
