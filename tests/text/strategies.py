"""Texts that are hard to read: what Unicode can do, what evaders do, and what Chinese chats look like."""

from __future__ import annotations

from hypothesis import strategies as st

CHINESE = "加微信好友群红包代购请看这里了的是我你他们今天明天"
LATIN = "abcVXcsWeChat019"
WIDE = "ＶＸｖｘ０１９：，。！？（）～…　㎏㏂㏄ﬁﬀ①ⅣⅫ㈱"
MARKS = "\u0301\u0323\u0308\u20e3\u3099\u309a\u0345\u093f\u05b0\u0f71\U0001d165"
JAMO = "\u1112\u1161\u11ab\u3131\u314f\uffa1\uffc2\uac00\u1100\u1175\u11a8"
INVISIBLE = "\u200b\u200d\u202e\u2066\ufeff\u00ad\ufe0f\U000e0041\u034f\u3164\uffa0"
ODD = "ßİıŉǰΐΣςſKÅẞ\U00010400\U0001f468\U0001f600\ufffd\u0130\u1e9e\ufdfa\u2126אبｶﾞﾊﾟ"
LONE = "\ud800\udfff"

ALL = CHINESE + LATIN + WIDE + MARKS + JAMO + INVISIBLE + ODD + " \n-_.,:@/" + LONE

tricky = st.text(st.sampled_from(ALL), max_size=40)
texts = st.one_of(tricky, st.text(max_size=40), st.text(st.sampled_from(CHINESE + LATIN + "，。 "), max_size=60))
"""Any text: lone surrogates, right to left, astral, combining."""

words = st.text(st.sampled_from("加微信代购vxcs1加V号Ｖ㎏é\u0301 가"), min_size=1, max_size=4).filter(str.strip)
