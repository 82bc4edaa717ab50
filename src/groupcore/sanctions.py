"""The kinds of sanctions: one record for each, and what the other places derive from it.

A new kind begins here: its word in the Literals, its record in `SANCTIONS`. What follows from that by itself, and what
is to be written elsewhere, is in docs/architecture.md; ``tests/test_sanctions.py`` names the place that was forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import frozen

OrderKind = Literal["notice", "warn", "mute", "restrict", "kick", "ban"]
"""What can be done to a member, by staff or by the ladder."""

RungKind = Literal["notice", "warn", "delete", "mute", "restrict", "kick", "ban"]
"""What a rung of the ladder does: to the member, from mild to severe; ``delete`` is about the message alone."""

LiftKind = Literal["warn", "mute", "restrict", "kick", "block", "all"]
"""What a pardon may name."""

ReducedKind = Literal["notice", "warn", "mute", "restrict", "kick"]
"""What an appeal may reduce a sanction to: all but the gravest."""

SanctionDeed = Literal["notify", "warn", "mute", "unmute", "restrict", "unrestrict", "kick"]
"""What a platform is asked to do for sanctions, and to take them back."""

Nature = Literal["word", "term", "removal"]
"""A word is over once it is said, a term is in force until it ends, a removal puts somebody out of the group."""


@frozen(kw_only=True)
class KindOfSanction:
    """What the house knows of one kind.

    ``gravity`` is told beside the other kinds (of two terms of one kind, the longer one is the graver). ``noun`` is
    what people call it. ``deed`` is what a platform does, ``undo`` what it does when the sanction is over or taken
    back, and ``pardon`` the word by which staff lifts it. ``may_block`` says that a rung of the ladder may keep out who
    was removed, ``everywhere`` that it keeps out of all groups of the organisation by itself.
    """

    gravity: int
    nature: Nature
    noun: str
    deed: SanctionDeed
    pardon: LiftKind
    undo: SanctionDeed | None = None
    may_block: bool = False
    everywhere: bool = False


SANCTIONS: Mapping[OrderKind, KindOfSanction] = {
    "notice": KindOfSanction(gravity=1, nature="word", noun="notice", deed="notify", pardon="warn"),
    "warn": KindOfSanction(gravity=2, nature="word", noun="warning", deed="warn", pardon="warn"),
    "restrict": KindOfSanction(
        gravity=3, nature="term", noun="restriction", deed="restrict", undo="unrestrict", pardon="restrict"
    ),
    "mute": KindOfSanction(gravity=4, nature="term", noun="mute", deed="mute", undo="unmute", pardon="mute"),
    "kick": KindOfSanction(gravity=5, nature="removal", noun="kick", deed="kick", pardon="kick", may_block=True),
    "ban": KindOfSanction(gravity=6, nature="removal", noun="ban", deed="kick", pardon="kick", everywhere=True),
}
"""All kinds, from mild to severe."""


def _of(nature: Nature) -> frozenset[OrderKind]:
    return frozenset(kind for kind, known in SANCTIONS.items() if known.nature == nature)


WORDS, TERMS, REMOVALS = _of("word"), _of("term"), _of("removal")
"""The kinds by their nature: sets, for the fold asks them often, and logs may hold a kind that nobody knows."""

EVERYWHERE = frozenset(kind for kind, known in SANCTIONS.items() if known.everywhere)
"""The kinds that keep out of all groups of the organisation."""

PARDONS: Mapping[OrderKind, LiftKind] = {kind: known.pardon for kind, known in SANCTIONS.items()}
"""What a pardon calls each kind."""

GRAVITY: Mapping[str, int] = {"delete": 1, **{kind: known.gravity for kind, known in SANCTIONS.items()}}
"""How grave what a rung does is beside the others; nothing at all is 0."""


def pardoned_by(word: LiftKind) -> list[OrderKind]:
    """The kinds that a pardon of this word is about, the gravest first."""
    return [kind for kind in reversed(tuple(SANCTIONS)) if word in (PARDONS[kind], "all")]


def has_no_end(kind: OrderKind) -> str:
    """What to say where a kind that is no term was given an end."""
    return f"a {kind} has no end; only {terms_in_words(one=True, joined='or')} takes 'until'"


def terms_in_words(*, one: bool, joined: str) -> str:
    """The terms as people call them: ``mutes and restrictions``, or ``a mute or a restriction``."""
    nouns = sorted(SANCTIONS[kind].noun for kind in TERMS)
    *first, last = (f"a {noun}" if one else f"{noun}s" for noun in nouns)
    return f"{', '.join(first)} {joined} {last}"
