"""The database: reachable, new enough, well set, and nothing in it waits in vain."""

from __future__ import annotations

from datetime import UTC, datetime

from atrium.backup import known_migrations
from atrium.doctor.findings import Finding, fail, ok, warn
from atrium.faults import sentence
from atrium.services import database, engines
from atrium.settings import Settings
from atrium.worker import TRIES
from models import db
from models.clock import SystemClock
from models.migrate import check_server, is_current
from search.comparing import is_filled
from search.postgres import PostgresEngine
from subscriptions.readers import lag

SUBJECT, LOG, TIMERS = "database", "log", "timers"
OURS = {**db.UNHURRIED, "statement_timeout": "10s", "application_name": "atrium doctor"}
SKEW = 2.0  # seconds that two clocks may differ
SPARE = 10  # connections that others may need: the worker, commands, psql
LATE = 60  # seconds that a reader or a timer may be late

APPLIED = "SELECT name FROM tortoise_migrations WHERE app = 'models'"
# A writing transaction holds back every reader of the log; any that is old keeps dead rows from being cleared away.
LONG = """
SELECT pid, application_name AS who, backend_xid IS NOT NULL AS writes,
       extract(epoch FROM clock_timestamp() - xact_start)::int AS seconds
FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
  AND clock_timestamp() - xact_start > CASE WHEN backend_xid IS NULL THEN interval '1 hour' ELSE interval '15 s' END
ORDER BY xact_start LIMIT 5
"""
PREPARED = "SELECT gid FROM pg_prepared_xacts WHERE prepared < clock_timestamp() - interval '1 minute' LIMIT 5"
DEAD = """
SELECT relname, n_dead_tup FROM pg_stat_user_tables
WHERE n_dead_tup > greatest(100000, n_live_tup) ORDER BY n_dead_tup DESC LIMIT 5
"""
SETTINGS = """
SELECT current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on' AS is_durable,
       current_setting('autovacuum') = 'on' AND current_setting('track_counts') = 'on' AS vacuums,
       current_setting('max_connections')::int AS connections, current_setting('server_version') AS version
"""
SERVED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'atrium'"
WORKS = "SELECT EXISTS (SELECT 1 FROM reader_position WHERE held_until > $1)"
TIMER = """
SELECT kind, count(*) AS n, count(*) FILTER (WHERE tries >= $2) AS given_up, max(error) AS error
FROM timer WHERE tries > 0 OR due_at < $1 GROUP BY kind ORDER BY kind LIMIT 20
"""
PEOPLE = """
SELECT EXISTS (SELECT 1 FROM person WHERE active) AS somebody,
       EXISTS (SELECT 1 FROM role_grant g JOIN person p ON p.id = g.person_id
               WHERE p.active AND g.role = 'ADMIN' AND g.unit_id IS NULL) AS admin,
       EXISTS (SELECT 1 FROM person p JOIN credential c ON c.person_id = p.id
               WHERE p.active AND p.email LIKE '%@atrium.example') AS demo
"""


async def check(found: Settings) -> list[Finding]:
    """Everything about the database; nothing is made or migrated."""
    if not found.database_url and not (found.data_dir / "postgres" / "data").exists():
        return [ok(SUBJECT, f"The first start makes one in {found.data_dir}.")]
    try:
        async with engines(found) as started, database(started.database_url, pool=2, limits=OURS):
            return await _examine(found)
    except Exception as error:
        said = sentence(error)
        if said is None:
            raise
        return [fail(SUBJECT, said, "Mend that first; the rest of the database was not looked at.")]


async def _examine(found: Settings) -> list[Finding]:
    async with db.connection() as con:
        await check_server(con)
    findings = [*await _server(found), *await _clock(), *await _transactions()]
    tables = await _tables()
    if tables:
        return [*findings, tables]
    return [*findings, *await _people(found), *await _readers(), *await _timers(), *await _search()]


async def _search() -> list[Finding]:
    """Whether PostgreSQL's own index of the search has been filled."""
    if await is_filled(PostgresEngine(SystemClock())):
        return []
    says = "The index lacks documents: a search finds too little."
    return [warn("search", says, "The worker fills it within minutes. At once: python -m atrium reindex")]


async def _tables() -> Finding | None:
    """What is wrong with the tables; None where they are those of this version."""
    if not await db.value("SELECT to_regclass('tortoise_migrations') IS NOT NULL"):
        return warn(SUBJECT, "It has no tables yet.", "Make them: python -m atrium migrate. Starting does it, too.")
    if unknown := {row["name"] for row in await db.rows(APPLIED)} - known_migrations():
        newer = ", ".join(sorted(unknown))
        return fail(SUBJECT, f"A newer Atrium has changed its tables ({newer}).", "Run that version, or a newer one.")
    if not await is_current():
        return warn(
            SUBJECT, "Its tables are of an older version.", "Run: python -m atrium migrate. Starting does it, too."
        )
    return None


