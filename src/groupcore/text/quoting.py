"""Which part of a text its sender wrote: replies carry the message that they answer in front.

WeCom and WeChat write a quotation into the text itself. Who complains about an advertisement and quotes it has not
advertised, so rules read the sender's own text. A quotation counts as one only when it looks exactly as the platforms
write it, and ends at its first separator: whatever follows that is the sender's own.
"""

from __future__ import annotations

_OPENERS = ("这是一条引用/回复消息：", "这是一条引用/回复消息:", "「", "“", '"')
_WECOM = "\n------\n"
_WECHAT = "」\n- - - - - - - - - - - - - - -\n"
_CLOSERS = ("”", '"', "」")


def own_start(text: str) -> int:
    """Where the sender's own text begins: after the quotation, or 0 when there is none.

    >>> text = "「Amy：代购吗」\\\\n- - - - - - - - - - - - - - -\\\\n不用谢".replace("\\\\\\\\n", chr(10))
    >>> text[own_start(text):]
    '不用谢'
    """
    if not text.startswith(_OPENERS):
        return 0
    if text[0] == "「":
        end = text.find(_WECHAT)
        if end >= 0:
            return end + len(_WECHAT)
    end = text.find(_WECOM)
    if end < 0 or not (text[0] == "这" or text[:end].endswith(_CLOSERS)):
        return 0
    return end + len(_WECOM)
