from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.text.pace import passes
from tests.text.strategies import texts

from groupcore.messages import Part
from groupcore.text import Reader, find_links
from groupcore.text.hosts import ascii_host, domain_of, is_home, is_ip, is_under
from groupcore.text.tlds import COUNTRY, GENERIC, INTERNATIONAL, RISKY, SURE, WORDY, trust


def urls(text: str) -> list[str]:
    return [hit.url for hit in find_links(text)]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("看bit.ly/x吧", "bit.ly/x"),
        ("加我example.com哦", "example.com"),
        ("上百度.com", "上百度.com"),
        ("例子.中国 不错", "例子.中国"),
        ("见http://bit.ly吧", "http://bit.ly"),
        ("readhttps://example.com/", "https://example.com/"),
        ("https://a.com/x，好的", "https://a.com/x"),
        ("（https://a.com/x）", "https://a.com/x"),
        ("《https://a.com/x》。", "https://a.com/x"),
        ("(see https://a.com/x_(y)).", "https://a.com/x_(y)"),
        ("[a](http://a.com/x)", "http://a.com/x"),
        ("**http://a.com/x**", "http://a.com/x"),
        ("http://a.com/a?b=c&d=e#f!", "http://a.com/a?b=c&d=e#f"),
        ("https://zh.example.org/wiki/中国", "https://zh.example.org/wiki/中国"),
        ("https://example.org/über?q=ж", "https://example.org/über?q=ж"),
        ("http://localhost:3000/x", "http://localhost:3000/x"),
        ("http://[2001:db8::1]:80/x", "http://[2001:db8::1]:80/x"),
        ("http://1.2.3.4", "http://1.2.3.4"),
        ("at 1.2.3.4:8080.", "1.2.3.4:8080"),
        ("1.2.3.4/login", "1.2.3.4/login"),
        ("ftp://example.com/f.zip", "ftp://example.com/f.zip"),
        ("https://user:pw@example.com/", "https://user:pw@example.com/"),
        ("WWW.Example.COM", "WWW.Example.COM"),
        ("www.example.md", "www.example.md"),
        ("example.com.", "example.com"),
        ("example.com.It is", "example.com"),
        ("example.com:443", "example.com:443"),
        ("t.me/joinchat", "t.me/joinchat"),
        ("shop.example.co.uk", "shop.example.co.uk"),
        ("163.com邮箱", "163.com"),
        ("münchen.de", "münchen.de"),
        ("пример.рф", "пример.рф"),
        ("vip88.link", "vip88.link"),
        ("abc.top", "abc.top"),
        ("xn--fsqu00a.xn--fiqs8s", "xn--fsqu00a.xn--fiqs8s"),
        ("Тестflood-studio.comТест", "flood-studio.com"),
        ("//cdn.example.com/x.js", "//cdn.example.com/x.js"),
        ("foo://cdn.example.com/x", "cdn.example.com/x"),
        ("'example.com'", "example.com"),
        ("https://e.com/a\u3000b", "https://e.com/a"),
        ("https://e.com/…", "https://e.com/"),
        ("https://e.com/?q=", "https://e.com/?q="),
        ("so it is.https://e.com/x", "https://e.com/x"),
        ("http://t.co/aBc12's", "http://t.co/aBc12"),
        ("t.co/aBc12- and", "t.co/aBc12"),
        ("https://t.co/aBc?amp=1", "https://t.co/aBc?amp=1"),
        ("<img src='https://e.com/a'/>", "https://e.com/a"),
        ("https://e.com/it's", "https://e.com/it's"),
        ("GET https://e.com/polls/[poll id]", "https://e.com/polls/"),
        ("https://e.com/?f[a]=1&f[b]=2", "https://e.com/?f[a]=1&f[b]=2"),
        ("chat on irc.gitter.im or so", "irc.gitter.im"),
        ("look at youtu.be", "youtu.be"),
        ("in My.app/x", "My.app/x"),
    ],
)
def test_a_link_and_nothing_around_it(text: str, url: str) -> None:
    assert urls(text) == [url]


@pytest.mark.parametrize(
    "text",
    [
        "README.md",
        "main.py",
        "foo.sh",
        "script.pl",
        "lib.rs",
        "a.zip",
        "node.js",
        "index.js",
        "asp.net",
        "socket.io",
        "e.g. this",
        "i.e. that",
        "U.S.A.",
        "3.14",
        "v1.2.3",
        "1.2.3.4",
        "10.0.0.0/8",
        "12.5.cn",
        "object.name",
        "h1.name",
        "this.id",
        "el.style",
        "item.click()",
        "self.link = None",
        "p.info[0]",
        "system.in",
        "main.py:12",
        "end.So it",
        "same.Co dalej",
        "a@example.com",
        "first.last@example.co.uk",
        "@example.com",
        "git@github.com:a/b.git",
        "src/app.com",
        "C:\\x.com",
        "$scope.com",
        "http://",
        "://",
        "www.",
        "www.x",
        "他的网站是.gov的",
        "买个.com吧",
        "好。com",
        "没有.我去",
        "等等...好吧",
        ".com",
        "1.com@x",
        "看.md",
        "/Applications/Some Text.app/Contents/MacOS",
        "principles too.build something",
        "still using it.sucks but",
        "we met.coffee was good",
        "so it is.https://",
        "x..com",
        "例.说明书",
        "foo://",
        "",
    ],
)
def test_what_only_looks_like_a_link(text: str) -> None:
    assert urls(text) == []


