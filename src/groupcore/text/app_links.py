"""Links that open an application: ``weixin://``, ``tg://``, ``#小程序://``, and the passwords of shops (``￥...￥``).

They have no host of their own; ``host`` is the web site of the platform, so that one entry of a rulebook covers both.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import islice

from groupcore.text.characters import UNSPACED
from groupcore.text.link_disguises import wide, wide_letters
from groupcore.text.plain_links import LinkHit
from groupcore.text.rewriting import MOST

APP_TRICKS: dict[str, float] = {"deep-link": 0.95, "mini-program": 0.95, "share-code": 0.8, "short-invite": 0.8}
"""What they are called in the steps of a hit, and how sure we are."""

APPS: dict[str, str] = {
    "weixin": "weixin.qq.com", "wechat": "weixin.qq.com", "wxwork": "work.weixin.qq.com",
    "wxworklocal": "work.weixin.qq.com", "mqq": "qq.com", "mqqapi": "qq.com", "mqqwpa": "qq.com",
    "mqqopensdkapi": "qq.com", "tencent": "qq.com", "tg": "t.me", "telegram": "t.me", "discord": "discord.com",
    "whatsapp": "wa.me", "line": "line.me", "lineb": "line.me", "viber": "viber.com", "signal": "signal.me",
    "sgnl": "signal.me", "kakaotalk": "kakao.com", "kakaoopen": "kakao.com", "zalo": "zalo.me",
    "skype": "skype.com", "msteams": "teams.microsoft.com", "fb-messenger": "m.me", "potato": "potato.im",
    "taobao": "taobao.com", "tbopen": "taobao.com", "tmall": "tmall.com", "fleamarket": "goofish.com",
    "alipay": "alipay.com", "alipays": "alipay.com", "openapp.jdmobile": "jd.com", "pinduoduo": "pinduoduo.com",
    "snssdk1128": "douyin.com", "aweme": "douyin.com", "kwai": "kuaishou.com", "xhsdiscover": "xiaohongshu.com",
    "bilibili": "bilibili.com", "sinaweibo": "weibo.com", "momochat": "immomo.com", "dingtalk": "dingtalk.com",
    "lark": "larksuite.com", "feishu": "feishu.cn", "wxp": "weixin.qq.com", "xhs": "xiaohongshu.com",
}  # fmt: skip
"""Schemes of applications, and the site of each."""

SHOPS: dict[str, str] = {
    "抖音": "douyin.com", "dou音": "douyin.com", "快手": "kuaishou.com", "小红书": "xiaohongshu.com",
    "拼多多": "pinduoduo.com", "京东": "jd.com", "淘宝": "taobao.com", "天猫": "taobao.com", "闲鱼": "taobao.com",
    "手淘": "taobao.com", "tao宝": "taobao.com", "桃宝": "taobao.com", "掏宝": "taobao.com", "淘寶": "taobao.com",
    "某宝": "taobao.com", "支付宝": "alipay.com", "京東": "jd.com", "tao寶": "taobao.com",
}  # fmt: skip
"""What the applications are called that take passwords, and the site of each; a password alone is one of Taobao."""
CURRENCIES = "￥¥₤€💰₴¢₳₰₲₵"


def may_hold_app_link(text: str) -> bool:
    """Whether *text* may hold a password of a shop; a deep link has ``//`` anyway."""
    return not text.isascii() and (_code().search(text) is not None or names_a_shop(text))


def app_links(text: str, names: Collection[str]) -> Iterator[LinkHit]:
    """The deep links and passwords in *text*, of the kinds in *names*, in order. Linear."""
    found: list[LinkHit] = []
    if _slashes(text):
        if "deep-link" in names:
            found += _deep_links(text)
        if "mini-program" in names:
            found += _mini_programs(text)
    if "short-invite" in names:
        found += _short_invites(text)
    if "share-code" in names and may_hold_app_link(text):
        found += _share_codes(text)
    found.sort(key=lambda hit: hit.start)
    end = 0
    for hit in found:
        if hit.start >= end:
            yield hit
            end = hit.end


def _slashes(text: str) -> bool:
    return "//" in text or "／／" in text or "\\\\" in text


_STOP = rf"\s\"'<>`\u3000-\u3003\u3008-\u301f\uff01-\uff0f\uff1a-\uff20{UNSPACED}"


@cache
def _deep() -> re.Pattern[str]:
    """Anchored on ``://``, so that the search skips fast."""
    return re.compile(rf"://(?P<rest> ?[^{_STOP}]{{2,2000}})")


@cache
def _disguised() -> re.Pattern[str]:
    """The same where colon or slashes are written otherwise."""
    return re.compile(rf"[:：∶﹕](?:(?<=[\[(]:)[\])])?(?://|／／|\\\\)(?P<rest> ?[^{_STOP}]{{2,2000}})")


def _deep_links(text: str) -> Iterator[LinkHit]:
    letters, pattern = text, _deep()
    if not text.isascii() or "\\\\" in text or ":]" in text or ":)" in text:
        letters, pattern = text.translate(wide_letters()) if wide().search(text) else text, _disguised()
    for match in islice(pattern.finditer(letters), MOST):
        at = match.start() - (letters[match.start() - 1 : match.start()] in ("[", "("))
        start = _scheme_start(letters, at)
        site = APPS.get(letters[start:at].lower())
        if site is not None:
            end = match.start() + len(match[0].rstrip(".,;:!?)*~]…"))
            yield LinkHit(start, end, text[start:end], site, ("deep-link",), None, APP_TRICKS["deep-link"])


