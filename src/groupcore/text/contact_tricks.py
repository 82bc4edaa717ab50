"""How people hide ways to reach them, undone: digits of any style, noise between them, other names for WeChat."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import cache, lru_cache
from itertools import islice

from groupcore.text.fillers import fillers, may_hold_fillers
from groupcore.text.rewriting import MOST_REWRITES, Rewrite
from groupcore.text.scattered_numbers import WORDED, in_groups, is_asked_about, scattered

VERSION = 4  # raised when the same text would yield other contacts

CONTACT_TRICKS: dict[str, float] = {
    "digits": 0.9, "noise": 0.7, "sign": 0.8, "at-word": 0.8, "scattered": 0.6, "filler": 0.6,
}  # fmt: skip
"""The tricks in the order in which they are named, and how sure a contact is that needed one."""

HAN_DIGITS = {
    digit: str(value)
    for value, digits in enumerate(
        ("零〇洞", "一壹弌幺", "二贰貳弍两", "三叁叄參弎仨", "四肆", "五伍", "六陆陸", "七柒拐", "八捌", "九玖勾")
    )
    for digit in digits
}
"""Numerals that are words, too; a row of eleven is none."""

_ODD = "".join(HAN_DIGITS) + "\u2776-\u277e\u2780-\u2788\u278a-\u2792\u24ea\u24f5-\u24fd\u24ff\u3021-\u3029"
DIGITS = f"0-9{_ODD}\u0660-\u0669\u06f0-\u06f9\u0966-\u096f"


@lru_cache(maxsize=4096)
def _digit(char: str) -> str:
    """The ASCII digit that *char* is in some other style, or itself."""
    if char in HAN_DIGITS:
        return HAN_DIGITS[char]
    value = unicodedata.numeric(char, -1.0)  # Suzhou numerals have no digit
    return str(int(value)) if value in range(10) else char


def odd_digits(excerpt: str) -> bool:
    """Whether *excerpt* of an original text has digits that are neither ASCII nor full-width: ``①``, ``²``."""
    return any(char > "\x7f" and not "\uff10" <= char <= "\uff19" and _numeric(char) for char in excerpt)


def _numeric(char: str) -> bool:
    return unicodedata.numeric(char, None) is not None


# undoing -----------------------------------------------------------------------------------------------------------

NOISE = r"[!\"#$&'*.?@\\^`|~\xa1-\xbf\u2000-\u2bff\u3001-\u3004\u3008-\u3020\u30fb\ufe0f\U0001f000-\U0001faff-]"
_HEART = "[❤♥♡💗💕💖💘💓🖤💚💙💜🧡💛🩷]\ufe0f?"

_GROUP = r"(?!(?:19|20)[0-9]{2}[01][0-9][0-3][0-9](?![0-9]))[1-9][0-9]{5,9}"
"""The number of a group, and no date."""

_SIGNS: tuple[tuple[str, str], ...] = (
    ("微信", rf"[微薇威徽溦嶶徾维卫围v] ?{_HEART} ?信?|[微薇威徽溦嶶v] ?(?:xin|[芯心]号)|(?<![a-z])wei ?(?:信|xin|❤)"),
    ("微信", rf"[微薇威徽溦嶶徾维卫围蔚] ?[芯欣心x]号?|[维蔚]信|{_HEART} ?[微薇威v]"),
    (
        "微信",
        r"[微薇威徽][ .·*~|/丨。,_-]{1,2}[信芯](?:[ -]号)?|[徾嶶溦]信|[徵魏唯]信(?=[号: ]{0,3}[a-z])|[薇微]星(?=[号:])",
    ),
    ("微信", r"(?<!官)[微薇威](?=[:=])|(?:[加➕]我?|\+)[微薇威](?=[号: ]{0,2}[a-z0-9])|🛰\ufe0f?(?=[: ]?[a-z])"),
    (
        "微信",
        r"绿色(?:聊天)?软件|小?绿泡泡?|薇号?(?=[: ]{0,2}[a-z][a-z0-9_-]{4,18}[0-9])",
    ),
    ("vx", r"(?<![a-z0-9])(?:v[ .·*❤/-]{1,2}x|w[ .·*-]{1,2}x|\\/x|v{2,4}x)(?![a-z])|[🅥🆅][🅧🆇]"),
    ("微信", r"[νѵ]信|(?<![a-z])w信|v[芯心](?=[号: ]{0,3}[a-z])"),
    ("vx", r"[∨√]x(?=[号: ]{1,3}[a-z])"),
    ("加v", r"(?:[加➕家嘉茄佳伽私戳扫滴十┼╋✚] ?[v薇威徽微]|(?<![a-z])jia ?[v薇微])(?=[ ::号]*[a-z0-9])"),
    ("加v", r"(?<![a-z0-9])v我(?=[: ]?[a-z])"),
    ("qq", r"(?:[抠叩扣寇蔻] ?[抠叩扣寇蔻]|秋秋|球球|丘丘|🐧{1,2}|(?<![a-z0-9])q[ .·*-]{1,2}q\.?)(?![a-z])|🆀🆀|🅠🅠"),
    ("qq", r"(?<![企天])鹅号|(?:口口|[加➕]扣|(?<![a-z0-9])q)(?=[号: ]{0,2}[1-9](?:[ .-]?[0-9]){6})|扣(?=[:=] ?[1-9])"),
    ("加群", r"(?:[加进入][裙峮羣君羊qun]{1,3}|[裙峮羣]号|(?:[q扣]|企鹅|交流|粉丝|福利|资源|学习|游戏)[裙峮羣])"),
    ("加群", rf"(?:[裙峮羣]|君 ?羊|(?<![a-z])qun)(?=[号:])|(?:君 ?羊|(?<![a-z])qun)(?= ?{_GROUP})"),
    ("加群", r"群(?:聊号?码?|组|号码)(?=[: ]{0,2}[1-9])|群(?= : ?[1-9])"),
    ("加群", rf"(?:群|羣|峮|(?<![衣短长身])裙)(?:{_HEART}|👉|~)?(?={_GROUP}(?![0-9]))"),
)
"""What WeChat and QQ are called, and what else is written for it."""

_MAILERS = "qq|163|126|gmail|outlook|hotmail|foxmail|sina|sohu|yahoo|icloud|139|189|yeah|aliyun|proton|protonmail|live"
_NO_NAMES = frozenset(
    [
        "me",
        "us",
        "him",
        "her",
        "them",
        "you",
        "it",
        "look",
        "here",
        "out",
        "up",
        "back",
        "online",
        "live",
        "found",
        "site",
    ]
)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    opening, closing = r"[\[({<【「（]", r"[\])}>】」）]"
    between = rf"{NOISE}{{1,3}}"
    grouping = rf"(?:{between}|/)"
    return {
        "grouped": re.compile(rf"(1[3-9][0-9]{{1,2}}){grouping}([0-9]{{3,4}}){grouping}([0-9]{{3,5}})(?![0-9])"),
        "spread": re.compile(
            rf"(?<![0-9a-z])([0-9a-z])({between}| {{1,2}})([0-9a-z])(?:\2[0-9a-z]){{3,18}}(?![0-9a-z])"
        ),
        "spread-gate": re.compile(rf"{NOISE}[0-9a-z]{NOISE}{{1,3}}[0-9a-z]{NOISE}"),
        "spaced-gate": re.compile(r" {1,2}[0-9a-z] {1,2}[0-9a-z] "),
        "abroad": re.compile(
            r"[+➕](?<![0-9a-z].)[1-9][0-9]{0,2}[ .*/·_-][0-9]{1,4}(?:[.*/·_][0-9]{2,4}){1,5}(?![0-9]|\.[0-9])"
        ),
        "dash": re.compile(r"(?<=[a-z0-9])\(?(?:下划线|(?P<dash>横?杠))\)?(?=[a-z0-9])"),
        "bracketed": re.compile(rf"(?:\([{DIGITS}]\)){{3,}}"),
        "keycap": re.compile(r"(?<=[0-9])[\ufe0f\u20e3]+"),
        "mail-dot": re.compile(
            rf"(?<=[a-z0-9])(?: ?{opening} ?(?:dot|\.|点) ?{closing} ?| dot |[-_]dot[-_]| ?[点。,] ?| \. ?)"
            r"(?=(?:com|cn|net|org|edu|io|me)(?![a-z0-9]))"
        ),
    }


def undone(folded: str, names: Collection[str]) -> tuple[str, list[Rewrite]]:
    """*folded* with its digits in one style, and what the other tricks of these *names* replace in it. Linear."""
    letters = _in_one_style(folded) if "digits" in names and not folded.isascii() else folded
    rewrites: list[Rewrite] = []
    if "digits" in names:
        rewrites += _hidden_digits(letters)
    if "scattered" in names:
        rewrites += scattered(letters)
    if "noise" in names:
        rewrites += _not_inside(rewrites, _without_noise(letters))
    if "sign" in names:
        rewrites += _signs(letters)
    if "at-word" in names:
        rewrites += _at_words(letters)
    if "filler" in names and not letters.isascii() and may_hold_fillers(letters):
        rewrites += fillers(letters)
    return letters, rewrites


def _not_inside(kept: Iterable[Rewrite], more: Iterable[Rewrite]) -> list[Rewrite]:
    """*more* without those that undo only a piece of what one of the *kept* scattered numbers holds."""
    spans = {(rewrite.start, rewrite.end) for rewrite in kept if rewrite.trick == "scattered"}
    taken = {place for span in spans for place in range(*span)}
    return [rewrite for rewrite in more if rewrite.start not in taken or (rewrite.start, rewrite.end) in spans]


def _in_one_style(text: str) -> str:
    """*text* with every numeral of a long row as an ASCII digit, one for one; what stands alone is a word."""
    pieces: list[str] = []
    end = 0
    for match in _row().finditer(text):
        pieces += [text[end : match.start()], "".join(map(_digit, match[0]))]
        end = match.end()
    return "".join([*pieces, text[end:]]) if pieces else text


@cache
def _row() -> re.Pattern[str]:
    """Five digits or more of any style, marks between them allowed."""
    return re.compile(rf"[{DIGITS}](?:[^\w\n]{{0,3}}[{DIGITS}]){{4,}}")


def _hidden_digits(text: str) -> Iterator[Rewrite]:
    """Digits in brackets, as ``⑴`` is folded, and letters that stand for digits in a mobile number."""
    if ")(" in text:
        for match in _patterns()["bracketed"].finditer(text):
            yield Rewrite(*match.span(), "".join(map(_digit, match[0][1::3])), "digits")
    for match in letter_digits().finditer(text):
        start, end = match.start() - 1, match.end()
        if not text[start:end].isdigit() and sum(map(str.isdigit, text[start:end])) > 4:
            yield Rewrite(start, end, text[start:end].translate(_LETTER_DIGITS), "digits")
    if not text.isascii():
        for match in islice(_in_ids().finditer(text), MOST_REWRITES):
            yield Rewrite(*match.span(), "+" if match[0] == "➕" else "".join(map(_digit, match[0])), "digits")


@cache
def _in_ids() -> re.Pattern[str]:
    """Chinese numerals in the digits that end an id, and a plus before a number."""
    han = "".join(HAN_DIGITS)
    return re.compile(rf"(?<=[a-z_])(?=[0-9]{{0,8}}[{han}])[0-9{han}]{{2,10}}(?![^\W\d_])|➕(?=[1-9][0-9]{{0,2}}[ (-])")


_LETTER_DIGITS = str.maketrans("oil", "011")


@cache
def odd_number() -> re.Pattern[str]:
    """What `letter_digits` finds, or where words begin to stand between the groups of a number; for a glance."""
    return re.compile(f"{letter_digits().pattern}|{WORDED}")


@cache
def letter_digits() -> re.Pattern[str]:
    """All but the first of eleven digits of a mobile number, some of them letters: ``l38Oo138OOO``, folded."""
    return re.compile(r"[3-9](?<=[1il][3-9])(?<![0-9a-z_][1il][3-9])[0-9oil]{9}(?![0-9a-z_])")


def _without_noise(text: str) -> Iterator[Rewrite]:
    patterns = _patterns()
    for match in patterns["grouped"].finditer(text):
        digits = match[1] + match[2] + match[3]
        if len(digits) == 11 and not text[max(match.start() - 1, 0) : match.start()].isdigit():
            yield Rewrite(*match.span(), digits, "noise")
    yield from in_groups(text)
    if "+" in text or "➕" in text:
        for match in patterns["abroad"].finditer(text):
            if sum(map(str.isdigit, match[0])) > 9:
                yield Rewrite(*match.span(), "+" + re.sub("[.*/·_]", "-", match[0][1:]), "noise")
    if "划线" in text or "杠" in text:
        for match in patterns["dash"].finditer(text):
            yield Rewrite(*match.span(), "-" if match["dash"] else "_", "noise")
    if " @ " in text:
        for match in spaced_mail().finditer(text):
            yield Rewrite(*match.span(), match[0].replace(" ", ""), "noise")
    if patterns["spaced-gate"].search(text) or patterns["spread-gate"].search(text):
        for match in patterns["spread"].finditer(text):
            if is_asked_about(text, *match.span()):
                continue
            yield Rewrite(*match.span(), match[0].replace(match[2], ""), "noise")
    if "\u20e3" in text:
        for match in islice(patterns["keycap"].finditer(text), MOST_REWRITES):
            yield Rewrite(*match.span(), "", "digits")


@cache
def _sign_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(pattern)) for name, pattern in _SIGNS)


_CERTAIN = "❤♥♡薇威徽溦嶶徾裙峮羣抠叩寇蔻νѵ🐧➕∨√🅥🆅🆀🅠徵魏唯┼╋✚"
"""Characters that are rare enough to be looked at, whatever stands beside them."""


@cache
def _sign_gate() -> re.Pattern[str]:
    """One of the characters that begin or are a sign, with what makes it one. A class first: the search skips fast."""
    return re.compile(
        rf"[{_CERTAIN}微卫围维绿秋球丘扣家嘉茄佳伽私戳扫滴十vwqx加进入群\\]"
        rf"(?:(?<=[{_CERTAIN}])|[ .·*❤-]{{1,2}}[xq]|(?<=扣)[扣:= 叩抠蔻]"
        rf"|(?<=[微卫围维v]) ?(?:{_HEART}|[芯心x])|泡|(?<=秋)秋|(?<=球)球|(?<=丘)丘| ?v|in|ei|/x|[君羊q]"
        r"|(?<=[私戳扫滴十加家嘉茄佳伽]) ?[微威]|(?<=微)[星丨]|(?<=v)我|(?<=群)[聊组号❤👉~ 1-9]|(?<=w)信|(?<=v)[芯心])"
        rf"|[微薇威徽溦嶶徾维卫围蔚](?: ?[信芯欣心x:=]|[ .·*~|/。,_-]{{1,2}}[信芯])|{_HEART} ?v"
        r"|[加+➕]我?[微薇威]|🛰|绿色|鹅号|口口|君 ?羊|加扣|qun|v/x|vvx|jia|q[号: ]{0,2}[1-9]"
    )


def _signs(text: str) -> Iterator[Rewrite]:
    if _sign_gate().search(text) is None:
        return
    for name, pattern in _sign_patterns():
        for match in islice(pattern.finditer(text), MOST_REWRITES):
            if match[0] != name:
                yield Rewrite(*match.span(), name, "sign")


def _at_words(text: str) -> Iterator[Rewrite]:
    ats: list[re.Match[str]] = []
    if may_say_at(text):
        found = islice(at_word().finditer(text), MOST_REWRITES)
        ats = [match for match in found if _is_name(_word_before(text, match.start()), match[0])]
    for match in ats:
        yield Rewrite(*match.span(), "@", "at-word")
    if ats or "@" in text:
        for match in _patterns()["mail-dot"].finditer(text):
            yield Rewrite(*match.span(), ".", "at-word")


def _is_name(word: str, at: str) -> bool:
    """Whether *word* may be the name of a mailbox before *at*; with a space at its side only one with a digit is."""
    spaced = at.strip() == "@" and at != "@"
    return any(map(str.isdigit, word)) if spaced else word not in _NO_NAMES


def may_say_at(text: str) -> bool:
    """Whether *text* has what stands for ``@``; what is around it is not looked at."""
    if "#" in text or "at-" in text or "at_" in text or ("at " in text and ("dot" in text or "点" in text)):
        return True
    if "." in text and (".com" in text or ".cn" in text) and _mailer().search(text) is not None:
        return True
    if text.isascii():
        return ("(" in text or "[" in text or "{" in text or "<" in text) and _bracketed_at().search(text) is not None
    return (
        ("特" in text and ("艾特" in text or "爱特" in text))
        or "圈" in text
        or "老鼠" in text
        or _bracketed_at().search(text) is not None
    )


@cache
def _mailer() -> re.Pattern[str]:
    """The host of many mailboxes, and what may be the rest of an ``@`` before it."""
    return re.compile(rf"[#*@/~|\"'] ?(?:{_MAILERS})\.(?:com|cn|net)")


@cache
def spaced_mail() -> re.Pattern[str]:
    """An address, letter by letter."""
    return re.compile(r"(?<![a-z0-9])(?:[a-z0-9._-] ){3,30}@(?: [a-z0-9.-]){4,40}(?![a-z0-9])")


@cache
def at_word() -> re.Pattern[str]:
    """What stands for ``@`` in an address."""
    opening, closing = r"[\[({<【「（]", r"[\])}>】」）]"
    worded = rf"(?<=[a-z0-9] )at(?= [a-z0-9-]{{2,30}} ?(?:dot|点|{opening}))"
    return re.compile(
        rf"(?<=[a-z0-9]) ?(?:{opening} ?(?:at|@|艾特|圈?a|圈) ?{closing}|艾特|爱特|小老鼠|圈a|{worded}"
        rf"|圈(?=(?:{_MAILERS})[.点])"
        rf"|(?P<mark>[/*~|\"']) ?at ?(?P=mark)|&#0{{0,3}}64;|&commat;|[-_]at[-_](?=[a-z0-9-]{{2,30}}[-_]dot[-_])"
        rf"|(?:[#*]|[-_]at[-_]|@@{{1,2}}| @ ?|@ )(?=(?:{_MAILERS})\.(?:com|cn|net))) ?(?=[a-z0-9])"
    )


@cache
def _bracketed_at() -> re.Pattern[str]:
    return re.compile(r"[\[({<【「（] ?(?:at|@|艾特|a ?[\])}>】」）])")


def _word_before(text: str, end: int) -> str:
    before = text[max(end - 16, 0) : end].rstrip()
    return before[len(before.rstrip("abcdefghijklmnopqrstuvwxyz0123456789")) :]
