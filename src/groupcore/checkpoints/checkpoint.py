"""A checkpoint: where all streams of a log ended at one time, to be kept where whoever writes the log cannot reach.

What it is on the wire is canonical JSON, signed as a whole or not::

    {"checkpoint": {"at": ..., "format": 1, "groupcore": "checkpoint", "heads": {"org": [2, "5e4f..."]},
                    "log": "90ab...", "order": "77c1...", "position": 28},
     "key": "<ed25519 public key>", "signature": "<over the bytes of the checkpoint>"}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

from attrs import field, frozen

from groupcore.clock import format_instant
from groupcore.errors import CheckpointError, InputError
from groupcore.events import Head
from groupcore.events.chain import Chain
from groupcore.events.digests import sha256_of
from groupcore.wire import dumps, loads

FORMAT = 1

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SIGNATURE = re.compile(r"[0-9a-f]{128}")


class Signer(Protocol):
    """What signs: a private key. `checkpoints.keys` has it."""

    @property
    def name(self) -> str:
        """The public key that belongs to it, in hexadecimal."""
        ...

    def sign(self, content: bytes) -> bytes:
        """The signature of *content*."""
        ...


class Verifier(Protocol):
    """What knows a signature when it sees it: a public key. `checkpoints.keys` has it."""

    @property
    def name(self) -> str:
        """The key itself, in hexadecimal."""
        ...

    def signed(self, content: bytes, signature: bytes) -> bool:
        """Whether the owner of this key signed *content* so."""
        ...


@frozen
class Mismatch:
    """Where a log is not the one that a checkpoint was taken of.

    ``stream`` is "", and ``position`` 0, where the heads alone cannot tell.
    """

    problem: str
    stream: str = ""
    version: int = 0
    position: int = 0


@frozen(kw_only=True)
class Checkpoint:
    """A log as it stood: its identity, position and time, where each stream ended, and the order of all events.

    ``log`` is the digest of the first event, ``at`` in microseconds, ``order`` as `events.chain` has it. ``signed_by``
    is the key that the file names as its signer; that it did sign is known if it was read with that key.
    """

    log: str
    position: int
    at: int
    heads: Mapping[str, Head]
    order: str
    signed_by: str | None = field(default=None, eq=False)

    @property
    def content(self) -> bytes:
        """The canonical JSON that digest and signature are over."""
        heads = {stream: list(head) for stream, head in self.heads.items()}
        plain = {"log": self.log, "position": self.position, "at": self.at, "heads": heads, "order": self.order}
        return dumps({"groupcore": "checkpoint", "format": FORMAT, **plain})

    @property
    def digest(self) -> str:
        """The digest that one publishes: ``sha256:`` and 64 digits. Signing does not change it."""
        return f"sha256:{sha256_of(self.content)}"

    def __str__(self) -> str:
        return f"{self.digest} event {self.position} {format_instant(self.at)}"

    def chain(self) -> Chain:
        """The chain to go on with behind this checkpoint."""
        return Chain(position=self.position, heads=dict(self.heads), order=self.order, origin=self.log)

    def mismatch(self, chain: Chain) -> Mismatch | None:
        """Where a log that was followed up to this position, or to its end before it, is another one; or None."""
        if chain.position and chain.origin != self.log:
            return Mismatch(_another_log(chain.origin, self.log), position=1)
        if chain.position < self.position:
            return self._cut(chain)
        for stream in sorted(self.heads.keys() | chain.heads.keys()):
            expected, found = self.heads.get(stream), chain.heads.get(stream)
            if expected != found:
                return _other_head(stream, expected, found, self.position)
        if chain.order != self.order:
            problem = f"the first {self.position} events are those of the checkpoint, in another order between streams"
            return Mismatch(problem)
        return None

    def _cut(self, chain: Chain) -> Mismatch:
        short = {s: h for s, h in sorted(self.heads.items()) if _version(chain.heads.get(s)) < h.version}
        told = [f"{s} at version {_version(chain.heads.get(s))} and not {h.version}" for s, h in short.items()]
        more = f", and {len(told) - 3} more streams" if len(told) > 3 else ""
        problem = (
            f"the log ends at event {chain.position}, and the checkpoint was taken at event {self.position}: "
            f"events were cut off its end ({', '.join(told[:3])}{more})"
        )
        stream = next(iter(short)) if len(short) == 1 else ""
        version = _version(chain.heads.get(stream)) + 1 if stream else 0
        return Mismatch(problem, stream, version, chain.position + 1)


def _another_log(found: str, expected: str) -> str:
    """What is said where the first events of two logs differ."""
    return (
        f"the log begins with the digest {found[:12]}, and the checkpoint is of one that begins with {expected[:12]}: "
        "this is another log, or it was written anew from its first event"
    )


def _version(head: Head | None) -> int:
    return head.version if head is not None else 0


def _other_head(stream: str, expected: Head | None, found: Head | None, position: int) -> Mismatch:
    if expected is None or found is None or expected.version != found.version:
        ends = f"{stream} stands at version {_version(found)} after event {position}"
        return Mismatch(f"{ends}, and the checkpoint has it at {_version(expected)}", stream, _version(found))
    digests = f"has the digest {found.digest[:12]}, and the checkpoint says {expected.digest[:12]}"
    problem = f"version {found.version} of {stream} {digests}: it was written anew, or what stood before it"
    return Mismatch(problem, stream, found.version)


# --- on the wire --------------------------------------------------------------------------------------------------


def write_checkpoint(checkpoint: Checkpoint, key: Signer | None = None) -> bytes:
    """The file of *checkpoint*, one line, signed with *key* if there is one."""
    written: dict[str, Any] = {"checkpoint": loads(checkpoint.content)}
    if key is not None:
        written |= {"key": key.name, "signature": key.sign(checkpoint.content).hex()}
    return dumps(written) + b"\n"


def read_checkpoint(
    data: bytes, *, key: Verifier | None = None, digest: str | None = None, where: str = "the file"
) -> Checkpoint:
    """The checkpoint in a file. Raises CheckpointError, which begins with *where*, for what cannot be trusted.

    With *key*, the owner of that key has to have signed it; with *digest*, it has to be the one of that digest, as it
    was published. With neither, it proves as much as the place that it was kept in.
    """
    try:
        given = _object(loads(data))
        found = _read(_object(given.get("checkpoint")), given.get("key"))
    except CheckpointError as error:
        raise CheckpointError(f"{where}: {error}") from None
    except (InputError, KeyError, TypeError, ValueError) as error:
        reason = str(error) if isinstance(error, InputError) else "something is missing in it, or is no such thing"
        raise CheckpointError(f"{where} is no checkpoint of a log: {reason}") from None
    if key is not None:
        _check_signature(found, given, key, where)
    if digest is not None:
        _check_digest(found, digest, where)
    return found


def _check_digest(found: Checkpoint, published: str, where: str) -> None:
    """*published* is the digest, or the whole line that was published: its first word is the digest."""
    digest = next(iter(published.lower().split()), "").removeprefix("sha256:")
    if not _DIGEST.fullmatch(digest):
        raise CheckpointError(f"{published!r:.90} is no digest; write sha256: and 64 hexadecimal digits")
    if f"sha256:{digest}" != found.digest:
        known = f"{where} has the digest {found.digest}"
        raise CheckpointError(f"{known}, and not sha256:{digest}: it is another, or was changed")


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError
    return value


def _read(given: Mapping[str, Any], key: Any) -> Checkpoint:
    if given["groupcore"] != "checkpoint":
        raise ValueError
    if given["format"] != FORMAT:
        raise CheckpointError(f"its format is {given['format']!r}, this version knows {FORMAT}; update groupcore")
    heads = {stream: _head(*head) for stream, head in _object(given["heads"]).items()}
    position, at = _number(given["position"]), _number(given["at"])
    if position != sum(head.version for head in heads.values()):
        raise CheckpointError(f"its streams do not add up to {position} events: it was changed")
    log, order = _digest(given["log"]), _digest(given["order"])
    signer = key if isinstance(key, str) and _DIGEST.fullmatch(key) else None
    return Checkpoint(log=log, position=position, at=at, heads=heads, order=order, signed_by=signer)


def _head(version: Any, digest: Any) -> Head:
    return Head(_number(version), _digest(digest))


def _number(value: Any) -> int:
    if type(value) is not int:
        raise ValueError
    return value


def _digest(value: Any) -> str:
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise ValueError
    return value


def _check_signature(found: Checkpoint, given: Mapping[str, Any], key: Verifier, where: str) -> None:
    signature = given.get("signature")
    if signature is None or found.signed_by is None:
        raise CheckpointError(f"{where} is not signed, and was to be checked with the key {key.name[:16]}")
    if found.signed_by != key.name:
        raise CheckpointError(f"{where} is signed with the key {found.signed_by[:16]}, and not with {key.name[:16]}")
    is_one = isinstance(signature, str) and _SIGNATURE.fullmatch(signature)
    if not is_one or not key.signed(found.content, bytes.fromhex(signature)):
        raise CheckpointError(f"{where} was changed after it was signed, or its signature was")
