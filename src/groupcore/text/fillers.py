"""What is written into a host or a number for a reader to take out: ``exam删ple.com``, ``138（删）00138000``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from groupcore.text.rewriting import MOST_REWRITES, Rewrite


def may_hold_fillers(text: str) -> bool:
    """Whether *text* says what to take out. Two looks at a text in Chinese."""
    return "删" in text or asks_for_all(text)


def asks_for_all(text: str) -> bool:
    """Whether a reader of *text* is asked to take all Chinese characters out."""
    return ("去" in text or "删" in text) and _asked().search(text) is not None


def fillers(text: str) -> Iterator[Rewrite]:
    """What a reader of *text* takes out: ``删`` between letters and digits, or all Chinese where that is asked for."""
    pattern = _all_chinese() if asks_for_all(text) else _named()
    for match in islice(pattern.finditer(text), MOST_REWRITES):
        yield Rewrite(*match.span(), "", "filler")


@cache
def _asked() -> re.Pattern[str]:
    """A reader is asked to take Chinese characters out."""
    return re.compile(r"[去删](?:掉|除)?(?:里面|中间)?的?(?:中文|汉字|文字)")


@cache
def _named() -> re.Pattern[str]:
    return re.compile(
        r"(?<=[a-zA-Z0-9.点])[(（\[【<《「]?(?:删[除掉去]?|去掉)[)）\]】>》」]?(?=[a-zA-Z0-9.点])"
        r"|(?<=[a-zA-Z0-9.])[(（\[【](?:删[除掉去]?|去掉)[^\W\d_]{0,2}[)）\]】](?=[a-zA-Z0-9.])"
    )


@cache
def _all_chinese() -> re.Pattern[str]:
    return re.compile(r"(?<=[a-zA-Z0-9.])[\u4e00-\u70b8\u70ba-\u9fff]{1,4}(?=[a-zA-Z0-9.])")  # 点 is a dot
