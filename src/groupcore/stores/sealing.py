"""Sealing: the private part of a row under a key, so that who loses the key loses the text.

AES-256-GCM, a random nonce each time, bound to the id of the event and to the digest of what is sealed: in the place of
another event it cannot be opened. The salt goes into the box, too, since short texts can be guessed from a digest and
its salt. What comes out is JSON as the private part was, so any store can hold it.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from typing import NamedTuple

from groupcore.errors import CorruptLog, MissingExtra
from groupcore.events.row import SEALED, Row
from groupcore.wire import dumps_plain, loads

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ImportError:
    raise MissingExtra("cryptography", "crypto") from None

KEY_BYTES = 32
_NONCE_BYTES = 12


class Key(NamedTuple):
    """A key: what it is called in the log, and what opens."""

    id: str
    secret: bytes


def new_key() -> Key:
    """A key that nobody had before."""
    return Key(os.urandom(8).hex(), os.urandom(KEY_BYTES))


def sealed(row: Row, key: Key) -> Row:
    """*row* with its private part and its salt under *key*."""
    assert row.private is not None, "there is something to seal"
    nonce = os.urandom(_NONCE_BYTES)
    text = f"{row.salt or ''}\n".encode() + row.private
    box = nonce + AESGCM(key.secret).encrypt(nonce, text, _bound(row))
    return row._replace(private=dumps_plain({SEALED: f"{key.id}.{b64encode(box).decode()}"}), salt=None)


def key_id(row: Row) -> str:
    """Which key opens *row*."""
    return str(_content(row).partition(".")[0])


def opened(row: Row, secret: bytes) -> Row:
    """*row* as it was before it was sealed. Raises CorruptLog where it was changed, or is not in its place."""
    box = b64decode(_content(row).partition(".")[2])
    try:
        text = AESGCM(secret).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], _bound(row))
    except (InvalidTag, ValueError):
        raise CorruptLog(row.position, f"the private part of {row.type} was changed, or put in its place") from None
    salt, _, private = text.partition(b"\n")
    return row._replace(private=private, salt=salt.decode() or None)


def _content(row: Row) -> str:
    try:
        return str(loads(row.private or b"")[SEALED])
    except Exception as error:
        raise CorruptLog(row.position, f"the private part of {row.type} is sealed, and damaged") from error


def _bound(row: Row) -> bytes:
    return f"{row.id}\n{row.private_digest}".encode()
