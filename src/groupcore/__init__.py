"""groupcore: an event-sourced moderation engine for chat groups.

>>> from groupcore import Message, Moderator, Rulebook
>>> rules = Rulebook.from_mapping({"policy": [{"kind": "keyword", "id": "ads", "words": ["加微信"]}]})
>>> with Moderator.open("memory:", rules) as moderator:
...     verdict = moderator.observe(Message(group="g1", author="amy", id="m1", at=0, text="加微信领红包"))
>>> verdict.sanction.type, verdict.findings[0].spans
('member-warned', ((0, 3),))

Everything that happens in a community is a fact in one append-only log; who is in a group, who was warned, and why,
is a fold over it. The floors of the house, imports go down only:

====== ============================================ ==================================================
 11    ``cli`` ``testing``                          commands; what users test their own rules with
  9    ``replay`` ``importers`` ``config``          the bench: replay, verify; archives; rulebook files
  8    ``engine`` ``aio`` ``outbox`` ``verdict``    the live shell: load, decide, append, tell; hand out
  7    ``stores`` ``actions`` ``projections``       where logs live; what a platform is to do; read models
  6    ``decider`` over ``deciding``                find and judge; the whole dispatch on one page
  5    ``rulebook``                                 policies, ladder, digest
  4    ``ladder`` ``policies``                      what a strike leads to; what objects to a message
  3    ``state``                                    the fold: organisation, group, member, window
  2    ``events`` ``text`` ``wire``                 facts and verdicts; reading text; JSON and shapes
  1    ``commands`` ``messages`` ``sanctions``      wishes; the message; kinds of sanctions
  0    ``errors``                                   the error tree
====== ============================================ ==================================================
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from groupcore.version import __version__ as __version__

if TYPE_CHECKING:
    from groupcore.actions import Action
    from groupcore.aio import AsyncModerator
    from groupcore.config import load_rulebook, shipped_rulebook
    from groupcore.engine import Moderator
    from groupcore.errors import (
        ConcurrencyError,
        DecisionRefused,
        GroupcoreError,
        InputError,
        RulebookError,
        StoreError,
    )
    from groupcore.ladder import Ladder, Rung
    from groupcore.messages import Message, Part
    from groupcore.replay import verify
    from groupcore.rulebook import Rulebook
    from groupcore.state import State, evolve, fold
    from groupcore.stores import open_store
    from groupcore.verdict import Verdict

_HOMES = {
    "Action": "actions",
    "AsyncModerator": "aio",
    "ConcurrencyError": "errors",
    "DecisionRefused": "errors",
    "GroupcoreError": "errors",
    "InputError": "errors",
    "Ladder": "ladder",
    "Message": "messages",
    "Moderator": "engine",
    "Part": "messages",
    "Rulebook": "rulebook",
    "RulebookError": "errors",
    "Rung": "ladder",
    "State": "state",
    "StoreError": "errors",
    "Verdict": "verdict",
    "evolve": "state",
    "fold": "state",
    "load_rulebook": "config",
    "open_store": "stores",
    "shipped_rulebook": "config",
    "verify": "replay",
}

__all__ = [
    "Action",
    "AsyncModerator",
    "ConcurrencyError",
    "DecisionRefused",
    "GroupcoreError",
    "InputError",
    "Ladder",
    "Message",
    "Moderator",
    "Part",
    "Rulebook",
    "RulebookError",
    "Rung",
    "State",
    "StoreError",
    "Verdict",
    "evolve",
    "fold",
    "load_rulebook",
    "open_store",
    "shipped_rulebook",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Public names are loaded when first used, so that an import stays light."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'groupcore' has no attribute {name!r}")
    value = getattr(import_module(f"groupcore.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
