"""What a serving process does when something below it is killed, frozen or swept away, and what clients hear of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from pathlib import Path

import httpx

from atrium.embedded import processes
from atrium.embedded.postgres import Postgres
from atrium.embedded.valkey import Valkey
from tests.serve.process import BROUGHT_ALONG, PATIENCE, Process, frozen, listener, postmaster, running
from tests.serve.test_serve import SERVING, subscribed, until_ready

STRICT = {"accept": "application/graphql-response+json", "authorization": "Bearer " + "A" * 43}
ME = {"query": "{ viewer { person { id } } }"}
HALF = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
SOON = 8.0  # seconds: two until it is noticed, a few for the start, and a busy machine


async def recovered(serving: Process) -> float:
    """Seconds until it is ready again, once it is seen not to be."""
    async with serving.http() as http:
        started = time.monotonic()
        await until_ready(http, 503)
        await until_ready(http)
        return time.monotonic() - started


async def test_a_database_that_is_killed_or_cut_off_is_started_again(tmp_path: Path) -> None:
    async with running(tmp_path, BROUGHT_ALONG, "serve", "--port", "0", until=SERVING) as serving:
        async with serving.http() as http:
            await until_ready(http)

        killed = postmaster(tmp_path)
        os.kill(killed, signal.SIGKILL)
        after_kill = await recovered(serving)
        again = postmaster(tmp_path)
        assert again != killed

        (Path(Postgres(tmp_path).endpoint.host) / Postgres.socket_name).unlink()
        async with serving.http() as http, asyncio.timeout(PATIENCE):
            while postmaster_or_none(tmp_path) in (None, again):
                await asyncio.sleep(0.05)
            await until_ready(http)
            answer = await http.post("/graphql", json=ME, headers=STRICT)
        assert await serving.end() == 0

    assert after_kill < SOON
    assert answer.status_code == 401
    assert not Postgres(tmp_path).is_running()


def test_data_that_is_away_is_never_replaced_by_an_empty_database(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    with Postgres(tmp_path, durable=False) as postgres:
        data.rename(tmp_path / "aside")
        away = postgres.is_lost()
        (tmp_path / "aside").rename(data)

        assert not away and not postgres.is_lost() and postgres.is_running()


def postmaster_or_none(data: Path) -> int | None:
    with contextlib.suppress(FileNotFoundError, IndexError, ValueError):
        return postmaster(data)
    return None


async def test_a_frozen_database_is_answered_for_in_time_and_goes_on(tmp_path: Path) -> None:
    async with running(tmp_path, BROUGHT_ALONG, "serve", "--port", "0", until=SERVING) as serving:
        async with httpx.AsyncClient(base_url=f"http://{serving.address}", timeout=20) as http:
            await until_ready(http)
            pids = [postmaster(tmp_path), *processes.working_in(tmp_path / "postgres" / "data", "postgres: ")]
            with frozen(*pids):
                started = time.monotonic()
                stalled, strict, lax = await asyncio.gather(
                    a_body_that_stalls(serving),
                    http.post("/graphql", json=ME, headers=STRICT),
                    http.post("/graphql", json=ME, headers={**STRICT, "accept": "application/json"}),
                )
                took = time.monotonic() - started
            await until_ready(http)
            again = await http.post("/graphql", json=ME, headers=STRICT)
        assert postmaster(tmp_path) == pids[0]

    assert 9 < took < 12
    assert stalled.startswith(b"HTTP/1.1 408 ") and b"The body came too slowly" in stalled
    assert (strict.status_code, lax.status_code, again.status_code) == (504, 200, 401)
    for answer in (strict, lax):
        [error] = answer.json()["errors"]
        assert error["extensions"]["code"] == "TIMEOUT" and "same clientId" in error["message"]


async def a_body_that_stalls(serving: Process) -> bytes:
    """What is answered to it, until the server closes the connection."""
    reader, writer = await opened(serving)
    writer.write(HALF)
    try:
        return await reader.read()
    finally:
        writer.close()


async def opened(serving: Process) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, _, port = serving.address.partition(":")
    return await asyncio.open_connection(host, int(port))


def test_a_frozen_valkey_is_replaced(tmp_path: Path) -> None:
    with Valkey(tmp_path) as first, Valkey(tmp_path) as other:
        pid = listener(tmp_path)
        with frozen(pid):
            started = time.monotonic()
            other.ensure()
            took = time.monotonic() - started
            assert first.is_running() and listener(tmp_path) != pid

    assert took < SOON


async def test_it_serves_without_a_valkey_that_cannot_be_started(dsn: str, tmp_path: Path) -> None:
    (tmp_path / "valkey").write_text("in the way")
    command = ("serve", "--port", "0", "--workers", "2")
    async with running(tmp_path, dsn, *command, until=SERVING, redis=BROUGHT_ALONG) as serving:
        http = serving.http()
        await serving.hear("redis")
        async with http:
            await until_ready(http)

    assert "none, processes poll the log: " in serving.said[-1]


async def test_half_sent_bodies_and_open_connections_do_not_delay_the_end(dsn: str, tmp_path: Path) -> None:
    async with running(tmp_path, dsn, "serve", "--port", "0", until=SERVING) as serving:
        async with serving.http() as http:
            await until_ready(http)
        half, _silent = await opened(serving), await opened(serving)
        half[1].write(HALF)
        async with subscribed(serving, {}):
            started = time.monotonic()
            assert await serving.end() == 0
            took = time.monotonic() - started

    assert took < 5
