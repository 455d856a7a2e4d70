"""Global ids: opaque and stable names of things, for everybody the same."""

import base64
import binascii
import re
import uuid
from binascii import b2a_base64
from collections.abc import Callable
from functools import cache

URL_SAFE = bytes.maketrans(b"+/", b"-_")
TYPE = re.compile(rb"[A-Z][A-Za-z0-9]{0,60}")


class InvalidId(ValueError):
    """A text that is no global id."""


def encode_id(type_name: str, key: uuid.UUID) -> str:
    """The global id of the `type_name` with this key."""
    return encoder(type_name)(key)


@cache
def encoder(type_name: str) -> Callable[[uuid.UUID], str]:
    """As `encode_id`, for many of one type."""
    behind = type_name.encode()

    def encode(key: uuid.UUID) -> str:
        return b2a_base64(key.bytes + behind, newline=False).translate(URL_SAFE, b"=").decode()

    return encode


def decode_id(text: str) -> tuple[str, uuid.UUID]:
    """The type and key of a global id. Raises `InvalidId`, also for another spelling of a valid one."""
    if not 22 < len(text) <= 120 or not text.isascii():
        raise InvalidId("This is no id of this API.")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        key, type_name = uuid.UUID(bytes=raw[:16]), raw[16:]
    except (binascii.Error, ValueError):
        raise InvalidId("This is no id of this API.") from None
    if not TYPE.fullmatch(type_name) or encode_id(type_name.decode(), key) != text:
        raise InvalidId("This is no id of this API.")
    return type_name.decode(), key
