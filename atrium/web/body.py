"""Reading a request's body ourselves: whatever arrives, the answer is a sentence and a 4xx, never a 500."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Generator
from dataclasses import dataclass
from typing import Any, cast

import orjson
from starlette.datastructures import QueryParams
from starlette.types import Message, Receive

from atrium.web.asked import Asked

BODY_MAX = 1_000_000  # bytes
STALL = 10.0  # seconds without a byte of a body
WHOLE = 60.0  # seconds for all of it
TEXT_MAX = 100_000  # characters of a document

JSON = b"application/json"


class Refused(Exception):
    """A request that does not get as far as GraphQL."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers or {}


@dataclass(slots=True)
class Operation:
    """What a client asks for."""

    query: str
    variables: dict[str, Any]
    name: str | None = None


async def read_operation(asked: Asked, receive: Receive) -> Operation:
    """The operation of a POST. Raises `Refused`."""
    headers = asked.headers
    if headers.get(b"content-type") != JSON or b"content-encoding" in headers:
        _check_type(asked)
    length = headers.get(b"content-length", b"")
    if len(length) > 6 and length.isdigit() and int(length[:12]) > BODY_MAX:
        raise _too_large()
    return operation(_loads(await _read(receive), "The body"))


def operation(payload: object) -> Operation:
    """The operation that decoded JSON describes, from a body or from a frame of a socket. Raises `Refused`."""
    if not isinstance(payload, dict):
        raise _bad(f"The body must be a JSON object with a `query`, and it is {_kind(payload)}.")
    given = cast("dict[str, Any]", payload)
    query, variables, name = given.get("query"), given.get("variables"), given.get("operationName")
    extensions = given.get("extensions")
    if isinstance(extensions, dict) and "persistedQuery" in extensions and not query:
        raise Refused(
            400, "PERSISTED_QUERY_NOT_SUPPORTED", "Automatic persisted queries are not supported: send the document."
        )
    if not isinstance(query, str):
        raise _bad("`query` must be the text of a GraphQL document.")
    if len(query) > TEXT_MAX:
        raise Refused(
            400, "QUERY_TOO_COMPLEX", f"The document has {len(query):,} characters; at most {TEXT_MAX:,} are taken."
        )
    if variables is not None and not isinstance(variables, dict):
        raise _bad(f"`variables` must be a JSON object or null, and it is {_kind(variables)}.")
    if name is not None and not isinstance(name, str):
        raise _bad(f"`operationName` must be a string or null, and it is {_kind(name)}.")
    if extensions is not None and not isinstance(extensions, dict):
        raise _bad(f"`extensions` must be a JSON object or null, and it is {_kind(extensions)}.")
    return Operation(query, cast("dict[str, Any]", variables or {}), name)


def operation_of_query_string(asked: Asked) -> Operation:
    """The operation of a GET. Raises `Refused`."""
    given = QueryParams(asked.scope["query_string"])
    found: dict[str, Any] = {"query": given.get("query"), "operationName": given.get("operationName")}
    for name in ("variables", "extensions"):
        if text := given.get(name):
            found[name] = _loads(text.encode("utf-8", "surrogatepass"), f"`{name}`")
    return operation(found)


def _check_type(asked: Asked) -> None:
    media, _, parameters = asked.text(b"content-type").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if media.strip().lower() != JSON.decode() or (parameters.strip() and charset not in ("utf-8", "utf8")):
        raise Refused(415, "BAD_USER_INPUT", "Send the operation as JSON: Content-Type: application/json")
    if asked.headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise Refused(415, "BAD_USER_INPUT", "Compressed bodies are not taken: leave out Content-Encoding.")


async def _read(receive: Receive) -> bytes:
    """The body, which mostly is there already, in one piece. Raises `Refused`."""
    coming = Begun(receive())
    if not coming.is_done:
        return await _read_patiently(receive, coming)
    body = _piece(coming.value)
    if len(body) > BODY_MAX:
        raise _too_large()
    return await _read_patiently(receive, None, body) if coming.value.get("more_body", False) else body


async def _read_patiently(receive: Receive, coming: Awaitable[Message] | None, start: bytes = b"") -> bytes:
    """The body after its `start`, beginning with the message that is `coming`."""
    body, now = bytearray(start), asyncio.get_running_loop().time
    end = now() + WHOLE
    try:
        async with asyncio.timeout(STALL) as patience:
            while True:
                message = await (coming or receive())
                coming = None
                patience.reschedule(min(now() + STALL, end))
                body += _piece(message)
                if len(body) > BODY_MAX:
                    raise _too_large()
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise Refused(
            408, "TIMEOUT", "The body came too slowly, and nothing was done. Send it again.", {"connection": "close"}
        ) from None


def _piece(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise _bad("The connection ended before the body was complete.")
    return message.get("body", b"")


class Begun:
    """Something to be awaited that has been begun at once; what is done by that needs no waiting, and no time limit."""

    __slots__ = ("_steps", "_waits_for", "is_done", "value")

    def __init__(self, awaited: Awaitable[Any]) -> None:
        self._steps, self.is_done = awaited.__await__(), False
        self.value: Any = None
        try:
            self._waits_for = next(self._steps)
        except StopIteration as done:
            self.is_done, self.value = True, done.value

    def __await__(self) -> Generator[Any, Any, Any]:
        """What it gives, where it is not done."""
        yield self._waits_for
        return (yield from self._steps)


def _loads(data: bytes, what: str) -> object:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise _bad(f"{what} is not valid JSON: {str(error)[:200]}.") from None


def _bad(message: str) -> Refused:
    return Refused(400, "BAD_USER_INPUT", message)


def _too_large() -> Refused:
    return Refused(413, "QUERY_TOO_COMPLEX", f"The body is larger than {BODY_MAX:,} bytes. Send less at a time.")


def _kind(value: object) -> str:
    names: dict[type, str] = {
        type(None): "null",
        bool: "a boolean",
        int: "a number",
        float: "a number",
        str: "a string",
        list: "a list",
    }
    return names.get(type(value), "an object")
