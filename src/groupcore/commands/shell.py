"""Wishes of the shell: that time passes, and that private text is gone."""

from __future__ import annotations

from attrs import frozen

from groupcore.commands.base import Command


@frozen(kw_only=True)
class AdvanceTime(Command):
    """The shell tells the time: what fell due until ``at`` takes effect."""


@frozen(kw_only=True)
class HeldText:
    """Events of one stream (``group`` None: of the organisation) that hold private text; ``authors`` wrote them."""

    group: str | None
    events: tuple[str, ...] = ()
    authors: frozenset[str] = frozenset()


@frozen(kw_only=True)
class EraseText(Command):
    """Somebody wants private text gone: what is ``held`` of ``member``, or (None) the events that ``held`` names.

    ``reason`` is a short code that stays in the log.
    """

    member: str | None = None
    held: tuple[HeldText, ...] = ()
    by: str | None = None
    reason: str = ""
