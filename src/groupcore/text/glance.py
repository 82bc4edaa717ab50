"""What a text may hold, told at a glance: most messages hold no link and no contact, and need no search for any.

A glance errs in one direction only: it lets texts through that hold nothing, and holds none back in which `links` or
`contacts` would find something, whatever trick hides it. A law of the tests compares it with the search itself.
Substrings are looked for one by one where Python does that faster than a regular expression.
"""

from __future__ import annotations

import re
from functools import cache

from groupcore.text.app_links import CURRENCIES, may_name_telegram, names_a_shop
from groupcore.text.characters import INVISIBLE
from groupcore.text.contact_tricks import DIGITS, NOISE, at_word, may_say_at, odd_number, spaced_mail
from groupcore.text.fillers import asks_for_all, may_hold_fillers
from groupcore.text.link_disguises import BRACKETED, ENDING, MARKS, WIDE, disguise
from groupcore.text.spelled_links import AFTER_DOT
from groupcore.text.tlds import INTERNATIONAL, KNOWN

_DULL = bytes(sorted({*range(256)}.difference(b"0123456789abcdefghijklmnopqrstuvwxyz./\xf0")))


def may_hold_signs(data: bytes) -> bool:
    """Whether a folded text in UTF-8 has a letter, digit, dot or slash of ASCII, or an enclosed letter. 0.15 µs.

    Without any, it holds no link; and no contact, unless a row of Chinese numerals is one (`may_hold_row`).
    """
    return len(data.translate(None, _DULL)) > 0


# links -------------------------------------------------------------------------------------------------------------


def may_hold_link(text: str) -> bool:
    """Whether *text* may hold a link, hidden or not. Half a µs for most of English, one for Chinese with letters."""
    if "//" in text or "\\\\" in text or ("." in text and _has_known_dot(text)):
        return True
    if ("dot" in text or "Dot" in text or "DOT" in text or "d0t" in text) and _has_dot_word(text):
        return True
    if (" ." in text or "w. " in text or "W. " in text) and _is_disguised(text, "spaces"):
        return True
    if ("/" in text and _slashed().search(text) is not None) or may_name_telegram(text):
        return True
    if text.isascii():
        return _has_bracket(text) and _bracketed().search(text) is not None
    if "删" in text and _taken_out().search(text) is not None:
        return True
    return _odd_dot().search(text) is not None or _bracketed().search(text) is not None or names_a_shop(text)


def _has_dot_word(text: str) -> bool:
    return _is_disguised(text, "dot-word") or _dot_apart().search(text) is not None


@cache
def _dot_apart() -> re.Pattern[str]:
    """A word for a dot, and a single letter after it, as hosts are spelled."""
    return re.compile(r"(?:dot|Dot|DOT)(?<=[\W_]...)[\W_]{1,7}[a-zA-Z](?![a-zA-Z0-9])")


def _is_disguised(text: str, trick: str) -> bool:
    return disguise(trick).search(text) is not None


def _has_bracket(text: str) -> bool:
    return "[" in text or "(" in text or "{" in text or "<" in text


def _has_known_dot(text: str) -> bool:
    """Whether a dot stands before what may be the last label of a host, or in the numbers of an address."""
    dots = _dot().finditer(text)
    return any(dot.lastgroup != "label" or dot["label"].lower() in _LABELS for dot in dots)


_LABELS = frozenset({name for name in KNOWN if name.isalpha() and name.isascii()} | {"xn"})
"""What the last label of a host can be, or begin with where it is ``xn--...``."""


@cache
def _dot() -> re.Pattern[str]:
    names = "|".join(sorted(name for name in INTERNATIONAL if not name.isascii()))
    hidden = rf"[{INVISIBLE}]{{0,16}}"
    # the end of a sentence is none; a label that something invisible touches may go on, so that comes first
    return re.compile(
        rf"\.(?![ \n][a-zA-Z]{{2}})(?:(?P<odd>[a-zA-Z]{{0,24}}[{INVISIBLE}{WIDE}])|(?P<label>[a-zA-Z]{{2,24}})"
        rf"|(?P<name>(?i:{names}))|(?P<number>[0-9]{{1,3}}{hidden}\.{hidden}[0-9])"
        rf"|(?P<spelled>{AFTER_DOT})|(?P<ending>{ENDING}))"
    )


@cache
def _odd_dot() -> re.Pattern[str]:
    """What may be a dot and a letter after it, a letter of another style, a password. A class first: it skips fast."""
    return re.compile(
        rf"[．․﹒。｡·•・‧∙⋅●点點／{MARKS}{CURRENCIES}{WIDE}]"
        rf"(?:(?<=[a-zA-Z0-9].)(?: ?[0-9a-zA-Z]|[。｡])|(?<=[{WIDE}])|(?<=[．․﹒])\w|(?<=／)／"
        rf"|(?<=[{CURRENCIES}]) ?[a-zA-Z0-9]{{9}}|(?<=[a-zA-Z0-9] [·•・‧∙⋅●点點]) ?[0-9a-zA-Z]"
        rf"|(?<=[\W_].)(?<=[．。｡·•・‧∙⋅●点點丶])[\W_]{{1,7}}[a-zA-Z0-9](?![a-zA-Z0-9])"
        rf"|(?<=[_-][点點])[_-][a-zA-Z]|(?<=[数數][点點])[a-zA-Z]|(?<=[点點。]){ENDING})"
    )


