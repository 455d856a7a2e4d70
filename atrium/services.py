"""What every process has in common, put together from the settings and taken apart again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog

from atrium.embedded.errors import EngineError
from atrium.embedded.postgres import Postgres
from atrium.embedded.valkey import Valkey
from atrium.embedded.watch import watched
from atrium.settings import Settings
from auth.passwords import Hasher
from execution.cursors import Sealer
from models import db
from models.clock import Clock, SystemClock
from models.migrate import migrate
from resolvers.context import Services
from resolvers.loaders import DECLARED
from search.postgres import PostgresEngine
from subscriptions.bus import Bus, LocalBus
from subscriptions.live import Hub
from subscriptions.presence import GRACE, Presence
from subscriptions.redis_bus import RedisBus

DATABASE = "atrium"

out = structlog.get_logger()


@dataclass(frozen=True)
class Engines:
    """Where the engines are, and a word about each for people."""

    database_url: str
    redis_url: str
    told: dict[str, str]


@contextlib.asynccontextmanager
async def engines(settings: Settings, *, redis: bool = False) -> AsyncGenerator[Engines]:
    """The engines that the settings name, and embedded ones for those that they leave empty.

    Raises `EngineError` where PostgreSQL cannot be started. Redis is done without, and what is lost later is mended.
    """
    told: dict[str, str] = {}
    held: list[Postgres | Valkey] = []
    try:
        database_url = settings.database_url
        told["database"] = "PostgreSQL at ATRIUM_DATABASE_URL"
        if not database_url:
            postgres = Postgres(settings.data_dir)
            endpoint = await asyncio.to_thread(postgres.start)
            held.append(postgres)
            await asyncio.to_thread(postgres.create_database, DATABASE)
            database_url = endpoint.dsn(DATABASE)
            told["database"] = f"PostgreSQL, embedded in {settings.data_dir}"
        redis_url = settings.redis_url
        told["redis"] = "Redis at ATRIUM_REDIS_URL" if redis_url else "none: one process does without"
        if redis and not redis_url:
            valkey = Valkey(settings.data_dir)
            redis_url, told["redis"] = await asyncio.to_thread(_started, valkey, settings)
            if redis_url:
                held.append(valkey)
        told["search"] = "PostgreSQL's full text"
        async with watched(held):
            yield Engines(database_url, redis_url, told)
    finally:
        for engine in reversed(held):
            await asyncio.to_thread(engine.stop)


def _started(valkey: Valkey, settings: Settings) -> tuple[str, str]:
    """Its url, empty where it cannot be started, and a word about it."""
    try:
        url = valkey.start()
    except EngineError as error:
        out.warning("redis_not_started", error=str(error))
        return "", f"none, processes poll the log: {str(error).splitlines()[0]}"
    return (url, f"Valkey, embedded in {settings.data_dir}") if url else ("", f"none: {valkey.unavailable}")


@contextlib.asynccontextmanager
async def database(
    url: str, *, pool: int, limits: dict[str, str] | None = None, watch: db.Watch | None = None
) -> AsyncGenerator[None]:
    """A pool of connections for as long as the block runs."""
    await db.connect(url, pool=pool, limits=limits, watch=watch)
    try:
        yield
    finally:
        await db.disconnect()


async def migrated(url: str) -> bool:
    """Bring the database to this version's tables, on connections of its own; whether anything changed."""
    async with database(url, pool=2, limits=db.UNHURRIED):
        return await migrate(url)


@contextlib.asynccontextmanager
async def services(
    settings: Settings, clock: Clock | None = None, hasher: Hasher | None = None, *, redis_url: str = ""
) -> AsyncGenerator[Services]:
    """What operations need; the database is connected before. `redis_url` is of an engine that was started for us."""
    async with joined(redis_url or settings.redis_url, settings.secret_keys()) as bus:
        made = put_together(settings, bus, clock or SystemClock(), hasher or Hasher())
        try:
            yield made
        finally:
            made.hasher.close()


@contextlib.asynccontextmanager
async def joined(redis_url: str, secrets: Sequence[bytes]) -> AsyncGenerator[LocalBus]:
    """The bus: over Redis where there is one, else of this process alone."""
    if not redis_url:
        yield LocalBus()
        return
    async with RedisBus(redis_url, secrets).running() as bus:
        yield bus


def put_together(settings: Settings, bus: Bus, clock: Clock, hasher: Hasher, *, grace: float = GRACE) -> Services:
    """The services over what is given; `grace` is for how many seconds somebody may be gone unnoticed."""
    return Services(
        clock=clock,
        sealer=Sealer(settings.secret_keys()),
        bus=bus,
        hub=Hub(bus),
        presence=Presence(bus, grace),
        engine=PostgresEngine(),
        hasher=hasher,
        declared=DECLARED,
        public_url=settings.public_url,
        zone=ZoneInfo(settings.time_zone),
        min_group=settings.min_group,
    )


__all__ = ["EngineError", "Engines", "database", "engines", "migrated", "services"]
