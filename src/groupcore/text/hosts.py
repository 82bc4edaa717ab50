"""Host names: how to compare them, what their registrable domain is, and which of them lie at home."""

from __future__ import annotations

import re
from collections.abc import Set

from groupcore.text.tlds import SUFFIXES

_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|\Z)){4}(?<=\d)\Z", re.ASCII)
_HOME = re.compile(
    r"(?:127|10)\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|0\.0\.0\.0"
    r"|\[(?:::1?|f[cd][0-9a-f]{2}:.*|fe80:.*)\]",
    re.ASCII,
)
_HOME_NAMES = ("localhost", "local", "internal", "lan")


def is_ip(host: str) -> bool:
    """Whether *host* is an IPv4 address in four numbers, or an IPv6 address in brackets."""
    return host.startswith("[") or _IPV4.match(host) is not None


def domain_of(host: str) -> str:
    """The registrable domain of *host*: what somebody bought. An address, or a name without a dot, is its own.

    >>> domain_of("shop.example.co.uk"), domain_of("a.b.example.com")
    ('example.co.uk', 'example.com')
    """
    if is_ip(host):
        return host
    labels = host.split(".")
    kept = 3 if ".".join(labels[-2:]) in SUFFIXES else 2
    return ".".join(labels[-kept:])


def is_home(host: str) -> bool:
    """Whether nobody outside can open *host*: ``localhost``, private addresses, names without a dot."""
    if _HOME.fullmatch(host):
        return True
    return "[" not in host and ("." not in host or host.rpartition(".")[2] in _HOME_NAMES)


def ascii_host(host: str) -> str:
    """*host* as name servers know it (``xn--...``), or as it is where no such form exists. Never raises."""
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()


def is_under(host: str, domains: Set[str]) -> bool:
    """Whether *host* is one of *domains* or lies below one; both as `ascii_host` writes them."""
    while host:
        if host in domains:
            return True
        host = host.partition(".")[2]
    return False
