from __future__ import annotations

from hypothesis import given
from tests.text.strategies import texts

from groupcore.messages import Part
from groupcore.text import Reader, fingerprint

STICKER = Part.of({"kind": "sticker"})
SHOP = Part.of({"kind": "mini-program", "app": "wx12@app", "title": "sale"})


def test_case_width_invisibles_and_white_space_do_not_count() -> None:
    assert fingerprint("加 V：ABC\n") == fingerprint("加Ｖ:\u200babc")
    assert fingerprint("a") != fingerprint("b")


def test_there_is_nothing_to_compare_in_blanks_and_lone_stickers() -> None:
    assert fingerprint("") == fingerprint(" \u200b\n") == fingerprint("", [STICKER]) == ""


def test_parts_count_with_what_they_say() -> None:
    assert fingerprint("", [SHOP]) not in ("", fingerprint("", [Part.of({"kind": "mini-program", "app": "other"})]))
    assert fingerprint("hi", [STICKER]) != fingerprint("hi")
    assert fingerprint("hi", [SHOP]) == fingerprint("HI", [SHOP])


@given(texts)
def test_the_key_of_a_reading_is_the_fingerprint(text: str) -> None:
    assert Reader({}).read(text, (SHOP,)).key == fingerprint(text, (SHOP,))
    assert Reader({}).read(text).key == fingerprint(text)
