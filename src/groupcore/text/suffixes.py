"""The registrable part of a host, from the public suffix list where it is installed, else from our own short one.

With the extra ``links`` the list is the snapshot that tldextract brings along; nothing is ever downloaded, and
tldextract itself (with all it needs for downloading, half a second) is never imported. What the policies of groupcore
find never turns on the list: they compare hosts. It decides what `LinkHit.domain` shows, which a policy of your own may
read, so `reader_versions` says which list answers.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec

from groupcore.text.tlds import SUFFIXES

_SNAPSHOT = ".tld_set_snapshot"
_PRIVATE = "// ===BEGIN PRIVATE DOMAINS==="  # github.io and the like: names that nobody sells
_DEEPEST = 8  # labels; no rule of the list has more


def suffix_list() -> str:
    """The name of the list that answers: ``public-suffix-list/2025-04-07_15-51-09_UTC``, or ``built-in``."""
    return _named()[0]


def registrable(host: str) -> str:
    """The registrable domain of a *host* in lower case that is no address. 2 µs; reading the list takes 15 ms, once."""
    labels = host.split(".")
    kept = len(labels) - _suffix_start(labels) + 1
    return ".".join(labels[-kept:])


def _suffix_start(labels: list[str]) -> int:
    """The index in *labels* at which the public suffix begins; of a name that no list knows, the last label."""
    rules = _rules()
    for index in range(max(len(labels) - _DEEPEST, 0), len(labels)):
        name, above = ".".join(labels[index:]), ".".join(labels[index + 1 :])
        if f"!{name}" in rules:
            return index + 1
        if name in rules or f"*.{above}" in rules:
            return index
    return len(labels) - 1


@cache
def _rules() -> frozenset[str]:
    """The rules of the list, names of other scripts as people and as name servers write them."""
    text = _named()[1]
    if not text:
        return SUFFIXES
    lines = (line.partition(" ")[0] for line in text.partition(_PRIVATE)[0].splitlines())
    rules = {line for line in lines if line and not line.startswith("//")}
    return frozenset(rules.union(_in_ascii(rule) for rule in rules if not rule.isascii()))


def _in_ascii(rule: str) -> str:
    try:
        return rule.encode("idna").decode("ascii")
    except UnicodeError:
        return rule


@cache
def _named() -> tuple[str, str]:
    """The name of the list, and its text; ``""`` for our own."""
    text = _snapshot()
    if not text:
        return "built-in", ""
    version = re.search(r"^// VERSION: (\S+)", text, re.MULTILINE)
    return f"public-suffix-list/{version[1] if version else _version_of_its_package()}", text


def _version_of_its_package() -> str:
    from importlib.metadata import version  # ten milliseconds that most imports can spare

    return f"tldextract-{version('tldextract')}"


def _snapshot() -> str:
    """The text of the list that came with tldextract, read without importing it; ``""`` where there is none."""
    spec = find_spec("tldextract")
    read = getattr(spec.loader, "get_data", None) if spec else None
    if spec is None or read is None or not spec.submodule_search_locations:
        return ""
    try:
        return str(read(f"{spec.submodule_search_locations[0]}/{_SNAPSHOT}"), "utf-8")
    except OSError:
        return ""
