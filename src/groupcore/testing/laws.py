"""What must hold of any community, whatever happened in it: asked of a copy of its state, which nothing is done to.

Each is a law of due process. The machine asks them along the way; give them a state and rules of your own.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import attrs

from groupcore.commands import Command, DecideAppeal, FileAppeal
from groupcore.decider import decide, observe
from groupcore.errors import DecisionRefused
from groupcore.events import Event, Fact, StrikeRecorded, VerdictEvent
from groupcore.ladder import GRAVITY
from groupcore.rulebook import Rulebook
from groupcore.state import Member, State

JUDGE = "the judge"
"""Who decides: somebody with the power, who had no part in anything."""

_KINDS = {"notified": "notice", "warned": "warn", "restricted": "restrict", "muted": "mute"}
_KINDS |= {"kicked": "kick", "banned": "ban"}


def after_overturning_everything_the_standing_is_clean(state: State, rules: Rulebook, now: int) -> None:
    """Nothing of a ladder stands any more where each of its sanctions was overturned that still weighed on anybody."""
    court, rules = _court(state, rules)
    for group in court.groups:
        for member, sanction in _of_ladders(court, group):
            _overturn(court, rules, now, group, member.id, sanction)
    for group in court.groups:
        for member, sanction in _of_ladders(court, group):
            held = member.sanction(sanction)
            assert held is not None
            live = [strike.id for strike in court.live_strikes(group, member.id, now)]
            assert held.strike not in live, f"{held.strike} counts, and its sanction was overturned"
            assert held.lifted or held.kind not in ("kick", "ban"), f"{sanction} was overturned, and stands"
            assert held.lifted or not held.holds(now), f"{sanction} was overturned, and holds"
            block = court.block(group, member.id, now)
            assert block is None or not sanction.startswith(f"{block.cause}/"), f"the block of {sanction} holds"


def the_order_of_appeals_does_not_matter(state: State, rules: Rulebook, now: int) -> None:
    """Two sanctions of two people are overturned in either order, and everybody stands the same."""
    found = [(group, member.id, id) for group in state.groups for member, id in _of_ladders(state, group)]
    pairs = [(one, two) for one in found[-4:] for two in found[-4:] if one[1] < two[1]]
    for pair in pairs[:1]:
        outcomes = []
        for order in permutations(pair):
            court, kinder = _court(state, rules)
            for group, member, sanction in order:
                _overturn(court, kinder, now, group, member, sanction)
            outcomes.append(_standings(court, now))
        assert outcomes[0] == outcomes[1], f"the order of the appeals mattered: {pair}"


def fewer_strikes_lead_to_nothing_graver(state: State, rules: Rulebook, offence: Fact) -> None:
    """Without one of the strikes that count, nothing graver follows from an offence."""
    with_all = observe(offence, state.fork(), rules)
    group, member = offence.group or "", str(getattr(offence, "author", ""))
    for strike in state.live_strikes(group, member, offence.at):
        court = state.fork()
        for other in court.strikes(group, member):
            other.voided = other.voided or other.id == strike.id
        without = observe(offence, court, rules)
        assert _weight(without) <= _weight(with_all), f"{offence} weighs more without {strike.id}"
        if _is_sorted(rules):
            assert _gravity(without) <= _gravity(with_all), f"{offence} is graver without {strike.id}"


def _court(state: State, rules: Rulebook) -> tuple[State, Rulebook]:
    """A copy in which nothing was appealed yet, with a judge; and rules under which an appeal never comes too late."""
    court = state.fork()
    court.org.roles.setdefault(JUDGE, set()).add("staff")
    for group in court.groups.values():
        group.appeals.clear()
    powers: Any = {**rules.powers, "staff": frozenset({"appeals"})}
    return court, attrs.evolve(rules, appeal_window="forever", powers=powers)


def _of_ladders(state: State, group: str) -> list[tuple[Member, str]]:
    """The sanctions of a group that answered a strike."""
    members = state.groups[group].members.values()
    return [(member, each.id) for member in members for each in member.sanctions if each.strike is not None]


def _overturn(state: State, rules: Rulebook, now: int, group: str, member: str, sanction: str) -> None:
    """Appeal and win. What is over, and was taken back before, cannot be appealed."""
    try:
        _carry_out(FileAppeal(at=now, group=group, member=member, sanction=sanction), state, rules)
    except DecisionRefused:
        return
    outcome: Any = "overturned"
    _carry_out(DecideAppeal(at=now, group=group, sanction=sanction, by=JUDGE, outcome=outcome), state, rules)


def _carry_out(wish: Command, state: State, rules: Rulebook) -> None:
    for fact in decide(wish, state, rules):
        observe(fact, state, rules)


def _standings(state: State, now: int) -> dict[Any, Any]:
    return {
        (group.id, id): (
            [strike.id for strike in state.live_strikes(group.id, id, now)],
            [each.id for each in member.sanctions if not each.lifted],
            (member.kicked, state.block(group.id, id, now)),
        )
        for group in state.groups.values()
        for id, member in group.members.items()
    }


def _weight(verdicts: list[VerdictEvent]) -> int:
    return sum(each.strikes for each in verdicts if isinstance(each, StrikeRecorded))


def _gravity(verdicts: list[VerdictEvent]) -> int:
    return max((GRAVITY[kind] for kind in _kinds(verdicts)), default=0)


def _kinds(verdicts: list[VerdictEvent]) -> Iterator[str]:
    for each in verdicts:
        kind = _KINDS.get(each.type.removeprefix("member-"))
        if kind is not None:
            yield kind


def _is_sorted(rules: Rulebook) -> bool:
    """Whether the rungs of each ladder get graver; a rulebook may say it otherwise."""
    for ladder in (rules.ladder, *rules.ladders.values()):
        grave = [GRAVITY[rung.sanction] for rung in ladder.rungs]
        if grave != sorted(grave) or "delete" in [rung.sanction for rung in ladder.rungs]:
            return False
    return True


def no_removal_without_the_rungs_before(events: list[Event], rules: Rulebook, grave: bool) -> None:
    """Who is removed by a ladder has strikes that weigh as much as the first rung that removes, unless it is *grave*:
    something severe counted.
    """
    (strike,) = (each for each in events if isinstance(each, StrikeRecorded))
    kinds = {"member-kicked": ("kick", "ban"), "member-banned": ("ban",)}
    for event in events:
        if event.type not in kinds or getattr(event, "because", "ladder") == "blocklist":
            continue
        ladder = rules.ladders.get(strike.category, rules.ladder)
        rungs = [number for number, rung in enumerate(ladder.rungs, 1) if rung.sanction in kinds[event.type]]
        assert grave or strike.strikes + strike.steps >= min(rungs), f"{event}: the rungs before were skipped"
