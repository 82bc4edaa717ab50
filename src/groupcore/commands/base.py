"""What every wish has: a time, perhaps an id, and the fact that it becomes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from attrs import field, frozen

from groupcore.clock import duration, instant


def instant_or_never(value: object) -> int | None:
    """The instant that *value* names, or None: never."""
    return None if value is None else instant(value)  # type: ignore[arg-type]


def words_in(words: Iterable[str]) -> tuple[str, ...]:
    """Words in the order in which they come."""
    return tuple(words)


def duration_or_none(value: object) -> int | None:
    """The microseconds that *value* names, or None."""
    return None if value is None else duration(value)  # type: ignore[arg-type]


@frozen(kw_only=True)
class Command:
    """A wish, made at ``at`` by somebody. The same ``id`` again gets the first answer, whenever it comes.

    An id is the caller's: of a request, of a button pressed. Another wish under it is refused (`CommandConflict`);
    ``at`` is no part of what is wished. Without an id, each is a wish of its own.
    """

    leads_to: ClassVar[str] = ""  # the type of the fact that it becomes, whose fields are named as its own
    filled: ClassVar[frozenset[str]] = frozenset()  # fields that are filled in where they are left empty
    whole: ClassVar[bool] = False  # whether all facts that it leads to are recorded at once, or none

    at: int = field(converter=instant)
    id: str = ""
