from __future__ import annotations

import sys
import unicodedata

from groupcore.text.characters import INVISIBLE, PLAIN, UNMARKED, UNSPACED, continues_word, finder, is_unspaced

EVERY = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]


def test_plain_characters_are_left_alone_by_every_folding() -> None:
    plain = finder(PLAIN)
    for char in filter(plain.match, EVERY):
        assert unicodedata.normalize("NFKC", char) == char == char.casefold() == char.lower()
        assert unicodedata.combining(char) == 0
        assert not finder(INVISIBLE).match(char)


def test_plain_characters_never_melt_into_the_one_before() -> None:
    """What may compose with the character before it is a mark or a vowel of Hangul, and none of them is plain."""
    plain = finder(PLAIN)
    for char in EVERY:
        if len(decomposed := unicodedata.normalize("NFD", char)) > 1:
            assert not any(plain.match(mark) for mark in decomposed[1:])


def test_every_format_character_is_invisible() -> None:
    invisible = finder(INVISIBLE)
    assert not [hex(ord(char)) for char in EVERY if unicodedata.category(char) == "Cf" and not invisible.match(char)]


def test_nothing_that_people_see_as_a_letter_is_invisible() -> None:
    fillers = "\u115f\u1160\u3164\uffa0"  # letters by category, and blank
    invisible = finder(INVISIBLE)
    seen = [char for char in EVERY if invisible.match(char) and unicodedata.category(char)[0] in "LNPS"]
    assert "".join(seen) == fillers


def test_scripts_without_spaces() -> None:
    for char in "微ひカ한ไດ་ကខㄅꀀ𠀀":
        assert is_unspaced(char), char
    for char in "aéяאعहω1_!😀，":
        assert not is_unspaced(char), char
    for char in filter(finder(UNSPACED).match, EVERY):
        name = unicodedata.name(char, "")
        assert not name.startswith(("LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "DEVANAGARI")), name


def test_what_continues_a_word() -> None:
    assert all(map(continues_word, "aZ0éяह\u093f\u0301"))
    assert not any(map(continues_word, "_ -。，微ひ한😀\u20e3"))


def test_unmarked_characters_never_move_among_marks() -> None:
    for char in filter(finder(UNMARKED).match, EVERY):
        assert unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) == 0, hex(ord(char))
