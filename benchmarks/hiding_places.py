"""How many of the links and contacts that somebody hides are found, by kind and style, and what clean text sets off.

    uv run python benchmarks/hiding_places.py [DATA] [--show] [--misses]

What is hidden is made up by a seeded generator, which shares no table with groupcore: random hosts, numbers and ids,
each written in a style with parts drawn at random, in a sentence drawn at random. One counts as found when a hit has
exactly its host, or its kind and value. Shares come with their n and a Wilson 95% interval. Clean are all messages of
Gitter and of the IRC of Ubuntu, the comments of COLD, the sentences of CNTP that are not toxic and the ham of tg-spam;
``--show`` prints each hidden hit in them, to be read by hand, ``--misses`` three misses of each style.
"""

from __future__ import annotations

import os
import random
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.links_compare import texts
from benchmarks.reading_evasion import wilson
from groupcore.text import find_contacts, find_links

SEED = 20261122
N = 300
Chance = random.Random


class Hidden(NamedTuple):
    """A text that hides something: what, as `find_links` (a host) or `find_contacts` (kind and value) would tell it."""

    text: str
    kind: str
    value: str


Maker = Callable[[Chance], Hidden]

SENTENCES = (
    "{}",
    "{}",
    "大家看 {} 不错",
    "有兴趣的{}，谢谢",
    "Hi all, {} is what you want",
    "限时福利！！！ {}",
    "加油\n{}\n等你",
)


def said(chance: Chance, text: str) -> str:
    sentence = chance.choice(SENTENCES)
    glued = text[0].isascii() and not sentence.startswith("{") and "的{" in sentence
    return sentence.format(f" {text}" if glued else text)


# digits ------------------------------------------------------------------------------------------------------------

STYLES = {
    "plain": "0123456789",
    "full-width": "０１２３４５６７８９",
    "circled": "⓪①②③④⑤⑥⑦⑧⑨",
    "dark": "⓿❶❷❸❹❺❻❼❽❾",
    "Chinese": "零一二三四五六七八九",
    "on cheques": "零壹贰叁肆伍陆柒捌玖",
    "raised": "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "bold": "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "Arabic": "٠١٢٣٤٥٦٧٨٩",
}
EMOJI = "🌸🍀✨🔥❤⭐🎉🌟"
MARKS = " -.*~·_|、。/"


def written(style: str) -> Callable[[Chance, str], str]:
    """A writer of digits in one style."""
    return lambda chance, digits: "".join(STYLES[style][int(digit)] for digit in digits)


def keycaps(chance: Chance, digits: str) -> str:
    return "".join(f"{digit}\ufe0f\u20e3" for digit in digits)


def mixed(chance: Chance, digits: str) -> str:
    styles = chance.sample([style for style in STYLES if style not in ("raised", "Arabic")], 3)
    return "".join(STYLES[chance.choice(styles)][int(digit)] for digit in digits)


def spaced(chance: Chance, digits: str) -> str:
    return chance.choice(" -.*~·|").join(digits)


def decorated(chance: Chance, digits: str) -> str:
    return "".join(f"{digit}{chance.choice(EMOJI)}" for digit in digits)[:-1]


def irregular(chance: Chance, digits: str) -> str:
    """Marks that change, after one to three digits each."""
    pieces, at = [], 0
    while at < len(digits):
        size = chance.randint(1, 3)
        pieces.append(digits[at : at + size])
        at += size
    return "".join(piece + chance.choice(MARKS) for piece in pieces)[:-1]


def in_groups(chance: Chance, digits: str) -> str:
    sizes = (3, 4, 4) if len(digits) == 11 else (3, 3, len(digits) - 6)
    gap, pieces, at = chance.choice((" ", "-", ".", " - ", "  ", "——", "_", "/")), [], 0
    for size in sizes:
        pieces.append(digits[at : at + size])
        at += size
    return gap.join(pieces)


