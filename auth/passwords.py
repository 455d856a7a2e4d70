"""Passwords: hashed in threads of their own, and weighed before they are taken."""

from __future__ import annotations

import asyncio
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from auth.common_passwords import is_common, plain
from models.errors import ErrorCode, Invalid, Path
from models.text import storable

PASSWORD_MIN = 12  # characters
PASSWORD_MAX = 128  # characters

T = TypeVar("T")


class Hasher:
    """Argon2id in a few threads of its own: `threads` bounds its memory (`memory_kib` each) and share of the CPU."""

    def __init__(self, memory_kib: int = 65_536, time: int = 3, parallelism: int = 1, threads: int = 2) -> None:
        self._argon2 = PasswordHasher(time_cost=time, memory_cost=memory_kib, parallelism=parallelism)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._nobodys = self._argon2.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """The hash to keep. Raises `Invalid` for a password over the limit, before any work."""
        if len(password) > PASSWORD_MAX:
            raise _weak(f"It has {len(password):,} characters; at most {PASSWORD_MAX} are allowed.", ())
        return await self._in_thread(lambda: self._argon2.hash(_bytes(password)))

    async def verify(self, hashed: str | None, password: str) -> bool:
        """Whether it is the password. With no hash it never is, which takes as long to say."""
        if len(password) > PASSWORD_MAX:  # nobody has such a password
            return False
        return await self._in_thread(lambda: self._matches(hashed or self._nobodys, password)) and hashed is not None

    def needs_rehash(self, hashed: str) -> bool:
        """Whether it was made with other costs than today's."""
        return self._argon2.check_needs_rehash(hashed)

    def close(self) -> None:
        """End the threads once they are done with what they work on."""
        self._threads.shutdown(cancel_futures=True)

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            return self._argon2.verify(hashed, _bytes(password))
        except VerificationError:
            return False

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def check_strength(password: str, *, path: Path, about: Iterable[str | None] = ()) -> None:
    """Raise `Invalid` (`WEAK_PASSWORD`) for one that is short, long or easily guessed.

    `about` are the person's names, addresses and numbers: they are guessed first, and the part of an e-mail address
    before the @ must not occur in the password at all.
    """
    known = [text for text in about if text]
    storable(password, path=path, what="The password")
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        must = f"use between {PASSWORD_MIN} and {PASSWORD_MAX}"
        raise _weak(f"It has {len(password):,} characters; {must}. A sentence of your own is easy to remember.", path)
    own = (text.partition("@")[0] for text in known if "@" in text)
    if any(len(name) > 3 and plain(name) in plain(password) for name in own):
        raise _weak("It contains the name in your e-mail address. Choose one that says nothing about you.", path)
    if is_common(password, (word for text in known for word in re.findall(r"[^\W_]{3,}", text))):
        raise _weak("It is easily guessed: common words, names, dates or rows of keys. Add words of your own.", path)


def _weak(why: str, path: Path) -> Invalid:
    return Invalid(f"This password cannot be taken. {why}", path, code=ErrorCode.WEAK_PASSWORD)


def _bytes(password: str) -> bytes:
    # NIST SP 800-63B, 3.1.1.2: normalised, or the same keys on another system would give another password.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
