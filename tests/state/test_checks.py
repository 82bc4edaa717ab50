"""The invariants of a state are no formality: what cannot be is found by `check`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.town import RULES, SONG, Town, live
from groupcore.clock import DAY, MINUTE
from groupcore.events import FindingRecorded, Opaque, decode
from groupcore.state import Block, State, Strike, evolve, fold
from groupcore.state.sanction import Sanction
from groupcore.stores import MemoryStore
from groupcore.testing import START, blocked, given, joined, lifted, ordered, posted


def lived() -> State:
    """The state of a town where everything has happened, with posts in its windows and something on its agenda."""
    town = Town(MemoryStore(), RULES)
    live(town)
    for member in ("amy", "cy", "amy", "cy", "amy"):
        town.say(member, SONG)
    town.moderator.mute("g1", "amy", by="zoe", until=town.now + DAY)
    town.moderator.block("g1", "gus", by="zoe", until=town.now + DAY)
    town.moderator.block(None, "hal", by="zoe", until=town.now + DAY)
    town.moderator.state.check()
    return town.moderator.state


def strike(id: str = "x") -> Strike:
    return Strike(id=id, message="m1", rule="ads", category="ads", severity="normal", at=START, expires=None)


def twice(state: State) -> None:
    amy = state.group("g1").member("amy")
    amy.strikes.append(amy.strikes[0])


def twice_sanctioned(state: State) -> None:
    amy = state.group("g1").member("amy")
    amy.sanctions.append(amy.sanctions[0])


def kicked_and_present(state: State) -> None:
    amy = state.group("g1").member("amy")
    amy.present, amy.kicked = True, "x"


def misfiled_member(state: State) -> None:
    state.group("g1").members["zoe"] = state.group("g1").member("amy")


def misfiled_group(state: State) -> None:
    state.groups["g9"] = state.group("g1")


def misfiled_block(state: State) -> None:
    state.group("g1").blocks["amy"] = Block(person="bo", cause="x", at=START)


def misfiled_block_of_all(state: State) -> None:
    state.org.blocks["amy"] = Block(person="bo", cause="x", at=START)


def no_roles(state: State) -> None:
    state.group("g1").roles["amy"] = set()


def no_roles_of_all(state: State) -> None:
    state.org.roles["amy"] = set()


def other_horizon(state: State) -> None:
    state.org.horizon += 1


def forgotten_due_block(state: State) -> None:
    state.group("g1").agenda.add(START, "block", "amy")


def forgotten_due_block_of_all(state: State) -> None:
    state.org.agenda.add(START, "block", "amy")


def forgotten_due_mute(state: State) -> None:
    state.group("g1").agenda.add(START, "mute", "bo")


def lifted_mute_still_due(state: State) -> None:
    state.group("g1").member("amy").sanctions[-1].lifted = True


def clock_behind(state: State) -> None:
    state.group("g1").windows.clock = START


def unsorted_author(state: State) -> None:
    state.group("g1").windows._by_author["amy"].reverse()


def stray_post(state: State) -> None:
    windows = state.group("g1").windows
    windows._by_author["zoe"] = [windows._recent[0]]


def lost_post(state: State) -> None:
    state.group("g1").windows._recent.pop()


def unsorted_arrivals(state: State) -> None:
    windows = state.group("g1").windows
    windows._recent[0].seen = windows.clock
    windows._recent[1].seen = windows.clock - 1


def misfiled_key(state: State) -> None:
    windows = state.group("g1").windows
    assert windows._alike is not None
    windows._alike["another"] = windows._alike.pop(next(iter(windows._alike)))


def lost_key(state: State) -> None:
    windows = state.group("g1").windows
    assert windows._alike is not None
    windows._alike.clear()


CORRUPTIONS: list[Callable[[State], None]] = [
    twice, twice_sanctioned, kicked_and_present, misfiled_member, misfiled_group, misfiled_block, misfiled_block_of_all,
    no_roles, no_roles_of_all, other_horizon, forgotten_due_block, forgotten_due_block_of_all, forgotten_due_mute,
    lifted_mute_still_due, clock_behind, unsorted_author, stray_post, lost_post, unsorted_arrivals, misfiled_key,
    lost_key,
]  # fmt: skip


@pytest.mark.parametrize("corrupt", CORRUPTIONS, ids=lambda corrupt: corrupt.__name__)
def test_what_cannot_be_is_found(corrupt: Callable[[State], None]) -> None:
    state = lived()
    corrupt(state)
    with pytest.raises(AssertionError):
        state.check()


# --- the fold, where it is easy to get wrong ----------------------------------------------------------------------


def test_an_old_block_is_off_the_agenda_when_a_new_one_takes_its_place() -> None:
    state = fold(State(), [blocked("amy", until="1h"), blocked("amy", at="1m")])
    state.check()
    assert len(state.group("g1").agenda) == 0
    state = fold(state, [blocked("amy", until="2h", at="2m"), lifted("amy", "block", at="3m")])
    state.check()
    assert (len(state.group("g1").agenda), state.group("g1").blocks) == (0, {})


def test_two_mutes_that_end_together_are_two_entries() -> None:
    orders = [ordered("amy", "mute", until="1h"), ordered("amy", "mute", until="1h", at="1m")]
    state = fold(State(), orders)
    state.check()
    assert len(state.group("g1").agenda) == 2
    state = fold(state, [lifted("amy", "mute", at="2m"), lifted("amy", "mute", at="3m")])
    state.check()
    assert len(state.group("g1").agenda) == 0


def test_an_event_of_a_newer_version_changes_nothing() -> None:
    state = fold(State(), [joined("amy")])
    newer = Opaque(at=START + DAY, group="g1", name="vote-cast", data={"member": "amy"}, opaque_id="v")
    assert evolve(state, newer) == state
    assert evolve(state, Opaque(at=START, group=None, name="vote-cast", data={}, opaque_id="v")) == state


def test_a_fork_shares_nothing_that_changes() -> None:
    state = lived()
    fork = state.fork()
    assert fork == state
    for event in (
        posted("amy", SONG, at="500d"),
        ordered("amy", "mute", at="500d", until="501d"),
        lifted("amy", at="500d"),
    ):
        fork = evolve(fork, event)
    assert lived() == state
    assert fork != state
    fork.check()
    state.check()


def test_asking_a_state_adds_nothing_to_it() -> None:
    state = State()
    assert state.roles("g1", "amy") == frozenset()
    assert state.block("g1", "amy", START) is None
    assert state.standing("g1", "amy") is None
    assert state == State()


def test_a_finding_about_posts_that_are_gone_is_folded_in_peace() -> None:
    finding = FindingRecorded(
        at=START, group="g1", cause="f", message="m1", author="amy", rule="flood", policy="flood", category="flood",
        severity="normal", exempt=False, spans=(), evidence={}, counted=("m1", "m2"),
    )  # fmt: skip
    fold(State(), [finding]).check()


def test_what_is_in_force_is_asked_with_a_time() -> None:
    mute = Sanction(id="s", kind="mute", at=START, until=START + MINUTE)
    assert (mute.mutes(START + MINUTE - 1), mute.mutes(START + MINUTE)) == (True, False)
    block = Block(person="amy", cause="f", at=START, until=START + MINUTE)
    assert (block.holds(START + MINUTE - 1), block.holds(START + MINUTE)) == (True, False)
    live_strike = strike()
    assert live_strike.is_live(START + 10**17)
    live_strike.expires = START + MINUTE
    assert (live_strike.is_live(START + MINUTE - 1), live_strike.is_live(START + MINUTE)) == (True, False)
    live_strike.voided = True
    assert not live_strike.is_live(START)


def test_the_state_of_a_story_is_that_of_its_log() -> None:
    town = Town()
    live(town)
    assert fold(State(), [decode(row).event for row in town.rows()]) == town.moderator.state
    assert given(rules=RULES) is not None
