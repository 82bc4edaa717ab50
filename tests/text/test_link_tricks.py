from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.text.pace import passes
from tests.text.strategies import texts

from groupcore.messages import Part
from groupcore.text import find_links
from groupcore.text.links import LINK_TRICKS, links_of, may_hold_link

HIDDEN = [
    ("hxxp://evil.com/x", "hxxp://evil.com/x", "evil.com", ("scheme",)),
    ("hXXps://evil.com", "hXXps://evil.com", "evil.com", ("scheme",)),
    ("h**p://evil.com", "h**p://evil.com", "evil.com", ("scheme",)),
    ("http[:]//evil.com/a", "http[:]//evil.com/a", "evil.com", ("scheme",)),
    ("http：//evil.com/a", "http：//evil.com/a", "evil.com", ("scheme",)),
    ("https:\\\\evil.com", "https:\\\\evil.com", "evil.com", ("scheme",)),
    (
        "看hxxps://a[.]evil[.]co[.]uk/a?b。",
        "hxxps://a[.]evil[.]co[.]uk/a?b",
        "a.evil.co.uk",
        ("scheme", "bracketed-dot"),
    ),
    ("evil[dot]com", "evil[dot]com", "evil.com", ("bracketed-dot",)),
    ("上 evil (.) com 看", "evil (.) com", "evil.com", ("bracketed-dot",)),
    ("百度【点】com", "百度【点】com", "百度.com", ("bracketed-dot",)),
    ("看看example点com吧", "example点com", "example.com", ("dot-word",)),
    ("example 点 com", "example 点 com", "example.com", ("dot-word",)),
    ("www点baidu点com", "www点baidu点com", "www.baidu.com", ("dot-word",)),
    ("go to example dot com now", "example dot com", "example.com", ("dot-word",)),
    ("www。example。com", "www。example。com", "www.example.com", ("full-stop",)),
    ("example．com", "example．com", "example.com", ("wide-dot",)),
    ("example·com", "example·com", "example.com", ("mid-dot",)),
    ("ｅｘａｍｐｌｅ．ｃｏｍ", "ｅｘａｍｐｌｅ．ｃｏｍ", "example.com", ("wide-dot", "wide-letters")),
    ("𝐞𝐱𝐚𝐦𝐩𝐥𝐞.com/x", "𝐞𝐱𝐚𝐦𝐩𝐥𝐞.com/x", "example.com", ("wide-letters",)),
    ("ⓔⓧⓐⓜⓟⓛⓔ.com", "ⓔⓧⓐⓜⓟⓛⓔ.com", "example.com", ("wide-letters",)),
    ("exam\u200bple.com", "exam\u200bple.com", "example.com", ("invisible",)),
    ("加 example . com", "example . com", "example.com", ("spaces",)),
    ("www. example . com/x", "www. example . com/x", "www.example.com", ("spaces",)),
    ("http://example . com/a", "http://example . com/a", "example.com", ("spaces",)),
    ("example .com/abc", "example .com/abc", "example.com", ("spaces",)),
    ("weixin://dl/business/?t=abc 点", "weixin://dl/business/?t=abc", "weixin.qq.com", ("deep-link",)),
    ("加tg://resolve?domain=x。", "tg://resolve?domain=x", "t.me", ("deep-link",)),
    ("看#小程序://读书会/AbC123 好", "#小程序://读书会/AbC123", "weixin.qq.com", ("mini-program",)),
    ("￥CZ0001abcDE￥ 打开", "￥CZ0001abcDE￥", "taobao.com", ("share-code",)),
    ("复制这条信息，打开手机淘宝(AbC1dEfGh2i)", "(AbC1dEfGh2i)", "taobao.com", ("share-code",)),
]


@pytest.mark.parametrize(("text", "url", "host", "steps"), HIDDEN)
def test_a_hidden_link_is_found_with_the_names_of_its_tricks(
    text: str, url: str, host: str, steps: tuple[str, ...]
) -> None:
    (hit,) = find_links(text)
    assert (hit.url, hit.host, hit.steps) == (url, host, steps)
    assert text[hit.start : hit.end] == hit.url
    assert may_hold_link(text)


@pytest.mark.parametrize(("text", "steps"), [(text, steps) for text, _, _, steps in HIDDEN])
def test_each_trick_can_be_switched_off_by_its_name(text: str, steps: tuple[str, ...]) -> None:
    for step in steps:
        others = [name for name in LINK_TRICKS if name != step]
        assert all(step not in hit.steps for hit in find_links(text, others))
    assert all(not set(hit.steps) & set(LINK_TRICKS) for hit in find_links(text, False))


def test_a_trick_lowers_the_score_and_two_lower_it_further() -> None:
    plain, hidden, twice = (find_links(text)[0].score for text in ("a.com/", "evil[.]com", "ｅvil．com"))
    assert plain == 1.0 > hidden > twice


