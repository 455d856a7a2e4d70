"""Reading a request's body ourselves: whatever arrives, the answer is a sentence and a 4xx, never a 500."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, cast

import orjson
from starlette.requests import ClientDisconnect, Request

BODY_MAX = 1_000_000  # bytes
STALL = 10.0  # seconds without a byte of a body
WHOLE = 60.0  # seconds for all of it
TEXT_MAX = 100_000  # characters of a document


class Refused(Exception):
    """A request that does not get as far as GraphQL."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers or {}


@dataclass(frozen=True)
class Operation:
    """What a client asks for."""

    query: str
    variables: dict[str, Any]
    name: str | None = None


async def read_operation(request: Request) -> Operation:
    """The operation of a POST. Raises `Refused`."""
    _check_type(request)
    return operation(await _json(request))


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


def operation_of_query_string(request: Request) -> Operation:
    """The operation of a GET. Raises `Refused`."""
    found: dict[str, Any] = {"query": request.query_params.get("query")}
    found["operationName"] = request.query_params.get("operationName")
    for name in ("variables", "extensions"):
        if text := request.query_params.get(name):
            found[name] = _loads(text.encode("utf-8", "surrogatepass"), f"`{name}`")
    return operation(found)


def _check_type(request: Request) -> None:
    media, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if media.strip().lower() != "application/json" or (parameters.strip() and charset not in ("utf-8", "utf8")):
        raise Refused(415, "BAD_USER_INPUT", "Send the operation as JSON: Content-Type: application/json")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refused(415, "BAD_USER_INPUT", "Compressed bodies are not taken: leave out Content-Encoding.")


async def _json(request: Request) -> object:
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length[:12]) > BODY_MAX:
        raise _too_large()
    try:
        return _loads(await _read(request), "The body")
    except ClientDisconnect:
        raise _bad("The connection ended before the body was complete.") from None
    except TimeoutError:
        raise Refused(
            408, "TIMEOUT", "The body came too slowly, and nothing was done. Send it again.", {"connection": "close"}
        ) from None


async def _read(request: Request) -> bytes:
    """The body. Raises `TimeoutError` where it stalls."""
    body, now = bytearray(), asyncio.get_running_loop().time
    end = now() + WHOLE
    async with asyncio.timeout(STALL) as patience:
        async for chunk in request.stream():
            patience.reschedule(min(now() + STALL, end))
            body += chunk
            if len(body) > BODY_MAX:
                raise _too_large()
    return bytes(body)


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
