"""Converters and validators that the settings of policies share. Their messages are read by who writes a rulebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from attrs import Attribute


def strings(value: Iterable[str]) -> tuple[str, ...]:
    """*value* as a tuple, if it is a list of strings and none of them is blank."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError(f"expected a list of strings, found {value!r}")
    items = tuple(value)
    for item in items:
        if not isinstance(item, str):
            raise TypeError(f"expected a list of strings, found {item!r} in it")
        if not item.strip():
            raise ValueError(f"{item!r} is blank")
    return items


def flag(_: Any, attribute: Attribute[bool], value: object) -> None:
    """Refuse what is neither true nor false."""
    if not isinstance(value, bool):
        raise TypeError(f"{attribute.name} must be true or false, not {value!r}")


def names_among(known: Sequence[str], value: bool | Iterable[str]) -> bool | tuple[str, ...]:
    """*value* if it is true (all of *known*), false (none of them), or a list of those that are wanted."""
    if isinstance(value, bool):
        return value
    names = strings(value)
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
            raise ValueError(f"unknown name {name!r}; {hint}")
    return names


def limit(_: Any, attribute: Attribute[int | None], value: object) -> None:
    """Refuse what is no count of at least one; None is no limit."""
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{attribute.name} must be a number, not {value!r}")
    if value < 1:
        raise ValueError(f"{attribute.name} must be at least 1, not {value}")


def share(_: Any, attribute: Attribute[float | None], value: object) -> None:
    """Refuse what is no number from 0 to 1; None is the default."""
    if value is None:
        return
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError(f"{attribute.name} must be a number from 0 to 1, not {value!r}")