@pytest.mark.parametrize(
    "text",
    [
        "the dot com bubble",
        "we use dot net core",
        "me at gmail dot com",
        "pick up dot net",
        "a cheap .net host",
        "why .com.au?",
        "I am done. In the end . com",
        "here is another storm. fun times",
        "java。net很好",
        "例子点com",
        "下午3点cn",
        "MSL。UA歧视",
        "我用的是C。我也是",
        "他说ok。me too",
        "价格￥1234567890￥",
        "原价￥199￥现价￥99",
        "复制粘贴(aaaaaaaaaaa)",
        "x[.]py",
        "arr[.]map",
        "h**p",
        "a//b",
        "①②③",
        "foo://bar",
        "timeline://x",
    ],
)
def test_prose_that_only_looks_like_a_trick(text: str) -> None:
    assert find_links(text) == []


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("windows。example.com是我的", "example.com"),
        ("１．example.com", "example.com"),
        ("①example.com ②example.org", "example.com"),
        ("example.com。it", "example.com"),
        ("evil . example.com", "example.com"),
        ("https://a.com/ｘ", "https://a.com/ｘ"),
        ("https://a.com/x，好的", "https://a.com/x"),
        ("http:// example.com/path", "example.com/path"),
        ("HTTPS://EXAMPLE.COM/X", "HTTPS://EXAMPLE.COM/X"),
    ],
)
def test_what_is_plain_already_stays_as_it_is(text: str, url: str) -> None:
    hit = find_links(text)[0]
    assert (hit.url, hit.steps, hit.score) == (url, (), 1.0)


@pytest.mark.parametrize(
    ("text", "host", "note"),
    [
        ("https://example.com@evil.test/", "evil.test", "user-info"),
        ("https://a@b@evil.test/", "evil.test", "user-info"),
        ("http://3232235777/x", "192.168.1.1", "number-host"),
        ("http://0x08080808", "8.8.8.8", "number-host"),
        ("http://0x7f.1/x", "127.0.0.1", "number-host"),
        ("http://0300.0250.1.1/x", "192.168.1.1", "number-host"),
        ("https://exаmple.com/", "exаmple.com", "mixed-script"),
        ("https://xn--exmple-4nf.com/", "xn--exmple-4nf.com", "mixed-script"),
        ("bit.ly/x", "bit.ly", "shortener"),
        ("t.me/joinchat/AAA", "t.me", "invite"),
        ("https://discord.com/invite/abc", "discord.com", "invite"),
        ("https://chat.whatsapp.com/AbC", "chat.whatsapp.com", "invite"),
        ("https://weixin.qq.com/g/abc", "weixin.qq.com", "invite"),
        ("https://line.me/R/ti/g/abc", "line.me", "invite"),
        ("https://qm.qq.com/q/abc", "qm.qq.com", "invite"),
    ],
)
def test_what_is_odd_about_a_plain_link_is_a_step_that_lowers_no_score(text: str, host: str, note: str) -> None:
    (hit,) = find_links(text, tricks=False)
    assert (hit.host, hit.steps, hit.score) == (host, (note,), 1.0)


@pytest.mark.parametrize(
    "text",
    ["http://3000", "http://08.1.1.1", "https://müller.de", "https://привет.рф", "https://bücher.de"],
)
def test_nothing_is_odd_about_these(text: str) -> None:
    assert [hit.steps for hit in find_links(text)] == [()]


@pytest.mark.parametrize(
    "text",
    [
        "https://www.google.com/url?q=https://evil.test/x&sa=D",
        "https://link.zhihu.com/?target=https%3A//evil.test",
        "https://t.umblr.com/redirect?z=http%3A%2F%2Fevil.test",
    ],
)
def test_a_redirector_tells_where_it_leads(text: str) -> None:
    (hit,) = find_links(text)
    assert (hit.steps, hit.leads_to) == (("redirector",), "evil.test")


def test_the_links_of_a_message_take_the_same_tricks_everywhere() -> None:
    parts = (Part.of({"kind": "image", "qr": ["hxxp://a[.]com"]}), Part.of({"kind": "link", "url": "b[.]com"}))
    found = links_of("c[.]com", parts)
    assert [(hit.field, hit.host) for hit in found] == [
        (None, "c.com"), ("parts[0].qr[0]", "a.com"), ("parts[1].url", "b.com"),
    ]  # fmt: skip
    assert [hit.host for hit in links_of("c[.]com", parts, False)] == [""]


HARD = "hxptw:/\\.[]()。．·点 dot com.cnｃｏｍ①\u200b\u202eа@#￥AbC1小程序weixin0xé\u0301\ud800\U0001d41e\n"


@given(st.text(st.sampled_from(HARD), max_size=60))
def test_no_text_makes_it_raise_and_spans_are_exact(text: str) -> None:
    hits = find_links(text)
    assert all(text[hit.start : hit.end] == hit.url and hit.url for hit in hits)
    assert all(left.end <= right.start for left, right in pairwise(hits))
    assert not hits or may_hold_link(text)


@given(texts, st.sampled_from(HIDDEN), texts)
def test_a_hidden_link_is_found_wherever_it_stands(
    before: str, hidden: tuple[str, str, str, tuple[str, ...]], after: str
) -> None:
    _, url, host, _ = hidden
    if "淘宝" in hidden[0]:
        return
    text = f"{before}\n{url}\n{after}"
    assert host in [hit.host for hit in find_links(text)]


@pytest.mark.parametrize(
    "unit",
    [
        *("hxxp://", "a[.]", "a[.]com ", "[.]", "a。", "a。com", "a . ", "a dot ", "ａ．", "a\u200b", "\u200b", "￥"),
        *("￥AbC1dEfGh2i", "://", "tg://", "tg://aa", "a·", "a点", "𝐚.", "a.com b[.]com ", "#小程序://a", "0x1."),
        *("http://1.", "http://a@", "http://_.", "http://❤", "a.com/?a|"),
    ],
)
def test_time_is_linear_whatever_is_repeated(unit: str) -> None:
    assert passes("复制 淘宝 x.com " + unit * (200_000 // len(unit)), find_links) < 500
