"""The hub: whoever listens misses nothing and hears nothing twice, however slow they are."""

from __future__ import annotations

import asyncio
import contextlib
import random
from datetime import UTC, datetime

import pytest

from models import db
from models.log import START, Position, horizon
from resolvers.context import Services
from subscriptions import live, log
from subscriptions.events import Logged
from subscriptions.live import QUEUE, Among
from tests.engine import settled
from tests.subscriptions.notes import AUDIENCES, PEOPLE, SOON, Noted, Seen, commit, singly, take

SEAMS = 30
WRITERS = 4


def is_note(event: Logged) -> bool:
    return isinstance(event.event, Noted)


async def all_positions() -> list[Position]:
    await settled()
    return [(r[0], r[1], r[2]) for r in await db.rows("SELECT generation, xid, id FROM event ORDER BY 1, 2, 3")]


@pytest.mark.usefixtures("notes")
async def test_there_is_no_seam_between_the_log_and_what_is_live(services: Services) -> None:
    ended = asyncio.Event()

    async def write(chance: random.Random) -> None:
        while not ended.is_set():
            await commit(*chance.sample(AUDIENCES + PEOPLE, chance.choice((1, 2))))
            if chance.random() < 0.7:  # the others come from processes that have no way to poke
                services.bus.poke()
            await asyncio.sleep(chance.random() / 100)

    async def listen(chance: random.Random) -> tuple[Position, Seen]:
        await asyncio.sleep(chance.random())
        choices = [None, START, await horizon(), services.hub.position]
        after, seen = chance.choice(choices), Seen.nothing()
        start = services.hub.position if after is None else after
        async with contextlib.aclosing(singly(services.hub.follow(is_note, after))) as events:
            for _ in range(chance.randint(1, 300)):
                async with asyncio.timeout(SOON):
                    seen.add([await anext(events)])
        return start, seen

    async with live.running(services.hub):
        writing = [asyncio.create_task(write(random.Random(n))) for n in range(WRITERS)]
        await asyncio.sleep(0.3)
        heard = await asyncio.gather(*(listen(random.Random(n)) for n in range(SEAMS)))
        ended.set()
        await asyncio.gather(*writing)

    every = await all_positions()
    for start, seen in heard:
        assert seen.faults == {"gaps": 0, "inversions": 0, "steps back": 0}
        assert seen.positions == [p for p in every if start < p <= seen.positions[-1]]


@pytest.mark.usefixtures("notes")
async def test_who_does_not_keep_up_reads_the_rest_from_the_log(services: Services) -> None:
    hub = services.hub
    await hub.start()
    slow = singly(hub.follow(is_note))
    beginning = asyncio.create_task(take(slow, 1))
    await asyncio.sleep(0)
    numbers = range(1, QUEUE + 50)
    await log.append([Noted(PEOPLE[0], n) for n in numbers], actor=None, now=datetime.now(UTC))
    await settled()
    while await hub.advance():
        pass

    given = [*await beginning, *await take(slow, len(numbers) - 1)]

    assert [event.number for event in given] == list(numbers)
    await slow.aclose()
    assert hub.listeners == 0


@pytest.mark.usefixtures("notes")
async def test_a_replay_reads_only_what_it_is_asked_for(services: Services) -> None:
    for audience in (*AUDIENCES, *AUDIENCES):
        await commit(audience)
    await settled()
    await services.hub.start()
    stream = AUDIENCES[0]

    for among in (Among(streams=[stream]), Among(["Noted"], [stream]), Among(["Other"])):
        portions = [p async for p in services.hub.replay(is_note, START, among=among)]
        found = [event.stream for events, _ in portions for event in events]
        assert found == ([] if among.streams is None else [stream, stream])
        assert portions[-1][1] >= services.hub.position


@pytest.mark.usefixtures("notes")
async def test_a_slow_listener_holds_up_nobody_and_a_burst_overflows_nobody_else(services: Services) -> None:
    async with live.running(services.hub):
        slow, quick = singly(services.hub.follow(is_note)), singly(services.hub.follow(is_note))
        waiting = asyncio.create_task(take(slow, 1)), asyncio.create_task(take(quick, QUEUE * 2))
        await asyncio.sleep(0)
        # All at once, as after a long transaction has held them back.
        await log.append([Noted(PEOPLE[0], n) for n in range(QUEUE * 2)], actor=None, now=datetime.now(UTC))
        services.bus.poke()

        assert len(await waiting[1]) == QUEUE * 2
        assert [event.number for event in await waiting[0]] == [0]


@pytest.mark.usefixtures("notes")
async def test_the_tail_outlives_a_database_that_fails(services: Services) -> None:
    async with live.running(services.hub):
        events = singly(services.hub.follow(is_note))
        waiting = asyncio.create_task(take(events, 1))
        await asyncio.sleep(0.1)
        await db.execute("ALTER TABLE event RENAME TO event_away")
        services.bus.poke()
        await asyncio.sleep(0.1)
        await db.execute("ALTER TABLE event_away RENAME TO event")
        await commit(PEOPLE[0])
        services.bus.poke()

        assert [event.number for event in await waiting] == [1]


@pytest.mark.usefixtures("notes")
async def test_an_idle_hub_hears_a_poke_at_once(services: Services) -> None:
    async with live.running(services.hub):
        waiting = asyncio.create_task(take(singly(services.hub.follow(is_note)), 1))
        await asyncio.sleep(1.6)  # its pauses have grown to a second by then
        await commit(PEOPLE[0])
        started = asyncio.get_running_loop().time()
        services.bus.poke()
        await waiting

        assert asyncio.get_running_loop().time() - started < 0.5
