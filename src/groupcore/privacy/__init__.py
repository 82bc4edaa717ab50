"""Privacy: what a log holds of a person, taken out of it, or handed to them.

=============== =======================================================================
`belongings`    whose an event is
`erasing`       text taken out of a log, by order of somebody
`exporting`     all that is held of one person, as plain values
=============== =======================================================================
"""

from groupcore.privacy.belongings import Belonging, Belongings
from groupcore.privacy.erasing import (
    Erased,
    finish,
    forget_textless,
    held_in_message,
    held_of,
    open_orders,
    record_unjudged,
)
from groupcore.privacy.exporting import export

__all__ = [
    "Belonging",
    "Belongings",
    "Erased",
    "export",
    "finish",
    "forget_textless",
    "held_in_message",
    "held_of",
    "open_orders",
    "record_unjudged",
]
