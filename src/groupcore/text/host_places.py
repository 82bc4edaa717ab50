"""Where the host ends that begins after a scheme: browsers open more than a name server would register."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from groupcore.text.characters import is_unspaced
from groupcore.text.tlds import trust


class HostPatterns(NamedTuple):
    """What hosts are made of. A label may be preceded by the dot that the search was anchored on."""

    label: re.Pattern[str]
    ascii_label: re.Pattern[str]
    loose: re.Pattern[str]  # as browsers and wildcards of name servers take it: ``a_b.-c.example.com``
    pictured: re.Pattern[str]  # with symbols: ``i❤.ws``
    ip6: re.Pattern[str]
    nobodys: re.Pattern[str]  # with a label that no name server can know, which begins it


@cache
def host_patterns() -> HostPatterns:
    """Compiled when the first text with a dot comes along, so that importing stays cheap."""
    ascii_label = r"[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?(?![a-zA-Z0-9])"
    label = r"[^\W_](?:[\w-]{0,61}[^\W_])?(?![^\W_])"
    symbols = "\u2600-\u27bf\u2b50\ufe0f\U0001f300-\U0001faff"
    return HostPatterns(
        label=re.compile(rf"\.?{label}(?:\.{label}){{0,31}}"),
        ascii_label=re.compile(rf"\.?{ascii_label}(?:\.{ascii_label}){{0,31}}"),
        loose=re.compile(r"[a-zA-Z0-9_-]{1,63}(?:\.[a-zA-Z0-9_-]{1,63}){0,31}(?![a-zA-Z0-9_-])"),
        pictured=re.compile(
            rf"(?=[\w-]{{0,62}}[{symbols}])[\w{symbols}-]{{1,63}}(?:\.[a-zA-Z]{{2,24}})+(?=[/:?#\s]|$)"
        ),
        ip6=re.compile(r"\[[0-9a-fA-F:.]{2,45}\]"),
        nobodys=re.compile(
            r"(?:[\w-]{64,2000}|(?i:xn--)[\w-]{0,60}[^\W\x00-\x7f][\w-]{0,60})(?:\.[\w-]{1,2000}){0,32}"
        ),
    )


def host_after_scheme(text: str, start: int) -> tuple[str, int]:
    """The host that begins at *start*, and its end; ``""`` and where to read on when there is none.

    Chinese text may follow an ASCII host without a space.
    """
    patterns = host_patterns()
    if found := patterns.ip6.match(text, start) or patterns.pictured.match(text, start):
        return found[0], found.end()
    wide, narrow = patterns.label.match(text, start), patterns.ascii_label.match(text, start)
    if wide is not None and (narrow is None or _goes_on(wide[0], narrow[0])):
        narrow = wide
    loose = patterns.loose.match(text, start)
    if loose is not None and (narrow is None or _is_longer(loose[0], narrow[0])):
        return (loose[0], loose.end()) if _can_exist(loose[0]) else ("", loose.end())
    if narrow is None or narrow[0][0] == "." or not _can_exist(narrow[0]):
        nobodys = patterns.nobodys.match(text, start)
        return "", nobodys.end() if nobodys else start
    return narrow[0], narrow.end()


def last_label(host: str) -> str:
    """The last label of *host*, in lower case."""
    return host.rpartition(".")[2].lower()


def is_followed_by_text(wide: str, narrow: str) -> bool:
    """Whether *narrow* is whole and *wide* only takes up the text after it: ``twitter.jp日本語it.so``."""
    after = wide[len(narrow) : len(narrow) + 1]
    return "." in narrow and is_unspaced(after) and trust(last_label(narrow)) in ("sure", "fair")


def _goes_on(wide: str, narrow: str) -> bool:
    """Whether a host that goes on beyond its ASCII labels is one host."""
    if trust(last_label(wide)) == "none":
        return not is_unspaced(wide)
    return not is_followed_by_text(wide, narrow)


def _is_longer(loose: str, narrow: str) -> bool:
    """Whether there is more to a host than well-formed labels, and not only the dash of the sentence after it."""
    return len(loose.rstrip("_-.")) > len(narrow) or (len(loose) > len(narrow) and "." not in narrow)


def _can_exist(host: str) -> bool:
    """Whether anybody can have the domain of *host*: no underscore in it, no dash at an end of a label."""
    if any(label[:4].lower() == "xn--" and not label.isascii() for label in host.split(".")):
        return False
    domain = host.rsplit(".", 2)[-2:] if "." in host else []
    return not any(label.startswith("-") or label.endswith("-") or "_" in label for label in domain) and (
        not domain or "-" not in domain[1] or domain[1][:4].lower() == "xn--"
    )
