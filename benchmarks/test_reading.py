"""Reading a text for fifty thousand words, and each policy alone on clean texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from benchmarks.yardsticks import begun, chinese, clean, latin, lines_of, rulebook, scan, words
from groupcore import Rulebook
from groupcore.deciding.finding import find
from groupcore.events import read_fact
from groupcore.state import Windows

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


@pytest.mark.parametrize("language", ["Chinese", "clean Chinese", "Gitter"])
def test_links_and_contacts_beside_words(language: str, quick: bool, against: Any) -> None:
    """What it adds to looking for the words that links and contacts are looked for, too, whatever hides them."""
    every = {"Chinese": chinese, "Gitter": latin}[language.removeprefix("clean ")](300 if quick else 12_000)
    texts = clean(every, words())[:2_000] if language.startswith("clean") else list(every[-2_000:])
    both = Rulebook(
        name="both", policies=[p for p in rulebook(words()).policies if p.id in ("words", "links", "contacts")]
    )
    against(
        f"words, links and contacts, {language if language.startswith('clean') else f'all {language}'}",
        judge(both, texts),
        judge(alone("words"), texts),
        by="words alone",
        count=len(texts),
        below=4,
    )


def judge(rules: Rulebook, texts: Sequence[str]) -> Any:
    """What finds all that *rules* object to in the facts of *texts*, read beforehand."""
    facts: list[Any] = [read_fact(line) for line in lines_of(texts)]
    windows = Windows()
    rules.reader.read("").hits("words")
    return lambda: [find(fact, windows, rules) for fact in facts]
