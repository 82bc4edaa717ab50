"""A clock that jumps, stands still or goes backwards: the engine goes on, and dates nothing into the future."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.town import ADS, BLIND, RULES, SCAM, WIDER
from groupcore.clock import DAY, HOUR, MINUTE, SECOND
from groupcore.engine import AHEAD, Moderator
from groupcore.errors import DecisionRefused
from groupcore.messages import Message
from groupcore.replay import verify
from groupcore.stores import MemoryStore, Store, open_store
from groupcore.testing import START
from groupcore.testing.store_contract import check_log


class Jumping:
    """A moderator whose clock is set by hand, over a platform whose clock is right."""

    def __init__(self, store: Store) -> None:
        self.store, self.now, self.right, self.count = store, START, START, 0
        self.moderator = Moderator(store, RULES, clock=lambda: self.now)
        self.moderator.open_group("g1", at=START, owner="lin")

    def say(self, text: str, author: str = "amy") -> Message:
        self.count += 1
        message = Message(group="g1", author=author, id=f"m{self.count}", at=self.right, text=text)
        self.moderator.observe(message)
        return message

    def check(self) -> None:
        rows = list(self.store.read())
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))
        for row in rows:
            assert row.at <= row.recorded_at + AHEAD, "dated ahead of the clock that recorded it"
            if row.claimed_at is not None:
                assert row.at < row.claimed_at
        report = verify(rows)
        assert report.clean, report.divergence
        check_log(self.store)


@pytest.fixture(params=["memory", "log.db", "log.jsonl"])
def jumping(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Jumping]:
    name = request.param
    store = MemoryStore() if name == "memory" else open_store(f"{tmp_path / name}?fsync=relaxed")
    yield Jumping(store)
    store.close()


@pytest.mark.parametrize("back", [SECOND, 6 * MINUTE, HOUR, 400 * DAY, START])
def test_a_clock_that_went_back_stops_nobody(jumping: Jumping, back: int) -> None:
    jumping.say(ADS)
    jumping.right += HOUR
    jumping.now = jumping.right - back
    fact = jumping.moderator.observe(Message(group="g1", author="amy", id="x", at=jumping.right, text=ADS)).fact
    assert (fact.at, fact.claimed_at) == ((jumping.right, None) if back <= AHEAD else (jumping.now, jumping.right))
    assert jumping.moderator.mute("g1", "amy", by="lin").fact.at == jumping.now
    jumping.moderator.lift("g1", "amy", by="lin")
    jumping.moderator.advance()
    jumping.check()
    jumping.now = jumping.right = jumping.right + DAY  # and once it is right again, all is as it was
    jumping.say(SCAM, "bo")
    assert [sanction.kind for sanction in jumping.moderator.standing("g1", "bo").sanctions] != []
    jumping.check()


def test_a_clock_that_was_ahead_for_a_while_leaves_nothing_ahead(jumping: Jumping) -> None:
    """A wish is dated by the clock: what was dated ahead is on record so, and what comes later is not."""
    jumping.now += 30 * DAY
    assert jumping.say("hello").at == START
    assert jumping.moderator.warn("g1", "amy", by="lin").fact.at == jumping.now
    jumping.now = jumping.right = START + HOUR
    assert jumping.moderator.observe(Message(group="g1", author="amy", id="y", at="2999-01-01T00:00:00Z")).fact.at == (
        jumping.now
    )
    assert jumping.moderator.block("g1", "bo", by="lin").fact.at == jumping.now
    jumping.check()


def test_time_told_backwards_ends_nothing_and_begins_nothing(jumping: Jumping) -> None:
    jumping.say("hello")
    jumping.moderator.mute("g1", "amy", by="lin", until=START + DAY)
    for now in (START - DAY, START, START - 400 * DAY):
        assert jumping.moderator.advance(now) == ()
    [verdict] = jumping.moderator.advance(START + DAY)
    assert [event.type for event in verdict.verdicts] == ["member-unmuted"]
    assert jumping.moderator.advance(START) == ()
    verify_all(jumping.store)


def verify_all(store: Store) -> None:
    report = verify(store.read())
    assert report.clean, report.divergence


def test_a_clock_that_stands_still_adopts_and_decides(jumping: Jumping) -> None:
    for rules in (WIDER, BLIND, WIDER, RULES, WIDER, RULES):
        again = Moderator(jumping.store, rules, clock=lambda: START)
        assert again.rules.digest == rules.digest
    jumping.moderator.catch_up()
    for _ in range(4):
        jumping.say("hello")
    jumping.check()


Deed = Callable[[Jumping], object]
DEEDS: list[Deed] = [
    lambda it: it.say("hello"),
    lambda it: it.say(ADS),
    lambda it: it.say("hello", "bo"),
    lambda it: it.moderator.warn("g1", "amy", by="lin"),
    lambda it: it.moderator.mute("g1", "amy", by="lin", until=it.now + HOUR),
    lambda it: it.moderator.lift("g1", "amy", by="lin"),
    lambda it: it.moderator.block(None, "bo", until=it.now + HOUR),
    lambda it: it.moderator.join("g1", "bo", at=it.right),
    lambda it: it.moderator.advance(),
]
JUMPS = st.sampled_from([0, 1, SECOND, MINUTE, HOUR, DAY, 40 * DAY, -1, -SECOND, -MINUTE, -HOUR, -DAY, -40 * DAY])


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(DEEDS), JUMPS, st.integers(0, 5 * MINUTE)), max_size=25))
def test_however_the_clock_jumps_the_log_is_in_order_and_verifies(story: list[tuple[Deed, int, int]]) -> None:
    jumping = Jumping(MemoryStore())
    for deed, jump, passing in story:
        jumping.now += jump
        jumping.right += passing
        try:
            deed(jumping)
        except DecisionRefused:
            continue
    jumping.check()
