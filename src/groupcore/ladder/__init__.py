"""What strikes lead to: the rungs from a first warning to the door.

A ladder is a frozen value. It turns what the live strikes weigh into one rung, and knows no member and no clock.
"""

from groupcore.ladder.ladder import FACTORS, Ladder, Language
from groupcore.ladder.presets import PRESETS
from groupcore.ladder.reading import read_ladder, to_mapping
from groupcore.ladder.rung import Rung, Term, end_of
from groupcore.ladder.statements import PLACEHOLDERS, STATEMENTS
from groupcore.ladder.tracks import Burden, Tracks
from groupcore.sanctions import GRAVITY, REMOVALS

__all__ = [
    "FACTORS",
    "GRAVITY",
    "PLACEHOLDERS",
    "PRESETS",
    "REMOVALS",
    "STATEMENTS",
    "Burden",
    "Ladder",
    "Language",
    "Rung",
    "Term",
    "Tracks",
    "end_of",
    "read_ladder",
    "to_mapping",
]
