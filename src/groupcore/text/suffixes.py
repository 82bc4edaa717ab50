"""The registrable part of a host, from the public suffix list where it is installed, else from our own short one.

With the extra ``links`` the list is the snapshot that tldextract brings along; nothing is ever downloaded. What is
found in a text never turns on it: rules compare hosts. It decides what `LinkHit.domain` shows, and a policy of your own
may read that, so `reader_versions` says which list answers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from groupcore.text.tlds import SUFFIXES


@cache
def suffix_list() -> str:
    """The name of the list that answers: ``tldextract/5.3.0``, or ``built-in``."""
    from importlib.metadata import PackageNotFoundError, version  # ten milliseconds that most imports can spare

    try:
        return f"tldextract/{version('tldextract')}"
    except PackageNotFoundError:
        return "built-in"


def registrable(host: str) -> str:
    """The registrable domain of a *host* in lower case that is no address."""
    return _registrable()(host)


@cache
def _registrable() -> Callable[[str], str]:
    return _built_in if suffix_list() == "built-in" else _from_the_list()


def _built_in(host: str) -> str:
    labels = host.split(".")
    kept = 3 if ".".join(labels[-2:]) in SUFFIXES else 2
    return ".".join(labels[-kept:])


def _from_the_list() -> Callable[[str], str]:
    from tldextract import TLDExtract  # type: ignore[import-not-found, unused-ignore]  # a third of a second, for who asks for a domain

    extract = TLDExtract(cache_dir=None, suffix_list_urls=(), fallback_to_snapshot=True).extract_str

    def registrable(host: str) -> str:
        found = extract(host)
        known = f"{found.domain}.{found.suffix}" if found.domain and found.suffix else ""
        return known if host.endswith(known) and known else _built_in(host)

    return registrable
