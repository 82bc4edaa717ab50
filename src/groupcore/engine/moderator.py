"""The moderator: the face of the engine. What was seen goes in, what follows from it comes out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType

import attrs

from groupcore import stores
from groupcore.clock import MINUTE, instant
from groupcore.commands import AdvanceTime, Command, DecideAppeal, EraseText
from groupcore.decider import decide
from groupcore.deciding.appeals import weighs_in_groups
from groupcore.deciding.powers import Permission, may
from groupcore.deciding.refusing import refusal_of
from groupcore.engine.desk import Desk
from groupcore.engine.eraser import Eraser
from groupcore.engine.ledger import Keeping
from groupcore.engine.repeating import check_repeated, fact_of, named
from groupcore.engine.staff import Staff
from groupcore.engine.witness import At, Witness
from groupcore.errors import DecisionRefused, InputError
from groupcore.events.base import Fact
from groupcore.events.erasure import ErasureOrdered, TextErased
from groupcore.events.facts import RulebookAdopted
from groupcore.explaining import Explanation, SubjectKind, explain
from groupcore.rulebook import Rulebook
from groupcore.rulebook.powers import Power
from groupcore.state import State
from groupcore.state.standing import Standing, standing_of
from groupcore.stores import Store
from groupcore.verdict import Verdict

SNAPSHOT_EVERY = 1000
"""After how many events of a stream its state is kept beside the log, unless you say otherwise."""

AHEAD = 5 * MINUTE
"""A live fact or wish further than this ahead of the engine's clock is clamped to it."""


