"""Links as people write them: with a scheme, with ``www.``, or a bare host.

A bare host counts by how far its last label can be trusted (`tlds.trust`): ``bit.ly/x`` and ``example.com`` do,
``README.md``, ``main.py``, ``object.name`` and ``e.g.`` do not, an e-mail address never does. Chinese text may touch a
link on either side. Everything is anchored on a dot or on ``://`` and looks a bounded way around it: linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from attrs import frozen

from groupcore.text.characters import UNSPACED, is_unspaced
from groupcore.text.hosts import domain_of, is_ip
from groupcore.text.tlds import SUFFIXES, trust

VERSION = 1  # raised when the same text would yield other links

SCHEMES = frozenset({"http", "https", "ftp", "ftps", "sftp", "ws", "wss"})


@frozen
class LinkHit:
    """A link: its span, the URL as written, its host in lower case, and the domain somebody registered.

    ``field`` is None for the text, or names the string of a part, such as ``parts[0].url``, that the span counts in.
    """

    start: int
    end: int
    url: str
    host: str
    domain: str
    steps: tuple[str, ...] = ()
    field: str | None = None


def may_hold_link(text: str) -> bool:
    """Whether *text* has what every link has. 0.1 µs, and enough for most of clean Chinese."""
    return "." in text or "://" in text


def find_links(text: str) -> list[LinkHit]:
    """The links in *text*, in order, none inside another.

    >>> [hit.url for hit in find_links("看bit.ly/x吧（或 https://example.com/a_(b)），别写 main.py")]
    ['bit.ly/x', 'https://example.com/a_(b)']
    """
    return list(_links(text)) if may_hold_link(text) else []


def whole_link(text: str) -> LinkHit:
    """The link that *text* is known to be, such as the address of a link card, well-formed or not."""
    for hit in find_links(text):
        return hit
    return LinkHit(0, len(text), text, "", "")


def _links(text: str) -> Iterator[LinkHit]:
    cursor = 0
    for anchor in _patterns().anchor.finditer(text):
        if anchor.start() < cursor:
            continue
        find = _bare if anchor[0] == "." else _with_scheme
        hit, cursor = find(text, anchor.start(), cursor)
        if hit is not None:
            yield hit


class _Patterns(NamedTuple):
    anchor: re.Pattern[str]
    label: re.Pattern[str]  # the rest of a host, from its first label or its first dot
    ascii_label: re.Pattern[str]
    ip6: re.Pattern[str]
    user: re.Pattern[str]
    port: re.Pattern[str]
    path: re.Pattern[str]
    bare_path: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """Compiled when the first text with a dot comes along, so that importing stays cheap."""
    ascii_label = r"[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?(?![a-zA-Z0-9])"
    label = r"[^\W_](?:[\w-]{0,61}[^\W_])?(?![^\W_])"
    stop = (
        r"\s()\[\]<>\"`{}|\\^\x00-\x1f\x7f\u00ab\u00bb\u2013-\u203a\u3000-\u3003\u3008-\u301f"
        r"\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufffd"
    )
    return _Patterns(
        anchor=re.compile(r"[.:](?:(?<=\w\.)(?=\w)|(?<=:)//)"),  # a class in front, so that the search skips fast
        label=re.compile(rf"\.?{label}(?:\.{label}){{0,31}}"),
        ascii_label=re.compile(rf"\.?{ascii_label}(?:\.{ascii_label}){{0,31}}"),
        ip6=re.compile(r"\[[0-9a-fA-F:.]{2,45}\]"),
        user=re.compile(r"[a-zA-Z0-9._~!$&'*+,;=:%-]{1,128}@"),
        port=re.compile(r":[0-9]{1,5}(?![0-9])"),
        path=re.compile(rf"(?:[^{stop}{UNSPACED}]+|(?<=[/=&#?_:+%.(-])[{UNSPACED}]+)*"),
        bare_path=re.compile(rf"[^{stop}{UNSPACED}]*"),
    )


def _with_scheme(text: str, at: int, cursor: int) -> tuple[LinkHit | None, int]:
    """The link around ``://`` at *at*, and where to read on."""
    after = at + 3
    scheme = _scheme_before(text, at, cursor)
    if not scheme:
        return None, after
    start = at - len(scheme)
    user = _patterns().user.match(text, after)
    host, end = _host_at(text, user.end() if user else after)
    if not host:
        return None, after
    end = _end(text, end, _patterns().path)
    return _hit(text, start, end, host), end


