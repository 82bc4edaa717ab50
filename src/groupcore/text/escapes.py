"""What machines write for characters: percent-encoding and the entities of HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

Edit = tuple[int, int, int]

_ESCAPE = re.compile(r"(?:%[0-9A-Fa-f]{2})+|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def may_hold_escape(text: str) -> bool:
    """Whether *text* has an escape. A glance where there is neither a percent sign nor an ampersand."""
    return ("%" in text or "&" in text) and _ESCAPE.search(text) is not None


def unescaped(text: str) -> str:
    """*text* with its escapes as the characters that they stand for; those that stand for none are kept."""
    return _ESCAPE.sub(lambda match: _meant(match[0]), text)


def escape_edits(text: str) -> Iterator[Edit]:
    """Where `unescaped` changed the length: one edit an escape, however many characters it stands for."""
    for match in _ESCAPE.finditer(text):
        length = len(_meant(match[0]))
        if length != match.end() - match.start():
            yield match.start(), match.end(), length


def _meant(escape: str) -> str:
    meant = html.unescape(escape) if escape[0] == "&" else _decoded(escape)
    return meant if meant.isprintable() else escape


def _decoded(escape: str) -> str:
    try:
        return bytes.fromhex(escape.replace("%", "")).decode()
    except UnicodeDecodeError:
        return escape
