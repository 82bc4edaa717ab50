"""Hosts that lead elsewhere: shorteners, redirectors, and the invitations of platforms. A shipped list, no network."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from functools import cache
from urllib.parse import parse_qsl, unquote

from groupcore.text.tlds import trust

VERSION = 3  # raised when a list changes


def _names(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


SHORTENERS = _names(
    """
    bit.ly bitly.com bitly.cx j.mp tinyurl.com t.co goo.gl goo.su ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly
    shorturl.at short.io shrtco.de tiny.cc tiny.one t.ly rb.gy bl.ink soo.gd s.id adf.ly shorte.st ouo.io bc.vc
    lnkd.in fb.me youtu.be amzn.to amzn.eu dlvr.it ift.tt trib.al x.co u.to clck.ru vk.cc qps.ru surl.li urlz.fr
    urlr.me lc.cx lnk.to linktr.ee smarturl.it snip.ly po.st shor.by clk.im vo.la han.gl me2.do bitly.kr abit.ly
    reurl.cc ppt.cc pse.is lihi.io lihi.cc lihi1.com lihi2.com lihi3.com maac.io supr.link goo.by kutt.it yourls.org
    tny.im x.gd 0rz.tw 1url.com 2.gp chilp.it cli.gs git.io url.ie zpr.io qr.ae qrco.de qr.net mcaf.ee v.ht wp.me
    t.cn url.cn dwz.cn dwz.mk suo.im suo.nz sina.lt w.url.cn mrw.so m6z.cn u6v.cn urlc.cn 985.so ft12.com c7.gg
    t.hk.uy d.url.cn 3.cn u.jd.com s.click.taobao.com m.tb.cn v.douyin.com v.kuaishou.com xhslink.com b23.tv
    dwz.win dwz.lc dwz.date tinyurl.cn 0x9.me rrd.me 6du.in t.tl nxw.so kks.me bdurl.net curl.vip
    """
)
"""Hosts whose every path is an alias of some other address."""

REDIRECTORS: dict[str, str] = {
    "l.facebook.com": "/l.php", "lm.facebook.com": "/l.php", "l.instagram.com": "/",
    "youtube.com": "/redirect", "steamcommunity.com": "/linkfilter", "out.reddit.com": "/", "vk.com": "/away.php",
    "away.vk.com": "/", "href.li": "/", "slack-redir.net": "/link", "linkedin.com": "/redir", "deref-mail.com": "/",
    "duckduckgo.com": "/l/", "bing.com": "/ck/a", "click.linksynergy.com": "/", "anonym.to": "/",
    "t.umblr.com": "/redirect", "link.zhihu.com": "/", "link.jianshu.com": "/", "link.csdn.net": "/",
    "link.juejin.cn": "/", "baidu.com": "/link", "weibo.cn": "/sinaurl", "passport.weibo.com": "/visitor",
    "jump2.bdimg.com": "/", "c.pc.qq.com": "/", "gitee.com": "/link", "www.oschina.net": "/action/GoToLink",
    "jianshu.com": "/go-wild", "mail.qq.com": "/cgi-bin/readtemplate", "douban.com": "/link2/",
    "docs.qq.com": "/scenario/", "cloud.tencent.com": "/developer/tools/",
    "developers.weixin.qq.com": "/community/middlepage/",
    "translate.google.com": "/", "web.archive.org": "/web/", "12ft.io": "/", "exit.sc": "/",
    "mp.weixinbridge.com": "/mp/wapredirect", "jump.bdimg.com": "/", "game.bilibili.com": "/linkfilter",
    "facebook.com": "/l.php", "m.facebook.com": "/l.php", "l.messenger.com": "/l.php", "l.threads.com": "/",
    "l.threads.net": "/", "medium.com": "/r/", "disq.us": "/url", "tiktok.com": "/link/v2", "t.me": "/iv",
    "urldefense.com": "/v3/", "urldefense.proofpoint.com": "/v2/url", "googleads.g.doubleclick.net": "/",
    "adclick.g.doubleclick.net": "/", "ad.doubleclick.net": "/", "pinterest.com": "/offsite/",
    "evernote.com": "/OutboundRedirect.action", "nullrefer.com": "/", "dereferer.org": "/", "dereferer.me": "/",
    "weixin110.qq.com": "/cgi-bin/mmspamsupport-bin/newredirectconfirmcgi", "txc.qq.com": "/products/",
    "support.qq.com": "/products/", "tieba.baidu.com": "/safecheck", "sspai.com": "/link", "afdian.net": "/link",
    "afdian.com": "/link", "xie.infoq.cn": "/link", "infoq.cn": "/link", "leetcode.cn": "/link/",
    "hd.nowcoder.com": "/link.html", "yuque.com": "/r/goto", "blog.51cto.com": "/transfer",
    "developer.aliyun.com": "/redirect", "kookapp.cn": "/go-wild.html", "pixiv.net": "/jump.php",
    "login.live.com": "/logout.srf", "l.wl.co": "/l",
}  # fmt: skip
"""Hosts, and the path below which they lead on to the address that their query or path carries."""

BELOW: dict[str, str] = {
    ".safelinks.protection.outlook.com": "/", ".cdn.ampproject.org": "/", ".proofpoint.com": "/v2/url",
}  # fmt: skip
"""Names below which every host is a redirector."""

GOOGLE = ("/url", "/amp/")
"""The same of ``google.`` in every country."""

TRANSLATED = ".translate.goog"
"""Below this name, Google shows the pages of others."""

INVITES: tuple[tuple[str, str], ...] = (
    ("telegram", r"(?:t|telegram)\.(?:me|dog|org)/(?:joinchat/|\+|addlist/)"),
    ("discord", r"(?:discord\.gg|dsc\.gg|discord(?:app)?\.com/invite)/"),
    ("whatsapp", r"(?:chat\.whatsapp\.com|whatsapp\.com/channel)/"),
    ("wechat", r"(?:weixin\.qq\.com/[gr]/|u\.wechat\.com/|work\.weixin\.qq\.com/(?:ct/|gm/|.{0,40}join))"),
    ("qq", r"(?:jq\.qq\.com/|qm\.qq\.com/|qun\.qq\.com/|pd\.qq\.com/s/|shang\.qq\.com/wpa/)"),
    ("line", r"(?:line\.me/(?:R/)?ti/|lin\.ee/)"),
    ("kakao", r"open\.kakao\.com/"),
    ("signal", r"signal\.(?:group|me)/"),
    ("facebook", r"(?:m\.me/j/|facebook\.com/groups/[^/?#]{1,80}/join)"),
    ("zalo", r"zalo\.me/g/"),
    ("matrix", r"matrix\.to/#/"),
    ("skype", r"join\.skype\.com/"),
    ("teams", r"teams\.(?:microsoft|live)\.com/(?:l/(?:meetup-join|team|channel)/|meet/)"),
    ("slack", r"join\.slack\.com/"),
    ("viber", r"invite\.viber\.com/"),
    ("vk", r"vk\.me/join/"),
    ("kook", r"(?:kook\.(?:top|vip)|kaihei\.co)/"),
    ("guilded", r"guilded\.gg/i/"),
    ("dingtalk", r"qr\.dingtalk\.com/action/joingroup"),
    ("feishu", r"applink\.(?:feishu\.cn|larksuite\.com)/client/chat/"),
)  # fmt: skip
"""Platforms, and how the addresses begin that take somebody into a group of theirs, ``www.`` aside."""


@cache
def _invite() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in INVITES), re.IGNORECASE)


def is_shortener(host: str) -> bool:
    """Whether *host* (lower case) makes short addresses for others."""
    return host in SHORTENERS or host.removeprefix("www.") in SHORTENERS


def invite_of(address: str) -> str:
    """The platform that *address* (without scheme and ``www.``) invites into a group of, or ``""``."""
    found = _invite().match(address)
    return (found.lastgroup or "") if found else ""


def target_of(host: str, address: str) -> str:
    """The address that a redirector at *host* is asked to lead on to; ``""`` where it is none."""
    if host.endswith(TRANSLATED):
        return _untranslated(host.removesuffix(TRANSLATED))
    prefixes = _prefixes(host, host.removeprefix("www."))
    return _carried(address[len(host) :]) if prefixes and address[len(host) :].startswith(prefixes) else ""


def _prefixes(host: str, bare: str) -> tuple[str, ...]:
    """How the paths begin below which *host* leads on."""
    if prefix := REDIRECTORS.get(host) or REDIRECTORS.get(bare):
        return (prefix,)
    if bare.startswith("google."):
        return GOOGLE
    return tuple(prefix for below, prefix in BELOW.items() if host.endswith(below))


def _untranslated(label: str) -> str:
    """The host that ``evil-example-com`` stands for: a dash is a dot, two are a dash."""
    return "http://" + label.replace("--", "\0").replace("-", ".").replace("\0", "-")


def _carried(address: str) -> str:
    """The address in the query of another, or in its path; one without a scheme where there is no other."""
    query = address.partition("?")[2].partition("#")[0]
    values = [value for _, value in parse_qsl(query[:4000], max_num_fields=64)] if query.count("&") < 64 else []
    values += [unquote(query[:4000]), *map(unquote, values)]  # who escapes an address twice hides it from many
    values += [_unpacked(value) for value in values if value.startswith(("a1aHR0c", "https-3A__", "http-3A__"))]
    for value in values:
        if _begins_an_address(value):
            return f"http:{value}" if value.startswith("//") else value
    if inside := _inner(address[:4000]):
        return inside[1]
    return next((f"http://{value}" for value in map(_bare_address, [*values, address]) if value), "")


def _unpacked(value: str) -> str:
    """The address in a *value* of Bing, which is base64, or of Proofpoint, which has dashes for percent signs."""
    if not value.startswith("a1"):
        return unquote(value.replace("-", "%").replace("_", "/"))
    try:
        return urlsafe_b64decode(value[2:] + "==").decode()
    except ValueError:
        return ""


def _begins_an_address(value: str) -> bool:
    return value.lower().startswith(("http://", "https://", "//"))


_inner = re.compile(r"[/_;]_?(https?://[^\s?#]+?)(?=__|[\s?#]|$)", re.IGNORECASE).search
_bare = re.compile(
    r"(?:^|/(?:amp|amp/s|c|c/s|web/[0-9*]{1,14}[a-z_]{0,3})/)((?:[a-z0-9-]{1,63}\.){1,8}([a-z]{2,24}))(?![\w.-])",
    re.IGNORECASE,
)


def _bare_address(value: str) -> str:
    """The host that *value* begins with, or that stands in it where such a page has it; ``""`` without a known end."""
    found = _bare.search(value)
    return found[1] if found and trust(found[2].lower()) not in ("none", "risky") else ""
