"""The feed in companies of several sizes: what choosing a page costs the database, and how many rows it reads.

The sizes take turns, so that their ratios are those of one run.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atrium.services import database, services
from atrium.settings import Settings
from auth import sessions
from auth.viewer import Viewer
from bench import committed, costs, networks
from bench.commands import engine
from bench.costs import Question, cost
from bench.goals import Goal
from execution.paging import Keyset
from models import db, feed_pages
from resolvers import feed, ranking
from resolvers.context import Context, Services
from resolvers.feeds import RECENT
from resolvers.lists import PageArgs
from schema.answer import execute
from schema.build import build

ROUNDS = 3
VIEWERS = 25  # of whom the median is told
PAGE = 20  # posts
LARGEST = 100_000  # people: of more the posts alone would take an hour

RATIO_MAX = 1.5  # the median viewer of the largest company, against the smallest
WORST_MAX = 8  # times the median viewer's, in the same company
STATEMENTS_MAX = 11

PEOPLE = "SELECT id FROM person WHERE NOT is_guest ORDER BY md5(id::text) LIMIT $1"
GUEST = "SELECT id FROM person WHERE is_guest"
BUSIEST = """
SELECT person_id FROM audience_member m JOIN person p ON p.id = m.person_id AND NOT p.is_guest
GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
"""

MEDIAN = "a page of the home feed, median viewer"
WORST = f"the same, a guest of {networks.QUIET} quiet groups"


@dataclass(frozen=True)
class Scan:
    """How a plan reads the table of posts in one place: rows for each audience, those that it threw away among them."""

    kind: str
    rows: float
    audiences: int


def measure(sizes: list[int]) -> tuple[dict[str, Any], list[Goal]]:
    """Figures and goals, for companies of these sizes."""
    with engine() as (postgres, folder):
        people = sorted({min(size, LARGEST) for size in sizes})
        urls = {size: postgres.endpoint.dsn(networks.load(postgres, folder, size)) for size in people}
        return asyncio.run(_measure(urls, folder))


def show(figures: dict[str, Any]) -> None:
    """Tables for people."""
    costs.show(figures["database ms"])
    for name, told in figures["plans"].items():
        print(f"{name}: " + ", ".join(f"{figure} {what}" for what, figure in told.items()))
    print()


async def _measure(urls: dict[int, str], folder: Path) -> tuple[dict[str, Any], list[Goal]]:
    values: dict[str, Any] = {"data_dir": folder, "database_url": "", "meilisearch_url": ""}
    async with services(Settings(**values)) as made:
        medians = await costs.medians(urls, ROUNDS, lambda: _costs(made))
        largest = urls[max(urls)]
        plans = await _plans(largest, made)
        statements = await _statements(largest, made)
    told = {name: _told(plan) for name, plan in plans.items()}
    figures = {"database ms": costs.table(medians), "plans": told, "statements of HomeFeed": statements}
    return figures, _goals(medians, plans, statements)


async def _costs(made: Services) -> dict[str, float]:
    """Milliseconds of each page in the connected company."""
    backend = await db.value("SELECT pg_backend_pid()")
    some = [await _viewer(row["id"]) for row in await db.rows(PEOPLE, VIEWERS)]
    busy, guest = await _viewer(await db.value(BUSIEST)), await _viewer(await db.value(GUEST))
    plain, ranked = [_page(made, one) for one in some], [_page(made, one, ranked=True) for one in some[:5]]
    return {
        MEDIAN: await _median(plain, backend),
        "the same, further down": await _median([await _second(made, one) for one in some], backend),
        "the same, who is in most groups": await cost(_page(made, busy), backend),
        WORST: await cost(_page(made, guest), backend),
        "a ranked page, median viewer": await _median(ranked, backend),
        "a ranked page, who is in most groups": await cost(_page(made, busy, ranked=True), backend),
    }


async def _median(questions: list[Question], backend: int) -> float:
    return statistics.median([await cost(question, backend) for question in questions])


async def _viewer(person: uuid.UUID) -> Viewer:
    found = await sessions.acting(person)
    assert found
    return found


def _page(made: Services, viewer: Viewer, *, ranked: bool = False, after: str | None = None) -> Question:
    """A page, as an operation of its own for which nothing is loaded yet."""
    home = ranking.home if ranked else feed.home
    return lambda: home(Context(made, viewer), PageArgs(first=PAGE, after=after))


async def _second(made: Services, viewer: Viewer) -> Question:
    first = await feed.home(Context(made, viewer), PageArgs(first=PAGE))
    return _page(made, viewer, after=first.page_info.end_cursor)


async def _plans(url: str, made: Services) -> dict[str, dict[str, Any]]:
    """The plan of a page for a person and for the guest, with what it read."""
    order = Keyset(RECENT, made.sealer).order_by(PageArgs(first=PAGE).window(), "p")
    sql = feed_pages.with_audiences(feed_pages.HOME.format(after="", order=order), order)
    found: dict[str, dict[str, Any]] = {}
    async with database(url, pool=1, limits=costs.LIMITS):
        for name, whose in (("the page of who is in most groups", BUSIEST), ("the guest's page", GUEST)):
            viewer = await _viewer(await db.value(whose))
            args = (list(viewer.audiences), viewer.person_id, PAGE + 1)
            found[name] = json.loads(await db.value(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", *args))[0]
    return found


async def _statements(url: str, made: Services) -> int:
    """How many statements the committed operation makes for the busiest person."""
    seen: list[str] = []
    schema = build()
    async with database(url, pool=2, limits=db.SERVED, watch=seen.append):
        ctx = Context(made, await _viewer(await db.value(BUSIEST)))
        seen.clear()
        answer = await execute(schema, ctx, committed.text("feed/home_feed"), {"first": PAGE})
    if answer.errors:
        raise SystemExit(f"the bench met an error: {answer.errors}")
    return len(seen)


def _scans(plan: dict[str, Any]) -> Iterator[Scan]:
    """Where a plan reads posts."""
    if plan.get("Relation Name") == "post":
        rows = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        yield Scan(plan["Node Type"], rows, plan["Actual Loops"])
    for part in plan.get("Plans", ()):
        yield from _scans(part)


def _told(plan: dict[str, Any]) -> dict[str, float]:
    scans = list(_scans(plan["Plan"]))
    return {
        "buffers": plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"],
        "rows of posts at most for one audience": max(scan.rows for scan in scans),
        "audiences asked": max(scan.audiences for scan in scans),
        "ms": round(plan["Execution Time"], 2),
    }


def _goals(medians: dict[str, dict[int, float]], plans: dict[str, Any], statements: int) -> list[Goal]:
    few, many = min(medians[MEDIAN]), max(medians[MEDIAN])
    scans = [scan for plan in plans.values() for scan in _scans(plan["Plan"])]
    worst = max(medians[WORST][people] / medians[MEDIAN][people] for people in medians[MEDIAN])
    return [
        Goal(f"{MEDIAN}: {many:,} against {few:,} people", round(costs.ratio(medians[MEDIAN]), 2), RATIO_MAX),
        Goal(f"{WORST}: against the median viewer", round(worst, 2), WORST_MAX),
        Goal("rows of posts read of one audience", max(scan.rows for scan in scans), PAGE + 1),
        Goal("scans of the table of posts", sum("Index" not in scan.kind for scan in scans), 0),
        Goal("HomeFeed: statements", statements, STATEMENTS_MAX),
    ]
