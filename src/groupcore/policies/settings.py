"""Converters and validators that the settings of policies share. Their messages are read by who writes a rulebook."""

from __future__ import annotations

from collections.abc import Iterable
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


def limit(_: Any, attribute: Attribute[int | None], value: object) -> None:
    """Refuse what is no count of at least one; None is no limit."""
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{attribute.name} must be a number, not {value!r}")
    if value < 1:
        raise ValueError(f"{attribute.name} must be at least 1, not {value}")
