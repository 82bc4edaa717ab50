"""From a line of JSON to a verdict, against the automaton alone over the raw text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.yardsticks import chinese, clean, decide, latin, lines_of, rulebook, scan
from groupcore import Moderator
from groupcore.events import read_fact

NAIVE = "pyahocorasick over `str`, same words"
TEXTS = {"Chinese": chinese, "Gitter": latin}


@pytest.fixture(scope="module", params=TEXTS)
def language(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(scope="module")
def everything(language: str, quick: bool) -> tuple[str, ...]:
    return TEXTS[language](300 if quick else 12_000)


@pytest.fixture(scope="module")
def spotless(everything: tuple[str, ...], quick: bool) -> list[str]:
    return clean(everything)[: 100 if quick else 4_000]


@pytest.mark.parametrize("times", ["integers", "RFC 3339"])
def test_line_to_verdict_on_clean_messages(language: str, times: str, spotless: list[str], against: Any) -> None:
    lines, rules = lines_of(spotless, rfc3339=times != "integers"), rulebook()
    assert not any(decide(rules, lines)), "clean messages have no verdicts"
    against(
        f"line to verdict, clean {language}, times as {times}",
        lambda: decide(rules, lines),
        lambda: scan(spotless),
        by=NAIVE,
        count=len(lines),
        below=2.5 if language == "Chinese" else 5,
    )


def test_line_to_verdict_on_all_messages(language: str, everything: tuple[str, ...], against: Any) -> None:
    texts = everything[:4_000]
    lines, rules = lines_of(texts), rulebook()
    against(
        f"line to verdict, all {language}",
        lambda: decide(rules, lines),
        lambda: scan(texts),
        by=NAIVE,
        count=len(lines),
        below=15,
        rounds=7,
    )


@pytest.mark.parametrize("store", ["memory:", "live.jsonl", "live.db"])
def test_line_to_log_on_clean_messages(
    language: str, store: str, spotless: list[str], tmp_path: Path, against: Any
) -> None:
    """The whole service: decided, encoded, sealed into its chain, appended, durable where the store is."""
    texts = spotless if store == "memory:" else spotless[:400]
    rounds = 5
    batches = iter([lines_of(texts, first=number * len(texts)) for number in range(rounds + 1)])
    moderator = Moderator.open(store if store == "memory:" else str(tmp_path / store), rulebook())

    def moderate() -> None:
        for line in next(batches):
            moderator.record(read_fact(line))

    with moderator:
        against(
            f"line to log, clean {language}, {store.removeprefix('live')}",
            moderate,
            lambda: scan(texts),
            by=NAIVE,
            count=len(texts),
            below=20 if store == "memory:" else 1_000,
            rounds=rounds,
        )
