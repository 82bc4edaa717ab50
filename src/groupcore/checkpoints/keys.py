"""Keys to sign checkpoints with: ed25519, in PEM. The door to cryptography that signs; needs the extra ``crypto``."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

from attrs import frozen

from groupcore.errors import InputError, MissingExtra

try:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization as pem
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
except ImportError:
    raise MissingExtra("cryptography", "crypto") from None


@frozen
class PublicKey:
    """A key that checks signatures; everybody may have it."""

    raw: Any

    @classmethod
    def read(cls, data: bytes, where: str = "") -> PublicKey:
        """The key in a PEM file. Raises InputError for anything else."""
        if b"PRIVATE KEY" in data:
            raise InputError("it is a private key; name the public one, and show this one to nobody", where)
        key = _loaded(lambda: pem.load_pem_public_key(data), "public", where)
        if not isinstance(key, Ed25519PublicKey):
            raise InputError("it is no ed25519 key", where)
        return cls(key)

    @property
    def name(self) -> str:
        """The key itself, in hexadecimal."""
        return str(self.raw.public_bytes_raw().hex())

    def signed(self, content: bytes, signature: bytes) -> bool:
        """Whether the owner of this key signed *content* so."""
        try:
            self.raw.verify(signature, content)
        except InvalidSignature:
            return False
        return True

    def write(self) -> bytes:
        """The PEM file of this key."""
        return bytes(self.raw.public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo))


@frozen
class PrivateKey:
    """A key that signs; whoever has it can sign in its owner's name."""

    raw: Any

    @classmethod
    def new(cls) -> PrivateKey:
        """A key that nobody had before."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, data: bytes, where: str = "") -> PrivateKey:
        """The key in a PEM file without a passphrase. Raises InputError for anything else."""
        key = _loaded(lambda: pem.load_pem_private_key(data, None), "private", where)
        if not isinstance(key, Ed25519PrivateKey):
            raise InputError("it is no ed25519 key", where)
        return cls(key)

    @property
    def public(self) -> PublicKey:
        """The key that checks what this one signs."""
        return PublicKey(self.raw.public_key())

    @property
    def name(self) -> str:
        """The public key, in hexadecimal."""
        return self.public.name

    def sign(self, content: bytes) -> bytes:
        """The signature of *content*, 64 bytes."""
        return bytes(self.raw.sign(content))

    def write(self) -> bytes:
        """The PEM file of this key, without a passphrase: keep it where only its owner can read."""
        return bytes(self.raw.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption()))


def _loaded(load: Any, kind: str, where: str) -> Any:
    try:
        return load()
    except TypeError:
        raise InputError("the key has a passphrase, which groupcore cannot ask for", where) from None
    except (ValueError, UnsupportedAlgorithm):
        raise InputError(f"it holds no {kind} key in PEM", where) from None


def make_keys(private: str, public: str) -> PublicKey:
    """Write a new pair of keys to two files; that of the private key is readable by its owner alone (mode 0600).

    Raises InputError where one of the files is there already: a key that is written over is gone.
    """
    for path in (private, public):
        if os.path.lexists(path):
            raise InputError("it is there already, and is not written over", path)
    key = PrivateKey.new()
    _write_new(private, key.write(), 0o600)
    try:
        _write_new(public, key.public.write(), 0o644)
    except BaseException:
        with suppress(OSError):
            os.unlink(private)  # half a pair is none, and would be in the way of the next attempt
        raise
    return key.public


def _write_new(path: str, data: bytes, mode: int) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise InputError("it is there already, and is not written over", path) from None
    except OSError as error:
        raise InputError(f"it cannot be written: {error.strerror}", path) from None
    with os.fdopen(handle, "wb") as file:
        file.write(data)
