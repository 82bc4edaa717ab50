"""The ladder itself: its rungs, and how strikes count on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from attrs import Factory, evolve, field, frozen

from groupcore.clock import Duration
from groupcore.errors import Fault
from groupcore.events.facts import Scope
from groupcore.ladder.presets import PRESETS, unknown_preset
from groupcore.ladder.rung import Rung, Term
from groupcore.ladder.statements import STATEMENTS
from groupcore.sanctions import REMOVALS
from groupcore.wire import Faulty, Wrong, found

Language = Literal["zh", "en", "both"]
"""The language of the statements that come with the library."""

FACTORS = ("fraudulent-account", "linked-accounts", "minor-victim")
"""What is known to make things graver. ``linked-accounts`` is worked out; others are noted by people."""

_FACTOR = re.compile(r"[^\s/\x00-\x1f]{1,64}")  # it becomes a part of the ids of verdicts, between slashes


def _rungs(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    return tuple(rungs)


def _at_least_one(_: Any, __: Any, rungs: tuple[Rung, ...]) -> None:
    if not rungs:
        raise Wrong("a ladder needs a rung", "write rungs = [{ sanction = 'warn' }], or a preset")


def _within(ladder: Ladder, _: Any, number: int | None) -> None:
    if number is not None and not 1 <= number <= len(ladder.rungs):
        raise Wrong(f"there is no rung {number}", f"the rungs count from 1 to {len(ladder.rungs)}")


def _counts(_: Any, __: Any, number: int | None) -> None:
    if number is not None and number < 1:
        raise Wrong(f"expected at least 1, found {number}", "take it away where there is no limit")


def _factors(factors: Mapping[str, Any]) -> dict[str, int]:
    faults = [fault for name, steps in factors.items() for fault in _faults_of_factor(name, steps)]
    if faults:
        raise Faulty(faults)
    return dict(factors)


def _faults_of_factor(name: str, steps: object) -> list[Fault]:
    if not _FACTOR.fullmatch(name):
        return [Fault("", f"{name!r} cannot be a factor", "1 to 64 characters, no white space, no slash")]
    if type(steps) is not int:
        return [Fault(name, f"expected a whole number, found {found(steps)}", "how many rungs higher it leads")]
    return [] if steps > 0 else [Fault(name, f"expected at least 1, found {steps}", "how many rungs higher it leads")]


_AT_LEAST_ONE: dict[str, Any] = {"schema": {"minimum": 1}}
_STEPS: dict[str, Any] = {"schema": {"additionalProperties": {"type": "integer", "minimum": 1}}}


@frozen
class Ladder:
    """The rungs, how strikes count, and where a severe one begins.

    ``memory`` is how long a strike stays live, ``severe_from`` the rung (from 1, by default the last) that a live
    severe strike counts as at least. With ``decay`` a strike loses one of its weight each so long, and after
    ``good_behaviour`` without a new one the earlier ones are forgotten. ``scope`` is where strikes count: in the
    group, in all groups of its owner, or in the organisation. ``aggravators`` says how many rungs higher a factor
    leads, all of them together at most ``max_steps``. Of one group, at most ``statements_per_minute`` are said in it.

    Without rungs of its own a ladder only warns.

    >>> Ladder.preset("mute-ladder").rung(2).for_ == 7 * 24 * 60 * 60 * 1_000_000
    True
    """

    rungs: tuple[Rung, ...] = field(default=(Rung("warn"),), converter=_rungs, validator=_at_least_one)
    memory: Term = "forever"
    severe_from: int | None = field(default=None, validator=_within)
    language: Language = "both"
    scope: Scope = "group"
    decay: Duration | None = None
    good_behaviour: Duration | None = None
    aggravators: Mapping[str, Any] = field(default=Factory(dict), converter=_factors, hash=False, metadata=_STEPS)
    max_steps: int = field(default=2, validator=_counts, metadata=_AT_LEAST_ONE)
    statements_per_minute: int | None = field(default=None, validator=_counts, metadata=_AT_LEAST_ONE)

    def __attrs_post_init__(self) -> None:
        """Put the shipped statement in its place: a log carries the words that were said, not a reference to ours."""
        spelled = tuple(self._spelled(rung) for rung in self.rungs)
        object.__setattr__(self, "rungs", spelled)

    def _spelled(self, rung: Rung) -> Rung:
        said = rung.sanction in REMOVALS and rung.statement is True
        return evolve(rung, statement=self._shipped()) if said else rung

    @classmethod
    def preset(cls, name: str, **settings: Any) -> Ladder:
        """The ladder of that name in `PRESETS`, with other settings when given."""
        if name not in PRESETS:
            raise unknown_preset(name)
        return cls(PRESETS[name], **settings)

    def rung_number(self, live: int, severe: bool = False, steps: int = 0) -> int:
        """The rung, from 1, of a member whose live strikes weigh so much, one of them perhaps severe.

        *steps* are what made it graver.
        """
        if live < 1:
            raise ValueError(f"{live} live strikes lead to no rung; the strike that is answered counts")
        last = len(self.rungs)
        return min(last, (max(live, self.severe_from or last) if severe else live) + steps)

    def rung(self, live: int, severe: bool = False, steps: int = 0) -> Rung:
        """What happens to a member whose live strikes weigh so much, the one that is answered included."""
        return self.rungs[self.rung_number(live, severe, steps) - 1]

    def statement(self, rung: Rung, *, member: str, rule: str, category: str) -> str | None:
        """The text to post in the group at *rung*, or None."""
        if rung.sanction not in REMOVALS or rung.statement is False:
            return None
        template = rung.statement if isinstance(rung.statement, str) else self._shipped()
        return template.format(member=member, rule=rule, category=category)

    def _shipped(self) -> str:
        return "\n".join(STATEMENTS.values()) if self.language == "both" else STATEMENTS[self.language]
