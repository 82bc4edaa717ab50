"""Wishes: what somebody wants done, and the state of the group may refuse.

What was merely observed (a message, a join) is no wish: it is a fact, and is taken as it is.
"""

from groupcore.commands.base import Command
from groupcore.commands.casework import (
    AcknowledgeCase,
    AssignCase,
    CaseCommand,
    CloseCase,
    CommentCase,
    EscalateCase,
    FileReport,
    HearReporter,
    MuteReporter,
)
from groupcore.commands.circumstances import (
    EndExemption,
    GrantExemption,
    GrantLabel,
    LinkIdentities,
    NoteAggravation,
    RemoveLabel,
    UnlinkIdentities,
    WithdrawAggravation,
)
from groupcore.commands.sanctioning import (
    BlockPerson,
    DecideAppeal,
    FileAppeal,
    LiftSanction,
    OrderSanction,
    UnblockPerson,
)
from groupcore.commands.shell import AdvanceTime, EraseText, HeldText

__all__ = [
    "AcknowledgeCase",
    "AdvanceTime",
    "AssignCase",
    "BlockPerson",
    "CaseCommand",
    "CloseCase",
    "Command",
    "CommentCase",
    "DecideAppeal",
    "EndExemption",
    "EraseText",
    "EscalateCase",
    "FileAppeal",
    "FileReport",
    "GrantExemption",
    "GrantLabel",
    "HearReporter",
    "HeldText",
    "LiftSanction",
    "LinkIdentities",
    "MuteReporter",
    "NoteAggravation",
    "OrderSanction",
    "RemoveLabel",
    "UnblockPerson",
    "UnlinkIdentities",
    "WithdrawAggravation",
]
