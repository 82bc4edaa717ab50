from __future__ import annotations

import re
import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.text.strategies import texts

from groupcore.errors import InputError
from groupcore.messages import scrub
from groupcore.text import letters
from groupcore.text.characters import PLAIN, finder
from groupcore.text.folding import FOLDINGS, Chain, OffsetMap, chain_of
from groupcore.text.folds import ORDER, fold_of

plain = chain_of()
FORMS = [
    ("ＶＸ", "vx"),
    ("㎏", "kg"),
    ("e\u0301", "é"),
    ("加\u200b微", "加微"),
    ("ｶﾞ", "ガ"),
    ("ẞ", "ss"),
    ("ㄱㅏ", "가"),
]


def naive(text: str) -> str:
    """What the chain does, the slow way."""
    text = "".join(char for char in scrub(text) if FOLDINGS["invisible"].apply(char))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


@pytest.mark.parametrize(("text", "folded"), FORMS)
def test_forms_of_one_thing_fold_alike(text: str, folded: str) -> None:
    assert plain(text) == folded


@given(texts)
@example("，…！Ａ")
@example("Ｅ，\u0301")
def test_the_quick_ways_give_what_the_slow_way_gives(text: str) -> None:
    assert plain(text) == naive(text)


@given(texts)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = plain(text)
    assert plain(once) == once


def test_every_character_folds_to_what_stays_folded() -> None:
    for char in filter(finder("^" + PLAIN).match, map(chr, range(sys.maxunicode + 1))):
        if unicodedata.category(char) not in ("Cn", "Co", "Cs"):
            assert plain(once := plain(char)) == once, hex(ord(char))


@given(texts, st.data())
def test_a_span_cut_from_the_original_folds_to_what_was_matched(text: str, data: st.DataObject) -> None:
    folded = plain(text)
    if not folded:
        return
    start = data.draw(st.integers(0, len(folded) - 1))
    end = data.draw(st.integers(start + 1, len(folded)))
    first, last = plain.mapper(text)(start, end)
    assert 0 <= first < last <= len(text)
    assert folded[start:end] in plain(text[first:last])


EACH = [chain_of([name]) for name in FOLDINGS if name != "confusables"]
ALMOST = chain_of([name for name in ORDER if name != "confusables"])
PIECES = """%E5%8A%A0 %e5 &#21152; &amp; &#x1F436; %F0%9F%90%B6 ㎏ e\u0301 \u202e 叁 臺 🅢 \ud800 𠮷 ß x ﷺ""".split()  # noqa: SIM905
escaped = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@settings(max_examples=300)
@given(st.one_of(texts, escaped), st.sampled_from([*EACH, ALMOST]), st.data())
def test_every_folding_and_the_chain_of_all_lead_back_to_what_folds_alike(
    text: str, chain: Chain, data: st.DataObject
) -> None:
    folded = chain(text)
    if not folded:
        return
    start = data.draw(st.integers(0, len(folded) - 1))
    end = data.draw(st.integers(start + 1, len(folded)))
    first, last = chain.mapper(text)(start, end)
    assert 0 <= first < last <= len(text)
    assert folded[start:end] in chain(text[first:last])


@given(st.text(st.sampled_from("ѕһжabA 1-加"), max_size=12))
def test_words_of_two_scripts_are_told_from_others(text: str) -> None:
    naive = re.sub(f"[a-zA-Z]*[{letters.TWINS}][a-zA-Z{letters.TWINS}]*", lambda run: letters.latinised(run[0]), text)
    assert letters.latinised(text) == naive


@given(st.lists(st.sampled_from(["ѕ", "һ", "і", "т", "и", "s", "shit", " ", "加", "ж"]), max_size=10).map("".join))
def test_look_alikes_of_other_scripts_lead_back_word_by_word(text: str) -> None:
    chain = chain_of(ORDER)
    folded, back = chain(text), chain.mapper(text)
    for word in re.finditer(r"[^\W加]+", folded):  # what a letter looks like depends on its word
        first, last = back(*word.span())
        assert chain(text[first:last]) == word[0]


@given(texts)
def test_spans_back_are_in_order_and_cover_what_was_kept(text: str) -> None:
    folded = plain(text)
    back = plain.mapper(text)
    spans = [back(index, index + 1) for index in range(len(folded))]
    assert spans == sorted(spans)
    assert all(before[1] <= after[0] or before == after for before, after in pairwise(spans))
    covered = {place for first, last in spans for place in range(first, last)}
    assert all(not plain(text[place]) for place in range(len(text)) if place not in covered)


@given(texts, st.sampled_from(sorted(FOLDINGS)))
def test_each_folding_tells_of_every_change_of_length(text: str, name: str) -> None:
    folding = FOLDINGS[name]
    text = scrub(text)
    edits = list(folding.edits(text))
    assert len(folding.apply(text)) == len(text) + sum(length - (end - start) for start, end, length in edits)
    assert edits == sorted(edits)
    assert all(before[1] <= after[0] for before, after in pairwise(edits))


@given(texts.filter(str.isascii))
def test_ascii_keeps_every_place(text: str) -> None:
    assert plain(text) == text.lower()
    assert plain.mapper(text)(3, 7) == (3, 7)


@pytest.mark.parametrize(
    ("text", "span", "original"),
    [
        ("重㎏了", (1, 2), (1, 2)),  # the k alone: the whole sign
        ("重㎏了", (3, 4), (2, 3)),
        ("xe\u0301y", (1, 2), (1, 3)),
        ("加\u200b\u200b微", (0, 2), (0, 4)),
        ("加\u200b微", (1, 2), (2, 3)),
        ("\u200b加", (0, 1), (1, 2)),
        ("等…加", (4, 5), (2, 3)),
        ("𝐕信", (0, 2), (0, 2)),
        ("\u1112\u1161\u11ab国", (0, 2), (0, 4)),
    ],
)
def test_where_a_span_came_from(text: str, span: tuple[int, int], original: tuple[int, int]) -> None:
    assert plain.mapper(text)(*span) == original


def test_an_offset_map_without_edits_is_the_identity() -> None:
    assert OffsetMap([]).back(2, 5) == (2, 5)


@pytest.mark.parametrize(("excerpt", "steps"), [("加V", ()), ("加ｖ", ("width",)), ("加\u200bV", ("invisible",))])
def test_steps_are_those_that_changed_something(excerpt: str, steps: tuple[str, ...]) -> None:
    named = plain.steps_between(excerpt, plain("加V"))
    assert tuple(step for step in named if step != "case") == steps


def test_a_chain_of_chosen_foldings() -> None:
    assert chain_of(["case"])("ＡB") == "ａb"
    assert chain_of(["width"])("ＡB") == "AB"
    assert isinstance(chain_of(()), Chain)
    assert chain_of(())("ＡB") == "ＡB"


@pytest.mark.parametrize(
    ("fold", "problem"), [("balancd", "did you mean 'balanced'"), (["widht"], "did you mean 'width'")]
)
def test_an_unknown_folding_is_refused_with_the_nearest(fold: str | list[str], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        fold_of(fold)


@pytest.mark.parametrize("bad", ["\u0301\u0323", "\u1161", "\u200b", "㎏", "加，", "\ufdfa", "ẞ", "\ud800"])
def test_a_megabyte_is_folded_and_mapped_in_bounded_time(bad: str) -> None:
    text = "a" + bad * (200_000 // len(bad))
    folded = plain(text)
    back = plain.mapper(text)
    assert back(0, 1)[0] == 0
    assert back(len(folded) - 1, len(folded))[1] <= len(text)
