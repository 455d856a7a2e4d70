"""The worker: readers of the log, timers, and what must be tidied now and then."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from time import monotonic
from typing import Any

import structlog
from asyncpg import Record

from auth import codes, sessions, throttle
from models import db, log, timers
from models.tasks import end
from resolvers.admissions import INVITATION, expire_invitations
from resolvers.changes.effects import DAY, begin_day
from resolvers.context import Services
from resolvers.group_ends import PURGE, purge_due
from resolvers.guests import EXPIRY, expire_guest
from resolvers.publishing import PUBLISH, publish_due
from resolvers.readings import REMINDER, remind
from resolvers.retention import EXPIRE, expire_due
from resolvers.survey_life import CLOSING, OPENING, close_due, open_due
from resolvers.survey_moving import COUNT, MOVE, count_due, move_due
from resolvers.survey_quizzes import ATTEMPT_DUE, hand_in_due
from resolvers.survey_reminders import REMINDER as SURVEY_REMINDER
from resolvers.survey_reminders import remind_due
from resolvers.survey_rounds import begin_due
from resolvers.survey_series import ROUND
from search.comparing import Compared, compare, fill
from search.engine import Engine, Unavailable
from search.indexer import Indexer
from subscriptions.readers import Reader, Run

TIMER_POLL = 1.0  # seconds
TIMERS = 20  # due ones taken at a time
TRIES = 10
LEASE = timedelta(seconds=60)  # how long whoever takes a timer has it for
NEVER = timedelta(days=36_500)
TIDY_EVERY = 600.0  # seconds
TRIMMED = 5_000  # events deleted in one transaction at most
NIGHT = time(3)  # when the indexes are compared with the rows, in the organisation's time zone; it takes minutes
INDEX_EVERY = 60.0  # seconds

Handler = Callable[[Services, Record], Awaitable[None]]
HANDLERS: dict[str, Handler] = {
    DAY: begin_day,
    PUBLISH: publish_due,
    REMINDER: remind,
    INVITATION: expire_invitations,
    EXPIRY: expire_guest,
    PURGE: purge_due,
    EXPIRE: expire_due,
    OPENING: open_due,
    CLOSING: close_due,
    MOVE: move_due,
    COUNT: count_due,
    ATTEMPT_DUE: hand_in_due,
    ROUND: begin_due,
    SURVEY_REMINDER: remind_due,
}
"""What each kind of timer does; domains add theirs here, in the composition root."""

out = structlog.get_logger()


def readers(services: Services) -> list[Reader]:
    """Every reader of the log. Nothing else listens in secret."""
    return [Indexer(engine) for engine in services.search.engines]


@dataclass(frozen=True)
class Kept:
    """What is kept of the log: events that are no older, and no more than so many."""

    age: timedelta = timedelta(days=7)
    events: int = 1_000_000


@contextlib.asynccontextmanager
async def running(services: Services, kept: Kept | None = None) -> AsyncGenerator[None]:
    """The worker's tasks for as long as the block runs; they give back what they hold when it ends."""
    tasks = [asyncio.create_task(work, name=name) for name, work in _work(services, kept or Kept()).items()]
    try:
        yield
    finally:
        await end(*tasks)


def _work(services: Services, kept: Kept) -> dict[str, Coroutine[Any, Any, None]]:
    holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{os.urandom(3).hex()}"
    runs = [Run(r, holder=holder, clock=services.clock, bus=services.bus) for r in readers(services)]
    return {
        **{f"reader {run.reader.name}": run.forever() for run in runs},
        **{f"index {engine.name}": _keep(services, engine) for engine in services.search.engines},
        "timers": _timers(services),
        "tidy": _tidy(services, kept),
    }


async def _timers(services: Services) -> None:
    while True:
        try:
            done = await fire(services)
        except Exception as error:
            out.error("timers_failed", error=repr(error))
            done = 0
        if done < TIMERS:
            await asyncio.sleep(TIMER_POLL)


