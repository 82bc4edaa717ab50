"""Sets of characters that reading turns on, as ranges for a regular expression.

They are written out rather than asked of `unicodedata`, so that a rulebook reads a text alike on every Python;
the tests hold them against the Unicode tables of the running one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

VERSION = 1  # raised when a set changes

INVISIBLE = (
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Format characters (Cf), variation selectors, fillers and all else that is ignorable by default."""

PLAIN = (
    "\x00-@\\[-\x7f"  # ASCII without capitals
    "\u00b7\u00e0-\u00f6\u00f8-\u00fe\u0430-\u045f"
    "\u2014\u2018\u2019\u201c\u201d\u2600-\u27bf"
    "\u3001-\u3005\u3007-\u3011\u3014-\u301b\u3041-\u3096\u30a1-\u30fa\u30fc"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\U0001f300-\U0001f64f\U0001f680-\U0001f6d7\U0001f900-\U0001f9ff"
)
"""Starters that width, case and invisible leave as they are, alone and beside each other: what most text is made of."""

UNMARKED = (
    "\u00a0-\u02ff\u0370-\u0482\u048a-\u0590\u05d0-\u05ff\u061b-\u064a\u066e\u066f\u0671-\u06d5\u0904-\u0939"
    "\u0e01-\u0e30\u1100-\u11ff\u1e00-\u2027\u2030-\u205f\u2070-\u20cf\u2100-\u2cee\u2e80-\u3029\u3030-\u3098\u309b-\ua48f"
    "\uac00-\ufb1d\ufb1f-\ufdff\ufe30-\uff9d\uffa0-\uffff\U0001f000-\U0001faff\U00020000-\U0003ffff"
)
"""More characters that begin anew in the order of marks: whatever goes before them is settled."""

UNSPACED = (
    "\u0e01-\u0e4e\u0e81-\u0ecd\u0edc-\u0edf\u0f00-\u0f17\u0f35-\u0fbc\u1000-\u103f\u1050-\u108f\u109a-\u109f"
    "\u1100-\u11ff\u1780-\u17d3\u1950-\u19df\u1a20-\u1a7f\u1aa0-\u1aad\u2e80-\u2fd5"
    "\u3005-\u3007\u3021-\u302f\u3031-\u3035\u3038-\u303c\u3041-\u3096\u3099-\u309f\u30a1-\u30fa\u30fc-\u318e"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua48c\ua960-\ua97c\ua9e0-\ua9ef\ua9fa-\ua9fe"
    "\uaa60-\uaadf\uac00-\ud7fb\uf900-\ufad9\uff66-\uffdc"
    "\U00016fe0-\U00018cff\U0001aff0-\U0001b2ff\U00020000-\U0003ffff"
)
"""Letters of scripts without spaces between words: Han, kana, Hangul, Yi, Thai, Lao, Khmer, Burmese, Tibetan."""


@cache
def finder(ranges: str) -> re.Pattern[str]:
    """The pattern for one character of *ranges*; ``^`` first for one outside. Compiled when first asked for (4 ms)."""
    return re.compile(f"[{ranges}]")


def is_unspaced(text: str) -> bool:
    """Whether *text* holds a letter of a script that is written without spaces."""
    return not text.isascii() and finder(UNSPACED).search(text) is not None


def continues_word(char: str) -> bool:
    """Whether *char* beside a Latin word makes it part of a longer one: a letter, digit or mark of a spaced script.

    A combining mark belongs to the letter before it. The underscore is no letter, and neither is a Han character:
    ``cs`` stands alone in ``玩cs吧``.
    """
    if char.isascii():
        return char.isalnum()
    return (char.isalnum() or unicodedata.category(char) in ("Mn", "Mc")) and not is_unspaced(char)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` ends where a word does: no letter touches its first letter, none its last."""
    if start and continues_word(text[start]) and continues_word(text[start - 1]):
        return False
    return not (end < len(text) and continues_word(text[end - 1]) and continues_word(text[end]))
