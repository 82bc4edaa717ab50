"""How people hide links, undone: ``hxxp``, ``example[.]com``, ``example 点 com``, ``example。com``, full-width letters.

Each trick rewrites what it knows, where it may: the result is a text in which the link is plain, with a way back. What
is found there counts only when something was rewritten in its scheme or host, and when the name is one that the trick
can be trusted with: ``end . com`` in prose, ``the dot com bubble`` and ``java。net很好`` are no links.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import chain, islice

from attrs import evolve

from groupcore.text.escaped_hosts import escaped_hosts, may_be_escaped
from groupcore.text.fillers import fillers, may_hold_fillers
from groupcore.text.hosts import address_of, is_ip
from groupcore.text.link_disguises import DISGUISES, bracket, disguise, odd_dot, wide, wide_letters
from groupcore.text.plain_links import LinkHit, plain_links
from groupcore.text.rewriting import MOST, MOST_REWRITES, Rewrite, Rewritten
from groupcore.text.spelled_links import may_be_spelled, spelled
from groupcore.text.tlds import WELL_KNOWN, trust

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
    "escaped": 0.9,
    "ending": 0.7,
    "filler": 0.6,
    "spelled": 0.5,
}
"""The tricks in the order in which they are named, and how sure a link is that needed one."""

WEAK = frozenset({"full-stop", "mid-dot", "dot-word", "spaces", "ending", "spelled"})
"""Tricks that prose has too by chance: they must lead to a name that looks like one, and never replace a plain link."""


# what is looked for ------------------------------------------------------------------------------------------------


def _suspects(text: str) -> Iterator[str]:
    """The tricks that *text* has a sign of; most texts have none of any."""
    if "//" in text or "\\\\" in text or "／／" in text or ":/" in text:
        yield "scheme"
    if bracket().search(text) is not None:
        yield "bracketed-dot"
    if " ." in text or "w. " in text or "W. " in text:
        yield "spaces"
    odd = not text.isascii() and odd_dot().search(text) is not None
    if odd or "dot" in text or "Dot" in text or "DOT" in text or "d0t" in text:
        yield "dot-word"
    if odd or ".." in text or ("/" in text and ("," in text or not text.isascii())):
        yield "full-stop"
    if odd:
        yield from ("wide-dot", "mid-dot")
    if not text.isascii():
        yield "invisible"
    if "c0m" in text or "C0M" in text or not text.isascii():
        yield "ending"


_number = "(?:0x[0-9a-fA-F]{1,8}|[0-9]{1,10})"
_numbers = re.compile(
    r"(?<![0-9.])[0-9]{1,3}(?: ?[.。｡·点點] ?[0-9]{1,3}){3}(?![0-9])"
    rf"|(?<=://){_number}(?:[.。｡]{_number}){{1,3}}(?![0-9a-zA-Z])"
).finditer


def _spoken_addresses(text: str) -> Iterator[Rewrite]:
    """``192。168。1。1``: browsers read it, too."""
    for match in islice(_numbers(text), MOST_REWRITES):
        if not match[0].isascii():
            yield Rewrite(*match.span(), re.sub("[^0-9a-fxA-F]+", ".", match[0]), "full-stop")


# undoing -----------------------------------------------------------------------------------------------------------


def hidden_links(text: str, names: Collection[str]) -> Iterator[LinkHit]:
    """The links that stand in *text* once the tricks of these *names* are undone, in order; linear."""
    if "filler" in names and not text.isascii() and may_hold_fillers(text):
        bare = Rewritten(text, fillers(text))
        if bare.rewrites:
            return _unfilled(text, bare, names)
    return _undone(text, names)


def _unfilled(text: str, bare: Rewritten, names: Collection[str]) -> Iterator[LinkHit]:
    """The hidden links in *text*, of which *bare* is what is left without its fillers."""
    end = 0
    hits = chain(islice(plain_links(bare.text), MOST), _undone(bare.text, names))
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        span = bare.back(hit.start, hit.end)
        filled = bool(bare.inside(*bare.back(hit.start, hit.start + _head(hit))))
        if span[0] >= end and (filled or hit.steps):
            yield _told(hit, text, span, {*hit.steps, *["filler"] * filled})
            end = span[1]


def _undone(text: str, names: Collection[str]) -> Iterator[LinkHit]:
    letters = text
    if "wide-letters" in names and not text.isascii() and wide().search(text):
        letters = text.translate(wide_letters())
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
    if "escaped" in names and may_be_escaped(text):
        yield from escaped_hosts(text)
    if "full-stop" in names and not text.isascii():
        yield from _spoken_addresses(text)
    if "spelled" in names and may_be_spelled(text):
        yield from spelled(text)


def _made(trick: str, match: re.Match[str]) -> str:
    """What stands there once *trick* is undone."""
    new = DISGUISES[trick][1]
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
    if is_ip(hit.host) or address_of(hit.host) or (hit.host in WELL_KNOWN and len(hit.url) > len(hit.host)):
        return True
    name, _, last = hit.host.rpartition(".")
    label = name.rpartition(".")[2]
    tricks = {rewrite.trick for rewrite in rewrites}
    if label in _PROSE or hit.host in _SOFTWARE or len(label) < 2 or trust(last) == "none":
        return False
    if label.isdigit() and "spelled" not in tricks:
        return False
    if "://" in hit.url or hit.host.startswith("www."):
        return True
    in_latin = all(text[rewrite.start : rewrite.end].isascii() for rewrite in rewrites)  # we use dot net
    if "dot-word" in tricks and ((last == "net" and in_latin) or _is_mailbox(text, start)):
        return False
    if len(hit.url) > len(hit.host):
        return True
    half = any(text[rewrite.start : rewrite.end] == " ." for rewrite in rewrites)  # Cheap .net hosting
    return not half and (hit.url.islower() or last in ("com", "cn"))


def _is_mailbox(text: str, start: int) -> bool:
    """Whether ``name at`` stands before the host at *start*: then it is an address, and no link."""
    return text[max(start - 4, 0) : start].lower().rstrip().endswith(("at", "@", "艾特"))
