"""What every process has in common, put together from the settings and taken apart again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog

from atrium.embedded.additions import Addition
from atrium.embedded.engine import Engine
from atrium.embedded.errors import EngineError
from atrium.embedded.meilisearch import Meilisearch
from atrium.embedded.postgres import Postgres
from atrium.embedded.valkey import Valkey
from atrium.embedded.watch import watched
from atrium.settings import Settings
from atrium.web import metrics
from auth.identities import Identities
from auth.passwords import Hasher
from auth.vault import Vault
from execution.cursors import Sealer
from models import db
from models.clock import Clock, SystemClock
from models.installation import installation
from models.migrate import migrate
from resolvers.context import Services
from resolvers.loaders import DECLARED
from resolvers.memory import Memory
from search.choice import Search
from search.engine import Engine as IndexEngine
from search.meili import MeiliEngine
from search.meili_client import Client
from search.postgres import PostgresEngine
from subscriptions.bus import Bus, LocalBus
from subscriptions.live import Hub
from subscriptions.presence import GRACE, Presence
from subscriptions.redis_bus import RedisBus

DATABASE = "atrium"
FULL_TEXT = "PostgreSQL's full text"

out = structlog.get_logger()


@dataclass(frozen=True)
class Engines:
    """Where the engines are, and a word about each for people."""

    database_url: str
    redis_url: str
    told: dict[str, str]
    meilisearch: tuple[str, str] = ("", "")  # its address and our key


@contextlib.asynccontextmanager
async def engines(settings: Settings, *, valkey: bool = False, meilisearch: bool = False) -> AsyncGenerator[Engines]:
    """The engines that the settings name, and an embedded PostgreSQL where they name none.

    Valkey and Meilisearch as well where they are wanted and their programs are there. Raises `EngineError` where
    PostgreSQL cannot be started. The others are done without, and what is lost later is mended.
    """
    told: dict[str, str] = {}
    held: list[Engine] = []
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
        if valkey and not redis_url:
            bus = Valkey(settings.data_dir)
            redis_url, told["redis"] = await asyncio.to_thread(_started, bus, settings, "processes poll the log")
            if redis_url:
                held.append(bus)
        index = (settings.meilisearch_url, settings.meilisearch_key)
        told["search"] = "Meilisearch at ATRIUM_MEILISEARCH_URL" if index[0] else FULL_TEXT
        if meilisearch and not index[0]:
            server = Meilisearch(settings.data_dir, settings.meilisearch_binary)
            url, said = await asyncio.to_thread(_started, server, settings, FULL_TEXT)
            if url:
                held.append(server)
                index, told["search"] = (url, server.key), said
        async with watched(held):
            yield Engines(database_url, redis_url, told, index)
    finally:
        for engine in reversed(held):
            await asyncio.to_thread(engine.stop)


def _started(engine: Addition, settings: Settings, without: str) -> tuple[str, str]:
    """Its url, empty where it cannot be started, and a word about it; `without` is what is done instead."""
    try:
        url = engine.start()
    except EngineError as error:
        out.warning("engine_not_started", engine=engine.title, error=str(error))
        return "", f"none, {without}: {str(error).splitlines()[0]}"
    return (url, f"{engine.title}, embedded in {settings.data_dir}") if url else ("", f"none: {engine.unavailable}")


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
    settings: Settings, clock: Clock | None = None, hasher: Hasher | None = None, *, started: Engines | None = None
) -> AsyncGenerator[Services]:
    """What operations need; the database is connected before. `started` are engines that were started for us."""
    redis_url = started.redis_url if started else settings.redis_url
    meilisearch = started.meilisearch if started else (settings.meilisearch_url, settings.meilisearch_key)
    async with joined(redis_url, settings) as bus, _better(*meilisearch) as better:
        made = put_together(settings, bus, clock or SystemClock(), hasher or Hasher(), better=better)
        try:
            yield made
        finally:
            made.hasher.close()


@contextlib.asynccontextmanager
async def _better(url: str, key: str) -> AsyncGenerator[MeiliEngine | None]:
    """The index of Meilisearch, where there is one."""
    if not url:
        yield None
        return
    client = Client(url, key)
    try:
        yield MeiliEngine(client, await installation())
    finally:
        client.close()


@contextlib.asynccontextmanager
async def joined(redis_url: str, settings: Settings) -> AsyncGenerator[LocalBus]:
    """The bus: over Redis where there is one, else of this process alone."""
    if not redis_url:
        yield LocalBus(alone=settings.workers == 1)
        return
    async with RedisBus(redis_url, settings.secret_keys()).running() as bus:
        yield bus


def put_together(
    settings: Settings,
    bus: Bus,
    clock: Clock,
    hasher: Hasher,
    *,
    grace: float = GRACE,
    better: IndexEngine | None = None,
) -> Services:
    """The services over what is given.

    `grace` is for how many seconds somebody may be gone unnoticed; `better` an index to ask before PostgreSQL's.
    """
    zone = ZoneInfo(settings.time_zone)
    return Services(
        clock=clock,
        sealer=Sealer(settings.secret_keys()),
        vault=Vault(settings.secret_keys()),
        bus=bus,
        hub=Hub(bus),
        presence=Presence(bus, grace),
        search=Search(PostgresEngine(clock), better, observe=metrics.searched),
        hasher=hasher,
        declared=DECLARED,
        public_url=settings.public_url,
        zone=zone,
        min_group=settings.min_group,
        identities=Identities(lambda: bus.is_prompt, zone=zone),
        memory=Memory(lambda: bus.is_prompt),
    )


__all__ = ["EngineError", "Engines", "database", "engines", "migrated", "services"]
