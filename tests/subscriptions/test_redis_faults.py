"""Whatever befalls a real Valkey, the bus loses nothing and harms nobody."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from atrium.embedded.valkey import Valkey
from models.log import START, Position, horizon
from subscriptions.bus import Handed
from subscriptions.events import logged
from subscriptions.redis_bus import KEY, PAGE_WAIT, RedisBus
from subscriptions.stamps import Stamps
from tests.engine import settled
from tests.subscriptions.leading import SECRETS
from tests.subscriptions.notes import AUDIENCES, PEOPLE, Seen, commit
from tests.subscriptions.valkeys import frozen, joined, pid_of, read_from, until

# --- what befalls the server


async def test_it_joins_again_when_the_server_is_back(valkey: Valkey) -> None:
    async with joined(valkey) as (here, there):
        await asyncio.to_thread(valkey.stop)
        await until(lambda: not here.is_connected and not there.is_connected)
        assert not here.leads

        before = here.pokes
        here.poke()  # harms nobody, and wakes at home
        assert here.pokes == before + 1
        assert not await there.wait(0.2, there.pokes)
        before = there.pokes
        await asyncio.to_thread(valkey.start)
        await until(lambda: here.is_connected and there.is_connected)
        assert there.pokes > before
        await until(lambda: here.leads or there.leads, 2)


async def test_a_killed_server_is_joined_again(valkey: Valkey, tmp_path: Path) -> None:
    async with joined(valkey) as (here, there):
        os.kill(pid_of(tmp_path), signal.SIGKILL)
        await until(lambda: not here.is_connected and not there.is_connected)
        await asyncio.to_thread(valkey.start)

        await until(lambda: here.is_connected and there.is_connected and (here.leads or there.leads))


async def test_a_frozen_server_is_noticed_and_wakes_nobody_late(valkey: Valkey, tmp_path: Path) -> None:
    async with joined(valkey) as (leader, other):
        with frozen(tmp_path):
            before = leader.pokes, other.pokes
            leader.poke()
            other.poke()
            assert leader.pokes == before[0] + 1
            await until(lambda: other.pokes > before[1], PAGE_WAIT * 2)  # it looks for itself, not yet knowing why

            await until(lambda: not leader.is_connected and not other.is_connected, 7)
            before = other.pokes, other.pokes
            other.poke()
            assert other.pokes == before[0] + 1

        await until(lambda: leader.is_connected and other.is_connected)


async def test_a_server_that_is_emptied_is_gone_on_with(valkey: Valkey, client: Any) -> None:
    async with joined(valkey) as (here, there):
        heard = list[str]()
        there.overhear(lambda topic, _: heard.append(topic))
        here.whisper("before", {})
        await until(lambda: heard)
        await client.flushall()
        here.whisper("after", {})
        await until(lambda: "after" in heard)

        await until(lambda: here.leads != there.leads)


async def test_ids_that_go_back_are_noticed(valkey: Valkey, client: Any) -> None:
    async with joined(valkey) as (here, there):
        await client.xadd(KEY, {"kind": "poke"}, id="9999999999999-0")  # of a clock that was ahead
        await asyncio.sleep(0.1)
        await client.flushall()
        before, heard = there.pokes, list[str]()
        there.overhear(lambda topic, _: heard.append(topic))
        await until(lambda: here.whisper("after", {}) or heard)

        assert there.pokes > before


async def test_nonsense_in_the_stream_harms_nobody(valkey: Valkey, client: Any) -> None:
    chance = random.Random(5)
    async with joined(valkey) as (here, there):
        heard = list[str]()
        there.overhear(lambda topic, _: heard.append(topic))
        with capture_logs() as logs:
            for kind in ("page", "whisper", "poke", "surprise", ""):
                for said in (b"", b"{}", b"[]", b"null", b'["a", 1]', b"[" * 9_000, chance.randbytes(3_000)):
                    by = chance.randbytes(5)
                    stamp = Stamps(SECRETS).stamp(kind.encode(), by, said) if chance.random() < 0.8 else b"forged"
                    await client.xadd(KEY, {"kind": kind, "by": by, "said": said, "stamp": stamp})
            await client.xadd(KEY, {"who": "knows"})
            await client.set(f"{KEY}:leader", b"\xff" * 100, px=500)
            here.whisper("still here", {})
            await until(lambda: heard)

        assert heard == ["still here"]
        assert here.is_connected and there.is_connected
        assert [entry["event"] for entry in logs].count("redis_entry_dropped") == 2  # once for each of the two
        assert there.handed(START) is None
        await until(lambda: here.leads or there.leads)


async def test_nobody_of_another_installation_is_heard_and_a_replaced_secret_is(valkey: Valkey) -> None:
    heard = list[str]()
    new, old = b"the new secret", SECRETS[0]
    async with (
        RedisBus(valkey.url, [new, old]).running() as here,
        RedisBus(valkey.url, SECRETS).running() as there,
        RedisBus(valkey.url, [b"of others"]).running() as stranger,
    ):
        here.overhear(lambda topic, _: heard.append(topic))
        await until(lambda: here.is_connected and there.is_connected and stranger.is_connected)
        stranger.whisper("from a stranger", {})
        await asyncio.sleep(0.1)
        there.whisper("with the old secret", {})
        await until(lambda: heard)

    assert heard == ["with the old secret"]


async def test_a_key_of_another_type_is_as_if_there_were_no_server(valkey: Valkey, client: Any) -> None:
    await client.set(KEY, "a text")
    async with RedisBus(valkey.url, SECRETS).running() as bus:
        await until(lambda: bus.is_connected is False)
        before = bus.pokes
        bus.poke()
        assert bus.pokes == before + 1
        await client.delete(KEY)

        await until(lambda: bus.is_connected)


async def test_it_ends_at_once_even_while_its_connections_fail(valkey: Valkey, client: Any) -> None:
    chance = random.Random(3)
    for _ in range(40):
        async with asyncio.timeout(2), RedisBus(valkey.url, SECRETS).running() as bus:
            await until(lambda bus=bus: bus.is_connected)
            bus.poke()
            await client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            await asyncio.sleep(chance.choice((0, 0, 0.0002, 0.0005, 0.001, 0.002)))


async def test_without_a_server_it_is_a_bus_of_one_process() -> None:
    async with RedisBus("redis://127.0.0.1:1/0", SECRETS).running() as bus:
        waiting = asyncio.create_task(bus.wait(5, bus.pokes))
        await asyncio.sleep(0.05)

        bus.poke()

        assert await waiting
        with contextlib.suppress(TimeoutError):
            await until(lambda: bus.is_connected, 0.2)
        assert not bus.is_connected
        assert bus.handed(START) is None


# --- all together


class Tail:
    """What a process does with its bus: it takes pages, and looks at the log when it is woken or waits in vain."""

    def __init__(self, bus: RedisBus, position: Position) -> None:
        self.bus, self.position, self.seen = bus, position, Seen.nothing()
        self.taken = self.looks = 0  # pages, and looks at the log

    async def forever(self) -> None:
        is_fed = False  # the last page came from the bus, and the next one may
        while True:
            heard = self.bus.pokes
            if page := self.bus.handed(self.position):
                self._take(page)
                is_fed = True
            elif is_fed:
                is_fed = False
                await self.bus.wait(1, heard)
            elif not await self._look():
                await self.bus.wait(1, heard)

    def _take(self, page: Handed) -> None:
        self.taken += 1
        self.seen.add(page.events)
        self.position = page.behind

    async def _look(self) -> bool:
        self.looks += 1
        behind, records = await read_from(self.position)
        if not records:
            return False
        self.bus.hand_on(self.position, behind, records)
        self.seen.add([event for record in records if (event := logged(record))])
        self.position = behind
        return True


@pytest.mark.usefixtures("notes")
async def test_one_reads_for_all_and_whatever_befalls_the_server_nothing_is_lost(
    valkey: Valkey, client: Any, tmp_path: Path
) -> None:
    chance = random.Random(7)
    async with joined(valkey, 3) as buses, contextlib.AsyncExitStack() as stack:
        start = await horizon()
        tails = [Tail(bus, start) for bus in buses]
        for tail in tails:
            task = asyncio.create_task(tail.forever())
            stack.callback(task.cancel)

        async def write(seconds: float) -> None:
            ends = asyncio.get_running_loop().time() + seconds
            while asyncio.get_running_loop().time() < ends:
                await commit(*chance.sample(AUDIENCES + PEOPLE, 2))
                chance.choice(buses).poke()
                await asyncio.sleep(0.005)

        await write(2)
        looks, takes = [tail.looks for tail in tails], [tail.taken for tail in tails]
        for _ in range(5):
            await client.flushall()
            await write(0.2)
        with frozen(tmp_path):
            await write(4)
        await write(1)
        os.kill(pid_of(tmp_path), signal.SIGKILL)
        await write(1)
        await asyncio.to_thread(valkey.start)
        await until(lambda: all(bus.is_connected for bus in buses))
        await write(2)
        await settled()
        _, every = await read_from(start)
        while len(page := (await read_from((every[-1]["generation"], every[-1]["xid"], every[-1]["id"])))[1]):
            every += page
        end: Position = (every[-1]["generation"], every[-1]["xid"], every[-1]["id"])
        await until(lambda: all(tail.position >= end for tail in tails))

        for tail in tails:
            assert tail.seen.faults == {"gaps": 0, "inversions": 0, "steps back": 0}
            assert tail.seen.positions == [(r["generation"], r["xid"], r["id"]) for r in every]
        # While all was well, the others had next to everything from the leader.
        assert looks[0] > 50 and takes[0] == 0
        assert all(taken > 3 * look for taken, look in zip(takes[1:], looks[1:], strict=True)), (takes, looks)
