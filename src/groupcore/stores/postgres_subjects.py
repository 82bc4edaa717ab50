"""The index of subjects in a log on a PostgreSQL server: where the rows stand that are about somebody.

It is of numbers, and two subjects of two streams may have the same: what is found is looked at once more. No chat is in
it.
"""

from __future__ import annotations

from collections.abc import Collection

from groupcore.stores.base import is_text
from groupcore.stores.postgres_pool import Connection
from groupcore.stores.postgres_rows import escaped

# The index is used where its expression and its condition stand, as the migration has them.
_FIND = """
SELECT position FROM events
WHERE type <> 'message-posted' AND type <> 'message-deleted' AND type <> 'rule-abstained'
AND subject_key(stream, data) = ANY(ARRAY(
    SELECT hashtextextended(subject COLLATE "C", hashtextextended(%s COLLATE "C", 0))
    FROM unnest(%s::text[]) AS asked (subject)
    UNION ALL SELECT hashtextextended(%s COLLATE "C", 0)
))
"""


def positions_about(db: Connection, stream: str, subjects: Collection[str]) -> list[int]:
    """Where the rows stand that may be of *stream* and about one of *subjects*, or about nobody, in order."""
    asked = [subject for subject in subjects if is_text(subject) and "\0" not in subject]  # others are with nobody's
    stored = escaped(stream)
    return sorted(position for (position,) in db.execute(_FIND, (stored, asked, stored)))
