"""Windows against a list that is read from its start for each question."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from groupcore.events import MessagePosted
from groupcore.state import LATENESS, Windows
from groupcore.state.agenda import Agenda, Entry
from groupcore.testing import START, posted

AUTHORS = ("amy", "bo", "cy")
TEXTS = ("", "hello there", "HELLO there", "goodbye")
RULES = ("flood", "repeat")


class Kept(NamedTuple):
    """What the plain list knows of a post: the fact, when it arrived by the clock of its stream, who counted it."""

    fact: MessagePosted
    seen: int
    consumed: frozenset[str]


class Naive:
    """The same windows, as one list in the order of arrival."""

    def __init__(self) -> None:
        self.clock = 0
        self.posts: list[Kept] = []

    def remember(self, fact: MessagePosted, horizon: int) -> None:
        self.clock = max(self.clock, fact.at)
        self.posts = [post for post in self.posts if self.clock - post.seen < horizon]
        if horizon > 0:
            self.posts.append(Kept(fact, self.clock, frozenset()))

    def consume(self, name: str, ids: list[str]) -> None:
        self.posts = [
            post._replace(consumed=post.consumed | {name}) if post.fact.message in ids else post for post in self.posts
        ]

    def _within(self, at: int, window: int, name: str) -> list[MessagePosted]:
        found = [post.fact for post in self.posts if at - window < post.fact.at <= at and name not in post.consumed]
        return sorted(found, key=lambda fact: fact.at)

    def mine(self, fact: MessagePosted, window: int, name: str) -> list[str]:
        return [post.message for post in self._within(fact.at, window, name) if post.author == fact.author]

    def alike(self, fact: MessagePosted, window: int, name: str) -> list[str]:
        key = "".join(fact.text.lower().split())
        within = self._within(fact.at, window, name) if key else []
        return [post.message for post in within if "".join(post.text.lower().split()) == key]


STEPS = st.sampled_from([0, 0, 1, 9, 10, 11, 20, 100, LATENESS, LATENESS + 1])


class WindowMachine(RuleBasedStateMachine):
    """Posts come in order and late, findings count them, horizons change; each question has one answer."""

    def __init__(self) -> None:
        super().__init__()
        self.windows, self.naive = Windows(), Naive()
        self.now = START
        self.count = 0
        self.horizon = 10

    @initialize(horizon=st.sampled_from([0, 1, 10, 50, LATENESS + 10]))
    def other_rules_from_the_start(self, horizon: int) -> None:
        self.horizon = horizon

    @rule(horizon=st.sampled_from([0, 10, LATENESS + 10]))
    def other_rules(self, horizon: int) -> None:
        self.horizon = horizon

    def made(self, author: str, text: str, wait: int, lag: int) -> MessagePosted:
        self.now += wait
        self.count += 1
        return posted(author, text, at=self.now - START - lag, message=f"m{self.count}")

    @rule(
        author=st.sampled_from(AUTHORS),
        text=st.sampled_from(TEXTS),
        wait=STEPS,
        lag=st.just(0) | STEPS,
        asks=st.booleans(),
    )
    def post(self, author: str, text: str, wait: int, lag: int, asks: bool) -> None:
        fact = self.made(author, text, wait, min(lag, self.now - START))
        if asks:
            self.check_answers(fact)
        self.windows.remember(fact, self.horizon)
        self.naive.remember(fact, self.horizon)

    @rule(name=st.sampled_from(RULES), author=st.sampled_from(AUTHORS), data=st.data())
    def find(self, name: str, author: str, data: st.DataObject) -> None:
        known = [post.fact.message for post in self.naive.posts] + ["unknown"]
        ids = data.draw(st.lists(st.sampled_from(known), max_size=4, unique=True))
        self.windows.consume(name, author, ids)
        self.naive.consume(name, ids)

    @rule(author=st.sampled_from(AUTHORS), text=st.sampled_from(TEXTS), lag=STEPS)
    def ask(self, author: str, text: str, lag: int) -> None:
        self.check_answers(self.made(author, text, 0, min(lag, self.now - START)))

    def check_answers(self, fact: MessagePosted) -> None:
        post = self.windows.candidate(fact)
        for window in (1, 10, 50, LATENESS + 10):
            for name in RULES:
                mine = [found.id for found in self.windows.mine(post, window, name)]
                alike = [found.id for found in self.windows.alike(post, window, name)]
                assert mine == self.naive.mine(fact, window, name)
                assert alike == self.naive.alike(fact, window, name)
        assert self.windows.is_late(fact.at) == (self.naive.clock - fact.at > LATENESS)

    @invariant()
    def they_hold_the_same(self) -> None:
        held = [Kept(post.fact, post.seen, post.consumed) for post in self.windows]
        assert held == self.naive.posts
        assert (len(self.windows), self.windows.clock) == (len(held), self.naive.clock)
        self.windows.check()


WindowMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestWindows = WindowMachine.TestCase


def filled(*waits: int, horizon: int) -> Windows:
    windows = Windows()
    for number, at in enumerate(waits):
        windows.remember(posted("amy", at=at, message=f"m{number}"), horizon)
    return windows


def ids(windows: Windows) -> list[str]:
    return [post.id for post in windows]


def test_a_post_is_forgotten_at_the_very_moment_the_horizon_is_passed() -> None:
    assert ids(filled(0, 99, horizon=100)) == ["m0", "m1"]
    assert ids(filled(0, 100, horizon=100)) == ["m1"]


def test_a_window_is_open_at_its_beginning_and_closed_at_its_end() -> None:
    windows = filled(0, 10, horizon=1000)
    assert [post.id for post in windows.mine(windows.candidate(posted("amy", at=10)), 10, "x")] == ["m1"]
    assert [post.id for post in windows.mine(windows.candidate(posted("amy", at=9)), 10, "x")] == ["m0"]


def test_a_late_post_is_remembered_from_its_arrival() -> None:
    """It is forgotten when the clock has moved by the horizon since it came, not since it was written."""
    windows = filled(0, 500, 10, horizon=100)
    assert ids(windows) == ["m1", "m2"]
    windows.remember(posted("amy", at=599, message="m3"), 100)
    assert ids(windows) == ["m1", "m2", "m3"]
    windows.remember(posted("amy", at=600, message="m4"), 100)
    assert ids(windows) == ["m3", "m4"]


def test_the_edge_of_being_late() -> None:
    windows = filled(LATENESS + 5, horizon=10)
    assert not windows.is_late(START + 5)
    assert windows.is_late(START + 4)


def test_asking_remembers_nothing() -> None:
    windows, same = filled(0, 5, horizon=100), filled(0, 5, horizon=100)
    fact = posted("amy", "hello", at=6)
    post = windows.candidate(fact)
    windows.mine(post, 10, "x")
    windows.alike(post, 10, "x")
    assert windows == same
    assert windows.candidate(fact) is post, "what was found is remembered next"


# --- the agenda ---------------------------------------------------------------------------------------------------

ENTRIES = st.tuples(st.integers(0, 9), st.sampled_from(["mute", "block"]), st.sampled_from(AUTHORS))
DEEDS = st.one_of(
    st.tuples(st.just("add"), ENTRIES),
    st.tuples(st.just("drop"), ENTRIES),
    st.tuples(st.just("expire"), st.integers(0, 9)),
)


@settings(max_examples=200)
@given(st.lists(DEEDS, max_size=30))
def test_an_agenda_is_a_sorted_list(deeds: list[tuple[str, object]]) -> None:
    agenda, naive = Agenda(), list[Entry]()
    for deed, what in deeds:
        if deed == "expire":
            assert isinstance(what, int)
            agenda.expire(what)
            naive = [entry for entry in naive if entry[0] > what]
            continue
        entry: Entry = what  # type: ignore[assignment]
        (agenda.add if deed == "add" else agenda.drop)(*entry)
        if deed == "add":
            naive.append(entry)
        elif entry in naive:
            naive.remove(entry)
        for now in (0, 5, 9):
            assert list(agenda.due(now)) == sorted(entry for entry in naive if entry[0] <= now)
        assert len(agenda) == len(naive)
