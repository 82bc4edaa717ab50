"""Circumstances: what people noted, in a group or in the organisation."""

from __future__ import annotations

from groupcore.events import circumstances as facts
from groupcore.events.verdicts import SanctionRenewed
from groupcore.state.circumstances import Aggravation
from groupcore.state.group import Group
from groupcore.state.org import Org

Home = Group | Org


def _linked(home: Home, event: facts.IdentityLinked, _: object = None) -> None:
    home.circumstances.link(event.person, event.other)


def _unlinked(home: Home, event: facts.IdentityUnlinked, _: object = None) -> None:
    home.circumstances.unlink(event.person, event.other)


def _aggravated(home: Home, event: facts.AggravationNoted, _: object = None) -> None:
    home.circumstances.aggravate(event.person, Aggravation(event.factor, event.message, event.until))


def _relieved(home: Home, event: facts.AggravationWithdrawn, _: object = None) -> None:
    home.circumstances.relieve(event.person, event.factor, event.message)


def _exempted(home: Home, event: facts.ExemptionGranted, _: object = None) -> None:
    home.circumstances.exempt(event.of, spelled(event.of, event.value), event.until)


def _no_longer_exempt(home: Home, event: facts.ExemptionEnded, _: object = None) -> None:
    home.circumstances.end_exemption(event.of, spelled(event.of, event.value))


def spelled(kind: facts.ExemptKind, value: str) -> str:
    """A domain as it is compared: in lower case, without the dot at its end. Ids are what they are."""
    return value.strip().lower().removesuffix(".") if kind == "domain" else value


def _labelled(home: Home, event: facts.LabelGranted, _: object = None) -> None:
    home.circumstances.labels.setdefault(event.member, set()).add(event.label)


def _no_longer_labelled(home: Home, event: facts.LabelRemoved, _: object = None) -> None:
    held = home.circumstances.labels.get(event.member, set())
    held.discard(event.label)
    if not held:
        home.circumstances.labels.pop(event.member, None)


def _reported(home: Home, event: facts.ActionReported, _: object = None) -> None:
    """The key of an action is the id of the sanction that asked for it, or of its renewal, which ends in that id."""
    if event.outcome == "not-enforceable":
        home.circumstances.unenforced.add(event.action.rpartition(f"/{SanctionRenewed.type}/")[2])


_ON_BOTH = {
    facts.IdentityLinked: _linked,
    facts.IdentityUnlinked: _unlinked,
    facts.AggravationNoted: _aggravated,
    facts.AggravationWithdrawn: _relieved,
    facts.ExemptionGranted: _exempted,
    facts.ExemptionEnded: _no_longer_exempt,
    facts.LabelGranted: _labelled,
    facts.LabelRemoved: _no_longer_labelled,
    facts.ActionReported: _reported,
}
ON_GROUP = _ON_BOTH
ON_ORG = _ON_BOTH
