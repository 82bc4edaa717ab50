"""Fields of facts and wishes that know a few words only, such as the outcome of an appeal, or strings only."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

import attrs

from groupcore.errors import InputError
from groupcore.wire import did_you_mean, found


def check_words(record: Any, where: str) -> None:
    """Raise InputError where a field of *record*, a fact or a wish, has a word that it does not know.

    A type checker finds these in a program; what comes over a wire, nobody has looked at.
    """
    for name, words in _worded(record.__class__):
        value = getattr(record, name)
        for word in value if isinstance(value, tuple) else (value,):
            if word is not None and word not in words:
                raise InputError(f"{name}: unknown value {word!r} ({did_you_mean(word, words)})", where)


def check_strings(record: Any, where: str) -> None:
    """Raise InputError where a field of *record* that is text holds something else: an id that is a number, say."""
    for name, optional, named in _text_in(record.__class__):
        value = getattr(record, name)
        if not isinstance(value, str) and not (optional and value is None):
            raise InputError(f"{name}: expected a string, found {found(value)}", where)
        if named and value == "":
            raise InputError(f"{name}: must not be empty", where)


@cache
def _text_in(cls: Any) -> tuple[tuple[str, bool, bool], ...]:
    """The fields of a class that are strings, whether they may be None, and whether they name who or what it is."""
    needed = {item.name for item in attrs.fields(cls) if item.default is attrs.NOTHING} - {"id", "name", "text"}
    hints = get_type_hints(cls).items()
    return tuple((name, hint is not str, name in needed) for name, hint in hints if hint in (str, str | None))


@cache
def _worded(cls: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The fields of a class that know a few words only, with these words."""
    fields = ((name, _words_in(hint)) for name, hint in get_type_hints(cls).items())
    return tuple((name, words) for name, words in fields if words)


def _words_in(hint: Any) -> tuple[str, ...]:
    if get_origin(hint) is Literal:
        return get_args(hint)
    return tuple(word for inner in get_args(hint) for word in _words_in(inner))
