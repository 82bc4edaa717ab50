"""Letters of other scripts that look like Latin ones. Han characters are never among them."""

from __future__ import annotations

import unicodedata
from functools import cache

from groupcore.text.characters import is_unspaced
from groupcore.text.tables.packages import package


@cache
def latin_twins() -> dict[int, str]:
    """For `str.translate`: each letter that looks like a small or capital letter from A to Z, to that letter."""
    data = package("confusable_homoglyphs.confusables", "confusable-homoglyphs").confusables_data
    twins: dict[int, str] = {}
    for char, others in data.items():
        letters = [twin["c"] for twin in others if len(twin["c"]) == 1 and twin["c"].isascii() and twin["c"].isalpha()]
        if letters and _is_foreign_letter(char):
            twins[ord(char)] = min(letters, key=lambda letter: (letter.isupper() != char.isupper(), letter))
    return twins


def _is_foreign_letter(char: str) -> bool:
    """Punctuation and digits are left alone, and so is all that is written without spaces."""
    return len(char) == 1 and not char.isascii() and unicodedata.category(char)[0] == "L" and not is_unspaced(char)
