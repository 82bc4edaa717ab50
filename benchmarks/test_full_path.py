"""From a line of JSON to a verdict, against the automaton alone over the raw text."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from benchmarks.yardsticks import chinese, clean, decide, latin, lines_of, rulebook, scan, words, words_not_in
from groupcore import Moderator
from groupcore.events import read_fact

NAIVE = "pyahocorasick over `str`, same words"
TEXTS = {"Chinese": chinese, "Gitter": latin}


@frozen
class Corpus:
    """Texts, and the words that they are searched for."""

    name: str
    texts: Sequence[str]
    words: tuple[str, ...]


@pytest.fixture(scope="module")
def corpora(quick: bool) -> dict[str, Corpus]:
    """Clean texts in two languages, and the Chinese ones as they come.

    A text without any of 50,000 words is a short one. So there is a third set: all texts, of any length, searched for
    the words that are in none of them.
    """
    many, some = (300, 100) if quick else (12_000, 2_000)
    found = {
        language: Corpus(f"clean {language}", clean(texts(many), words())[:some], words())
        for language, texts in TEXTS.items()
    }
    rest = words_not_in(chinese(many))
    found["any Chinese"] = Corpus("any Chinese, words not in it", clean(chinese(many), rest)[:some], rest)
    return found


@pytest.mark.parametrize("times", ["integers", "RFC 3339"])
@pytest.mark.parametrize("corpus", ["Chinese", "any Chinese", "Gitter"])
def test_line_to_verdict_on_clean_messages(corpus: str, times: str, corpora: dict[str, Corpus], against: Any) -> None:
    chosen = corpora[corpus]
    lines, rules = lines_of(chosen.texts, rfc3339=times != "integers"), rulebook(chosen.words)
    assert not any(decide(rules, lines)), "clean messages have no verdicts"
    against(
        f"line to verdict, {chosen.name}, times as {times}",
        lambda: decide(rules, lines),
        lambda: scan(chosen.texts, chosen.words),
        by=NAIVE,
        count=len(lines),
        below=5 if corpus == "Gitter" else 2.2,
    )


@pytest.mark.parametrize("language", TEXTS)
def test_line_to_verdict_on_all_messages(language: str, quick: bool, against: Any) -> None:
    """Two Chinese texts of three hold one of the words: findings and strikes for most messages."""
    texts = TEXTS[language](300 if quick else 2_000)
    lines, rules = lines_of(texts), rulebook(words())
    against(
        f"line to verdict, all {language}",
        lambda: decide(rules, lines),
        lambda: scan(texts, words()),
        by=NAIVE,
        count=len(lines),
        below=15,
        rounds=7,
    )


@pytest.mark.parametrize("store", ["memory:", "live.jsonl", "live.db"])
@pytest.mark.parametrize("language", TEXTS)
def test_line_to_log_on_clean_messages(
    language: str, store: str, corpora: dict[str, Corpus], tmp_path: Path, against: Any
) -> None:
    """The whole service: decided, encoded, sealed into its chain, appended, durable where the store is."""
    texts = corpora[language].texts if store == "memory:" else corpora[language].texts[:400]
    rounds = 5
    batches = iter([lines_of(texts, first=number * len(texts)) for number in range(rounds + 1)])
    moderator = Moderator.open(store if store == "memory:" else str(tmp_path / store), rulebook(words()))

    def moderate() -> None:
        for line in next(batches):
            moderator.record(read_fact(line))

    with moderator:
        against(
            f"line to log, clean {language}, {store.removeprefix('live')}",
            moderate,
            lambda: scan(texts, words()),
            by=NAIVE,
            count=len(texts),
            below=20 if store == "memory:" else 1_000,
            rounds=rounds,
            clock=time.perf_counter,
        )
