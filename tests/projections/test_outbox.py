"""The outbox: each action at least once and in order, acknowledged once, and never sent again."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from engine.town import ADS, RULES, SCAM, WIDER, Town, whole_life
from groupcore.actions import actions_for
from groupcore.clock import DAY, HOUR, MINUTE, SECOND
from groupcore.errors import InputError, StoreError
from groupcore.events import Event, MemberUnmuted, Row, SanctionVoided, decode, encode
from groupcore.outbox import Backoff, Entry, Outbox
from groupcore.projections import Database
from groupcore.replay.into import replay_into
from groupcore.replay.run import Run
from groupcore.rulebook import Rulebook
from groupcore.stores import MemoryStore, Store
from groupcore.testing import START, advanced, blocked, lifted, ordered, posted, unblocked
from groupcore.testing.store_drafts import drafts

NOW = START + MINUTE


def log_of(*events: Event) -> MemoryStore:
    log = MemoryStore()
    append(log, *events)
    return log


def append(log: Store, *events: Event) -> None:
    log.append([encode(event, recorded_at=START, salt="ab") for event in events])


def filled(*events: Event, **options: Any) -> Outbox:
    """An outbox in memory that has taken in what *events* ask for."""
    box = Outbox("memory:", **options)
    log = log_of(*events)
    box.begin(log, after=0)
    box.take(log.read(), NOW)
    return box


def drained(box: Outbox, now: int = NOW) -> list[str]:
    """Carry out all that is due; what was done."""
    done: list[str] = []
    box.deliver(lambda entry: done.append(entry.action.do), worker="w", clock=lambda: now)
    return done


def states(box: Outbox) -> dict[str, str]:
    return {f"{entry.action.do} {entry.action.member}": entry.state for entry in box.entries()}


def only(box: Outbox) -> Entry:
    (entry,) = box.entries()
    return entry


# --- handing out --------------------------------------------------------------------------------------------------


def test_all_that_a_log_asks_for_is_handed_out_in_order_and_once() -> None:
    log = MemoryStore()
    town = whole_life(log)
    events = [decode(row).event for row in log.read()]
    with Outbox("memory:", stale=None) as box:
        box.begin(log, after=0)
        taken: list[Entry] = []
        for row in log.read():
            box.take([row], town.now)
            box.deliver(taken.append, worker="w", clock=lambda: town.now)
        assert [entry.action for entry in taken] == list(actions_for(events))
        assert len({entry.id for entry in taken}) == len(taken)
        assert box.counts() == {"done": len(taken)}
        assert box.claim("w", town.now) == ()


def test_an_entry_has_the_key_of_its_action_and_the_deed_where_an_event_asks_for_two() -> None:
    muted, pardon = ordered("amy", "mute"), lifted("bo", "all", at=1)
    with filled(muted, pardon) as box:
        deeds = ("unmute", "unrestrict", "unblock")
        assert [entry.id for entry in box.entries()] == [muted.id, *(f"{pardon.id}/{deed}" for deed in deeds)]
        entry = box.entry(muted.id)
        assert entry is not None
        assert (entry.action.key, entry.position, entry.at, entry.attempts) == (muted.id, 1, muted.at, 0)
        assert box.entry("none") is None


def test_one_worker_has_an_entry_until_its_lease_is_over() -> None:
    with filled(ordered("amy", "warn")) as box:
        (first,) = box.claim("one", NOW, lease=SECOND)
        assert box.claim("two", NOW + SECOND - 1) == ()
        (second,) = box.claim("two", NOW + SECOND)
        assert (second.id, second.attempts, second.error) == (first.id, 2, "the lease of one ran out")
        assert box.acknowledge(first, NOW + SECOND) is False
        assert box.fail(first, "too late", NOW + SECOND) is None
        assert box.acknowledge(second, NOW + SECOND) is True
        assert box.acknowledge(second, NOW + SECOND) is False
        assert only(box).state == "done"


def test_a_worker_that_is_late_may_acknowledge_while_nobody_else_came() -> None:
    with filled(ordered("amy", "warn")) as box:
        (entry,) = box.claim("one", NOW, lease=SECOND)
        assert box.acknowledge(entry, NOW + DAY) is True


def test_a_member_is_served_in_order_and_others_meanwhile() -> None:
    mute, unmute, other = ordered("amy", "mute"), unblocked("amy", at=1), ordered("bo", "mute", at=2)
    with filled(mute, unmute, other) as box:
        first = box.claim("w", NOW, limit=9)
        assert [entry.action.key for entry in first] == [mute.id, other.id]
        assert box.claim("w", NOW, limit=9) == ()
        assert box.fail(first[0], "no answer", NOW) == "waiting"
        assert box.claim("w", NOW, limit=9) == ()
        (again,) = box.claim("w", NOW + SECOND, limit=9)
        assert again.action.key == mute.id
        box.acknowledge(again, NOW)
        assert [entry.action.key for entry in box.claim("w", NOW + SECOND, limit=9)] == [unmute.id]


def test_a_failure_is_tried_again_after_twice_as_long_each_time_and_given_up_visibly() -> None:
    with filled(ordered("amy", "kick"), backoff=Backoff(first=SECOND, longest=5 * SECOND, attempts=5)) as box:
        now, waits = NOW, []
        for attempt in range(1, 6):
            (entry,) = box.claim("w", now)
            assert entry.attempts == attempt
            fate = box.fail(entry, f"error {attempt}", now)
            assert box.claim("w", only(box).due - 1) == () or fate == "gave-up"
            waits.append((only(box).due - now) // SECOND)
            now = only(box).due
        assert waits[:4] == [1, 2, 4, 5]
        gone = only(box)
        assert (gone.state, gone.error, gone.attempts) == ("gave-up", "error 5", 5)
        assert box.claim("w", now + DAY) == ()
        assert box.counts() == {"gave-up": 1}
        box.requeue(gone.id, now)
        assert drained(box, now) == ["kick"]


def test_jitter_comes_from_outside_and_shortens_the_wait_by_a_half_at_most() -> None:
    backoff = Backoff()
    for attempts in range(1, 40):
        whole = backoff.wait(attempts)
        assert backoff.wait(attempts, 1.0) == whole // 2
        assert whole // 2 <= backoff.wait(attempts, 0.3) <= whole
    assert backoff.wait(10**9) == backoff.longest


def test_workers_that_die_each_time_make_it_be_given_up_too() -> None:
    with filled(ordered("amy", "kick"), backoff=Backoff(attempts=3)) as box:
        for turn in range(3):
            assert len(box.claim("w", NOW + turn * HOUR, lease=MINUTE)) == 1
        assert box.claim("w", NOW + 3 * HOUR) == ()
        assert (only(box).state, only(box).error) == ("gave-up", "the lease of w ran out")


def test_an_exception_of_the_platform_is_a_failure_with_its_words() -> None:
    with filled(ordered("amy", "kick")) as box:

        def refuse(_: Entry) -> None:
            raise OSError("the platform is down")

        assert box.deliver(refuse, worker="w", clock=lambda: NOW, chance=lambda: 1.0) == 1
        entry = only(box)
        assert (entry.state, entry.error, entry.due - NOW) == ("waiting", "OSError: the platform is down", SECOND // 2)


# --- what was undone ----------------------------------------------------------------------------------------------


def test_a_mute_that_was_voided_by_appeal_before_it_was_sent_is_skipped_with_what_came_with_it() -> None:
    town = Town()
    with Outbox("memory:") as box:
        box.begin(town.store)
        kicked = town.say("amy", SCAM).sanction
        assert kicked is not None
        town.moderator.appeal("g1", "amy", kicked.id)
        box.catch_up(town.store, town.now)
        assert [entry.state for entry in box.entries()] == ["waiting"] * 4
        decided = town.moderator.decide_appeal("g1", kicked.id, "overturned", by="zoe")
        box.catch_up(town.store, town.now)
        voided = next(event for event in decided.verdicts if isinstance(event, SanctionVoided))
        assert states(box) == {
            "kick amy": "skipped",
            "delete-message None": "skipped",
            "block amy": "skipped",
            "say amy": "skipped",
            "unblock amy": "waiting",
        }
        assert box.entries()[0].error == f"undone by {voided.id}"
        with pytest.raises(InputError, match="was undone by"):
            box.requeue(kicked.id, town.now)
        assert drained(box, town.now) == ["unblock"]


def test_what_is_being_carried_out_while_it_is_undone_is_not_tried_again() -> None:
    mute = ordered("amy", "mute")
    log = log_of(mute)
    with Outbox("memory:") as box:
        box.begin(log, after=0)
        box.take(log.read(), NOW)
        (held,) = box.claim("w", NOW)
        append(log, lifted("amy", "mute", at=1))
        box.catch_up(log, NOW)
        assert states(box) == {"mute amy": "leased", "unmute amy": "waiting"}
        assert box.claim("v", NOW) == ()
        assert box.fail(held, "no answer", NOW) == "skipped"
        assert drained(box) == ["unmute"]
        assert box.entries("skipped")[0].error.endswith("; no answer")  # type: ignore[union-attr]


@pytest.mark.parametrize("attempts", [1, 9])
def test_what_was_undone_while_a_worker_had_it_is_skipped_when_the_lease_runs_out(attempts: int) -> None:
    """The worker may be dead, and its last attempt the last of all: undone is undone, and what comes behind may go."""
    pardon = lifted("amy", "mute", at=1)
    log = log_of(ordered("amy", "mute"))
    with Outbox("memory:", backoff=Backoff(attempts=attempts)) as box:
        box.begin(log, after=0)
        box.take(log.read(), NOW)
        (held,) = box.claim("w", NOW, lease=MINUTE)
        append(log, pardon)
        box.catch_up(log, NOW)
        assert box.claim("v", NOW + MINUTE - 1) == ()
        assert states(box) == {"mute amy": "leased", "unmute amy": "waiting"}
        (unmute,) = box.claim("v", NOW + MINUTE)
        assert unmute.action.do == "unmute"
        (gone,) = box.entries("skipped")
        assert (gone.id, gone.error) == (held.id, f"undone by {pardon.id}; the lease of w ran out")
        assert (gone.attempts, gone.settled_at) == (1, NOW + MINUTE)
        assert box.acknowledge(held, NOW + MINUTE) is False
        assert box.fail(held, "too late", NOW + MINUTE) is None
        with pytest.raises(InputError, match="was undone by"):
            box.requeue(gone.id, NOW)
        assert box.acknowledge(unmute, NOW + MINUTE)
        assert box.counts() == {"done": 1, "skipped": 1}


@pytest.mark.parametrize(
    ("event", "undoing", "left"),
    [
        (ordered("amy", "mute"), lifted("amy", "mute", at=1), ["unmute"]),
        (ordered("amy", "mute"), lifted("amy", "warn", at=1), ["mute"]),
        (ordered("amy", "mute"), lifted("bo", "mute", at=1), ["mute", "unmute"]),
        (ordered("amy", "mute"), lifted("amy", "mute", at=1, group="g2"), ["mute", "unmute"]),
        (ordered("amy", "kick"), lifted("amy", "kick", at=1), []),
        (ordered("amy", "warn"), lifted("amy", "all", at=1), ["unmute", "unrestrict", "unblock"]),
        (blocked("amy"), lifted("amy", "block", at=1), ["unblock"]),
        (blocked("amy"), unblocked("amy", at=1), ["unblock"]),
        (blocked("amy", group=None), unblocked("amy", group=None, at=1), ["unblock"]),
        (blocked("amy", group=None), unblocked("amy", at=1), ["block", "unblock"]),
        (blocked("amy"), unblocked("amy", group=None, at=1), ["block", "unblock"]),
        (ordered("amy", "mute", until=5), unmuted := MemberUnmuted(
            at=START + 9, group="g1", cause=advanced(9).id, member="amy", until=START + 5), ["unmute"]),
        (ordered("amy", "mute", until=6), unmuted, ["mute", "unmute"]),
        (ordered("amy", "mute"), unmuted, ["mute", "unmute"]),
    ],
)  # fmt: skip
def test_what_undoes_what(event: Event, undoing: Event, left: list[str]) -> None:
    with filled(event, undoing) as box:
        assert drained(box) == left
        assert sum(box.counts().values()) == len(actions_for([event, undoing]))


def test_what_was_carried_out_is_not_undone_by_forgetting_it() -> None:
    log = log_of(ordered("amy", "mute"))
    with Outbox("memory:") as box:
        box.begin(log, after=0)
        box.take(log.read(), NOW)
        assert drained(box) == ["mute"]
        append(log, lifted("amy", "mute", at=1))
        box.catch_up(log, NOW)
        assert drained(box) == ["unmute"]
        assert box.counts() == {"done": 2}


def test_the_statement_about_a_kick_that_was_pardoned_in_time_is_skipped_with_it() -> None:
    town = Town()
    with Outbox("memory:") as box:
        box.begin(town.store)
        town.say("amy", SCAM)
        town.moderator.lift("g1", "amy", by="lin")
        box.catch_up(town.store, town.now)
        assert states(box)["say amy"] == "skipped"
        assert drained(box, town.now) == ["delete-message", "unmute", "unrestrict", "unblock"]


# --- never again --------------------------------------------------------------------------------------------------


def test_on_an_old_log_it_begins_at_the_end_unless_it_is_told_otherwise() -> None:
    log = log_of(ordered("amy", "mute"), ordered("bo", "mute"))
    with Outbox("memory:") as now, Outbox("memory:") as then:
        assert now.begin(log) == 2
        assert then.begin(log, after=1) == 1
        append(log, ordered("cy", "mute"))
        now.catch_up(log, NOW)
        then.catch_up(log, NOW)
        assert [entry.action.member for entry in now.entries()] == ["cy"]
        assert [entry.action.member for entry in then.entries()] == ["bo", "cy"]
        assert then.begin(log, after=0) == 3
        with pytest.raises(InputError, match="the log ends at 3"):
            Outbox("memory:").begin(log, after=4)


def test_taking_in_again_enters_nothing_again() -> None:
    log = log_of(*(ordered(f"m{n}", "mute") for n in range(5)))
    with Outbox("memory:") as box:
        box.begin(log, after=0)
        for _ in range(3):
            box.take(log.read(), NOW)
            box.catch_up(log, NOW)
            assert len(box.entries()) == 5
        assert drained(box) == ["mute"] * 5
        box.take(log.read(), NOW)
        assert drained(box) == []


@pytest.fixture
def sent() -> Iterator[tuple[Town, Outbox]]:
    """A town whose log has been acted upon."""
    town = Town()
    town.say("amy", ADS)
    with Outbox("memory:") as box:
        box.begin(town.store, after=0)
        box.catch_up(town.store, town.now)
        assert drained(box, town.now) == ["warn", "delete-message"]
        yield town, box


def replayed(town: Town, rules: Rulebook) -> MemoryStore:
    anew = MemoryStore()
    for _ in replay_into(anew, Run(rules), town.rows()):
        pass
    return anew


def test_a_replay_under_the_same_rules_is_the_same_log_and_sends_nothing_again(sent: tuple[Town, Outbox]) -> None:
    town, box = sent
    anew = replayed(town, RULES)
    assert box.begin(anew) == anew.position
    assert box.catch_up(anew, town.now) == 0
    box.move(anew, after=0)
    box.catch_up(anew, town.now)
    assert drained(box, town.now) == []
    assert len(box.entries()) == 2


def test_a_replay_under_other_rules_is_another_log_and_is_refused(sent: tuple[Town, Outbox]) -> None:
    town, box = sent
    anew = replayed(town, WIDER)
    with pytest.raises(StoreError, match=r"stands at event \d+ of another log; nothing was taken in"):
        box.catch_up(anew, town.now)
    assert box.move(anew) == anew.position
    assert box.catch_up(anew, town.now) == 0
    assert drained(box, town.now) == []


def test_a_log_that_was_cut_back_is_another_log(sent: tuple[Town, Outbox]) -> None:
    town, box = sent
    shorter = MemoryStore()
    shorter.append([row._replace(position=0, version=0, digest="") for row in town.rows()[:-1]])
    with pytest.raises(StoreError, match="another log"):
        box.begin(shorter)


def test_a_log_is_told_from_another_by_its_first_event_and_by_the_last_one_taken_in() -> None:
    """Events of different groups are not chained: logs may differ in one of the two and agree in the other."""
    first, middle, last = posted("amy"), ordered("amy", "mute", group="g2"), ordered("bo", "mute", group="g3")
    with Outbox("memory:") as box:
        box.begin(log := log_of(first, middle, last), after=0)
        box.catch_up(log, NOW)
        for same in (log_of(first, middle, last), log_of(first, middle, last, ordered("cy", "mute", group="g4"))):
            assert box.begin(same) == 3
        others = (
            log_of(posted("cy"), middle, last),
            log_of(first, middle, ordered("cy", "mute", group="g3")),
            log_of(first, middle),
            log_of(),
        )
        for other in others:
            with pytest.raises(StoreError, match="stands at event 3 of another log; nothing was taken in"):
                box.begin(other)
            with pytest.raises(StoreError, match="another log"):
                box.catch_up(other, NOW)
            assert (len(box.entries()), box.position) == (2, 3)


def test_what_happened_long_ago_is_skipped_visibly_and_can_be_queued() -> None:
    log = log_of(ordered("amy", "mute"), ordered("amy", "mute", at="3d"))
    with Outbox("memory:") as box:
        box.begin(log, after=0)
        box.take(log.read(), START + 3 * DAY)
        assert [(entry.state, entry.error) for entry in box.entries()] == [
            ("skipped", "it happened 3d before it was taken in"),
            ("waiting", None),
        ]
        old, new = box.entries()
        assert drained(box, START + 3 * DAY) == ["mute"]
        with pytest.raises(InputError, match=f"would come after {new.id}"):
            box.requeue(old.id, NOW)
        box.requeue(old.id, NOW, force=True)
        assert drained(box, START + 3 * DAY) == ["mute"]


def test_nothing_is_taken_in_before_it_began_or_past_a_gap() -> None:
    log = log_of(*(ordered(f"m{n}", "mute") for n in range(5)))
    with Outbox("memory:") as box:
        with pytest.raises(StoreError, match="follows no log yet"):
            box.take(log.read(), NOW)
        assert box.position == 0
        box.begin(log, after=0)
        with pytest.raises(StoreError, match="stands at event 0, and was given event 3 next"):
            box.take(log.read(2), NOW)
        assert box.entries() == ()


def test_half_a_batch_is_never_taken_in() -> None:
    log = log_of(*(ordered(f"m{n}", "mute") for n in range(3)))
    log._rows[2] = log._rows[2]._replace(data=b"{")
    with Outbox("memory:") as box:
        box.begin(log, after=0)
        with pytest.raises(StoreError, match="event 3: "):
            box.catch_up(log, NOW)
        assert (box.entries(), box.position) == ((), 0)


def test_events_of_a_newer_version_are_counted() -> None:
    log = log_of(posted("amy"))
    log.append([drafts(1)[0]._replace(schema=9)])
    with Outbox("memory:") as box:
        box.begin(log, after=0)
        box.catch_up(log, NOW)
        assert box.unknown == 1


# --- people -------------------------------------------------------------------------------------------------------


def test_people_may_skip_and_only_what_was_not_carried_out() -> None:
    with filled(ordered("amy", "mute"), ordered("bo", "mute")) as box:
        amy, bo = box.entries()
        box.skip(amy.id, "amy is my sister", NOW)
        assert drained(box) == ["mute"]
        assert [entry.error for entry in box.entries("skipped")] == ["amy is my sister"]
        for id, what in ((amy.id, "is skipped"), (bo.id, "is done"), ("none", "there is no entry none")):
            with pytest.raises(InputError, match=what):
                box.skip(id, "", NOW)
        with pytest.raises(InputError, match="is done; only what was given up or skipped"):
            box.requeue(bo.id, NOW)


def test_entries_are_listed_by_state_and_member_a_page_at_a_time() -> None:
    with filled(*(ordered(f"m{n % 3}", "warn", at=n) for n in range(9))) as box:
        assert [entry.number for entry in box.entries(member="m1")] == [2, 5, 8]
        assert [entry.number for entry in box.entries("waiting", after=4, limit=2)] == [5, 6]
        assert box.entries("gave-up") == ()


def test_what_is_settled_can_be_tidied_away() -> None:
    with filled(ordered("amy", "mute"), ordered("bo", "mute")) as box:
        box.skip(box.entries()[0].id, "no", NOW)
        drained(box, NOW + HOUR)
        assert box.tidy(NOW + 1) == 1
        assert [entry.action.member for entry in box.entries()] == ["bo"]


def test_it_lasts_in_its_file_and_is_no_other(tmp_path: Path) -> None:
    log = log_of(ordered("amy", "mute"))
    with Outbox(tmp_path / "box.db") as box:
        box.begin(log, after=0)
        box.take(log.read(), NOW)
        box.claim("w", NOW, lease=SECOND)
    with Outbox(tmp_path / "box.db") as box:
        assert box.begin(log) == 1
        assert drained(box) == []
        assert drained(box, NOW + SECOND) == ["mute"]
    with Outbox(tmp_path / "box.db", read_only=True) as box:
        assert box.counts() == {"done": 1}
    with pytest.raises(StoreError, match=r"box\.db is no database of projections"):
        Database(tmp_path / "box.db")
    Database(tmp_path / "views.db").close()
    with pytest.raises(StoreError, match=r"views\.db is no outbox"):
        Outbox(tmp_path / "views.db")


# --- laws ---------------------------------------------------------------------------------------------------------


class OutboxMachine(RuleBasedStateMachine):
    """Workers that succeed, fail, forget and come too late, over a log that grows and takes things back."""

    MEMBERS = ("amy", "bo")
    PATIENT = Backoff(first=SECOND, longest=4 * SECOND, attempts=3)

    @initialize()
    def open(self) -> None:
        self.now, self.log, self.count = NOW, MemoryStore(), 0
        self.box = Outbox("memory:", backoff=self.PATIENT)
        self.box.begin(self.log, after=0)
        self.held: list[Entry] = []
        self.handed, self.acknowledged = Counter[str](), Counter[str]()
        self.order: dict[str, list[int]] = {}

    @rule(member=st.sampled_from(MEMBERS), kind=st.sampled_from(["mute", "kick", "warn", "lift", "block", "unblock"]))
    def happen(self, member: str, kind: Any) -> None:
        at = self.now - START
        made = {"lift": lifted, "block": blocked, "unblock": unblocked}.get(kind)
        event: Event = made(member, at=at) if made else ordered(member, kind, at=at)
        if not self.log.known([event.id]):
            append(self.log, event)

    @rule()
    def take(self) -> None:
        self.box.catch_up(self.log, self.now, batch=3)

    @rule()
    def take_again(self) -> None:
        self.box.take(self.log.read(), self.now)

    @rule(limit=st.integers(1, 3))
    def claim(self, limit: int) -> None:
        for entry in self.box.claim("w", self.now, limit=limit, lease=5 * SECOND):
            assert all(other.lane != entry.lane or other.lease_until <= self.now for other in self.held)  # type: ignore[operator]
            self.handed[entry.id] += 1
            self.held.append(entry)
            self.order.setdefault(entry.lane, []).append(entry.number)

    @rule(pick=st.integers(0, 5), well=st.booleans())
    def settle(self, pick: int, well: bool) -> None:
        if not self.held:
            return
        entry = self.held.pop(pick % len(self.held))
        if well:
            self.acknowledged[entry.id] += self.box.acknowledge(entry, self.now)
        else:
            self.box.fail(entry, "no", self.now)

    @rule(seconds=st.integers(0, 6))
    def wait(self, seconds: int) -> None:
        self.now += seconds * SECOND + 1

    @invariant()
    def nothing_is_lost_or_done_twice(self) -> None:
        entries = self.box.entries(limit=10_000)
        taken = [decode(row).event for row in self.log.read() if row.position <= self.box.position]
        assert [entry.action for entry in entries] == list(actions_for(taken))
        for entry in entries:
            assert self.acknowledged[entry.id] == (entry.state == "done")
            assert entry.attempts == self.handed[entry.id] <= self.PATIENT.attempts
            assert (entry.token is not None) == (entry.state == "leased")
            assert (entry.error is not None) or entry.state not in ("gave-up", "skipped")
        for numbers in self.order.values():
            assert numbers == sorted(numbers), "a lane never goes back"

    def teardown(self) -> None:
        """In the end, with workers that work, all is settled."""
        if not hasattr(self, "box"):
            return
        self.box.catch_up(self.log, self.now)
        for _ in range(5):
            self.now += HOUR
            self.box.deliver(lambda entry: None, worker="v", clock=lambda: self.now)
        assert set(self.box.counts()) <= {"done", "skipped", "gave-up"}
        self.box.close()


def test_whatever_workers_do_each_action_is_handed_out_in_order_and_settled_once() -> None:
    run_state_machine_as_test(OutboxMachine, settings=settings(max_examples=40, stateful_step_count=40))


@settings(max_examples=30)
@given(st.data())
def test_any_cut_between_taking_in_and_delivering_sends_the_same(data: st.DataObject) -> None:
    log = MemoryStore()
    town = whole_life(log)
    rows: list[Row] = list(log.read())
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=5)))
    with Outbox("memory:", stale=None) as box:
        box.begin(log, after=0)
        for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
            box.take(rows[start:end], town.now)
            sent = box.deliver(lambda entry: None, worker="w", clock=lambda: town.now)
            assert sent <= end - start + 5
        counts = box.counts()
        assert counts.keys() <= {"done", "skipped"}
        assert sum(counts.values()) == len(actions_for([decode(row).event for row in rows]))


def test_an_outbox_of_the_first_format_is_brought_up_and_keeps_what_waits(tmp_path: Path) -> None:
    path, muted = tmp_path / "box.db", ordered("amy", "mute")
    with Outbox(path) as box:
        log = log_of(muted)
        box.begin(log, after=0)
        box.take(log.read(), NOW)
    with sqlite3.connect(path) as db:  # as the first version laid it out
        for name in ("owner", "restrictions", "slow"):
            db.execute(f"ALTER TABLE entries DROP COLUMN {name}")
        db.execute("PRAGMA user_version = 1")
    db.close()
    with pytest.raises(StoreError, match="open it once for writing"):
        Outbox(path, read_only=True)
    with Outbox(path) as box:
        assert only(box).action == actions_for([muted])[0]
        assert drained(box) == ["mute"]
