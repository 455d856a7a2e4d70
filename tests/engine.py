"""The database of a test process: a copy of one migrated template, on a real server that the tests start themselves."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from atrium.embedded.postgres import Postgres
from atrium.services import migrated
from models import db

ROOT = Path(__file__).parents[1]
DATA = ROOT / ".data" / "tests"

T = TypeVar("T")

SWOLLEN = 500_000  # bytes of a table: from there on it is put back to nothing, its dead rows too
EMPTY = f"""
DO $$ DECLARE emptied regclass[]; name regclass; BEGIN
  SELECT array_agg(oid) INTO emptied FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  AND relname NOT IN ('tortoise_migrations', 'log_generation');
  -- Whoever is still writing comes to an end first.
  EXECUTE 'LOCK TABLE ' || array_to_string(emptied, ', ') || ' IN EXCLUSIVE MODE';
  IF EXISTS (SELECT FROM unnest(emptied) one WHERE pg_relation_size(one) > {SWOLLEN}) THEN
    EXECUTE 'TRUNCATE ' || array_to_string(emptied, ', ');
  ELSE
    -- Makes no new files and lets prepared statements be. Without the foreign keys, any order will do.
    SET LOCAL session_replication_role = replica;
    FOREACH name IN ARRAY emptied LOOP
      IF pg_relation_size(name) > 0 THEN EXECUTE 'DELETE FROM ' || name; END IF;
    END LOOP;
  END IF;
END $$;
INSERT INTO audience (id, kind) VALUES ('00000000-0000-7000-8000-000000000001', 'COMPANY');
"""

KEEP = """
DO $$ DECLARE name text; BEGIN
  CREATE SCHEMA {kept};
  FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND relname NOT IN ('tortoise_migrations', 'log_generation') AND pg_relation_size(oid) > 0
  LOOP EXECUTE format('CREATE TABLE {kept}.%1$I AS TABLE public.%1$I', name); END LOOP;
END $$;
"""
BRING_BACK = """
DO $$ DECLARE name text; columns text; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name, columns IN SELECT relname, string_agg(quote_ident(attname), ', ') FROM pg_class
    JOIN pg_attribute ON attrelid = format('public.%I', relname)::regclass AND attnum > 0
    AND NOT attisdropped AND attgenerated = ''
    WHERE relnamespace = '{kept}'::regnamespace AND relkind = 'r' GROUP BY relname
  LOOP
    EXECUTE format('INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM {kept}.%1$I'
                   ' ON CONFLICT DO NOTHING', name, columns);
  END LOOP;
END $$;
"""

KNOWN: dict[str, Any] = {}
"""What was made together with the rows that are kept, by name."""

HELD_BACK = """
SELECT max(xid) >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM event
WHERE generation = (SELECT max(id) FROM log_generation)
"""


def started() -> Postgres:
    """The server of all test processes; it ends with the last of them."""
    DATA.mkdir(parents=True, exist_ok=True)
    postgres = Postgres(DATA, durable=False)
    postgres.start()
    return postgres


def copy(postgres: Postgres, name: str) -> str:
    """A fresh database called `name`, copied from the template; its DSN."""
    template = f"template_{_version()}"
    with (DATA / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if postgres.create_database(template):
            try:
                asyncio.run(migrated(postgres.endpoint.dsn(template)))
            except BaseException:
                postgres.drop_database(template)
                raise
        postgres.drop_database(name)
        postgres.create_database(name, template)
    return postgres.endpoint.dsn(name)


def own_name(purpose: str = "main") -> str:
    """A database name that no other running test process uses."""
    return f"t_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}_{os.getpid()}_{purpose}"


EMPTYING = 3  # times that it is tried again


async def empty() -> None:
    """All tables as after a fresh migration.

    A writer whom an earlier test has left may wait for us while we wait for it: then the database lets one of us go.
    """
    for _ in range(EMPTYING):
        with contextlib.suppress(asyncpg.DeadlockDetectedError):
            await db.execute(EMPTY)
            return
    await db.execute(EMPTY)


async def known(name: str, make: Callable[[], Awaitable[T]]) -> T:
    """What `make` gives, and the rows that it makes in empty tables; they are made once in a test process.

    From then on they are brought back. Sequences go on: none of their numbers is given again.
    """
    await empty()
    if name in KNOWN:
        await db.execute(BRING_BACK.format(kept=f"kept_{name}"))
    else:
        KNOWN[name] = await make()
        await db.execute(KEEP.format(kept=f"kept_{name}"))
    return KNOWN[name]


async def settled() -> None:
    """Until all that is committed can be read from the log.

    Its order waits for every transaction of the server that is writing, and other test processes have theirs.
    """
    async with asyncio.timeout(20):
        while await db.value(HELD_BACK):
            await asyncio.sleep(0.005)


def _version() -> str:
    """Of everything that decides what a fresh database looks like."""
    files = sorted((ROOT / "models" / "migrations").glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
