"""The engine: the live shell around the decider. It loads, decides, appends, and tells.

Facts come in (`Witness`), wishes of staff and the time (`Staff`). Each is decided at the `Desk`, on the state at hand,
and appended on the condition that nobody wrote to the streams it read. The `Ledger` has the state: of the organisation
and of the groups that were asked for, from `Snapshots` and what came after. `Moderator` is all of it.
"""

from groupcore.deciding.powers import Permission
from groupcore.engine.adoption import adoption
from groupcore.engine.desk import ATTEMPTS, LOSSES, conflicting_fields
from groupcore.engine.moderator import AHEAD, SNAPSHOT_EVERY, Moderator, check_recordable
from groupcore.engine.witness import At
from groupcore.verdict import Verdict

__all__ = [
    "AHEAD",
    "ATTEMPTS",
    "LOSSES",
    "SNAPSHOT_EVERY",
    "At",
    "Moderator",
    "Permission",
    "Verdict",
    "adoption",
    "check_recordable",
    "conflicting_fields",
]
