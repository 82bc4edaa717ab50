"""What every store has to do, as tests. Subclass `StoreContract`, open your store in `make`, and run pytest.

::

    class TestMyStore(StoreContract):
        @pytest.fixture(autouse=True)
        def place(self, tmp_path):
            self.path = tmp_path / "log"

        def make(self):
            return MyStore(self.path)

It needs nothing but the standard library, so it runs under any test runner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from threading import Barrier, Thread
from typing import ClassVar, TypeVar
from unittest import SkipTest

from groupcore.errors import ConcurrencyError, DuplicateEvent, InputError, StoreError
from groupcore.events import (
    NO_HEAD,
    Head,
    MemberWarned,
    MessagePosted,
    Row,
    decode,
    encode,
    new_fact,
    problem_with,
)
from groupcore.stores import Store

AT = 1_790_000_000_000_000
E = TypeVar("E", bound=Exception)


def draft(
    message: str = "m1", group: str = "g1", text: str = "大家好 hello", *, id: str | None = None
) -> Row:
    """The draft of a message, its id derived from group and message unless one is given."""
    fact = new_fact(MessagePosted, at=AT, group=group, message=message, author="amy", text=text)
    row = encode(fact, recorded_at=AT + 7, judged="f" * 64, org_seen=3, salt="ab" * 16)
    return row if id is None else row._replace(id=id)


def drafts(count: int, group: str = "g1", start: int = 0) -> list[Row]:
    """The drafts of *count* messages in one group."""
    return [draft(f"m{number}", group) for number in range(start, start + count)]


def answer(fact: Row, rule: str = "ads") -> Row:
    """The draft of a verdict that answers *fact*."""
    verdict = MemberWarned(at=fact.at, group=fact.group, cause=fact.id, member="amy", message="m1", strikes=1)
    row = encode(verdict, recorded_at=AT + 8, salt="cd" * 16)
    return row._replace(id=f"{fact.id}/member-warned/{rule}")


@contextmanager
def refused(kind: type[E]) -> Iterator[list[E]]:
    """The block has to raise exactly *kind*; the list holds it afterwards."""
    caught: list[E] = []
    try:
        yield caught
    except Exception as error:
        if type(error) is not kind:
            raise
        caught.append(error)  # type: ignore[arg-type]
    assert caught, f"{kind.__name__} was not raised"


def unplaced(rows: Sequence[Row]) -> list[Row]:
    """The rows without what a store gives them, to compare with drafts."""
    return [row._replace(position=0, version=0, digest="") for row in rows]


def check_log(store: Store) -> None:
    """Assert what holds for every log at every time."""
    rows = list(store.read())
    heads: dict[str, Head] = {}
    for position, row in enumerate(rows, 1):
        assert row.position == position
        assert problem_with(row, heads.get(row.stream, NO_HEAD)) is None
        heads[row.stream] = Head(row.version, row.digest)
    assert store.heads() == heads
    assert store.position == len(rows)
    assert len({row.id for row in rows}) == len(rows)


class StoreContract:
    """The contract of a store. ``make`` opens the log of the test: first a new one, later the same again."""

    lasting: ClassVar[bool] = True
    """Whether the log is still there after it was closed."""

    def make(self) -> Store:
        """Open the log of this test."""
        raise NotImplementedError

    def make_reader(self) -> Store:
        """Open the log of this test for reading only, beside a store that `make` opened."""
        raise SkipTest("this store has no reading mode")

    def _lasting(self) -> None:
        if not self.lasting:
            raise SkipTest("this store does not outlive its closing")

    # -- a new log

    def test_a_new_log_is_empty(self) -> None:
        with self.make() as store:
            assert store.position == 0
            assert list(store.read()) == []
            assert store.heads() == {}
            assert store.repaired is None

    def test_a_new_log_knows_nobody(self) -> None:
        with self.make() as store:
            assert store.get("x") is None
            assert store.about("x") == []
            assert store.known(["x"]) == set()
            assert list(store.read_stream("group/g1")) == []

    # -- appends

    def test_an_append_returns_the_rows_numbered_and_chained(self) -> None:
        with self.make() as store:
            [row] = store.append([draft()])
            assert (row.position, row.version, len(row.digest)) == (1, 1, 64)
            assert problem_with(row, NO_HEAD) is None
            assert unplaced([row]) == [draft()]

    def test_what_was_appended_is_read_back_unchanged(self) -> None:
        with self.make() as store:
            rows = store.append([*drafts(3), *drafts(2, "g2"), answer(draft("m0"))])
            assert list(store.read()) == rows
            check_log(store)

    def test_rows_read_back_are_rows_of_the_right_types(self) -> None:
        with self.make() as store:
            store.append([draft()])
            [row] = store.read()
            assert isinstance(row, Row)
            assert [type(value) for value in row] == [type(value) for value in draft()]

    def test_what_was_read_back_decodes_to_the_event(self) -> None:
        with self.make() as store:
            store.append([draft(text="加V领红包 \N{PILE OF POO} \x00 end")])
            [row] = store.read()
            event = decode(row).event
            assert isinstance(event, MessagePosted)
            assert event.text == "加V领红包 \N{PILE OF POO} \x00 end"

    def test_positions_count_over_all_streams_and_versions_in_each(self) -> None:
        with self.make() as store:
            first = store.append([draft("a", "g1"), draft("b", "g2"), draft("c", "g1")])
            second = store.append([draft("d", "g2"), draft("e", "g3")])
            assert [row.position for row in first + second] == [1, 2, 3, 4, 5]
            assert [row.version for row in first + second] == [1, 1, 2, 2, 1]

    def test_the_chain_goes_on_from_append_to_append(self) -> None:
        with self.make() as store:
            for number in range(10):
                store.append([draft(f"a{number}", "g1"), draft(f"b{number}", f"g{number % 3}")])
            check_log(store)

    def test_appending_nothing_does_nothing(self) -> None:
        with self.make() as store:
            assert store.append([]) == []
            assert store.position == 0

    def test_the_store_gives_positions_versions_and_digests_whatever_the_draft_says(self) -> None:
        with self.make() as store:
            [row] = store.append([draft()._replace(position=99, version=77, digest="nonsense")])
            assert (row.position, row.version) == (1, 1)
            assert problem_with(row, NO_HEAD) is None

    def test_an_append_may_be_a_tuple(self) -> None:
        with self.make() as store:
            assert len(store.append((draft("a"), draft("b")))) == 2

    def test_a_large_append_is_stored_whole(self) -> None:
        with self.make() as store:
            store.append(drafts(3000))
            assert store.position == 3000
            check_log(store)

    def test_an_append_may_touch_very_many_streams(self) -> None:
        with self.make() as store:
            store.append([draft("m", f"g{number}") for number in range(1200)])
            expect = {f"group/g{number}": 1 for number in range(1200)}
            store.append([draft("n", f"g{number}") for number in range(1200)], expect)
            assert len(store.heads()) == 1200
            check_log(store)

    def test_long_texts_are_kept(self) -> None:
        with self.make() as store:
            [row] = store.append([draft(text="长" * 200_000)])
            assert store.get(row.id) == row

    def test_odd_names_are_kept(self) -> None:
        names = [
            "",
            " ",
            "a/b",
            "a\nb",
            "a\x00b",
            "'; --",
            "😀",
            "\u2028",
            "%",
            "_",
            "A",
            "a",
            "é",
            "e\u0301",
        ]
        with self.make() as store:
            rows = store.append([draft("m", group=name) for name in names])
            for name, row in zip(names, rows, strict=True):
                assert list(store.read_stream(f"group/{name}")) == [row]
            assert len(store.heads()) == len(names)
            check_log(store)

    def test_odd_ids_are_told_apart(self) -> None:
        names = [
            "a",
            "A",
            "a ",
            "a\x00",
            "a\x00b",
            "a%",
            "a_",
            "😀",
            "\uffff",
            "a/",
            "a/b",
            "é",
            "e\u0301",
            "",
        ]
        with self.make() as store:
            rows = store.append([draft(id=name) for name in names])
            assert [store.get(name) for name in names] == rows
            assert store.known(names) == set(names)

    def test_extreme_times_are_kept(self) -> None:
        with self.make() as store:
            times = [0, 1, 253_402_300_799_999_999, 2**63 - 1, -(2**63)]
            store.append([draft(f"m{at}")._replace(at=at, recorded_at=at, claimed_at=at) for at in times])
            assert [row.at for row in store.read()] == times
            assert [row.claimed_at for row in store.read()] == times

    def test_an_erased_row_is_kept_as_it_is(self) -> None:
        with self.make() as store:
            store.append([draft()._replace(private=None, salt=None)])
            [row] = store.read()
            assert row.erased
            assert row.private_digest == draft().private_digest
            check_log(store)

    def test_a_name_that_is_no_unicode_is_refused_before_anything_happens(self) -> None:
        with self.make() as store:
            with refused(InputError):
                store.append([draft("a"), draft("b", group="\ud800")])
            with refused(InputError):
                store.append([draft("a"), draft("b", id="\udcff")])
            assert store.position == 0

    def test_a_time_beyond_64_bits_is_refused_before_anything_happens(self) -> None:
        with self.make() as store:
            with refused(InputError):
                store.append([draft("a"), draft("b")._replace(at=2**63)])
            assert store.position == 0

    # -- duplicates

    def test_an_event_that_the_log_holds_is_refused_by_its_id(self) -> None:
        with self.make() as store:
            store.append([draft("a")])
            with refused(DuplicateEvent) as caught:
                store.append([draft("a")])
            assert caught[0].id == draft("a").id

    def test_a_duplicate_within_one_append_is_refused_by_its_id(self) -> None:
        with self.make() as store:
            with refused(DuplicateEvent) as caught:
                store.append([draft("a"), draft("b"), draft("a")])
            assert caught[0].id == draft("a").id
            assert store.position == 0

    def test_the_first_duplicate_in_order_is_named(self) -> None:
        with self.make() as store:
            store.append([draft("a"), draft("b")])
            with refused(DuplicateEvent) as caught:
                store.append([draft("c"), draft("b"), draft("a"), draft("c")])
            assert caught[0].id == draft("b").id

    def test_ids_are_unique_over_all_streams(self) -> None:
        with self.make() as store:
            store.append([draft("a", "g1", id="x")])
            with refused(DuplicateEvent):
                store.append([draft("a", "g2", id="x")])

    def test_an_append_with_a_duplicate_leaves_nothing_behind(self) -> None:
        with self.make() as store:
            rows = store.append([draft("a", "g1")])
            with refused(DuplicateEvent):
                store.append([draft("b", "g1"), draft("c", "g2"), draft("a", "g1")])
            assert list(store.read()) == rows
            assert store.known([draft("b", "g1").id, draft("c", "g2").id]) == set()
            check_log(store)

    def test_after_a_refusal_the_log_goes_on_without_a_gap(self) -> None:
        with self.make() as store:
            store.append([draft("a")])
            with refused(DuplicateEvent):
                store.append([draft("b"), draft("a")])
            [row] = store.append([draft("b")])
            assert (row.position, row.version) == (2, 2)
            check_log(store)

    def test_a_duplicate_far_down_a_large_append_is_named(self) -> None:
        with self.make() as store:
            with refused(DuplicateEvent) as caught:
                store.append([*drafts(2500), draft("m2400")])
            assert caught[0].id == draft("m2400").id
            assert store.position == 0

    # -- expectations

    def test_an_expected_version_that_fits_is_accepted(self) -> None:
        with self.make() as store:
            store.append(drafts(2), {"group/g1": 0})
            store.append([draft("x")], {"group/g1": 2})
            assert store.position == 3

    def test_another_version_is_refused_with_both_numbers(self) -> None:
        with self.make() as store:
            store.append(drafts(2))
            with refused(ConcurrencyError) as caught:
                store.append([draft("x")], {"group/g1": 1})
            assert (caught[0].stream, caught[0].expected, caught[0].found) == ("group/g1", 1, 2)
            assert store.position == 2

    def test_a_version_too_high_is_refused(self) -> None:
        with self.make() as store:
            store.append(drafts(2))
            with refused(ConcurrencyError) as caught:
                store.append([draft("x")], {"group/g1": 3})
            assert caught[0].found == 2

    def test_zero_means_that_the_stream_does_not_exist(self) -> None:
        with self.make() as store:
            store.append([draft("a")], {"group/g1": 0})
            with refused(ConcurrencyError) as caught:
                store.append([draft("b")], {"group/g1": 0})
            assert caught[0].found == 1

    def test_a_stream_that_does_not_exist_is_at_zero(self) -> None:
        with self.make() as store:
            with refused(ConcurrencyError) as caught:
                store.append([draft("a")], {"group/other": 4})
            assert (caught[0].stream, caught[0].found) == ("group/other", 0)
            assert store.position == 0

    def test_streams_that_are_only_read_are_expected_too(self) -> None:
        with self.make() as store:
            store.append([draft("a", "g1"), draft("b", "g2")])
            with refused(ConcurrencyError) as caught:
                store.append([draft("c", "g1")], {"group/g1": 1, "group/g2": 0})
            assert caught[0].stream == "group/g2"
            store.append([draft("c", "g1")], {"group/g1": 1, "group/g2": 1})

    def test_streams_of_which_nothing_is_expected_are_not_checked(self) -> None:
        with self.make() as store:
            store.append([draft("a", "g1")])
            store.append([draft("b", "g1"), draft("c", "g2")], {"group/g2": 0})
            check_log(store)

    def test_the_first_stream_that_moved_is_named(self) -> None:
        with self.make() as store:
            store.append([draft("a", "g1"), draft("b", "g2")])
            with refused(ConcurrencyError) as caught:
                store.append([draft("c")], {"group/g2": 7, "group/g1": 7})
            assert caught[0].stream == "group/g2"

    def test_an_expectation_counts_before_the_append_and_not_within_it(self) -> None:
        with self.make() as store:
            store.append(
                [draft("a", "g1"), draft("b", "g1"), draft("c", "g2")], {"group/g1": 0, "group/g2": 0}
            )
            assert store.heads()["group/g1"].version == 2

    def test_an_expectation_alone_is_checked(self) -> None:
        with self.make() as store:
            assert store.append([], {"group/g1": 0}) == []
            with refused(ConcurrencyError):
                store.append([], {"group/g1": 1})

    def test_a_lost_race_leaves_nothing_behind(self) -> None:
        with self.make() as store:
            rows = store.append([draft("a", "g1")])
            with refused(ConcurrencyError):
                store.append([draft("b", "g2"), draft("c", "g1")], {"group/g1": 0})
            assert list(store.read()) == rows
            check_log(store)

    def test_who_tries_again_learns_that_it_landed_even_when_the_stream_moved_on(self) -> None:
        with self.make() as store:
            store.append([draft("a")], {"group/g1": 0})
            store.append([draft("b")], {"group/g1": 1})
            with refused(DuplicateEvent) as caught:
                store.append([draft("a")], {"group/g1": 0})
            assert caught[0].id == draft("a").id

    def test_a_duplicate_within_the_append_comes_before_a_lost_race(self) -> None:
        with self.make() as store, refused(DuplicateEvent):
            store.append([draft("a"), draft("a")], {"group/g1": 5})

    # -- reading

    def test_a_read_begins_behind_the_position_given(self) -> None:
        with self.make() as store:
            rows = store.append(drafts(5))
            assert list(store.read(after=0)) == rows
            assert list(store.read(after=2)) == rows[2:]
            assert list(store.read(after=5)) == []
            assert list(store.read(after=99)) == []

    def test_a_stream_is_read_behind_the_version_given(self) -> None:
        with self.make() as store:
            rows = store.append([draft(f"m{number}", f"g{number % 2}") for number in range(10)])
            assert list(store.read_stream("group/g1")) == rows[1::2]
            assert list(store.read_stream("group/g1", after=3)) == rows[7::2]
            assert list(store.read_stream("group/g1", after=5)) == []
            assert list(store.read_stream("group/g1", after=99)) == []

    def test_streams_whose_names_begin_alike_are_not_mixed(self) -> None:
        with self.make() as store:
            rows = store.append([draft("a", "g"), draft("a", "g1"), draft("a", "g/"), draft("a", "G")])
            assert list(store.read_stream("group/g")) == rows[:1]

    def test_many_pages_are_read_in_order(self) -> None:
        with self.make() as store:
            for start in range(0, 2100, 700):
                store.append([draft(f"m{number}", f"g{number % 2}") for number in range(start, start + 700)])
            assert [row.position for row in store.read()] == list(range(1, 2101))
            assert [row.position for row in store.read(1234)] == list(range(1235, 2101))
            assert [row.version for row in store.read_stream("group/g0")] == list(range(1, 1051))
            assert [row.version for row in store.read_stream("group/g0", 600)] == list(range(601, 1051))

    def test_a_read_sees_what_was_there_when_it_was_asked_for(self) -> None:
        with self.make() as store:
            rows = store.append(drafts(3))
            whole, stream = store.read(), store.read_stream("group/g1")
            store.append(drafts(3, start=3))
            assert list(whole) == rows
            assert list(stream) == rows

    def test_reading_and_appending_take_turns(self) -> None:
        with self.make() as store:
            store.append(drafts(1500))
            seen = []
            for row in store.read():
                seen.append(row.position)
                if row.position % 300 == 0:
                    store.append([draft(f"m{row.position}", "g2")])
            assert seen == list(range(1, 1501))
            assert store.position == 1505
            check_log(store)

    def test_two_reads_do_not_disturb_each_other(self) -> None:
        with self.make() as store:
            store.append(drafts(1200))
            pairs = list(zip(store.read(), store.read_stream("group/g1"), strict=True))
            assert all(one == other for one, other in pairs)

    def test_a_read_that_is_given_up_disturbs_nobody(self) -> None:
        with self.make() as store:
            store.append(drafts(1200))
            next(iter(store.read()))
            store.append([draft("x")])
            assert store.position == 1201

    # -- looking up

    def test_a_row_is_found_by_its_id(self) -> None:
        with self.make() as store:
            rows = store.append(drafts(5))
            assert [store.get(row.id) for row in rows] == rows
            assert store.get("nobody") is None
            assert store.get(rows[0].id[:-1]) is None

    def test_an_id_that_is_no_unicode_is_not_in_the_log(self) -> None:
        with self.make() as store:
            store.append([draft()])
            assert store.get("\udcff") is None
            assert store.known(["\udcff", draft().id]) == {draft().id}
            assert store.about("\udcff") == []
            assert list(store.read_stream("\udcff")) == []

    def test_known_answers_for_many_ids_at_once(self) -> None:
        with self.make() as store:
            held = {row.id for row in store.append(drafts(2500))}
            asked = [row.id for row in drafts(5000)]
            assert store.known(asked) == held
            assert store.known(set(asked)) == held
            assert store.known([]) == set()

    def test_a_fact_is_found_with_the_verdicts_that_answer_it(self) -> None:
        with self.make() as store:
            fact = draft("a")
            rows = store.append([draft("z"), fact, answer(fact, "ads"), answer(fact, "links"), draft("b")])
            later = store.append([answer(fact, "abuse")])
            assert store.about(fact.id) == [*rows[1:4], *later]

    def test_a_fact_without_verdicts_is_found_alone(self) -> None:
        with self.make() as store:
            rows = store.append([draft("a"), draft("b"), answer(draft("b"))])
            assert store.about(draft("a").id) == rows[:1]

    def test_ids_that_begin_alike_are_not_answers(self) -> None:
        with self.make() as store:
            one, two, three, four = draft(id="a"), draft(id="a/b"), draft(id="a0"), draft(id="a.")
            answers = [answer(fact) for fact in (one, two, three, four)]
            rows = store.append([one, two, three, four, *answers])
            assert store.about("a") == [rows[0], rows[4]]
            assert store.about("a/b") == [rows[1], rows[5]]

    def test_heads_are_the_last_event_of_each_stream(self) -> None:
        with self.make() as store:
            rows = store.append([draft("a", "g1"), draft("b", "g2"), draft("c", "g1")])
            assert store.heads() == {
                "group/g1": Head(2, rows[2].digest),
                "group/g2": Head(1, rows[1].digest),
            }

    def test_what_heads_returns_is_the_callers(self) -> None:
        with self.make() as store:
            store.append([draft()])
            store.heads().clear()
            assert len(store.heads()) == 1

    # -- threads

    def test_threads_lose_nothing(self) -> None:
        with self.make() as store:
            self._in_threads(
                4, lambda worker: [store.append(drafts(2, f"g{worker}", n * 2)) for n in range(10)]
            )
            assert store.position == 80
            check_log(store)

    def test_of_threads_that_race_for_a_version_one_wins(self) -> None:
        with self.make() as store:
            won: list[int] = []

            def race(worker: int) -> None:
                try:
                    store.append([draft(f"w{worker}")], {"group/g1": 0})
                    won.append(worker)
                except ConcurrencyError:
                    pass

            self._in_threads(4, race)
            assert len(won) == 1
            assert store.position == 1

    def test_a_thread_reads_whole_appends_while_another_writes(self) -> None:
        with self.make() as store:

            def work(worker: int) -> None:
                for number in range(15):
                    if worker == 0:
                        store.append(drafts(7, start=number * 7))
                    else:
                        positions = [row.position for row in store.read()]
                        assert positions == list(range(1, len(positions) + 1))
                        assert len(positions) % 7 == 0

            self._in_threads(3, work)
            check_log(store)

    @staticmethod
    def _in_threads(count: int, work: Callable[[int], object]) -> None:
        """Run work(0), work(1), ... at the same time; the first error of any is raised."""
        barrier, errors = Barrier(count), list[BaseException]()

        def run(worker: int) -> None:
            try:
                barrier.wait()
                work(worker)
            except BaseException as error:
                errors.append(error)

        threads = [Thread(target=run, args=(worker,)) for worker in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]

    # -- closing

    def test_closing_twice_is_no_error(self) -> None:
        store = self.make()
        store.close()
        store.close()

    def test_a_closed_log_says_so(self) -> None:
        store = self.make()
        store.append([draft()])
        store.close()
        uses: list[Callable[[], object]] = [
            lambda: store.append([draft("b")]),
            lambda: list(store.read()),
            lambda: list(store.read_stream("group/g1")),
            lambda: store.get("x"),
            lambda: store.about("x"),
            lambda: store.known(["x"]),
            store.heads,
            lambda: store.position,
        ]
        for use in uses:
            with refused(StoreError) as caught:
                use()
            assert "closed" in str(caught[0])

    def test_a_log_that_is_opened_again_is_the_same(self) -> None:
        self._lasting()
        with self.make() as store:
            rows = store.append([*drafts(3), *drafts(2, "g2")])
        with self.make() as store:
            assert list(store.read()) == rows
            assert store.repaired is None
            check_log(store)

    def test_a_log_that_is_opened_again_goes_on(self) -> None:
        self._lasting()
        for number in range(4):
            with self.make() as store:
                [row] = store.append([draft(f"m{number}")], {"group/g1": number})
                assert (row.position, row.version) == (number + 1, number + 1)
        with self.make() as store, refused(DuplicateEvent):
            store.append([draft("m0")])

    def test_an_empty_log_can_be_opened_again(self) -> None:
        self._lasting()
        self.make().close()
        with self.make() as store:
            assert store.position == 0

    # -- readers

    def test_a_reader_sees_what_a_writer_has_appended(self) -> None:
        self._lasting()
        with self.make() as store:
            store.append(drafts(3))
            with self.make_reader() as reader:
                assert list(reader.read()) == list(store.read())
                store.append(drafts(3, start=3))
                assert list(reader.read()) == list(store.read())
                assert reader.position == 6
                store.append(drafts(3, start=6))
                assert list(reader.read_stream("group/g1", 5)) == list(store.read(5))
                assert reader.heads() == store.heads()
                assert reader.about(draft("m8").id) == list(store.read(8))
                assert reader.known([draft("m8").id, "x"]) == {draft("m8").id}

    def test_a_reader_cannot_append(self) -> None:
        self._lasting()
        self.make().close()
        with self.make_reader() as reader:
            with refused(StoreError) as caught:
                reader.append([draft()])
            assert "reading only" in str(caught[0])
            assert reader.position == 0

    def test_a_reader_keeps_no_writer_waiting(self) -> None:
        self._lasting()
        with self.make() as store:
            store.append(drafts(1500))
            with self.make_reader() as reader:
                reading = iter(reader.read())
                next(reading)
                store.append([draft("x")])
                assert [row.position for row in reading] == list(range(2, 1501))

    def test_a_reader_follows_a_writer_without_a_gap(self) -> None:
        self._lasting()
        with self.make() as store, self.make_reader() as reader:
            seen: list[int] = []
            for number in range(20):
                store.append(drafts(number % 4, start=number * 4))
                seen += [row.position for row in reader.read(len(seen))]
            assert len(seen) == store.position
            assert all(after == before + 1 for before, after in pairwise(seen))
