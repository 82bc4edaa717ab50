"""Making events fast, where a log or an archive gives millions of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import attrs

from groupcore.events.base import Event

E = TypeVar("E", bound=Event)


def maker(cls: type[E]) -> Callable[..., E]:
    """A function that makes the same event as *cls* does, of the same keywords, in half the time.

    A frozen class sets each of its fields through a call, since plain assignment is what it forbids. So a twin that is
    not frozen is filled by plain assignment, and only then becomes a *cls*: equal, as frozen, of the same size.
    """

    def freeze(made: Any) -> None:
        made.__class__ = cls

    plain = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    twin: type = type(cls.__name__, (cls,), {**plain, "__attrs_post_init__": freeze})
    return attrs.define(twin, kw_only=True, eq=False, repr=False, on_setattr=attrs.setters.NO_OP)