def with_words(chance: Chance, digits: str) -> str:
    """The number in two or three groups, a word to be taken out between them."""
    word = chance.choice(("删", "（删）", "(删除)", "【删】"))
    return f"{digits[:3]}{word}{digits[3:7]}{chance.choice((word, ''))}{digits[7:]}"


DIGITS: dict[str, Callable[[Chance, str], str]] = {
    **{style: written(style) for style in STYLES},
    "keycaps": keycaps,
    "styles mixed": mixed,
    "a mark between all": spaced,
    "emoji between all": decorated,
    "marks that change": irregular,
    "in groups": in_groups,
    "words to take out": with_words,
}


def number(chance: Chance, size: int) -> str:
    return chance.choice("123456789") + "".join(chance.choice("0123456789") for _ in range(size - 1))


def mobiles(style: str) -> Maker:
    def make(chance: Chance) -> Hidden:
        digits = "1" + chance.choice("3456789") + "".join(chance.choice("0123456789") for _ in range(9))
        sign = chance.choice(("", "", "电话：", "手机 ", "tel: ", "联系："))
        return Hidden(said(chance, sign + DIGITS[style](chance, digits)), "phone", digits)

    return make


def ids_of_qq(style: str) -> Maker:
    signs = ("QQ：", "QQ ", "扣扣", "抠抠：", "加Q：", "🐧：", "企鹅号", "q：", "秋秋：", "Q Q：", "联系QQ：")

    def make(chance: Chance) -> Hidden:
        digits = number(chance, chance.randint(8, 10))
        return Hidden(said(chance, chance.choice(signs) + DIGITS[style](chance, digits)), "qq", digits)

    return make


def groups(style: str) -> Maker:
    signs = (
        "群号：",
        "QQ群：",
        "加群 ",
        "裙：",
        "裙号",
        "进群：",
        "Q裙：",
        "君羊：",
        "企鹅群：",
        "福利群：",
        "群聊号码：",
    )

    def make(chance: Chance) -> Hidden:
        digits = number(chance, 9)
        return Hidden(said(chance, chance.choice(signs) + DIGITS[style](chance, digits)), "qq", digits)

    return make


# other contacts ----------------------------------------------------------------------------------------------------

SIGNS = {
    "named": ("微信：", "微信号：", "VX：", "vx ", "加V：", "WeChat: ", "加微信 ", "wx："),
    "heart": ("薇❤：", "V❤ ", "微❤信：", "❤薇：", "v💕"),
    "sound": ("薇信：", "威信：", "维信：", "魏信：", "徽信 ", "wei信：", "卫星：", "微芯："),
    "apart": ("V X：", "v-x：", "微 信：", "微.信：", "W X：", "v·x："),
    "picture": ("绿泡泡：", "🛰️", "➕V：", "➕薇：", "绿色软件：", "╋V："),
    "letters": ("ＶＸ：", "ⓥⓧ：", "𝑽𝑿：", "vⅹ：", "🅥🅧："),
    "verb": ("戳V：", "私薇：", "薇：", "加薇：", "联系V：", "薇号："),
}


def syllables(chance: Chance, count: int) -> str:
    return "".join(chance.choice("bdfghklmnprstwz") + chance.choice("aeiou") for _ in range(count))


def wechats(style: str) -> Maker:
    def make(chance: Chance) -> Hidden:
        value = syllables(chance, 2) + chance.choice(("_", "")) + number(chance, 4)
        return Hidden(said(chance, chance.choice(SIGNS[style]) + value), "wechat", value)

    return make


def ids_of_wechat(chance: Chance) -> Hidden:
    """A plain sign, and an id that is written otherwise."""
    letters, digits = syllables(chance, 2), number(chance, 4)
    ways = (
        " ".join(letters + digits),
        "".join(chr(ord(char) + 0xFEE0) for char in letters + digits),
        letters + "".join(STYLES[chance.choice(("circled", "Chinese", "bold"))][int(digit)] for digit in digits),
        chance.choice(EMOJI).join(letters + digits),
        chance.choice("*.~").join(letters + digits),
    )
    return Hidden(said(chance, f"微信：{chance.choice(ways)}"), "wechat", letters + digits)


