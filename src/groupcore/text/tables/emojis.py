"""What emoji are called in Chinese."""

from __future__ import annotations

import re
from functools import cache

from groupcore.text.tables.packages import package

_LONGEST = 6


@cache
def names() -> dict[str, str]:
    """The Chinese name of each emoji of one character, variation selectors left out: 🐶 is ``狗脸``."""
    emoji = package("emoji", "emoji")
    emoji.config.load_language("zh")
    found: dict[str, str] = {}
    for sign, data in emoji.EMOJI_DATA.items():
        bare = sign.replace("\ufe0f", "")
        name = re.sub("[:_]", "", data.get("zh", ""))
        if len(bare) == 1 and name and len(name) <= _LONGEST:
            found.setdefault(bare, name)
    return found
