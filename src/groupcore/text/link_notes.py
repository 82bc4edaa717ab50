"""What is odd about a link that stands in plain sight: who it names before the ``@``, numbers for a host, detours."""

from __future__ import annotations

import re
import unicodedata

from attrs import evolve

from groupcore.text.hosts import address_of, is_ip, is_mixed
from groupcore.text.plain_links import LinkHit, plain_links
from groupcore.text.redirectors import invite_of, is_shortener, target_of

LINK_NOTES = ("user-info", "number-host", "mixed-script", "shortener", "redirector", "invite")
"""Their names in the steps of a hit. They hide nothing from us, so they lower no score."""

_user_info = re.compile(r"[a-zA-Z]+://[^/?#\s]{1,128}@", re.ASCII).match


def annotated(hit: LinkHit) -> LinkHit:
    """*hit* with what is odd about it: more ``steps``, a ``host`` that is no number, and where it ``leads_to``."""
    notes: list[str] = []
    host, leads_to = hit.host, ""
    if "@" in hit.url and _user_info(hit.url):
        notes.append("user-info")
    if not host.isascii() and "://" in hit.url:
        host = _as_browsers_read(host)
    address = address_of(host) if host[:1].isdigit() and "://" in hit.url else ""
    if address or (host != hit.host and is_ip(host)):
        host = address or host
        notes.append("number-host")
    if not host.isascii() or "xn--" in host:
        notes += ["mixed-script"] * is_mixed(host)
    if len(hit.url) > len(host):
        more, leads_to = _detours(host, _address(hit))
        notes += more
    if not notes and host == hit.host:
        return hit
    return evolve(hit, host=host, steps=(*hit.steps, *notes), leads_to=leads_to)


def _as_browsers_read(host: str) -> str:
    """*host* with letters and digits of other styles as the plain ones, where only they keep it from being ASCII."""
    plain = unicodedata.normalize("NFKC", host).casefold()
    return plain if plain.isascii() else host


def _address(hit: LinkHit) -> str:
    """The address from the host on; the path as it was written."""
    at = hit.url.lower().find(hit.host)
    return hit.host + hit.url[at + len(hit.host) :] if at >= 0 else hit.host + _path_of(hit.url)


def _path_of(url: str) -> str:
    rest = url.partition("://")[2] or url
    slash = rest.find("/")
    return rest[slash:] if slash >= 0 else ""


def _detours(host: str, address: str) -> tuple[list[str], str]:
    if is_shortener(host):
        return ["shortener"], ""
    if invite_of(address.removeprefix("www.")):
        return ["invite"], ""
    if target := target_of(host, address):
        return ["redirector"], next((hit.host for hit in plain_links(target)), "")
    return [], ""
