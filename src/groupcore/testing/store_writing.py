# ruff: noqa: D102 (the name of a test is its docstring)
"""Cases of the store contract: appends, duplicates, expectations."""

from __future__ import annotations

from groupcore.errors import ConcurrencyError, DuplicateEvent, InputError
from groupcore.events import NO_HEAD, MessagePosted, Row, decode, problem_with
from groupcore.testing.store_drafts import StoreCase, answer, check_log, draft, drafts, refused, unplaced


class WritingCases(StoreCase):
    """What an append does, and when it is refused."""

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

    def test_a_name_is_2600_bytes_at_most_in_every_store(self) -> None:
        longest = ["x" * 2600, "长" * 866 + "xx", "\0" * 1300, "\x1a" * 1300]
        with self.make() as store:
            rows = store.append([draft(id=name) for name in longest])
            rows += store.append([draft(f"m{n}")._replace(stream=name) for n, name in enumerate(longest)])
            assert list(store.read()) == rows
            for name in longest:
                for long in (draft(id=f"{name}x"), draft("b")._replace(stream=f"{name}x")):
                    with refused(InputError) as caught:
                        store.append([draft("a"), long], {"group/g1": 99})
                    assert "2,600 bytes" in str(caught[0])
            assert store.position == len(rows)

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
            store.append([draft("a", "g1"), draft("b", "g1"), draft("c", "g2")], {"group/g1": 0, "group/g2": 0})
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

    def test_a_duplicate_comes_before_a_lost_race_wherever_it_stands_in_the_append(self) -> None:
        with self.make() as store:
            store.append([draft("a"), draft("b", "g2")])
            for number in range(3):
                rows = [draft("x"), draft("y"), draft("z")]
                rows[number] = draft("b", "g2")
                with refused(DuplicateEvent) as caught:
                    store.append(rows, {"group/g1": 9, "group/g2": 9})
                assert caught[0].id == draft("b", "g2").id
            assert store.position == 2

    def test_a_duplicate_within_the_append_comes_before_a_lost_race(self) -> None:
        with self.make() as store, refused(DuplicateEvent):
            store.append([draft("a"), draft("a")], {"group/g1": 5})
