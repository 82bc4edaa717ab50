"""Hosts that somebody spells, letter by letter: ``e x a m p l e . c o m``, ``e-x-a-m-p-l-e 点 c-o-m``, a letter a line.

A row of single letters and digits is put together, and counts only if a host comes out whose ending is known: no prose
is spelled like that. What stands oftenest between two of them is what they are spelled with; a dot that is more than
that is a dot. Linear time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice

from groupcore.text.rewriting import MOST_REWRITES, Rewrite
from groupcore.text.tlds import WELL_KNOWN, trust

_DOTS = ".．。｡·•・‧∙⋅●点點丶"
_GAP = r"(?:[^\w'’\U0001f1e6-\U0001f1ff]|[_点點丶]){1,7}"  # an apostrophe belongs to words
AFTER_DOT = r"[\W_]{0,4}[a-zA-Z\U0001f1e6-\U0001f1ff](?!['’])[\W_]{1,5}[a-zA-Z\U0001f1e6-\U0001f1ff](?![a-zA-Z0-9])"
"""What follows the last dot of a host that is spelled to its end."""


@cache
def _row() -> re.Pattern[str]:
    """Five single letters or more; after a dot the rest of the host may be written as it is."""
    one = r"[a-zA-Z0-9\U0001f1e6-\U0001f1ff]"
    end = r"(?![a-zA-Z0-9])"
    dot = rf"(?:{_GAP}(?:dot|Dot|DOT)(?=[\W_]))?"
    rest = r"(?: ?[.点點] ?[a-zA-Z][a-zA-Z0-9-]{1,30}){1,3}"
    return re.compile(
        rf"{one}(?<![a-zA-Z0-9_].){end}(?:{dot}{_GAP}{one}{end}){{3,200}}(?:{rest}{end})?(?P<path>/[a-zA-Z0-9+_/-]{{1,40}})?"
    )


@cache
def _half() -> re.Pattern[str]:
    """A name as it is, and the letters of its ending apart, or of its ``www``: ``example . c o m``."""
    apart = r"[ *-]{1,2}"
    endings = "|".join(apart.join(name) for name in ("com", "net", "org", "vip", "top", "xyz"))
    return re.compile(
        r"(?<![a-zA-Z0-9-])(?:(?P<name>[a-zA-Z0-9-]{2,40}) ?[.。点點·] ?"
        rf"(?P<ending>(?i:{endings}))(?![a-zA-Z0-9])|[wW]{apart}[wW]{apart}[wW](?= ?[.。点點][a-zA-Z0-9-]{{2}}))"
    )


def may_be_spelled(text: str) -> bool:
    """Whether single letters stand on either side of a dot in *text*, apart from others."""
    return "dot " in text or "DOT " in text or _place().search(text) is not None


@cache
def _place() -> re.Pattern[str]:
    single = r"[a-zA-Z0-9\U0001f1e6-\U0001f1ff]"
    return re.compile(rf"[{_DOTS}](?:(?<=[\W_]{single}[\W_]{single}.)|(?<=[\W_]{single}[\W_]{single} .)|{AFTER_DOT})")


def spelled(text: str) -> Iterator[Rewrite]:
    """The hosts that are spelled in *text*, each as what comes out, scheme and path included."""
    starts: set[int] = set()
    for match in islice(_row().finditer(text), MOST_REWRITES):
        for rewrite in _hosts(match):
            starts.add(rewrite.start)
            yield rewrite
    for match in islice(_half().finditer(text), MOST_REWRITES):
        ending = "".join(filter(str.isalpha, match["ending"] or ""))
        if match.start() not in starts:
            yield Rewrite(*match.span(), f"{match['name']}.{ending}".lower() if ending else "www", "spelled")


_piece = re.compile(r"[a-zA-Z0-9\U0001f1e6-\U0001f1ff]+|[^a-zA-Z0-9\U0001f1e6-\U0001f1ff]+").findall
_host = re.compile(r"(?:https?:?//)?((?:[a-z0-9-]{1,63}\.)+[a-z]{2,10})(/[a-z0-9+_/.-]*)?").fullmatch


def _hosts(row: re.Match[str]) -> Iterator[Rewrite]:
    """Each host in a *row*, whose words stand further apart than their letters."""
    pieces = _piece(row[0])
    base = Counter(pieces[1::2]).most_common(1)[0][0]
    start = end = row.start()
    word = ""
    for number, piece in enumerate(pieces):
        between = _between(piece, base) if number % 2 else _letters(piece)
        if between == " ":
            yield from _host_in(word, base, start, end)
            word, start = "", end + len(piece)
        else:
            word += between
        end += len(piece)
    yield from _host_in(word, base, start, end)


def _host_in(word: str, base: str, start: int, end: int) -> Iterator[Rewrite]:
    made = _with_ending(word, base)
    if _is_host(made):
        yield Rewrite(start, end, made, "spelled")


def _letters(piece: str) -> str:
    """What a letter is; a letter of a flag is one, too, and ``dot`` a dot."""
    if piece.lower() == "dot":
        return "."
    return "".join(chr(ord(char) - 0x1F185) if char > "\U0001f1e5" else char for char in piece).lower()


def _between(gap: str, base: str) -> str:
    """What a *gap* stands for, in a row whose letters are set apart by *base*: a space is the end of a word."""
    if gap == base:
        return ""
    if "/" in gap and "/" not in base:
        return "://" if ":" in gap else "/"
    if any(dot in gap for dot in _DOTS if dot not in base):
        return "."
    if gap.strip():
        return ""
    return " " if base.strip() or len(gap) > len(base) or "\n" in gap else ""


def _with_ending(word: str, base: str) -> str:
    """*word* with a dot before its ending, where it is spelled with dots and no other dot tells where one stands."""
    if base.strip() not in tuple(_DOTS) or "." in word or not word.endswith("com"):
        return word
    made = f"{word[:-3]}.com"
    return f"www.{made[3:]}" if made.startswith("www") and len(made) > 8 else made


_WORDS = frozenset({"tele.com", "inter.com", "dot.com", "sit.com", "rom.com"})


def _is_host(word: str) -> bool:
    found = _host(word)
    if found is None or found[1] in _WORDS:
        return False
    name, _, last = found[1].rpartition(".")
    label = name.rpartition(".")[2]
    if found[1] in WELL_KNOWN or (len(label) > 1 and found[2]):
        return trust(last) != "none"
    return len(label) > 2 and trust(last) in ("sure", "fair")
