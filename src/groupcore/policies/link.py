"""Links to where a group does not want to be led."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar

from attrs import field, frozen

from groupcore.policies.base import ContentPolicy, Match, register
from groupcore.policies.evidence import fields_of, once, spans_of, through
from groupcore.policies.settings import flag, names_among, strings
from groupcore.text import LinkHit, Reading
from groupcore.text.hosts import ascii_host, domain_of, is_home, is_under, looks_like, skeleton
from groupcore.text.links import LINK_TRICKS, links_of
from groupcore.text.quoting import holds_quotes

REASONS = ("denied", "look-alike", "invite", "shortener", "not-allowed")
"""Why a link is a finding, the gravest first."""

DETOURS = frozenset({"shortener", "redirector", "invite"})
"""Steps of a link that nobody had to undo: they say where it leads."""


def _domains(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(_domain, strings(value)))


def _domain(value: str) -> str:
    """*value* in lower case; raises ValueError for a URL, a pattern, or anything else that is no host."""
    host = value.strip().lower().removesuffix(".")
    if not host or any(char in "/*@:?# \t" for char in host) or host.startswith(".") or ".." in host:
        raise ValueError(f"{value!r} is no domain; write 'example.com', which covers its subdomains, too")
    return host


def _tricks(value: bool | Iterable[str]) -> bool | tuple[str, ...]:
    return names_among(LINK_TRICKS, value)


def _hosts(links: Iterable[LinkHit]) -> dict[str, list[str]]:
    """The hosts of *links* and where they lead; their registrable domains where these say something else."""
    hosts = once(host for link in links for host in (link.host, *filter(None, [link.leads_to])))
    domains = once(map(domain_of, hosts))
    return {"hosts": hosts, **({"domains": domains} if domains != hosts else {})}


@register
@frozen(kw_only=True)
class LinkPolicy(ContentPolicy):
    """A link that leads where it should not is a finding; in text, link cards and QR codes.

    With ``allow``, or with neither list, every link is a finding unless its host is in ``allow``. With ``deny`` alone,
    only hosts in ``deny`` are. With both, ``deny`` wins: it can forbid a subdomain of what is allowed. A domain covers
    its subdomains, and ``top`` covers all that ends in ``.top``. Hosts that nobody outside can open (``localhost``,
    private addresses) are findings only when denied. An e-mail address is no link.

    ``tricks`` says which ways of hiding a link are undone (``hxxp``, ``example[.]com``): all, none, or those named.
    With ``shorteners`` and ``invites``, links that hide where they lead, and invitations into groups of other
    platforms, are findings even where only denied hosts would be. Quotations and forwarded records are read only with
    ``inspect_quotes``.
    """

    kind: ClassVar[str] = "link"
    version: ClassVar[int] = 2
    spares_bare: ClassVar[bool] = True
    reads_domains: ClassVar[bool] = False

    allow: tuple[str, ...] = field(default=(), converter=_domains)
    deny: tuple[str, ...] = field(default=(), converter=_domains)
    tricks: bool | tuple[str, ...] = field(default=True, converter=_tricks)
    shorteners: bool = field(default=False, validator=flag)
    invites: bool = field(default=False, validator=flag)
    inspect_quotes: bool = field(default=False, validator=flag)
    _allowed: frozenset[str] = field(init=False, eq=False, repr=False)
    _denied: frozenset[str] = field(init=False, eq=False, repr=False)

    @_allowed.default
    def _ascii_allowed(self) -> frozenset[str]:
        return frozenset(map(ascii_host, self.allow))

    @_denied.default
    def _ascii_denied(self) -> frozenset[str]:
        return frozenset(map(ascii_host, self.deny))

    @cached_property
    def _looks(self) -> frozenset[str]:
        return frozenset(map(skeleton, self.allow))

    @cached_property
    def _unwanted(self) -> frozenset[str]:
        """The tricks that this rule does not undo."""
        wanted = self.tricks if isinstance(self.tricks, tuple) else LINK_TRICKS if self.tricks else ()
        return frozenset(LINK_TRICKS).difference(wanted)

    def find(self, reading: Reading) -> Match | None:
        """A match with every link that is denied or not allowed."""
        links = self._links(reading)
        if not links:
            return None
        reasons = [(link, self._objection(link)) for link in links]
        found = [link for link, reason in reasons if reason]
        if not found:
            return None
        reason = min(filter(None, (reason for _, reason in reasons)), key=REASONS.index)
        evidence = {"links": len(found), "reason": reason, **through(found, but=DETOURS), **fields_of(found)}
        return Match(self.id, spans_of(found), evidence, quoted=_hosts(found), hits=tuple(found))

    def _links(self, reading: Reading) -> tuple[LinkHit, ...]:
        if self.inspect_quotes and holds_quotes(reading.text, reading.parts):
            return links_of(reading.text, reading.parts, self.tricks, quotes=True)
        links = reading.links
        if self._unwanted and any(not self._unwanted.isdisjoint(link.steps) for link in links):
            return links_of(reading.text, reading.parts, self.tricks)
        return links

    def _objection(self, link: LinkHit) -> str | None:
        """Why a link is a finding: a word of ``REASONS``; None when it is none."""
        if "mini-program" in link.steps:
            return None  # it has a policy of its own
        host, target = ascii_host(link.host), ascii_host(link.leads_to)
        if is_under(host, self._denied) or is_under(target, self._denied):
            return "denied"
        if self.invites and "invite" in link.steps:
            return "invite"
        if is_under(host, self._allowed) and (not target or is_under(target, self._allowed)):
            return None
        if self.shorteners and not {"shortener", "redirector"}.isdisjoint(link.steps):
            return "shortener"
        if self._denied and not self._allowed:
            return None
        if host and is_home(host) and "user-info" not in link.steps:
            return None
        return "look-alike" if looks_like(host, self._looks) and not is_under(host, self._allowed) else "not-allowed"
