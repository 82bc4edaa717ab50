"""Ways to reach somebody outside the group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, cast, get_args

from attrs import field, frozen, validators

from groupcore.policies.base import ContentPolicy, Match, register
from groupcore.policies.evidence import fields_of, once, spans_of
from groupcore.policies.settings import flag, strings
from groupcore.text import ContactKind, Reading

_KINDS: tuple[ContactKind, ...] = get_args(ContactKind)


def _kinds(value: Iterable[str]) -> tuple[ContactKind, ...]:
    return cast(tuple[ContactKind, ...], strings(value))  # the validator looks at each


@register
@frozen(kw_only=True)
class ContactPolicy(ContentPolicy):
    """A message that gives away a way to reach somebody is a finding.

    ``kinds`` are those that count: ``phone``, ``email``, ``wechat`` and ``qq``, all of them by default. With ``card``,
    a shared contact card counts too.
    """

    kind: ClassVar[str] = "contact"
    spares_bare: ClassVar[bool] = True

    kinds: tuple[ContactKind, ...] = field(
        default=_KINDS,
        converter=_kinds,
        validator=[validators.min_len(1), validators.deep_iterable(validators.in_(_KINDS))],
    )
    card: bool = field(default=False, validator=flag)

    def find(self, reading: Reading) -> Match | None:
        """A match with the kinds that were found; the values are shown and never stored."""
        contacts = reading.contacts
        if contacts:
            contacts = tuple(hit for hit in contacts if hit.kind in self.kinds)
        cards = self._cards(reading) if self.card and reading.parts else []
        if not contacts and not cards:
            return None
        kinds = [kind for kind in _KINDS if any(hit.kind == kind for hit in contacts)]
        evidence: dict[str, Any] = {"kinds": kinds + ["contact-card"] * bool(cards)}
        names = fields_of(contacts).get("fields", []) + cards
        if names:
            evidence["fields"] = names
        return Match(self.id, spans_of(contacts), evidence, quoted={"values": once(hit.value for hit in contacts)})

    def _cards(self, reading: Reading) -> list[str]:
        return [f"parts[{index}]" for index, part in enumerate(reading.parts) if part.kind == "contact-card"]
