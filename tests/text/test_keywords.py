from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.text.strategies import texts, words

from groupcore.errors import InputError
from groupcore.messages import Part
from groupcore.text import KeywordReader, Lexicon, Reader
from groupcore.text.automaton import KeywordAutomaton
from groupcore.text.folding import chain_of


def spans(text: str, *given_words: str, allow: tuple[str, ...] = (), substring: bool = False) -> list[tuple[int, int]]:
    reader = KeywordReader(given_words, fold="strict", allow=allow, substring=substring)
    return [(hit.start, hit.end) for hit in reader.find(text)]


@given(st.text(), st.lists(st.text(st.sampled_from("ab加信é😀"), min_size=1, max_size=3), max_size=6))
def test_the_automaton_finds_what_looking_at_every_place_finds(text: str, given_words: list[str]) -> None:
    text += "ab加信加é😀a"
    naive = {(i, i + len(w), w) for w in given_words for i in range(len(text)) if text.startswith(w, i)}
    found = KeywordAutomaton(given_words).find(text)
    assert len(found) == len(naive)
    assert set(found) == naive
    assert [end for _, end, _ in found] == sorted(end for _, end, _ in found)


def test_the_automaton_refuses_the_empty_word() -> None:
    with pytest.raises(ValueError, match="empty"):
        KeywordAutomaton([""])


def test_the_automaton_can_be_pickled() -> None:
    again = pickle.loads(pickle.dumps(KeywordAutomaton(["ab"])))
    assert again.find("cab") == [(1, 3, "ab")]


@given(texts, st.lists(words, min_size=1, max_size=5))
def test_every_hit_folds_to_its_word(text: str, given_words: list[str]) -> None:
    chain = chain_of()
    for hit in KeywordReader(given_words, fold="strict", substring=True).find(text):
        assert 0 <= hit.start < hit.end <= len(text)
        assert chain(hit.word).strip() in chain(text[hit.start : hit.end])


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("cs", "cs", True),
        ("docs", "cs", False),
        ("cs50", "cs", False),
        ("a cs_b", "cs", True),
        ("玩cs吧", "cs", True),
        ("CS!", "cs", True),
        ("éics", "cs", False),
        ("cs\u0301", "cs", False),
        ("csя", "cs", False),
        ("c++11", "c++", True),
        ("x.cn", ".cn", True),
        ("日csค", "cs", True),
        ("5g", "g", False),
        ("加vip", "加v", True),
        ("ＣＳ", "cs", True),
        ("c\u200bs", "cs", True),
        ("하cs는", "cs", True),
        ("cs❤\ufe0f", "cs", True),
        ("#cs", "cs", True),
        ("हcs", "cs", False),
    ],
)
def test_where_a_word_stands_alone(text: str, word: str, found: bool) -> None:
    assert bool(spans(text, word)) is found
    assert spans(text, word, substring=True) or "\u0301" in text


def test_allow_words_excuse_what_lies_wholly_inside() -> None:
    assert spans("微信支付", "微信", allow=("微信支付",)) == []
    assert spans("加微信支付", "加微信", allow=("微信支付",)) == [(0, 3)]
    assert spans("微信支付和微信", "微信", allow=("微信支付",)) == [(5, 7)]
    assert spans("微信", "微信", allow=("微信",)) == []


def test_allow_words_obey_the_same_boundaries() -> None:
    assert spans("scunthorpe cunt", "cunt", allow=("scunthorpe",), substring=True) == [(11, 15)]
    assert spans("cs classes", "cs", allow=("cs class",)) == [(0, 2)]
    assert spans("cs class!", "cs", allow=("cs class",)) == []


@given(
    st.text(st.sampled_from("加微信支付v "), max_size=12),
    st.lists(words, min_size=1, max_size=3),
    st.lists(words, max_size=3),
)
def test_hits_agree_with_looking_at_every_place(text: str, deny: list[str], allow: list[str]) -> None:
    chain = chain_of()

    def places(word: str) -> set[tuple[int, int]]:
        folded = chain(word).strip()
        return {(i, i + len(folded)) for i in range(len(text)) if text.startswith(folded, i)}

    excused = [place for word in allow for place in places(word)]
    naive = {
        (start, end) for word in deny for start, end in places(word)
        if not any(first <= start and end <= last for first, last in excused)
    }  # fmt: skip
    found = spans(text, *deny, allow=tuple(allow), substring=True)
    assert set(found) == naive
    assert found == sorted(found)