def _scheme_before(text: str, at: int, cursor: int) -> str:
    """The scheme that ends at *at*, or ``""``. People forget the space before ``http``; other schemes stand alone."""
    start = at
    while start > max(cursor, at - 12) and text[start - 1].isascii() and text[start - 1].isalpha():
        start -= 1
    letters = text[start:at].lower()
    if letters in SCHEMES:
        return letters
    return next((scheme for scheme in ("https", "http") if letters.endswith(scheme)), "")


def _host_at(text: str, start: int) -> tuple[str, int]:
    """The host that begins at *start*, and its end. Chinese text may follow an ASCII host without a space."""
    patterns = _patterns()
    if address := patterns.ip6.match(text, start):
        return address[0], address.end()
    wide = patterns.label.match(text, start)
    narrow = patterns.ascii_label.match(text, start)
    if narrow is None or (wide is not None and trust(_last(wide[0])) != "none"):
        narrow = wide
    return (narrow[0], narrow.end()) if narrow and narrow[0][0] != "." else ("", start)


def _last(host: str) -> str:
    return host.rpartition(".")[2].lower()


# bare hosts --------------------------------------------------------------------------------------------------------

_NO_HOST_AFTER = frozenset("@/\\$.#%&~")  # an address, a file's path, code
_HARDLY_CHINESE = frozenset({"gov", "edu", "org"})  # 他的网站是.gov的 names no host
_CODE_AFTER = frozenset("@[{=_$\\")
_SOFTWARE = frozenset({"asp.net", "ado.net", "vb.net", "ml.net", "socket.io", "engine.io"})


def _bare(text: str, dot: int, cursor: int) -> tuple[LinkHit | None, int]:
    """The link whose host has its first dot at *dot*, and where to read on."""
    start = _label_start(text, dot, cursor)
    host, end = _tail(text, start, dot)
    if not host:
        return None, end
    after = _end(text, end, _patterns().bare_path)
    slashes = start >= 2 and text[start - 2 : start] == "//"
    if start and text[start - 1] in _NO_HOST_AFTER and not slashes:
        return None, _after_token(text, end)
    if not _is_link(host, text[end:after], text[end : end + 1]):
        return None, end
    if slashes and start - 2 >= cursor and text[start - 3 : start - 2] != ":":
        start -= 2  # //example.com/x.js: of the scheme of the page it was copied from
    return _hit(text, start, after, host), after


def _label_start(text: str, dot: int, cursor: int) -> int:
    """Where the label before *dot* begins: the ASCII run; the word where there is none, or it goes on in ``ü``."""
    lowest = max(cursor, dot - 63)
    start = dot
    while start > lowest and _in_ascii_label(text[start - 1]):
        start -= 1
    if start > lowest and text[start - 1].isalnum() and (start == dot or _is_latin(text[start - 1])):
        while start > lowest and (text[start - 1].isalnum() or text[start - 1] == "-"):
            start -= 1
    while start < dot and text[start] in "-_":
        start += 1
    return start


def _in_ascii_label(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in "-_")


def _is_latin(char: str) -> bool:
    return char < "\u0250" or "\u1e00" <= char <= "\u1eff"


def _tail(text: str, start: int, dot: int) -> tuple[str, int]:
    """The host from *start*, and its end: all labels if the last is known, else those in ASCII; or where to go on."""
    patterns = _patterns()
    for pattern in (patterns.label, patterns.ascii_label):
        match = pattern.match(text, dot)
        if match is None or start == dot:
            continue
        host = _without_next_sentence(text[start : match.end()])
        if trust(_last(host)) != "none" or _is_number(_last(host)):
            return host, start + len(host)
    known = patterns.ascii_label.match(text, dot) or patterns.label.match(text, dot)
    return "", known.end() if known else dot + 1


