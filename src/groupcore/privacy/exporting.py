"""Exporting: all that a log holds of one person, as plain values that JSON can say, to be handed to them.

Who reported them is hidden, and what they, as staff, wrote about others is withheld.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs
from attrs import define, field

from groupcore.events.codec import decode, to_wire
from groupcore.events.row import Row
from groupcore.privacy.belongings import Belonging, Belongings, data_of
from groupcore.state import State, advance
from groupcore.state.standing import standing_of
from groupcore.stores import Store

FORMAT = 1
"""Raised when the shape changes."""

_SECTIONS: dict[str, tuple[str, ...]] = {
    "messages": ("message-posted", "message-edited", "message-revoked", "content-labelled"),
    "membership": ("member-joined", "member-left", "member-removed", "member-renamed", "role-", "label-", "owner-"),
    "findings": ("finding-", "rule-abstained", "aggravation-", "strike-"),
    "sanctions": ("member-", "sanction-", "message-deleted", "statement-posted", "action-"),
    "blocks": ("person-",),
    "appeals": ("appeal-",),
    "reports": ("report-", "reporter-", "case-"),
    "erasures": ("erasure-", "text-erased"),
}
"""The sections and the types of their events, by how they begin; the first that fits counts. The rest is ``other``."""


def export(store: Store, person: str, at: int) -> dict[str, Any]:
    """What *store* holds of *person*; how they stand is that of the time *at*, in microseconds. O(log).

    ``sections`` holds each event about them, or by them, once, in the order of the log: its place, when it was
    recorded, in which ``capacities`` it is theirs, what it says, whether its private part was ``erased``, and which
    fields are ``hidden`` or ``withheld``. ``standing`` says how they stand in each group that knows them.
    """
    state, veil = State(), Veil(person)
    mine = Belongings(person)
    sections: dict[str, list[dict[str, Any]]] = {name: [] for name in (*_SECTIONS, "other")}
    events = 0
    for row in store.read():
        events += 1
        advance(state, decode(row).event)
        found = mine.take(row)
        if found is not None:
            sections[_section(row.type)].append(veil.entry(found))
    return {
        "format": FORMAT,
        "person": person,
        "at": at,
        "events": events,
        "standing": {group: _standing(state, group, person, at) for group in _groups(state, person)},
        "sections": sections,
    }


def _section(type_name: str) -> str:
    return next((name for name, starts in _SECTIONS.items() if type_name.startswith(starts)), "other")


def _groups(state: State, person: str) -> Iterator[str]:
    return (id for id in sorted(state.groups) if state.standing(id, person) is not None)


def _standing(state: State, group: str, person: str, at: int) -> dict[str, Any]:
    plain: dict[str, Any] = attrs.asdict(standing_of(state, group, person, at), value_serializer=_plain)
    return plain


def _plain(_: object, __: object, value: Any) -> Any:
    """A value as JSON has it."""
    return sorted(value) if isinstance(value, set | frozenset) else value


@define
class Veil:
    """What of others is not to be seen: who reported *person*, by name or by an id that tells it."""

    person: str
    _names: dict[str, str] = field(factory=dict, init=False)  # of reports by others, as they are called here

    def entry(self, found: Belonging) -> dict[str, Any]:
        """An event as the person may see it."""
        row = found.row
        said = {**to_wire(decode(row).event), "type": row.type}
        hidden = self._hide(row, said)
        withheld = [] if found.personal else self._withhold(row, said)
        notes = {"hidden": hidden, "withheld": withheld, "erased": ["private part"] if row.erased else []}
        return {
            "position": row.position,
            "recorded_at": row.recorded_at,
            "capacities": sorted(found.capacities),
            **self._renamed(said),
            **{name: fields for name, fields in notes.items() if fields},
        }

    def _hide(self, row: Row, said: dict[str, Any]) -> list[str]:
        """A report by somebody else: neither who it was, nor an id that was made of it."""
        data = said["data"]
        if not row.type.startswith("report-filed") or data.get("reporter") == self.person:
            return []
        self._names[row.id] = f"report-{len(self._names) + 1}"
        return [key for key in ("reporter", "report") if data.pop(key, None) is not None]

    @staticmethod
    def _withhold(row: Row, said: dict[str, Any]) -> list[str]:
        """What they wrote about somebody else is that person's."""
        private = data_of(row).keys() - data_of(row._replace(private=None)).keys()
        return sorted(key for key in private if said["data"].pop(key, None) is not None)

    def _renamed(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._renamed(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._renamed(inner) for inner in value]
        if not isinstance(value, str):
            return value
        fact, slash, rest = value.partition("/")
        return f"{self._names[fact]}{slash}{rest}" if fact in self._names else value


def entries(exported: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """All events of an export, in the order of the log."""
    found = [entry for section in exported["sections"].values() for entry in section]
    return sorted(found, key=lambda entry: int(entry["position"]))
