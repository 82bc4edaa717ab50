"""Checkpoints: where a log stood, noted down elsewhere, so that a log that was cut or written anew is found.

=============== ======================================================================
`checkpoint`    the value, how it is written, signed and read
`taking`        a checkpoint of a log as it stands
`keys`          ed25519 keys; needs the extra ``crypto``, and is imported by name
=============== ======================================================================

>>> from groupcore import Message, Moderator, Rulebook
>>> from groupcore.stores import MemoryStore
>>> log = MemoryStore()
>>> _ = Moderator(log, Rulebook.from_mapping({"policy": []}))
>>> take_checkpoint(log, at=0).position
1
"""

from groupcore.checkpoints.checkpoint import Checkpoint, Mismatch, read_checkpoint, write_checkpoint
from groupcore.checkpoints.taking import check_held, take_checkpoint

__all__ = ["Checkpoint", "Mismatch", "check_held", "read_checkpoint", "take_checkpoint", "write_checkpoint"]