@pytest.mark.parametrize(
    ("text", "host", "domain"),
    [
        ("https://A.B.Example.com:80/x", "a.b.example.com", "example.com"),
        ("shop.example.co.uk/x", "shop.example.co.uk", "example.co.uk"),
        ("x.com.cn", "x.com.cn", "x.com.cn"),
        ("http://user@evil.com", "evil.com", "evil.com"),
        ("http://1.2.3.4/x", "1.2.3.4", "1.2.3.4"),
        ("http://[::1]/x", "[::1]", "[::1]"),
        ("http://localhost", "localhost", "localhost"),
    ],
)
def test_host_and_registrable_domain(text: str, host: str, domain: str) -> None:
    (hit,) = find_links(text)
    assert (hit.host, hit.domain) == (host, domain)


def test_several_links_in_order_none_inside_another() -> None:
    assert urls("a.com/x?u=https://b.com b.com、c.com，http://d.com/(e.com)") == [
        "a.com/x?u=https://b.com", "b.com", "c.com", "http://d.com/(e.com)",
    ]  # fmt: skip


@given(texts, st.sampled_from(["https://example.com/a", "example.com", "www.example.com/x", "bit.ly/x"]), texts)
def test_spans_are_exact_wherever_a_link_stands(before: str, url: str, after: str) -> None:
    text = f"{before} {url} {after}"
    hits = find_links(text)
    assert all(text[hit.start : hit.end] == hit.url for hit in hits)
    assert all(left.end <= right.start for left, right in pairwise(hits))
    assert url in [hit.url for hit in hits]


@given(st.text(st.sampled_from("ab1.:/@中。()[]-_w?#&%=é\u0301\ud800 \n"), max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    for hit in find_links(text):
        assert text[hit.start : hit.end] == hit.url
        assert hit.host == hit.host.lower()
        ascii_host(hit.host)


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "a.",
        ".a",
        "http://",
        "://",
        "a.com/",
        "(",
        "http://a.com/(",
        "a@",
        "a.b@",
        "中.",
        "-.",
        "a-",
        "1.",
        "[",
        "x.com(",
        "é",
        "é.é",
    ],
)
def test_time_is_linear_whatever_is_repeated(unit: str) -> None:
    assert passes("x.com " + unit * (200_000 // len(unit)), find_links) < 500


def test_links_of_parts_carry_the_name_of_their_string() -> None:
    parts = (
        Part.of({"kind": "link", "url": "https://a.com/x", "title": "see b.com"}),
        Part.of({"kind": "image", "qr": ["https://c.com", "text"]}),
        Part.of({"kind": "file", "name": "d.com"}),
        Part.of({"kind": "link", "url": "weird"}),
    )
    found = [(hit.field, hit.host) for hit in Reader({}).read("e.com", parts).links]
    assert found == [
        (None, "e.com"),
        ("parts[0].url", "a.com"),
        ("parts[0].title", "b.com"),
        ("parts[1].qr[0]", "c.com"),
        ("parts[3].url", ""),
    ]


def test_a_quoted_link_is_not_the_senders() -> None:
    text = '这是一条引用/回复消息："看 a.com"\n------\n别点 b.com'
    assert [hit.url for hit in Reader({}).read(text).links] == ["b.com"]


def test_the_lists_of_names_are_consistent() -> None:
    assert SURE <= COUNTRY | GENERIC
    assert not RISKY & SURE
    assert not WORDY & (SURE | RISKY)
    assert all(len(name) == 2 for name in COUNTRY)
    assert {trust(name) for name in INTERNATIONAL} == {"sure"}
    assert [trust(name) for name in ("com", "ly", "click", "py", "js")] == ["sure", "fair", "wordy", "risky", "none"]


def test_hosts_are_compared_as_name_servers_know_them() -> None:
    assert ascii_host("例子.中国") == "xn--fsqu00a.xn--fiqs8s"
    assert ascii_host("Bücher.DE") == "xn--bcher-kva.de"
    assert ascii_host("ü" * 70 + ".de")  # too long for a label: as it is
    assert is_under("a.b.example.com", {"example.com"})
    assert not is_under("badexample.com", {"example.com"})
    assert is_under("x.top", {"top"})


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.20.0.1", "x.local", "intranet", "[::1]", "0.0.0.0"],
)
def test_hosts_at_home(host: str) -> None:
    assert is_home(host)


@pytest.mark.parametrize(
    "host", ["example.com", "1.2.3.4", "172.40.0.1", "10.example.com", "[2001:db8::1]", "local.com"]
)
def test_hosts_of_the_world(host: str) -> None:
    assert not is_home(host)


def test_addresses() -> None:
    assert is_ip("1.2.3.4")
    assert is_ip("[::1]")
    assert not any(map(is_ip, ["1.2.3", "1.2.3.400", "1.2.3.4.5", "a.b.c.d", "1.2.3.", "01.2.3.4"]))
    assert domain_of("1.2.3.4") == "1.2.3.4"


@pytest.mark.parametrize("text", ["amysblog.me", "see www2.amysblog.me!", "我的站amysblog.me呀", "Amysblog.me is mine"])
def test_a_name_before_me_is_somebodys(text: str) -> None:
    assert [hit.host.rpartition(".")[2] for hit in find_links(text)] == ["me"]


@pytest.mark.parametrize(
    "text", ["README.me", "please help.me", "controller.me);", "contact.me", "this.me", "AMYSBLOG.ME"]
)
def test_a_sentence_or_an_object_that_ends_in_me_is_no_host(text: str) -> None:
    assert find_links(text) == []


@pytest.mark.parametrize("host", [f"{'a' * 64}.com", f"{'あ' * 90}.com", "xn--はじめ.com"])
def test_what_no_name_server_can_know_is_no_link(host: str) -> None:
    assert find_links(f"http://{host}/x") == []
