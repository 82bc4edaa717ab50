"""The glance never hides what the search finds: the search without it is the oracle."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.text.strategies import texts

from groupcore.text import Reader, find_contacts, find_links
from groupcore.text.contacts import searched_contacts
from groupcore.text.folding import chain_of
from groupcore.text.glance import may_hold_contact, may_hold_link
from groupcore.text.links import searched_links

CHAIN = chain_of()
READER = Reader({})

DOTS = [
    ".",
    "．",
    "․",
    "﹒",
    "。",
    "｡",
    "·",
    "•",
    "●",
    "点",
    "點",
    " dot ",
    "dot",
    "D0T",
    " . ",
    " .",
    "[.]",
    "[dot]",
    "【点】",
    "(。)",
    "{,}",
    "[*]",
    "<.>",
    "〔·〕",
    ".\u200b",
    "\u200b.",
    " 点 ",
]
NAMES = [
    "evil",
    "bit",
    "www",
    "例子",
    "ｅｘ",
    "ⓔⓥⓘⓛ",
    "𝐞𝐯",
    "🄴🅅",
    "ex\u200bam",
    "163",
    "1.2.3",
    "xn--fiqs8s",
    "a_b",
    "t",
]
ENDS = [
    "com",
    "co",
    "cn",
    "ly",
    "ｃｏｍ",
    "ⓒⓞⓜ",
    "𝐜𝐨𝐦",
    "c\u200bom",
    "xyz\u200b",
    "XYZ",
    "中国",
    "рф",
    "网址",
    "4/x",
    "top/a",
    "xn--p1ai",
]
SCHEMES = [
    "http://",
    "hxxp://",
    "h**ps：／／",
    "https:\\\\",
    "hxxp[:]//",
    "weixin://",
    "tg://",
    "#小程序://店/a",
    "ftp://",
    "//",
]
CODES = ["￥CZ0001abcDE￥", "¥AbC1dEfGh2i¥", "复制 淘宝 (AbC1dEfGh2i)", "複製天猫【AbC1dEfGh2i】", "💰AbC1dEfGh2💰"]
SPELLED = [
    "e x a m",
    "e-v-i-l",
    "e\nv\ni\nl",
    " . c o m",
    ".c-o-m",
    "\n.\nc\no\nm",
    " 点 c o m",
    ".e.v.i.l.c.o.m",
    " dot c o m",
]
ODD = [
    "丶com",
    "★com",
    "..com",
    "。。com",
    "小数点com",
    "-点-com",
    "DOTcom",
    "，com/x",
    ".gg/ab",
    " gg/ab",
    "discord",
    "tg:@abcde",
    "电报 @abcde",
    "删",
    "去掉中文",
    "中",
    ".c0m",
    "点康姆",
    ".соm",
    "&#46;",
    "%2E",
    "8。8。8。8:80",
    "支付宝搜12345678",
]
SHOPS = ["复制", "口令", "抖音", "小红书", "7.53 aBc:/ a@B.cd 05/29", "#小程序：//店/a"]
LINKS = (
    SHOPS
    + SPELLED
    + ODD
    + (
        DOTS
        + NAMES
        + ENDS
        + SCHEMES
        + CODES
        + ["/x", "?a=b", "@", ":", " ", "，", "好", "看", "。", "[", ")", "\n", "\ud800"]
    )
)

SIGNS = [
    "微信",
    "薇信",
    "加v",
    "加 v",
    "家薇",
    "v信",
    "vx",
    "v.x",
    "v x",
    "V❤",
    "薇❤",
    "卫星",
    "卫❤️",
    "wei信",
    "wei xin",
    "绿泡泡",
    "泡泡",
    "\\/x",
    "w-x",
    "weixin",
    "wechat",
    "w e i x i n",
    "w.e.c.h.a.t",
    "wxid_",
    "➕v",
    "十v",
    "维芯",
    "qq",
    "q q",
    "q.q",
    "扣扣",
    "抠抠",
    "秋秋",
    "球球",
    "丘丘",
    "🐧",
    "加群",
    "加裙",
    "进君羊",
    "q群",
    "扣裙",
    "峮号",
    "企鹅",
    "v:",
    "V=",
    "+v",
    "加我v",
    "微芯",
    "溦信",
]
VALUES = [
    "lin_0816",
    "lin0816",
    "l i n 0 8 1 6",
    "l*i*n*0*8",
    "l🌸i🌸n🌸0🌸8",
    "lin①②③④⑤",
    "li_v.x12",
    "🐧lin1",
    "li_🐧12",
    "12345678",
    "一二三四五六七八",
    "1 2 3 4 5 6 7 8",
    "1⃣2⃣3⃣4⃣5⃣",
    "❶❷❸❹❺",
    "123",
    "45",
    "a",
    "b1",
]
PHONES = [
    "13800138000",
    "138 0013 8000",
    "138🌸0013🌸8000",
    "壹叁捌00138000",
    "138——0013——8000",
    "(010)12345678",
    "+1 (415) 555-0100",
    "+8613800138000",
    "010-12345678",
    "١٣٨٠٠١٣٨٠٠٠",
    "138ↀ0013ↀ8000",
    "138\n00138000",
]
MAILS = [
    "lin",
    "qq",
    "gmail",
    ".com",
    "点com",
    " dot com",
    "[dot]com",
    "@",
    "(at)",
    "艾特",
    "圈a",
    " at ",
    "#qq.com",
    "【@】",
    "。cn",
]
MORE = [
    "口口",
    "v/x",
    "vvx",
    "蔚信",
    "l38oo138ooo",
    "1380o138o0O",
    "-at-",
    "_at_qq.com",
    "🛰",
    "绿色软件",
    "鹅号",
    "君羊",
    "qun:",
    "❤薇",
    "微·信",
    "微:",
    "(1)(3)(8)(0)(0)",
    "⑴⑵⑶",
    "qq 123 456 789",
    "400-820-8820",
    "交流群",
]
SCATTERED = [
    "138.00 13-8000",
    "1 3 8，0013。8000",
    "138_0013_8000",
    "138删0013删8000",
    "138电0013话8000",
    "138（删）0013 8000",
    "1\n3\n8\n0",
    "8\n0\n0\n0",
    "1/3/8/0/0/",
    "+1.415.555.2671",
    "➕1 415 555 2671",
    "(415) 555-2671",
    "8 (912) 345-67-89",
    "QQ 12 34 56 78",
    "群",
    "群❤",
    "群聊号码",
    "🆀🆀",
    "🅥🅧",
    "√x",
    "薇号",
    "魏信",
    "寇寇",
    "扣:",
    "v我",
    "微。信",
    "(微信)",
    "是我微信",
    "下划线",
    "零八一六",
    "n a m e @ q q . c o m",
    " @ qq.com",
    "*gmail.com",
    "@@",
    "&#64;",
    "爱特",
    "小老鼠",
    "_at_qq_dot_com",
    ",com",
]
CONTACTS = (
    MORE
    + SCATTERED
    + SIGNS
    + VALUES
    + PHONES
    + MAILS
    + [":", "：", "号", "是", " ", "", "，", "好", "->", "\n", "①", "五", "7", "\u20e3", "❤"]
)


ID_PIECES = [
    *("1", "7", "42", "_x", "三", "五", "十", "贰", "肆", "〇", "幺", "①", "❶", "۳"),
    *("下划线", "杠", "删", "（删）", "去掉", "扣扣", "鹅号", "q", "ab", "-"),
]
"""What goes on in an id that letters begin: short pieces, for a glance counts what stands in a row."""


def built(pieces: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), max_size=9).map("".join)


id_texts = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "", "去掉中文"]),
    st.sampled_from(["微信", "加微信 ", "薇❤", "薇信号", "微芯", "v信", "wx:"]),
    st.sampled_from(["a", "ab", "qq"]),
    st.lists(st.sampled_from(ID_PIECES), min_size=2, max_size=6).map("".join),
    st.sampled_from(["", "", "，好"]),
)
link_texts = st.one_of(
    built(LINKS),
    st.builds("{}{}{}{}{}{}".format, texts, st.sampled_from(["", *SCHEMES]), st.sampled_from(NAMES),
              st.sampled_from(DOTS), st.sampled_from(ENDS), texts),
    texts,
)  # fmt: skip
contact_texts = st.one_of(
    built(CONTACTS),
    st.builds("{}{}{}{}{}".format, texts, st.sampled_from(SIGNS), st.sampled_from(["", ":", "：", " ", "号是"]),
              st.sampled_from(VALUES), texts),
    st.builds("{}{}{}{}{}".format, texts, st.sampled_from(VALUES + MAILS + SIGNS), st.sampled_from(MAILS),
              st.sampled_from(VALUES + MAILS + SIGNS), st.sampled_from(MAILS)),
    texts,
)  # fmt: skip


@settings(max_examples=400)
@given(link_texts)
def test_a_glance_hides_no_link(text: str) -> None:
    searched = searched_links(text)
    assert not searched or may_hold_link(text)
    assert find_links(text) == searched


@settings(max_examples=400)
@given(contact_texts)
def test_a_glance_hides_no_contact(text: str) -> None:
    folded = CHAIN(text)
    searched = searched_contacts(text, folded, CHAIN)
    assert not searched or may_hold_contact(folded)
    assert find_contacts(text) == searched


@settings(max_examples=400)
@given(id_texts)
def test_a_glance_hides_no_id_in_pieces(text: str) -> None:
    folded = CHAIN(text)
    assert not searched_contacts(text, folded, CHAIN) or may_hold_contact(folded)


@pytest.mark.parametrize(
    "text",
    [
        "加微信 ab三12五",
        "微信q42七_x",
        "薇❤qq贰71三",
        "微信a1下划线b2c",
        "微信 ab删cd删ef1",
        "去掉中文 微信ab中cd中ef1",
        "微信 ab鹅号c1",
    ],
)
def test_a_glance_does_not_hide(text: str) -> None:
    folded = CHAIN(text)
    assert searched_contacts(text, folded, CHAIN)
    assert may_hold_contact(folded)


@settings(max_examples=400)
@given(link_texts | contact_texts, st.booleans())
def test_a_reading_finds_the_same_whether_or_not_it_was_glanced_at(text: str, glanced: bool) -> None:
    reading = READER.read(text)
    bare = glanced and reading.is_bare
    links, contacts = searched_links(text), searched_contacts(text, CHAIN(text), CHAIN)
    own = reading.own[0]
    assert list(reading.links) == [hit for hit in links if hit.start >= own]
    assert list(reading.contacts) == [hit for hit in contacts if hit.start >= own]
    assert not bare or not (links or contacts)


@pytest.mark.parametrize(
    "text",
    [
        "大家好，今天下午三点我们一起读第二章？",
        "我97年出生，喜欢黑人音乐",
        "Yes, that is what I meant (mostly). See you at 10.30 then",
        "a dot product; why not?",
        "我跑了9.90秒",
        "辽宁舰150000千瓦的发动机",
        "如果都画个烟熏眼妆，我觉得可以组个国际twins",
    ],
)
def test_nothing_is_looked_for_in_what_most_people_say(text: str) -> None:
    assert READER.read(text).is_bare


@pytest.mark.parametrize("gap", [" ", "-", "*", "_", "\n", ".", " - ", "|", "~", "/", "、", "，", "\u200b"])
def test_no_dot_hides_a_spelled_host(gap: str) -> None:
    """Whatever dot stands in a spelled host, apart from its letters or not."""
    dots = [*".。·•●点點丶．", "dot", "DOT", *(f" {dot} " for dot in (*".点丶。·", "dot", "DOT"))]
    for dot, around, host in product(dots, (gap, ""), ("example.com", "shop.xyz", "abc.net")):
        text = f"{around}{dot}{around}".join(map(gap.join, host.split(".")))
        assert may_hold_link(text) or not searched_links(text), text
