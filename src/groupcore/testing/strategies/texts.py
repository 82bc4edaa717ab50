"""Texts: small talk, what rules look for, and what people do to hide it."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

WORDS = ("加微信", "代购", "spam", "buy now")
"""What the rulebooks of `rulebooks` look for."""

EXCUSES = ("微信支付", "加微信支付", "no spam")
"""What their allow lists hold."""

_CLEAN = ("", "hi", "大家好", "good morning", "docs", "明天见👋")
_TELLING = (
    "bit.ly/x", "https://example.com/a?b=1", "www.shop.example.org", "amy@example.com", "13800138000",
    "vx: abc_12345", "QQ 12345678", "a\nb\nc\nd", "x" * 30, "「bo: 代购」\n------\n同意",
)  # fmt: skip
_GLUE = (" ", "", "\n", "\r\n", "\u2028", "\t", ",", ".", "。", "/", "-", "_", "@", "\u3000")
_HIDING = (
    lambda text: text.upper(),
    lambda text: "\u200b".join(text),
    lambda text: "\u00ad".join(text),
    lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    lambda text: "".join(c + "\u0301" for c in text),
    lambda text: "\u202e" + text,
    lambda text: " ".join(text),
)
_AWKWARD = (
    "\ufeff",
    "\u200d",
    "👨‍👩‍👧",
    "ﬃ",
    "İ",
    "ß",
    "\u0130\u0307",
    "𝔰𝔭𝔞𝔪",
    "\U000e0001",
    "\x00",
    "①",
    "Å",
)


def sayings() -> SearchStrategy[str]:
    """Few short texts, so that some are equal, some are found, and some are excused."""
    return st.sampled_from((*_CLEAN[:3], *WORDS, *_CLEAN[3:], *WORDS, *EXCUSES, *_TELLING))


def texts() -> SearchStrategy[str]:
    """Any text: small talk and words that rules look for, in disguise, glued to anything."""
    words = st.sampled_from((*WORDS, *EXCUSES, *_TELLING))
    hidden = st.builds(lambda text, hide: hide(text), words, st.sampled_from(_HIDING))
    piece = st.one_of(sayings(), hidden, st.sampled_from(_GLUE), st.sampled_from(_AWKWARD), st.text(max_size=8))
    return st.lists(piece, max_size=6).map("".join)
