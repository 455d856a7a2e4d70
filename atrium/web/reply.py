"""An answer as it goes out: a body that is made, and header lines in bytes."""

from __future__ import annotations

from starlette.responses import Response

from atrium.web.asked import Line
from atrium.web.live.events import MEDIA as EVENTS

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"

AS_GRAPHQL: Line = (b"content-type", GRAPHQL.encode())
AS_JSON: Line = (b"content-type", JSON.encode())
AS_EVENTS: Line = (b"content-type", f"{EVENTS}; charset=utf-8".encode())
NO_STORE: Line = (b"cache-control", b"no-store")
BEARER: Line = (b"www-authenticate", b"Bearer")


class Reply(Response):
    """A response like Starlette's, made without looking at its headers again and again."""

    def __init__(self, status: int, body: bytes, *lines: Line) -> None:
        self.status_code, self.body, self.background = status, body, None
        self.raw_headers = [(b"content-length", b"%d" % len(body)), *lines]
