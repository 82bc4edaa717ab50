"""Links in plain sight: with a scheme, with ``www.``, or a bare host.

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
from groupcore.text.host_places import host_after_scheme, host_patterns, is_followed_by_text, last_label
from groupcore.text.hosts import domain_of, is_ip
from groupcore.text.tlds import SUFFIXES, WELL_KNOWN, trust

SCHEMES = frozenset({"http", "https", "ftp", "ftps", "sftp", "ws", "wss"})


@frozen
class LinkHit:
    """A link: its span, the URL as written, and its host in lower case, whatever hid it taken away.

    ``steps`` are what hid the link and what is odd about it, ``score`` how sure we are that it is one, at most 1.
    ``leads_to`` is the host that the address of a redirector carries. ``field`` is None for the text, or names the
    string of a part, such as ``parts[0].url``, that the span counts in.
    """

    start: int
    end: int
    url: str
    host: str
    steps: tuple[str, ...] = ()
    field: str | None = None
    score: float = 1.0
    leads_to: str = ""

    @property
    def domain(self) -> str:
        """The registrable domain of ``host``: what somebody bought; see `hosts.domain_of`."""
        return domain_of(self.host)


def plain_links(text: str) -> Iterator[LinkHit]:
    """The links in *text* that nobody hid, in order, none inside another."""
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
    user: re.Pattern[str]
    port: re.Pattern[str]
    path: re.Pattern[str]
    bare_path: re.Pattern[str]
    bar: re.Pattern[str]  # inside a query


@cache
def _patterns() -> _Patterns:
    """Compiled when the first text with a dot comes along, so that importing stays cheap."""
    stop = (
        r"\s()\[\]<>\"`{}|\\^\x00-\x1f\x7f\u00ab\u00bb\u2013-\u203a\u3000-\u3003\u3008-\u301f"
        r"\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufffd"
    )
    return _Patterns(
        anchor=re.compile(r"[.:](?:(?<=\w\.)(?=\w)|(?<=:)//)"),  # a class in front, so that the search skips fast
        user=re.compile(r"[a-zA-Z0-9._~!$&'*+,;=:%@|／∕⁄⧸-]{0,128}@"),
        port=re.compile(r":[0-9]{1,5}(?![0-9])"),
        path=re.compile(rf"(?:[^{stop}{UNSPACED}]+|\u2013(?=[^\W_])|(?<=[/=&#?_:+%.(-])[{UNSPACED}]+)*"),
        bare_path=re.compile(rf"(?:[^{stop}{UNSPACED}]+|\u2013(?=[^\W_]))*"),
        bar=re.compile(r"\|{1,2}(?=[a-zA-Z0-9])"),
    )


def _with_scheme(text: str, at: int, cursor: int) -> tuple[LinkHit | None, int]:
    """The link around ``://`` at *at*, and where to read on."""
    after = at + 3
    scheme = _scheme_before(text, at, cursor)
    if not scheme:
        return None, after
    start = at - len(scheme)
    user = _patterns().user.match(text, after)
    host, end = host_after_scheme(text, user.end() if user else after)
    if not host:
        return None, end
    end = _before_quote(text, start, end, _end(text, end, _patterns().path))
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


# bare hosts --------------------------------------------------------------------------------------------------------

_NO_HOST_AFTER = frozenset("@/\\$.#%&~")  # an address, a file's path, code
_HARDLY_CHINESE = frozenset({"gov", "edu", "org"})  # 他的网站是.gov的 names no host
_CODE_AFTER = frozenset("@[{=_$\\")
_SOFTWARE = frozenset({"asp.net", "ado.net", "vb.net", "ml.net", "socket.io", "engine.io"})


