"""Stamps on what processes tell each other over Redis: who else can write there has none of this installation."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

STAMP = 16  # bytes
PURPOSE = b"atrium.bus"


class Stamps:
    """Stamps with the first of the keys, and knows the stamps of all: a key may be replaced while processes run."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = [hashlib.blake2b(key, person=PURPOSE, digest_size=32).digest() for key in keys]

    def stamp(self, kind: bytes, by: bytes, said: bytes) -> bytes:
        """The stamp of an entry."""
        return _stamp(self._keys[0], kind, by, said)

    def is_ours(self, stamp: bytes, kind: bytes, by: bytes, said: bytes) -> bool:
        """Whether an entry is from a process that has one of the keys."""
        return any(hmac.compare_digest(stamp, _stamp(key, kind, by, said)) for key in self._keys)


def _stamp(key: bytes, kind: bytes, by: bytes, said: bytes) -> bytes:
    return hashlib.blake2b(b"\0".join((kind, by, said)), key=key, digest_size=STAMP).digest()
