from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.text.pace import passes
from tests.text.strategies import texts

from groupcore.messages import Part
from groupcore.text import Reader, find_contacts
from groupcore.text.contacts import CONTACT_TRICKS, contacts_of


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("13800138000", "phone", "13800138000"),
        ("电话138 0013 8000。", "phone", "13800138000"),
        ("tel:138-0013-8000", "phone", "13800138000"),
        ("+86 138-0013-8000", "phone", "13800138000"),
        ("+8613800138000", "phone", "13800138000"),
        ("008613800138000", "phone", "13800138000"),
        ("加v13800138000", "phone", "13800138000"),
        ("１３８００１３８０００", "phone", "13800138000"),
        ("138\u200b00138000", "phone", "13800138000"),
        ("010-12345678", "phone", "01012345678"),
        ("(0755) 1234 5678", "phone", "075512345678"),
        ("+1 415 555 2671", "phone", "+14155552671"),
        ("+44 (20) 7946 0958", "phone", "+442079460958"),
        ("邮箱abc.def@example.com哦", "email", "abc.def@example.com"),
        ("ＡＢＣ＠ＱＱ．ＣＯＭ", "email", "abc@qq.com"),
        ("<a+b@mail.example.co.uk>", "email", "a+b@mail.example.co.uk"),
        ("微信：lin_0816", "wechat", "lin_0816"),
        ("加微信lin0816", "wechat", "lin0816"),
        ("加V abc-12345", "wechat", "abc-12345"),
        ("vx:hello_world", "wechat", "hello_world"),
        ("VX：helloo", "wechat", "helloo"),
        ("薇信号 abcdefg", "wechat", "abcdefg"),
        ("wechat: mybrand", "wechat", "mybrand"),
        ("wxid_a1b2c3d4e5f6", "wechat", "wxid_a1b2c3d4e5f6"),
        ("QQ 123456789", "qq", "123456789"),
        ("qq12345678", "qq", "12345678"),
        ("QQ群：１２３４５６７８９", "qq", "123456789"),
        ("扣扣号是12345", "qq", "12345"),
        ("加群 987654321", "qq", "987654321"),
    ],
)
def test_a_contact_and_its_value(text: str, kind: str, value: str) -> None:
    assert [(hit.kind, hit.value) for hit in find_contacts(text)] == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "订单号13800138000",
        "单号：13800138000",
        "order #13800138000",
        "1500000000000",
        "113800138000",
        "138001380001",
        "¥13800138000",
        "13800138000.50",
        "0.13800138000",
        "a13800138000b",
        "id=13800138000",
        "x_13800138000",
        "http://e.com/13800138000",
        "https://e.com/?q=13800138000",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "192.168.100.200",
        "2019-12-11 11:21:22",
        "20191211112122",
        "12800138000",
        "+1 for this",
        "1+12345678",
        "010 元",
        "2020-2021",
        "09:00-12:00",
        "foo@2x.png",
        "pkg@1.2.3",
        "git@github.com:a/b.git",
        "@someone",
        "a@b",
        "a@@b.com",
        "mongodb://u:p@db.example.com/x",
        "wechat payment",
        "微信 payment",
        "微信支付100000",
        "wxpython",
        "wx12345678",
        "微信abc",
        "vx",
        "-v: address",
        "wx1234567890abcdef",
        "QQ音乐 2020",
        "qq 1234",
        "QQ 2020年",
        "QQ 10000人",
        "qq.com",
        "群里123456",
        "watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "hxxps://www.youtube[.]com/watch?v=dQw4w9WgXcQ",
        "https://e.com/x?a=1&vx=lin_0816&qq=12345678",
        "https://e.com/#wechat=lin_0816",
        "e.com/x?wx=lin08166&q=12345678",
        "?q=12345678",
        "&qq=12345678",
        "style.css?v=a1b2c3d4",
        "tg://resolve?domain=x&v=abc12345",
        "self.v=abc1234",
        "--v=abc12345",
        "$v=abc1234",
        "1024x768",
        "",
    ],
)
def test_what_is_no_contact(text: str) -> None:
    assert find_contacts(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "vx=lin_0816",
        "有兴趣吗？vx=lin_0816",
        "来https://e.com/x?v=abc_12345 vx:lin_0816",
        "加vx=lin_0816",
        "/vx:lin_0816",
    ],
)
def test_a_sign_beside_a_link_or_after_a_question_still_counts(text: str) -> None:
    assert [(hit.kind, hit.value) for hit in find_contacts(text)] == [("wechat", "lin_0816")]


