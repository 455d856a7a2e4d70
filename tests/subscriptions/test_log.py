"""The log's promises: nothing lost, nothing twice, nothing out of order, nothing before it is committed."""

from __future__ import annotations

import asyncio
import contextvars
import random
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from models import db
from models import log as table
from models.log import START, Position, lock_stream
from subscriptions import log
from subscriptions.bus import LocalBus
from subscriptions.events import Logged
from subscriptions.readers import BATCH, LEASE, TRIES, Lost, Run, lag
from tests.clocks import TurnedClock
from tests.engine import settled
from tests.subscriptions.notes import AUDIENCES, PEOPLE, Noted, Seen, Tally, commit, note

PROCESSES, WRITERS, TRANSACTIONS = 4, 4, 30
READERS = 4
COMMITTED = "SELECT bool_and(pg_xact_status(x::text::xid8) = 'committed') FROM unnest($1::bigint[]) x"
ORDER = "SELECT generation, xid, id FROM event ORDER BY generation, xid, id"

pytestmark = pytest.mark.usefixtures("notes")


def a_run(reader: Tally, holder: str, clock: TurnedClock) -> Run:
    return Run(reader, holder=holder, clock=clock, bus=LocalBus())


async def many(count: int) -> None:
    """So many events at once, and to be read."""
    async with db.transaction():
        await log.append([Noted(PEOPLE[0], n) for n in range(1, count + 1)], actor=None, now=datetime.now(UTC))
    await settled()


async def effects() -> list[int]:
    """The events that readers have left a trace of, in the order of the traces."""
    return [record[0] for record in await db.rows("SELECT event_id FROM note_effect ORDER BY ctid")]


async def events() -> list[int]:
    return [record[2] for record in await db.rows(ORDER)]


async def read_on(seen: Seen, chance: random.Random, ended: asyncio.Event) -> None:
    """Read the log page by page, until it has ended and all of it is read."""
    position = START
    while True:
        last = ended.is_set()
        found, behind = await log.after(position, chance.choice((1, 7, 50, 500)))
        seen.add(found)
        if found:
            assert await db.value(COMMITTED, [event.position[1] for event in found])
        if last and behind == position:
            return
        position = behind
        await asyncio.sleep(chance.choice((0, 0, 0.01)))


async def test_readers_see_each_committed_event_once_and_in_order_while_sixteen_write(dsn: str) -> None:
    ended = asyncio.Event()
    readers = [Seen.nothing() for _ in range(READERS)]
    reading = [asyncio.create_task(read_on(seen, random.Random(n), ended)) for n, seen in enumerate(readers)]
    command = [sys.executable, "-m", "tests.subscriptions.writing", dsn]

    processes = [
        await asyncio.create_subprocess_exec(*command, str(seed), str(WRITERS), str(TRANSACTIONS))
        for seed in range(PROCESSES)
    ]
    assert [await process.wait() for process in processes] == [0] * PROCESSES
    await settled()
    ended.set()
    await asyncio.gather(*reading)

    written: list[Position] = [(r[0], r[1], r[2]) for r in await db.rows(ORDER)]
    assert len(written) > PROCESSES * WRITERS * TRANSACTIONS / 2
    for seen in readers:
        assert seen.faults == {"gaps": 0, "inversions": 0, "steps back": 0}
        assert seen.positions == written


async def test_nothing_is_seen_before_what_may_still_come_before_it() -> None:
    open_one = asyncio.Event()
    may_end = asyncio.Event()

    async def slow() -> None:
        async with db.transaction():
            await lock_stream(AUDIENCES[0])
            await note(AUDIENCES[0])
            open_one.set()
            await may_end.wait()

    writing = asyncio.create_task(slow())
    await open_one.wait()
    await commit(PEOPLE[0])
    assert (await log.after(START))[0] == []
    may_end.set()
    await writing
    await settled()

    found, _ = await log.after(START)
    assert [event.stream for event in found] == [AUDIENCES[0], PEOPLE[0]]


async def test_what_is_rolled_back_never_was() -> None:
    async def undone() -> None:
        async with db.transaction():
            await note(AUDIENCES[0])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await undone()
    await commit(AUDIENCES[0])
    await settled()

    found, _ = await log.after(START)

    assert [event.number for event in found] == [1]


async def test_the_lock_of_a_stream_comes_before_any_write() -> None:
    async def late() -> None:
        async with db.transaction():
            await note(AUDIENCES[0])
            await lock_stream(AUDIENCES[0])

    with pytest.raises(RuntimeError, match="after a write"):
        await late()

    assert await events() == []


async def test_a_kind_of_a_newer_version_is_stepped_over() -> None:
    await commit(AUDIENCES[0])
    await db.execute("UPDATE event SET kind = 'FromTheFuture'")
    await commit(AUDIENCES[0])
    await settled()

    one, behind = await log.after(START, 1)
    two, _ = await log.after(behind, 1)

    assert one == []
    assert [event.number for event in two] == [2]


