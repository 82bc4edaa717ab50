"""Messages that fill the screen."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from attrs import field, frozen, validators

from groupcore.policies.base import ContentPolicy, Match, Threshold, register
from groupcore.policies.settings import limit
from groupcore.text import Reading

_BREAKS = ("\n", "\r", "\u2028", "\u2029")


@register
@frozen(kw_only=True)
class LengthPolicy(ContentPolicy):
    """A text of more than ``max_chars`` characters, or of more than ``max_lines`` lines, is a finding.

    Only the sender's own text counts, without a quotation in front. Characters are code points after NFC, or the bytes
    of UTF-8 when ``unit`` is ``bytes``. A line break at the very end adds no line; empty lines count. At least one of
    the two limits must be given.
    """

    kind: ClassVar[str] = "length"
    reads_domains: ClassVar[bool] = False

    max_chars: int | None = field(default=None, validator=limit)
    max_lines: int | None = field(default=None, validator=limit)
    unit: Literal["code-points", "bytes"] = field(
        default="code-points", validator=validators.in_(("code-points", "bytes"))
    )

    _short: int = field(init=False, eq=False, repr=False)  # no text of so few characters has too many of any unit

    @_short.default
    def _four_to_one(self) -> int:
        return sys.maxsize if self.max_chars is None else self.max_chars // 4

    def __attrs_post_init__(self) -> None:
        if self.max_chars is None and self.max_lines is None:
            raise ValueError("a length policy needs a limit: give max_chars, max_lines, or both")

    def find(self, reading: Reading) -> Match | None:
        """A match when the text is too long. Short texts are told by their length alone."""
        length, lines = len(reading.text), self.max_lines
        if self._short >= length and (lines is None or lines >= length or lines >= count_lines(reading.text)):
            return None
        start, end = reading.own
        own = reading.text[start:end]
        evidence = {**self._too_many_chars(own), **self._too_many_lines(own)}
        return Match(self.id, ((start, end),), evidence) if evidence else None

    def thresholds(self, evidence: Mapping[str, Any]) -> Iterable[Threshold]:
        """A limit as great as what was counted, where the other one was kept."""
        limits = {"chars": ("max_chars", self.max_chars), "lines": ("max_lines", self.max_lines)}
        found = [(setting, was, evidence[name]) for name, (setting, was) in limits.items() if name in evidence]
        return [Threshold(setting, was, count) for setting, was, count in found if was is not None and len(found) == 1]

    def _too_many_chars(self, own: str) -> dict[str, Any]:
        if self.max_chars is None or (count := self._size(own)) <= self.max_chars:
            return {}
        evidence: dict[str, Any] = {"chars": count, "max_chars": self.max_chars}
        return evidence if self.unit == "code-points" else evidence | {"unit": self.unit}

    def _size(self, own: str) -> int:
        if own.isascii():
            return len(own)
        if self.unit == "bytes":
            return len(own.encode("utf-8", "replace"))
        return len(unicodedata.normalize("NFC", own))

    def _too_many_lines(self, own: str) -> dict[str, Any]:
        if self.max_lines is None or (count := count_lines(own)) <= self.max_lines:
            return {}
        return {"lines": count, "max_lines": self.max_lines}


def count_lines(text: str) -> int:
    r"""The lines of *text*: ends are CR LF, LF, CR, U+2028 and U+2029, and the last one adds none.

    >>> count_lines("a\n\nb\n")
    3
    """
    if not text:
        return 0
    breaks = text.count("\n") + text.count("\u2028") + text.count("\u2029")
    if "\r" in text:
        breaks += text.count("\r") - text.count("\r\n")
    return breaks if text.endswith(_BREAKS) else breaks + 1
