"""The identity of a fact: a digest of where it comes from and of its natural key, never of any text.

The same message imported twice, or observed twice, gets the same id, and the log drops the second.
"""

from __future__ import annotations

from typing import Any, TypeVar

import attrs

from groupcore.events.base import Fact
from groupcore.events.digests import sha256_of
from groupcore.events.words import check_strings, check_words
from groupcore.wire import dumps_plain


def fact_id(source: str, group: str | None, type_name: str, *key: str | int) -> str:
    """32 hexadecimal digits for a fact of *source*, *group* and *type_name* with this natural key.

    >>> fact_id("", "g1", "message-posted", "m1") == fact_id("", "g1", "message-posted", "m1")
    True
    """
    return sha256_of(dumps_plain([source, group, type_name, *key]))[:32]


def identify(fact: Fact) -> str:
    """The id that *fact* ought to have, from its own fields."""
    return fact_id(fact.source, fact.group, fact.type, *(getattr(fact, name) for name in fact.natural))


F = TypeVar("F", bound=Fact)


def new_fact(cls: type[F], *, at: int, group: str | None, **fields: Any) -> F:
    """A fact of class *cls* under its natural identity. Raises InputError for what one of its fields cannot hold.

    >>> from groupcore.events.facts import MemberLeft
    >>> new_fact(MemberLeft, at=5, group="g1", member="amy").member
    'amy'
    """
    blank = cls(id="", at=at, group=group, **fields)
    check_words(blank, cls.type)
    check_strings(blank, cls.type)
    return attrs.evolve(blank, id=identify(blank))
