"""Pieces of sentences: quoted so that nothing of a message can steer a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from groupcore.clock import format_instant
from groupcore.events.verdicts import Span

SCOPES = {"group": "group", "owner": "owner's groups", "org": "organisation"}
OPEN, CLOSE = "⟦", "⟧"
"""What stands around the spans of a finding."""


AROUND = 60  # characters shown on each side of a span, where a text is long


def until(at: int | None) -> str:
    """When something ends."""
    return "for ever" if at is None else f"until {format_instant(at)}"


def by(event: Any) -> str:
    """Who did it, in brackets; nothing where nobody is named."""
    return f" (by {plain(event.by)})" if event.by else ""


def because(event: Any) -> str:
    """The reason that was given; nothing where there is none."""
    return f": {plain(event.reason)}" if event.reason else ""


def counted(number: int, noun: str) -> str:
    """So many of something: ``1 strike``, ``2 strikes``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


_STEERING = frozenset("\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def plain(text: str) -> str:
    """*text* with what would steer a terminal or reorder a line written out: ``\\n``, ``\\u202e``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _is_harmless(char) else _escaped(char) for char in text)


def _is_harmless(char: str) -> bool:
    return char not in _STEERING and unicodedata.category(char) not in ("Cc", "Cs")


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode()


def shown(text: str) -> str:
    """A text for one line: as it is, its middle left out where it is long."""
    return plain(text) if len(text) <= 4 * AROUND else f"{plain(text[: 3 * AROUND])}…{plain(text[-AROUND:])}"


def marked(text: str, spans: Iterable[Span]) -> str:
    """*text* with ``⟦`` and ``⟧`` around each span; what is far from any is left out.

    >>> marked("有事请加微信 abc", [(3, 6)])
    '有事请⟦加微信⟧ abc'
    """
    pieces: list[str] = []
    end = 0
    for start, stop in _merged(spans):
        pieces += [_between(text[end:start], first=not pieces), OPEN, shown(text[start:stop]), CLOSE]
        end = stop
    tail = text[end:]
    return "".join(pieces) + (plain(tail) if len(tail) <= 2 * AROUND else f"{plain(tail[:AROUND])}…")


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that touch made one."""
    merged: list[Span] = []
    for start, stop in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged


def _between(text: str, first: bool) -> str:
    """What stands before a span: where it is long, its end, and its beginning unless it is the *first*."""
    if len(text) <= 2 * AROUND:
        return plain(text)
    return f"{'' if first else plain(text[:AROUND])}…{plain(text[-AROUND:])}"
