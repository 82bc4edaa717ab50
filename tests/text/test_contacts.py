from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.text.strategies import texts

from groupcore.messages import Part
from groupcore.text import Reader, find_contacts


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
        "1024x768",
        "",
    ],
)
def test_what_is_no_contact(text: str) -> None:
    assert find_contacts(text) == []


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
    started = time.perf_counter()
    find_contacts(unit * (200_000 // len(unit)))
    assert time.perf_counter() - started < 5


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
