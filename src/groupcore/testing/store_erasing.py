# ruff: noqa: D102 (the name of a test is its docstring)
"""Cases of the store contract: erasing."""

from __future__ import annotations

from groupcore.errors import DuplicateEvent, StoreError
from groupcore.events import MessagePosted, Row, decode
from groupcore.stores import Store
from groupcore.testing.store_drafts import StoreCase, answer, check_log, draft, drafts, refused


def bare(row: Row) -> Row:
    """The row once its private part was erased."""
    return row._replace(private=None, salt=None)


class ErasingCases(StoreCase):
    """What is gone once it was erased, and what stays."""

    def test_what_was_erased_is_gone_and_the_chain_holds(self) -> None:
        with self.make() as store:
            rows = store.append([*drafts(4), *drafts(2, "g2")])
            assert store.erase([rows[1].id, rows[4].id]) == 2
            assert list(store.read()) == [rows[0], bare(rows[1]), rows[2], rows[3], bare(rows[4]), rows[5]]
            check_log(store)

    def test_an_erased_event_has_no_text_and_its_digest_stays(self) -> None:
        with self.make() as store:
            [row] = store.append([draft(text="secret")])
            store.erase([row.id])
            [found] = store.read()
            event = decode(found).event
            assert isinstance(event, MessagePosted)
            assert (event.text, event.author, found.erased) == ("", "amy", True)
            assert (found.private_digest, found.digest) == (row.private_digest, row.digest)

    def test_every_way_to_a_row_shows_that_it_was_erased(self) -> None:
        with self.make() as store:
            [row, verdict] = store.append([draft(), answer(draft())])
            store.erase([row.id])
            assert store.get(row.id) == bare(row)
            assert store.about(row.id) == [bare(row), verdict]
            assert list(store.read_stream(row.stream)) == [bare(row), verdict]
            assert store.known([row.id]) == {row.id}

    def test_erasing_twice_is_no_error_and_erases_nothing(self) -> None:
        with self.make() as store:
            [row, _] = store.append(drafts(2))
            assert store.erase([row.id, row.id]) == 1
            assert store.erase([row.id]) == 0
            check_log(store)

    def test_an_erasure_passes_over_what_is_not_there_and_what_has_nothing_private(self) -> None:
        with self.make() as store:
            rows = store.append([draft(), answer(draft())])
            assert store.erase([]) == 0
            assert store.erase(["nobody", "", "\udcff", rows[1].id]) == 0
            assert list(store.read()) == rows

    def test_a_log_goes_on_behind_what_was_erased(self) -> None:
        with self.make() as store:
            rows = store.append(drafts(3))
            store.erase([rows[2].id])
            [row] = store.append([draft("next")], {"group/g1": 3})
            assert (row.position, row.version) == (4, 4)
            assert list(store.read(2)) == [bare(rows[2]), row]
            check_log(store)

    def test_an_erased_event_is_held_all_the_same(self) -> None:
        with self.make() as store:
            [row] = store.append([draft()])
            store.erase([row.id])
            with refused(DuplicateEvent):
                store.append([draft()])
            assert store.position == 1

    def test_one_event_of_a_large_append_is_erased_alone(self) -> None:
        with self.make() as store:
            rows = store.append(drafts(1200))
            store.erase([rows[700].id])
            assert [row.position for row in store.read() if row.erased] == [701]
            check_log(store)

    def test_everything_can_be_erased(self) -> None:
        with self.make() as store:
            rows = store.append(drafts(1200))
            assert store.erase([row.id for row in rows]) == 1200
            assert list(store.read()) == list(map(bare, rows))
            check_log(store)

    def test_a_read_that_was_begun_before_sees_each_row_once(self) -> None:
        with self.make() as store:
            rows = store.append(drafts(1200))
            asked = [store.read(), store.read(600), store.read_stream("group/g1", 600)]
            begun = next(asked[0])
            store.erase([row.id for row in rows[::7]])
            store.append([draft("later")])
            assert [begun.position, *(row.position for row in asked[0])] == list(range(1, 1201))
            for later in asked[1:]:
                assert [row.position for row in later] == list(range(601, 1201))

    def test_what_was_erased_is_still_so_when_the_log_is_opened_again(self) -> None:
        self.needs_lasting()
        with self.make() as store:
            rows = store.append(drafts(3))
            store.erase([rows[0].id])
        with self.make() as store:
            assert list(store.read()) == [bare(rows[0]), *rows[1:]]
            check_log(store)

    def test_a_reader_that_was_there_before_sees_what_was_erased(self) -> None:
        self.needs_lasting()
        with self.make() as store:
            rows = store.append(drafts(5))
            with self.make_reader() as reader:
                assert reader.get(rows[4].id) == rows[4]
                self._erased_under(reader, store, rows[4])
                self._erased_under(reader, store, rows[1])
                store.append(drafts(20, start=5))
                self._erased_under(reader, store, rows[2])

    @staticmethod
    def _erased_under(reader: Store, store: Store, row: Row) -> None:
        store.erase([row.id])
        assert reader.get(row.id) == bare(row)
        assert list(reader.read()) == list(store.read())
        assert list(reader.read_stream(row.stream, 3)) == list(store.read_stream(row.stream, 3))
        assert reader.heads() == store.heads()

    def test_a_reader_cannot_erase(self) -> None:
        self.needs_lasting()
        with self.make() as store:
            rows = store.append(drafts(1))
        with self.make_reader() as reader:
            with refused(StoreError) as caught:
                reader.erase([rows[0].id])
            assert "reading only" in str(caught[0])
            assert list(reader.read()) == rows

    def test_a_closed_log_is_not_erased_from(self) -> None:
        store = self.make()
        store.append([draft()])
        store.close()
        with refused(StoreError) as caught:
            store.erase([draft().id])
        assert "closed" in str(caught[0])

    def test_a_store_without_keys_forgets_nobody(self) -> None:
        with self.make() as store:
            [row] = store.append([draft()])
            assert store.forget("nobody") is False
            assert list(store.read()) == [row]
