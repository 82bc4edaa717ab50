"""The content policies, the naive way: ten lines each, slow, and right by looking at them."""

from __future__ import annotations

import re
import unicodedata

Span = tuple[int, int]

CJK = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def alone(text: str, start: int, end: int) -> bool:
    def letter(char: str) -> bool:
        return char.isalnum() and not CJK.match(char)

    left = letter(text[start]) and letter(text[start - 1 : start])
    return not left and not (letter(text[end - 1]) and letter(text[end : end + 1]))


def places(text: str, word: str, substring: bool) -> list[Span]:
    """Where *word* stands in *text*, which folds character by character."""
    text, word = fold(text), fold(word)
    free = substring or CJK.search(word)
    spans = [(i, i + len(word)) for i in range(len(text)) if text.startswith(word, i)]
    return [span for span in spans if free or alone(text, *span)]


def keyword(text: str, words: list[str], allow: list[str], substring: bool) -> list[Span]:
    excused = [span for word in allow for span in places(text, word, substring)]
    found = {span for word in words for span in places(text, word, substring)}
    return sorted(span for span in found if not any(a <= span[0] and span[1] <= b for a, b in excused))


def link(hosts: list[str], allow: list[str], deny: list[str]) -> list[str]:
    """The hosts that are objected to; none of them is at home."""

    def under(host: str, domains: list[str]) -> bool:
        return any(host == domain or host.endswith("." + domain) for domain in domains)

    if deny and not allow:
        return [host for host in hosts if under(host, deny)]
    return [host for host in hosts if under(host, deny) or not under(host, allow)]


def chars(text: str) -> int:
    return len(unicodedata.normalize("NFC", text))


def lines(text: str) -> int:
    pieces = re.split("\r\n|[\n\r\u2028\u2029]", text)
    return len(pieces) - (pieces[-1] == "")


def mini_program(apps: list[str], allow: list[str]) -> list[int]:
    return [index for index, app in enumerate(apps) if app not in allow]


def phones(text: str) -> list[str]:
    """The mainland numbers in a text of digits and Chinese."""
    return [run for run in re.split("[^0-9]+", text) if re.fullmatch("1[3-9][0-9]{9}", run)]
