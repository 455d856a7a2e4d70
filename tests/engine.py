"""The database of a test process: a copy of one migrated template, on a real server that the tests start themselves."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
from pathlib import Path

from atrium.embedded.postgres import Postgres
from atrium.services import migrated
from models import db

ROOT = Path(__file__).parents[1]
DATA = ROOT / ".data" / "tests"

EMPTY = """
DO $$ DECLARE names text; BEGIN
  SELECT string_agg(quote_ident(tablename), ', ') INTO names FROM pg_tables
  WHERE schemaname = 'public' AND tablename NOT IN ('tortoise_migrations', 'log_generation');
  EXECUTE 'TRUNCATE ' || names;
END $$;
INSERT INTO audience (id, kind) VALUES ('00000000-0000-7000-8000-000000000001', 'COMPANY');
"""

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


async def empty() -> None:
    """All tables as after a fresh migration."""
    await db.execute(EMPTY)


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
