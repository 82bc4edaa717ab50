"""Each way of hiding a link or a contact that is undone, item by item, beside clean text that looks alike."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from groupcore.policies import LinkPolicy
from groupcore.text import Reader, find_contacts, find_links
from groupcore.text.links import LINK_TRICKS
from groupcore.text.redirectors import INVITES, REDIRECTORS, SHORTENERS, is_shortener, target_of


class Item(NamedTuple):
    """How something is hidden: texts that hide it and what comes out of each, and clean texts in which it is not."""

    hidden: dict[str, Any]
    clean: tuple[str, ...]


LINKS = {
    "the scheme": Item(
        dict.fromkeys(
            (
                "hxxp://evil.com",
                "hXXps://evil.com/x",
                "h**p://evil.com",
                "http[:]//evil.com",
                "http：／／evil.com",
                "http ://evil.com",
                "http//evil.com",
                "https:\\\\evil.com",
                "meow://evil.com/x",
            ),
            "evil.com",
        ),
        ("h**p wanted", "http: the protocol", "a//b", "https is safer", "see https://"),
    ),
    "the dot": Item(
        dict.fromkeys(
            (
                "example[.]com",
                "example(.)com",
                "example{.}com",
                "example【.】com",
                "example[dot]com",
                "example（点）com",
                "example [.] com",
                "example[。]com",
                "example 点 com",
                "example點com",
                "example点com",
                "example dot com",
                "example．com",
                "example。com",
                "example｡com",
                "example﹒com",
                "example·com",
            ),
            "example.com",
        ),
        (
            "the dot com bubble",
            "下午3点cn",
            "x[.]py",
            "arr[.]map",
            "他说ok。me too",
            "java。net很好",
            "一点也不com",
            "看点 com",
        ),
    ),
    "spaces": Item(
        {
            "example . com": "example.com",
            "www . example . com": "www.example.com",
            "http://example . com/x": "example.com",
            "example .com/join": "example.com",
        },
        ("a cheap .net host", "I am done . In the end", "here . com the rain", "why .com.au?"),
    ),
    "letters of other styles": Item(
        dict.fromkeys(("ｅｘａｍｐｌｅ.com", "ⓔⓧⓐⓜⓟⓛⓔ.com", "𝐞𝐱𝐚𝐦𝐩𝐥𝐞.com", "exam\u200bple.com"), "example.com"),
        ("ｈｅｌｌｏ", "①例 ②例", "ⓔ", "e\u200bg."),
    ),
    "spelling": Item(
        dict.fromkeys(
            (
                "e x a m p l e . c o m",
                "e-x-a-m-p-l-e 点 c-o-m",
                "e-x-a-m-p-l-e.c-o-m",
                "e\nx\na\nm\np\nl\ne\n.\nc\no\nm",
                "E X A M P L E . C O M",
                "ｅ ｘ ａ ｍ ｐ ｌ ｅ ． ｃ ｏ ｍ",
                "ⓔ ⓧ ⓐ ⓜ ⓟ ⓛ ⓔ . ⓒ ⓞ ⓜ",
                "🇪 🇽 🇦 🇲 🇵 🇱 🇪 . 🇨 🇴 🇲",
                "e  x  a  m  p  l  e  .  c  o  m",
                "h t t p s : / / e x a m p l e . c o m / j o i n",
                "e x a m p l e dot c o m",
                "e.x.a.m.p.l.e.c.o.m",
                "e·x·a·m·p·l·e·c·o·m",
                "e🌸x🌸a🌸m🌸p🌸l🌸e.c🌸o🌸m",
                "(e)(x)(a)(m)(p)(l)(e).(c)(o)(m)",
                "e x a m p l e.com",
                "example . c o m",
            ),
            "example.com",
        )
        | {
            "w w w . e x a m p l e . c o m": "www.example.com",
            "w w w.example.com": "www.example.com",
            "t . m e / a b c": "t.me",
            "8 8 8 8 . c o m": "8888.com",
            "g o  e x a m p l e . c o m  n o w": "example.com",
        },
        (
            "T h a t  i s  i t . I s  i t",
            "t.e.l.e.c.o.m",
            "U.S.A. a n d  U.K.",
            "a . b . c . d . e",
            "a, b, c. d, e, f",
            "1 . 2 . 3 . 4 . 5",
            "c o m e  o n . G o",
            "x = a . b + c . d",
            "s e e y o u . i t i s",
        ),
    ),
    "endings": Item(
        dict.fromkeys(
            ("example.c0m", "example点c0m", "example.сom", "example.соm", "example点康姆", "example。扣姆"),
            "example.com",
        ),
        ("file.c0mp", "点康姆", "c0m", "windows.сомнение", "a.c0m"),
    ),
    "more dots": Item(
        dict.fromkeys(
            (
                "example丶com",
                "example★com",
                "example⚫com",
                "example。。com",
                "example..com",
                "example小数点com",
                "example-点-com",
                "example_dot_com",
                "exampleDOTcom",
                "example[dian]com",
                "example，com/join",
            ),
            "example.com",
        )
        | {"t点me/abc": "t.me", "t . me/+abc": "t.me"},
        (
            "小明丶top",
            "super★vip",
            "wait...come on",
            "net,org,com",
            "pre_dot_comet",
            "mom..and dad",
            "x..com",
            "it's 3点me",
        ),
    ),
    "what is to be taken out": Item(
        dict.fromkeys(
            (
                "exam删ple.com",
                "example（删）.com",
                "example.删com",
                "example点（删）com",
                "exam中文ple.com 去掉中文",
                "ex你am好ple.com，去掉汉字",
            ),
            "example.com",
        ),
        ("把main删了再commit", "去掉中文", "a删b", "用git删除branch"),
    ),
    "escapes": Item(
        dict.fromkeys(
            (
                "http://example%2Ecom",
                "http://%65xample.com",
                "http://example&#46;com/x",
                "http://exa&#109;ple.com",
                "https://example%E3%80%82com",
            ),
            "example.com",
        ),
        ("%2F%2Ftracker.example", "100%25", "a&#46;b", "x%2Ecom"),
    ),
    "invitations without their host": Item(
        {
            ".gg/abc123": "discord.gg",
            "discord gg/abc123": "discord.gg",
            "discord,gg/abc123": "discord.gg",
            "TG：@abc12345": "t.me",
            "电报 @abc12345": "t.me",
            "纸飞机：@abc12345": "t.me",
        },
        ("gg/wp", "well played! gg / wp", "@abc12345", "telegram @ work", "飞机 @ 北京", "tg @abc12345", "src/.gg"),
    ),
    "numbers for a host": Item(
        {
            "http://3232235777": "192.168.1.1",
            "http://0xC0A80101/x": "192.168.1.1",
            "http://0300.0250.1.1": "192.168.1.1",
            "http://0x7f.1": "127.0.0.1",
            "http://192。168。1。1": "192.168.1.1",
            "http://①②⑦.⓪.⓪.①": "127.0.0.1",
            "8点8点8点8:8080": "8.8.8.8",
            "1.2.3.4:8080": "1.2.3.4",
            "http://[::1]:80/": "[::1]",
        },
        ("3232235777", "0x7f.1", "1.2.3.4", "10.0.0.0/8", "version 0300.0250"),
    ),
    "user-info": Item(
        {
            "https://example.com@evil.test": "evil.test",
            "https://example.com:80@evil.test/x": "evil.test",
            "https://example.com%2F@evil.test": "evil.test",
            "https://example.com／@evil.test": "evil.test",
            "https://example.com∕login@evil.test": "evil.test",
            "https://@evil.test": "evil.test",
            "http:/example.com@evil.test": "evil.test",
            "https://evil.test#@example.com": "evil.test",
            "https://evil.test?@example.com": "evil.test",
            "https://example.com\\@evil.test": "example.com",
        },
        ("amy@example.com", "first.last@example.co.uk", "git@example.com:a/b.git", "@example.com"),
    ),
    "applications": Item(
        {
            "tg://join?invite=AAA": "t.me",
            "discord://-/invite/abc": "discord.com",
            "weixin://dl/chat?x": "weixin.qq.com",
            "mqqapi://card/x": "qq.com",
            "alipays://platformapi/x": "alipay.com",
            "#小程序://读书会/AbC": "weixin.qq.com",
            "# 小程序://读书会/AbC": "weixin.qq.com",
            "＃小程序：//读书会": "weixin.qq.com",
            "wxp://f2f0abc": "weixin.qq.com",
            "weixin：//dl/chat?x": "weixin.qq.com",
            "weixin[:]//dl/chat?x": "weixin.qq.com",
            "ＷＥＩＸＩＮ:／／dl/chat?x": "weixin.qq.com",
            "tg:\\\\join?invite=AAA": "t.me",
            "小程序://读书会/AbC": "weixin.qq.com",
            "#小 程 序://读书会/AbC": "weixin.qq.com",
            "#小程序//读书会/AbC": "weixin.qq.com",
        },
        ("weixin://", "小程序：很好用", "#小程序 上线了", "用 tg 吗", "timeline://x", "discord：见"),
    ),
    "passwords of shops": Item(
        {
            "￥CZ0001abcDE￥": "taobao.com",
            "3:/￥AbC1dEfGh2i￥，打开看看": "taobao.com",
            "₤AbC1dEfGh2i₤": "taobao.com",
            "(AbC1dEfGh2i)/ 复制打开手机淘宝": "taobao.com",
            "7.53 aBc:/ 复制打开抖音，看看": "douyin.com",
            "2.58 zGV:/ l@p.Qk 05/29 复制此链接，打开Dou音搜索": "douyin.com",
            "￥AbC1dEfGh2i￥复制打开拼多多": "pinduoduo.com",
            "￥ AbC1dEfGh2i ￥": "taobao.com",
            "₳AbC1dEfGh2i₳": "taobao.com",
            "《AbC1dEfGh2i》打开桃宝": "taobao.com",
            "！AbC1dEfGh2i！ 复制打开京东": "jd.com",
            "打开支付宝首页搜索“12345678”": "alipay.com",
        },
        (
            "原价￥199￥现价￥99",
            "价格￥1234567890￥",
            "复制粘贴(aaaaaaaaaaa)",
            "淘宝真好，复制一下(哈哈)",
            "抖音复制 abc:// 是什么",
            "抖音上看 abc:def，复制也行",
            "7.53 元",
            "aBc:/ 是路径",
        ),
    ),
}


@pytest.mark.parametrize(("text", "host"), [pair for item in LINKS.values() for pair in item.hidden.items()])
def test_a_hidden_link_is_found_alone_and_in_a_sentence(text: str, host: str) -> None:
    assert [hit.host for hit in find_links(text)] == [host]
    assert host in [hit.host for hit in find_links(f"大家看 {text} 不错")]


@pytest.mark.parametrize("text", [text for item in LINKS.values() for text in item.clean])
def test_clean_text_beside_it_holds_no_link(text: str) -> None:
    assert find_links(text) == []


def test_every_trick_is_among_the_items() -> None:
    seen = {step for item in LINKS.values() for text in item.hidden for hit in find_links(text) for step in hit.steps}
    assert seen >= set(LINK_TRICKS)


LOOK_ALIKES = ("exаmple.com", "xn--exmple-4nf.com", "examp1e.com", "éxample.com", "ехаmple.com", "www.exаmple.com")


@pytest.mark.parametrize("host", LOOK_ALIKES)
def test_a_look_alike_of_an_allowed_host_is_told_as_one(host: str) -> None:
    match = LinkPolicy(id="links", allow=["example.com"]).find(Reader({}).read(f"https://{host}/x"))
    assert match is not None
    assert match.evidence["reason"] == "look-alike"


@pytest.mark.parametrize("host", ["example.com", "WWW.EXAMPLE.COM", "a.example.com", "例子.example.com"])
def test_an_allowed_host_is_no_look_alike_of_itself(host: str) -> None:
    assert LinkPolicy(id="links", allow=["example.com"]).find(Reader({}).read(f"https://{host}/x")) is None


INVITATIONS = {
    "telegram": "t.me/+AbC",
    "discord": "discord.gg/abc",
    "whatsapp": "chat.whatsapp.com/AbC",
    "wechat": "u.wechat.com/AbC",
    "qq": "qm.qq.com/q/AbC",
    "line": "line.me/R/ti/g/AbC",
    "kakao": "open.kakao.com/o/gAbC",
    "signal": "signal.group/#AbC",
    "facebook": "m.me/j/AbC",
    "zalo": "zalo.me/g/abc",
    "matrix": "matrix.to/#/#a:example.org",
    "skype": "join.skype.com/AbC",
    "teams": "teams.microsoft.com/l/team/x",
    "slack": "join.slack.com/t/a/shared_invite/b",
    "viber": "invite.viber.com/?g2=A",
    "vk": "vk.me/join/AbC",
    "kook": "kook.top/AbC",
    "guilded": "guilded.gg/i/AbC",
    "dingtalk": "qr.dingtalk.com/action/joingroup?code=a",
    "feishu": "applink.feishu.cn/client/chat/chatter/add_by_link?x",
}


def test_there_is_an_invitation_of_each_platform() -> None:
    assert INVITATIONS.keys() == dict(INVITES).keys()


@pytest.mark.parametrize("address", INVITATIONS.values())
def test_an_invitation_is_told_as_one(address: str) -> None:
    for text in (f"https://{address}", f"加 https://www.{address}"):
        (hit,) = find_links(text)
        assert "invite" in hit.steps


@pytest.mark.parametrize(
    "address",
    ["t.me/somebody", "discord.com/channels/1", "slack.com/intl", "vk.com/a", "qq.com/", "zalo.me/abc", "line.me/en/"],
)
def test_another_page_of_a_platform_is_no_invitation(address: str) -> None:
    (hit,) = find_links(f"https://{address}")
    assert "invite" not in hit.steps


@pytest.mark.parametrize("host", sorted(SHORTENERS))
def test_a_shortener_is_told_as_one(host: str) -> None:
    assert is_shortener(host)
    (hit,) = find_links(f"https://{host}/AbC")
    assert {"shortener", "invite"} & set(hit.steps)


@pytest.mark.parametrize(("host", "path"), REDIRECTORS.items())
def test_a_redirector_says_where_it_leads(host: str, path: str) -> None:
    address = f"{host}{path}"
    for query in ("?a=1&to=https%3A%2F%2Fevil.test%2Fx&b=2", "?https://evil.test/x", "/https://evil.test/x"):
        assert "evil.test" in target_of(host, address + query)
    assert target_of(host, f"{address}?a=1") == ""


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com.hk/url?q=https://evil.test",
        "https://evil-test.translate.goog/x",
        "https://web.archive.org/web/2020/https://evil.test/a",
        "https://l.facebook.com/l.php?u=http%253A%252F%252Fevil.test",
        "https://link.zhihu.com/?target=//evil.test",
        "https://urldefense.com/v3/__https://evil.test__;!!x",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__evil.test_a",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.test",
        "https://www.bing.com/ck/a?u=a1aHR0cHM6Ly9ldmlsLnRlc3Q",
    ],
)
def test_a_redirector_of_many_hosts_does_too(url: str) -> None:
    (hit,) = find_links(url)
    assert (hit.steps, hit.leads_to) == (("redirector",), "evil.test")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/url?q=example.com",
        "https://www.google.com/amp/s/example.com/x",
        "https://www.youtube.com/redirect?q=example.com",
        "https://a.cdn.ampproject.org/c/s/example.com/",
        "https://web.archive.org/web/2020/example.com",
    ],
)
def test_a_redirector_needs_no_scheme(url: str) -> None:
    assert find_links(url)[0].leads_to == "example.com"


@pytest.mark.parametrize(
    "url", ["https://www.google.com/maps?q=https://a.test", "https://example.com/?to=https://a.test"]
)
def test_a_page_with_an_address_in_its_query_is_no_redirector(url: str) -> None:
    assert find_links(url)[0].leads_to == ""


GROUP, MOBILE, WECHAT, QQ = ("qq", "123456789"), ("phone", "13800138000"), ("wechat", "lin_0816"), ("qq", "12345678")
MAIL = ("email", "name@example.com")

CONTACTS = {
    "group numbers": Item(
        dict.fromkeys(
            (
                "群号123456789",
                "群：123456789",
                "QQ群 123456789",
                "进群123456789",
                "交流群:123456789",
                "裙号123456789",
                "加裙 123456789",
                "君羊：123456789",
                "羣：123456789",
                "qun123456789",
                "企鹅群：一二三四五六七八九",
                "群123456789",
                "裙123456789",
                "福利群123456789",
                "交流裙123456789",
                "企鹅裙：123456789",
                "群聊号码：123456789",
                "群组：123456789",
                "群❤123456789",
                "加群👉123456789",
                "群号 123 456 789",
                "群号：123-456-789",
                "君 羊 123456789",
            ),
            GROUP,
        ),
        (
            "群里123456",
            "连衣裙123456789",
            "群20191211",
            "本群1000000人",
            "这个群2020年建的",
            "群：大家好",
            "加群有奖",
            "裙子123456789",
            "qunar 2020",
            "进群10000人",
            "群1234",
        ),
    ),
    "mobile numbers": Item(
        dict.fromkeys(
            (
                "13800138000",
                "138-0013-8000",
                "138 0013 8000",
                "138.0013.8000",
                "138/0013/8000",
                "1 3 8 0 0 1 3 8 0 0 0",
                "138*0013*8000",
                "１３８００１３８０００",
                "壹叁捌00138000",
                "一三八零零一三八零零零",
                "幺三八洞洞幺三八洞洞洞",
                "①③⑧⓪⓪①③⑧⓪⓪⓪",
                "⑴⑶⑻00138000",
                "㈠㈢㈧00138000",
                "❶❸❽00138000",
                "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎",
                "1³8⁰⁰1³8⁰⁰⁰",
                "1️⃣3️⃣8️⃣00138000",
                "١٣٨٠٠١٣٨٠٠٠",
                "138OO138OOO",
                "l38oo138000",
                "Ⅰ38OO138OOO",
                "+86 138 0013 8000",
                "0086-13800138000",
                "手机号1380013八零零零",
                "138.00 13-8000",
                "1 3 8，0013。8000",
                "138 - 0013 - 8000",
                "138_0013_8000",
                "138=0013=8000",
                "(138)0013-8000",
                "[138][0013][8000]",
                "13 80 01 38 00 0",
                "1.38.00.13.80.00",
                "1🌸3🍀8🌺0🌷0🌸1🍀3🌺8🌷0🌸0🍀0",
                "1/3/8/0/0/1/3/8/0/0/0",
                "1\n3\n8\n0\n0\n1\n3\n8\n0\n0\n0",
                "138（删）0013 8000",
                "138删0013删8000",
                "138电0013话8000",
                "138中间0013哈8000",
                "138 001 38000",
                "13800138000vx",
                "（+86）13800138000",
                "+86(138)00138000",
            ),
            MOBILE,
        )
        | {"电话：139,1234,5678": ("phone", "13912345678"), "139好1234的5678 去掉汉字": ("phone", "13912345678")},
        (
            "1, 3, 5, 7, 9, 11, 13, 15",
            "13:05 2.11.2016",
            "150, 2000, 3000",
            "1.5.4-1 (486) (53.00)",
            "telnet 192.0.2.1 50007",
            "13.5 20.3 45.6 7.8",
            "15.2, 3.1, 44, 5.6, 78",
            "13-11 8-11 11-9 12",
            "(1, 8) (1, 67) (1, 87) (1, 12)",
            "150元2000人3000个",
            "13日1200人到场3000米",
            "170 300 20000",
            "1, 3, 8, 0, 0, 1, 3, 8, 0, 0, 0",
            "139好1234的5678",
            "13800138000version",
            "订单号13800138000",
            "二〇一九年一二月三一日",
            "三三两两，一五一十，七七八八",
            "1 3 8 0 0 1 3 8 0 0 0 1 2",
            "(1)(2)(3) 三点",
            "looo oil lolol",
            "a138oo138ooo",
            "id_138oo138ooo",
            "2019/1211/1122",
            "138.0013.8000.1",
        ),
    ),
    "other telephones": Item(
        {
            "+1 (415) 555-2671": ("phone", "+14155552671"),
            "00447911123456": ("phone", "+447911123456"),
            "+852 9123 4567": ("phone", "+85291234567"),
            "0571-88888888": ("phone", "057188888888"),
            "400-123-4567": ("phone", "4001234567"),
            "热线800-8201-234": ("phone", "8008201234"),
            "+1.415.555.2671": ("phone", "+14155552671"),
            "+1*415*555*2671": ("phone", "+14155552671"),
            "➕1 415 555 2671": ("phone", "+14155552671"),
            "+44 (0)20 7946 0958": ("phone", "+442079460958"),
            "(415) 555-2671": ("phone", "+14155552671"),
            "8 (912) 345-67-89": ("phone", "+79123456789"),
            "0912-345-678": ("phone", "0912345678"),
        },
        (
            "f(415) 555",
            "8-9-10 月",
            "+1.20.300",
            "(415) 5555-2671",
            "8 123 45 67",
            "+1 for this",
            "400 人",
            "400-500 元",
            "2400-123-4567",
            "2020-2021",
            "1+12345678",
            "400-123-4567-89",
        ),
    ),
    "WeChat": Item(
        {
            f"{sign}{WECHAT[1]}": WECHAT
            for sign in (
                "薇❤：",
                "V❤",
                "VX：",
                "v x：",
                "V-X:",
                "v/x：",
                "\\/x：",
                "vvvx：",
                "加V：",
                "➕V：",
                "家v ",
                "嘉V ",
                "加薇：",
                "+薇：",
                "加我微 ",
                "❤薇：",
                "微：",
                "薇：",
                "威信：",
                "维信：",
                "蔚欣：",
                "薇芯：",
                "微x：",
                "微-信：",
                "微 信：",
                "微.信：",
                "wei信：",
                "weixin：",
                "绿泡泡：",
                "绿色软件：",
                "🛰️",
                "𝑽𝑿：",
                "ⓥⓧ：",
                "wechat id: ",
                "微❤信",
                "微。信 ",
                "微丨信：",
                "微-信-号：",
                "徵信：",
                "魏信 ",
                "薇号",
                "薇 ",
                "私薇",
                "戳V ",
                "V我 ",
                "╋V ",
                "十微 ",
                "√x ",
                "🅥🅧：",
                "绿泡",
                "vx👉",
                "vx~",
                "VX【",
                "微信👇\n",
                "微信：\n",
                "微信搜索：",
                "微信添加",
            )
        }
        | dict.fromkeys(
            ("微信 lin下划线0816", "微信 lin（下划线）0816", "lin_0816（微信）", "lin_0816是我微信"), WECHAT
        )
        | {"微信 lin零八一六": ("wechat", "lin0816")},
        (
            "维生素C lin_0816",
            "蔷薇 is a flower",
            "白薇喜欢hello",
            "v我50",
            "唯信 lin",
            "魏信先生 2020",
            "wx.config1",
            "iphone (vx)",
            "iphone15（微信）分身",
            "android14（微信）",
            "微笑 lin_0816",
            "官微：lin_0816",
            "我❤lin_0816",
            "家里的 password1",
            "微 信 不 过",
            "卫星 2020",
            "v/x 是什么",
            "🛰️ 2020",
            "加我微笑",
            "xx lin_0816",
            "绿色 lin_0816",
            "wechat payment",
        ),
    ),
    "QQ": Item(
        {
            f"{sign}{QQ[1]}": QQ
            for sign in (
                "扣扣",
                "抠抠：",
                "叩叩号",
                "秋秋",
                "球球",
                "丘丘",
                "🐧",
                "企鹅号",
                "鹅号",
                "口口",
                "加扣",
                "加Q",
                "Q",
                "Q Q ",
                "Q.Q.",
                "q：",
            )
        }
        | {"QQ：123 456 789": GROUP, "QQ①②③④⑤⑥⑦⑧": QQ}
        | dict.fromkeys(
            (
                "QQ 12 34 56 78",
                "QQ：1234-5678",
                "QQ 1234 5678",
                "QQ:12345（删）678",
                "qq👉12345678",
                "QQ【12345678】",
                "寇寇12345678",
                "扣：12345678",
                "➕扣12345678",
                "🆀🆀：12345678",
                "12345678（QQ）",
                "QQ咨询12345678",
            ),
            QQ,
        ),
        (
            "qq 2016-12-11",
            "QQ：2019.12.11",
            "qq 1.2.3",
            "扣1 50",
            "球球大作战 2020",
            "企鹅 1234",
            "口口声声",
            "扣12345678元",
            "q1 2020",
            "Q123",
            "QQ音乐 2020",
            "天鹅号12345678",
            "丘陵 12345678",
        ),
    ),
    "e-mail": Item(
        dict.fromkeys(
            (
                "name(at)example.com",
                "name[at]example[dot]com",
                "name at example dot com",
                "name（at）example.com",
                "name{at}example{dot}com",
                "name(a)example.com",
                "name艾特example点com",
                "name＠example．com",
                "name@example。com",
                "name@example点com",
                "name@example,com",
                "name爱特example.com",
                "name_at_example_dot_com",
                "name&#64;example.com",
                "n a m e @ e x a m p l e . c o m",
            ),
            MAIL,
        )
        | dict.fromkeys(
            ("name*gmail.com", "name@@gmail.com", 'name"at"gmail.com'),
            ("email", "name@gmail.com"),
        )
        | dict.fromkeys(("lin01 @ qq.com", "lin01@ qq.com", "lin01 @qq.com"), ("email", "lin01@qq.com"))
        | {"12345678#qq.com": ("email", "12345678@qq.com"), "name-at-gmail.com": ("email", "name@gmail.com")},
        (
            "look at github.com",
            "find me @ gmail.com",
            "the part before the @gmail.com",
            "hook it up with @live.com mail",
            "hi @qq and @163",
            "see you @ home.",
            "a*b.com",
            "老鼠example.com",
            "meet me at ten dot com",
            "Java#com",
            "f(a)b",
            "what-at-home",
            "朋友圈a计划",
            "foo@2x.png",
        ),
    ),
}


@pytest.mark.parametrize(("text", "contact"), [pair for item in CONTACTS.values() for pair in item.hidden.items()])
def test_a_hidden_contact_is_found_alone_and_in_a_sentence(text: str, contact: tuple[str, str]) -> None:
    for sentence in (text, f"有意者 {text}，谢谢"):
        assert [(hit.kind, hit.value) for hit in find_contacts(sentence)] == [contact]


@pytest.mark.parametrize("text", [text for item in CONTACTS.values() for text in item.clean])
def test_clean_text_beside_it_holds_no_contact(text: str) -> None:
    assert find_contacts(text) == []
