"""Ways to reach somebody outside the group."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar, cast, get_args

from attrs import field, frozen, validators

from groupcore.policies.base import ContentPolicy, Match, register
from groupcore.policies.evidence import fields_of, once, spans_of, through
from groupcore.policies.settings import flag, names_among, strings
from groupcore.text import ContactHit, ContactKind, Reading
from groupcore.text.contact_tricks import CONTACT_TRICKS
from groupcore.text.contacts import contacts_of
from groupcore.text.quoting import holds_quotes

_KINDS: tuple[ContactKind, ...] = get_args(ContactKind)


def _kinds(value: Iterable[str]) -> tuple[ContactKind, ...]:
    return cast(tuple[ContactKind, ...], strings(value))  # the validator looks at each


def _tricks(value: bool | Iterable[str]) -> bool | tuple[str, ...]:
    return names_among(tuple(CONTACT_TRICKS), value)


@register
@frozen(kw_only=True)
class ContactPolicy(ContentPolicy):
    """A message that gives away a way to reach somebody is a finding.

    ``kinds`` are those that count: ``phone``, ``email``, ``wechat`` and ``qq``, all of them by default. With ``card``,
    a shared contact card counts too. ``tricks`` says which ways of hiding a contact are undone (digits of other styles,
    noise between them, ``薇❤``, ``(at)``): all, none, or those named. Quotations and forwarded records are read only
    with ``inspect_quotes``.
    """

    kind: ClassVar[str] = "contact"
    version: ClassVar[int] = 2
    spares_bare: ClassVar[bool] = True
    reads_domains: ClassVar[bool] = False

    kinds: tuple[ContactKind, ...] = field(
        default=_KINDS,
        converter=_kinds,
        validator=[validators.min_len(1), validators.deep_iterable(validators.in_(_KINDS))],
    )
    card: bool = field(default=False, validator=flag)
    tricks: bool | tuple[str, ...] = field(default=True, converter=_tricks)
    inspect_quotes: bool = field(default=False, validator=flag)

    @cached_property
    def _unwanted(self) -> frozenset[str]:
        """The tricks that this rule does not undo."""
        wanted = self.tricks if isinstance(self.tricks, tuple) else CONTACT_TRICKS if self.tricks else ()
        return frozenset(CONTACT_TRICKS).difference(wanted)

    def find(self, reading: Reading) -> Match | None:
        """A match with the kinds that were found; the values are shown and never stored."""
        contacts = self._contacts(reading)
        cards = self._cards(reading) if self.card and reading.parts else []
        if not contacts and not cards:
            return None
        kinds = [kind for kind in _KINDS if any(hit.kind == kind for hit in contacts)]
        evidence: dict[str, Any] = {"kinds": kinds + ["contact-card"] * bool(cards), **through(contacts)}
        names = fields_of(contacts).get("fields", []) + cards
        if names:
            evidence["fields"] = names
        values = once(hit.value for hit in contacts)
        return Match(self.id, spans_of(contacts), evidence, quoted={"values": values}, hits=contacts)

    def _contacts(self, reading: Reading) -> tuple[ContactHit, ...]:
        contacts = reading.contacts
        if self.inspect_quotes and holds_quotes(reading.text, reading.parts):
            contacts = contacts_of(reading.text, reading.parts, self.tricks, quotes=True)
        elif self._unwanted and any(not self._unwanted.isdisjoint(hit.steps) for hit in contacts):
            contacts = contacts_of(reading.text, reading.parts, self.tricks)
        return tuple(hit for hit in contacts if hit.kind in self.kinds)

    def _cards(self, reading: Reading) -> list[str]:
        return [f"parts[{index}]" for index, part in enumerate(reading.parts) if part.kind == "contact-card"]
