"""Links to where a group does not want to be led."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from attrs import field, frozen

from groupcore.policies.base import ContentPolicy, Match, register
from groupcore.policies.evidence import fields_of, once, spans_of
from groupcore.policies.settings import strings
from groupcore.text import LinkHit, Reading
from groupcore.text.hosts import ascii_host, is_home, is_under


def _domains(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(_domain, strings(value)))


def _domain(value: str) -> str:
    """*value* in lower case; raises ValueError for a URL, a pattern, or anything else that is no host."""
    host = value.strip().lower().removesuffix(".")
    if not host or any(char in "/*@:?# \t" for char in host) or host.startswith(".") or ".." in host:
        raise ValueError(f"{value!r} is no domain; write 'example.com', which covers its subdomains, too")
    return host


@register
@frozen(kw_only=True)
class LinkPolicy(ContentPolicy):
    """A link that leads where it should not is a finding; in text, link cards and QR codes.

    With ``allow``, or with neither list, every link is a finding unless its host is in ``allow``. With ``deny`` alone,
    only hosts in ``deny`` are. With both, ``deny`` wins: it can forbid a subdomain of what is allowed. A domain covers
    its subdomains, and ``top`` covers all that ends in ``.top``. Hosts that nobody outside can open (``localhost``,
    private addresses) are findings only when denied. An e-mail address is no link.
    """

    kind: ClassVar[str] = "link"
    spares_bare: ClassVar[bool] = True

    allow: tuple[str, ...] = field(default=(), converter=_domains)
    deny: tuple[str, ...] = field(default=(), converter=_domains)
    _allowed: frozenset[str] = field(init=False, eq=False, repr=False)
    _denied: frozenset[str] = field(init=False, eq=False, repr=False)

    @_allowed.default
    def _ascii_allowed(self) -> frozenset[str]:
        return frozenset(map(ascii_host, self.allow))

    @_denied.default
    def _ascii_denied(self) -> frozenset[str]:
        return frozenset(map(ascii_host, self.deny))

    def find(self, reading: Reading) -> Match | None:
        """A match with every link that is denied or not allowed."""
        links = reading.links
        if not links:
            return None
        reasons = [(link, self._objection(link)) for link in links]
        found = [link for link, reason in reasons if reason]
        if not found:
            return None
        denied = any(reason == "denied" for _, reason in reasons)
        return Match(
            self.id,
            spans_of(found),
            {"links": len(found), "reason": "denied" if denied else "not-allowed", **fields_of(found)},
            quoted={"hosts": once(link.host for link in found)},
        )

    def _objection(self, link: LinkHit) -> str | None:
        host = ascii_host(link.host)
        if is_under(host, self._denied):
            return "denied"
        listed_only = self._denied and not self._allowed
        if listed_only or is_under(host, self._allowed) or (host and is_home(host)):
            return None
        return "not-allowed"
