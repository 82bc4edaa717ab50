"""Letters that are taken for Latin ones in a host name, after casefold and without their marks. Han is never mapped."""

from __future__ import annotations

VERSION = 1  # raised when the table changes

_LOOKS_LIKE = {
    "a": "аɑαǎ",
    "b": "ЬьвƄʙ",
    "c": "сϲⅽᴄ",
    "d": "ԁɗđⅾ",
    "e": "еєҽɛ℮",
    "f": "ƒғſϝ",
    "g": "ɡցǥ",
    "h": "һհħн",
    "i": "іıɩιӏ1l|ｌⅼɪ!",
    "j": "јϳʝ",
    "k": "кκқᴋ",
    "m": "мⅿ",
    "n": "пոռηп",
    "o": "оοσօ0ø",
    "p": "рρϼ",
    "q": "ԛգզ",
    "r": "гᴦɾ",
    "s": "ѕʂꜱ5",
    "t": "тτŧ",
    "u": "υսʋцμ",
    "v": "ѵνᴠ",
    "w": "ѡωԝшա",
    "x": "хχ×",
    "y": "уүγყ",
    "z": "ᴢʐ2",
    "ae": "æӕ",
    "ss": "ß",
}

LOOKS: dict[int, str] = {ord(char): letter for letter, chars in _LOOKS_LIKE.items() for char in chars}
"""For `str.translate`: what a letter looks like."""

SCRIPTS = (
    "a-zA-Z\u00c0-\u024f",
    "\u0370-\u03ff\u1f00-\u1fff",
    "\u0400-\u052f",
    "\u0530-\u058f",
    "\u0590-\u05ff",
    "\u0600-\u06ff",
)
"""Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic: a label has letters of one of them."""
