"""Live streams: what one message to a thousand subscribers costs a server, beside the least that any server spends.

Ours asks the database who may hear of it and reads it as them; the others have everything in memory. The servers take
turns, so that their ratios are those of one run.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench import people_talking
from bench.commands import engine
from bench.goals import Goal
from bench.listeners import Listener, connected, until_all_heard
from bench.people_talking import Talk
from bench.serving import ready, rss, started

ROOT = Path(__file__).parents[1]
SUBSCRIBERS = 1_000
MESSAGES = 10  # of one round
ROUNDS = 4
IDLE = 10_000  # sockets
TICK = os.sysconf("SC_CLK_TCK")

OURS, BARE, STRAWBERRY = "Atrium", "bare ASGI sender of ready bytes", "Strawberry's endpoint"
OF_BARE_MIN, OF_STRAWBERRY_MIN = 0.5, 10
IDLE_MB_MAX = 1_200

QUERY = """subscription Follow($conversationId: ID!) { conversationUpdated(conversationId: $conversationId) {
  __typename ... on MessagePosted { id cursor occurredAt message { id sequence body author { id name } } } } }"""
OF_STRAWBERRY = """subscription Follow($conversationId: ID!) { conversationUpdated(conversationId: $conversationId) {
  __typename id cursor occurredAt message { id sequence body author { id name } } } }"""


@dataclass
class Server:
    """One of those that are compared: its process, its address, who listens to it, and how a message is sent."""

    pid: int
    address: str
    send: Callable[[], Awaitable[None]]
    listeners: list[Listener]
    cpu: list[float] = field(default_factory=list[float])  # seconds of rounds, each message heard before the next
    alone: list[float] = field(default_factory=list[float])  # seconds by the clock of the same
    behind: list[float] = field(default_factory=list[float])  # of rounds whose messages follow each other

    def spent(self) -> float:
        """Seconds of a CPU that its process has spent."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK


def measure(_: list[int]) -> tuple[dict[str, Any], list[Goal]]:
    """Microseconds of a CPU for each delivery, deliveries a second, and the memory of idle sockets."""
    with engine() as (postgres, folder):
        postgres.create_database("talk")
        dsn = postgres.endpoint.dsn("talk")
        return asyncio.run(_measure(dsn, folder))


def show(figures: dict[str, Any]) -> None:
    """A table for people."""
    print(f"\n{'one message to 1,000 subscribers':36}{'CPU µs each':>12}{'ms until all':>14}{'delivered/s':>13}")
    for name, row in figures["servers"].items():
        cells = f"{row['CPU µs of a delivery']:>12.1f}{row['ms until all have heard']:>14.1f}"
        print(f"{name:36}{cells}{row['delivered a second']:>13,.0f}")
    idle = figures["idle sockets"]
    print(f"{idle['sockets']:,} idle sockets: {idle['MB']:,} MB\n")


async def _measure(dsn: str, folder: Path) -> tuple[dict[str, Any], list[Goal]]:
    talk = await people_talking.prepare(dsn, SUBSCRIBERS)
    environment = {"ATRIUM_DATABASE_URL": dsn, "ATRIUM_DATA_DIR": str(folder), "ATRIUM_REDIS_URL": ""}
    with (
        _process(["atrium", "serve", "--port", "0", "--no-worker"], environment) as ours,
        _process(["bench.senders", "bare"], {}) as bare,
        _process(["bench.senders", "strawberry"], {}) as strawberrys,
    ):
        async with httpx.AsyncClient(timeout=30) as http:
            servers = {
                OURS: await _ours(*ours, talk, http),
                BARE: await _other(*bare, QUERY, http),
                STRAWBERRY: await _other(*strawberrys, OF_STRAWBERRY, http),
            }
            for server in servers.values():
                await _warm(server)
            for _ in range(ROUNDS):
                for server in servers.values():
                    await _round(server)
            alone = await _sending_alone(servers[OURS], talk, http)
            for server in servers.values():
                for listener in server.listeners:
                    listener.close()
            await asyncio.sleep(1)
            idle = await _idle(ours, talk)
    return _figures(servers, alone, idle)


async def _ours(pid: int, address: str, talk: Talk, http: httpx.AsyncClient) -> Server:
    async def send() -> None:
        await people_talking.say(http, address, talk, talk.conversation)

    listeners = await connected(address, talk.tokens, QUERY, {"conversationId": talk.conversation})
    return Server(pid, address, send, listeners)


