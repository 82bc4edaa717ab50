"""Hosts that lead elsewhere: shorteners, redirectors, and the invitations of platforms. A shipped list, no network."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import parse_qsl, unquote

VERSION = 2  # raised when a list changes


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
}  # fmt: skip
"""Hosts, and the path below which they lead on to the address that their query or path carries. Google has ``/url``."""

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
    bare = host.removeprefix("www.")
    prefix = REDIRECTORS.get(host) or REDIRECTORS.get(bare) or ("/url" if bare.startswith("google.") else None)
    if prefix is None or not address[len(host) :].startswith(prefix):
        return ""
    return _carried(address[len(host) :])


def _untranslated(label: str) -> str:
    """The host that ``evil-example-com`` stands for: a dash is a dot, two are a dash."""
    return "http://" + label.replace("--", "\0").replace("-", ".").replace("\0", "-")


def _carried(address: str) -> str:
    """The address in the query of another, or in its path."""
    query = address.partition("?")[2].partition("#")[0]
    for _, value in parse_qsl(query[:4000], max_num_fields=64) if query.count("&") < 64 else ():
        if value.lower().startswith(("http://", "https://", "//")):
            return value
    bare = unquote(query[:4000])
    if bare.lower().startswith(("http://", "https://")):
        return bare
    inside = _inner(address[:4000])
    return inside[0][1:] if inside else ""


_inner = re.compile(r"/https?://[^\s?#]+", re.IGNORECASE).search
