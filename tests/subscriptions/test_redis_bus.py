"""The bus over a real Valkey: it carries pokes, pages and whispers."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

import pytest

from atrium.embedded.valkey import Valkey
from models.log import START, Position, horizon
from subscriptions.events import Logged, logged
from subscriptions.redis_bus import KEY, LEASE, PAGE_WAIT, RENEW, RedisBus
from tests.engine import settled
from tests.subscriptions.leading import SECRETS
from tests.subscriptions.notes import AUDIENCES, PEOPLE, commit
from tests.subscriptions.valkeys import handed, joined, read_from, until, woken_after

ROOT = Path(__file__).parents[2]


# --- pokes


async def test_a_poke_wakes_the_others(valkey: Valkey) -> None:
    async with RedisBus(valkey.url, SECRETS).running() as here, RedisBus(valkey.url, SECRETS).running() as there:
        await until(lambda: here.is_connected and there.is_connected)
        waiting = asyncio.create_task(there.wait(5, there.pokes))
        await asyncio.sleep(0.05)

        here.poke()

        assert await waiting


async def test_a_poke_wakes_the_leader_and_the_others_wait_for_its_page(valkey: Valkey) -> None:
    async with joined(valkey, 3) as (leader, here, there):
        waiting = [asyncio.create_task(woken_after(bus)) for bus in (leader, here, there)]
        await asyncio.sleep(0)

        here.poke()
        first, *others = await asyncio.gather(*waiting)

        assert first < min(others)
        assert min(others) > PAGE_WAIT - 0.02  # there was none, so they looked for themselves


async def test_a_process_has_two_connections(valkey: Valkey, client: Any) -> None:
    async with joined(valkey, 2) as buses:
        for n in range(300):
            buses[n % 2].poke()
            buses[n % 2].whisper("n", {"n": n})
            await asyncio.sleep(0.001)

        assert len(await client.client_list()) <= 2 * 2 + 1


# --- pages


@pytest.mark.usefixtures("notes")
async def test_pages_arrive_and_continue(valkey: Valkey) -> None:
    async with joined(valkey, 3) as (leader, *others):
        start = position = await horizon()
        sent = list[Logged]()
        for _ in range(3):
            await commit(AUDIENCES[0], PEOPLE[0])
            await settled()
            woken = [asyncio.create_task(bus.wait(5, bus.pokes)) for bus in others]
            await asyncio.sleep(0)
            behind, records = await read_from(position)
            leader.hand_on(position, behind, records)
            assert all(await asyncio.gather(*woken))
            sent += [event for record in records if (event := logged(record))]
            position = behind

        for bus in others:
            got, place = list[Logged](), start
            while place < position:
                page = await handed(bus, place)
                assert page.since == place
                got += page.events
                place = page.behind
            assert got == sent
            assert bus.handed(place) is None
        assert leader.handed(start) is None


@pytest.mark.usefixtures("notes")
async def test_a_gap_gives_nothing_and_what_is_known_is_cut_off(valkey: Valkey) -> None:
    async with joined(valkey) as (leader, other):
        start = await horizon()
        await commit(PEOPLE[0])
        await settled()
        first, _ = await read_from(start)
        await commit(PEOPLE[0], PEOPLE[1])
        await settled()
        behind, records = await read_from(first)
        _, all_records = await read_from(start)

        waiting = asyncio.create_task(woken_after(other))
        await asyncio.sleep(0)
        leader.hand_on(first, behind, records)
        await waiting
        assert other.handed(start) is None
        assert (await handed(other, first)).behind == behind

        leader.hand_on(start, behind, all_records)
        again = await handed(other, first)
        assert (again.since, again.behind) == (first, behind)
        assert again.events == [event for record in records if (event := logged(record))]


@pytest.mark.usefixtures("notes")
async def test_only_the_leader_hands_on(valkey: Valkey, client: Any) -> None:
    async with joined(valkey) as (_, other):
        start = await horizon()
        await commit(PEOPLE[0])
        await settled()
        behind, records = await read_from(start)

        other.hand_on(start, behind, records)
        await asyncio.sleep(0.1)

        assert await client.xlen(KEY) == 0


# --- leading


async def test_the_next_one_leads_when_the_leader_ends(valkey: Valkey) -> None:
    async with RedisBus(valkey.url, SECRETS).running() as other:
        async with RedisBus(valkey.url, SECRETS).running() as leader:
            await until(lambda: leader.is_connected and other.is_connected)
            leader.handed(START)
            await until(lambda: leader.leads)
            other.handed(START)
            await asyncio.sleep(0.1)
            assert not other.leads

        await until(lambda: other.leads, LEASE - RENEW - 0.1)  # its lease would have lasted longer
        assert not leader.leads


async def test_the_next_one_leads_when_the_leader_is_killed(valkey: Valkey) -> None:
    async with a_leader_elsewhere(valkey) as leader, RedisBus(valkey.url, SECRETS).running() as other:
        other.handed(START)
        await asyncio.sleep(1.2)
        assert not other.leads
        leader.kill()
        await leader.wait()
        assert not other.leads

        await until(lambda: other.leads, LEASE + 2)


async def test_who_leads_no_more_knows_it_when_thawed(valkey: Valkey) -> None:
    async with a_leader_elsewhere(valkey) as leader, RedisBus(valkey.url, SECRETS).running() as other:
        other.handed(START)
        leader.send_signal(signal.SIGSTOP)
        await until(lambda: other.leads, LEASE + 2)
        leader.send_signal(signal.SIGCONT)
        await asyncio.sleep(2)

        assert other.leads


@contextlib.asynccontextmanager
async def a_leader_elsewhere(valkey: Valkey) -> AsyncGenerator[asyncio.subprocess.Process]:
    """A process of its own that leads."""
    module = [sys.executable, "-m", "tests.subscriptions.leading", valkey.url]
    leader = await asyncio.create_subprocess_exec(*module, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    try:
        assert leader.stdout
        async with asyncio.timeout(20):
            while await leader.stdout.readline() != b"leads\n":
                assert leader.returncode is None
        yield leader
    finally:
        with contextlib.suppress(ProcessLookupError):
            leader.kill()
        await leader.wait()


async def test_who_has_no_tail_never_leads(valkey: Valkey) -> None:
    async with RedisBus(valkey.url, SECRETS).running() as worker, RedisBus(valkey.url, SECRETS).running() as other:
        await until(lambda: worker.is_connected and other.is_connected)
        await asyncio.sleep(1.5)
        assert not worker.leads and not other.leads

        delays = list[float]()
        for _ in range(5):
            waiting = asyncio.create_task(woken_after(worker))
            await asyncio.sleep(0)
            other.poke()
            delays.append(await waiting)

        assert min(delays) < PAGE_WAIT / 2  # there is no page to wait for


@pytest.mark.usefixtures("notes")
async def test_two_leaders_harm_nobody(valkey: Valkey, client: Any) -> None:
    async with joined(valkey, 3) as (first, second, other):
        start = await horizon()
        await client.delete(f"{KEY}:leader")
        second.poke()  # it looks who leads
        await until(lambda: second.leads)
        assert first.leads  # until it looks

        for _ in range(4):
            await commit(PEOPLE[0])
        await settled()
        behind, records = await read_from(start)
        middle: Position = (records[1]["generation"], records[1]["xid"], records[1]["id"])
        second.hand_on(start, middle, records[:2])
        first.hand_on(start, behind, records)
        page = await handed(other, start)
        events = [*page.events]
        if page.behind < behind:
            events += (await handed(other, page.behind)).events

        assert events == [event for record in records if (event := logged(record))]
        await until(lambda: first.leads != second.leads, 2)


# --- whispers


class Heard:
    """The whispers that one process has heard."""

    def __init__(self) -> None:
        self.said = list[tuple[str, Mapping[str, Any]]]()

    def hear(self, topic: str, said: Mapping[str, Any]) -> None:
        self.said.append((topic, said))


async def test_whispers_reach_all(valkey: Valkey) -> None:
    async with joined(valkey, 3) as buses:
        heard = [Heard() for _ in buses]
        ends = [bus.overhear(to.hear) for bus, to in zip(buses, heard, strict=True)]
        for n in range(200):
            buses[n % 3].whisper("typing", {"n": n})
        await until(lambda: all(len(one.said) == 200 for one in heard))
        for end in ends:
            end()
        buses[0].whisper("typing", {"n": 200})
        await asyncio.sleep(0.1)

    for one in heard:
        assert {topic for topic, _ in one.said} == {"typing"}
        assert sorted(said["n"] for _, said in one.said) == list(range(200))


async def test_without_a_server_whispers_stay_at_home() -> None:
    async with RedisBus("redis://127.0.0.1:1/0", SECRETS).running() as bus:
        heard = list[Any]()
        bus.overhear(lambda topic, said: heard.append((topic, said)))
        bus.whisper("typing", {"n": 1})

        await until(lambda: heard == [("typing", {"n": 1})], 1)
