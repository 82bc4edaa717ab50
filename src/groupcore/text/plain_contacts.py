"""Contacts in plain sight, in a text that is folded already: phone numbers, addresses, ids of WeChat and QQ.

Numbers are found by what stands around them as much as by their digits: an order number, a time stamp, a price, a
commit hash and the digits of a URL are none of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Literal, NamedTuple

from groupcore.text.characters import is_unspaced
from groupcore.text.plain_links import plain_links
from groupcore.text.rewriting import MOST
from groupcore.text.tlds import trust

ContactKind = Literal["phone", "email", "wechat", "qq"]


class Found(NamedTuple):
    """A contact in the folded text: its span, its kind, its value, and where what announces it begins."""

    start: int
    end: int
    kind: ContactKind
    value: str
    sign: int


def plain_contacts(folded: str) -> list[Found]:
    """The contacts in a *folded* text, in order: of two that overlap the likelier, and none inside a URL."""
    found = list(_all(folded))
    if not found:
        return found
    found.sort(key=lambda hit: (_ORDER[hit.kind], hit.start))
    return _outside_links(_apart(found), folded)


_ORDER: dict[str, int] = {"email": 0, "wechat": 1, "qq": 2, "phone": 3}  # which of two overlapping ones to believe


_BETWEEN = (
    r"号码|帐号|账号|号|:|=|是|为|加|我|\(|\)|->|→|,| |\n|~|>{2,3}"
    r"|[【「“★☆✨✉丨⬇➡👉👇🏻-🏿\ufe0f]|搜一搜|搜索?|添加|联系|咨询|同号"
)
"""What may stand between a sign and what it announces."""


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Compiled when the first text that may hold a contact comes along. All are anchored and bounded: linear time."""
    sources = {
        "mobile": (
            r"(?<![0-9])(?<![0-9][.,])(?:\(?(?:\+|00)?86\)?[ -]?)?"
            r"(1[3-9][0-9](?:[ -]?[0-9]{4}){2})(?![0-9])(?![.,][0-9])"
        ),
        "landline": (
            r"(?<![0-9+])(?:\+?86[ -]?)?(?:\((0(?:10|2[0-9]|[3-9][0-9]{2}))\) ?|(0(?:10|2[0-9]|[3-9][0-9]{2}))[- ])"
            r"([1-9][0-9]{6,7}|[1-9][0-9]{2,3}[- ][0-9]{4})(?![0-9])(?!-[0-9])"
        ),
        "hotline": r"(?<![0-9+.-])[48]00-(?:[0-9]{3}-[0-9]{4}|[0-9]{4}-[0-9]{3})(?![0-9]|-[0-9])",
        "at-home": (
            r"(?<![0-9a-z+(.-])(?:(?:1[ -]?)?\(([2-9][0-9]{2})\) ?([2-9][0-9]{2}-[0-9]{4})"
            r"|8[ -]?\(?([3489][0-9]{2})\)?[ -]?([0-9]{3}[ -][0-9]{2}[ -][0-9]{2})"
            r"|(09[0-9]{2}-[0-9]{3}-[0-9]{3}))(?![0-9]|-[0-9])"
        ),
        "international": r"(?<![0-9a-z+])(?:\+|(?<!\S)00)([1-9](?:[ -]?\(?[0-9]\)?){7,13})(?![0-9])(?![.,][0-9])",
        "host": r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?![a-z0-9]|[-.][a-z0-9]|:[a-z~/])",
        "wechat": (
            r"(?:微信|薇信|威信|徽信|微芯|v信|卫星|加v|加微|加薇|加我v|\+v"
            r"|(?<![a-z0-9])(?:wx|vx|weixin|wechat|v(?=[:=号]))(?![a-z]))"
            rf"((?:id|{_BETWEEN}){{0,8}}?)"
            r"([a-z][a-z0-9_-]{5,19})(?![a-z0-9_@-])(?!\.[a-z])"
        ),
        "before": (
            r"(?<![a-z0-9@./_-])(?!iphone|ipad|ios|android|windows|win[0-9]|macos|word|office)"
            r"([a-z](?=[a-z_-]{0,18}[0-9])[a-z0-9_-]{5,19}) ?"
            r"(?:\((?:微信号?|薇信?|vx|wx)\)|是我的?(?:微信|vx|wx))"
        ),
        "qq-before": r"(?<![0-9a-z@.-])([1-9][0-9]{5,10}) ?\((?:qq|扣扣|q)\)",
        "wxid": r"(?<![a-z0-9_])(wxid_[a-z0-9]{6,24})(?![a-z0-9_])",
        "qq": (
            r"(?:(?<![a-z0-9])qq|扣扣|蔻蔻|q群|扣群|企鹅群?|[加进入]群|交流群|粉丝群|群号|(?<!人)群(?=[:=])|(?<![a-z0-9])q(?=[:=]))"
            rf"(?:群|邮箱|{_BETWEEN}){{0,8}}?"
            r"([1-9][0-9]{4,10})(?![0-9a-z_]|[.,:/-][0-9]|@| ?(?:元|块|人|年|万|条|次|个|%))"
        ),
    }  # fmt: skip
    return {name: re.compile(source) for name, source in sources.items()}