async def _other(pid: int, address: str, query: str, http: httpx.AsyncClient) -> Server:
    async def send() -> None:
        (await http.post(f"http://{address}/send")).raise_for_status()

    listeners = await connected(address, ["none"] * SUBSCRIBERS, query, {"conversationId": "c"})
    return Server(pid, address, send, listeners)


async def _warm(server: Server) -> None:
    """Until everybody has heard something, and then some more."""
    async with asyncio.timeout(60):
        while any(not listener.events for listener in server.listeners):
            await server.send()
            await asyncio.sleep(0.3)
    await _round(server)
    for taken in (server.cpu, server.alone, server.behind):
        taken.clear()


async def _round(server: Server) -> None:
    """Messages one by one, each heard by all before the next; then as many that follow as soon as they are answered."""
    before, started = server.spent(), time.perf_counter()
    for listener in server.listeners:
        listener.events = 0
    for n in range(MESSAGES):
        await server.send()
        await _heard(server, n + 1)
    server.alone.append(time.perf_counter() - started)
    server.cpu.append(server.spent() - before)
    started = time.perf_counter()
    for _ in range(MESSAGES):
        await server.send()
    await _heard(server, 2 * MESSAGES)
    server.behind.append(time.perf_counter() - started)


async def _heard(server: Server, messages: int) -> None:
    try:
        await until_all_heard(server.listeners, messages)
    except TimeoutError:
        deaf = sum(listener.events < messages for listener in server.listeners)
        raise SystemExit(f"{deaf} clients of {server.address} did not hear message {messages}") from None


async def _sending_alone(server: Server, talk: Talk, http: httpx.AsyncClient) -> float:
    """Seconds of a CPU that a message takes which nobody follows: it is written all the same."""
    count = MESSAGES * ROUNDS
    before = server.spent()
    for _ in range(count):
        await people_talking.say(http, server.address, talk, talk.silent)
    return (server.spent() - before) / count


async def _idle(ours: tuple[int, str], talk: Talk) -> dict[str, int]:
    listeners = await connected(ours[1], talk.tokens * (IDLE // SUBSCRIBERS))
    await asyncio.sleep(2)
    taken = rss(ours[0])
    for listener in listeners:
        listener.close()
    return {"sockets": len(listeners), "MB": taken}


def _figures(servers: dict[str, Server], alone: float, idle: dict[str, int]) -> tuple[dict[str, Any], list[Goal]]:
    deliveries = MESSAGES * SUBSCRIBERS
    each = {name: statistics.median(server.cpu) / deliveries * 1e6 for name, server in servers.items()}
    each[OURS] -= alone / SUBSCRIBERS * 1e6
    rows = {
        name: {
            "CPU µs of a delivery": round(each[name], 1),
            "ms until all have heard": round(statistics.median(server.alone) / MESSAGES * 1e3, 1),
            "delivered a second": round(deliveries / statistics.median(server.behind)),
        }
        for name, server in servers.items()
    }
    figures: dict[str, Any] = {
        "servers": rows,
        "CPU ms of a message that nobody follows": round(alone * 1e3, 1),
        "idle sockets": idle,
    }
    bare, own = (rows[name]["delivered a second"] for name in (BARE, OURS))
    return figures, [
        Goal("delivered a second by the bare sender, in ours", round(bare / own, 2), 1 / OF_BARE_MIN),
        Goal("a delivery, in those of the bare sender", round(each[OURS] / each[BARE], 2), 1 / OF_BARE_MIN),
        Goal("a delivery, in those of Strawberry's", round(each[OURS] / each[STRAWBERRY], 3), 1 / OF_STRAWBERRY_MIN),
        Goal(f"MB of {idle['sockets']:,} idle sockets", idle["MB"], IDLE_MB_MAX),
    ]


@contextmanager
def _process(module: list[str], environment: dict[str, str]) -> Generator[tuple[int, str]]:
    """A server as a process of its own: its id and address."""
    with started([sys.executable, "-m", *module], environment) as (pid, url):
        if module[0] == "atrium":
            while not ready(url):
                time.sleep(0.1)
        yield pid, url.removeprefix("http://")
