"""What strikes lead to: the rungs from a first warning to the door.

A ladder is a frozen value. It turns what the live strikes weigh into one rung, and knows no member and no clock.
"""

from groupcore.ladder.gravity import GRAVITY
from groupcore.ladder.ladder import FACTORS, Ladder, Language
from groupcore.ladder.presets import PRESETS
from groupcore.ladder.reading import read_ladder, to_mapping
from groupcore.ladder.rung import REMOVALS, Block, Rung, Sanction, Term
from groupcore.ladder.statements import PLACEHOLDERS, STATEMENTS

__all__ = [
    "FACTORS",
    "GRAVITY",
    "PLACEHOLDERS",
    "PRESETS",
    "REMOVALS",
    "STATEMENTS",
    "Block",
    "Ladder",
    "Language",
    "Rung",
    "Sanction",
    "Term",
    "read_ladder",
    "to_mapping",
]