async def fire(services: Services, handlers: Mapping[str, Handler] = HANDLERS) -> int:
    """Do what is due; how many timers were taken. A timer goes in the transaction of its effect."""
    now = services.clock.now()
    taken = await timers.take(now, now + LEASE, TIMERS)
    for timer in taken:
        try:
            await _fire(services, timer, handlers)
        except Exception as error:
            out.error("timer_failed", kind=timer["kind"], tries=timer["tries"], error=repr(error))
            await timers.put_off(timer, repr(error)[:2000], services.clock.now() + _pause(timer["tries"]))
    return len(taken)


async def _fire(services: Services, timer: Record, handlers: Mapping[str, Handler]) -> None:
    handler = handlers.get(timer["kind"])
    if handler is None:
        raise LookupError(f"no handler for timers of kind {timer['kind']}")
    # Nothing is written before the handler: it may have to take the lock of a stream first.
    async with db.transaction():
        await handler(services, timer)
        if not await timers.finish(timer):
            raise TimeoutError("it took so long that another worker has taken it over")


def _pause(tries: int) -> timedelta:
    """Until the next try: 1 second, then 2, 4 … an hour; after the last one it waits for a person."""
    return timedelta(seconds=min(2 ** (tries - 1), 3600)) if tries < TRIES else NEVER


async def trim(kept: Kept, now: datetime) -> int:
    """Delete what is not kept of the log, but nothing that a reader has still to read; how many events."""
    gone = portion = await log.trim(now - kept.age, kept.events, TRIMMED)
    while portion == TRIMMED:
        portion = await log.trim(now - kept.age, kept.events, TRIMMED)
        gone += portion
    return gone


async def _tidy(services: Services, kept: Kept) -> None:
    """Delete what has expired, now and then."""

    async def trim_log(now: datetime) -> int:
        return await trim(kept, now)

    jobs: Sequence[Callable[..., Awaitable[object]]] = (sessions.purge, codes.purge, throttle.purge, trim_log)
    while True:
        for job in jobs:
            try:
                await job(services.clock.now())
            except Exception as error:
                out.error("tidy_failed", job=job.__module__, error=repr(error))
        await asyncio.sleep(TIDY_EVERY)


async def _keep(services: Services, engine: Engine) -> None:
    """Fill an index that never was filled, and compare it with the rows night by night."""
    night = next_night(services)
    while True:
        is_night = services.clock.now() >= night
        try:
            await keep(engine, is_night=is_night)
        except Unavailable as error:
            out.warning("index_not_kept", engine=engine.name, error=str(error))
        except Exception as error:
            out.error("index_not_kept", engine=engine.name, error=repr(error))
        if is_night:
            night = next_night(services)
        await asyncio.sleep(INDEX_EVERY)


async def keep(engine: Engine, *, is_night: bool) -> Compared | None:
    """Fill an index that never was filled; where `is_night` compare it with the rows, and give what that came upon.

    Nothing is done where another worker is at it.
    """
    async with _alone(f"keep {engine.name}") as is_alone:
        if not is_alone:
            return None
        begun = monotonic()
        if (rows := await fill(engine)) is not None:
            out.info("index_filled", engine=engine.name, rows=rows, seconds=round(monotonic() - begun, 1))
        if not is_night:
            return None
        found = await compare(engine)
    told = {"seen": found.seen, "renewed": +found.renewed, "dropped": +found.dropped}
    out.info("index_compared", engine=engine.name, seconds=round(monotonic() - begun, 1), **told)
    return found


def next_night(services: Services) -> datetime:
    """When the indexes are to be compared next."""
    now = services.clock.now().astimezone(services.zone)
    tonight = datetime.combine(now.date(), NIGHT, services.zone)
    return tonight if now < tonight else datetime.combine(now.date() + timedelta(days=1), NIGHT, services.zone)


@contextlib.asynccontextmanager
async def _alone(what: str) -> AsyncGenerator[bool]:
    """Whether no other worker does the same just now; it stays so until the block ends."""
    async with db.connection() as con:
        held = await con.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", what)
        try:
            yield held
        finally:
            if held:
                await con.execute("SELECT pg_advisory_unlock(hashtextextended($1, 0))", what)