def test_overlapping_hits_are_all_told_in_order_and_once() -> None:
    hits = KeywordReader(["加微", "微信", "加微信", "加微"], fold="strict").find("加微信")
    assert [(hit.start, hit.end, hit.word) for hit in hits] == [(0, 2, "加微"), (0, 3, "加微信"), (1, 3, "微信")]
    assert len(KeywordReader(["c"], substring=True).find("㏄")) == 1


def test_spellings_that_fold_alike_are_one_word() -> None:
    assert [hit.word for hit in KeywordReader(["加V", "加ｖ"]).find("加v")] == ["加V"]


def test_steps_name_what_was_needed() -> None:
    assert [hit.steps for hit in KeywordReader(["加微信"]).find("加微信 加\u200b微信")] == [(), ("invisible",)]
    assert KeywordReader(["VX"]).find("VX")[0].steps == ()


@pytest.mark.parametrize("word", ["", " ", "\u200b", "\u3164 ", "\ufeff"])
def test_a_word_that_folds_to_nothing_is_refused_by_name(word: str) -> None:
    with pytest.raises(InputError, match="blank"):
        Lexicon(["ok", word])


def test_one_string_is_no_list_of_words() -> None:
    with pytest.raises(TypeError):
        Lexicon("abc")
    with pytest.raises(TypeError):
        Lexicon([3])  # type: ignore[list-item]


def test_rules_share_a_pass_and_not_their_words() -> None:
    reader = Reader({"a": Lexicon(["加微信"]), "b": Lexicon(["微信"], allow=["加微信"]), "c": Lexicon(["docs"])})
    reading = reader.read("加微信")
    assert [hit.word for hit in reading.hits("a")] == ["加微信"]
    assert reading.hits("b") == reading.hits("c") == reading.hits("unheard of") == ()


def test_the_strings_of_parts_are_read_under_their_names() -> None:
    parts = (Part.of({"kind": "file", "name": "代购.pdf"}), Part.of({"kind": "link", "url": "代购", "title": "找代购"}))
    hits = Reader({"a": Lexicon(["代购"])}).read("", parts).hits("a")
    assert [(hit.field, hit.start, hit.end) for hit in hits] == [("parts[0].name", 0, 2), ("parts[1].title", 1, 3)]


def test_quotations_and_forwarded_records_are_read_on_request_only() -> None:
    text = '这是一条引用/回复消息："代购"\n------\n代购别发了'
    inner = {"text": "x", "parts": [{"kind": "link", "title": "代购"}, {"kind": "forwarded", "messages": ["代购"]}, 7]}
    parts = (Part.of({"kind": "forwarded", "messages": ["代购", {"text": "代购"}, inner, 5]}),)
    reader = Reader({"own": Lexicon(["代购"]), "all": Lexicon(["代购"], quotes=True)})
    reading = reader.read(text, parts)
    own = text.rindex("代购")
    assert [(hit.start, hit.field) for hit in reading.hits("own")] == [(own, None)]
    assert [hit.field for hit in reading.hits("all")] == [
        None, None, "parts[0].messages[0]", "parts[0].messages[1].text", "parts[0].messages[2].parts[0].title",
        "parts[0].messages[2].parts[1].messages[0]",
    ]  # fmt: skip


def test_forwarded_records_without_an_end_are_left_at_some_depth() -> None:
    record: dict[str, object] = {"kind": "forwarded", "messages": ["代购"]}
    for _ in range(10):
        record = {"kind": "forwarded", "messages": [{"parts": [record]}]}
    assert Reader({"all": Lexicon(["代购"], quotes=True)}).read("", (Part.of(record),)).hits("all") == ()


def test_a_reader_can_be_pickled() -> None:
    again = pickle.loads(pickle.dumps(Reader({"a": Lexicon(["加微信"])})))
    assert again.read("加微信").hits("a")


def test_a_reader_without_words_finds_nothing() -> None:
    assert Reader({}).read("加微信").hits("a") == ()


@pytest.mark.parametrize("unit", ["加", "a", "加微信\u0301", "cs ", "㎏"])
def test_a_long_message_of_nothing_but_hits_takes_linear_time(unit: str) -> None:
    text = unit * 30_000
    assert len(KeywordReader(["加", "a", "cs", "kg"], substring=True).find(text)) in (0, 30_000)