def mails(chance: Chance) -> Hidden:
    name = syllables(chance, 2) + number(chance, 2)
    host, end = chance.choice((("qq", "com"), ("163", "com"), ("gmail", "com"), (syllables(chance, 3), "com")))
    at = chance.choice(("(at)", "[at]", "（at）", " (at) ", "{at}", "艾特", "＠", "【at】", "爱特"))
    dot = chance.choice((".", "(dot)", "[dot]", "点", " 点 ", "。", "．"))
    return Hidden(said(chance, f"{name}{at}{host}{dot}{end}"), "email", f"{name}@{host}.{end}")


def mails_in_words(chance: Chance) -> Hidden:
    name, host = syllables(chance, 3), chance.choice(("gmail", "outlook", syllables(chance, 3)))
    way = chance.choice(("{} at {} dot com", "{} AT {} DOT com", "{}_at_{}_dot_com", "{} [at] {} [dot] com"))
    return Hidden(said(chance, way.format(name, host)), "email", f"{name}@{host}.com")


def abroad(chance: Chance) -> Hidden:
    code, sizes = chance.choice(
        (("1", (3, 3, 4)), ("44", (2, 4, 4)), ("852", (4, 4)), ("7", (3, 3, 2, 2)), ("886", (3, 3, 3)))
    )
    pieces = [number(chance, size) for size in sizes]
    gap = chance.choice((" ", "-", ".", "*", "·"))
    style = STYLES[chance.choice(("plain", "plain", "full-width", "circled", "bold"))]
    text = chance.choice("+＋➕") + gap.join([code, *pieces])
    text = "".join(style[int(char)] if char in STYLES["plain"] else char for char in text)
    return Hidden(said(chance, text), "phone", f"+{code}{''.join(pieces)}")


# links -------------------------------------------------------------------------------------------------------------


def a_host(chance: Chance) -> tuple[str, str]:
    return syllables(chance, 3), chance.choice(("com", "com", "cn", "net", "top", "xyz", "vip", "cc"))


def dots(*ways: str) -> Maker:
    def make(chance: Chance) -> Hidden:
        name, end = a_host(chance)
        path = chance.choice(("", "", "/" + syllables(chance, 2)))
        return Hidden(said(chance, f"{name}{chance.choice(ways)}{end}{path}"), "", f"{name}.{end}")

    return make


def schemes(chance: Chance) -> Hidden:
    name, end = a_host(chance)
    ways = ("hxxp://", "hxxps://", "h**p://", "http[:]//", "http：//", "https:\\\\", "http//", "http:/", "hXXp://")
    return Hidden(said(chance, f"{chance.choice(ways)}{name}[.]{end}/a"), "", f"{name}.{end}")


LETTERS = {
    "plain": "abcdefghijklmnopqrstuvwxyz",
    "full-width": "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ",
    "circled": "ⓐⓑⓒⓓⓔⓕⓖⓗⓘⓙⓚⓛⓜⓝⓞⓟⓠⓡⓢⓣⓤⓥⓦⓧⓨⓩ",
    "bold": "𝐚𝐛𝐜𝐝𝐞𝐟𝐠𝐡𝐢𝐣𝐤𝐥𝐦𝐧𝐨𝐩𝐪𝐫𝐬𝐭𝐮𝐯𝐰𝐱𝐲𝐳",
    "small capitals": "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡxʏᴢ",
    "squared": "🄰🄱🄲🄳🄴🄵🄶🄷🄸🄹🄺🄻🄼🄽🄾🄿🅀🅁🅂🅃🅄🅅🅆🅇🅈🅉",
}


