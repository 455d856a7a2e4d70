"""HTTP/1.1 with limited patience: a connection costs memory, so one that says nothing, or says it slowly, is closed."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from atrium.web.asked import EXTENSION, Reading
from schema.answer import refused

HEAD_WAIT = 10.0  # seconds from the first byte of a request's head to its last
SILENCE = 30.0  # seconds before a request, where uvicorn's own wait for the next one does not hold
HEAD_MAX = 64_000  # bytes
GRACE = 1.0  # seconds that a half-sent body has at the end of the server

TOO_LARGE = refused("BAD_USER_INPUT", f"The head of the request is larger than {HEAD_MAX:,} bytes. Send fewer headers.")


class PatientProtocol(HttpToolsProtocol):
    """Uvicorn's protocol, with limits for what comes before an application could set any."""

    head_wait = HEAD_WAIT
    silence = SILENCE
    waiting: asyncio.TimerHandle | None = None
    in_head = False
    is_handed_over = False  # the connection is another protocol's
    received = 0  # bytes of a head that is not complete
    arrived = 0  # bytes that are being parsed
    parsed = 0  # bytes of a head's names and values, where that may be too large

    # The connection.

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        super().connection_made(transport)
        self._reading = Reading()
        self._extensions: dict[str, dict[object, object]] = {EXTENSION: {"of": self._reading}}
        self._wait(self.silence)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait(None)
        super().connection_lost(exc)
        self._reading.end()

    def data_received(self, data: bytes) -> None:
        is_of_head = self.in_head or self._is_idle()  # else its beginning is of the body before
        self.arrived = len(data)
        super().data_received(data)
        if self.is_handed_over or self.transport.is_closing():
            return
        if self.in_head:  # a head that came in one piece, as nearly all do, needs neither a clock nor a count
            if is_of_head:
                self.received += len(data)
            if self._is_too_large():
                self.send_400_response("")
            elif self.waiting is None:
                self._wait(self.head_wait)
        elif self.waiting is None and self._is_idle():
            self._wait(self.silence)  # empty lines before a request, or a body after its answer

    def handle_websocket_upgrade(self) -> None:
        self._wait(None)
        super().handle_websocket_upgrade()
        self.is_handed_over = True

    def shutdown(self) -> None:
        super().shutdown()
        if self._is_half_sent():
            self.loop.call_later(GRACE, self._close_half_sent)

    # The parser.

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = self._extensions
        self.in_head, self.received, self.parsed = True, 0, 0
        self._wait(None)

    def on_headers_complete(self) -> None:
        if self.received + self.arrived > HEAD_MAX:
            self.parsed = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
            if self._is_too_large():
                raise ValueError("the head is too large")  # the parser gives up, see send_400_response
        self.in_head = False
        self._wait(None)
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Uvicorn's answer to what its parser refuses, ours to what we do."""
        self._wait(None)
        if not self._is_too_large():
            super().send_400_response(msg)
            return
        body = orjson.dumps({"errors": [TOO_LARGE]})
        head = "HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: application/json\r\nconnection: close\r\n"
        self.transport.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        self.transport.close()

    # The limits.

    def _wait(self, seconds: float | None) -> None:
        """Close the connection after so long, unless told otherwise before."""
        if self.waiting:
            self.waiting.cancel()
            self.waiting = None
        if seconds:
            self.waiting = self.loop.call_later(seconds, self.transport.close)

    def _is_too_large(self) -> bool:
        return max(self.received, self.parsed) > HEAD_MAX

    def _is_idle(self) -> bool:
        cycle: Any = self.cycle
        return not self.in_head and (cycle is None or cycle.response_complete)

    def _is_half_sent(self) -> bool:
        cycle: Any = self.cycle
        return cycle is not None and not cycle.response_complete and cycle.more_body

    def _close_half_sent(self) -> None:
        if self._is_half_sent():
            self.transport.close()
