"""The desk: where facts are decided and appended, on the condition that nobody wrote to the streams that were read.

Who lost such a race catches up and decides again. What was returned is in the log.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import RLock

from groupcore.decider import answer, answer_together
from groupcore.deciding.refusing import is_enough
from groupcore.engine.adoption import adoption
from groupcore.engine.ledger import Keeping, Ledger
from groupcore.errors import ConcurrencyError, DuplicateEvent, InputError, StoreError
from groupcore.events import facts
from groupcore.events.base import ORG, Event, Fact, VerdictEvent
from groupcore.events.codec import Recorded, data_of, decode, encode
from groupcore.events.identity import new_fact
from groupcore.events.refusals import WishRefused
from groupcore.events.row import Row
from groupcore.rulebook import Rulebook
from groupcore.state import State
from groupcore.stores import Store
from groupcore.verdict import Verdict

ATTEMPTS = 50
"""How often a lost race is run again before the engine gives up."""

LOSSES = 4
"""After so many lost races in a row the engine asks the store for a turn."""

Wish = Callable[[State], Sequence[Fact]]
"""What is to be taken in, given the state; asked again after a lost race."""


class Desk:
    """One log, the state that follows from it, and the rules in force. ``lock`` is held while it is worked at."""

    def __init__(self, store: Store, clock: Callable[[], int], salt: Callable[[], str], keeping: Keeping) -> None:
        self.store = store
        self.lock = RLock()
        self.ledger = Ledger(store, keeping)
        self.rules: Rulebook | None = None
        self._clock = clock
        self._salt = salt
        self._read_otherwise = False  # whether another version of us, which reads texts otherwise, adopted it last
        self.left_open: Callable[[Collection[str]], None] = lambda orders: None  # told of erasures that wait
        self._follow_rulebook()

    # --- what the log says ----------------------------------------------------------------------------------

    def catch_up(self) -> None:
        """Fold what others appended since."""
        with self.lock:
            self.ledger.catch_up()
            self._follow_rulebook()

    def need(self, *groups: str | None) -> State:
        """The state, which holds these groups from here on; None is the organisation, which it always holds."""
        for group in groups:
            if group is not None:
                self._load(group)
        return self.ledger.state

    def _load(self, group: str) -> None:
        fresh = not self.ledger.is_loaded(group)
        if fresh:
            self.catch_up()  # a snapshot may be newer than what was read so far
        self.ledger.load(group)
        if fresh and (loaded := self.ledger.state.groups.get(group)) is not None and loaded.erasures:
            self.left_open(frozenset(loaded.erasures))

    def need_due(self, now: int) -> State:
        """The state, which holds all groups in which something is due at *now*."""
        self.ledger.load_due(now)
        waiting = [group.erasures for group in self.ledger.state.groups.values() if group.erasures]
        if waiting:
            self.left_open(frozenset().union(*waiting))
        return self.ledger.state

    def _follow_rulebook(self) -> None:
        adopted = self.ledger.state.org.rulebook
        if adopted is None:
            return
        if self.rules is None or self.rules.digest != adopted.digest:
            self.rules = Rulebook.from_mapping(adopted.rulebook, where="the rulebook in the log")
        self._read_otherwise = adopted.reader != self.rules.reader_digest

    def adopt(self, rules: Rulebook | None) -> None:
        """Make *rules* those of the log; adopted again where our reader differs from the one that is on record."""
        wanted = rules or self.rules
        if wanted is None:
            raise StoreError("the log holds no rulebook yet; open it with one")
        for attempt in range(ATTEMPTS):
            adopted = self.ledger.state.org.rulebook
            if adopted and (adopted.digest, adopted.reader) == (wanted.digest, wanted.reader_digest):
                self.rules = wanted
                return
            try:
                at = self._clock() + attempt  # the same rules adopted twice in one microsecond are two facts
                self._append([adoption(wanted, at)], (ORG,), judged=None)
            except (ConcurrencyError, DuplicateEvent):
                self.catch_up()
        raise StoreError("others keep changing the rulebook of this log")

    # --- taking in ------------------------------------------------------------------------------------------

    def take(
        self,
        wish: Wish,
        before: Callable[[], Verdict | None] | None = None,
        *,
        observed: bool = False,
        whole: bool = False,
    ) -> tuple[Verdict, ...]:
        """Decide and append until no other writer came in between; or what was said *before*, if that says anything.

        What was *observed* twice is one fact, and gets its first answer. What two wish for at one time is decided
        twice, the second time on what stands then: it may be refused. Several facts that a wish leads to are appended
        at once, or not at all, where it is to be *whole*; else one by one.
        """
        done: list[Verdict] = []  # one by one: what is appended stays, whatever comes
        waiting: deque[Fact] = deque()
        with self.lock:
            for attempt in range(ATTEMPTS):
                try:
                    with self._patience(attempt):
                        if not done:
                            if before is not None and (said := before()) is not None:
                                return (said,)
                            waiting = deque(wish(self.ledger.state))
                        if whole and len(waiting) > 1:
                            return self._decided_together(waiting)
                        while waiting:
                            done.append(self._decided(waiting[0], again=observed or bool(done) or attempt > 0))
                            waiting.popleft()
                        self.ledger.trim()
                        return tuple(done)
                except (ConcurrencyError, DuplicateEvent):  # a duplicate: another carried out the same wish
                    self.catch_up()
                    _pause(attempt)
            raise StoreError(f"gave up after {ATTEMPTS} lost races: others write to these groups without a pause")

    @contextmanager
    def _patience(self, attempt: int) -> Iterator[None]:
        """Who keeps losing waits for a turn, where the store gives any, and decides on what stands then."""
        if attempt < LOSSES:
            yield
            return
        with self.store.turn():
            self.catch_up()
            yield

    def _decided(self, fact: Fact, again: bool) -> Verdict:
        state = self.need(fact.group)
        if self._read_otherwise:
            self.adopt(self.rules)
        assert self.rules is not None, "a desk has rules before it takes anything in"
        verdicts = answer(fact, state, self.rules)
        try:
            self._append([fact, *verdicts], {fact.stream, ORG}, judged=self.rules.digest)
        except DuplicateEvent:
            if not again:
                raise
            self.catch_up()
            return self._repeated(fact)
        return Verdict(fact, tuple(verdicts))

    def _decided_together(self, facts: Collection[Fact]) -> tuple[Verdict, ...]:
        """Decide facts of different groups and append them at once. Those that follow may be on record already."""
        first, *others = facts
        known = self.store.known([fact.id for fact in others])
        fresh = [first, *(fact for fact in others if fact.id not in known)]
        state = self.need(*(fact.group for fact in fresh))
        if self._read_otherwise:
            self.adopt(self.rules)
        assert self.rules is not None, "a desk has rules before it takes anything in"
        answers = answer_together(fresh, state, self.rules)
        made = {fact.id: Verdict(fact, tuple(told)) for fact, told in zip(fresh, answers, strict=True)}
        events = [event for verdict in made.values() for event in verdict.events]
        self._append(events, {ORG, *(fact.stream for fact in fresh)}, judged=self.rules.digest)
        self.ledger.trim()
        return tuple(made[fact.id] if fact.id in made else self._repeated(fact) for fact in facts)

    def note(self, refusal: Callable[[State], WishRefused | None]) -> WishRefused | None:
        """Put on record that a wish was refused, once; the fact that says so, or None where nothing does."""
        with self.lock:
            for attempt in range(ATTEMPTS):
                try:
                    with self._patience(attempt):
                        fact = refusal(self.ledger.state)
                        if fact is None or self.store.known([fact.id]):
                            return fact
                        if is_enough(fact, self.ledger.state):
                            return None
                        self._decided(fact, again=False)
                        return fact
                except (ConcurrencyError, DuplicateEvent):
                    self.catch_up()
                    _pause(attempt)
            raise StoreError(f"gave up after {ATTEMPTS} lost races")

    def _append(self, events: Sequence[Event], streams: Iterable[str], judged: str | None) -> None:
        ledger, drafts = self.ledger, self._drafts(events, judged)
        rows = self.store.append(drafts, {stream: ledger.version(stream) for stream in streams})
        if rows[0].position != ledger.position + 1:
            self.catch_up()  # others wrote to other groups in between
        else:
            for event, row in zip(events, rows, strict=True):
                ledger.fold(event, row)
            if isinstance(events[0], facts.RulebookAdopted):
                self._follow_rulebook()
        for stream in {row.stream for row in rows}:
            ledger.settle(stream)

    def _drafts(self, events: Sequence[Event], judged: str | None) -> list[Row]:
        """The rows of *events*, each fact on the version of the organisation that stands before it."""
        now, seen, drafts = self._clock(), self.ledger.version(ORG), []
        for event in events:
            if isinstance(event, Fact):
                drafts.append(encode(event, recorded_at=now, judged=judged, org_seen=seen, salt=self._salt()))
            else:
                drafts.append(encode(event, recorded_at=now, salt=""))  # a verdict has nothing private
            seen += event.stream == ORG
        return drafts

    def close(self) -> None:
        """Keep what is worth it, and close the log. Closing twice is no error."""
        with self.lock:
            self.ledger.close()
            self.store.close()

    def _repeated(self, fact: Fact) -> Verdict:
        """What was said when *fact* was taken in first. Other content under the same id is put on record."""
        said = self.said(fact.id)
        if said is None:
            raise InputError(f"{fact.type} {fact.id}: the log names other events like the verdicts about it")
        first, verdict = said
        self._note_conflict(fact, first)
        return verdict

    def said(self, id: str) -> tuple[Recorded, Verdict] | None:
        """The fact of this id as it is on record, with what was said about it; None where the log has no such fact."""
        rows = self.store.about(id)
        if not rows or rows[0].id != id:
            return None
        first, *others = [decode(row) for row in rows]
        verdicts = tuple(item.event for item in others if isinstance(item.event, VerdictEvent))
        assert isinstance(first.event, Fact)
        return first, Verdict(first.event, verdicts, repeated=True)

    def _note_conflict(self, fact: Fact, first: Recorded) -> None:
        differing = conflicting_fields(fact, first)
        if not differing:
            return
        conflict = new_fact(facts.ImportConflict, at=fact.at, group=fact.group, fact=fact.id, fields=differing)
        with suppress(DuplicateEvent):  # it is on record already
            self._append([conflict], (fact.stream, ORG), judged=None)


def _pause(attempt: int) -> None:
    if attempt > 2:
        time.sleep(min(attempt, 20) * os.urandom(1)[0] / 255 / 1000)  # up to 20 ms, apart from the others


def conflicting_fields(fact: Fact, first: Recorded) -> tuple[str, ...]:
    """The names of the data fields in which *fact* differs from what is on record, sorted; erased ones never do."""
    given, held = data_of(fact), data_of(first.event)
    skipped = set(fact.private) if first.erased else set()
    names = (given.keys() | held.keys()) - skipped
    return tuple(sorted(name for name in names if given.get(name) != held.get(name)))
