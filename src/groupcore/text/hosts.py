"""Host names: how to compare them, what their registrable domain is, and which of them lie at home."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set

from groupcore.text.characters import finder
from groupcore.text.look_alikes import LOOKS, SCRIPTS
from groupcore.text.suffixes import registrable

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
    return host if is_ip(host) else registrable(host)


_NUMBER = re.compile(r"0[xX][0-9a-fA-F]{1,16}|[0-9]{1,16}")


def address_of(host: str) -> str:
    """The IPv4 address that browsers read in *host*, where it is written in other numbers; else ``""``.

    >>> address_of("3232235777"), address_of("0x7f.1"), address_of("1.2.3.4")
    ('192.168.1.1', '127.0.0.1', '')
    """
    pieces = host.split(".")
    if len(pieces) > 4 or is_ip(host) or not all(map(_NUMBER.fullmatch, pieces)):
        return ""
    try:
        *first, last = (_number(piece) for piece in pieces)
    except ValueError:
        return ""  # 08 and 09 are no octal numbers
    if any(number > 255 for number in first) or last >= 256 ** (4 - len(first)) or (not first and last < 1 << 24):
        return ""
    value = last + sum(number << 8 * (3 - place) for place, number in enumerate(first))
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def _number(piece: str) -> int:
    if piece[:2] in ("0x", "0X"):
        return int(piece, 16)
    return int(piece, 8) if piece[0] == "0" else int(piece)


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


def unicode_host(host: str) -> str:
    """*host* as people read it, ``xn--`` labels decoded where they can be. Never raises."""
    if "xn--" not in host:
        return host
    return ".".join(map(_decoded, host.split(".")))


def _decoded(label: str) -> str:
    try:
        return label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label
    except (UnicodeError, OverflowError, ValueError):
        return label


def is_mixed(host: str) -> bool:
    """Whether a label of *host* mixes letters of scripts that nobody writes together, such as Latin and Cyrillic."""
    return any(_scripts(label) > 1 for label in unicode_host(host).split("."))


def _scripts(label: str) -> int:
    return sum(finder(ranges).search(label) is not None for ranges in SCRIPTS)


def skeleton(host: str) -> str:
    """What *host* looks like at a glance: two hosts that can be taken for each other have one skeleton.

    >>> skeleton("exаmp1e.com") == skeleton("example.com")
    True
    """
    marked = unicodedata.normalize("NFKD", unicode_host(host).casefold())
    bare = "".join(char for char in marked if not unicodedata.combining(char))
    return bare.translate(LOOKS).replace("rn", "m").replace("vv", "w").replace("cl", "d")


def looks_like(host: str, skeletons: Set[str]) -> bool:
    """Whether *host* looks as one of some hosts does, or as a host below one; those are given by their `skeleton`."""
    return is_under(skeleton(host), skeletons)
