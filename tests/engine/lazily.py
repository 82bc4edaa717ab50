"""Two engines side by side: one has read its whole log, the other forgets and reopens all the time. They must agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from engine.town import ADS, RULES, SCAM, SONG
from groupcore.clock import DAY, HOUR, MINUTE, SECOND
from groupcore.engine import Moderator
from groupcore.errors import DecisionRefused
from groupcore.messages import Message
from groupcore.rulebook import Rulebook
from groupcore.stores import MemoryStore, Store
from groupcore.stores.shelf import Snapshot, snapshot
from groupcore.testing import START

GROUPS = st.sampled_from(["g1", "g2", "群3"])
PEOPLE = st.sampled_from(["amy", "bo", "cy"])
TEXTS = st.sampled_from(["hello", SONG, SONG, ADS, SCAM])
WAITS = st.sampled_from([1, SECOND, 5 * SECOND, MINUTE, 20 * MINUTE, HOUR, 2 * DAY])

POLICIES = [
    {"kind": "keyword", "id": "ads", "category": "advertising", "words": ["加微信"]},
    {"kind": "flood", "id": "flood", "count": 2, "window": "1h"},
    {"kind": "raid", "id": "raid", "authors": 2, "window": "2h"},
]
RUNGS = [{"sanction": "mute", "for": "2m"}, {"sanction": "kick", "block": "org", "delete": True}]
LONGER = Rulebook.from_mapping({"name": "longer", "ladder": {"rungs": RUNGS}, "policy": POLICIES})
OWNERS = Rulebook.from_mapping(
    {"name": "owners", "ladder": {"scope": "owner", "memory": "3d", "rungs": RUNGS}, "policy": POLICIES[:2]}
)
WIDE = Rulebook.from_mapping({"name": "wide", "ladder": {"scope": "org", "rungs": RUNGS}, "policy": POLICIES})
SHORTER = Rulebook.from_mapping({"name": "shorter", "ladder": {"rungs": RUNGS}, "policy": POLICIES[:1]})
BOOKS = st.sampled_from([RULES, LONGER, OWNERS, WIDE, SHORTER])

Wish = Callable[[Moderator], Any]


def damaged(one: Snapshot, how: str) -> Snapshot:
    """A snapshot that must not be taken up."""
    body = one.body
    if how == "a byte of the body":
        at = len(body) // 2
        return one._replace(body=body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :])
    if how == "half of the body":
        return one._replace(body=body[: len(body) // 2])
    if how == "the version":
        return one._replace(version=one.version + 1)
    if how == "the seal":
        return one._replace(seal="")
    changed = {
        "another stamp": {"stamp": "0" * 64},
        "another digest": {"digest": "0" * 64},
        "other rules": {"rules": "0" * 64},
        "another version": {"version": max(one.version - 1, 1)},
        "beyond the end": {"version": one.version + 1000},
        "nothing inside": {"body": b"{}"},
        "no JSON": {"body": b"\xff"},
    }[how]
    kept = one._replace(**changed)
    return snapshot(
        kept.stream, kept.version, kept.digest, stamp=kept.stamp, rules=kept.rules, due=kept.due, body=kept.body
    )  # sealed as if it were whole


DAMAGES = (
    "a byte of the body", "half of the body", "the version", "the seal", "another stamp", "another digest",
    "other rules", "another version", "beyond the end", "nothing inside", "no JSON",
)  # fmt: skip


class Lazily(RuleBasedStateMachine):
    """What the whole engine says and writes, the lazy ones say and write, on the store that `opened` opens."""

    writers: ClassVar[int] = 2

    def opened(self) -> Store:
        """The store of the lazy ones, opened once more; the log is the same each time."""
        raise NotImplementedError

    @initialize(every=st.sampled_from([1, 2, 7, None]), most=st.sampled_from([1, 2, None]), rules=BOOKS)
    def begin(self, every: int | None, most: int | None, rules: Rulebook) -> None:
        self.now = START
        self.count = 0
        self.cases: list[tuple[str, str]] = []
        self.kept = {"snapshot_every": every, "most_groups": most}
        self.log = MemoryStore()
        self.whole = self.engine(self.log, rules)
        self.lazy = [self.engine(self.opened(), rules, **self.kept) for _ in range(self.writers)]

    def engine(self, store: Store, rules: Rulebook | None = None, **kept: Any) -> Moderator:
        return Moderator(store, rules, clock=lambda: self.now, salt=lambda: "ab", **kept)

    def ask(self, which: int, wish: Wish) -> Any:
        """What both say, events or refusal."""
        self.whole.state  # noqa: B018 all of it is loaded
        said = [self.said(wish, engine) for engine in (self.whole, self.lazy[which % self.writers])]
        assert said[0] == said[1]
        return said[0]

    @staticmethod
    def said(wish: Wish, engine: Moderator) -> Any:
        try:
            return wish(engine)
        except DecisionRefused as refusal:
            return str(refusal)

    # --- what happens ---------------------------------------------------------------------------------------

    @rule(wait=WAITS)
    def wait(self, wait: int) -> None:
        self.now += wait

    @rule(which=st.integers(0, 1), group=GROUPS, author=PEOPLE, text=TEXTS, lag=st.sampled_from([0, 0, 0, SECOND, DAY]))
    def post(self, which: int, group: str, author: str, text: str, lag: int) -> None:
        self.count += 1
        at = max(START, self.now - lag)
        message = Message(group=group, author=author, id=f"m{self.count}", at=at, text=text)
        self.ask(which, lambda engine: engine.observe(message))

    @rule(which=st.integers(0, 1), group=GROUPS, author=PEOPLE, minutes=st.integers(1, 3))
    def post_coarsely(self, which: int, group: str, author: str, minutes: int) -> None:
        self.count += 1
        at = self.now // MINUTE * MINUTE
        message = Message(group=group, author=author, id=f"m{self.count}", at=at, text="hi", resolution="min")
        self.ask(which, lambda engine: engine.observe(message))

    @rule(which=st.integers(0, 1), group=GROUPS, person=PEOPLE, comes=st.booleans())
    def come_and_go(self, which: int, group: str, person: str, comes: bool) -> None:
        self.now += 1
        if comes:
            self.ask(which, lambda engine: engine.join(group, person, at=self.now, name=f"{person}!"))
        else:
            self.ask(which, lambda engine: engine.leave(group, person, at=self.now))

    @rule(which=st.integers(0, 1), group=GROUPS, person=PEOPLE, wide=st.booleans())
    def grant(self, which: int, group: str, person: str, wide: bool) -> None:
        self.now += 1
        self.ask(which, lambda engine: engine.grant(None if wide else group, person, "admin", at=self.now))

    @rule(which=st.integers(0, 1), group=GROUPS, person=PEOPLE)
    def own(self, which: int, group: str, person: str) -> None:
        self.now += 1
        self.ask(which, lambda engine: engine.change_owner(group, person, at=self.now))

    @rule(which=st.integers(0, 1), group=GROUPS, person=PEOPLE, ends=st.sampled_from([None, SECOND, HOUR]))
    def mute(self, which: int, group: str, person: str, ends: int | None) -> None:
        self.now += 1
        until = None if ends is None else self.now + ends
        self.ask(which, lambda engine: engine.mute(group, person, by="zoe", until=until, at=self.now))

    @rule(which=st.integers(0, 1), group=GROUPS, person=PEOPLE, what=st.sampled_from(["mute", "block", "all"]))
    def lift(self, which: int, group: str, person: str, what: Any) -> None:
        self.now += 1
        self.ask(which, lambda engine: engine.lift(group, person, what, by="zoe", at=self.now))

    @rule(which=st.integers(0, 1), group=GROUPS, person=PEOPLE, wide=st.booleans(), on=st.booleans())
    def block(self, which: int, group: str, person: str, wide: bool, on: bool) -> None:
        self.now += 1
        where = None if wide else group
        if on:
            until = self.now + HOUR
            self.ask(which, lambda engine: engine.block(where, person, by="zoe", until=until, at=self.now))
        else:
            self.ask(which, lambda engine: engine.unblock(where, person, by="zoe", at=self.now))

    @rule(which=st.integers(0, 1), group=GROUPS, person=PEOPLE)
    def report(self, which: int, group: str, person: str) -> None:
        self.count += 1
        said = self.ask(
            which, lambda engine: engine.report(group, person, reporter="ann", report=f"r{self.count}", at=self.now)
        )
        if not isinstance(said, str):
            self.cases.append((group, said.fact.id))

    @rule(which=st.integers(0, 1), pick=st.integers(0, 50))
    def close(self, which: int, pick: int) -> None:
        if self.cases:
            group, case = self.cases[pick % len(self.cases)]
            self.ask(which, lambda engine: engine.close_case(group, case, "false-report", by="zoe", at=self.now))

    @rule(which=st.integers(0, 1))
    def advance(self, which: int) -> None:
        self.ask(which, lambda engine: engine.advance(self.now))

    @rule(which=st.integers(0, 1), person=PEOPLE)
    def erase(self, which: int, person: str) -> None:
        self.now += 1
        self.ask(which, lambda engine: engine.erase_person(person, at=self.now))

    @rule(which=st.integers(0, 1), rules=BOOKS)
    def adopt(self, which: int, rules: Rulebook) -> None:
        self.now += 1
        self.whole = self.engine(self.log, rules)
        self.reopen(which, rules)

    # --- what must not matter -------------------------------------------------------------------------------

    @rule(which=st.integers(0, 1), rules=st.none())
    def reopen(self, which: int, rules: Rulebook | None) -> None:
        which %= self.writers
        self.lazy[which].close()
        self.lazy[which] = self.engine(self.opened(), rules, **self.kept)

    @rule(pick=st.integers(0, 3), how=st.sampled_from(DAMAGES))
    def damage(self, pick: int, how: str) -> None:
        with self.opened() as store:
            labels = store.shelf.labels()
            if labels:
                kept = store.shelf.get(labels[pick % len(labels)].stream)
                assert kept is not None
                store.shelf.put([damaged(kept, how)])
        self.resume()

    @rule()
    def throw_away(self) -> None:
        with self.opened() as store:
            store.shelf.clear()
        self.resume()

    def resume(self) -> None:
        """Go on, where somebody else had to have the store for themselves."""

    @rule(which=st.integers(0, 1), group=GROUPS, person=PEOPLE)
    def ask_for_standing(self, which: int, group: str, person: str) -> None:
        self.lazy[which % self.writers].catch_up()
        self.ask(which, lambda engine: engine.standing(group, person, at=self.now))

    @rule(which=st.integers(0, 1))
    def compare_states(self, which: int) -> None:
        self.lazy[which % self.writers].catch_up()
        self.ask(which, lambda engine: engine.state)
        self.whole.state.check()

    def teardown(self) -> None:
        if hasattr(self, "lazy"):
            with self.opened() as store:
                assert list(store.read()) == list(self.log.read())
            for engine in self.lazy:
                engine.close()