async def _server(found: Settings) -> list[Finding]:
    told = await db.row(SETTINGS)
    assert told is not None
    findings: list[Finding] = []
    if not told["is_durable"]:
        tell = warn if found.is_development else fail
        mend = "Set fsync and full_page_writes to on."
        findings.append(tell(SUBJECT, "A crash of its machine can destroy all data.", mend))
    if not told["vacuums"]:
        findings.append(warn(SUBJECT, "It does not vacuum by itself.", "Set autovacuum and track_counts to on."))
    wanted = found.workers * found.pool_size + SPARE
    if wanted > told["connections"]:
        says = f"It takes {told['connections']} connections, and {wanted} may be wanted."
        findings.append(warn(SUBJECT, says, "Raise max_connections, or lower ATRIUM_POOL_SIZE or ATRIUM_WORKERS."))
    for table in await db.rows(DEAD):
        says = f"{table['relname']} has {table['n_dead_tup']:,} dead rows."
        findings.append(warn(SUBJECT, says, f"Run VACUUM {table['relname']}, and look for old transactions."))
    return findings or [ok(SUBJECT, f"PostgreSQL {told['version']}, {told['connections']} connections")]


async def _clock() -> list[Finding]:
    before = datetime.now(UTC)
    theirs: datetime = await db.value("SELECT clock_timestamp()")
    ours = before + (datetime.now(UTC) - before) / 2
    skew = abs((theirs - ours).total_seconds())
    if skew <= SKEW:
        return []
    return [warn(SUBJECT, f"Its clock and this machine's differ by {skew:,.0f} seconds.", "Run NTP on both.")]


async def _transactions() -> list[Finding]:
    findings: list[Finding] = []
    for row in await db.rows(LONG):
        harm = "live events wait for it" if row["writes"] else "it keeps old rows alive"
        says = f"A transaction of {row['who'] or 'a client'} has been open for {row['seconds']:,} s: {harm}."
        findings.append(warn(SUBJECT, says, f"End it: SELECT pg_terminate_backend({row['pid']})"))
    for row in await db.rows(PREPARED):
        says = f"The prepared transaction {row['gid']} has been forgotten: live events wait for it."
        findings.append(warn(SUBJECT, says, f"End it: ROLLBACK PREPARED '{row['gid']}'"))
    return findings


async def _people(found: Settings) -> list[Finding]:
    told = await db.row(PEOPLE)
    assert told is not None
    findings: list[Finding] = []
    if told["somebody"] and not told["admin"]:
        mend = "Make somebody one: python -m atrium person role EMAIL ADMIN"
        findings.append(warn("people", "There is no administrator.", mend))
    if told["demo"] and not found.is_development:
        mend = "Deactivate admin@, head@, member@ and guest@atrium.example, or use an empty database."
        findings.append(fail("people", "The demonstration's accounts can sign in.", mend))
    return findings


async def _readers() -> list[Finding]:
    """Readers that are behind while somebody serves; those of a server that is not running have time."""
    now = datetime.now(UTC)
    works, served = await db.value(WORKS, now), await db.value(SERVED)
    findings: list[Finding] = []
    rows = await lag()
    for row in rows:
        name, events, since = str(row["name"]), int(str(row["events"])), row["since"]
        if row["parked"]:
            says = f"{name} has put {row['parked']} events aside that it could not digest."
            findings.append(warn(LOG, says, "Look at the table parked_event; for the index: python -m atrium reindex"))
        if row["failures"]:
            says = f"{name} fails at its next event: {row['error']}."
            findings.append(warn(LOG, says, "Look at the worker's log."))
        late = (now - since).total_seconds() if isinstance(since, datetime) else 0
        if served and events and late > LATE:
            mend = "It is catching up." if works else "Nobody works: start python -m atrium worker."
            findings.append(warn(LOG, f"{name} is {events:,} events behind, by {late:,.0f} s.", mend))
    if not rows and served:
        findings.append(warn(LOG, "Nothing reads the log.", "Start python -m atrium worker."))
    if not rows and not served:
        findings.append(ok(LOG, "Nobody has read it yet; serve and worker do."))
    waiting = sum(int(str(row["events"])) for row in rows)
    return findings or [ok(LOG, f"{waiting:,} events wait for the worker." if waiting else "All is read.")]


async def _timers() -> list[Finding]:
    findings: list[Finding] = []
    now = datetime.now(UTC)
    for row in await db.rows(TIMER, datetime.fromtimestamp(now.timestamp() - LATE, UTC), TRIES):
        if row["error"]:
            given_up = f", {row['given_up']} for good" if row["given_up"] else ""
            says = f"{row['n']} timers of kind {row['kind']} fail{given_up}: {row['error'][:200]}."
            findings.append(warn(TIMERS, says, "Look at the worker's log."))
        else:
            says = f"{row['n']} timers of kind {row['kind']} are overdue."
            findings.append(warn(TIMERS, says, "Start python -m atrium serve, or worker."))
    return findings or [ok(TIMERS, "None is late.")]
