"""What passes for bare holds nothing: the cheap looks never overlook what the thorough ones find."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupcore.text import Lexicon, Reader, find_contacts, find_links

READER = Reader({"words": Lexicon(["加微信", "cs"])})

PIECES = [
    "example", "com", "．", "｡", "·", "●", "点", "dot", " ", "。", "/", "：", "hxxp", "ｅｘ", "ⓒⓞⓜ", "𝐜𝐨𝐦", "🄲🄾🄼",
    "🅒🅞🅜", "🅲🅾🅼",
    "例子", "中国", "微信", "薇❤", "v", "加", "lin_0816", "扣扣", "壹叁捌", "〇〇", "一三八", "①③⑧",
    "１３８", "👍", "艾特", "@", "(at)",
    "￥", "CZ0001abcDE", "复制", "淘宝", "#小程序://", "weixin", "\u200b", "加微信", "cs", "好", "，", "1\ufe0f\u20e3",
]  # fmt: skip

LITERAL = [
    "看 bit.ly/x", "hxxp://evil[.]example。com/x", "例子.中国", "🅔🅧·🅒🅞🅜", "ⓔⓧ。ⓒⓞⓜ", "壹叁捌零零壹叁捌零零零",
    "薇❤：lin_0816", "lin艾特example点com", "￥CZ0001abcDE￥", "#小程序://商城/abc", "１３８ ００１３ ８０００",
    "①③⑧⓪⓪①③⑧⓪⓪⓪",
]  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=14).map("".join))
def test_a_bare_text_holds_no_word_link_or_contact(text: str) -> None:
    reading = READER.read(text)
    if reading.is_bare:
        assert not reading.hits("words")
        assert not find_links(text)
        assert not find_contacts(text)


@pytest.mark.parametrize("text", LITERAL)
def test_whatever_may_be_there_is_looked_for(text: str) -> None:
    found = find_links(text) or find_contacts(text)
    assert not (found and READER.read(text).is_bare)


def test_most_of_what_people_say_is_bare() -> None:
    assert READER.read("大家好，今天下午三点我们一起读第二章？").is_bare
