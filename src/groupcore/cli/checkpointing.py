"""``groupcore log checkpoint``, ``anchor`` and ``keygen``: where a log stood, signed and noted down elsewhere."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from groupcore.checkpoints import Checkpoint, read_checkpoint, take_checkpoint, write_checkpoint
from groupcore.cli.options import LogName, open_log, shown
from groupcore.cli.output import Progress, note, put, write
from groupcore.errors import CheckpointError, InputError

if TYPE_CHECKING:  # the extra may be missing
    from groupcore.checkpoints.keys import PrivateKey, PublicKey

CheckpointFile = Annotated[Path, typer.Argument(metavar="CHECKPOINT", help="A file that log checkpoint wrote.")]
PublicKeyFile = Annotated[
    Path | None,
    typer.Option("--public-key", metavar="KEY", help="The public key of who has to have signed it, in PEM."),
]
PublishedDigest = Annotated[
    str | None, typer.Option("--digest", metavar="SHA256", help="The digest that was published of the checkpoint.")
]


def checkpoint(
    log: LogName,
    since: Annotated[
        Path | None, typer.Option("--from", metavar="OLD", help="Go on from this earlier checkpoint of the log.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="KEY", help="The private key to sign it with, in PEM.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it to this file, which must not be there yet.")
    ] = None,
    public_key: PublicKeyFile = None,
) -> None:
    """Note down where each stream of a log ends, to find out later whether the log was cut or written anew.

    The chain of the log is worked out first, from the beginning or from the checkpoint OLD on. Without --out the
    checkpoint is printed; with it, the line to publish: its digest, its position and its time. Keep it where nobody
    who can write the log can write.

    \b
    groupcore log checkpoint community.db --key key.pem --out monday.json
    groupcore log checkpoint community.db --from monday.json --key key.pem --out tuesday.json
    groupcore verify community.db --against monday.json --public-key key.pub
    """
    signer = private_key_of(key) if key is not None else None
    if out is not None:
        _refuse_existing(out)
    made = _taken(log, _earlier(since, public_key, signer) if since is not None else None)
    data = write_checkpoint(made, signer)
    if out is None:
        write(data)
        return
    _write(out, data)
    put(str(made))


def _taken(log: str, since: Checkpoint | None) -> Checkpoint:
    """The checkpoint of a log as it is now; how far it is, is shown on a terminal."""
    progress = Progress()

    def show(done: int, total: int) -> None:
        progress.show(lambda: f"{done:,} of {total:,} events, {done / progress.seconds:,.0f} a second")

    with open_log(log) as store:
        made = take_checkpoint(store, at=time.time_ns() // 1000, since=since, progress=show)
        progress.clear()
        if store.repaired:
            note(f"groupcore: {shown(log)}: {store.repaired}")
    return made


def anchor(file: CheckpointFile, public_key: PublicKeyFile = None, digest: PublishedDigest = None) -> None:
    """Print the line of a checkpoint to publish: its digest, its position and its time.

    Whoever finds that line later (in a repository, a newspaper, a mail to oneself, a time stamp) knows that the
    log stood so by then: groupcore verify LOG --against CHECKPOINT --digest SHA256.
    """
    put(str(checkpoint_in(file, public_key_of(public_key), digest)))


def keygen(
    private: Annotated[Path, typer.Argument(metavar="KEY", help="Where to write the private key: key.pem.")],
    public: Annotated[
        Path | None,
        typer.Option("--public", metavar="FILE", help="Where to write the public key; else key.pub beside key.pem."),
    ] = None,
) -> None:
    """Make a pair of ed25519 keys, to sign checkpoints and to check them. Files that are there are not touched.

    The private key is readable by its owner alone. Keep it off the machine that writes the log.
    """
    from groupcore.checkpoints.keys import make_keys

    beside = public or private.with_suffix(".pub")
    if beside == private:
        raise InputError("the two keys need two files; name another with --public", str(private))
    made = make_keys(str(private), str(beside))
    put(f"{private} signs; {beside} checks what it signed: {made.name}")


def checkpoint_in(path: Path, key: PublicKey | None, digest: str | None) -> Checkpoint:
    """The checkpoint in that file, checked with a key, or by its published digest."""
    return read_checkpoint(path.read_bytes(), key=key, digest=digest, where=str(path))


def public_key_of(path: Path | None) -> PublicKey | None:
    """The public key in that file; None for none."""
    if path is None:
        return None
    from groupcore.checkpoints.keys import PublicKey

    return PublicKey.read(path.read_bytes(), str(path))


def private_key_of(path: Path) -> PrivateKey:
    """The private key in that file."""
    from groupcore.checkpoints.keys import PrivateKey

    return PrivateKey.read(path.read_bytes(), str(path))


def told_unproven(path: Path, found: Checkpoint) -> None:
    """Say that nothing proves a checkpoint but the place that it was kept in."""
    how = "--public-key names who signed it" if found.signed_by else "it is not signed"
    note(f"groupcore: {path} is taken as it is ({how}; --digest names what was published of it)")


def _earlier(path: Path, public_key: Path | None, signer: Any) -> Checkpoint:
    """The checkpoint to go on from; who signs the next one has to have signed it, unless another key is named."""
    key = public_key_of(public_key) or (signer.public if signer is not None else None)
    found = checkpoint_in(path, None, None)
    if found.signed_by is None and public_key is None:
        key = None
    if key is None:
        told_unproven(path, found)
        return found
    return checkpoint_in(path, key, None)


def _refuse_existing(path: Path) -> None:
    if os.path.lexists(path):
        raise CheckpointError(f"{path} is there already; checkpoints are kept, so name a new file")


def _write(path: Path, data: bytes) -> None:
    """Write it whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(data)
        _refuse_existing(path)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
