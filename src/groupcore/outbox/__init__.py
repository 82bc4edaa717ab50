"""The outbox: every action that the log asks for, handed out until somebody has carried it out, and never again.

groupcore never acts outward. A worker of the service claims entries, does on its platform what they say, and
acknowledges them. Between the log and the worker may be any number of crashes: an action is handed out at least once,
with the same idempotency key each time.

=========== ============================================================================
`box`       `Outbox`: take in what the log asks for, claim, acknowledge, fail, queue anew
`entries`   `Entry`: one action and what has become of it; its tables, its way back
`undoing`   which events make an action that was not carried out yet pointless
=========== ============================================================================
"""

from groupcore.outbox.box import Outbox
from groupcore.outbox.entries import Backoff, Entry, EntryState

__all__ = ["Backoff", "Entry", "EntryState", "Outbox"]