_digit_run = re.compile(r"[0-9](?:[ ()-]{0,2}[0-9]){6}").search


def _all(text: str) -> Iterator[Found]:
    for find in _finders(text):
        yield from islice(find(text), MOST)


def _finders(text: str) -> Iterator[Callable[[str], Iterator[Found]]]:
    """What finds contacts of one kind each, of those kinds that *text* has a sign of."""
    if "@" in text:
        yield _emails
    if _digit_run(text) is not None:
        yield from (_mobiles, _landlines, _hotlines, _international, _at_home)
    if _names_wechat(text):
        yield _wechats
    if _names_qq(text):
        yield _qqs


def _names_wechat(text: str) -> bool:
    """Whether one of the signs of WeChat is there. Spelled out: a search for ten words at once is ten times slower."""
    if "vx" in text or "wx" in text or "wechat" in text or "weixin" in text or "v:" in text or "v=" in text:
        return True
    if text.isascii():
        return "+v" in text
    return "微" in text or "薇" in text or "v" in text or "威信" in text or "徽信" in text or "卫星" in text


def _names_qq(text: str) -> bool:
    if "qq" in text or "q:" in text or "q=" in text:
        return True
    return not text.isascii() and ("群" in text or "扣" in text or "企鹅" in text or "蔻蔻" in text)


def _qqs(text: str) -> Iterator[Found]:
    for match in _patterns()["qq"].finditer(text):
        if not _is_setting(text, match.start(), match.start(1)):
            yield Found(*match.span(1), "qq", match[1], match.start())
    for match in _patterns()["qq-before"].finditer(text) if ")" in text else ():
        yield Found(*match.span(1), "qq", match[1], match.start())


# e-mail ------------------------------------------------------------------------------------------------------------


_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._%+-")


def _emails(text: str) -> Iterator[Found]:
    """Anchored on each ``@``, since most of them in a chat are mentions and are told by the space before them."""
    at = text.find("@")
    while at >= 0:
        if at and text[at - 1] in _LOCAL and (host := _patterns()["host"].match(text, at + 1)):
            start = _local_start(text, at)
            if start < at and not _is_login(text, start, at) and trust(host[0].rpartition(".")[2]) != "none":
                yield Found(start, host.end(), "email", text[start : host.end()], start)
        at = text.find("@", at + 1)


def _is_login(text: str, start: int, at: int) -> bool:
    """Whether the name logs in to a machine: ``git@``, or after the ``://`` of a URL."""
    return text[start:at] == "git" or "://" in text[max(start - 40, 0) : start].rpartition(" ")[2]


def _local_start(text: str, at: int) -> int:
    """Where the name before the ``@`` begins; *at* itself when it is none."""
    start = at
    while start and at - start <= 64 and text[start - 1] in _LOCAL:
        start -= 1
    local = text[start:at]
    if len(local) > 64 or ".." in local or local.endswith("."):
        return at
    return start + len(local) - len(local.lstrip(".%+-"))


# phone -------------------------------------------------------------------------------------------------------------

_NO_PHONE_AFTER = frozenset("/=&_%#$¥€£@~\\.-*")  # a URL, an identifier, a price
_NO_PHONE_BEFORE = frozenset("_/%@=\\°")
_PHONE_TAGS = frozenset(
    {"", "v", "vx", "wx", "t", "tel", "phone", "mobile", "mob", "call", "whatsapp", "telegram", "tg", "qq", "q"}
)
_NUMBERS_OF = re.compile(
    r"(?:订单|单号|编号|序号|流水|运单|快递|物流|身份证|卡号|账单|发票|order|uid|sku|isbn|issue|pid|no\.)[^0-9]{0,4}\Z"
)


def _mobiles(text: str) -> Iterator[Found]:
    for match in _patterns()["mobile"].finditer(text):
        if _is_phone(text, match):
            yield Found(*match.span(), "phone", _digits(match[1]), match.start())


