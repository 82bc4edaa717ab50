"""The table of names of JSON Lines: what a dictionary would answer, in a tenth of its memory."""

import tracemalloc
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupcore.stores import places
from groupcore.stores.places import Places

NAMES = st.sampled_from(["", "a", "b", "a/b", "\0", "\x1a", "大", "\ud800", "x" * 3000, *map(str, range(100))])


@given(st.lists(st.tuples(NAMES, st.integers(1, 2**32 - 1)), max_size=200))
def test_it_answers_as_a_dictionary_of_lists(added: list[tuple[str, int]]) -> None:
    table, model = Places(), defaultdict[str, list[int]](list)
    for name, place in added:
        assert table.add(name, place) == (model[name][-1] if model[name] else 0)
        model[name].append(place)
        table._check()
    for name in ("", "a", "b", "nobody", *model):
        assert list(table.of(name)) == model[name][::-1]
        assert table.last(name) == (model[name][-1] if model[name] else 0)


def test_names_that_meet_in_one_slot_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_number_in", lambda digest: (61,))
    table = Places()
    for number in range(1, 150):
        assert table.add(f"n{number}", number) == 0
        table._check()
    assert [table.last(f"n{number}") for number in range(150)] == list(range(150))


def test_a_name_with_many_places_costs_no_more_than_many_names() -> None:
    """All answers to one fact lie behind one slot; nobody walks over them to add one more."""
    table = Places()
    for place in range(1, 20_001):
        assert table.add("fact", place) == place - 1
    assert next(table.of("fact")) == 20_000
    assert sum(1 for _ in table.of("fact")) == 20_000


def test_an_entry_takes_some_thirty_bytes_however_long_its_name() -> None:
    tracemalloc.start()
    table = Places()
    for number in range(20_000):
        table.add(f"{number}" * 20, number)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert size < 45 * 20_000
