from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policies import oracles

from groupcore.messages import Part
from groupcore.policies import LengthPolicy, Match
from groupcore.policies.length import count_lines
from groupcore.text import Reader

stretchy = st.text(st.sampled_from("ab加\n\r\u2028\u2029\x0b\x85é\u0301\u0958\U0001d160\ufb2c😀 "), max_size=30)


def find(policy: LengthPolicy, text: str, parts: tuple[Part, ...] = ()) -> Match | None:
    return policy.find(Reader({}).read(text, parts))


@given(stretchy, st.integers(1, 40), st.integers(1, 8))
def test_it_agrees_with_the_oracle(text: str, max_chars: int, max_lines: int) -> None:
    match = find(LengthPolicy(id="long", max_chars=max_chars, max_lines=max_lines), text)
    evidence: dict[str, int] = {}
    if oracles.chars(text) > max_chars:
        evidence |= {"chars": oracles.chars(text), "max_chars": max_chars}
    if oracles.lines(text) > max_lines:
        evidence |= {"lines": oracles.lines(text), "max_lines": max_lines}
    assert (match.evidence if match else {}) == evidence
    assert match is None or match.spans == ((0, len(text)),)


@given(st.text(max_size=30), st.integers(1, 60))
def test_bytes_are_those_of_utf_8(text: str, limit: int) -> None:
    match = find(LengthPolicy(id="long", max_chars=limit, unit="bytes"), text)
    size = len(text.encode("utf-8", "replace"))
    assert (match is not None) is (size > limit)
    assert match is None or match.evidence == {"chars": size, "max_chars": limit, "unit": "bytes"}


@given(stretchy)
def test_lines_agree_with_the_oracle(text: str) -> None:
    assert count_lines(text) == oracles.lines(text)


@pytest.mark.parametrize(
    ("text", "lines"), [("", 0), ("a", 1), ("a\n", 1), ("\n", 1), ("\n\n", 2), ("a\r\nb", 2), ("a\n\nb", 3), ("a\r", 1)]
)
def test_what_a_line_is(text: str, lines: int) -> None:
    assert count_lines(text) == lines == oracles.lines(text)


def test_the_limit_itself_is_allowed() -> None:
    policy = LengthPolicy(id="long", max_chars=500, max_lines=20)
    assert find(policy, "字" * 500) is None
    assert find(policy, "字" * 501) is not None
    assert find(policy, "x\n" * 20) is None
    assert find(policy, "x\n" * 20 + "y") is not None


def test_a_quotation_and_the_strings_of_parts_do_not_count() -> None:
    policy = LengthPolicy(id="long", max_chars=5, max_lines=2)
    head = f'这是一条引用/回复消息："{"长" * 99}"\n------\n'
    assert find(policy, head + "好的", (Part.of({"kind": "link", "description": "长" * 99}),)) is None
    match = find(policy, head + "好的好的好的")
    assert match is not None
    assert match.spans == ((len(head), len(head) + 6),)
    assert match.evidence == {"chars": 6, "max_chars": 5}


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({}, "needs a limit"),
        ({"max_chars": 0}, "at least 1"),
        ({"max_lines": "5"}, "number"),
        ({"max_chars": True}, "number"),
        ({"max_chars": 5, "unit": "words"}, "unit"),
    ],
)
def test_bad_settings_are_refused(settings: dict[str, object], problem: str) -> None:
    with pytest.raises((ValueError, TypeError), match=problem):
        LengthPolicy(id="long", **settings)  # type: ignore[arg-type]
