"""Clients of graphql-transport-ws that only count what they hear: a thousand of them cost little."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import Sequence
from typing import Any

AT_ONCE = 50  # that connect side by side
SOON = 60.0  # seconds


class Listener(asyncio.Protocol):
    """One client: it subscribes, and counts its events."""

    def __init__(self, address: str, token: str, query: str | None, variables: dict[str, Any]) -> None:
        """Without a query it says who it is and is idle from then on."""
        self.events = 0
        self._is_open, self._buffer = False, b""
        self.ready = asyncio.get_running_loop().create_future()
        self._address, self._token, self._query, self._variables = address, token, query, variables

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET /graphql HTTP/1.1\r\nhost: {self._address}\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
            f"sec-websocket-key: {key}\r\nsec-websocket-version: 13\r\n"
            "sec-websocket-protocol: graphql-transport-ws\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_open:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            assert b" 101 " in head, head
            self._is_open, self._buffer = True, rest
            self._say({"type": "connection_init", "payload": {"authorization": f"Bearer {self._token}"}})
        while (length := _length(self._buffer)) is not None:
            self._take(self._buffer[:length])
            self._buffer = self._buffer[length:]

    def _take(self, frame: bytes) -> None:
        if b'"type":"next"' in frame or b'"type": "next"' in frame:
            self.events += 1
        elif b"connection_ack" in frame:
            if self._query:
                payload = {"query": self._query, "variables": self._variables}
                self._say({"type": "subscribe", "id": "1", "payload": payload})
            self.ready.set_result(None)
        elif b'"type":"ping"' in frame:
            self._say({"type": "pong"})

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(f"the server hung up: {exc}"))

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def _say(self, message: dict[str, Any]) -> None:
        text = json.dumps(message).encode()
        head = bytes([0x81, 0x80 | len(text)]) if len(text) < 126 else b"\x81\xfe" + len(text).to_bytes(2, "big")
        self._transport.write(head + b"\0\0\0\0" + text)  # a mask of zeros leaves the text as it is


def _length(data: bytes) -> int | None:
    """Of the frame with which `data` begins, all in all; None while it is not whole."""
    if len(data) < 4:
        return None
    size = data[1] & 0x7F
    whole = 2 + size
    if size == 126:
        whole = 4 + int.from_bytes(data[2:4], "big")
    return whole if len(data) >= whole else None


async def connected(
    address: str, tokens: Sequence[str], query: str | None = None, variables: dict[str, Any] | None = None
) -> list[Listener]:
    """A client for each token, all of which have been greeted."""
    loop = asyncio.get_running_loop()
    host, _, port = address.partition(":")
    listeners: list[Listener] = []
    for start in range(0, len(tokens), AT_ONCE):
        some = [Listener(address, token, query, variables or {}) for token in tokens[start : start + AT_ONCE]]
        await asyncio.gather(*(loop.create_connection(lambda one=one: one, host, int(port)) for one in some))
        async with asyncio.timeout(SOON):
            await asyncio.gather(*(one.ready for one in some))
        listeners += some
    return listeners


async def until_all_heard(listeners: Sequence[Listener], events: int) -> None:
    """Until each has had at least so many events in all."""
    async with asyncio.timeout(SOON):
        while any(listener.events < events for listener in listeners):  # noqa: ASYNC110  # of a thousand
            await asyncio.sleep(0.002)
