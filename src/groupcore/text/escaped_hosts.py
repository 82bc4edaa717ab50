"""Hosts that are written as machines write them, and as browsers read them: ``http://example%2Ecom``, ``&#46;``."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from urllib.parse import unquote

from groupcore.text.rewriting import MOST_REWRITES, Rewrite

_IN_A_HOST = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")


def may_be_escaped(text: str) -> bool:
    """Whether *text* may hold an address with an escape in its host."""
    return "://" in text and ("%" in text or "&" in text)


def escaped_hosts(text: str) -> Iterator[Rewrite]:
    """Each escape in the host of an address, as the letter that it stands for; others are left as they are."""
    for authority in islice(_authority().finditer(text), MOST_REWRITES):
        for match in _escape().finditer(text, *authority.span()):
            meant = html.unescape(match[0]) if match[0][0] == "&" else unquote(match[0], errors="ignore")
            meant = "." if meant in ("。", "．") else meant
            if meant in _IN_A_HOST:
                yield Rewrite(*match.span(), meant, "escaped")


@cache
def _authority() -> re.Pattern[str]:
    return re.compile(r"://(?:&#|[^\s/?#\\]){1,250}")


@cache
def _escape() -> re.Pattern[str]:
    return re.compile(r"%(?i:e3%80%82|ef%bc%8e)|%[2-7][0-9a-fA-F]|&(?:#[0-9]{1,5}|#[xX][0-9a-fA-F]{1,4}|period);")
