"""What objects to a message. Each policy is a module of its own, and they do not know each other.

Importing this package registers them all, so that a rulebook can name them by their kinds.
"""

from groupcore.policies.base import (
    ContentPolicy,
    LabelPolicy,
    Match,
    NamePolicy,
    Policy,
    Severity,
    Threshold,
    WindowPolicy,
    policy_kinds,
    register,
)
from groupcore.policies.contact import ContactPolicy
from groupcore.policies.duplicate import DuplicatePolicy
from groupcore.policies.flood import FloodPolicy
from groupcore.policies.keyword import KeywordPolicy
from groupcore.policies.labels import LabelsPolicy
from groupcore.policies.length import LengthPolicy
from groupcore.policies.link import LinkPolicy
from groupcore.policies.mini_program import MiniProgramPolicy
from groupcore.policies.nickname import NicknamePolicy
from groupcore.policies.raid import RaidPolicy

__all__ = [
    "ContactPolicy",
    "ContentPolicy",
    "DuplicatePolicy",
    "FloodPolicy",
    "KeywordPolicy",
    "LabelPolicy",
    "LabelsPolicy",
    "LengthPolicy",
    "LinkPolicy",
    "Match",
    "MiniProgramPolicy",
    "NamePolicy",
    "NicknamePolicy",
    "Policy",
    "RaidPolicy",
    "Severity",
    "Threshold",
    "WindowPolicy",
    "policy_kinds",
    "register",
]
