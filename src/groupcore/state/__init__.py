"""The fold over the log: what is so, given what happened.

``State`` holds the ``Org`` and each ``Group``, which holds its ``Member``\\ s and ``Windows``.
"""

from groupcore.state.circumstances import Aggravation, Circumstances
from groupcore.state.community import State
from groupcore.state.fold import advance, evolve, fold
from groupcore.state.group import Group
from groupcore.state.member import Member
from groupcore.state.org import InForce, Org
from groupcore.state.sanction import Appeal, Block, Sanction, Strike, live
from groupcore.state.window import LATENESS, Post, Windows

__all__ = [
    "LATENESS",
    "Aggravation",
    "Appeal",
    "Block",
    "Circumstances",
    "Group",
    "InForce",
    "Member",
    "Org",
    "Post",
    "Sanction",
    "State",
    "Strike",
    "Windows",
    "advance",
    "evolve",
    "fold",
    "live",
]
