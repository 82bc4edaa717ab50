"""Reading a text for fifty thousand words, and each policy alone on clean texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from benchmarks.yardsticks import begun, chinese, clean, latin, lines_of, rulebook, scan, words
from groupcore import Rulebook
from groupcore.events import read_fact

NAIVE = "pyahocorasick over `str`, same words"
TEXTS = {"Chinese": chinese, "Gitter": latin}


def alone(id: str) -> Rulebook:
    return Rulebook(name=id, policies=[policy for policy in rulebook(words()).policies if policy.id == id])


@pytest.mark.parametrize("language", TEXTS)
def test_finding_words(language: str, quick: bool, against: Any) -> None:
    texts = clean(TEXTS[language](300 if quick else 12_000), words())[:2_000]
    read = alone("words").reader.read
    against(
        f"words of one rule, clean {language}",
        lambda: [read(text).hits("words") for text in texts],
        lambda: scan(texts, words()),
        by=NAIVE,
        count=len(texts),
        below=1.2 if language == "Chinese" else 3,
    )


def feed(rules: Rulebook, texts: Sequence[str]) -> Any:
    """What judges the facts of *texts*, read beforehand, under *rules*."""
    facts = [read_fact(line) for line in lines_of(texts)]
    rules.reader.read("")  # the automaton is built before anything is timed

    def decide() -> None:
        run = begun(rules)
        for fact in facts:
            run.feed(fact)

    return decide


@pytest.mark.parametrize("id", [policy.id for policy in rulebook(words()).policies])
def test_one_policy_alone(id: str, quick: bool, against: Any) -> None:
    texts = clean(chinese(300 if quick else 12_000), words())[:2_000]
    against(
        f"fact to verdict, {id} alone, clean Chinese",
        feed(alone(id), texts),
        feed(Rulebook(name="empty"), texts),
        by="the same without a policy",
        count=len(texts),
        below=15,
        rounds=7,
    )
