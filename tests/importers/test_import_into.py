from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupcore.errors import DuplicateEvent, InputError, StoreError
from groupcore.events import Fact, ImportConflict, MessagePosted, Row, decode, encode, fact_id, new_fact
from groupcore.importers import BadLine, Item, SkippedLine, differing, import_into
from groupcore.stores import Store, open_store


def post(message: str, text: str = "hi", at: int = 5_000_000, **more: str) -> MessagePosted:
    return new_fact(MessagePosted, at=at, group="g1", message=message, author="amy", text=text, **more)


def held(store: Store) -> list[Fact]:
    return [fact for row in store.read() if isinstance(fact := decode(row).event, Fact)]


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("memory:") as store:
        yield store


POSTS = [post(f"m{number}") for number in range(10)]


def test_facts_are_appended_unjudged_in_the_order_of_the_archive(store: Store) -> None:
    late = post("late", at=1)
    report = import_into(store, [*POSTS, late], recorded_at=77, batch=3)
    assert (report.facts, report.added, report.repeated, report.conflicts) == (11, 11, 0, 0)
    assert held(store) == [*POSTS, late]
    assert {(row.judged, row.org_seen, row.recorded_at) for row in store.read()} == {(None, None, 77)}


def test_importing_twice_adds_nothing(store: Store) -> None:
    import_into(store, POSTS)
    report = import_into(store, POSTS, batch=4)
    assert (report.facts, report.added, report.repeated, report.clean) == (10, 0, 10, True)
    assert store.position == 10


def test_a_fact_that_comes_twice_in_one_batch_is_taken_once(store: Store) -> None:
    report = import_into(store, [POSTS[0], POSTS[1], POSTS[0]])
    assert (report.added, report.repeated) == (2, 1)


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_the_first_of_two_that_differ_stands_and_the_conflict_is_recorded_once(store: Store, batch: int) -> None:
    other = post("m0", text="something else", at=90_000_000)
    for _ in range(2):
        report = import_into(store, [POSTS[0], other, other], batch=batch)
        assert report.conflicts == 2
        assert report.facts == report.added + report.repeated + report.conflicts
    first, conflict = held(store)
    assert first == POSTS[0]
    assert isinstance(conflict, ImportConflict)
    assert (conflict.fact, conflict.fields, conflict.at) == (first.id, ("at", "text"), first.at)
    assert "something" not in repr(conflict)


def test_facts_of_two_types_under_one_id_differ_in_type() -> None:
    other = new_fact(ImportConflict, at=1, group="g1", fact="x")
    assert differing(row_of(POSTS[0]), row_of(other)) == ("type",)


def test_times_are_compared_by_the_coarser_clock() -> None:
    live, archived = post("m", at=5_000_400), post("m", at=5_000_000, resolution="ms")
    assert differing(row_of(live), row_of(archived)) == ()
    assert differing(row_of(live), row_of(post("m", at=5_000_000))) == ("at",)


def test_what_was_erased_differs_from_nothing() -> None:
    erased = row_of(POSTS[0])._replace(private=None, salt=None)
    assert differing(erased, row_of(post("m0", text="anything"))) == ()
    assert differing(erased, row_of(post("m0", at=99_000_000))) == ("at",)


def row_of(fact: Fact) -> Row:
    return encode(fact, recorded_at=0, salt="s")


def with_faults() -> list[Item]:
    return [
        POSTS[0],
        BadLine(2, "no JSON", "a"),
        SkippedLine(3, "mode", "a"),
        BadLine(4, "no", "a"),
        POSTS[1],
    ]


def test_lines_that_cannot_be_taken_are_reported_and_the_import_goes_on(store: Store) -> None:
    told: list[BadLine] = []
    report = import_into(store, with_faults(), on_fault=told.append)
    assert (report.added, report.fault_count, report.clean) == (2, 2, False)
    assert report.faults == told == [BadLine(2, "no JSON", "a"), BadLine(4, "no", "a")]
    assert report.skipped == {"mode": 1}
    assert str(told[0]) == "a:2: no JSON"


def test_a_strict_import_stops_at_the_first_fault_and_keeps_what_came_before(store: Store) -> None:
    report = import_into(store, with_faults(), strict=True)
    assert (report.added, report.fault_count, report.stopped) == (1, 1, True)
    assert held(store) == POSTS[:1]


def test_progress_is_told_after_each_batch(store: Store) -> None:
    told: list[int] = []
    import_into(store, POSTS, batch=4, progress=lambda report: told.append(report.facts))
    assert told == [4, 8, 10]


def until(stop: int, error: BaseException) -> Iterator[Fact]:
    yield from POSTS[:stop]
    raise error


def test_what_was_read_before_the_damage_is_appended(store: Store) -> None:
    with pytest.raises(InputError, match="cut short"):
        import_into(store, until(7, InputError("cut short")), batch=5)
    assert held(store) == POSTS[:7]


@given(stop=st.integers(0, 10), batch=st.integers(1, 11))
def test_interrupted_anywhere_and_run_again_is_the_same_as_once(stop: int, batch: int) -> None:
    with open_store("memory:") as store:
        with pytest.raises(KeyboardInterrupt):
            import_into(store, until(stop, KeyboardInterrupt()), batch=batch)
        assert held(store) == POSTS[: stop // batch * batch]
        import_into(store, POSTS, batch=batch)
        assert held(store) == POSTS


class Racing:
    """A store that somebody else writes to just before each of our appends, *times* times."""

    def __init__(self, store: Store, rivals: list[Fact]) -> None:
        self.store, self.rivals = store, rivals
        self.known, self.get = store.known, store.get

    def append(self, drafts: list[Row]) -> list[Row]:
        if self.rivals:
            self.store.append([row_of(self.rivals.pop())])
        return self.store.append(drafts)


def test_an_import_beside_another_of_the_same_archive_completes(store: Store) -> None:
    report = import_into(Racing(store, [POSTS[3], POSTS[1]]), POSTS)
    assert (report.added, report.repeated) == (8, 2)
    assert sorted(fact.id for fact in held(store)) == sorted(fact.id for fact in POSTS)


class Hopeless:
    known = get = staticmethod(lambda _: ())

    def append(self, drafts: list[Row]) -> list[Row]:
        raise DuplicateEvent(drafts[0].id)


def test_an_import_that_always_comes_second_gives_up_with_a_reason() -> None:
    with pytest.raises(StoreError, match="getting ahead"):
        import_into(Hopeless(), POSTS)  # type: ignore[arg-type]


def test_a_message_has_the_id_that_a_live_one_would_have() -> None:
    assert POSTS[0].id == fact_id("", "g1", "message-posted", "m0")
