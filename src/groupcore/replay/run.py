"""Replay: the facts of a log decided anew, under the rules that it carries or under others.

A replay reads no clock, and invents no fact but one: that its rules are in force, where the log does not say so first.
What people did is kept; the platform's echo of a verdict that this run did not come to is ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import Factory, define, frozen

from groupcore.decider import answer
from groupcore.engine import adoption
from groupcore.errors import InputError
from groupcore.events.base import ORG, Fact, VerdictEvent
from groupcore.events.codec import Recorded, decode
from groupcore.events.facts import MemberLeft, MemberRemoved, RulebookAdopted
from groupcore.events.row import Row
from groupcore.events.sanctions import GIVEN
from groupcore.events.verdicts import MemberBlocked
from groupcore.rulebook import Rulebook
from groupcore.sanctions import REMOVALS
from groupcore.state import State, advance
from groupcore.stores import Store

_SPECIAL = frozenset({RulebookAdopted, MemberLeft, MemberRemoved})
_REMOVALS = frozenset({*(GIVEN[kind] for kind in REMOVALS), MemberBlocked})


@frozen
class Step:
    """One fact of the log, and the verdicts that answer it in this run."""

    recorded: Recorded
    fact: Fact
    verdicts: tuple[VerdictEvent, ...] = ()


@define
class Run:
    """One replay under way: feed it the facts of a log, in order.

    ``rules`` are in force until the log adopts others; with ``fixed`` they are in force throughout.
    ``ignored`` counts echoes of verdicts that this run did not come to, ``skipped`` events of newer versions.
    A run that is copied with its state goes on where it stood.
    """

    rules: Rulebook
    fixed: bool = False
    state: State = Factory(State)
    removals: set[str] = Factory(set)  # the verdicts of this run whose echo is somebody's leave
    ignored: int = 0
    skipped: int = 0
    began: bool = False

    def begin(self, at: int) -> RulebookAdopted:
        """The fact that the rules are in force, before everything else."""
        self.began = True
        fact = adoption(self.rules, at)
        advance(self.state, fact)
        return fact

    def feed(self, fact: Fact) -> list[VerdictEvent] | None:
        """The verdicts that answer *fact*; None where it is no fact of this run."""
        if not self.began:
            self.begin(fact.at)
        if fact.__class__ in _SPECIAL:
            if isinstance(fact, RulebookAdopted):
                return self._adopt(fact)
            if self._is_moot(fact):
                self.ignored += 1
                return None
        verdicts = answer(fact, self.state, self.rules)
        advance(self.state, fact)
        for verdict in verdicts:
            advance(self.state, verdict)
            if verdict.__class__ in _REMOVALS:
                self.removals.add(verdict.id)
        return verdicts

    def _is_moot(self, fact: Fact) -> bool:
        effect_of = getattr(fact, "effect_of", None)
        if effect_of is None or "/" not in effect_of:
            return False  # what people ordered is a fact, and happens in every replay
        return effect_of not in self.removals

    def _adopt(self, fact: RulebookAdopted) -> list[VerdictEvent] | None:
        if self.fixed or fact.digest == self.rules.digest:
            return None  # in force already, since `begin` or an earlier adoption
        self.rules = Rulebook.from_mapping(fact.rulebook, where="the rulebook in the log")
        advance(self.state, adoption(self.rules, fact.at))  # it is our reader that reads from here on
        return []


def replay(store: Store, rules: Rulebook | None = None, *, otherwise: Rulebook | None = None) -> Iterator[Step]:
    """The facts of a log, each with its verdicts, in log order. Memory does not grow with the log.

    With *rules*, those judge everything. Without, the rulebooks that the log adopted do, each from where it was adopted
    (the first one from the beginning); a log that adopted none is judged by *otherwise*.
    """
    start = rules or first_rulebook(store) or otherwise
    if start is None:
        raise InputError("the log holds no rulebook; name one to replay it under")
    yield from steps(Run(start, fixed=rules is not None), store.read())


def steps(run: Run, rows: Iterable[Row]) -> Iterator[Step]:
    """Feed the facts among *rows* to *run*; recorded verdicts and events of newer versions are skipped."""
    for row in rows:
        if row.cause is not None:
            continue
        recorded = decode(row)
        fact = recorded.event
        if not isinstance(fact, Fact):
            run.skipped += 1
            continue
        verdicts = run.feed(fact)
        if verdicts is not None:
            yield Step(recorded, fact, tuple(verdicts))


def first_rulebook(store: Store) -> Rulebook | None:
    """The first rulebook that a log adopted, or None."""
    for row in store.read_stream(ORG):
        if row.type == RulebookAdopted.type:
            event = decode(row).event
            assert isinstance(event, RulebookAdopted)
            return Rulebook.from_mapping(event.rulebook, where="the rulebook in the log")
    return None
