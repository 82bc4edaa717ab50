"""What would have changed a decision, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from groupcore.cli.pieces import plain, until
from groupcore.events.sanctions import GIVEN
from groupcore.explaining import Change, Decision, Outcome
from groupcore.sanctions import SANCTIONS, TERMS

_ASKED: dict[str, Callable[[Change], str]] = {
    "strike-voided": lambda change: f"had the strike {plain(change.what)} been void",
    "sanction-lifted": lambda change: f"had the sanction {plain(change.what)} been lifted",
    "block-lifted": lambda change: f"had the block of {plain(change.what)} been lifted",
    "threshold": lambda change: f"had {plain(change.what)} been {change.value:g} and not {change.was:g}",
    "message-absent": lambda change: f"had the message {plain(change.what)} not been there",
}

_KINDS = {given.type: given.kind for given in GIVEN.values()}


def change_in_words(change: Change) -> str:
    """One change, and what it would have led to: ``had flood.count been 6 and not 5: nothing``."""
    return f"{_ASKED[change.kind](change)}: {_outcome(change.outcome)}"


def _outcome(outcome: Outcome) -> str:
    if outcome.sanction is None:
        return "the message deleted, and nothing more" if outcome.deleted else "nothing"
    kind = _KINDS[outcome.sanction]
    ends = f" {until(outcome.until)}" if kind in TERMS else ""
    return f"a {SANCTIONS[kind].noun}{ends}"


def changes_in_words(decision: Decision, most: int = 3) -> Iterator[str]:
    """The smallest changes that would have led elsewhere, at most so many of them."""
    for change in decision.changes[:most]:
        yield change_in_words(change)
    if len(decision.changes) > most:
        yield f"and {len(decision.changes) - most} more: --format json has them all"
