"""What the benchmarks share: texts and words, what they are measured against, and comparisons within one run."""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
import time
from collections.abc import Callable, Iterable
from functools import cache
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import ahocorasick
from attrs import Factory, define

from groupcore import Rulebook
from groupcore.clock import SECOND, format_instant
from groupcore.engine import adoption
from groupcore.events import Event, read_fact
from groupcore.replay import Run
from groupcore.state import advance
from groupcore.wire import dumps

# --- texts and words ------------------------------------------------------------------------------------------------


def data() -> Path | None:
    """Where the open data lies, or None: then the texts are made up, and the figures say little."""
    path = Path(os.environ.get("GROUPCORE_DATA") or Path(__file__).parents[2] / "shared" / "data")
    return path if path.is_dir() else None


@cache
def words() -> tuple[str, ...]:
    """Fifty thousand Chinese words, as a load for an automaton."""
    if (open_data := data()) is None:
        return tuple({_chinese(chance, 4, 7) for chance in _chances(50_000)})
    with gzip.open(open_data / "lexicons" / "konsheng-50k-scale.txt.gz", "rt", encoding="utf-8") as file:
        return tuple(line for line in file.read().split("\n") if line.strip())


@cache
def chinese(count: int) -> tuple[str, ...]:
    """So many Chinese messages, of some 40 characters."""
    if (open_data := data()) is None:
        return tuple(_chinese(chance, 10, 60) for chance in _chances(count))
    with gzip.open(open_data / "cold" / "train.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return tuple(row["TEXT"] for row in islice(csv.DictReader(file), count))


@cache
def latin(count: int) -> tuple[str, ...]:
    """So many English messages, as programmers chat."""
    return tuple(line["text"] for line in gitter(count))


@cache
def gitter(count: int) -> tuple[dict[str, str], ...]:
    """So many lines of the Gitter archive: room, id, sent_at, member, text."""
    if (open_data := data()) is None:
        return tuple(_chat(number, chance) for number, chance in enumerate(_chances(count)))
    with gzip.open(open_data / "gitter" / "messages.jsonl.gz", "rt", encoding="utf-8") as file:
        return tuple(json.loads(line) for line in islice(file, count))


def _chances(count: int) -> Iterable[random.Random]:
    chance = random.Random(7)
    return (chance for _ in range(count))


def _chinese(chance: random.Random, shortest: int, longest: int) -> str:
    """Characters of which a few are common and most are rare, as in texts."""
    length = chance.randint(shortest, longest)
    return "".join(chr(0x4E00 + int(chance.paretovariate(0.6) * 7) % 6000) for _ in range(length))


def _chat(number: int, chance: random.Random) -> dict[str, str]:
    text = " ".join(
        "".join(chance.choices("etaoinshrdlu", k=chance.randint(1, 9))) for _ in range(chance.randint(1, 25))
    )
    sent_at = format_instant(1_400_000_000 * SECOND + number * 20 * SECOND)
    member = f"u{int(chance.paretovariate(0.8)) % 500}"
    return {"room": f"r{number % 9}", "id": f"m{number}", "sent_at": sent_at, "member": member, "text": text}


# --- what is measured -----------------------------------------------------------------------------------------------


@cache
def rulebook(words: tuple[str, ...]) -> Rulebook:
    """Fifty thousand words, and one policy each of all the other kinds that punish."""
    rules = Rulebook.from_mapping(
        {
            "name": "benchmark",
            "policy": [
                {"kind": "keyword", "id": "words", "words": list(words)},
                {"kind": "link", "id": "links"},
                {"kind": "mini-program", "id": "mini-programs"},
                {"kind": "length", "id": "length", "max_chars": 2000, "max_lines": 60},
                {"kind": "contact", "id": "contacts"},
                {"kind": "flood", "id": "flood", "count": 8, "window": "10s"},
                {"kind": "duplicate", "id": "duplicates", "count": 3, "window": "10m"},
            ],
        }
    )
    rules.reader.read("")  # the automaton is built before anything is timed
    return rules


def lines_of(texts: Iterable[str], *, rfc3339: bool = False, first: int = 0) -> list[bytes]:
    """Facts as lines: one group in which 200 people speak, somebody every five seconds; messages count from *first*."""
    lines = []
    for number, text in enumerate(texts, first):
        at = 1_750_000_000 * SECOND + number * 5 * SECOND
        message = {"message": f"m{number}", "author": f"u{number % 200}", "text": text}
        when = format_instant(at) if rfc3339 else at
        lines.append(dumps({"type": "message-posted", "at": when, "group": "g1", "data": message}))
    return lines


@cache
def _adoption(rules: Rulebook) -> Event:
    return adoption(rules, 0)


def begun(rules: Rulebook) -> Run:
    """A run that has adopted its rules: writing them down takes milliseconds with so many words, once a log."""
    run = Run(rules, began=True)
    advance(run.state, _adoption(rules))
    return run


def decide(rules: Rulebook, lines: Iterable[bytes]) -> list[bool]:
    """From each line to its verdict: whether it has any."""
    feed = begun(rules).feed
    return [bool(feed(read_fact(line))) for line in lines]


def clean(texts: Iterable[str], words: tuple[str, ...]) -> list[str]:
    """Those of *texts* that no policy objects to."""
    rules = rulebook(words)
    return [text for text in texts if not _objections(rules, text)]


def _objections(rules: Rulebook, text: str) -> bool:
    reading = rules.reader.read(text)
    return any(policy.find(reading) for policy in rules.content)


@cache
def words_not_in(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the words that are in none of *texts*: all but a thirtieth, and yet most texts hold one of these."""
    read = rulebook(words()).reader.read
    found = {hit.word for text in texts for hit in read(text).hits("words")}
    return tuple(word for word in words() if word not in found)


# --- what it is measured against ------------------------------------------------------------------------------------


@cache
def naive(words: tuple[str, ...]) -> Any:
    """The yardstick: pyahocorasick as its manual has it, over the same words."""
    automaton = ahocorasick.Automaton()
    for word in words:
        automaton.add_word(word, word)
    automaton.make_automaton()
    return automaton


def scan(texts: Iterable[str], words: tuple[str, ...]) -> None:
    """Walk the yardstick over the raw `str` of each text."""
    find = naive(words).iter
    for text in texts:
        for _ in find(text):
            pass


# --- comparisons ----------------------------------------------------------------------------------------------------


@define
class Comparison:
    """Seconds of ours and of a yardstick, measured in turns; what a busy machine disturbs least is quoted."""

    name: str
    yardstick: str
    count: int  # of messages or events that each round handles
    ours: list[float] = Factory(list)
    theirs: list[float] = Factory(list)

    @property
    def ratio(self) -> float:
        """The shortest of ours to the shortest of theirs."""
        return min(self.ours) / min(self.theirs)

    @property
    def typical(self) -> float:
        """The median of the ratios, round by round."""
        return median(mine / other for mine, other in zip(self.ours, self.theirs, strict=True))

    def micros(self, seconds: Iterable[float]) -> float:
        """The microseconds of one message."""
        return min(seconds) / self.count * 1e6


Clock = Callable[[], float]


def seconds(work: Callable[[], object], clock: Clock = time.process_time) -> float:
    """How long *work* takes; of the processor, unless another clock is given: other processes matter less to that."""
    began = clock()
    work()
    return clock() - began
