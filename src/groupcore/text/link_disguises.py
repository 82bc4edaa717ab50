"""What is written where somebody hides a link, by trick, and what it stands for: the tables of `link_tricks`."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from groupcore.text.characters import INVISIBLE

_TLDS = (
    "com|net|org|cn|cc|ru|io|co|me|tv|info|biz|xyz|vip|top|app|club|shop|site|online|store|link|live|fun|icu|ltd|pro|"
    "tk|ml|ga|cf|gq|hk|tw|jp|kr|sg|my|uk|de|fr|us|eu|in|id|vn|ph|th|ly|gg|to|ws|pw|su|ua|asia|mobi|gov|edu"
)
_COMMON = r"(?=(?i:com|net|org|cn|cc|xyz)(?![a-zA-Z0-9]))"
_USUAL = r"(?=(?i:com|net|org|cn|cc|xyz|top|vip|info|club|shop|site)(?![a-zA-Z0-9]))"
_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,40}[a-zA-Z0-9])?"


def _then(dot: str) -> str:
    """What follows the first dot of a host whose dots are written as *dot*: at most three labels, then a known name."""
    name = rf"(?=[a-zA-Z]{{2,6}}(?![a-zA-Z0-9]))(?i:{_TLDS})(?![a-zA-Z0-9])"  # first its shape, which is told fast
    return rf"(?=(?:{_LABEL}{dot}){{0,3}}{name})"


_WORD = r"(?i:d[o0]t|dian)"
BRACKETED = rf"[\[({{（【「［〔<] ?(?:[.．。,·•*]|{_WORD}|[点點]) ?[\])}}）】」］〕>]"
MARKS = "◦▪■◆◇○⚪⚫⭕☆★丶"
"""What stands for a dot before the commonest endings only: names are adorned with them."""
_CYRILLIC_COM = r"[cсϲ][oоοо0][mм]"
ENDING = rf"(?:{_CYRILLIC_COM}(?![^\W_])|(?:康姆|扣姆|扣木|康母))"
"""How ``com`` is written where it is not: ``c0m``, with Cyrillic letters, by its sound."""

DISGUISES: dict[str, tuple[str, str]] = {
    "scheme": (
        (r"[hH](?<![a-zA-Z0-9].)(?:xx|XX|\*\*|××|t\*|\*t|tx|xt|tt|TT)[pP](?P<s>[sS]?) ?"
        r"(?:(?:(?:[\[(]:[\])]|[:：;；﹕∶]) ?)?(?://|\\\\|／／)|:/ ?/?(?=[a-zA-Z0-9]))"),
        "http{s}://",
    ),
    "bracketed-dot": (rf"(?<=[^\W_]) ?{BRACKETED} ?(?=[a-zA-Z0-9])", "."),
    "wide-dot": (r"[．․﹒](?<=[^\W_].)(?=[^\W_])", "."),
    "full-stop": (
        (r"[。｡.…,，、](?<=[a-zA-Z0-9].)(?:"
        rf"(?<=[。｡]){_then('[。｡.]')}|(?:(?<=…)|(?<=\.)\.{{1,2}}|(?<=[。｡])[。｡]{{1,2}}){_COMMON}"
        r"|(?<=[,，、])(?=(?:com|cn|net|org|gg|me|ly|cc|xyz)/[a-zA-Z0-9]))"),
        ".",
    ),
    "mid-dot": (
        (rf"[·•・‧∙⋅● {MARKS}](?<=[a-zA-Z0-9].)(?:(?<=[{MARKS}])(?<=[a-zA-Z0-9]{{3}}.){_COMMON}"
        rf"|(?:(?<![ {MARKS}])|(?<= )[·•・‧∙⋅●]) ?{_then(' ?[·•・‧∙⋅●.] ?')})"),
        ".",
    ),
    "dot-word": (
        (rf"[点點 D_小-](?<=[a-zA-Z0-9].)(?:(?<= ){_WORD} {_then(f' {_WORD} ')}"
        rf"|(?:(?<=[点點])|(?<= )[点點]) ?{_then(' ?[点點.] ?')}"
        rf"|(?:(?<=D)OT|(?<=_)(?:dot|[点點])_|(?<=-)[点點]-|(?<=小)[数數][点點]){_USUAL}"
        rf"|(?<= ){_WORD}(?= [a-zA-Z] [a-zA-Z](?![a-zA-Z0-9])))"),
        ".",
    ),
    "ending": (rf"[.。点點](?<=[a-zA-Z0-9]{{3}}.){ENDING}", ".com"),
    "spaces": (rf"(?<=[a-zA-Z0-9])(?: \. ?{_then(' ?[.] ?')}|(?<=[wW]{{3}})\. (?=[a-zA-Z0-9]))", "."),
    "invisible": (rf"[{INVISIBLE}]{{1,16}}(?=[a-zA-Z0-9.:/-])", ""),
}  # fmt: skip
"""By trick: what is written, and what it stands for. A class comes first where it can, so that searches skip fast."""


@cache
def bracket() -> re.Pattern[str]:
    """A dot in brackets."""
    return re.compile(BRACKETED)


@cache
def disguise(trick: str) -> re.Pattern[str]:
    """What is written where somebody uses *trick*."""
    return re.compile(DISGUISES[trick][0])


@cache
def odd_dot() -> re.Pattern[str]:
    """What is no ASCII and may be a dot, and a letter after it. A class comes first, so that the search skips fast."""
    return re.compile(rf"[．․﹒。｡·•・‧∙⋅●点點…{MARKS}](?:(?<=[．․﹒])\w|[ _-]?[0-9a-zA-Z])")


# letters -----------------------------------------------------------------------------------------------------------

_RAISED = (
    "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ"  # small capitals, then what is above and below the line, and of other shapes
    "ᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
    "ℂℊℋℌℍℎℐℑℒℓℕℙℚℛℜℝℤℨℬℭℯℰℱℳℴⅅⅆⅇⅈⅉⅠⅤⅩⅬⅭⅮⅯⅰⅴⅹⅼⅽⅾⅿ"
)
_CAPITALS = "abcdefghijklmnopqrstuvwyz"  # there is no small capital x
WIDE = f"０-９Ａ-Ｚａ-ｚⒶ-ⓩ⒜-⒵{_RAISED}\U0001d400-\U0001d7ff\U0001f110-\U0001f189"
"""As a set of few ranges, so that looking for them is cheap: some of the last two are no letters."""


@cache
def wide_letters() -> dict[int, str]:
    """Letters of other styles, one for one. Circled digits are no letters: they number the items of a list."""
    wide = (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
    table = {code: chr(code - 0xFEE0) for code in wide}
    starts = ((0x24B6, 65), (0x24D0, 97), (0x249C, 97), (0x1F110, 65), (0x1F130, 65), (0x1F150, 65), (0x1F170, 65))
    for first, letters in starts:
        table |= {first + number: chr(letters + number) for number in range(26)}
    for code in range(0x1D400, 0x1D6A4):
        number = (code - 0x1D400) % 52
        table[code] = chr((65 if number < 26 else 71) + number)
    table |= {0x1D7CE + number: str(number % 10) for number in range(50)}
    table |= {ord(char): unicodedata.normalize("NFKC", char) for char in _RAISED[len(_CAPITALS) :]}
    return table | {ord(char): letter for char, letter in zip(_RAISED, _CAPITALS, strict=False)}


@cache
def wide() -> re.Pattern[str]:
    """A letter or digit of another style."""
    return re.compile(f"[{WIDE}]")
