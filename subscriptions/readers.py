"""Readers of the log: small classes with a stored position each, run under a lease by whichever process holds it.

A reader may be stopped, killed, replayed or added later. It sees every event at least once and in order, so what it
does must bear being done twice. An event that it cannot digest is tried `TRIES` times, then parked; the rest goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

import structlog

from models import db
from models.clock import Clock
from models.log import Position
from subscriptions import log
from subscriptions.bus import POLL, Bus
from subscriptions.events import Logged

TRIES = 10
LEASE = timedelta(seconds=15)
BATCH = 200  # events

out = structlog.get_logger()


class Reader(Protocol):
    """Digests events. `name` is its row in `reader_position`; renaming it replays the log.

    What it does `outside` of PostgreSQL may take longer than a transaction may: it is done before the position moves.
    """

    name: str
    outside: bool

    async def read(self, events: Sequence[Logged]) -> None:
        """Take in events, in order; their effects commit together with the position, or before it."""
        ...


class Lost(Exception):
    """Another process holds the reader's lease now."""


class Later(Exception):
    """What a reader works on is out of reach for now. No event is to blame, and none is parked: all of them wait."""


CLAIM = """
INSERT INTO reader_position (name, generation, xid, event_id, holder, held_until, failures, error)
VALUES ($1, 0, 0, 0, $2, $3, 0, '')
ON CONFLICT (name) DO UPDATE SET holder = $2, held_until = $3
WHERE reader_position.holder IS NULL OR reader_position.holder = $2 OR reader_position.held_until < $4
RETURNING generation, xid, event_id
"""
ADVANCE = """
UPDATE reader_position SET generation = $3, xid = $4, event_id = $5, held_until = $6, failures = 0, error = ''
WHERE name = $1 AND holder = $2
"""
WAIT = "UPDATE reader_position SET error = $3 WHERE name = $1 AND holder = $2"
FAIL = (
    "UPDATE reader_position SET failures = failures + 1, error = $3 WHERE name = $1 AND holder = $2 RETURNING failures"
)
RELEASE = "UPDATE reader_position SET holder = NULL, held_until = NULL WHERE name = $1 AND holder = $2"
PARK = "INSERT INTO parked_event (reader, event_id, error, parked_at) VALUES ($1, $2, $3, $4)"
LAG = """
SELECT p.name, p.failures, p.error,
       (SELECT count(*) FROM (SELECT 1 FROM event e
         WHERE (e.generation, e.xid, e.id) > (p.generation, p.xid, p.event_id) LIMIT 100000) x) AS events,
       (SELECT min(e.occurred_at) FROM (SELECT e.occurred_at FROM event e
         WHERE (e.generation, e.xid, e.id) > (p.generation, p.xid, p.event_id)
         ORDER BY e.generation, e.xid, e.id LIMIT 1) e) AS since,
       (SELECT count(*) FROM parked_event k WHERE k.reader = p.name) AS parked
FROM reader_position p ORDER BY p.name
"""


class Run:
    """Runs one reader in this process, whenever it can hold the reader's lease."""

    def __init__(self, reader: Reader, *, holder: str, clock: Clock, bus: Bus) -> None:
        self.reader, self.holder, self.clock, self.bus = reader, holder, clock, bus

    async def forever(self) -> None:
        """Until cancelled; gives the lease back then."""
        pause, told = POLL[0], ""
        try:
            while True:
                heard = self.bus.pokes
                try:
                    moved, told = await self.once(), ""
                except Lost:
                    moved = False
                except Later as error:
                    if told != str(error):  # once, however long it lasts
                        told = str(error)
                        out.warning("reader_waits", reader=self.reader.name, error=told)
                    await asyncio.sleep(POLL[1])
                    continue
                except Exception as error:
                    out.error("reader_failed", reader=self.reader.name, error=repr(error))
                    await asyncio.sleep(POLL[1])  # whatever is poked: its tries are to outlast a short trouble
                    continue
                pause = POLL[0] if moved else min(pause * 2, POLL[1])
                if not moved and await self.bus.wait(pause, heard):
                    pause = POLL[0]
        finally:
            with contextlib.suppress(Exception):
                await asyncio.shield(db.execute(RELEASE, self.reader.name, self.holder))

    async def once(self) -> bool:
        """Digest one batch; whether there was one. Raises `Lost` where another process holds the reader."""
        position = await self._claim()
        events, behind = await log.after(position, BATCH)
        if behind == position:
            return False
        try:
            await self._digest(events, behind)
        except Lost:
            raise
        except Later as error:
            await db.execute(WAIT, self.reader.name, self.holder, str(error)[:2000])
            raise
        except Exception as error:
            await self._one_by_one(position, events, behind, error)
        return True

    async def _claim(self) -> Position:
        now = self.clock.now()
        found = await db.row(CLAIM, self.reader.name, self.holder, now + LEASE, now)
        if found is None:
            raise Lost(self.reader.name)
        return (found[0], found[1], found[2])

    async def _digest(self, events: Sequence[Logged], behind: Position) -> None:
        if self.reader.outside:
            await self.reader.read(events)
        async with db.transaction():
            if not self.reader.outside:
                await self.reader.read(events)
            if not await db.execute(ADVANCE, self.reader.name, self.holder, *behind, self.clock.now() + LEASE):
                raise Lost(self.reader.name)

    async def _one_by_one(
        self, position: Position, events: Sequence[Logged], behind: Position, error: Exception
    ) -> None:
        """A batch that failed is tried event by event, so that one bad event holds up only itself."""
        if not events:
            raise error
        for event in events:
            try:
                await self._digest([event], event.position)
            except (Lost, Later):
                raise
            except Exception as single:
                failures = await db.value(FAIL, self.reader.name, self.holder, repr(single)[:2000])
                out.warning("event_not_digested", reader=self.reader.name, number=event.position[2], failures=failures)
                if failures is None or failures < TRIES:
                    raise
                await self._park(event, single)
        await self._digest([], behind)

    async def _park(self, event: Logged, error: Exception) -> None:
        async with db.transaction():
            await db.execute(PARK, self.reader.name, event.position[2], repr(error)[:2000], self.clock.now())
            await db.execute(ADVANCE, self.reader.name, self.holder, *event.position, self.clock.now() + LEASE)


async def lag() -> list[dict[str, object]]:
    """For each reader: how many events it is behind, since when, and how many it has parked."""
    return [dict(record) for record in await db.rows(LAG)]
