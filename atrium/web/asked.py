"""What is asked over HTTP, as far as answers depend on it: the headers gone over once, and looked up from then on."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from starlette.requests import cookie_parser
from starlette.types import Scope

Line = tuple[bytes, bytes]
"""A header's name in small letters, and its value, as they go over the wire."""

DRAWN = 512  # numbers of requests that are drawn at a time


class Asked:
    """One request, or the handshake of a socket.

    `also` are lines that every answer to it gets besides its own.
    """

    __slots__ = ("accept", "also", "headers", "id", "method", "scope")

    def __init__(self, scope: Scope, also: Iterable[Line] = ()) -> None:
        self.scope, self.also = scope, also
        # Of a header that comes more than once the first counts.
        self.headers: dict[bytes, bytes] = dict(reversed(scope["headers"]))
        self.method: str = scope.get("method", "GET")
        self.accept = self.headers.get(b"accept", b"")
        self.id = next(_numbers)

    @property
    def peer(self) -> str:
        """The address at the other end of the connection; empty where there is none."""
        client = self.scope.get("client")
        return client[0] if client else ""

    def text(self, name: bytes) -> str:
        """A header; empty where it is missing."""
        value = self.headers.get(name)
        return value.decode("latin-1") if value else ""

    def cookie(self, name: str) -> str:
        """A cookie; empty where it is missing."""
        if b"cookie" not in self.headers:
            return ""
        shown: dict[str, str] = {}
        for header, value in self.scope["headers"]:
            if header == b"cookie":
                shown.update(cookie_parser(value.decode("latin-1")))
        return shown.get(name, "")


def new_request_id() -> str:
    """A number that people can read out: 48 random bits."""
    return next(_numbers)


def _drawn() -> Iterator[str]:
    while True:
        digits = os.urandom(6 * DRAWN).hex()
        for start in range(0, len(digits), 12):
            yield digits[start : start + 12]


_numbers = _drawn()