async def test_order_survives_the_move_to_another_cluster_and_back() -> None:
    here = await db.value("SELECT system_identifier FROM log_generation WHERE id = 1")
    await commit(AUDIENCES[0])
    # As a dump of another cluster would be, where many more transactions have run.
    await db.execute("UPDATE event SET xid = xid + 1000000000000")
    await db.execute("INSERT INTO log_generation (id, system_identifier) VALUES (2, 'another cluster')")
    await commit(AUDIENCES[0])
    await db.execute("UPDATE event SET xid = xid + 1000000000000 WHERE generation = 2")

    await table.enter_cluster()
    await table.enter_cluster()
    _, position = await log.after(START)
    await commit(AUDIENCES[0])
    await settled()

    assert await db.value("SELECT max(id) FROM log_generation WHERE system_identifier = $1", here) == 3
    assert [event.number for event in (await log.after(START))[0]] == [1, 2, 3]
    assert [event.number for event in (await log.after(position))[0]] == [3]
    await db.execute("DELETE FROM event")
    await db.execute("DELETE FROM log_generation WHERE id > 1")


# --- readers


async def test_a_reader_that_is_killed_in_the_middle_is_continued_by_another(dsn: str) -> None:
    await many(BATCH * 5 + 10)
    command = [sys.executable, "-m", "tests.subscriptions.reading", dsn, "tally"]
    killed = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert killed.stdout is not None

    begun = [int(await killed.stdout.readline()) for _ in range(3)]
    killed.kill()
    await killed.wait()
    clock = TurnedClock(datetime.now(UTC))
    another = a_run(Tally("tally"), "the other", clock)
    with pytest.raises(Lost):
        await another.once()
    before = len(await effects())
    clock.turn(seconds=LEASE.total_seconds() + 1)
    while await another.once():
        pass

    assert begun == [BATCH] * 3
    assert BATCH * 2 <= before < BATCH * 5
    assert await effects() == await events()


async def test_a_lease_has_one_holder_until_it_ends(clock: TurnedClock) -> None:
    await many(3)
    one, two = a_run(Tally("tally"), "one", clock), a_run(Tally("tally"), "two", clock)

    assert await one.once()
    with pytest.raises(Lost):
        await two.once()
    clock.turn(seconds=LEASE.total_seconds() - 1)
    assert not await one.once()
    clock.turn(seconds=LEASE.total_seconds() - 1)
    with pytest.raises(Lost):
        await two.once()
    clock.turn(seconds=2)
    assert not await two.once()
    with pytest.raises(Lost):
        await one.once()

    assert await effects() == await events()


async def test_who_has_lost_the_lease_while_at_work_leaves_no_effect(clock: TurnedClock) -> None:
    await many(3)
    other, elsewhere = a_run(Tally("tally"), "two", clock), contextvars.copy_context()

    class Overtaken(Tally):
        async def read(self, events: Sequence[Logged]) -> None:
            await super().read(events)
            clock.turn(seconds=LEASE.total_seconds() + 1)
            await asyncio.create_task(other.once(), context=elsewhere)

    with pytest.raises(Lost):
        await a_run(Overtaken("tally"), "one", clock).once()

    assert await effects() == await events()


async def test_of_many_who_want_a_reader_one_runs_it(clock: TurnedClock) -> None:
    await many(BATCH * 3)

    async def run(holder: str) -> None:
        for _ in range(10):
            try:
                await a_run(Tally("tally"), holder, clock).once()
            except Lost:
                await asyncio.sleep(0.005)

    await asyncio.gather(*(run(f"holder {n}") for n in range(8)))

    assert await effects() == await events()


async def test_an_event_that_cannot_be_digested_is_parked_and_the_rest_goes_on(clock: TurnedClock) -> None:
    await many(5)
    *_, bad, _ = await events()

    class Choking(Tally):
        async def read(self, events: Sequence[Logged]) -> None:
            await super().read(events)
            if any(event.position[2] == bad for event in events):
                raise ValueError("this one")

    run = a_run(Choking("tally"), "one", clock)
    for attempt in range(1, TRIES):
        with pytest.raises(ValueError, match="this one"):
            await run.once()
        assert (await lag())[0]["failures"] == attempt
    assert await run.once()
    assert not await run.once()

    assert await effects() == [id for id in await events() if id != bad]
    assert await db.row("SELECT reader, event_id, error FROM parked_event") == ("tally", bad, "ValueError('this one')")
    (told,) = await lag()
    assert (told["events"], told["failures"], told["parked"]) == (0, 0, 1)


async def test_lag_tells_how_far_a_reader_is_behind(clock: TurnedClock) -> None:
    await many(2)
    run = a_run(Tally("tally"), "one", clock)
    await run.once()
    await commit(AUDIENCES[0])
    await commit(AUDIENCES[0])

    (told,) = await lag()

    assert (told["name"], told["events"]) == ("tally", 2)
    assert told["since"] is not None


async def test_a_running_reader_hears_of_events_and_gives_back_its_lease(clock: TurnedClock) -> None:
    bus = LocalBus()
    running = asyncio.create_task(Run(Tally("tally"), holder="one", clock=clock, bus=bus).forever())
    try:
        await asyncio.sleep(0.5)  # long enough to be waiting at its longest
        await commit(AUDIENCES[0])
        bus.poke()
        async with asyncio.timeout(0.9):  # it would look by itself after a second
            while await effects() != await events():
                await asyncio.sleep(0.005)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    assert await a_run(Tally("tally"), "two", clock).once() is False


async def test_a_poke_while_somebody_looks_is_not_slept_over() -> None:
    bus = LocalBus()
    heard = bus.pokes
    bus.poke()

    assert await bus.wait(5.0, heard)
    assert not await bus.wait(0.01, bus.pokes)