def _without_next_sentence(host: str) -> str:
    """*host* without a last label that begins a sentence: of ``example.com.It`` the first two."""
    kept, _, last = host.rpartition(".")
    return kept if last.istitle() and kept.islower() and "." in kept else host


def _is_number(label: str) -> bool:
    return label.isascii() and label.isdigit()


def _is_link(host: str, rest: str, follower: str) -> bool:
    """Whether a bare *host* is a link, given the port and path that follow it, or the character that does."""
    lower = host.lower()
    leads = _leads_somewhere(rest)
    if _is_number(_last(host)):
        return is_ip(host) and leads and not _is_block(rest)
    if lower.startswith("www."):
        return lower.count(".") > 1
    if leads:
        return rest[0] != ":" or trust(_last(host)) != "risky"  # main.py:12 is a line of a file
    if lower in _SOFTWARE or (follower and follower in _CODE_AFTER):
        return False
    if is_unspaced(host.rpartition(".")[0]) and (_last(host) in _HARDLY_CHINESE or is_unspaced(follower)):
        return False
    if ".".join(lower.split(".")[-2:]) in SUFFIXES and lower.count(".") > 1:
        return True
    return _trusted(lower) and (_is_sure(lower) or not (follower == "(" or _begins_sentence(host)))


def _begins_sentence(host: str) -> bool:
    """Whether the last label reads like the next sentence, without the space before it: ``same.Co``."""
    name, _, last = host.rpartition(".")
    return last.istitle() and name.islower()


def _trusted(host: str) -> bool:
    """Whether *host*, alone and in lower case, is surely meant as one."""
    name, _, tld = host.rpartition(".")
    label = name.rpartition(".")[2]
    if _is_sure(host):
        return "_" not in label and not ("." in name and name.replace(".", "").isdigit())
    level = trust(tld)
    if level not in ("fair", "wordy") or len(label) < 2 or is_unspaced(name) or "_" in name or label.isdigit():
        return False
    return level == "fair" or "-" in name or sum(map(str.isdigit, name)) > 1


def _is_sure(host: str) -> bool:
    return trust(_last(host)) == "sure"


def _leads_somewhere(rest: str) -> bool:
    return len(rest) > 1 and (rest[1].isalnum() or rest[0] != ":")


def _is_block(rest: str) -> bool:
    """Whether what follows an address makes it a range of addresses: ``10.0.0.0/8``."""
    return rest[0] == "/" and len(rest) <= 3 and rest[1:].isdigit()


# what both share ---------------------------------------------------------------------------------------------------

_TRAILING = frozenset(".,;:!?'*~([…、。")
_PAIRS = {")": "(", "]": "["}


def _end(text: str, end: int, path: re.Pattern[str]) -> int:
    """Where the link ends whose host ends at *end*: after port and path, less the punctuation of the sentence."""
    if port := _patterns().port.match(text, end):
        end = port.end()
    if text[end : end + 1] not in ("/", "?", "#"):
        return end
    stop = _path_end(text, end + 1, path)
    while stop > end and text[stop - 1] in _TRAILING:
        stop -= 1
    return stop


def _path_end(text: str, at: int, path: re.Pattern[str]) -> int:
    """The end of the path that goes on at *at*: before the first closing bracket without a partner in it."""
    opened: list[str] = []
    while True:
        at = path.match(text, at).end()  # type: ignore[union-attr]  # it matches the empty string, too
        bracket = text[at : at + 1]
        if bracket in ("(", "["):
            opened.append(bracket)
        elif not opened or opened.pop() != _PAIRS.get(bracket):
            return at
        at += 1


def _after_token(text: str, end: int) -> int:
    """The end of the run of ASCII that *end* stands in: the rest of a path or an address."""
    token = _token().match(text, end)
    return token.end() if token else end


@cache
def _token() -> re.Pattern[str]:
    return re.compile(r"[\w./@:~+-]*", re.ASCII)


def _hit(text: str, start: int, end: int, host: str) -> LinkHit:
    host = host.lower()
    return LinkHit(start, end, text[start:end], host, domain_of(host))
