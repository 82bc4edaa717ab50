"""The fold of recorded events: fast, and as fast in a group of a hundred thousand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import islice
from typing import Any

import pytest

from benchmarks.yardsticks import gitter, seconds
from groupcore.clock import DAY, SECOND, instant
from groupcore.config import shipped_rulebook
from groupcore.events import Event, MemberJoined, MessagePosted, decode, encode, new_fact
from groupcore.replay import Run
from groupcore.state import State, advance

DISPATCH = "empty dispatch by class"


@cache
def recorded(count: int) -> list[Event]:
    """The events of a real log, decoded: the adoption of the shipped rulebook, messages, verdicts."""
    run, events = Run(shipped_rulebook()), list[Event]()
    for line in gitter(count):
        fact = new_fact(
            MessagePosted,
            at=instant(line["sent_at"]),
            group=line["room"],
            message=line["id"],
            author=line["member"],
            text=line["text"],
        )
        if not run.began:
            events.append(run.begin(fact.at))
        events += [fact, *(run.feed(fact) or ())]
    return [decode(encode(event, recorded_at=event.at, salt="")).event for event in events]


def fold(events: Sequence[Event]) -> Callable[[], State]:
    def work() -> State:
        state = State()
        for event in events:
            advance(state, event)
        return state

    return work


def dispatch(events: Sequence[Event]) -> Callable[[], None]:
    handlers: dict[type, Callable[[Event], None]] = {cls: lambda event: None for cls in {*map(type, events)}}

    def work() -> None:
        for event in events:
            handler = handlers.get(event.__class__)
            if handler is not None:
                handler(event)

    return work


@pytest.mark.parametrize("rules", ["windows remembered", "no rulebook"])
def test_fold_of_a_real_log(rules: str, quick: bool, against: Any) -> None:
    events = recorded(500 if quick else 40_000)
    if rules == "no rulebook":
        events = [event for event in events if event.group is not None]
    against(
        f"fold of the Gitter log, {rules}",
        fold(events),
        dispatch(events),
        by=DISPATCH,
        count=len(events),
        below=40,
    )


def talk_in_a_group_of(members: int, count: int, rounds: int) -> Callable[[], None]:
    """What folds so many messages more into a group of so many, somebody every second, with windows remembered."""
    joins = [new_fact(MemberJoined, at=number, group="g", member=f"u{number}") for number in range(members)]
    state = fold([*recorded(1)[:1], *joins])()
    step = max(members // 500, 1)  # whoever speaks is spread over the group
    numbers = iter(range(rounds * count))

    def said() -> list[Event]:
        return [_said(number, number * step % members) for number in islice(numbers, count)]

    batches = iter([said() for _ in range(rounds)])

    def work() -> None:
        for event in next(batches):
            advance(state, event)

    return work


def _said(number: int, member: int) -> MessagePosted:
    at = DAY + number * SECOND
    return new_fact(MessagePosted, at=at, group="g", message=f"m{number}", author=f"u{member}")


@pytest.mark.parametrize("members", [1_000, 100_000])
def test_an_event_costs_the_same_in_a_large_group(members: int, quick: bool, against: Any) -> None:
    count, rounds = (200, 2) if quick else (5_000, 12)
    against(
        f"fold of a message, {members:,} members",
        talk_in_a_group_of(members // 10 if quick else members, count, rounds),
        talk_in_a_group_of(10, count, rounds),
        by="the same with 10 members",
        count=count,
        below=3,
        rounds=rounds - 1,
    )


def test_the_fold_keeps_up(quick: bool) -> None:
    """Half a million events a second on a quiet machine of our time; a tenth of it on any."""
    events = recorded(500 if quick else 40_000)
    best = min(seconds(fold(events)) for _ in range(1 if quick else 7))
    print(f"fold: {len(events) / best:,.0f} events a second")
    assert quick or len(events) / best > 50_000
