"""Whichever library walks the bytes, the occurrences are the same, in the same order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groupcore.text import automaton
from groupcore.text.automaton import KeywordAutomaton, Occurrence, StreamAutomaton

WORDS = st.lists(st.text(st.sampled_from("ab加信é😀\udcff"), min_size=1, max_size=4), max_size=8)
TEXTS = st.text(st.sampled_from("ab加信é😀c，\udcff"), max_size=60)


def naive(words: list[str], text: str) -> list[Occurrence]:
    """By their ends, and of those that end together the longest first."""
    found = {(i, i + len(w), w) for w in words for i in range(len(text)) if text.startswith(w, i)}
    return sorted(found, key=lambda each: (each[1], each[0]))


@pytest.fixture(params=["pyahocorasick", "ahocorasick_rs"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    if request.param == "pyahocorasick":
        monkeypatch.setattr(automaton, "rust", None)
    elif automaton.rust is None:
        pytest.skip("ahocorasick_rs is not installed")
    return request.param


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORDS, TEXTS)
def test_all_occurrences_are_found_in_order(library: str, words: list[str], text: str) -> None:
    clean = [word for word in words if "\udcff" not in word]  # nobody looks for half a character
    assert KeywordAutomaton(clean).find(text) == naive(clean, text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text("ab", min_size=1, max_size=3), max_size=4), TEXTS)
def test_words_in_ascii_are_found_in_any_text(library: str, words: list[str], text: str) -> None:
    assert KeywordAutomaton(words).find(text) == naive(words, text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text("abÿ\x00", min_size=1, max_size=3), max_size=4), st.text("abÿ\x00c", max_size=30))
def test_keys_are_found_in_streams_by_place_and_by_end(library: str, keys: list[str], text: str) -> None:
    automaton = StreamAutomaton(keys)
    found = automaton.search(text.encode("latin-1"))
    assert [(start, end, automaton.keys[index]) for index, start, end in found] == naive(keys, text)
    assert automaton.walk(text.encode("latin-1")) == [(end - 1, key) for _, end, key in naive(keys, text)]