def test_spans_count_in_the_original() -> None:
    text = "㎏\u200b电话１３８ ００１３ ８０００！"
    (hit,) = find_contacts(text)
    assert text[hit.start : hit.end] == "１３８ ００１３ ８０００"


def test_of_two_that_overlap_the_likelier_is_kept() -> None:
    assert [(hit.kind, hit.value) for hit in find_contacts("QQ：13800138000 13900139000@139.com")] == [
        ("qq", "13800138000"), ("email", "13900139000@139.com"),
    ]  # fmt: skip


@given(texts, st.sampled_from(["13800138000", "abc@example.com", "微信:lin_0816", "QQ:12345678"]), texts)
def test_a_contact_is_found_wherever_it_stands(before: str, contact: str, after: str) -> None:
    text = f"{before} {contact} {after}"
    hits = find_contacts(text)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert all(left.end <= right.start for left, right in pairwise(hits))


@given(st.text(st.sampled_from("0123456789+-() 加微信vxq@.a群:：１\ud800_"), max_size=50))
def test_no_text_makes_it_raise(text: str) -> None:
    find_contacts(text)


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "1-", "a@", "@", "微信", "v:", "qq", "加v ", "+1", "(0", "a", ".a@b", "138", "1(", "a."]
)
def test_time_is_linear_whatever_is_repeated(unit: str) -> None:
    assert passes(unit * (200_000 // len(unit)), find_contacts) < 500


def test_contacts_of_parts_carry_the_name_of_their_string() -> None:
    parts = (
        Part.of({"kind": "mini-program", "app": "13800138000", "title": "电话13800138000"}),
        Part.of({"kind": "image", "qr": ["QQ:12345678"]}),
        Part.of({"kind": "link", "url": "https://e.com/13800138000"}),
    )
    found = [(hit.field, hit.kind) for hit in Reader({}).read("", parts).contacts]
    assert found == [("parts[0].title", "phone"), ("parts[1].qr[0]", "qq")]


def test_a_quoted_contact_is_not_the_senders() -> None:
    text = '这是一条引用/回复消息："打13800138000"\n------\n别打'
    assert Reader({}).read(text).contacts == ()


HIDDEN = [
    ("壹叁捌00138000", "phone", "13800138000", ("digits",)),
    ("打一三八零零一三八零零零吧", "phone", "13800138000", ("digits",)),
    ("①③⑧⓪⓪①③⑧⓪⓪⓪", "phone", "13800138000", ("digits",)),
    ("❶❸❽00138000", "phone", "13800138000", ("digits",)),
    ("电话：١٣٨٠٠١٣٨٠٠٠", "phone", "13800138000", ("digits",)),
    ("1 3 8 0 0 1 3 8 0 0 0", "phone", "13800138000", ("noise",)),
    ("138*0013*8000", "phone", "13800138000", ("noise",)),
    ("138🌸0013🌸8000", "phone", "13800138000", ("noise",)),
    ("138——0013——8000", "phone", "13800138000", ("noise",)),
    ("薇❤：lin_0816", "wechat", "lin_0816", ("sign",)),
    ("V❤ lin0816", "wechat", "lin0816", ("sign",)),
    ("V-X: lin0816", "wechat", "lin0816", ("sign",)),
    ("wei信 lin0816", "wechat", "lin0816", ("sign",)),
    ("绿泡泡：lin0816", "wechat", "lin0816", ("sign",)),
    ("家v lin0816", "wechat", "lin0816", ("sign",)),
    ("微信 l i n 0 8 1 6", "wechat", "lin0816", ("noise",)),
    ("秋秋12345678", "qq", "12345678", ("sign",)),
    ("🐧12345678", "qq", "12345678", ("sign",)),
    ("Q Q 12345678", "qq", "12345678", ("sign",)),
    ("加裙 12345678", "qq", "12345678", ("sign",)),
    ("裙号：一二三四五六七八", "qq", "12345678", ("digits", "sign")),
    ("QQ：1 2 3 4 5 6 7 8", "qq", "12345678", ("noise",)),
    ("abc(at)gmail.com", "email", "abc@gmail.com", ("at-word",)),
    ("abc[at]gmail[dot]com", "email", "abc@gmail.com", ("at-word",)),
    ("abc艾特qq点com", "email", "abc@qq.com", ("at-word",)),
    ("write abc at gmail dot com", "email", "abc@gmail.com", ("at-word",)),
    ("12345678#qq.com", "email", "12345678@qq.com", ("at-word",)),
]


@pytest.mark.parametrize(("text", "kind", "value", "steps"), HIDDEN)
def test_a_hidden_contact_is_found_with_the_names_of_its_tricks(
    text: str, kind: str, value: str, steps: tuple[str, ...]
) -> None:
    (hit,) = find_contacts(text)
    assert (hit.kind, hit.value, hit.steps) == (kind, value, steps)
    assert hit.score < 1
    assert text[hit.start].strip()
    assert text[hit.end - 1].strip()


@pytest.mark.parametrize(("text", "steps"), [(text, steps) for text, _, _, steps in HIDDEN])
def test_each_trick_can_be_switched_off_by_its_name(text: str, steps: tuple[str, ...]) -> None:
    for step in steps:
        others = [name for name in CONTACT_TRICKS if name != step]
        assert all(step not in hit.steps for hit in find_contacts(text, others))
    assert all(not hit.steps for hit in find_contacts(text, False))


@pytest.mark.parametrize(
    "text",
    [
        "二〇一九年一二月三一日",
        "三三两两，一五一十，七七八八",
        "一二三四五六七",
        "look at github.com",
        "meet me at ten dot com",
        "[1, 3, 8, 0, 0, 1, 3, 8, 0, 0, 0]",
        "138.0013.8000.1",
        "1 3 8 0 0 1 3 8 0 0 0 1 2",
        "F_Z + VALUE_OF_A;",
        "wcFMA+VrF7mJRFfsAQ/7",
        "加家里的 password1",
        "维生素C lin0816",
        "球球大作战 2020",
        "企鹅 1234",
        "穿裙子12345678",
        "我❤abc",
        "❶看书❷写字❸睡觉❹吃饭❺出门",
        "①1 ②2 ③3",
        "Java#com",
    ],
)
def test_prose_that_only_looks_like_a_trick(text: str) -> None:
    assert find_contacts(text) == []


def test_the_contacts_of_a_message_take_the_same_tricks_everywhere() -> None:
    parts = (
        Part.of({"kind": "image", "qr": ["薇❤：lin_0816"]}),
        Part.of({"kind": "link", "url": "https://e.com/13800138000"}),
    )
    found = contacts_of("壹叁捌00138000", parts)
    assert [(hit.field, hit.value) for hit in found] == [(None, "13800138000"), ("parts[0].qr[0]", "lin_0816")]
    assert contacts_of("壹叁捌00138000", parts, False) == ()


HARD = "013８①一壹零❶⁹\u20e3\ufe0f.-* ,薇❤微信vVxXQq加群裙🐧lin_at(at)[dot]@艾特点com#.\u0661\ud800\n"


@given(st.text(st.sampled_from(HARD), max_size=60))
def test_no_hidden_contact_makes_it_raise_and_spans_do_not_overlap(text: str) -> None:
    hits = find_contacts(text)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert all(left.end <= right.start for left, right in pairwise(hits))
    assert all((hit.score < 1) == bool(hit.steps) for hit in hits)


@given(texts, st.sampled_from(HIDDEN), texts)
def test_a_hidden_contact_is_found_wherever_it_stands(
    before: str, hidden: tuple[str, str, str, tuple[str, ...]], after: str
) -> None:
    text, kind, value, _ = hidden
    assert (kind, value) in [(hit.kind, hit.value) for hit in find_contacts(f"{before}\n。{text}。\n{after}")]


@pytest.mark.parametrize(
    "unit",
    [
        "①",
        "一",
        "1 ",
        "1*",
        "壹.",
        "薇❤",
        "v x ",
        "加裙",
        "(at)",
        "a(at)b",
        "🐧1",
        "1️⃣",
        "a at b dot ",
        "138*0013*8000 ",
    ],
)
def test_time_is_linear_whatever_trick_is_repeated(unit: str) -> None:
    assert passes(unit * (200_000 // len(unit)), find_contacts) < 500


COUNTS = {
    "sums": [
        "Q: 12+34+56=?",
        "Q: 12 + 34 + 56 = ?",
        "Q: 12*34-567=?",
        "Q: 123*456",
        "群: 12+34+56",
        "QQ: 12+34+56=102",
    ],
    "amounts": [
        "人群: 1,000,000",
        "本群: 1,234,567",
        "Q: 1,234,567",
        "QQ: 12,000,000",
        "销量13,800,038,000",
        "人群: 1000000",
    ],
    "times": ["Q:15:30-16:30", "群: 18:00-19:00", "活动群: 18:00-19:00", "QQ: 18:00-19:00", "群号: 18:00~19:00"],
    "days": ["Q: 12-25-2024", "活动群: 12.25-12.31", "群: 12/25 - 12/31", "Q: 2019-2020", "15.03.07 22.19.1"],
    "lists": [
        "Q: 100, 200, 300",
        "QQ: 100, 200, 300",
        "Q: 10 20 30 40",
        "Q: 12.5 13.5 20.1",
        "Q: 1 3 5 7 9 11",
        "Q: 1 1 2 3 5 8 ?",
        "Q: 123 456 789?",
        "Q: 192.168.1.1",
        "群: 1 2 3 4 5 6",
        "群: 25-30, 35-40",
        "密码 15 03 07 22 19 1",
        "15-03-07-22-19-1",
        "开奖 15 03 07 22 19 + 1",
        "150, 030, 722, 19",
    ],
}


@pytest.mark.parametrize("text", [text for family in COUNTS.values() for text in family])
def test_sums_amounts_times_days_and_lists_are_no_contacts(text: str) -> None:
    assert find_contacts(text) == []
    assert find_contacts(f"大家看 {text}") == []


@given(st.integers(10, 99), st.integers(10, 99), st.integers(100, 999), st.sampled_from(["Q: ", "群: ", "本群："]))
def test_rows_of_any_numbers_after_a_sign_that_says_little_are_none(one: int, two: int, three: int, sign: str) -> None:
    for row in (
        f"{one} + {two} + {three} = ?",
        f"{one},{three},{three}",
        f"{one}, {two}, {three}",
        f"{one}={two}={three}",
    ):
        assert find_contacts(sign + row) == []


@pytest.mark.parametrize(
    "sign", ["羣号: ", "峮号: ", "蔻蔻: ", "寇寇: ", "裙号: ", "群号: ", "本群: ", "加Q: ", "q：", "QQ群: ", "交流群: "]
)
@pytest.mark.parametrize("number", ["123 456 7890", "123-456-7890"])
def test_every_sign_of_qq_announces_scattered_digits(sign: str, number: str) -> None:
    assert [(hit.kind, hit.value) for hit in find_contacts(sign + number)] == [("qq", "1234567890")]
