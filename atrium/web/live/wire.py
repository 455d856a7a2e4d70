"""The wire under a socket: uvicorn's, which also takes frames at once, and makes each only once for all sockets.

A server's frames are not masked, so that an event is the same bytes for everybody who is told the same of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, cast

from starlette.types import Scope
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Opcode
from websockets.frames import Frame as WireFrame
from websockets.http11 import Request

from atrium.web.live.outbox import Frame, Write

EXTENSION = "atrium.wire"
"""The key of a scope's extensions under which `write` is found."""


class Wire(WebSocketsSansIOProtocol):
    """Uvicorn's protocol, whose sockets may write past it as long as they do not have to wait.

    It also bears clients that ping without reading, and such as send bytes that are no text.
    """

    unsaid: Sequence[bytes] = ()  # pongs that have to wait

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        # What compresses has to see every frame.
        if self.response.status_code == HTTPStatus.SWITCHING_PROTOCOLS and not self.conn.extensions:
            extensions = cast("dict[str, Any]", self.scope.get("extensions"))
            extensions[EXTENSION] = {"write": self.write}

    def handle_ping(self) -> None:
        """As uvicorn's; of a client that does not read only the last pings are answered: all would fill our memory."""
        if self.writable.is_set() or self.conn.close_rcvd is not None:
            super().handle_ping()
        elif pongs := self.conn.data_to_send():
            self.unsaid = pongs

    def resume_writing(self) -> None:
        super().resume_writing()
        pongs, self.unsaid = self.unsaid, ()
        if pongs and not (self.close_sent or self.transport.is_closing()):
            self.transport.write(b"".join(pongs))

    def send_receive_event_to_app(self) -> None:
        """As uvicorn's, which would write a traceback into our log for whoever sends bytes that are no text."""
        if self.curr_msg_data_type == "text" and not self.close_sent and not _is_text(self.frames):
            self.frames = []
            self.conn.send_close(CloseCode.INVALID_DATA)
            self.handle_parser_exception()
            return
        super().send_receive_event_to_app()

    def write(self, frame: Frame) -> bool:
        """Send a frame, once the socket is accepted; False where that has to wait, or nobody is there any more."""
        if self.close_sent or self.disconnected or self.transport.is_closing() or not self.writable.is_set():
            return False
        if frame.wire is None:
            frame.wire = WireFrame(Opcode.TEXT, frame.text.encode()).serialize(mask=False)
        self.transport.write(frame.wire)
        return True


def written(scope: Scope) -> Write | None:
    """By what frames are written at once to the socket of this scope; None where its server has nothing such."""
    extension = scope.get("extensions", {}).get(EXTENSION)
    return extension and extension["write"]


def _is_text(parts: list[bytes]) -> bool:
    try:
        b"".join(parts).decode()
    except UnicodeDecodeError:
        return False
    return True
