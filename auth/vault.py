"""The vault: seals what only the running installation may open, with keys that the database does not hold."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12  # bytes
SMALLEST = 1_024  # bytes that anything is padded to at least: then doubled, so that a length tells next to nothing
_LENGTH = 4  # bytes that tell how much of what is padded counts


class Unopenable(ValueError):
    """What was sealed with another key, for another place, or has been changed."""


class Vault:
    """Seals with the first of the installation's secrets and opens what any of them has sealed.

    `salt` is a key that is kept beside and can be destroyed: without it nothing sealed with it opens any more.
    """

    def __init__(self, secrets_: Sequence[bytes]) -> None:
        self._secrets = list(secrets_)

    def seal(self, salt: bytes, place: bytes, plain: bytes) -> bytes:
        """`plain` padded and encrypted, never twice the same; it opens with the same `salt` and `place` only."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + AESGCM(_key(self._secrets[0], salt)).encrypt(nonce, _padded(plain), place)

    def open(self, salt: bytes, place: bytes, sealed: bytes) -> bytes:
        """What was sealed. Raises `Unopenable`."""
        for secret in self._secrets:
            try:
                padded = AESGCM(_key(secret, salt)).decrypt(sealed[:NONCE], sealed[NONCE:], place)
            except (InvalidTag, ValueError):
                continue
            return padded[_LENGTH : _LENGTH + int.from_bytes(padded[:_LENGTH], "big")]
        raise Unopenable("It was sealed with another secret. Is ATRIUM_SECRET_KEY still the one of then?")


def _key(secret: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"atrium.vault").derive(secret)


def _padded(plain: bytes) -> bytes:
    size = SMALLEST
    while size < _LENGTH + len(plain):
        size *= 2
    return (len(plain).to_bytes(_LENGTH, "big") + plain).ljust(size, b"\0")
