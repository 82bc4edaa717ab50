"""Foldings of letters: marks, enclosed letters, look-alikes of other scripts, traditional characters, numerals.

Each takes one character for one, or drops some; each says by ``touched`` which characters it may change at all, so that
a text without them passes at the price of one search.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from groupcore.text.tables import lookalikes, variants

Edit = tuple[int, int, int]

LATIN_MARKED = "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
TWINS = (
    "\u0250-\u02af\u0370-\u052f\u0531-\u058f\u13a0-\u13fd\u2c00-\u2dff\ua4d0-\ua4ff\ua640-\ua69f\U00010280-\U000104ff"
)


def _class(ranges: str) -> re.Pattern[str]:
    return re.compile(f"[{ranges}]")


# marks -------------------------------------------------------------------------------------------------------------


@cache
def _bare() -> dict[int, str]:
    """Each Latin letter with marks, to the letter alone."""
    found = {}
    for char in map(chr, [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]):
        base = unicodedata.normalize("NFD", char)[0]
        if base != char and base.isascii():
            found[ord(char)] = base
    return found


@cache
def _marks() -> re.Pattern[str]:
    return _class(MARKS)


def without_marks(text: str) -> str:
    """*text* without accents and without whatever else is stacked on letters."""
    return _marks().sub("", text.translate(_bare()))


def mark_edits(text: str) -> Iterator[Edit]:
    """Where `without_marks` dropped something."""
    for match in _marks().finditer(text):
        yield match.start(), match.end(), 0


# enclosed ----------------------------------------------------------------------------------------------------------

_ENCLOSED_STARTS = {0x1F130: 26, 0x1F150: 26, 0x1F170: 26, 0x1F1E6: 26}  # 🄰 🅐 🅰 🇦
_ENCLOSED = {
    start + index: chr(ord("a") + index) for start, count in _ENCLOSED_STARTS.items() for index in range(count)
}
_DINGBATS = {start + index: str((index + 1) % 10) for start in (0x2776, 0x2780, 0x278A, 0x24F5) for index in range(9)}
ENCLOSED = (
    "\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189\U0001f1e6-\U0001f1ff\u24f5-\u24fd\u2776-\u2792"
)


def without_enclosures(text: str) -> str:
    """*text* with letters and digits taken out of the squares and discs that Unicode leaves them in."""
    return text.translate(_ENCLOSED | _DINGBATS)


# digits ------------------------------------------------------------------------------------------------------------

FINANCIAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟零〇弌弍弎貳參陸", "一二三四五六七八九十百千〇〇一二三二三六")
DIGITS = "壹贰叁肆伍陆柒捌玖拾佰仟零弌弍弎貳參陸"


@cache
def _other_digits() -> re.Pattern[str]:
    return re.compile(r"[^\D0-9]")


def plain_digits(text: str) -> str:
    """*text* with the digits of every script as 0 to 9, and formal Chinese numerals as everyday ones."""
    return _other_digits().sub(lambda match: str(unicodedata.digit(match[0], 0)), text.translate(FINANCIAL))


# confusables -------------------------------------------------------------------------------------------------------


@cache
def _foreign_run() -> re.Pattern[str]:
    return re.compile(f"(?<![a-zA-Z])[a-zA-Z]*+[{TWINS}][a-zA-Z{TWINS}]*")  # begun once a run: linear


def latinised(text: str) -> str:
    """*text* with the letters of other scripts as the Latin ones they look like, in words that are made to mislead.

    These are words with letters of two scripts, and words of nothing but look-alikes; other Russian and Greek is kept.
    """
    return _foreign_run().sub(_latinised_run, text)


def _latinised_run(match: re.Match[str]) -> str:
    run = match[0]
    written = run.translate(lookalikes.latin_twins())
    return written if written.isascii() or any(char.isascii() for char in run) else run


# traditional -------------------------------------------------------------------------------------------------------


def to_simplified(text: str) -> str:
    """*text* with traditional characters as simplified ones, one for one."""
    return text.translate(variants.simplified())


@cache
def traditional() -> str:
    """The characters that `to_simplified` changes, for a regular expression.

    Beyond the basic plane it is all that are there: a pattern looks through such characters one by one.
    """
    basic = [point for point in sorted(variants.simplified()) if point <= 0xFFFF]
    return "".join(map(chr, basic)) + "\U00020000-\U0003ffff"
