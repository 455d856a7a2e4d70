"""A reader of the log that chokes on an event, and one that was away: others go on, and it catches up."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from models import db
from resolvers.context import Services
from search.indexer import Indexer
from subscriptions import log
from subscriptions.events import Logged
from subscriptions.feed import PostPublished
from subscriptions.readers import TRIES, Run
from tests.chaos.figures import show
from tests.clocks import TurnedClock
from tests.engine import ROOT, settled
from tests.factories.feed import a_post
from tests.factories.people import a_person
from tests.serve.process import NO_REDIS, environment
from tests.subscriptions.notes import AUDIENCES, Tally, commit

BEHIND = 1_000  # events
WRITES = 100  # a second
FASTER = 5  # times that catching up takes less than falling behind


class Choking(Tally):
    """A reader that cannot digest one event."""

    def __init__(self, name: str, bad: int) -> None:
        super().__init__(name)
        self.bad, self.tries = bad, 0

    async def read(self, events: Sequence[Logged]) -> None:
        await super().read(events)
        if any(event.position[2] == self.bad for event in events):
            self.tries += len(events) == 1
            raise ValueError("this one")


@pytest.mark.usefixtures("notes")
async def test_a_reader_that_throws_parks_the_event_alone_and_the_doctor_tells(
    services: Services, clock: TurnedClock, dsn: str, tmp_path: Path
) -> None:
    for n in range(30):
        await commit(AUDIENCES[n % 3])
    await settled()
    ids = [row[0] for row in await db.rows("SELECT id FROM event ORDER BY generation, xid, id")]
    choking = Choking("choking", ids[7])
    runs = [Run(reader, holder="one", clock=clock, bus=services.bus) for reader in (choking, Tally("well"))]

    for attempt in range(1, TRIES + 1):
        for run in runs:
            try:
                await run.once()
            except ValueError:
                assert attempt < TRIES
    told = await doctor(tmp_path, dsn)

    async def digested(name: str) -> list[int]:
        sql = "SELECT event_id FROM note_effect WHERE reader = $1 ORDER BY event_id"
        return [row[0] for row in await db.rows(sql, name)]

    assert choking.tries == TRIES
    assert await digested("well") == ids
    assert await digested("choking") == [id for id in ids if id != choking.bad]
    [parked] = await db.rows("SELECT reader, event_id, error FROM parked_event")
    assert tuple(parked) == ("choking", choking.bad, "ValueError('this one')")
    [found] = [finding for finding in told if "choking" in finding["says"]]
    assert found["level"] == "warn" and "choking has put 1 events aside" in found["says"] and found["mend"]


async def doctor(data: Path, dsn: str) -> list[dict[str, str]]:
    """What `doctor` finds."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "atrium", "doctor", "--json"),
        cwd=ROOT,
        env=environment(data, dsn, NO_REDIS),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    said, _ = await process.communicate()
    return json.loads(said)["findings"]


async def test_the_index_catches_up_quicker_than_it_has_fallen_behind(services: Services, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    run = Run(Indexer(services.engine), holder="one", clock=clock, bus=services.bus)
    await settled()
    while await run.once():
        pass
    posts = [await a_post(f"Number {n} of **many** that were written", author=ann) for n in range(BEHIND)]
    for post in posts:
        await log.append([PostPublished(post.id, post.audience_id)], actor=ann.id, now=clock.now())
    await settled()

    started = time.monotonic()
    while await run.once():
        pass
    took = time.monotonic() - started
    show("catching up, index", events=BEHIND, per_second=BEHIND / took, times=BEHIND / WRITES / took)

    assert await db.value("SELECT count(*) FROM search_document WHERE kind = 'POST'") == BEHIND
    assert took <= BEHIND / WRITES / FASTER
