"""Timers: what is due is done once, and what fails is tried again later and later."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from datetime import timedelta

import pytest
from asyncpg import Record

from atrium import worker
from atrium.worker import LEASE, TRIES, fire
from models import db
from models.log import LoggedEvent
from models.timers import Timer, set_timer
from resolvers.context import Context, Services
from subscriptions.events import audience_stream
from subscriptions.feed import PostPublished
from tests.clocks import TurnedClock

HOUSE = uuid.UUID(int=7)
HOLDER = "SELECT holder FROM reader_position WHERE name = 'search:postgres'"


class Bell:
    """A handler that counts how often each timer rings, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.rung: Counter[str] = Counter()
        self.failures = failures

    async def __call__(self, services: Services, timer: Record) -> None:
        self.rung[timer["key"]] += 1
        if sum(self.rung.values()) <= self.failures:
            raise ValueError("not now")


async def publish(services: Services, timer: Record) -> None:
    """What a domain's handler does: an action with its event, under the lock of its stream."""
    ctx = Context(services, None)
    async with ctx.transaction(audience_stream(HOUSE)):
        ctx.emit(PostPublished(timer["subject_id"], HOUSE))


async def test_a_timer_rings_when_its_time_has_come_and_not_before(services: Services, clock: TurnedClock) -> None:
    bell = Bell()
    await set_timer("ring", "one", clock.now() + timedelta(minutes=5))

    assert await fire(services, {"ring": bell}) == 0
    clock.turn(minutes=5)
    assert await fire(services, {"ring": bell}) == 1
    assert await fire(services, {"ring": bell}) == 0

    assert bell.rung == {"ring:one": 1}
    assert await Timer.all().count() == 0


async def test_setting_it_again_moves_it(services: Services, clock: TurnedClock) -> None:
    bell = Bell()
    await set_timer("ring", "one", clock.now())
    await set_timer("ring", "one", clock.now() + timedelta(hours=1))

    assert await fire(services, {"ring": bell}) == 0
    clock.turn(hours=1)
    assert await fire(services, {"ring": bell}) == 1


async def test_many_workers_ring_each_timer_once(services: Services, clock: TurnedClock) -> None:
    bell = Bell()
    for n in range(100):
        await set_timer("ring", str(n), clock.now() - timedelta(seconds=n))

    async def work() -> None:
        while await fire(services, {"ring": bell}):
            pass

    await asyncio.gather(*(work() for _ in range(4)))

    assert bell.rung == {f"ring:{n}": 1 for n in range(100)}
    assert await Timer.all().count() == 0


async def test_the_event_of_a_timer_commits_with_its_end(services: Services, clock: TurnedClock) -> None:
    await set_timer("publish", "one", clock.now(), subject=HOUSE)

    await fire(services, {"publish": publish})

    assert [event.kind for event in await LoggedEvent.all()] == ["PostPublished"]
    assert await Timer.all().count() == 0


async def test_what_fails_leaves_nothing_behind_and_is_tried_later_and_later(
    services: Services, clock: TurnedClock
) -> None:
    bell = Bell(failures=3)

    async def publish_and_fail(services: Services, timer: Record) -> None:
        await publish(services, timer)
        await bell(services, timer)

    await set_timer("publish", "one", clock.now(), subject=HOUSE)
    pauses: list[float] = []
    while await fire(services, {"publish": publish_and_fail}) and await Timer.exists():
        timer = await Timer.get()
        assert (timer.tries, timer.error) == (len(pauses) + 1, "ValueError('not now')")
        assert await LoggedEvent.all().count() == 0
        pauses.append((timer.due_at - clock.now()).total_seconds())
        clock.turn(seconds=pauses[-1])

    assert pauses == [1, 2, 4]
    assert await LoggedEvent.all().count() == 1


async def test_one_that_fails_holds_up_no_other(services: Services, clock: TurnedClock) -> None:
    bell = Bell()
    await set_timer("broken", "one", clock.now() - timedelta(seconds=1))
    await set_timer("unknown", "two", clock.now() - timedelta(seconds=1))
    await set_timer("ring", "three", clock.now())

    assert await fire(services, {"ring": bell, "broken": Bell(failures=9)}) == 3

    assert bell.rung == {"ring:three": 1}
    assert sorted([timer.kind async for timer in Timer.all()]) == ["broken", "unknown"]


async def test_after_its_last_try_it_waits_for_a_person(services: Services, clock: TurnedClock) -> None:
    bell = Bell(failures=99)
    await set_timer("ring", "one", clock.now())

    for _ in range(TRIES + 5):
        await fire(services, {"ring": bell})
        clock.turn(hours=2)

    assert bell.rung == {"ring:one": TRIES}
    assert (await Timer.get()).error == "ValueError('not now')"


async def test_a_timer_set_anew_while_it_rings_rings_again(services: Services, clock: TurnedClock) -> None:
    bell = Bell()

    async def again(services: Services, timer: Record) -> None:
        await bell(services, timer)
        if bell.rung.total() == 1:
            await set_timer("ring", "one", clock.now() + timedelta(hours=1))

    await set_timer("ring", "one", clock.now())
    await fire(services, {"ring": again})
    assert await fire(services, {"ring": again}) == 0
    clock.turn(hours=1)
    await fire(services, {"ring": again})

    assert bell.rung == {"ring:one": 2}
    assert await Timer.all().count() == 0


async def test_who_dies_with_a_timer_leaves_it_to_another(services: Services, clock: TurnedClock) -> None:
    bell, begun = Bell(), asyncio.Event()

    async def die(services: Services, timer: Record) -> None:
        await publish(services, timer)
        begun.set()
        await asyncio.sleep(60)

    await set_timer("ring", "one", clock.now(), subject=HOUSE)
    dying = asyncio.create_task(fire(services, {"ring": die}))
    await begun.wait()
    assert await fire(services, {"ring": bell}) == 0
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    clock.turn(seconds=LEASE.total_seconds())
    assert await fire(services, {"ring": bell}) == 1

    assert bell.rung == {"ring:one": 1}
    assert await LoggedEvent.all().count() == 0


@pytest.mark.parametrize("ends", ["while the other is at work", "after the other has done it"])
async def test_who_is_overtaken_leaves_no_effect(services: Services, clock: TurnedClock, ends: str) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow(services: Services, timer: Record) -> None:
        begun.set()
        await may_end.wait()
        await publish(services, timer)

    async def also_slow(services: Services, timer: Record) -> None:
        await publish(services, timer)
        if ends == "while the other is at work":
            may_end.set()
            await asyncio.sleep(0.1)

    await set_timer("ring", "one", clock.now(), subject=HOUSE)
    first = asyncio.create_task(fire(services, {"ring": slow}))
    await begun.wait()
    clock.turn(seconds=LEASE.total_seconds())
    await fire(services, {"ring": also_slow})
    may_end.set()
    await first

    assert await LoggedEvent.all().count() == 1
    assert await Timer.all().count() == 0


async def test_the_worker_runs_and_stops_when_told(services: Services) -> None:
    async with worker.running(services):
        async with asyncio.timeout(5):
            while await db.value(HOLDER) is None:
                await asyncio.sleep(0.01)

    assert await db.value(HOLDER) is None
