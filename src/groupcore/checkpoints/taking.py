"""Taking a checkpoint of a log: its chain is followed to the end, digest by digest."""

from __future__ import annotations

from collections.abc import Callable

from groupcore.checkpoints.checkpoint import Checkpoint, Mismatch
from groupcore.errors import CheckpointError, StoreError
from groupcore.events import NO_HEAD, Head
from groupcore.events.chain import Chain
from groupcore.stores import Store

Progress = Callable[[int, int], object]
"""Called now and then with the events done and the events in all."""

STEP = 1024  # events between two calls of a progress


def take_checkpoint(
    log: Store, *, at: int, since: Checkpoint | None = None, progress: Progress | None = None
) -> Checkpoint:
    """A checkpoint of *log* as it stands now; *at* is what time it is, in microseconds.

    The chain of all events is worked out; what they say is not judged, see `replay.verify`. With *since*, only that
    of the newer events is, and the log has to hold the heads of *since*. Raises CorruptLog at the first event that
    does not follow, CheckpointError where *since* is of another log, StoreError for a log with no events.
    """
    chain = Chain()
    if since is not None:
        check_held(log, since)
        chain = since.chain()
    end = log.position
    for row in log.read(chain.position):
        chain.take(row)
        if progress is not None and not chain.position % STEP:
            progress(chain.position, end)
    if not chain.position:
        raise StoreError("the log is empty: there is nothing that a checkpoint could hold on to")
    return Checkpoint(log=chain.origin, position=chain.position, at=at, heads=chain.heads, order=chain.order)


def check_held(log: Store, checkpoint: Checkpoint) -> None:
    """Raise CheckpointError unless *log* holds the heads of *checkpoint*: one look at each stream, none in between.

    What stands before the heads, and in which order, takes reading it: `replay.verify` does that.
    """
    found = _missed(log, checkpoint)
    if found is not None:
        raise CheckpointError(found.problem)


def _missed(log: Store, checkpoint: Checkpoint) -> Mismatch | None:
    first = next(iter(log.read()), None)
    origin = first.digest if first is not None else ""
    heads = {stream: _head_at(log, stream, head.version) for stream, head in checkpoint.heads.items()}
    position = min(log.position, checkpoint.position)
    return checkpoint.mismatch(Chain(position=position, heads=heads, order=checkpoint.order, origin=origin))


def _head_at(log: Store, stream: str, version: int) -> Head:
    """Where *stream* stood at *version*; where it ends, if that is before."""
    row = next(iter(log.read_stream(stream, version - 1)), None)
    if row is not None:
        return Head(row.version, row.digest)
    return log.heads().get(stream, NO_HEAD)