def _landlines(text: str) -> Iterator[Found]:
    for match in _patterns()["landline"].finditer(text):
        if _is_phone(text, match):
            yield Found(*match.span(), "phone", (match[1] or match[2]) + _digits(match[3]), match.start())


def _hotlines(text: str) -> Iterator[Found]:
    for match in _patterns()["hotline"].finditer(text) if "00-" in text else ():
        if _is_phone(text, match):
            yield Found(*match.span(), "phone", _digits(match[0]), match.start())


def _international(text: str) -> Iterator[Found]:
    for match in _patterns()["international"].finditer(text):
        if _is_phone(text, match):
            number = "+" + _digits(match[1].replace("(0)", ""))
            yield Found(*match.span(), "phone", number[3:] if _is_chinese(number) else number, match.start())


_is_chinese = re.compile(r"\+861[3-9][0-9]{9}\Z").match


def _at_home(text: str) -> Iterator[Found]:
    """Numbers as they are grouped in North America, Russia and Taiwan, without the code of the country."""
    for match in _patterns()["at-home"].finditer(text):
        if _is_phone(text, match):
            code = "+1" if match[1] else "+7" if match[3] else ""
            rest = _digits("".join(filter(None, match.groups())))
            yield Found(*match.span(), "phone", code + rest, match.start())


def _is_phone(text: str, match: re.Match[str]) -> bool:
    """Whether what stands around the digits lets them be a phone number."""
    start, end = match.span()
    after = text[end : end + 1]
    if after in _NO_PHONE_BEFORE or (after.isascii() and after.isalpha() and _sign_after(text, end) is None):
        return False
    if start and text[start - 1] in _NO_PHONE_AFTER:
        return False
    before = text[max(start - 12, 0) : start]
    return _letters_before(before) in _PHONE_TAGS and _NUMBERS_OF.search(before) is None


_sign_after = re.compile(r"(?:v|vx|wx|q|qq)(?![a-z0-9_/%@=\\°.-])").match  # 13800138000v: the id is the number


def _letters_before(text: str) -> str:
    """The ASCII letters that *text* ends with."""
    return text[len(text.rstrip("abcdefghijklmnopqrstuvwxyz")) :]


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


# wechat ------------------------------------------------------------------------------------------------------------


def _wechats(text: str) -> Iterator[Found]:
    for match in _patterns()["wechat"].finditer(text):
        sign = text[match.start() : match.start(1)]
        if _is_wechat_id(sign, match[1], match[2]) and not _is_setting(text, match.start(), match.start(2)):
            yield Found(*match.span(2), "wechat", match[2], match.start())
    for match in _patterns()["before"].finditer(text) if "微信" in text or "x)" in text or "薇" in text else ():
        yield Found(*match.span(1), "wechat", match[1], match.start())
    for match in _patterns()["wxid"].finditer(text):
        yield Found(*match.span(1), "wechat", match[1], match.start())


def _is_wechat_id(sign: str, between: str, value: str) -> bool:
    """An id of letters alone may be any word, so a colon or 号 must announce it; a Latin sign wants some gap."""
    if any(char.isdigit() or char == "_" for char in value):
        return bool(between) or not sign.isascii()
    return sign != "v" and any(mark in between for mark in (":", "=", "号", "id", "→", "->"))


def _is_setting(text: str, start: int, end: int) -> bool:
    """Whether a sign that ends in ``=`` is the name of a parameter or a variable: ``watch?v=``, ``&qq=``, ``self.v=``.

    A question mark after Chinese text ends a question.
    """
    if text[end - 1] != "=" or not text[start].isascii():
        return False
    before = text[start - 1 : start]
    return before in ("&", "$", ".", "_", "-") or (before == "?" and not is_unspaced(text[start - 2 : start - 1]))


# which to keep -----------------------------------------------------------------------------------------------------


def _apart(hits: list[Found]) -> list[Found]:
    """*hits*, best first, without those that overlap a better one; in order of place."""
    kept: list[Found] = []
    taken: set[int] = set()
    for hit in hits:
        places = range(hit.start, hit.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def _outside_links(hits: list[Found], text: str) -> list[Found]:
    """*hits* without the numbers and names that are part of a URL."""
    inside: set[int] = set()
    for link in islice(plain_links(text), MOST):
        inside.update(range(link.start, link.end))
    return [hit for hit in hits if hit.kind == "email" or hit.start not in inside]
