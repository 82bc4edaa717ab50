from __future__ import annotations

import pytest

from groupcore.text.quoting import own_start

WECHAT = "\n- - - - - - - - - - - - - - -\n"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ('这是一条引用/回复消息："\n------\n@nick777', "@nick777"),
        ('这是一条引用/回复消息："代购\n------\n不要', "不要"),
        ("“张三：\n代购”\n------\n不要", "不要"),
        (f"「Amy：代购」{WECHAT}不要", "不要"),
        (f"「Amy：「x」{WECHAT}y」{WECHAT}不要", f"y」{WECHAT}不要"),  # ends at the first separator
    ],
)
def test_what_follows_a_quotation_is_the_senders_own(text: str, own: str) -> None:
    assert text[own_start(text) :] == own


@pytest.mark.parametrize(
    "text",
    [
        "",
        "你好",
        "代购\n------\n好",
        "“代购\n------\n好",
        "「代购」",
        f"代购」{WECHAT}x",
        "这是一条引用/回复消息：代购",
        "「a」\n---\nb",
    ],
)
def test_what_only_resembles_a_quotation_is_all_own(text: str) -> None:
    assert own_start(text) == 0
