"""Bringing a database to the tables of this version, one process at a time."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, cast

import asyncpg
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps

from models import db, log

LOCK = 4_715_120_310  # any number that no one else's advisory lock uses
FIRST = "__first__"  # Tortoise's word for a database without tables
POSTGRES_MIN = 180_000  # server_version_num: uuidv7() came with 18

Progress = Callable[[str, str, str], object]


class WrongDatabase(Exception):
    """The database cannot be used; the message says why and what to do."""


async def migrate(dsn: str, *, to: str | None = None, progress: Progress | None = None) -> bool:
    """Apply what is missing (or go back `to` a named migration); whether anything changed. `db.connect` comes first.

    Processes that start together wait for each other: a session's advisory lock, on a connection of its own, covers the
    reading of what is applied and all of the work.
    """
    con = await _connected(dsn)
    try:
        await check_server(con)
        await con.execute("SELECT pg_advisory_lock($1)", LOCK)
        executor = Executor(db.client(), {"models": db.APP})
        targets = [MigrationTarget("models", to)] if to else None
        await _refuse_the_future(con, executor)
        if to:
            await _check_target(executor, to)
        planned = await _is_fresh(con) or bool(await executor.plan(targets))
        if planned:
            await executor.migrate(targets, progress=progress)
        if to is None:
            await log.enter_cluster()
        return planned
    finally:
        await con.close()


class Executor(MigrationExecutor):
    """Tortoise's, without three quarters of its work: it makes every model anew before each operation, to look back."""

    async def _project_state(self, applied: set[MigrationKey], *, upto: MigrationKey | None = None) -> State:
        state = await super()._project_state(applied, upto=upto)
        return _Running(models=state.models, apps=state.apps)


class _Running(State):
    """What the models are after the operations so far."""

    def clone(self) -> State:
        return _Before({key: model.clone() for key, model in self.models.items()}, self.apps)


class _Before(State):
    """What they were before an operation; made only where one looks back."""

    def __init__(self, models: dict[tuple[str, str], ModelState], like: StateApps) -> None:
        self.models, self._like = models, like

    @cached_property
    def apps(self) -> StateApps:  # pyright: ignore[reportIncompatibleVariableOverride]  # the same, only later
        return self._like.clone(model_states=self.models)


async def is_current() -> bool:
    """Whether every migration of this version is applied."""
    executor = Executor(db.client(), {"models": db.APP})
    try:
        return not await executor.plan()
    except Exception:  # no table of migrations yet: Tortoise wraps the driver's error in several ways
        return False


async def check_server(con: Any) -> None:
    """Raise `WrongDatabase` where the server is too old or does not store UTF-8."""
    number = int(await con.fetchval("SHOW server_version_num"))
    if number < POSTGRES_MIN:
        shown = await con.fetchval("SHOW server_version")
        raise WrongDatabase(
            f"Atrium needs PostgreSQL 18 or newer, and this server is {shown}. Upgrade it, or leave"
            " ATRIUM_DATABASE_URL empty to use the server that Atrium brings along."
        )
    encoding = await con.fetchval("SHOW server_encoding")
    if encoding != "UTF8":
        raise WrongDatabase(f"This database stores text as {encoding}. Create one with ENCODING 'UTF8' for Atrium.")


async def _connected(dsn: str) -> Any:
    try:
        return await cast(Any, asyncpg).connect(dsn)  # its own types are partial
    except asyncpg.InterfaceError:
        raise
    except ValueError:  # asyncpg's too, of a port that is no number; it may quote a password that is in the wrong place
        raise WrongDatabase(
            "ATRIUM_DATABASE_URL cannot be read: write it as postgresql://user:password@host:port/database,"
            " the port a number, and %40 for an @ in the password."
        ) from None


async def _check_target(executor: MigrationExecutor, to: str) -> None:
    await executor.loader.build_graph()
    known = sorted(key.name for key in executor.loader.graph.nodes)
    if to not in (*known, FIRST) and sum(name.startswith(to) for name in known) != 1:
        raise WrongDatabase(
            f"There is no migration named {to[:100]!r}. Go to one of {', '.join(known)},"
            f" or to {FIRST}, which is before them all."
        )


async def _is_fresh(con: Any) -> bool:
    return await con.fetchval("SELECT to_regclass('tortoise_migrations') IS NULL")


async def _refuse_the_future(con: Any, executor: MigrationExecutor) -> None:
    if await _is_fresh(con):
        if await con.fetchval("SELECT to_regclass('person') IS NOT NULL"):
            raise WrongDatabase(
                "This database has tables of another program. Give Atrium an empty database of its own."
            )
        return
    await executor.loader.build_graph()
    applied = {r["name"] for r in await con.fetch("SELECT name FROM tortoise_migrations WHERE app = 'models'")}
    unknown = applied - {key.name for key in executor.loader.graph.nodes}
    if unknown:
        raise WrongDatabase(
            f"This database was migrated by a newer Atrium ({', '.join(sorted(unknown))}). Run that or a newer one."
        )
