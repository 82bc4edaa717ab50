"""Which part of a text its sender wrote: replies carry the message that they answer in front.

WeCom and WeChat write a quotation into the text itself. Who complains about an advertisement and quotes it has not
advertised, so rules read the sender's own text. A quotation counts as one only when it looks exactly as the platforms
write it, and ends at its first separator: whatever follows that is the sender's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from groupcore.messages import Part

_OPENERS = ("这是一条引用/回复消息：", "这是一条引用/回复消息:", "「", "“", '"')
_CLOSERS = ("”", '"', "」")
_WECOM = "\n------\n"
_wechat_end = re.compile(r"」\n(?:- ){3,}-\n").search


def own_start(text: str) -> int:
    r"""Where the sender's own text begins: after the quotation, or 0 when there is none.

    >>> text = "「Amy：代购吗」\n- - - - - - - - - - - - - - -\n不用谢"
    >>> text[own_start(text):]
    '不用谢'
    """
    if not text.startswith(_OPENERS):
        return 0
    if text[0] == "「" and (match := _wechat_end(text)):
        return match.end()
    end = text.find(_WECOM)
    if end < 0 or not (text[0] == "这" or text[:end].endswith(_CLOSERS)):
        return 0
    return end + len(_WECOM)


def holds_quotes(text: str, parts: Sequence[Part]) -> bool:
    """Whether a message holds something that others said: a quotation in front, or forwarded records."""
    return own_start(text) > 0 or any(part.kind == "forwarded" for part in parts)
