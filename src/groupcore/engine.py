"""The engine: the live shell around the decider. It loads, decides, appends, and tells.

Facts come in (`observe`, `join`, ...), wishes of staff (`mute`, `block`, ...), and the time (`advance`). Each is
decided on the state at hand and appended with the condition that nobody wrote to the streams it read; who lost such
a race catches up and decides again. What was returned is in the log.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import RLock
from types import TracebackType
from typing import Any

import attrs
from attrs import frozen

from groupcore import stores
from groupcore.actions import Action, actions_for
from groupcore.clock import MINUTE, instant
from groupcore.commands import (
    AdvanceTime,
    BlockPerson,
    Command,
    DecideAppeal,
    FileAppeal,
    LiftSanction,
    OrderSanction,
    UnblockPerson,
)
from groupcore.decider import answer, decide
from groupcore.errors import ConcurrencyError, DuplicateEvent, InputError, StoreError
from groupcore.events import facts
from groupcore.events.base import ORG, Event, Fact, VerdictEvent
from groupcore.events.codec import Recorded, data_of, decode, encode
from groupcore.events.identity import fact_id, new_fact
from groupcore.events.row import Row
from groupcore.events.verdicts import FindingRecorded, MemberKicked, MemberMuted, MemberWarned
from groupcore.messages import Message, Part
from groupcore.rulebook import Rulebook
from groupcore.state import State, advance
from groupcore.state.standing import Standing, standing_of
from groupcore.stores import Store

AHEAD = 5 * MINUTE
"""A live fact or wish further than this ahead of the engine's clock is clamped to it."""

ATTEMPTS = 50
"""How often a lost race is run again before the engine gives up."""

LOSSES = 4
"""After so many lost races in a row the engine asks the store for a turn."""

_SANCTIONS = (MemberKicked, MemberMuted, MemberWarned, facts.SanctionOrdered)

At = int | str | Any  # an instant: microseconds, an RFC 3339 string or an aware datetime


@frozen
class Verdict:
    """What the engine says about one fact.

    ``events`` are the fact and the verdicts that answer it, as they stand in the log. ``repeated`` says that the fact
    had been taken in before: this is what was said then, and nothing new was recorded.
    """

    fact: Fact
    verdicts: tuple[VerdictEvent, ...] = ()
    repeated: bool = False

    @property
    def events(self) -> tuple[Event, ...]:
        """The fact, then the verdicts in their order."""
        return (self.fact, *self.verdicts)

    @property
    def findings(self) -> tuple[FindingRecorded, ...]:
        """What the policies objected to."""
        return tuple(event for event in self.verdicts if isinstance(event, FindingRecorded))

    @property
    def sanction(self) -> MemberWarned | MemberMuted | MemberKicked | facts.SanctionOrdered | None:
        """The one sanction, or None: a verdict, or the order of staff that this is the answer to."""
        return next((event for event in self.events if isinstance(event, _SANCTIONS)), None)

    @property
    def actions(self) -> tuple[Action, ...]:
        """What is to be done on the platform, in order."""
        return actions_for(self.events)


