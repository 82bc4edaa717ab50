"""Pace: how often something was done lately. Times are kept as long as a decision may ask for them."""

from __future__ import annotations

from bisect import bisect_right, insort

from groupcore.clock import DAY, MINUTE
from groupcore.state.window import LATENESS

KEPT_STRIKES = DAY + LATENESS
KEPT_WORDS = MINUTE + LATENESS


def note(times: list[int], at: int, kept: int) -> None:
    """Add *at* to *times*, and drop what lies *kept* or more before the latest."""
    insort(times, at)
    del times[: bisect_right(times, times[-1] - kept)]


def within(times: list[int], window: int, at: int) -> int:
    """How many of *times* lie in ``(at - window, at]``. O(log n)."""
    return bisect_right(times, at) - bisect_right(times, at - window)
