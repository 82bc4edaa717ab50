"""How people hide links, undone: ``hxxp``, ``example[.]com``, ``example 点 com``, ``example。com``, full-width letters.

Each trick rewrites what it knows, where it may: the result is a text in which the link is plain, with a way back. What
is found there counts only when something was rewritten in its scheme or host, and when the name is one that the trick
can be trusted with: ``end . com`` in prose, ``the dot com bubble`` and ``java。net很好`` are no links.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import islice

from attrs import evolve

from groupcore.text.characters import INVISIBLE
from groupcore.text.plain_links import LinkHit, plain_links
from groupcore.text.rewriting import MOST, MOST_REWRITES, Rewrite, Rewritten
from groupcore.text.tlds import trust

TRICKS: dict[str, float] = {
    "scheme": 0.95,
    "bracketed-dot": 0.95,
    "wide-dot": 0.9,
    "full-stop": 0.8,
    "mid-dot": 0.7,
    "dot-word": 0.7,
    "spaces": 0.6,
    "wide-letters": 0.9,
    "invisible": 0.9,
}
"""The tricks in the order in which they are named, and how sure a link is that needed one."""

WEAK = frozenset({"full-stop", "mid-dot", "dot-word", "spaces"})
"""Tricks that prose has too by chance: they must lead to a name that looks like one, and never replace a plain link."""


# what is looked for ------------------------------------------------------------------------------------------------

_TLDS = (
    "com|net|org|cn|cc|ru|io|co|me|tv|info|biz|xyz|vip|top|app|club|shop|site|online|store|link|live|fun|icu|ltd|pro|"
    "tk|ml|ga|cf|gq|hk|tw|jp|kr|sg|my|uk|de|fr|us|eu|in|id|vn|ph|th|ly|gg|to|ws|pw|su|ua|asia|mobi|gov|edu"
)
_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,40}[a-zA-Z0-9])?"


def _then(dot: str) -> str:
    """What follows the first dot of a host whose dots are written as *dot*: at most three labels, then a known name."""
    name = rf"(?=[a-zA-Z]{{2,6}}(?![a-zA-Z0-9]))(?i:{_TLDS})(?![a-zA-Z0-9])"  # first its shape, which is told fast
    return rf"(?=(?:{_LABEL}{dot}){{0,3}}{name})"


_WORD = r"(?i:d[o0]t)"
BRACKETED = rf"[\[({{（【「［〔<] ?(?:[.．。,·•*]|{_WORD}|[点點]) ?[\])}}）】」］〕>]"


_DISGUISES: dict[str, tuple[str, str]] = {
    "scheme": (
        r"[hH](?<![a-zA-Z0-9].)(?:xx|XX|\*\*|××|t\*|\*t|tx|xt|tt|TT)[pP](?P<s>[sS]?) ?(?:(?:[\[(]:[\])]|[:：;；﹕∶]) ?)?(?://|\\\\|／／)",
        "http{s}://",
    ),
    "bracketed-dot": (rf"(?<=[^\W_]) ?{BRACKETED} ?(?=[a-zA-Z0-9])", "."),
    "wide-dot": (r"[．․﹒](?<=[^\W_].)(?=[^\W_])", "."),
    "full-stop": (rf"[。｡](?<=[a-zA-Z0-9].){_then('[。｡.]')}", "."),
    "mid-dot": (
        rf"[·•・‧∙⋅● ](?<=[a-zA-Z0-9].)(?:(?<! )|[·•・‧∙⋅●]) ?{_then(' ?[·•・‧∙⋅●.] ?')}",
        ".",
    ),
    "dot-word": (
        rf"[点點 ](?<=[a-zA-Z0-9].)(?:(?<= ){_WORD} {_then(f' {_WORD} ')}|(?:(?<! )|[点點]) ?{_then(' ?[点點.] ?')})",
        ".",
    ),
    "spaces": (rf"(?<=[a-zA-Z0-9])(?: \. ?{_then(' ?[.] ?')}|(?<=[wW]{{3}})\. (?=[a-zA-Z0-9]))", "."),
    "invisible": (rf"[{INVISIBLE}]{{1,16}}(?=[a-zA-Z0-9.:/-])", ""),
}  # fmt: skip
"""By trick: what is written, and what it stands for. A class comes first where it can, so that searches skip fast."""


def _suspects(text: str) -> Iterator[str]:
    """The tricks that *text* has a sign of; most texts have none of any."""
    if "//" in text or "\\\\" in text or "／／" in text:
        yield "scheme"
    if _bracket().search(text) is not None:
        yield "bracketed-dot"
    if " ." in text or "w. " in text or "W. " in text:
        yield "spaces"
    odd = not text.isascii() and odd_dot().search(text) is not None
    if odd or "dot" in text or "Dot" in text or "DOT" in text or "d0t" in text:
        yield "dot-word"
    if odd:
        yield from ("wide-dot", "full-stop", "mid-dot")
    if not text.isascii():
        yield "invisible"


@cache
def _bracket() -> re.Pattern[str]:
    return re.compile(BRACKETED)


@cache
def disguise(trick: str) -> re.Pattern[str]:
    """What is written where somebody uses *trick*."""
    return re.compile(_DISGUISES[trick][0])


@cache
def _wide_letters() -> dict[int, str]:
    """Letters of other styles, one for one. Circled digits are no letters: they number the items of a list."""
    wide = (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
    table = {code: chr(code - 0xFEE0) for code in wide}
    for first, letters in ((0x24B6, 65), (0x24D0, 97), (0x1F130, 65), (0x1F150, 65), (0x1F170, 65)):
        table |= {first + number: chr(letters + number) for number in range(26)}
    for style in range(13):
        for number in range(52):
            code = 0x1D400 + 52 * style + number
            table[code] = chr((65 if number < 26 else 71) + number)
    return table


@cache
def _wide() -> re.Pattern[str]:
    return re.compile(f"[{WIDE}]")


WIDE = "０-９Ａ-Ｚａ-ｚⒶ-ⓩ\U0001d400-\U0001d6a3\U0001f130-\U0001f189"


@cache
def odd_dot() -> re.Pattern[str]:
    """What is no ASCII and may be a dot, and a letter after it. A class comes first, so that the search skips fast."""
    return re.compile(r"[．․﹒。｡·•・‧∙⋅●点點](?:(?<=[．․﹒])\w| ?[0-9a-zA-Z])")


# undoing -----------------------------------------------------------------------------------------------------------


def hidden_links(text: str, names: Collection[str]) -> Iterator[LinkHit]:
    """The links that stand in *text* once the tricks of these *names* are undone, in order; linear."""
    letters = text
    if "wide-letters" in names and not text.isascii() and _wide().search(text):
        letters = text.translate(_wide_letters())
    plain = Rewritten(letters, _rewrites(letters, names))
    if letters is text and not plain.rewrites:
        return
    for hit in islice(plain_links(plain.text), MOST):
        span = plain.back(hit.start, hit.end)
        head = plain.back(hit.start, hit.start + _head(hit))
        inside = plain.inside(*head)  # what was undone in scheme and host
        used = {rewrite.trick for rewrite in inside}
        if letters is not text and letters[head[0] : head[1]] != text[head[0] : head[1]]:
            used.add("wide-letters")
        if used and (WEAK.isdisjoint(used) or _is_meant(hit, inside, letters, span[0])):
            yield _told(hit, text, span, used)


def _rewrites(text: str, names: Collection[str]) -> Iterator[Rewrite]:
    for trick in _suspects(text):
        if trick not in names:
            continue
        for match in islice(disguise(trick).finditer(text), MOST_REWRITES):
            made = _made(trick, match)
            if made.lower() != match[0].lower() and (trick != "invisible" or _is_in_a_name(text, match.start())):
                yield Rewrite(*match.span(), made, trick)


def _made(trick: str, match: re.Match[str]) -> str:
    """What stands there once *trick* is undone."""
    new = _DISGUISES[trick][1]
    return new.format(s=match["s"]) if trick == "scheme" else new


def _is_in_a_name(text: str, start: int) -> bool:
    before = text[start - 1 : start]
    return before.isascii() and (before.isalnum() or before in tuple(".:/-"))


def _head(hit: LinkHit) -> int:
    """How long scheme and host are: what comes after does not say where a link leads."""
    return hit.url.lower().find(hit.host) + len(hit.host)


def _told(hit: LinkHit, text: str, span: tuple[int, int], used: set[str]) -> LinkHit:
    """*hit* as it stands in the original, with the *used* tricks and what they leave of its score."""
    score = 1.0
    for trick in used:
        score *= TRICKS[trick]
    steps = tuple(trick for trick in TRICKS if trick in used)
    return evolve(hit, start=span[0], end=span[1], url=text[slice(*span)], steps=steps, score=round(score, 2))


def _words(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


_PROSE = _words(
    """
    a an the this that these those my your our his her its their any some every each no one two and or but if of in on
    at to for with from by as is are was were be been it he she they we you i me us them do does did not use using get
    got buy via like see say said also just old new first last next early end thing things something it's here
    there where
    """
)

_SOFTWARE = frozenset({"java.net", "asp.net", "ado.net", "vb.net", "ml.net", "socket.io", "engine.io"})


def _is_meant(hit: LinkHit, rewrites: Collection[Rewrite], text: str, start: int) -> bool:
    """Whether a host that prose may have made by chance is meant as one, and its dots as dots."""
    name, _, last = hit.host.rpartition(".")
    label = name.rpartition(".")[2]
    if label in _PROSE or hit.host in _SOFTWARE or len(label) < 2 or trust(last) == "none" or label.isdigit():
        return False
    if "://" in hit.url or hit.host.startswith("www."):
        return True
    tricks = {rewrite.trick for rewrite in rewrites}
    if "dot-word" in tricks and (last == "net" or _is_mailbox(text, start)):
        return False
    if len(hit.url) > len(hit.host):
        return True
    half = any(text[rewrite.start : rewrite.end] == " ." for rewrite in rewrites)  # Cheap .net hosting
    return not half and (hit.url.islower() or last in ("com", "cn"))


def _is_mailbox(text: str, start: int) -> bool:
    """Whether ``name at`` stands before the host at *start*: then it is an address, and no link."""
    return text[max(start - 4, 0) : start].lower().rstrip().endswith(("at", "@", "艾特"))
