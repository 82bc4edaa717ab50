"""Whatever is repeated without end is read in a time that grows with its length, and not much of it."""

from __future__ import annotations

import pytest
from tests.text.pace import passes

from groupcore.text import KeywordReader, find_contacts, find_links, fingerprint
from groupcore.text.rewriting import MOST

STRICT = KeywordReader(["加微信", "代购", "cs", "vx", "a"], fold="strict")

UNITS = [
    *(
        "hxxp",
        "hxxp://",
        "hxxps://a[.]b ",
        "[.]",
        "a[.]",
        "[dot]",
        "a dot ",
        " dot com",
        "a . ",
        "a .com ",
        ". ",
        "www.",
    ),
    *(" 点 ", "a点", "a 点 com", "点com", "点", "。", "a。", "a·", "ａ．", "Ⓐ.", "𝐚.", ".\u200b", "a\u200b", ".国"),
    *(
        "a.",
        ".",
        "a.b.",
        "a.com ",
        "bit.ly/x ",
        "1.",
        "1.2.3.4/",
        "http://",
        "http://a@",
        "http://[",
        "://",
        "：//",
        "：",
    ),
    *("weixin://", "#小程序://", "￥", "￥AbC1dEfGh2i", "复制淘宝(AbC1dEfGh2i)", "\\/x", "a_.", "xn--a.", "é.", "A."),
    *("1", "12345 ", "一", "壹三 ", "①", "138-0013-8000 ", "138*0013*8000 ", "+1", "(010)", "1️⃣", "\u0661"),
    *("@", "a@", "ab.cd@", "(at)", "a(at)b", "a圈a", "艾特", "a#qq.com", "a at b dot ", "@a点com"),
    *(
        "薇",
        "薇❤",
        "薇❤lin_0816",
        "v x ",
        "v:",
        "加v ",
        "微信:",
        "微信号id:",
        "wx:=(",
        "🐧1",
        "qq",
        "加裙",
        "w e i ",
        "l.i.",
    ),
    *(
        "e x ",
        "e . c o ",
        "e.x.c.o.m.",
        "a\n",
        "🇪 ",
        "w w w.",
        "a . c o m ",
        "a删",
        "删",
        "a中",
        "://%41",
        "&#46;",
        "..com",
    ),
    *(".gg/a ", "tg:@abcde ", "8。8。", ".c0m", "a丶com ", "gg /", "://xn--中"),
    *(
        "1 3,8.",
        "138.",
        "13,",
        "1_3/",
        "1删",
        "138哈0013哈",
        "138电",
        "群1",
        "群❤1",
        "微。",
        "q 12 ",
        "qq 12.34.",
        "+1.23.4",
    ),
    *(
        "a @ ",
        "n a m e @ q ",
        "a*qq.com",
        "@@qq.com",
        "a下划线",
        "薇lin",
        "薇号",
        "v我a",
        "abc1(vx)",
        "微信\n",
        "(415) 555-",
    ),
    *("%41", "%e4%bd%a0", "&amp;", "&#65;", "\u0301", "e\u0301", "「", "\n", "\n------\n", "😀", "\ud800"),
]


READERS = (find_links, find_contacts, fingerprint, STRICT.find)
PASSES = 500  # the slowest takes 140: a hit at every second character


@pytest.mark.parametrize("unit", UNITS)
def test_a_long_text_is_read_in_a_moment(unit: str) -> None:
    assert passes(unit * (100_000 // len(unit)), *READERS) < PASSES


@pytest.mark.soak
@pytest.mark.parametrize("unit", UNITS)
def test_a_megabyte_takes_as_many_passes_as_a_tenth_of_it(unit: str) -> None:
    tenth = min(passes(unit * (100_000 // len(unit)), *READERS) for _ in range(3))
    whole = passes(unit * (1_000_000 // len(unit)), *READERS)
    assert whole < 3 * max(tenth, 10)
    assert whole < PASSES


def test_so_many_links_and_no_more_are_looked_at() -> None:
    assert len(find_links("a.com " * (MOST + 5))) == MOST
    assert len(find_links("看hxxp://a.com " * (MOST + 5))) == MOST
    assert len(find_contacts("13800138000, " * (MOST + 5))) == MOST
