"""What emoji are called in Chinese."""

from __future__ import annotations

import re
from functools import cache

from groupcore.text.tables.packages import package

_LONGEST = 6
_TILES = [
    *"东南西北中发白",
    *(f"{count}{suit}" for suit in "万条筒" for count in "一二三四五六七八九"),
    *"梅兰竹菊春夏秋冬",
]
_FIRST_TILE = 0x1F000
_TEN = "\U0001f51f"


@cache
def names() -> dict[str, str]:
    """The Chinese name of each emoji of one character, variation selectors left out: 🐶 is ``狗脸``.

    The tiles of mahjong are in, by what Unicode calls them: 🀃, "north wind", is ``北``.
    """
    emoji = package("emoji", "emoji")
    emoji.config.load_language("zh")
    found: dict[str, str] = {}
    for sign, data in emoji.EMOJI_DATA.items():
        bare = sign.replace("\ufe0f", "")
        name = re.sub("[:_]", "", data.get("zh", ""))
        if len(bare) == 1 and name and len(name) <= _LONGEST:
            found.setdefault(bare, name)
    tiles = {chr(sign): name for sign, name in enumerate(_TILES, _FIRST_TILE)}
    return {**tiles, **found, _TEN: "十"}
