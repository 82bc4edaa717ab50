"""What the content policies write into their matches: where, and in which string of which part."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Located(Protocol):
    """Anything that was found at a place of the text, or of the string of a part that ``field`` names."""

    @property
    def start(self) -> int:
        """The first code point."""

    @property
    def end(self) -> int:
        """The one after the last."""

    @property
    def field(self) -> str | None:
        """None for the text."""


def spans_of(hits: Iterable[Located]) -> tuple[tuple[int, int], ...]:
    """The spans of *hits* in the text of the message, in order, each once."""
    return tuple(sorted({(hit.start, hit.end) for hit in hits if hit.field is None}))


def fields_of(hits: Iterable[Located]) -> dict[str, Any]:
    """The evidence that names the strings of parts in which *hits* lie; empty when all lie in the text."""
    names = once(hit.field for hit in hits if hit.field is not None)
    return {"fields": names} if names else {}


class Read(Protocol):
    """Anything that may have been hidden: what was undone to read it, and how sure we are of it."""

    @property
    def steps(self) -> tuple[str, ...]:
        """The names of the tricks, or of what is odd about it."""

    @property
    def score(self) -> float:
        """At most 1."""


def through(hits: Iterable[Read], but: Container[str] = ()) -> dict[str, Any]:
    """The evidence of how *hits* were read: the steps, and how sure the surest is; empty when all was plain to see.

    The steps in *but* say no more than the finding does.
    """
    hits = list(hits)
    steps = once(step for hit in hits for step in hit.steps if step not in but)
    surest = max((hit.score for hit in hits), default=1.0)
    return {**({"through": steps} if steps else {}), **({"score": surest} if surest < 1 else {})}


def once(items: Iterable[T]) -> list[T]:
    """*items* without repetitions, in order."""
    return list(dict.fromkeys(items))
