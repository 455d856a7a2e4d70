"""A real Meilisearch for tests: `async with meili_engine() as engine`; skips, with the reason, where there is none."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncGenerator, Generator
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from atrium.embedded.meilisearch import Meilisearch
from search import meili_filters as filters
from search.engine import Unavailable
from search.meili import INDEX, KIND, MeiliEngine
from search.meili_client import Client

BINARY = os.environ.get("ATRIUM_MEILISEARCH_BINARY", "")


@cache
def shared_server() -> Meilisearch:
    """The server of this test process, on 127.0.0.1, with its data in a temporary folder; it ends with the process."""
    return _ends_with_us().enter_context(meilisearch_server())


@contextlib.contextmanager
def meilisearch_server() -> Generator[Meilisearch]:
    """A server of one's own."""
    folder = Path(tempfile.mkdtemp(prefix="atrium-meilisearch-"))
    server = Meilisearch(folder, BINARY)
    try:
        if server.unavailable:
            pytest.skip(server.unavailable)
        with server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.asynccontextmanager
async def meili_engine(server: Meilisearch | None = None) -> AsyncGenerator[MeiliEngine]:
    """An engine over an index that is empty and built."""
    server = server or await asyncio.to_thread(shared_server)
    client = Client(server.url, server.key)
    engine = MeiliEngine(client, "tests")
    try:
        if not await _is_ours(engine):
            await emptied(client)
        await engine.take_over()
        unwanted = f"NOT {filters.among('kind', [KIND])}"
        await client.done(lambda one: one.index(INDEX).delete_documents(filter=unwanted))
        yield engine
    finally:
        client.close()


async def emptied(client: Client) -> None:
    """Delete all its indexes."""
    for uid in await indexes(client):
        await client.done(lambda one, uid=uid: one.delete_index(uid))


async def indexes(client: Client) -> list[str]:
    """The names of its indexes."""
    return sorted(one["uid"] for one in await client.do(lambda one: cast(Any, one.get_raw_indexes())["results"]))


async def _is_ours(engine: MeiliEngine) -> bool:
    """Whether an index was left by the test before: making one takes the server a while."""
    try:
        return await engine.is_built() and await indexes(engine.client) == [INDEX]
    except Unavailable:
        return False


def _ends_with_us() -> contextlib.ExitStack:
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    return stack