class Moderator:
    """Moderates the groups of one community, over one log. Safe to use from several threads.

    >>> from groupcore.rulebook import Rulebook
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
    ) -> None:
        self._store = store
        self._clock = clock or _now
        self._salt = salt or _random_salt
        self._lock = RLock()
        self._state = State()
        self._versions: dict[str, int] = {}
        self._position = 0
        self._rules: Rulebook | None = None
        self._read_otherwise = False  # whether another version of us, which reads texts otherwise, adopted it last
        self.catch_up()
        self._adopt(rules)

    @classmethod
    def open(
        cls,
        url: str,
        rules: Rulebook | None = None,
        *,
        clock: Callable[[], int] | None = None,
        salt: Callable[[], str] | None = None,
    ) -> Moderator:
        """A moderator over the log at *url* (a path, ``sqlite:///...`` or ``memory:``), made if it is not there.

        *rules* are adopted into the log when it holds others; without them, those of the log are in force.
        *clock* gives microseconds since the epoch, *salt* hexadecimal digits; both are for tests.
        """
        store = stores.open_store(url)
        try:
            return cls(store, rules, clock=clock, salt=salt)
        except BaseException:
            store.close()
            raise

    # --- facts ----------------------------------------------------------------------------------------------

    def observe(self, message: Message) -> Verdict:
        """Take in a message and say what follows. The same message again gives the same verdict."""
        id = fact_id(message.source, message.group, facts.MessagePosted.type, message.id)
        fact = facts.MessagePosted(
            id=id,
            at=message.at,
            group=message.group,
            resolution=message.resolution,
            source=message.source,
            message=message.id,
            author=message.author,
            text=message.text,
            parts=message.parts,
        )
        return self.record(fact)

    def edit(
        self, group: str, message: str, *, author: str, at: At, text: str = "", parts: Iterable[Part] = ()
    ) -> Verdict:
        """Take in the new version of a message. Content policies look at it again; floods ignore edits."""
        given = Message(group=group, author=author, id=message, at=at, text=text, parts=parts)  # checked alike
        return self._tell(
            facts.MessageEdited, at, group, message=message, author=author, text=given.text, parts=given.parts
        )

    def revoke(self, group: str, message: str, *, at: At, by: str | None = None) -> Verdict:
        """Take in that a message was taken back. What was found in it stands."""
        return self._tell(facts.MessageRevoked, at, group, message=message, by=by)

    def open_group(self, group: str, *, at: At, name: str = "", owner: str | None = None, kind: str = "") -> Verdict:
        """Take in a group: its name, its owner, what the platform calls its kind."""
        return self._tell(facts.GroupOpened, at, group, name=name, owner=owner, group_kind=kind)

    def rename_group(self, group: str, name: str, *, at: At, by: str | None = None) -> Verdict:
        """Take in the new name of a group."""
        return self._tell(facts.GroupRenamed, at, group, name=name, by=by)

    def change_owner(self, group: str, owner: str, *, at: At, by: str | None = None) -> Verdict:
        """Take in the new owner of a group."""
        return self._tell(facts.OwnerChanged, at, group, owner=owner, by=by)

    def grant(self, group: str | None, member: str, role: facts.Role, *, at: At, by: str | None = None) -> Verdict:
        """Take in a role: in *group*, or (None) in all groups."""
        return self._tell(facts.RoleGranted, at, group, member=member, role=role, by=by)

    def revoke_role(
        self, group: str | None, member: str, role: facts.Role, *, at: At, by: str | None = None
    ) -> Verdict:
        """Take in that somebody lost a role."""
        return self._tell(facts.RoleRevoked, at, group, member=member, role=role, by=by)

    def join(self, group: str, member: str, *, at: At, name: str = "", inviter: str | None = None) -> Verdict:
        """Take in that somebody joined. Who is blocked is kicked again at once."""
        return self._tell(facts.MemberJoined, at, group, member=member, name=name, inviter=inviter)

    def leave(self, group: str, member: str, *, at: At, effect_of: str | None = None) -> Verdict:
        """Take in that somebody left; *effect_of* names our own verdict where this is only its echo."""
        return self._tell(facts.MemberLeft, at, group, member=member, effect_of=effect_of)

    def remove(
        self,
        group: str,
        member: str,
        *,
        at: At,
        by: str | None = None,
        reason: str = "",
        effect_of: str | None = None,
    ) -> Verdict:
        """Take in that a person removed somebody; *effect_of* as in `leave`."""
        return self._tell(facts.MemberRemoved, at, group, member=member, by=by, reason=reason, effect_of=effect_of)

    def rename(self, group: str, member: str, name: str, *, at: At) -> Verdict:
        """Take in the new name of a member."""
        return self._tell(facts.MemberRenamed, at, group, member=member, name=name)

    def _tell(self, cls: type[Fact], at: At, group: str | None, **fields: Any) -> Verdict:
        return self.record(new_fact(cls, at=instant(at), group=group, **fields))

    def record(self, fact: Fact) -> Verdict:
        """Take in any fact and say what follows. What lies too far ahead of the clock is clamped to it."""
        check_recordable(fact)
        now = self._clock()
        if fact.at > now + AHEAD:
            fact = attrs.evolve(fact, at=now, claimed_at=fact.at)
        return self._take(lambda: [fact])[0]

    # --- wishes ---------------------------------------------------------------------------------------------

    def execute(self, command: Command) -> tuple[Verdict, ...]:
        """Carry out a wish, or raise DecisionRefused. One verdict for each fact that came of it.

        Like a fact, a wish that lies too far ahead of the clock is clamped to it; only `advance` says what time it is.
        """
        claimed, now = command.at, self._clock()
        if claimed <= now + AHEAD or isinstance(command, AdvanceTime):
            return self._carry_out(lambda: decide(command, self._state))
        clamped = attrs.evolve(command, at=now)
        return self._carry_out(
            lambda: [attrs.evolve(fact, claimed_at=claimed) for fact in decide(clamped, self._state)]
        )

    def _carry_out(self, wish: Callable[[], Sequence[Fact]]) -> tuple[Verdict, ...]:
        with self._lock:
            self.catch_up()  # a wish must not be refused for what others have changed since
            return self._take(wish)

    def warn(self, group: str, member: str, *, by: str, at: At = None, reason: str = "") -> Verdict:
        """Staff warns a member."""
        return self._order(group, member, "warn", by=by, at=at, reason=reason)

    def mute(self, group: str, member: str, *, by: str, until: At = None, at: At = None, reason: str = "") -> Verdict:
        """Staff mutes a member, until a time or (None) for ever."""
        return self._order(group, member, "mute", by=by, at=at, reason=reason, until=until)

    def kick(self, group: str, member: str, *, by: str, at: At = None, reason: str = "") -> Verdict:
        """Staff kicks a member."""
        return self._order(group, member, "kick", by=by, at=at, reason=reason)

    def _order(self, group: str, member: str, sanction: Any, *, at: At, **fields: Any) -> Verdict:
        command = OrderSanction(at=self._moment(at), group=group, member=member, sanction=sanction, **fields)
        return self.execute(command)[0]

    def lift(
        self, group: str, member: str, sanction: facts.LiftKind = "all", *, by: str, at: At = None, reason: str = ""
    ) -> Verdict:
        """Staff pardons a member: one kind of sanction, or all of them."""
        command = LiftSanction(at=self._moment(at), group=group, member=member, sanction=sanction, by=by, reason=reason)
        return self.execute(command)[0]

    def block(
        self,
        group: str | None,
        person: str,
        *,
        by: str | None = None,
        until: At = None,
        at: At = None,
        reason: str = "",
    ) -> Verdict:
        """Staff puts somebody on the blocklist of a group, or (None) of the organisation."""
        command = BlockPerson(at=self._moment(at), group=group, person=person, by=by, until=until, reason=reason)
        return self.execute(command)[0]

    def unblock(
        self, group: str | None, person: str, *, by: str | None = None, at: At = None, reason: str = ""
    ) -> Verdict:
        """Staff takes somebody off a blocklist."""
        command = UnblockPerson(at=self._moment(at), group=group, person=person, by=by, reason=reason)
        return self.execute(command)[0]

    def appeal(
        self, group: str, member: str, sanction: str, *, by: str | None = None, at: At = None, reason: str = ""
    ) -> Verdict:
        """Somebody contests a sanction, named by the id of its event."""
        command = FileAppeal(at=self._moment(at), group=group, member=member, sanction=sanction, by=by, reason=reason)
        return self.execute(command)[0]

    def decide_appeal(
        self, group: str, sanction: str, outcome: facts.Outcome, *, by: str, at: At = None, reason: str = ""
    ) -> Verdict:
        """Staff decides an appeal. Overturned: the strike is void, the sanction and its block are lifted."""
        command = DecideAppeal(
            at=self._moment(at), group=group, sanction=sanction, by=by, outcome=outcome, reason=reason
        )
        return self.execute(command)[0]

    def advance(self, now: At = None) -> tuple[Verdict, ...]:
        """Tell the time: mutes and blocks that ended are answered, one verdict for each stream that has any."""
        return self.execute(AdvanceTime(at=self._moment(now)))

    def _moment(self, at: At) -> int:
        return self._clock() if at is None else instant(at)

    # --- questions ------------------------------------------------------------------------------------------

    @property
    def rules(self) -> Rulebook:
        """The rulebook in force."""
        assert self._rules is not None, "a moderator has rules from the start"
        return self._rules

    @property
    def state(self) -> State:
        """The state as of the last event taken in. It is the engine's: look, and change nothing."""
        return self._state

    def standing(self, group: str, member: str, at: At = None) -> Standing:
        """How somebody stands in a group, at a time (default: now), as far as this engine has read the log.

        What other processes appended since its last call is not in it: `catch_up` first where that matters.
        """
        with self._lock:
            return standing_of(self._state, group, member, self._moment(at))

    # --- the log --------------------------------------------------------------------------------------------

    def catch_up(self) -> None:
        """Fold what others appended since."""
        with self._lock:
            for row in self._store.read(after=self._position):
                self._fold(decode(row).event, row)
            self._follow_rulebook()

    def _fold(self, event: Event, row: Row) -> None:
        advance(self._state, event)
        self._versions[row.stream] = row.version
        self._position = row.position

    def _follow_rulebook(self) -> None:
        adopted = self._state.org.rulebook
        if adopted is None:
            return
        if self._rules is None or self._rules.digest != adopted.digest:
            self._rules = Rulebook.from_mapping(adopted.rulebook, where="the rulebook in the log")
        self._read_otherwise = adopted.reader != self._rules.reader_digest

    def _adopt(self, rules: Rulebook | None) -> None:
        """Make *rules* those of the log; adopted again where our reader differs from the one that is on record."""
        wanted = rules or self._rules
        if wanted is None:
            raise StoreError("the log holds no rulebook yet; open it with one")
        for attempt in range(ATTEMPTS):
            adopted = self._state.org.rulebook
            if adopted and (adopted.digest, adopted.reader) == (wanted.digest, wanted.reader_digest):
                self._rules = wanted
                return
            try:
                at = self._clock() + attempt  # the same rules adopted twice in one microsecond are two facts
                self._append([adoption(wanted, at)], (ORG,), judged=None)
            except (ConcurrencyError, DuplicateEvent):
                self.catch_up()
        raise StoreError("others keep changing the rulebook of this log")

    def _take(self, wish: Callable[[], Sequence[Fact]]) -> tuple[Verdict, ...]:
        """Decide and append until no other writer came in between."""
        done: list[Verdict] = []  # a wish may lead to several facts, each appended by itself
        with self._lock:
            for attempt in range(ATTEMPTS):
                try:
                    with self._patience(attempt):
                        if self._read_otherwise:
                            self._adopt(self._rules)
                        for fact in wish():
                            done.append(self._decided(fact))  # noqa: PERF401 what is appended stays, whatever comes
                        return tuple(done)
                except ConcurrencyError:
                    self.catch_up()
                    self._pause(attempt)
            raise StoreError(f"gave up after {ATTEMPTS} lost races: others write to these groups without a pause")

    @contextmanager
    def _patience(self, attempt: int) -> Iterator[None]:
        """Who keeps losing waits for a turn, where the store gives any, and decides on what stands then."""
        if attempt < LOSSES:
            yield
            return
        with self._store.turn():
            self.catch_up()
            yield

    @staticmethod
    def _pause(attempt: int) -> None:
        if attempt > 2:
            time.sleep(min(attempt, 20) * os.urandom(1)[0] / 255 / 1000)  # up to 20 ms, apart from the others

    def _decided(self, fact: Fact) -> Verdict:
        verdicts = answer(fact, self._state, self.rules)
        try:
            self._append([fact, *verdicts], {fact.stream, ORG}, judged=self.rules.digest)
        except DuplicateEvent:
            self.catch_up()
            return self._repeated(fact)
        return Verdict(fact, tuple(verdicts))

    def _append(self, events: Sequence[Event], streams: Iterable[str], judged: str | None) -> None:
        now, seen = self._clock(), self._versions.get(ORG, 0)
        drafts = [
            encode(event, recorded_at=now, judged=judged, org_seen=seen, salt=self._salt())
            if isinstance(event, Fact)
            else encode(event, recorded_at=now, salt="")  # a verdict has nothing private
            for event in events
        ]
        rows = self._store.append(drafts, {stream: self._versions.get(stream, 0) for stream in streams})
        if rows[0].position != self._position + 1:
            self.catch_up()  # others wrote to other groups in between
            return
        for event, row in zip(events, rows, strict=True):
            self._fold(event, row)
        if isinstance(events[0], facts.RulebookAdopted):
            self._follow_rulebook()

    def _repeated(self, fact: Fact) -> Verdict:
        """What was said when *fact* was taken in first. Other content under the same id is put on record."""
        rows = self._store.about(fact.id)
        if not rows or rows[0].id != fact.id:
            raise InputError(f"{fact.type} {fact.id}: the log names other events like the verdicts about it")
        first, *verdicts = [decode(row) for row in rows]
        self._note_conflict(fact, first)
        said = tuple(item.event for item in verdicts if isinstance(item.event, VerdictEvent))
        assert isinstance(first.event, Fact)
        return Verdict(first.event, said, repeated=True)

    def _note_conflict(self, fact: Fact, first: Recorded) -> None:
        differing = conflicting_fields(fact, first)
        if not differing:
            return
        conflict = new_fact(facts.ImportConflict, at=fact.at, group=fact.group, fact=fact.id, fields=differing)
        with suppress(DuplicateEvent):  # it is on record already
            self._append([conflict], (fact.stream, ORG), judged=None)

    def close(self) -> None:
        """Close the log."""
        self._store.close()

    def __enter__(self) -> Moderator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def adoption(rules: Rulebook, at: int) -> facts.RulebookAdopted:
    """The fact that *rules* are in force from *at* on."""
    return new_fact(
        facts.RulebookAdopted,
        at=at,
        group=None,
        name=rules.name,
        digest=rules.digest,
        reader=rules.reader_digest,
        horizon=rules.horizon,
        rulebook=rules.to_mapping(),
    )


def check_recordable(fact: Fact) -> None:
    """Raise InputError for a fact that nobody can have observed."""
    if isinstance(fact, facts.RulebookAdopted):
        raise InputError("a rulebook is adopted by opening the log with it")
    if fact.group is None and not fact.wide:
        raise InputError(f"{fact.type} happens in a group; name it")
    if "/" in fact.id:
        raise InputError(f"{fact.id!r} is no id of a fact: the ids of verdicts have slashes")


def conflicting_fields(fact: Fact, first: Recorded) -> tuple[str, ...]:
    """The names of the data fields in which *fact* differs from what is on record, sorted; erased ones never do."""
    given, held = data_of(fact), data_of(first.event)
    skipped = set(fact.private) if first.erased else set()
    names = (given.keys() | held.keys()) - skipped
    return tuple(sorted(name for name in names if given.get(name) != held.get(name)))


def _now() -> int:
    return time.time_ns() // 1000


def _random_salt() -> str:
    return os.urandom(16).hex()
