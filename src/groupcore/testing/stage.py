"""Where the machine plays: a moderator over a log, the naive model beside it, and what must hold after each step."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

import attrs
from hypothesis.stateful import RuleBasedStateMachine, invariant

from groupcore.clock import DAY
from groupcore.commands import Command, DecideAppeal
from groupcore.engine import Moderator, Verdict
from groupcore.errors import DecisionRefused
from groupcore.events import Event, Fact, Row, StrikeRecorded, decode
from groupcore.replay import verify_store
from groupcore.rulebook import Rulebook
from groupcore.state import State, fold
from groupcore.stores import MemoryStore, Store, open_store
from groupcore.testing import laws
from groupcore.testing.agreeing import assert_same_standing
from groupcore.testing.history import Line, id_of
from groupcore.testing.model import comparable
from groupcore.testing.oracles import Oracle
from groupcore.testing.process import NaiveProcess
from groupcore.testing.rules import DEFAULT_RULES, TEXTS
from groupcore.testing.scenes import START

T = TypeVar("T")

MEMBERS = ("amy", "bo", "cy")
GROUPS = ("g1", "g2")
FAR = START + 10_000 * DAY


class Stage(RuleBasedStateMachine):
    """A moderator and the model, and the ways in which both are told something. See `ModeratorMachine`."""

    rulebook: ClassVar[Rulebook] = DEFAULT_RULES
    later: ClassVar[Sequence[Rulebook]] = ()
    oracles: ClassVar[Mapping[str, Oracle]] = {}
    texts: ClassVar[Sequence[str]] = TEXTS
    url: ClassVar[str] = "memory:"

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self._room = ""
        self.store = self.open_store()
        self.model = NaiveProcess(self.rulebook, self.oracles)
        self.moderator = self._moderator(self.rulebook)
        self.seen = 0
        self.sanctions: list[Line] = []
        self.follow()

    def open_store(self) -> Store:
        """The log of this run: asked for at the beginning, and each time that it is opened again.

        ``{room}`` in the ``url`` is a new directory for each run. Override this for a store that no URL names.
        """
        if self.url == "memory:":
            return getattr(self, "store", None) or MemoryStore()
        return open_store(self.url.replace("{room}", self.room) if "{room}" in self.url else self.url)

    @property
    def room(self) -> str:
        """A new directory for this run, which goes at its end."""
        self._room = self._room or tempfile.mkdtemp(prefix="groupcore-machine-")
        return self._room

    def _moderator(self, rules: Rulebook | None, **keeping: Any) -> Moderator:
        return Moderator(self.store, rules, clock=lambda: FAR, salt=lambda: "ab", **keeping)

    def open_again(self, rules: Rulebook | None = None, **keeping: Any) -> None:
        """Close the log and open it again: what the engine knows then is what it knew before."""
        live = self.moderator.state
        if not isinstance(self.store, MemoryStore):
            self.moderator.close()
            self.store = self.open_store()
        again = self._moderator(None, **keeping)
        assert again.state == live, "the log that is opened again tells what was known before"
        self.moderator = self._moderator(rules, **keeping) if rules is not None else again
        self.follow()

    def teardown(self) -> None:
        """The whole log replays to the live state, and verifies; then it is closed."""
        try:
            rows = list(self.store.read())
            assert fold(State(), [decode(row).event for row in rows]) == self.moderator.state, "a replay tells the same"
            report = verify_store(self.store)
            assert report.clean, f"the log does not verify: {report.divergence}"
        finally:
            self.moderator.close()
            self.store.close()
            if self._room:
                shutil.rmtree(self._room, ignore_errors=True)

    # --- told, and compared -------------------------------------------------------------------------------------

    def follow(self) -> list[Fact]:
        """Assert that the model answers each new fact of the log as the log does. The new facts."""
        facts = []
        for fact, verdicts in _decisions(list(self.store.read(self.seen))):
            said, expected = comparable(verdicts, self.model.rulebook), self.model.answer(fact)
            assert said == comparable(expected, self.model.rulebook), f"they differ about {fact}"
            told = [line for line in self.model.history.log[-1 - len(expected) :] if "member" in line["data"]]
            self.sanctions += [line for line in told if line in self.model.history.sanctions(line["group"])]
            self._check_removals(verdicts)
            facts.append(fact)
        self.seen = self.store.position
        return facts

    def _check_removals(self, verdicts: list[Event]) -> None:
        """Nobody is removed by a ladder without the rungs before, unless something severe counts."""
        for strike in verdicts:
            if isinstance(strike, StrikeRecorded):
                live = self.model.live(str(strike.group), strike.member, strike.at)
                grave = any(each["data"]["severity"] == "severe" for each in live)
                laws.no_removal_without_the_rungs_before(verdicts, self.model.rulebook, grave)

    def agree(self, *verdicts: Verdict) -> None:
        """Assert that the model says the same about these facts as the engine said, and as the log does."""
        self.follow()
        for verdict in verdicts:
            said = comparable(verdict.verdicts, self.model.rulebook)
            assert said == comparable(self.model.answer(verdict.fact), self.model.rulebook)

    def wish(self, wish: Command) -> bool:
        """Wish for something, and assert that it is carried out just where the model has no objection to it."""
        objections = self.model.objections(wish)
        groups = self.model.reviewed(wish) if isinstance(wish, DecideAppeal) else []
        done = self.refusable(lambda: self.moderator.execute(wish), objections)
        if done is None:
            return False
        first, *others = done
        self.agree(first, *others)
        assert first.repeated or _says(first.fact, wish), f"{first.fact} is not what was wished: {wish}"
        assert first.repeated or [each.fact.group for each in others] == groups, f"not reviewed: {groups}"
        return True

    def refusable(self, carry_out: Callable[[], T], objections: set[str]) -> T | None:
        """Do what may be refused: it is, and leaves no trace but that, just where there are *objections*."""
        refused = None
        try:
            done = carry_out()
        except DecisionRefused as error:
            refused = error
        facts = self.follow()
        if refused is None:
            assert not objections, f"carried out, although {objections}"
            return done
        assert objections, f"refused, and the model has no objection: {refused}"
        assert refused.code in objections, f"refused for another reason than {objections}: {refused}"
        assert {fact.type for fact in facts} <= {"wish-refused"}, "who is refused changes nothing"
        return None

    # --- what must hold -----------------------------------------------------------------------------------------

    @invariant()
    def state_is_sound(self) -> None:
        """The invariants of the state hold."""
        self.moderator.state.check()

    @invariant()
    def both_know_the_same(self) -> None:
        """Everybody stands with the engine as with the model."""
        for group in GROUPS:
            for member in MEMBERS:
                assert_same_standing(self.moderator.standing(group, member, at=self.now), self.model)

    @invariant()
    def what_is_void_never_counts(self) -> None:
        """No strike that a verdict voided counts against anybody, at any time."""
        log = self.model.history.log
        void = {line["data"]["strike"] for line in log if line["type"] == "strike-voided"}
        for line in log if void else ():
            if line["type"] == "strike-recorded" and id_of(line) in void:
                standing = self.moderator.standing(line["group"], line["data"]["member"], at=line["at"])
                assert id_of(line) not in [strike.id for strike in standing.strikes]


def _decisions(rows: Sequence[Row]) -> Iterator[tuple[Fact, list[Event]]]:
    """The facts of a log, each with the verdicts that answer it."""
    events = [decode(row).event for row in rows]
    starts = [index for index, event in enumerate(events) if isinstance(event, Fact)]
    for start, end in zip(starts, [*starts[1:], len(events)], strict=False):
        fact = events[start]
        assert isinstance(fact, Fact)
        yield fact, events[start + 1 : end]


def _says(fact: Fact, wish: Command) -> bool:
    """Whether a fact is what somebody wished for."""
    wished = attrs.asdict(wish, recurse=False)
    filled = {name for name in wish.filled if not wished[name]} | {"id", "held"}
    return all(getattr(fact, name) == value for name, value in wished.items() if name not in filled)
