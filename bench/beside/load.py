"""A lean HTTP/1.1 client: some connections, each of which asks again as soon as it is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

SOON = 120.0  # seconds for all answers of a round
HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"
REFUSED = (b'"errors":[{', b'"data":null')


class Refused(Exception):
    """An answer that is none; the message shows it."""


def request(path: str, host: str, body: bytes, headers: dict[str, str]) -> bytes:
    """A POST of JSON as it goes over the wire."""
    told = {"host": host, "content-type": "application/json", "content-length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


@dataclass
class Round:
    """What came of a row of requests: seconds of each, of all together, and the answers' bodies where they are kept."""

    keep: bool = False
    waits: list[float] = field(default_factory=list[float])
    bodies: list[bytes] = field(default_factory=list[bytes])
    seconds: float = 0.0


async def ask(address: tuple[str, int], requests: Sequence[bytes], connections: int, *, keep: bool = False) -> Round:
    """Send all requests over so many connections. Raises `Refused`."""
    loop = asyncio.get_running_loop()
    taken, left = Round(keep), iter(requests)
    lines = [Line(left, taken) for _ in range(min(connections, len(requests)))]
    for line in lines:
        await loop.create_connection(lambda line=line: line, *address)
    started = time.perf_counter()
    for line in lines:
        line.next()
    async with asyncio.timeout(SOON):
        await asyncio.gather(*(line.done for line in lines))
    taken.seconds = time.perf_counter() - started
    for line in lines:
        line.transport.close()
    return taken


class Line(asyncio.Protocol):
    """One connection."""

    transport: asyncio.Transport

    def __init__(self, left: Iterator[bytes], taken: Round) -> None:
        self._left, self._taken = left, taken
        self._buffer, self._need, self._sent = bytearray(), 0, 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's own is none by its class

    def next(self) -> None:
        """Ask the next thing, if there is any left."""
        wanted = next(self._left, None)
        if wanted is None:
            if not self.done.done():  # nobody waits any more where the round was broken off
                self.done.set_result(None)
            return
        self._buffer.clear()
        self._need, self._sent = 0, time.perf_counter()
        self.transport.write(wanted)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._need:
            end = self._buffer.find(HEAD_END)
            if end < 0:
                return
            self._need = end + len(HEAD_END) + _length(bytes(self._buffer[:end]).lower())
        if len(self._buffer) >= self._need:
            self._answered()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(Refused(f"The server hung up: {exc or 'it was done with us'}."))

    def _answered(self) -> None:
        self._taken.waits.append(time.perf_counter() - self._sent)
        head, _, body = bytes(self._buffer).partition(HEAD_END)
        if b" 200 " not in head[:16] or any(sign in body for sign in REFUSED):
            self.done.set_exception(Refused(f"{head[:200].decode()}\n{body[:1000].decode(errors='replace')}"))
            return
        if self._taken.keep:
            self._taken.bodies.append(body)
        self.next()


def _length(head: bytes) -> int:
    at = head.find(LENGTH)
    if at < 0:
        raise Refused("The server does not tell how long its answers are.")
    return int(head[at + len(LENGTH) :].split(b"\r", 1)[0])