def in_letters(style: str, text: str) -> str:
    return "".join(LETTERS[style][ord(char) - 97] if char.isalpha() else char for char in text)


def letters(chance: Chance) -> Hidden:
    name, end = a_host(chance)
    style = chance.choice([style for style in LETTERS if style != "plain"])
    return Hidden(said(chance, in_letters(style, f"{name}.{end}")), "", f"{name}.{end}")


def spelled(*styles: str) -> Maker:
    def make(chance: Chance) -> Hidden:
        name, end = a_host(chance)
        gap = chance.choice((" ", "-", "  ", "\n", "*", "·", "_", "🌸"))
        dot = chance.choice((".", "点", "。")).join((gap, gap) if chance.random() < 0.7 else (" ", " "))
        style = chance.choice(styles)
        return Hidden(
            said(chance, gap.join(in_letters(style, name)) + dot + gap.join(in_letters(style, end))),
            "",
            f"{name}.{end}",
        )

    return make


def filled(chance: Chance) -> Hidden:
    name, end = a_host(chance)
    word = chance.choice(("删", "（删）", "(删除)"))
    text = chance.choice((f"{name[:3]}{word}{name[3:]}.{end}", f"{name}.{word}{end}", f"{name}{word}.{end}"))
    return Hidden(said(chance, text), "", f"{name}.{end}")


def escaped(chance: Chance) -> Hidden:
    name, end = a_host(chance)
    ways = (
        f"{name}%2E{end}",
        f"%{ord(name[0]):02x}{name[1:]}.{end}",
        f"{name}&#46;{end}",
        f"{name[:2]}&#{ord(name[2])};{name[3:]}.{end}",
    )
    return Hidden(said(chance, f"http://{chance.choice(ways)}/a"), "", f"{name}.{end}")


def numbers(chance: Chance) -> Hidden:
    pieces = [chance.randint(1, 223), *(chance.randint(0, 255) for _ in range(3))]
    value = sum(piece << 8 * (3 - place) for place, piece in enumerate(pieces))
    plain = ".".join(map(str, pieces))
    ways = (
        str(value),
        hex(value),
        ".".join(map(hex, pieces)),
        ".".join(f"0{piece:o}" for piece in pieces),
        f"{pieces[0]}.{value & 0xFFFFFF}",
        plain.replace(".", "。"),
        plain.replace(".", "．"),
    )
    return Hidden(said(chance, f"http://{chance.choice(ways)}/a"), "", plain)


def user_info(chance: Chance) -> Hidden:
    name, end = a_host(chance)
    before = chance.choice(("", ":443", "%2Flogin", ";x=1", "／login", "∕a", "&x=1"))
    return Hidden(said(chance, f"https://example.com{before}@{name}.{end}/a"), "", f"{name}.{end}")


def codes(chance: Chance) -> Hidden:
    pool = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    code = "aB3" + "".join(chance.choice(pool) for _ in range(8))
    mark = chance.choice("￥¥₤€₴₳¢")
    ways = (
        f"{mark}{code}{mark}",
        f"{mark} {code} {mark}",
        f"({code})复制打开淘宝",
        f"《{code}》打开手机淘宝",
        f"{mark}{code}{mark} 复制后打开桃宝",
    )
    return Hidden(said(chance, chance.choice(ways)), "", "taobao.com")


def invitations(chance: Chance) -> Hidden:
    code = syllables(chance, 3)
    ways = (
        (f"t[.]me/+{code}", "t.me"), (f"t点me/{code}", "t.me"), (f"t . me/{code}", "t.me"),
        (f"tg://join?invite={code}", "t.me"),
        (f"tg：//resolve?domain={code}", "t.me"), (f"电报：@{code}", "t.me"), (f"discord . gg/{code}", "discord.gg"),
        (f"discord。gg/{code}", "discord.gg"), (f".gg/{code}", "discord.gg"), (f"discord gg/{code}", "discord.gg"),
        (f"weixin：//dl/chat?{code}", "weixin.qq.com"), (f"#小程序：//读书会/{code}", "weixin.qq.com"),
    )  # fmt: skip
    text, host = chance.choice(ways)
    return Hidden(said(chance, f" {text}"), "", host)


