"""Faults in words: where a value stands, what is wrong with it, what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import attrs

from groupcore.errors import Fault, InputError


class Faulty(ValueError):
    """What `read` raises: every fault of a mapping, with paths that start where it was told to."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.faults)))


class Wrong(InputError):
    """A value that is not what its field takes: the problem, and what to write instead."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what} ({self.hint})" if self.hint else self.what


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """The hint that names the closest of the *known* words, or all of them when none is close."""
    words = sorted(known)
    close = get_close_matches(str(word), words, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known: {', '.join(words)}" if words else ""


def found(value: object) -> str:
    """What a value is, in words: ``the string 'x'``, ``the number 5``, ``a list``."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, str):
        return f"the string {value if len(value) <= 40 else value[:40] + '…'!r}"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, Mapping):
        return "a table"
    return "a list" if isinstance(value, list | tuple) else f"a {type(value).__name__}"


def faults_of(error: BaseException, path: str = "") -> list[Fault]:
    """Every fault that *error* tells of, below *path*."""
    if isinstance(error, Faulty):
        return [attrs.evolve(fault, path=join(path, fault.path)) for fault in error.faults]
    if isinstance(error, ExceptionGroup):
        return [fault for part in error.exceptions for fault in faults_of(part, join(path, _step(part)))]
    if isinstance(error, InputError):
        return [Fault(path, error.what, getattr(error, "hint", ""))]
    return [Fault(path, _problem(error))]


def _problem(error: BaseException) -> str:
    if isinstance(error, KeyError):
        return f"missing key {error.args[0]!r}"
    return str(error.args[0]) if error.args else type(error).__name__


def _step(error: BaseException) -> str:
    for note in getattr(error, "__notes__", ()):  # cattrs says where in its notes
        index = vars(note).get("index") if hasattr(note, "__dict__") else None
        if index is not None:
            return f"[{index}]" if isinstance(index, int) else str(index)
    return ""


def join(path: str, step: str) -> str:
    """The path of *step* below *path*: ``policy[2]`` and ``words`` make ``policy[2].words``."""
    return f"{path}.{step}" if path and step and not step.startswith("[") else path + step
