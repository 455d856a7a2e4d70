"""Frames of graphql-transport-ws: every one is checked before anything looks into it.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

from typing import Any, cast

import orjson

from atrium.web.body import BODY_MAX
from atrium.web.live.outbox import Frame
from models.log import Position
from resolvers.live.followers import Payload

PROTOCOL = "graphql-transport-ws"
ID_MAX = 200  # characters

INVALID, UNAUTHENTICATED, NO_PROTOCOL, TOO_LATE, TAKEN, TOO_MANY = 4400, 4401, 4406, 4408, 4409, 4429
NOT_READING, TOO_LARGE, STOPPING, TRY_LATER = 1008, 1009, 1012, 1013


class Close(Exception):
    """Ends the socket with a code and a reason (at most 123 bytes)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason.encode()[:120].decode(errors="ignore")


class SocketFraming:
    """How streams are written to a WebSocket."""

    def next(self, id: str, payload: Payload, position: Position) -> Frame:
        frame = payload.frames.get(id)
        if frame is None:  # made for the first of all streams that have this id
            text = f'{{"id":{_text(id)},"type":"next","payload":{payload.json.decode()}}}'
            frame = payload.frames[id] = Frame(text)
        return frame

    def complete(self, id: str) -> Frame:
        return Frame(f'{{"id":{_text(id)},"type":"complete"}}')


def frame(text: str | None) -> dict[str, Any]:
    """A message of the protocol. Raises `Close`."""
    if text is None:
        raise Close(INVALID, "Only text frames are taken")
    if len(text) > BODY_MAX:
        raise Close(TOO_LARGE, "The message is too large")
    try:
        message = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeError):
        raise Close(INVALID, "Invalid message: not JSON") from None
    if not isinstance(message, dict) or not isinstance(cast("dict[str, Any]", message).get("type"), str):
        raise Close(INVALID, "Invalid message: an object with a type is expected")
    return cast("dict[str, Any]", message)


def identifier(message: dict[str, Any]) -> str:
    """The id of a message. Raises `Close`."""
    id = message.get("id")
    if not isinstance(id, str) or not 0 < len(id) <= ID_MAX:
        raise Close(INVALID, "Invalid message: an id is expected")
    return id


def _text(id: str) -> str:
    return orjson.dumps(id).decode()
