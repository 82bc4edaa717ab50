"""Numbers whose digits somebody scatters: ``138.00 13-8000``, ``1 3 8，0013。8000``, ``138电0013话8000``.

Prose and tables hold rows of numbers, too. So eleven digits that could be those of a mobile number count only when they
stand as nobody writes a list: in the groups of one, with a group that begins with zero, with marks that change, or
after a word for telephone. Times, dates and rows that rise are none. Linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise

from groupcore.text.rewriting import MOST_REWRITES, Rewrite

_GAP = r"[\W_]{0,3}"
_UNITS = "元块人年月日号点分秒个万千百米斤次条岁楼层第至到和共约多亿倍天时期折级版届两钱票美刀块公里平克升度"


@cache
def _mobile() -> re.Pattern[str]:
    """The eleven digits of a mobile number and what is between them, alone."""
    first = rf"[3-9](?:{_GAP}[0-9]){{9}}"
    return re.compile(
        rf"1(?<![0-9a-z_].)(?<![0-9][ .,:/+*-].){_GAP}{first}(?![0-9a-z]|[ .,:/+*-]{{1,2}}[0-9]| ?[{_UNITS}%])"
    )


@cache
def worded() -> re.Pattern[str]:
    """A mobile number with Chinese characters between its groups. Its beginning is looked for in every text."""
    word = rf"[\[(【「]?(?:(?![{_UNITS}])[\u4e00-\u9fff]){{1,4}}[\])】」]?"
    return re.compile(
        rf"[3-9](?<=1[3-9])(?<![0-9a-z_]1.)([0-9]{{1,2}}){word}([0-9]{{3,4}}){word}([0-9]{{3,5}})(?![0-9])"
    )


WORDED = rf"[3-9](?<=1[3-9])[0-9]{{1,2}}[\[(【「]?(?![{_UNITS}])[\u4e00-\u9fff]{{1,4}}[\])】」]?[0-9]{{3}}"
"""The beginning of what `worded` finds, and of numbers that something is to be taken out of."""

_SAID = re.compile(
    r"(?:电话|手机|号码|联系|致电|拨打|短信|热线|微信|薇|加我|打给?|☎\ufe0f?|📞|📱"
    r"|(?<![a-z])(?:tel|phone|mobile|call|whatsapp|vx|wx|v|telegram|cell))[号码:是为 -]{0,4}\Z"
)
_SAID_AFTER = re.compile(r"[ ,(]{0,2}(?:微信|同号|电话|vx|联系)").match


def scattered(text: str) -> Iterator[Rewrite]:
    """What stands for a mobile number in *text*, as its digits."""
    for match in islice(_mobile().finditer(text), MOST_REWRITES):
        if _is_scattered(match[0], _is_said(text, *match.span())):
            yield Rewrite(*match.span(), _digits(match[0]), "scattered")
    for match in islice(worded().finditer(text), MOST_REWRITES):
        start = match.start() - 1
        digits = _digits(text[start : match.end()])
        sure = match[2][0] == "0" or match[3][0] == "0" or _is_said(text, start, match.end())
        if len(digits) == 11 and sure:
            yield Rewrite(start, match.end(), digits, "scattered")


def _is_scattered(number: str, said: bool) -> bool:
    """Whether *number*, eleven digits with something between them, is one; *said* when a word for telephone is near."""
    groups, gaps = re.findall("[0-9]+", number), re.findall("[^0-9]+", number)
    sizes, between = [len(group) for group in groups], {*gaps}
    if not gaps or _rises(groups) or (between <= {" ", "-"} and sizes in ([3, 4, 4], [7, 4], [3, 8])):
        return False  # nothing is scattered, or a list
    if any("\n" in gap for gap in between) and (len(between) > 1 or max(sizes) != min(sizes)):
        return said and sizes == [3, 4, 4]
    if said:
        return True
    if any(":" in gap for gap in between) or any(_YEAR(group) for group in groups):
        return False
    if (gaps[:3] == [".", ".", "."] and len(between) > 1) or _DAY(number):  # 192.0.2.1 50007, 15.03.07 22.19.1
        return False
    if max(sizes) > 1 and (_is_table(gaps) or len(_DECIMAL(number)) > 1):
        return False
    grouped = sizes in ([3, 4, 4], [4, 3, 4], [3, 3, 5])
    if not grouped and any(mark in gap for gap in between for mark in "()[]"):
        return False
    listed = any(mark in gap for gap in between for mark in ",;=+")
    alike = len(between) == 1  # as in 13,800,038,000
    padded = any(len(group) > 1 and group[0] == "0" for group in groups[1:])
    if listed and max(sizes) == 2:
        return False
    if padded and not (alike and (_is_drawn(groups) or (listed and not grouped))):
        return True
    if grouped:
        return not listed and (sizes == [3, 4, 4] or not all(map(str.isspace, gaps)))
    if alike:
        return max(sizes) == 1 and gaps[0] in ("/", "_", "\n")
    return len(groups) > 4


def _is_table(gaps: list[str]) -> bool:
    """Whether two marks take turns, as in a row of decimals or of results: ``13.5 20.3 45.6 7.8``."""
    return len(gaps) > 3 and len({*gaps}) == 2 and len({*gaps[::2]}) == 1 and len({*gaps[1::2]}) == 1


_DECIMAL = re.compile(r"(?<![0-9.])[0-9]+\.[0-9]+(?=[ ,;]|\Z)").findall
_DAY = re.compile(r"[0-9]{2}([./-])(?:0[1-9]|1[0-2])\1[0-3][0-9](?![0-9./-])").match
_YEAR = re.compile(r"(?:19|20)[0-9]{2}\Z").match


def _is_drawn(groups: list[str]) -> bool:
    """Whether *groups* may be what was drawn in a lottery, or days or levels of a game: ``15 03 07 22 19 1``."""
    return all(len(group) < 3 and 0 < int(group) < 50 for group in groups)


def _rises(groups: list[str]) -> bool:
    """Whether *groups* are the numbers of a list in order: ``1, 3, 5, 7, 9, 11, 13, 15``."""
    padded = any(group[0] == "0" for group in groups)
    return len(groups) > 3 and not padded and all(int(left) < int(right) for left, right in pairwise(groups))


def _is_said(text: str, start: int, end: int) -> bool:
    return _SAID.search(text, max(start - 12, 0), start) is not None or _SAID_AFTER(text, end) is not None


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


# ids of QQ ---------------------------------------------------------------------------------------------------------


_SIGNS = "扣抠叩寇蔻秋球丘鹅群裙羊口峮羣🐧"


@cache
def _announced() -> re.Pattern[str]:
    """A sign of QQ or of a group, and digits with something between them."""
    return re.compile(
        rf"(?P<sign>(?<![a-z])q{{1,2}}|(?<![a-z])qun|(?<!人)[{_SIGNS}])"
        r"(?P<between>[号码:是群裙聊组 \ufe0f]{0,5})"
        rf"(?P<number>[1-9](?:{_GAP}[0-9]){{5,9}})(?!{_GAP}[0-9]| ?[{_UNITS}%]|[a-z])"
    )


def in_groups(text: str) -> Iterator[Rewrite]:
    """What stands for the number of a person or a group after a sign of QQ, as its digits."""
    if "q" not in text and (text.isascii() or not any(sign in text for sign in _SIGNS)):
        return
    for match in islice(_announced().finditer(text), MOST_REWRITES):
        groups, gaps = re.findall("[0-9]+", match["number"]), re.findall("[^0-9]+", match["number"])
        if gaps and _is_meant(match, groups, {*gaps}):
            trick = "noise" if len({*gaps}) == 1 else "scattered"
            yield Rewrite(*match.span("number"), "".join(groups), trick)


def _is_meant(match: re.Match[str], groups: list[str], gaps: set[str]) -> bool:
    """Whether *groups* of digits with *gaps* between them, as they stand in *match*, are one number."""
    if _counts(match["number"]) or _ENDS_A_SUM(match.string, match.end()):
        return False
    if any("\n" in gap for gap in gaps) and min(map(len, groups)) != max(map(len, groups)):
        return False
    if ":" in match["between"] or "号" in match["between"]:
        return not _is_list(match, groups, gaps)
    if (
        match["sign"] == "q"
        or (_rises(groups) and min(map(len, groups)) < 2)
        or any(mark in gap for gap in gaps for mark in ",:=+")
    ):
        return False
    if len(gaps) == 1 and min(map(len, groups)) > 2:
        return not all(group.endswith("00") for group in groups)
    return len(groups) > 3


def _is_list(match: re.Match[str], groups: list[str], gaps: set[str]) -> bool:
    """Whether *groups*, announced by a colon or 号, are several numbers: after a sign that says little, many are."""
    if (_rises(groups) and min(map(len, groups)) < 2) or all(group.endswith("00") for group in groups):
        return True
    if "号" in match["between"] or not _says_little(match.string, match.start(), match["sign"]):
        return False
    number, question = match["number"], match["sign"] == "q"
    if any(mark in gap for gap in gaps for mark in ",:;=+×÷<>") or all(group[-1] == "0" for group in groups):
        return True
    if (_rises(groups) and (not question or len(gaps) == 1)) or len(_DECIMAL(number)) > 1 or _ADDRESS(number):
        return True
    return question and (_ASKS(match.string, match.end()) is not None or _computes(groups, gaps))


def _says_little(text: str, start: int, sign: str) -> bool:
    """Whether *sign* at *start* is no more than ``Q:``, as before a question, or ``群:``, as in 活动群 and 本群."""
    return sign in ("q", "群") and _SAYS_MORE(text, max(start - 3, 0), start) is None


_SAYS_MORE = re.compile(r"(?:[加➕进入扣鹅q微v+]|联系|我的|交流|粉丝|福利|资源|学习|游戏) ?\Z").search
_LITTLE = re.compile(r"(?:(?<![a-z])q|群)(?=[: ]{1,3}\Z)").search
_ENDS_A_SUM = re.compile(r" ?= ?(?:[0-9?_(]|\Z)").match
_ASKS = re.compile(r"[ \n]{0,2}\?").match
_ADDRESS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}\Z").match


def _computes(groups: list[str], gaps: set[str]) -> bool:
    """Whether the marks in *gaps* reckon with *groups*: ``123*456``, ``120 / 4 - 12``."""
    if len(groups) == 2:
        return any(mark in gap for gap in gaps for mark in "*/^") or " - " in gaps
    spaced = {gap.strip() for gap in gaps if gap != gap.strip()} & {"*", "/", "-", "^"}
    return bool(spaced) and not (spaced == {"-"} and len(groups[0]) == len(groups[1]) > 2)


_COUNTS = (
    r"(?:19|20)[0-9]{2}[\W_]{1,2}[01]?[0-9](?![0-9])",  # 2024-12-15
    r"(?:19|20)[0-9]{2}[\W_]{1,3}(?:19|20)[0-9]{2}\Z",
    r"[0-3]?[0-9]([./-])[0-3]?[0-9]\1(?:19|20)[0-9]{2}(?![0-9])",
    r"1?[0-9]([./-])[0-3]?[0-9](?!\2)[\W_]{1,3}1?[0-9]\2[0-3]?[0-9]\Z",  # 12.25-12.31
    r".*?(?<![0-9])(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?![0-9])",
    r"[1-9][0-9]{0,2}(?:,[0-9]{3})*,000\Z",
    r"[^=]*[+*/×÷-][^=]*=",
)
_counts = re.compile("|".join(_COUNTS), re.DOTALL).match
"""Whether a row of digits tells days, times or an amount, or is a sum, whatever stands before it."""


def is_asked_about(text: str, start: int, end: int) -> bool:
    """Whether single digits from *start* to *end* of *text* are a row after ``Q:`` or ``群:``: ``Q: 1 3 5 7 9 11``."""
    sign = _LITTLE(text, max(start - 4, 0), start)
    if sign is None or not _says_little(text, sign.start(), sign[0]):
        return False
    row = re.findall("[0-9]+", text[start:end])
    return _rises(row) or _GOES_ON(text, end) is not None


_GOES_ON = re.compile(r"[ \n]{0,2}(?:[?=]|[0-9])").match
