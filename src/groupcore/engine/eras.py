"""Eras: which terms were in force where in the log, so that a group can be folded apart from the organisation."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from attrs import astuple, frozen

from groupcore.state import Org

_position = attrgetter("position")


@frozen
class Era:
    """From the event at ``position`` on the rulebook with the digest ``rules`` is in force. It is `state.Terms`."""

    position: int
    rules: str
    horizon: int
    changes: int


class Eras:
    """All eras of a log, up to where it was read."""

    def __init__(self, eras: Iterable[Era] = ()) -> None:
        self._eras = list(eras) or [Era(0, "", 0, 0)]

    def note(self, position: int, org: Org) -> bool:
        """Note what is in force after the event at *position*, and say whether an era began with it."""
        last, rules = self._eras[-1], org.digest or ""
        if (rules, org.horizon, org.changes) == (last.rules, last.horizon, last.changes):
            return False
        self._eras.append(Era(position, rules, org.horizon, org.changes))
        return True

    def at(self, position: int) -> Era:
        """What is in force for the event at *position*."""
        return self._eras[max(bisect_left(self._eras, position, key=_position) - 1, 0)]

    def after(self, position: int) -> list[Era]:
        """The eras that begin behind *position*, in order."""
        return self._eras[bisect_right(self._eras, position, key=_position) :]

    def to_list(self) -> list[tuple[Any, ...]]:
        """All of it as plain values; `of` is the way back."""
        return [astuple(era) for era in self._eras]

    @classmethod
    def of(cls, listed: Iterable[Iterable[Any]]) -> Eras:
        """The eras that `to_list` wrote down."""
        return cls(Era(*values) for values in listed)
