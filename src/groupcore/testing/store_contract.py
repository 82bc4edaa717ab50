# ruff: noqa: D102 (the name of a test is its docstring)
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

from collections.abc import Callable
from itertools import pairwise
from threading import Barrier, Thread

from groupcore.errors import ConcurrencyError, DuplicateEvent, StoreError
from groupcore.testing.store_drafts import answer, check_log, draft, drafts, refused
from groupcore.testing.store_erasing import ErasingCases
from groupcore.testing.store_reading import ReadingCases
from groupcore.testing.store_writing import WritingCases

__all__ = ["StoreContract", "answer", "check_log", "draft", "drafts", "refused"]


class StoreContract(WritingCases, ReadingCases, ErasingCases):
    """The contract of a store, whole: writing, reading, erasing, and here threads, closing, readers beside writers."""

    # -- threads

    def test_threads_lose_nothing(self) -> None:
        with self.make() as store:
            self._in_threads(4, lambda worker: [store.append(drafts(2, f"g{worker}", n * 2)) for n in range(10)])
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
        self.needs_lasting()
        with self.make() as store:
            rows = store.append([*drafts(3), *drafts(2, "g2")])
        with self.make() as store:
            assert list(store.read()) == rows
            assert store.repaired is None
            check_log(store)

    def test_a_log_that_is_opened_again_goes_on(self) -> None:
        self.needs_lasting()
        for number in range(4):
            with self.make() as store:
                [row] = store.append([draft(f"m{number}")], {"group/g1": number})
                assert (row.position, row.version) == (number + 1, number + 1)
        with self.make() as store, refused(DuplicateEvent):
            store.append([draft("m0")])

    def test_an_empty_log_can_be_opened_again(self) -> None:
        self.needs_lasting()
        self.make().close()
        with self.make() as store:
            assert store.position == 0

    # -- readers

    def test_a_reader_sees_what_a_writer_has_appended(self) -> None:
        self.needs_lasting()
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
        self.needs_lasting()
        self.make().close()
        with self.make_reader() as reader:
            with refused(StoreError) as caught:
                reader.append([draft()])
            assert "reading only" in str(caught[0])
            assert reader.position == 0

    def test_a_reader_keeps_no_writer_waiting(self) -> None:
        self.needs_lasting()
        with self.make() as store:
            store.append(drafts(1500))
            with self.make_reader() as reader:
                reading = iter(reader.read())
                next(reading)
                store.append([draft("x")])
                assert [row.position for row in reading] == list(range(2, 1501))

    def test_a_reader_follows_a_writer_without_a_gap(self) -> None:
        self.needs_lasting()
        with self.make() as store, self.make_reader() as reader:
            seen: list[int] = []
            for number in range(20):
                store.append(drafts(number % 4, start=number * 4))
                seen += [row.position for row in reader.read(len(seen))]
            assert len(seen) == store.position
            assert all(after == before + 1 for before, after in pairwise(seen))
