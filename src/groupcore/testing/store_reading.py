# ruff: noqa: D102 (the name of a test is its docstring)
"""Cases of the store contract: reading, and looking up."""

from __future__ import annotations

from groupcore.events import Head
from groupcore.stores.subjects import concerning
from groupcore.testing.store_drafts import StoreCase, answer, check_log, draft, drafts


class ReadingCases(StoreCase):
    """What a log answers, while it grows too."""

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

    def test_who_a_row_is_about_is_looked_up_as_by_looking_at_each(self) -> None:
        odd = [
            b'{"person":"A"}',
            b'{"member":5}',
            b'{"member":["amy"]}',
            b'{"message":"m1"}',
            b'{"member":null}',
            b"{}",
        ]
        data = [b'{"member":"amy"}', b'{"author":"amy"}', b'{"member":"a\\u0000"}', b'{"author":"\xe5\xa4\xa7"}', *odd]
        plain = draft()._replace(private=None, salt=None, private_digest=None, type="x")
        with self.make() as store:
            for start in (0, 30):  # read in bulk, and appended one after the other
                some = [
                    plain._replace(id=f"x{n}", stream=f"s{n % 3}", data=data[n // 3 % 10])
                    for n in range(start, start + 30)
                ]
                store.append([*some, draft(f"m{start}", "s0")])
            for subjects in (
                [],
                ["amy"],
                ["amy", "m1", "amy"],
                ["nobody", "\udcff"],
                ["a\0"],
                ["大", "A"],
                ["5", '["amy"]'],
            ):
                for stream in ("s0", "s1", "group/s0", "none", "\udcff"):
                    expected = list(concerning(store.read_stream(stream), subjects))
                    assert list(store.concerning(stream, subjects)) == expected
            assert len(list(store.concerning("s1", ["amy"]))) == 8

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

    def test_what_names_a_fact_as_its_cause_under_another_id_is_no_answer(self) -> None:
        with self.make() as store:
            fact = draft("a")
            rows = store.append([fact, answer(fact)._replace(id="elsewhere")])
            assert store.about(fact.id) == rows[:1]

    def test_an_answer_begins_with_the_id_of_its_fact_and_a_slash(self) -> None:
        with self.make() as store:
            fact = draft(id="a")
            other = [answer(fact)._replace(id=id) for id in ("a!", "a.", "a0", "a5/x", "aa/x", "a~", "A/x")]
            rows = store.append([fact, answer(fact), *other])
            assert store.about("a") == rows[:2]

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
