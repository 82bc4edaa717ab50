"""Traditional characters and the simplified ones that they are written as."""

from __future__ import annotations

import warnings
from functools import cache

from groupcore.text.tables.packages import package


@cache
def simplified() -> dict[int, str]:
    """For `str.translate`: each traditional character to its simplified form, one for one."""
    zhconv = package("zhconv.zhconv", "zhconv")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # zhconv leaves its file to the garbage collector
        zhconv.loaddict(zhconv._DEFAULT_DICT)
    pairs = zhconv.getdict("zh-hans")
    table = {old: new for old, new in pairs.items() if len(old) == len(new) == 1 and old != new}
    return {ord(old): _settled(new, table) for old, new in table.items()}


def _settled(char: str, table: dict[str, str]) -> str:
    """Some characters have two steps to go; folding twice must change nothing more."""
    for _ in range(3):
        if char not in table:
            break
        char = table[char]
    return char
