"""Sealed cursors: positions that a client can keep but neither read, forge, nor use elsewhere."""

import base64
import binascii
import hashlib
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

TEXT_MAX = 2_048  # characters; a sort value of 200 characters fits, whatever characters they are
KEY_MIN = 16  # bytes


class InvalidCursor(ValueError):
    """A text that is no cursor of this list: forged, cut, old, or of another list, order or filter."""


class Sealer:
    """Seals values with the first of its keys and opens what any of them has sealed.

    The same values give the same text, so a cursor can be compared. `kind` and `binding` say where it is valid.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) < KEY_MIN for key in keys):
            raise ValueError(f"A sealer needs at least one key, each of {KEY_MIN} bytes or more.")
        # A name of its own before the key: what else is made of the same secret tells nothing of this one.
        self._ciphers = [AESSIV(hashlib.sha512(b"execution.cursors\0" + key).digest()) for key in keys]

    def seal(self, kind: str, binding: str | bytes, values: Sequence[object]) -> str:
        """A text that holds `values`: strings, numbers, UUIDs, dates, aware datetimes and None.

        Raises `TypeError` for another kind of value, `ValueError` for a naive datetime or more than fits a cursor.
        """
        plain = orjson.dumps([_packed(value) for value in values])
        text = _encoded(self._ciphers[0].encrypt(plain, _place(kind, binding)))
        if len(text) > TEXT_MAX:
            raise ValueError(f"These values make a cursor of {len(text)} characters; at most {TEXT_MAX} can be opened.")
        return text

    def open(self, kind: str, binding: str | bytes, text: str) -> tuple[Any, ...]:
        """The values sealed in `text` for the same `kind` and `binding`. Raises `InvalidCursor`."""
        sealed = _decoded(text)
        for cipher in self._ciphers:
            try:
                plain = cipher.decrypt(sealed, _place(kind, binding))
            except (InvalidTag, ValueError):
                continue
            return tuple(_unpacked(value) for value in orjson.loads(plain))
        raise InvalidCursor(REFUSED)


REFUSED = "This is no cursor of this list."


def _place(kind: str, binding: str | bytes) -> list[bytes]:
    return [kind.encode(), binding.encode() if isinstance(binding, str) else binding]


def _encoded(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    if not 0 < len(text) <= TEXT_MAX or not text.isascii():
        raise InvalidCursor(REFUSED)
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise InvalidCursor(REFUSED) from None
    if _encoded(sealed) != text:  # the decoder skips what it does not know; one position has one text
        raise InvalidCursor(REFUSED)
    return sealed


def _packed(value: object) -> object:
    if isinstance(value, uuid.UUID):
        return {"u": str(value)}
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("A cursor needs aware datetimes.")
        return {"t": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"A cursor cannot hold a {type(value).__name__}.")


def _unpacked(value: Any) -> Any:
    match value:
        case {"u": text}:
            return uuid.UUID(text)
        case {"t": text}:
            return datetime.fromisoformat(text)
        case {"d": text}:
            return date.fromisoformat(text)
        case _:
            return value
