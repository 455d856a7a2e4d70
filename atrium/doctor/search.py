"""Meilisearch, where it is used: without it search is degraded, for PostgreSQL answers then, but not down."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx

from atrium.doctor.database import LATE, OURS
from atrium.doctor.findings import Finding, ok, warn
from atrium.embedded.meilisearch import Meilisearch
from atrium.faults import sentence
from atrium.services import database, engines
from atrium.settings import Settings
from models import db
from models.installation import installation
from search.engine import Unavailable
from search.meili import INDEX, MeiliEngine
from search.meili_client import Client, Refused
from subscriptions.readers import lag

SUBJECT = "meilisearch"
PATIENCE = 3.0  # seconds
LEAST = (1, 16)  # version: from there on documents are given in an order
ODD = 0.01  # of the documents: so many more or fewer than PostgreSQL has are no sign of anything
ONE_EACH = httpx.Limits(max_keepalive_connections=0)  # it hangs up after what it refuses before reading all of it
REINDEX = "Build it anew: python -m atrium reindex"

Probe = tuple[str, str, object]
"""A method, a path, and a body: a text where it is to be no JSON."""

RIGHTS: dict[str, Probe] = {
    "search": ("POST", "/multi-search", {"queries": [{}]}),
    "documents.add": ("POST", f"/indexes/{INDEX}/documents", "no documents"),
    "documents.get": ("GET", f"/indexes/{INDEX}_x/documents/stamp", None),
    "documents.delete": ("POST", f"/indexes/{INDEX}/documents/delete", {}),
    "indexes.create": ("POST", "/indexes", {}),
    "indexes.get": ("GET", "/indexes?limit=0", None),
    "indexes.delete": ("DELETE", f"/indexes/{INDEX}_!", None),
    "indexes.swap": ("POST", "/swap-indexes", [{}]),
    "settings.get": ("GET", f"/indexes/{INDEX}/settings", None),
    "settings.update": ("PATCH", f"/indexes/{INDEX}/settings", {"no such setting": 1}),
    "tasks.get": ("GET", "/tasks?limit=1", None),
}
"""What each right allows, asked so that it only reads, or is refused for its form by whoever may ask it."""


async def check(found: Settings) -> list[Finding]:
    """Whether it is reachable, new enough, lets us do all we need, and has an index that is ours, whole and recent."""
    if found.meilisearch_url:
        return await _check(found)
    embedded = Meilisearch(found.data_dir)
    if not embedded.is_held():
        return []
    if not await asyncio.to_thread(embedded.is_running):
        mend = f"It is started again by itself; if it does not come back, look at its log, {embedded.log}."
        return [warn(SUBJECT, "It does not answer: PostgreSQL answers searches.", mend)]
    return await _check(found.model_copy(update={"meilisearch_url": embedded.url, "meilisearch_key": embedded.key}))


async def _check(found: Settings) -> list[Finding]:
    if findings := await server(found):
        return findings
    if not found.database_url and not (found.data_dir / "postgres" / "data").exists():
        return [ok(SUBJECT, "available")]
    try:
        async with engines(found) as started, database(started.database_url, pool=2, limits=OURS):
            return await index(found)
    except Exception as error:
        if sentence(error) is None:
            raise
        return [ok(SUBJECT, "It is available; its index was not looked at.")]  # The database has its own finding.


async def server(found: Settings) -> list[Finding]:
    """What is not well with the server, or our key of it."""
    key = {"Authorization": f"Bearer {found.meilisearch_key}"} if found.meilisearch_key else {}
    try:
        async with httpx.AsyncClient(
            base_url=found.meilisearch_url, timeout=PATIENCE, headers=key, limits=ONE_EACH
        ) as client:
            return await _examine(client)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        said = str(error) or type(error).__name__
        return [warn(SUBJECT, f"It cannot be reached: {said}.", "Start it, or correct ATRIUM_MEILISEARCH_URL.")]


async def _examine(client: httpx.AsyncClient) -> list[Finding]:
    health, version = await client.get("/health"), await client.get("/version")
    if not health.is_success:
        return [warn(SUBJECT, f"It is not well: it answers {health.status_code}.", "Look at its log.")]
    lacking = [right for right, probe in RIGHTS.items() if await _is_refused(client, probe)]
    if len(lacking) == len(RIGHTS):
        return [warn(SUBJECT, "It refuses our key.", "Correct ATRIUM_MEILISEARCH_KEY.")]
    if lacking:
        mend = f"Give it these actions, for the indexes {INDEX} and {INDEX}_*; or use another key."
        return [warn(SUBJECT, f"Our key lacks {', '.join(lacking)}.", mend)]
    told = version.json().get("pkgVersion", "") if version.is_success else ""
    if told and tuple(int(part) for part in told.split(".")[:2]) < LEAST:
        return [warn(SUBJECT, f"It is version {told}.", f"Use {'.'.join(map(str, LEAST))} or newer.")]
    return []


async def _is_refused(client: httpx.AsyncClient, probe: Probe) -> bool:
    method, path, body = probe
    sent: dict[str, Any] = {} if body is None else {"content": body} if isinstance(body, str) else {"json": body}
    headers = {"Content-Type": "text/plain"} if isinstance(body, str) else {}
    answer = await client.request(method, path, headers=headers, **sent)
    return answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)


async def index(found: Settings) -> list[Finding]:
    """What is to be said of the index, on a server that is well; the database is connected before."""
    if not await db.value("SELECT to_regclass('search_document') IS NOT NULL"):
        return [ok(SUBJECT, "available")]
    client = Client(found.meilisearch_url, found.meilisearch_key)
    engine = MeiliEngine(client, await installation())
    try:
        if not await engine.is_built():
            mend = "The worker fills it: start python -m atrium worker, or see its log. Or: python -m atrium reindex"
            return [warn(SUBJECT, "Its index has not been filled yet: PostgreSQL answers searches.", mend)]
        findings = [*await _settings(engine), *await _reader(engine)]
        return findings or await _documents(engine)
    except Refused as error:
        if error.code == "index_not_found":
            return [warn(SUBJECT, "It has no index yet.", "The worker makes it: start python -m atrium worker.")]
        return [_trouble(error)]
    except Unavailable as error:
        return [_trouble(error)]
    finally:
        client.close()


def _trouble(error: Unavailable) -> Finding:
    says, _, mend = str(error).partition(": ")
    return warn(SUBJECT, f"{says}.", f"{mend[:1].upper()}{mend[1:]}" or "Look at its log.")


async def _settings(engine: MeiliEngine) -> list[Finding]:
    if wrong := await engine.unsettled():
        says = f"Its index has other settings than ours: {', '.join(sorted(wrong))}."
        return [warn(SUBJECT, says, "Start the worker anew: it puts them right before it writes.")]
    return []


async def _reader(engine: MeiliEngine) -> list[Finding]:
    row = next((row for row in await lag() if row["name"] == f"search:{engine.name}"), None)
    if row is None:
        return [warn(SUBJECT, "Nothing keeps its index up to date.", "Start python -m atrium worker.")]
    since = row["since"]
    late = (datetime.now(UTC) - since).total_seconds() if isinstance(since, datetime) else 0
    if late <= LATE:
        return []
    why = f" Why: {row['error']}" if row["error"] else ""
    says = f"Its index is {int(str(row['events'])):,} events behind, by {late:,.0f} s.{why}"
    return [warn(SUBJECT, says, "Start python -m atrium worker, or see its log; what waits is then done by itself.")]


async def _documents(engine: MeiliEngine) -> list[Finding]:
    theirs, ours = await engine.count(), await db.value("SELECT count(*) FROM search_document")
    waits = any(row["events"] for row in await lag() if str(row["name"]).startswith("search:"))
    if abs(theirs - ours) > ODD * ours and not waits:
        says = f"Its index has {theirs:,} documents, and PostgreSQL's {ours:,}."
        return [warn(SUBJECT, says, f"The worker mends that at night. {REINDEX}")]
    return [ok(SUBJECT, f"available, {theirs:,} documents")]
