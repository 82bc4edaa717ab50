"""Erasing: who may have text taken out of the log. Everybody their own; that of others, who has the power."""

from __future__ import annotations

import re

from groupcore.commands import EraseText, HeldText
from groupcore.deciding.powers import require
from groupcore.errors import DecisionRefused
from groupcore.events.erasure import ErasureOrdered
from groupcore.events.identity import new_fact
from groupcore.rulebook import Rulebook
from groupcore.state import State

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def erase_text(command: EraseText, state: State, rules: Rulebook | None) -> list[ErasureOrdered]:
    """One order for each stream that holds text. Refused without the power, and with a reason that is no short code."""
    if command.reason and _CODE.fullmatch(command.reason) is None:
        raise DecisionRefused(
            f"the reason of an erasure stays in the log, so it is a short code such as request or law-42 "
            f"(a-z, 0-9 and -, at most 40), not {command.reason[:60]!r}"
        )
    for held in command.held:
        if not _is_their_own(command, held):
            require("erase", command.by, held.group, state, rules)
    return [_order(command, held) for held in command.held if held.events]


def _is_their_own(command: EraseText, held: HeldText) -> bool:
    return command.by is not None and (command.by == command.member or held.authors == {command.by})


def _order(command: EraseText, held: HeldText) -> ErasureOrdered:
    return new_fact(
        ErasureOrdered,
        at=command.at,
        group=held.group,
        member=command.member,
        events=held.events if command.member is None else (),
        by=command.by,
        reason=command.reason,
        count=len(held.events),
    )