def _bare(text: str, dot: int, cursor: int) -> tuple[LinkHit | None, int]:
    """The link whose host has its first dot at *dot*, and where to read on."""
    start = _label_start(text, dot, cursor)
    host, end = _tail(text, start, dot)
    if text.startswith("://", end):  # look at this.https://example.com: the end of a sentence, and a scheme
        return None, dot + 1
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
    patterns = host_patterns()
    for pattern in (patterns.label, patterns.ascii_label):
        match = pattern.match(text, dot)
        if match is None or start == dot:
            continue
        host = _without_next_sentence(text[start : match.end()])
        ascii_host = patterns.ascii_label.match(text, dot)
        if ascii_host and is_followed_by_text(host, text[start : ascii_host.end()]):
            continue
        if trust(last_label(host)) != "none" or _is_number(last_label(host)):
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
    if _is_number(last_label(host)):
        return is_ip(host) and leads and not _is_block(rest)
    if lower.startswith("www."):
        return lower.count(".") > 1
    if leads and not (rest.startswith("/Contents/") and lower.endswith(".app")):  # inside of an application
        return rest[0] != ":" or trust(last_label(host)) != "risky"  # main.py:12 is a line of a file
    if ".".join(lower.split(".")[-2:]) in WELL_KNOWN:
        return True
    if lower in _SOFTWARE or (follower and follower in _CODE_AFTER):
        return False
    if is_unspaced(host.rpartition(".")[0]) and (last_label(host) in _HARDLY_CHINESE or is_unspaced(follower)):
        return False
    if ".".join(lower.split(".")[-2:]) in SUFFIXES and lower.count(".") > 1:
        return True
    if lower.endswith(".me") and not host[-2:].isupper():
        return _is_somebodys(lower[:-3].rpartition(".")[2])
    return _trusted(lower) and (_is_sure(lower) or not (follower == "(" or _begins_sentence(host)))


_WORDS_BEFORE_ME = frozenset(
    """
    readme controller router module model models parent child children window event events state props params route
    routes config value values client server users account profile request response session context thing
    about above after again around before behind below beside between beyond toward towards under until upon against
    alert allow annoy answer bless blame bother bring bully catch chase check contact correct could create drive email
    excuse follow forget forgive guide invite laugh leave makes marry message notify pardon phone please punch quote
    reach remember remind reply right scare share shows sorry spare stalk teach tells thank thanks touch trust upset
    visit watch which while would write worry believe except inside outside without within support suggest
    """.split()  # noqa: SIM905  # a list reads worse
)


def _is_somebodys(label: str) -> bool:
    """Whether a name before ``.me`` is one: long, of letters, and none that ends a sentence or an object's name."""
    return len(label) > 4 and label.isascii() and "_" not in label and label not in _WORDS_BEFORE_ME


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
    return trust(last_label(host)) == "sure"


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
    query = text[at - 1] == "?"
    while True:
        before = at
        at = path.match(text, at).end()  # type: ignore[union-attr]  # it matches the empty string, too
        query = query or "?" in text[before:at]
        bracket = text[at : at + 1]
        if bracket == "[" and _is_left_open(text, at):
            return at
        if bracket == "|" and query and (bar := _patterns().bar.match(text, at)):
            at = bar.end()
            continue
        if bracket in ("(", "["):
            opened.append(bracket)
        elif not opened or opened.pop() != _PAIRS.get(bracket):
            return at
        at += 1


_closing = re.compile(r"[^\s\[\]]{0,200}\]").match


def _is_left_open(text: str, at: int) -> bool:
    """Whether the square bracket at *at* is closed nowhere in the word it stands in: ``/polls/[poll id]``."""
    return _closing(text, at + 1) is None


_slug = re.compile(r"t\.co/[a-zA-Z0-9]+(?![a-zA-Z0-9?])", re.IGNORECASE).search


def _slug_end(text: str, start: int, end: int) -> int:
    """The end of an address of t.co, which has letters and digits after the slash: ``t.co/abc`` and no ``'s``."""
    found = _slug(text, start, end)
    return found.end() if found else end


def _before_quote(text: str, start: int, least: int, end: int) -> int:
    """The end of a link that began after a quotation mark: before the next one, if that stands in its path."""
    closing = text.find("'", least, end) if text[start - 1 : start] == "'" else -1
    return closing if closing >= 0 else end


def _after_token(text: str, end: int) -> int:
    """The end of the run of ASCII that *end* stands in: the rest of a path or an address."""
    token = _token().match(text, end)
    return token.end() if token else end


@cache
def _token() -> re.Pattern[str]:
    return re.compile(r"[\w./@:~+-]*", re.ASCII)


def _hit(text: str, start: int, end: int, host: str) -> LinkHit:
    host = host.lower()
    if host == "t.co":
        end = _slug_end(text, start, end)
    return LinkHit(start, end, text[start:end], host)