@cache
def _taken_out() -> re.Pattern[str]:
    """What is to be taken out behind a letter, or all Chinese characters."""
    return re.compile(r"删(?:(?<=[a-zA-Z0-9.点]删)|(?<=[a-zA-Z0-9.点].删)|[掉除]?(?:里面|中间)?的?(?:中文|汉字|文字))")


@cache
def _slashed() -> re.Pattern[str]:
    """An ending and a path behind it, and a comma or a space where the dot should stand, or nothing before the dot."""
    return re.compile(
        r"/(?:(?<=[,，、. ]gg/)|(?<=[,，、. ]gg /)|(?<=[,，、](?:com|net|org|xyz)/)|(?<=[,，、](?:cn|me|ly|cc)/))"
    )


@cache
def _bracketed() -> re.Pattern[str]:
    return re.compile(BRACKETED)


# contacts ----------------------------------------------------------------------------------------------------------


def may_hold_contact(folded: str) -> bool:
    """Whether *folded* may hold a contact, hidden or not. One µs for most of English and of Chinese with letters."""
    return may_hold_number(folded) or may_hold_name(folded)


def may_hold_number(folded: str) -> bool:
    """Whether *folded* has the digits of a phone, in any style, or fewer and a sign beside. 0.5 µs for most Chinese."""
    if may_hold_row(folded) or odd_number().search(folded) is not None:
        return True
    return asks_for_all(folded) or ("删" in folded and _filled().search(folded) is not None)


@cache
def _filled() -> re.Pattern[str]:
    return re.compile(r"[0-9][^0-9]{0,2}删")


def may_hold_row(folded: str) -> bool:
    """`may_hold_number` of a text without a letter or digit of ASCII. 0.3 µs for most Chinese."""
    row = _row(5).search(folded)
    if row is None:
        return False
    return _row(7).search(folded, row.start()) is not None or _sign().search(folded) is not None or may_say_at(folded)


@cache
def _row(count: int) -> re.Pattern[str]:
    """So many digits of any style, with whatever counts as noise between them."""
    digit, noise = f"[{DIGITS}]", rf"[\W_{NOISE[1:]}{{0,3}}"
    return re.compile(digit + f"{noise}{digit}" * (count - 1))


@cache
def _sign() -> re.Pattern[str]:
    """Every character that is in all the signs of WeChat and QQ, and in addresses."""
    return re.compile(r"[@vwq\\🅥🆅🅠🆀νѵ∨√微薇威徽溦嶶徾徵魏唯维卫围蔚泡🛰绿扣蔻寇群企鹅口抠叩秋球丘🐧裙峮羣君加进入]")


def may_hold_name(folded: str) -> bool:
    """Whether *folded* may hold an address, or a sign of WeChat and what may be an id after it."""
    if "@" in folded and _mailbox().search(folded) is not None:
        return True
    if " @ " in folded and spaced_mail().search(folded) is not None:
        return True
    if may_say_at(folded) and at_word().search(folded) is not None:
        return True
    if folded.isascii():
        return _names_wechat(folded)
    if _wechat().search(folded) is None or (_id().search(folded) is None and not _may_have_words_inside(folded)):
        return False
    return _beyond_prose().search(folded) is not None or _names_wechat(folded)


@cache
def _beyond_prose() -> re.Pattern[str]:
    """What is neither ASCII nor a quotation mark, dash or ellipsis of English prose."""
    return re.compile("[^\x00-\x7f\u2013\u2014\u2018\u2019\u201c\u201d\u2026]")


@cache
def _mailbox() -> re.Pattern[str]:
    """An ``@``, and on either side a character of an address, or what stands for one."""
    stands = r"\\抠叩扣秋球丘🐧\u20e3"
    return re.compile(rf"[a-z{DIGITS}._%+{stands}-]@[a-z{DIGITS}{stands}]")


def _names_wechat(text: str) -> bool:
    """Whether one of the signs of WeChat is in *text*, which is ASCII, or may be once noise is taken out of it."""
    if "vx" in text or "wx" in text or "wechat" in text or "xin" in text:
        return True
    if "v:" in text or "v=" in text or "+v" in text:
        return True
    return _spaced_sign().search(text) is not None


@cache
def _spaced_sign() -> re.Pattern[str]:
    noise = "[^0-9a-z]{1,3}"
    return re.compile(rf"[vw\\](?:{noise}x|{noise}e{noise}[ic])")


@cache
def _wechat() -> re.Pattern[str]:
    """A character that every sign of WeChat has, with the next one where it is a common letter."""
    return re.compile(
        r"[vw\\🅥🆅νѵ∨√微薇威徽溦嶶徾徵魏唯维卫围蔚泡🛰绿](?:(?<![w\\])|(?<=w)(?:x|e[ic]|[^0-9a-z])|(?<=\\)/x)"
    )


@cache
def _id() -> re.Pattern[str]:
    """The least that may become an id once all tricks are undone."""
    return re.compile(rf"[a-z_\W{DIGITS}抠叩扣秋球丘寇蔻口鹅号]{{4}}")


def _may_have_words_inside(folded: str) -> bool:
    """Whether an id may be in pieces: ``ab下划线cd``, ``ab删cd``."""
    return "划线" in folded or "杠" in folded or may_hold_fillers(folded)
