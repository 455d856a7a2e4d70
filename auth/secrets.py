"""Secrets that we hand out once and keep only as a SHA-256: they have the entropy that a password lacks."""

from __future__ import annotations

import hashlib
import secrets
import zlib

TOKEN_PREFIX = "atr_"  # what scanners of leaked secrets look for
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM, _CHECK = 43, 6  # characters of base 62 for 256 and for 32 bits
_SESSION = 43  # characters of base 64 for 256 bits

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("OIL", "011", "- ")
_GROUPS, _GROUP = 5, 4  # 20 characters of 5 bits


def new_session() -> str:
    """A session's secret: 256 bits, fit for a cookie."""
    return secrets.token_urlsafe(32)


def new_token() -> str:
    """A token for programs: a prefix, 256 bits, and a checksum."""
    body = TOKEN_PREFIX + _base62(int.from_bytes(secrets.token_bytes(32), "big"), _RANDOM)
    return body + _checksum(body)


def well_formed(secret: str) -> bool:
    """Whether it can be a session's or token's secret at all: a mistyped one need not be looked up."""
    if not secret.isascii():
        return False
    if secret.startswith(TOKEN_PREFIX) and len(secret) == len(TOKEN_PREFIX) + _RANDOM + _CHECK:
        return _checksum(secret[:-_CHECK]) == secret[-_CHECK:]
    return len(secret) == _SESSION


def new_code() -> str:
    """A one-time code of 100 bits to be typed from paper, such as `7Q2M-X0KD-93TB-VE5H-RA8W`."""
    return "-".join("".join(secrets.choice(_CROCKFORD) for _ in range(_GROUP)) for _ in range(_GROUPS))


def typed_code(text: str) -> str | None:
    """A code as a person typed it, in its one form; None for what cannot be one.

    Case, dashes and spaces do not matter, nor whether O is 0 and I or L is 1.
    """
    if len(text) > 100:
        return None
    code = "".join(text.split()).upper().translate(_READ_AS)
    return code if len(code) == _GROUPS * _GROUP and set(code) <= set(_CROCKFORD) else None


def digest(secret: str) -> str:
    """What is stored of a secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), _CHECK)


def _base62(number: int, length: int) -> str:
    digits: list[str] = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(_BASE62[digit])
    return "".join(reversed(digits))