class Moderator(Witness, Staff, Eraser):
    """Moderates the groups of one community, over one log. Safe to use from several threads.

    >>> from groupcore import Message, Rulebook
    >>> rules = Rulebook.from_mapping({"policy": [{"kind": "keyword", "id": "ads", "words": ["buy now"]}]})
    >>> with Moderator.open("memory:", rules) as moderator:
    ...     verdict = moderator.observe(Message(group="g1", author="amy", id="m1", at=0, text="BUY NOW!"))
    >>> [event.type for event in verdict.events]
    ['message-posted', 'finding-recorded', 'strike-recorded', 'member-warned']
    """

    def __init__(
        self,
        store: Store,
        rules: Rulebook | None = None,
        *,
        clock: Callable[[], int] | None = None,
        salt: Callable[[], str] | None = None,
        snapshot_every: int | None = SNAPSHOT_EVERY,
        most_groups: int | None = None,
    ) -> None:
        self._clock = clock or _now
        self._desk = Desk(store, self._clock, salt or _random_salt, Keeping(snapshot_every, most_groups))
        self._desk.adopt(rules)
        self._desk.left_open = self._finish_if_possible
        self._finish_if_possible(self._desk.ledger.state.org.erasures)

    @classmethod
    def open(
        cls,
        url: str,
        rules: Rulebook | None = None,
        *,
        clock: Callable[[], int] | None = None,
        salt: Callable[[], str] | None = None,
        snapshot_every: int | None = SNAPSHOT_EVERY,
        most_groups: int | None = None,
    ) -> Moderator:
        """A moderator over the log at *url* (a path, ``sqlite:///...`` or ``memory:``), made if it is not there.

        *rules* are adopted into the log when it holds others; without them, those of the log are in force.
        *clock* gives microseconds since the epoch, *salt* hexadecimal digits; both are for tests.

        A group is read when it is first asked for. *snapshot_every* so many of its events its state is kept beside the
        log, so that next time only what came after is read (None: never). *most_groups* bounds how many are in memory
        at a time; who was not asked for the longest goes first (None: all that were asked for stay).
        """
        if rules is not None and not isinstance(rules, Rulebook):
            raise InputError(f"rules are a Rulebook, not {rules!r}; load_rulebook(path) reads one from a file")
        store = stores.open_store(url)
        try:
            return cls(store, rules, clock=clock, salt=salt, snapshot_every=snapshot_every, most_groups=most_groups)
        except BaseException:
            store.close()
            raise

    # --- taking in ------------------------------------------------------------------------------------------

    def record(self, fact: Fact) -> Verdict:
        """Take in any fact and say what follows. What lies too far ahead of the clock is clamped to it."""
        check_recordable(fact)
        now = self._clock()
        if fact.at > now + AHEAD:
            fact = attrs.evolve(fact, at=now, claimed_at=fact.at)
        return self._desk.take(lambda state: [fact], observed=True)[0]

    def execute(self, command: Command) -> tuple[Verdict, ...]:
        """Carry out a wish, or raise DecisionRefused. One verdict for each fact that came of it.

        A command with an id is carried out once: again, it gets the first verdict, and CommandConflict where it is
        another wish. Like a fact, a wish that lies too far ahead of the clock is clamped to it; only `advance` says
        what time it is.

        What somebody wants that is not for them is put on record as `wish-refused`; ``fact`` of the error is its id.
        """
        claimed, now = command.at, self._clock()
        if claimed <= now + AHEAD or isinstance(command, AdvanceTime):
            return self._carry_out(command, None)
        return self._carry_out(attrs.evolve(command, at=now), claimed)

    def _carry_out(self, command: Command, claimed: int | None) -> tuple[Verdict, ...]:
        """Carry out *command*, which *claimed* another time where that lies too far ahead."""
        id = fact_of(command)
        before = None if id is None else lambda: self._said_before(command, id)
        with self._desk.lock:
            self._desk.catch_up()  # a wish must not be refused for what others have changed since
            try:
                return self._desk.take(
                    lambda _: self._decide(command, claimed),
                    before,
                    observed=isinstance(command, AdvanceTime),
                    whole=command.whole,
                )
            except DecisionRefused as refused:
                self._put_on_record(command, refused, claimed)
                raise

    def _decide(self, command: Command, claimed: int | None) -> Sequence[Fact]:
        facts = decide(command, self._needed(command), self._desk.rules)
        if claimed is not None:
            facts = [attrs.evolve(fact, claimed_at=claimed) for fact in facts]
        return named(command, facts)

    def _needed(self, command: Command) -> State:
        """The state with all groups that *command* has to see."""
        if isinstance(command, AdvanceTime):
            return self._desk.need_due(command.at)
        state = self._desk.need(*groups_of(command))
        if isinstance(command, DecideAppeal) and weighs_in_groups(command, state, self.rules):
            return self._desk.ledger.load_all()
        return state

    def _put_on_record(self, command: Command, refused: DecisionRefused, claimed: int | None) -> None:
        """Put on record that *command* was refused, where that matters. A log that does not take it hides nothing."""
        try:
            fact = self._desk.note(lambda state: refusal_of(command, refused, state, claimed))
            refused.fact = fact.id if fact is not None else None
        except Exception as failed:
            refused.add_note(f"That it was refused is not on record: {failed}")
        self._desk.ledger.trim()

    def _said_before(self, command: Command, id: str) -> Verdict | None:
        said = self._desk.said(id)
        if said is None:
            return None
        first, verdict = said
        check_repeated(command, first)
        return verdict

    def _moment(self, at: At) -> int:
        return self._clock() if at is None else instant(at)

    # --- questions ------------------------------------------------------------------------------------------

    @property
    def rules(self) -> Rulebook:
        """The rulebook in force."""
        assert self._desk.rules is not None, "a moderator has rules from the start"
        return self._desk.rules

    @property
    def state(self) -> State:
        """The whole state as of the last event taken in. It is the engine's: look, and change nothing.

        It loads every group of the log: a question about one is better asked of `standing`.
        """
        with self._desk.lock:
            return self._desk.ledger.load_all()

    @property
    def position(self) -> int:
        """The position of the last event of the log that was taken in."""
        return self._desk.ledger.position

    def standing(self, group: str, member: str, at: At = None) -> Standing:
        """How somebody stands in a group, at a time (default: now), as far as this engine has read the log.

        What other processes appended since its last call is not in it: `catch_up` first where that matters.
        """
        with self._desk.lock:
            found = standing_of(self._desk.need(group), group, member, self._moment(at))
            self._desk.ledger.trim()
            return found

    def may(self, person: str, power: Power, group: str | None = None, *, over: str | None = None) -> Permission:
        """Whether somebody may do what takes *power*, in *group* or (None) in the organisation, and why (not).

        It is true or false, and ``reason`` says why in words. With *over*, whether they may do it to that person, who
        has to be below them. The answer is that which a wish would get, and it asks for the latest of the log; nothing
        is recorded. Use it before you show what is for staff alone: who has ``cases`` may read who reported.
        """
        with self._desk.lock:
            self._desk.catch_up()
            found = may(person, power, group, self._desk.need(group), self.rules, over=over)
            self._desk.ledger.trim()
            return found

    def explain(self, id: str, *, group: str | None = None, kind: SubjectKind | None = None) -> Explanation:
        """Why: a message, a member, a verdict or a fact of the log, back to the rule and the strikes before.

        See `groupcore.explaining.explain`. Ask for an event, or name the *group*: then nothing is read but what the log
        has of those concerned.
        """
        return explain(self._desk.store, id, group=group, kind=kind)

    # --- the log --------------------------------------------------------------------------------------------

    def catch_up(self) -> None:
        """Fold what others appended since."""
        self._desk.catch_up()

    def close(self) -> None:
        """Keep snapshots of what moved, and close the log."""
        self._desk.close()

    def __enter__(self) -> Moderator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def check_recordable(fact: Fact) -> None:
    """Raise InputError for a fact that nobody can have observed."""
    if isinstance(fact, RulebookAdopted):
        raise InputError("a rulebook is adopted by opening the log with it")
    if isinstance(fact, ErasureOrdered | TextErased):
        raise InputError("text is erased with erase_person or erase_message")
    if fact.group is None and not fact.wide:
        raise InputError(f"{fact.type} happens in a group; name it")
    if "/" in fact.id:
        raise InputError(f"{fact.id!r} is no id of a fact: the ids of verdicts have slashes")


def groups_of(command: Command) -> Iterable[str | None]:
    """The groups that a wish is about."""
    if isinstance(command, EraseText):
        return [held.group for held in command.held]
    return [getattr(command, "group", None)]


def _now() -> int:
    return time.time_ns() // 1000


def _random_salt() -> str:
    return os.urandom(16).hex()
