"""Migrations: what they make is what the models say, they go down and up again, and run one at a time."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import AsyncIterator
from datetime import date
from typing import Any, cast

import pytest
import pytest_asyncio
from tortoise import Tortoise
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.models import Model

from models import db, lines
from models.days import on_day
from models.migrate import WrongDatabase, is_current, migrate
from models.people import Person
from tests import engine

CATALOGUE = """
SELECT 'column ' || table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable || ' '
       || coalesce(column_default, '') || is_generated AS thing
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
ORDER BY 1
"""
BESIDES = {
    ("search_document", "words"),
    *(("search_name", column) for column in ("audience_id", "kind", "word", "subject_id", "said")),
}
"""Columns that no model knows of: of a type, or in a table, that only statements of our own read."""


@pytest_asyncio.fixture
async def fresh(dsn: str) -> AsyncIterator[str]:
    """An empty database of its own, and the process's pool on it for as long as the test lasts."""
    postgres = engine.started()
    name = engine.own_name("migrations")
    postgres.drop_database(name)
    postgres.create_database(name)
    own = postgres.endpoint.dsn(name)
    await db.disconnect()
    await db.connect(own, pool=2, limits=db.UNHURRIED)
    yield own
    await db.disconnect()
    postgres.drop_database(name)
    postgres.stop()


@pytest_asyncio.fixture(autouse=True)
async def pool_back(pool: list[str], dsn: str) -> AsyncIterator[None]:
    """The pool of the other tests, as it was."""
    yield
    await db.disconnect()
    await db.connect(dsn, pool=8, limits={**db.SERVED, "synchronous_commit": "off"}, watch=pool.append)


async def catalogue() -> list[str]:
    return [row["thing"] for row in await db.rows(CATALOGUE)]


def models() -> list[type[Model]]:
    found = (vars(importlib.import_module(name)).values() for name in db.MODULES)
    return sorted(
        {thing for values in found for thing in values if isinstance(thing, type) and issubclass(thing, Model)}
        - {Model},
        key=lambda model: model.__name__,
    )


async def test_down_and_up_again_is_the_same(fresh: str) -> None:
    assert await migrate(fresh)
    before = await catalogue()

    assert await migrate(fresh, to="__first__")
    nothing = [thing for thing in await catalogue() if "tortoise_migrations" not in thing]
    assert await migrate(fresh)

    assert nothing == []
    assert await catalogue() == before


async def test_people_of_before_positions_keep_their_place_and_line(fresh: str) -> None:
    await migrate(fresh, to="0001_skeleton")
    await db.execute(
        "INSERT INTO org_unit (id, name, version, created_at)"
        " VALUES ('00000000-0000-7000-8000-0000000000a1', 'Lab', 1, '2024-05-01')"
    )
    for number, manager, active, is_guest in (
        (1, None, True, False),
        (2, 1, True, False),
        (3, 2, False, False),
        (4, None, True, True),
    ):
        await db.execute(
            "INSERT INTO person (id, name, title, bio, unit_id, manager_id, is_guest, active, auth_epoch, version,"
            " created_at, updated_at) VALUES (('00000000-0000-7000-8000-00000000000' || $1::text)::uuid, 'P' || $1,"
            " 'Nurse', '', CASE WHEN NOT $4 THEN '00000000-0000-7000-8000-0000000000a1'::uuid END,"
            " ('00000000-0000-7000-8000-00000000000' || $2::text)::uuid, $4, $3, 0, 1, '2024-05-01', now())",
            str(number),
            None if manager is None else str(manager),
            active,
            is_guest,
        )

    assert await migrate(fresh)

    day = date(2024, 5, 2)
    rows = await db.rows(on_day(Person, "$1")[1:-1], day)
    found = {r["name"]: (r["title"], r["unit_id"] is not None, r["position_id"] is not None) for r in rows}
    assert found == {"P1": ("Nurse", True, True), "P2": ("Nurse", True, True), "P4": ("", False, False)}
    below = await db.rows("SELECT position_id, manager_id FROM reporting_line")
    assert len(below) == 2  # whoever has left leaves a vacant position below its manager
    second = await Person.get(name="P2")
    assert [r["_step"] for r in await lines.above([second.id], day)] == [1]
    assert await Person.filter(position_id__isnull=False).count() == 2


async def test_a_second_time_changes_nothing(fresh: str) -> None:
    assert not await is_current()
    await migrate(fresh)

    assert await is_current()
    assert not await migrate(fresh)


async def test_tables_have_the_columns_of_their_models(fresh: str) -> None:
    await migrate(fresh)

    rows = await db.rows(
        "SELECT table_name, column_name, is_nullable FROM information_schema.columns WHERE table_schema = 'public'"
    )
    stored = {(r[0], r[1]): r[2] == "YES" for r in rows if r[0] != "tortoise_migrations"}
    declared: dict[tuple[str, str], bool] = {}
    for model in models():
        described: dict[str, Any] = cast(Any, model).describe()
        for field in [described["pk_field"], *described["data_fields"]]:
            declared[described["table"], field["db_column"]] = field["nullable"]
    assert stored.keys() - declared.keys() == BESIDES
    assert {key: stored[key] for key in declared} == declared


async def test_the_migrations_say_all_that_the_models_say(fresh: str) -> None:
    apps: Any = Tortoise.apps

    missing = await MigrationAutodetector(apps, {"models": dict(db.APP)}).changes()

    assert [writer.operations for writer in missing] == []


async def test_processes_that_start_together_migrate_once(fresh: str) -> None:
    code = "import asyncio, sys\nfrom atrium.services import migrated\nprint(asyncio.run(migrated(sys.argv[1])))\n"
    started = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", code, fresh, stdout=-1, cwd=engine.ROOT)
        for _ in range(3)
    ]

    said = [(await process.communicate())[0].decode().strip() for process in started]

    assert sorted(said) == ["False", "False", "True"]


async def test_a_database_of_another_program_is_left_alone(fresh: str) -> None:
    await db.execute("CREATE TABLE person (id int)")

    with pytest.raises(WrongDatabase, match="another program"):
        await migrate(fresh)


async def test_a_database_of_a_newer_version_is_left_alone(fresh: str) -> None:
    await migrate(fresh)
    await db.execute("INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('models', '9999_future', now())")

    with pytest.raises(WrongDatabase, match="newer Atrium"):
        await migrate(fresh)
