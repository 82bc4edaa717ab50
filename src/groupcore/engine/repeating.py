"""Commands that come twice: known by their id, and answered as the first time.

The fact that a command with an id leads to has an id that follows from the command's, whatever it is about. So the log
itself knows what was carried out, after a crash and on other machines too, and holds it once.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from groupcore.commands import Command
from groupcore.errors import CommandConflict, InputError
from groupcore.events.base import Event, Fact
from groupcore.events.codec import Recorded
from groupcore.events.facts import StandingReviewed
from groupcore.events.identity import fact_id, identify

_NOT_WISHED = ("at", "id")


def fact_of(command: Command) -> str | None:
    """The id of the fact that *command* leads to, or None: it has no id. Raises InputError where it takes none."""
    if not command.id:
        return None
    if not command.leads_to:
        raise InputError(f"{type(command).__name__} takes no id: it may lead to several facts, or to none")
    return fact_id("", None, "command", command.id)


def named(command: Command, facts: Sequence[Fact]) -> Sequence[Fact]:
    """*facts*, decided for *command*: the first under the id that it gives, and what follows from that one named so."""
    id = fact_of(command)
    if id is None or not facts:
        return facts
    first, *others = facts
    return [attrs.evolve(first, id=id), *(_following(other, first.id, id) for other in others)]


def _following(fact: Fact, before: str, id: str) -> Fact:
    """A review is named by the decision that it follows from."""
    if not isinstance(fact, StandingReviewed) or fact.because != before:
        return fact
    renamed = attrs.evolve(fact, because=id)
    return attrs.evolve(renamed, id=identify(renamed))


def check_repeated(command: Command, first: Recorded) -> None:
    """Raise CommandConflict where *first*, on record under the command's id, came of another wish."""
    differing = _differences(command, first.event, set(first.event.private) if first.erased else set())
    if differing:
        raise CommandConflict(command.id, differing)


def _differences(command: Command, event: Event, erased: set[str]) -> list[str]:
    if event.type != command.leads_to:
        return ["kind of wish"]
    wished = {item.name: getattr(command, item.name) for item in attrs.fields(type(command))}
    return sorted(
        name
        for name, value in wished.items()
        if name not in erased.union(_NOT_WISHED)
        and (value or name not in command.filled)
        and getattr(event, name, value) != value
    )
