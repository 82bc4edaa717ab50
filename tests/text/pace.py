"""How long a reader takes, in plain passes over the same text at the same moment: seconds tell of the machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from unicodedata import category

ROUNDS = 3
A_MOMENT = 0.002  # seconds; below this a clock of ten thousandths tells nothing


def seconds(call: Callable[[], object]) -> float:
    """Of this process alone, whatever else the machine does."""
    began = time.process_time()
    call()
    return time.process_time() - began


def plain_pass(text: str) -> None:
    for character in text:
        category(character)


def passes(text: str, *readers: Callable[[str], object]) -> float:
    """What *readers* together take for *text*, over the least time of a plain pass before and after."""
    before = min(seconds(lambda: plain_pass(text)) for _ in range(ROUNDS))
    taken = sum(seconds(lambda read=read: read(text)) for read in readers)
    after = min(seconds(lambda: plain_pass(text)) for _ in range(ROUNDS))
    return taken / max(before, after, A_MOMENT)
