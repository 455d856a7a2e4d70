"""A wire between a browser and a server that can be cut, as networks and proxies do it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator


class Wire:
    """Hands on bytes to and from a server of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: set[asyncio.StreamWriter] = set()
        self._is_cut = False
        self.address = ""

    @contextlib.asynccontextmanager
    async def laid(self) -> AsyncGenerator[Wire]:
        """Reachable at `address` for as long as the block runs."""
        async with await asyncio.start_server(self._carry, "127.0.0.1", 0) as server:
            self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            yield self
            self.cut()

    def cut(self) -> None:
        """Break all connections without a word, and let none be made."""
        self._is_cut = True
        for end in self._open:
            end.transport.abort()

    def mend(self) -> None:
        """Let connections be made again."""
        self._is_cut = False

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        their_reader, their_writer = await asyncio.open_connection("127.0.0.1", self._port)
        ends = {writer, their_writer}
        self._open |= ends
        try:
            await asyncio.gather(_copy(reader, their_writer), _copy(their_reader, writer))
        finally:
            self._open -= ends
            for end in ends:
                end.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while content := await reader.read(65_536):
            writer.write(content)
            await writer.drain()
    with contextlib.suppress(ConnectionError, OSError, RuntimeError):
        writer.write_eof()
