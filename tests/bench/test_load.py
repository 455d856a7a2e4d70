"""The client of the bench, against a server that answers as it likes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from bench.beside.load import Refused, ask, request

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(answer: Answer) -> AsyncGenerator[tuple[str, int]]:
    """A server that reads requests of which it needs to know no more than their length."""

    lines: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.split(b"content-length: ")[1].split(b"\r")[0])
                await reader.readexactly(length)
                await answer(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    started = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with started:
        yield started.sockets[0].getsockname()[:2]
        for line in lines:
            line.close()


REQUESTS = [request("/graphql", "there", b'{"query": "{ a }"}', {"authorization": "Bearer x"})] * 20


async def test_it_is_answered_in_pieces_as_well() -> None:
    async def in_pieces(writer: asyncio.StreamWriter) -> None:
        for piece in (b"HTTP/1.1 200 OK\r\nContent-Le", b"ngth: 13\r\n\r\n", b'{"data":', b"{}}  "):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)

    async with server(in_pieces) as address:
        taken = await ask(address, REQUESTS, 3, keep=True)

    assert len(taken.waits) == len(REQUESTS)
    assert set(taken.bodies) == {b'{"data":{}}  '}
    assert taken.seconds > 0


@pytest.mark.parametrize(
    ("status", "body"),
    [(b"500 Oh", b"no"), (b"200 OK", b'{"data":null}'), (b"200 OK", b'{"data":{},"errors":[{"message":"no"}]}')],
)
async def test_an_answer_that_is_none_ends_it(status: bytes, body: bytes) -> None:
    async def refusing(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 %s\r\ncontent-length: %d\r\n\r\n%s" % (status, len(body), body))

    async with server(refusing) as address:
        with pytest.raises(Refused):
            await ask(address, REQUESTS, 2)


async def test_so_does_a_server_that_hangs_up() -> None:
    async def gone(writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with server(gone) as address:
        with pytest.raises(Refused, match="hung up"):
            await ask(address, REQUESTS, 2)