KINDS: dict[str, Maker] = {
    **{f"phone: {style}": mobiles(style) for style in DIGITS},
    "phone: abroad": abroad,
    **{f"QQ: {style}": ids_of_qq(style) for style in DIGITS},
    **{f"group: {style}": groups(style) for style in DIGITS},
    **{f"WeChat, its sign: {style}": wechats(style) for style in SIGNS},
    "WeChat, its id": ids_of_wechat,
    "e-mail: marks": mails,
    "e-mail: words": mails_in_words,
    "link: scheme": schemes,
    "link: dot in brackets": dots("[.]", "(.)", "【.】", "{.}", "[dot]", "（点）", "[。]", " [.] "),
    "link: dot as a word": dots("点", " 点 ", "點", " dot ", "小数点", "DOT"),
    "link: dot as a mark": dots("。", "．", "·", "•", "｡", "。。", "★", "丶"),
    "link: spaces": dots(" . "),
    "link: letters of other styles": letters,
    "link: spelled": spelled("plain"),
    "link: spelled in other styles": spelled(*LETTERS),
    "link: words to take out": filled,
    "link: escapes": escaped,
    "link: numbers for a host": numbers,
    "link: user-info": user_info,
    "link: passwords of shops": codes,
    "link: invitations and applications": invitations,
}


def is_found(hidden: Hidden) -> bool:
    if not hidden.kind:
        return any(hit.host == hidden.value for hit in find_links(hidden.text))
    return any((hit.kind, hit.value) == (hidden.kind, hidden.value) for hit in find_contacts(hidden.text))


def alarms(text: str) -> Iterator[str]:
    """The hidden links and contacts in a clean *text*."""
    yield from (f"link {hit.url!r} {hit.steps}" for hit in find_links(text) if hit.score < 1)
    yield from (f"{hit.kind} {text[hit.start : hit.end]!r} {hit.steps}" for hit in find_contacts(text) if hit.steps)


def irc(data: Path) -> Iterator[str]:
    """What was said in the channels, without who said it."""
    with tarfile.open(data / "ubuntu-irc.tar.xz") as archive:
        for member in archive:
            file = archive.extractfile(member)
            for line in file.read().decode("utf-8", "replace").splitlines() if file else ():
                if line[7:9] == " <" or line[6:9] == "] <":
                    yield line.partition("> ")[2]


def main(arguments: list[str]) -> None:
    print(f"| what is hidden | found of {N} |\n|---|---|")
    for name, make in KINDS.items():
        chance = random.Random(f"{SEED} {name}")
        made = [make(chance) for _ in range(N)]
        misses = [hidden for hidden in made if not is_found(hidden)]
        print(f"| {name} | {wilson(N - len(misses), N)} |")
        for hidden in misses[: 3 * ("--misses" in arguments)]:
            print(f"  {hidden}")
    given = [argument for argument in arguments if not argument.startswith("--")]
    data = Path(
        given[0] if given else os.environ.get("GROUPCORE_DATA") or Path(__file__).parents[2] / "shared" / "data"
    )
    for name, rows in (*texts(data), ("irc", irc(data))):
        if name == "tg-spam spam":
            continue
        found = [(text, list(alarms(text))) for text in rows]
        set_off = [alarm for _, all_alarms in found for alarm in all_alarms]
        print(f"{name}: {len(set_off)} hidden ones in {len(found)} texts")
        if "--show" in arguments:
            for alarm in set_off:
                print(f"  {alarm}")


if __name__ == "__main__":
    main(sys.argv[1:])