def _scheme_start(text: str, at: int) -> int:
    start = at
    while start > max(at - 18, 0) and text[start - 1] in _IN_SCHEME:
        start -= 1
    return start


_IN_SCHEME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")


@cache
def _mini_program() -> re.Pattern[str]:
    between = "[ *.·]?"
    return re.compile(
        rf"(?:[#＃] ?(?:wx|微信)?)?小{between}程{between}序(?: ?[:：∶﹕] ?|(?<=#小程序)|(?<=＃小程序))(?://|／／)"
        r"[^\s/，。！？、；,!?;]{1,64}(?:/[A-Za-z0-9_-]{1,64})?"
    )


def _mini_programs(text: str) -> Iterator[LinkHit]:
    if not text.isascii() and "小" in text and "程" in text:
        for match in islice(_mini_program().finditer(text), MOST):
            steps, score = ("mini-program",), APP_TRICKS["mini-program"]
            yield LinkHit(*match.span(), match[0], "weixin.qq.com", steps, None, score)


# invitations without the host ---------------------------------------------------------------------------------------


@cache
def _discord() -> re.Pattern[str]:
    """``.gg/abc``, ``discord gg/abc``: members know what stands before it."""
    return re.compile(r"(?:(?<![\w./:,-])\.|(?i:(?<!\w)(?:discord|dsc)) ?[ ,])gg ?/ ?[a-zA-Z0-9-]{2,32}(?![\w.])")


@cache
def _telegram() -> re.Pattern[str]:
    """The name of Telegram and one that is written as there, ``电报：@abc12345``."""
    return re.compile(
        r"(?:(?<![a-zA-Z])(?i:tg|telegram)(?: ?[:：]|群 ?[:：]?)"
        r"|(?:电报|電報|纸飞机|飞机|✈\ufe0f?)(?:[号群频道]{0,2}[:： ]{0,2})) ?"
        r"@[a-zA-Z][a-zA-Z0-9_]{4,31}(?![a-zA-Z0-9_@])"
    )


def may_name_telegram(text: str) -> bool:
    """Whether *text* may hold a name of Telegram. Anchored on the ``@``, since most of them are mentions."""
    return "@" in text and _named().search(text) is not None


@cache
def _named() -> re.Pattern[str]:
    return re.compile(r"@(?:(?<=[:：报報机群号道✈\ufe0f]@)|(?<=[:：报報机群号道✈\ufe0f] @))")


def _short_invites(text: str) -> Iterator[LinkHit]:
    if "gg" in text and "/" in text:
        for match in islice(_discord().finditer(text), MOST):
            yield _short_invite(match, "discord.gg")
    if may_name_telegram(text):
        for match in islice(_telegram().finditer(text), MOST):
            yield _short_invite(match, "t.me")


def _short_invite(match: re.Match[str], site: str) -> LinkHit:
    return LinkHit(*match.span(), match[0], site, ("short-invite",), None, APP_TRICKS["short-invite"])


# passwords of shops ------------------------------------------------------------------------------------------------


@cache
def _code() -> re.Pattern[str]:
    return re.compile(rf"([{CURRENCIES}]) ?([a-zA-Z0-9]{{9,13}}) ?[{CURRENCIES}](?: ?[A-Z]{{2}}[0-9]{{3,5}})?")


@cache
def _bracketed_code() -> re.Pattern[str]:
    return re.compile(r"[(（《【$/{!！#]([a-zA-Z0-9]{11})[)）》】$/}!！#]")


@cache
def _red_packet() -> re.Pattern[str]:
    """Alipay has people look for numbers."""
    return re.compile(r"支付宝[^\d\n]{0,12}搜索?[^\d\n]{0,4}[0-9]{6,10}(?![0-9])")


def names_a_shop(text: str) -> bool:
    """Whether *text* asks to be copied into the application of a shop: then more may be a password."""
    return ("复" in text or "複" in text or "口令" in text or "打开" in text) and _shop(text) is not None


def _shop(text: str) -> str | None:
    """The site of the first of `SHOPS` that *text* names."""
    lower = text.lower()
    return next((site for name, site in SHOPS.items() if name in lower), None)


@cache
def _video_code() -> re.Pattern[str]:
    """What Douyin has people copy: ``7.53 aBc:/ a@B.cd 05/29``."""
    return re.compile(
        r"(?<![\w.])(?:[0-9]\.[0-9]{2} )?[a-zA-Z]{3}:/(?![/\w])"
        r"(?: [a-zA-Z]@[a-zA-Z]\.[a-zA-Z]{2})?(?: [01][0-9]/[0-3][0-9])?"
    )


def _share_codes(text: str) -> Iterator[LinkHit]:
    site = _shop(text)
    patterns = [_code()] + [_bracketed_code()] * names_a_shop(text)
    found = [
        match
        for pattern in patterns
        for match in islice(pattern.finditer(text), MOST)
        if _is_random(match[match.lastindex or 0])
    ]
    if site == "alipay.com" and names_a_shop(text):
        found += islice(_red_packet().finditer(text), MOST)
    if site == "douyin.com":
        found += islice(_video_code().finditer(text), MOST)
    for match in found:
        site = site or "taobao.com"
        yield LinkHit(*match.span(), match[0], site, ("share-code",), None, APP_TRICKS["share-code"])


def _is_random(code: str) -> bool:
    """Whether *code* mixes letters of both cases, or letters and digits: no word and no price does."""
    kinds = (any(map(str.isupper, code)), any(map(str.islower, code)), any(map(str.isdigit, code)))
    return sum(kinds) > 1 and not code.isdigit()
