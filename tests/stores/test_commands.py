"""Commands that come twice, on every store: the first answer again, or an error; never a second effect."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Barrier, Thread

import attrs
import pytest

from engine.town import ADS, RULES
from groupcore.clock import DAY, HOUR
from groupcore.commands import AdvanceTime, Command, FileAppeal, FileReport, LiftSanction, OrderSanction
from groupcore.engine import AHEAD, Moderator
from groupcore.errors import CommandConflict, DecisionRefused, InputError
from groupcore.events import MessagePosted, Row, event_types, new_fact
from groupcore.messages import Message
from groupcore.replay import verify
from groupcore.stores import ANYTHING, MemoryStore, Store, open_store
from groupcore.testing import START
from groupcore.testing.store_contract import check_log
from groupcore.verdict import Verdict

Opening = Callable[[], Store]


@pytest.fixture(params=["memory", "log.db", "log.jsonl", "postgres"])
def opening(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opening]:
    """Opens the log of the test: again and again, but for memory, where it stays the same."""
    match request.param:
        case "memory":
            store = MemoryStore()
            store.close = lambda: None  # type: ignore[method-assign]
            yield lambda: store
        case "postgres":
            pytest.importorskip("psycopg")
            url = request.getfixturevalue("server").new_log()
            yield lambda: open_store(url)
        case name:
            yield lambda: open_store(f"{tmp_path / name}?fsync=relaxed")


def moderator(store: Store, now: int = START + HOUR) -> Moderator:
    return Moderator(store, RULES, clock=lambda: now)


def settled(store: Store, now: int = START + HOUR) -> Moderator:
    """A group that lin owns, with a member who has a warning."""
    made = moderator(store, now)
    made.open_group("g1", at=START, owner="lin")
    made.observe(Message(group="g1", author="amy", id="m1", at=START + 1, text=ADS))
    return made


def mute(**other: object) -> OrderSanction:
    given = {"group": "g1", "member": "amy", "sanction": "mute", "by": "lin", "reason": "rude", "id": "request 7"}
    return OrderSanction(**{"at": START + HOUR, **given, **other})  # type: ignore[arg-type]


def checked(store: Store, orders: int = 1) -> None:
    rows = list(store.read())
    assert sum(row.type == "sanction-ordered" for row in rows) == orders
    assert verify(rows).clean
    check_log(store)


def test_the_same_command_is_carried_out_once_and_answered_as_the_first_time(opening: Opening) -> None:
    with opening() as store:
        one = settled(store)
        [first] = one.execute(mute())
        assert (first.repeated, first.fact.type) == (False, "sanction-ordered")
        one.lift("g1", "amy", "mute", by="lin", at=START + 2 * HOUR)
        position = store.position
        for later in (START + HOUR, START + 2 * HOUR, START + 9 * DAY):
            [again] = one.execute(mute(at=later))
            assert again == attrs.evolve(first, repeated=True)
            assert again.actions == first.actions
        assert store.position == position
    with opening() as store:
        [again] = moderator(store, START + 3 * DAY).execute(mute(at=START + 3 * DAY))
        assert again == attrs.evolve(first, repeated=True)
        assert store.position == position
        checked(store)


def test_what_the_state_would_refuse_by_now_is_answered_as_the_first_time(opening: Opening) -> None:
    with opening() as store:
        one = settled(store)
        sanction = next(row.id for row in store.read() if row.type == "member-warned")
        wishes: list[Command] = [
            FileAppeal(at=START + HOUR, group="g1", member="amy", sanction=sanction, id="appeal"),
            LiftSanction(at=START + HOUR, group="g1", member="amy", sanction="warn", by="lin", id="lift"),
        ]
        for wish in wishes:
            [first] = one.execute(wish)
            assert one.execute(wish) == (attrs.evolve(first, repeated=True),)
            with pytest.raises(DecisionRefused) as caught:
                one.execute(attrs.evolve(wish, id="another"))
            assert not isinstance(caught.value, CommandConflict)
        check_log(store)


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        ({"member": "bo"}, ["member"]),
        ({"group": "g2"}, ["group"]),
        ({"reason": "", "by": "kim"}, ["by", "reason"]),
        ({"until": START + DAY}, ["until"]),
        ({"sanction": "kick"}, ["sanction"]),
    ],
)
def test_another_wish_under_the_same_id_is_an_error(
    opening: Opening, other: Mapping[str, object], fields: list[str]
) -> None:
    with opening() as store:
        one = settled(store)
        one.execute(mute())
        position = store.position
        with pytest.raises(CommandConflict, match="'request 7' was carried out before with another") as caught:
            one.execute(mute(**other))
        assert (caught.value.id, list(caught.value.fields)) == ("request 7", fields)
        assert store.position == position
        checked(store)


def test_another_kind_of_wish_under_the_same_id_is_an_error(opening: Opening) -> None:
    with opening() as store:
        one = settled(store)
        one.mute("g1", "amy", by="lin", id="x")
        with pytest.raises(CommandConflict, match="another kind of wish"):
            one.lift("g1", "amy", "mute", by="lin", id="x")
        with pytest.raises(CommandConflict, match="another kind of wish"):
            one.block("g1", "amy", by="lin", id="x")
        checked(store)


def test_without_an_id_each_is_a_wish_of_its_own(opening: Opening) -> None:
    with opening() as store:
        one = settled(store)
        for number in range(3):
            assert not one.warn("g1", "amy", by="lin", at=START + HOUR + number).repeated
        checked(store, orders=3)


def test_a_wish_from_a_clock_that_is_ahead_is_clamped_once(opening: Opening) -> None:
    with opening() as store:
        one = settled(store)
        ahead = START + HOUR + AHEAD + DAY
        [first] = one.execute(mute(at=ahead))
        assert (first.fact.at, first.fact.claimed_at) == (START + HOUR, ahead)
        assert one.execute(mute(at=ahead)) == (attrs.evolve(first, repeated=True),)
        checked(store)


def test_what_leads_to_several_facts_takes_no_id(opening: Opening) -> None:
    with opening() as store, pytest.raises(InputError, match="AdvanceTime takes no id"):
        settled(store).execute(AdvanceTime(at=START + DAY, id="x"))


class Crash(BaseException):
    """The process is gone."""


def test_a_crash_between_the_append_and_the_answer_makes_nothing_come_twice(opening: Opening) -> None:
    store = opening()
    one, really = settled(store), store.append

    def lands(drafts: Sequence[Row], expect: Mapping[str, int] = ANYTHING) -> list[Row]:
        really(drafts, expect)
        raise Crash

    store.append = lands  # type: ignore[method-assign]
    with pytest.raises(Crash):
        one.execute(mute())
    store.append = really  # type: ignore[method-assign]
    store.close()
    with opening() as store:
        position = store.position
        [answered] = moderator(store).execute(mute(at=START + 2 * HOUR))
        assert (answered.repeated, answered.fact.at) == (True, START + HOUR)
        assert store.position == position
        checked(store)


def test_a_crash_before_the_append_leaves_the_command_to_be_carried_out(opening: Opening) -> None:
    store = opening()
    one, really = settled(store), store.append

    def never_lands(drafts: Sequence[Row], expect: Mapping[str, int] = ANYTHING) -> list[Row]:
        raise Crash

    store.append = never_lands  # type: ignore[method-assign]
    with pytest.raises(Crash):
        one.execute(mute())
    store.append = really  # type: ignore[method-assign]
    store.close()
    with opening() as store:
        assert not moderator(store).execute(mute())[0].repeated
        checked(store)


def test_of_many_that_carry_out_the_same_command_one_does_and_all_get_its_answer(
    opening: Opening, request: pytest.FixtureRequest
) -> None:
    one_writer = "jsonl" in request.node.name
    shared = opening()
    settled(shared)
    stores = [shared if one_writer else opening() for _ in range(5)]
    barrier, answers, wrong = Barrier(5), list[Verdict](), list[BaseException]()

    def carry_out(number: int, store: Store) -> None:
        try:
            mine = moderator(store)
            barrier.wait()
            for round in range(6):
                answers.extend(mine.execute(mute(at=START + HOUR + number, id=f"round {round}")))
        except BaseException as error:
            wrong.append(error)

    threads = [Thread(target=carry_out, args=(number, store)) for number, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    checked(shared, orders=6)
    assert sum(not answer.repeated for answer in answers) == 6
    assert len({answer.fact.id for answer in answers}) == len({answer.events for answer in answers}) == 6
    for store in stores:
        store.close()
    shared.close()


def test_another_text_under_the_id_of_a_fact_is_a_conflict_on_record_and_no_error(opening: Opening) -> None:
    """Facts are observed: who imports an archive again is not stopped by what changed in it."""
    with opening() as store:
        one = settled(store)
        fact = new_fact(MessagePosted, at=START + 2, group="g1", message="m2", author="bo", text="hello")
        fact = attrs.evolve(fact, id="given")
        assert not one.record(fact).repeated
        for _ in range(2):
            again = one.record(attrs.evolve(fact, text="something else"))
            assert (again.repeated, again.fact) == (True, fact)
        conflicts = [row for row in store.read() if row.type == "import-conflict"]
        assert len(conflicts) == 1
        assert verify(store.read()).clean


def every_command(root: type[Command] = Command) -> Iterator[type[Command]]:
    yield root
    for kind in root.__subclasses__():
        yield from every_command(kind)


@pytest.mark.parametrize("kind", [kind for kind in every_command() if kind.leads_to], ids=lambda kind: kind.__name__)
def test_a_command_finds_all_of_its_fields_in_the_fact_that_it_leads_to(kind: type[Command]) -> None:
    """That is how the same wish is told from another."""
    fact = attrs.fields_dict(event_types()[kind.leads_to])
    assert set(attrs.fields_dict(kind)) <= set(fact)
    assert kind.filled <= set(fact)


def test_a_field_that_is_filled_in_may_be_left_empty_again(opening: Opening) -> None:
    with opening() as store:
        one = settled(store)
        report = FileReport(at=START + HOUR, group="g1", member="amy", reporter="bo", id="click")
        [first] = one.execute(report)
        assert one.execute(attrs.evolve(report, at=START + 2 * HOUR)) == (attrs.evolve(first, repeated=True),)
        with pytest.raises(CommandConflict):
            one.execute(attrs.evolve(report, report="mine"))
