"""The org chart in companies of several sizes: what each question costs the database, and what moving a unit touches.

The sizes take turns, so that their ratios are those of one run.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path
from typing import Any

from atrium.services import database, services
from atrium.settings import Settings
from auth import sessions
from bench import committed, companies, costs
from bench.commands import engine
from bench.companies import TEAM, Company
from bench.costs import Question, cost
from bench.goals import Goal
from execution.ids import encode_id
from models import chart, db, headcounts
from models import lines as table
from resolvers import directory, lines
from resolvers.changes import kinds
from resolvers.changes.making import enact
from resolvers.context import Context, Services
from resolvers.directory import PersonFilter
from resolvers.lists import PageArgs
from schema.answer import execute
from schema.build import build

ROUNDS = 5

DEPTH = 20  # levels of a chart: all there are
RATIO_MAX = 1.5  # the chart of a team in the largest company, against the smallest
STATEMENTS_MAX = 4
TREE = "WITH RECURSIVE tree"

CHART = f"chart of {TEAM} people below one"
MOVES = 4
TOUCHED = (
    "person",
    "position",
    "person_term",
    "position_term",
    "holding",
    "reporting_line",
    "unit_term",
    "unit_closure",
)
NEXT = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


def measure(sizes: list[int]) -> tuple[dict[str, Any], list[Goal]]:
    """Figures and goals, for companies of these sizes."""
    with engine() as (postgres, folder):
        names = {people: companies.load(postgres, folder, people) for people in sizes}
        urls = {people: postgres.endpoint.dsn(name) for people, name in names.items()}
        return asyncio.run(_measure(urls, folder))


def show(figures: dict[str, Any]) -> None:
    """Tables for people."""
    costs.show(figures["database ms"])
    print("\na unit moves: " + ", ".join(f"{count:,} {name}" for name, count in figures["a unit moves"].items()) + "\n")


async def _measure(urls: dict[int, str], folder: Path) -> tuple[dict[str, Any], list[Goal]]:
    values: dict[str, Any] = {"data_dir": folder, "database_url": "", "meilisearch_url": ""}
    async with services(Settings(**values)) as made:
        medians = await costs.medians(urls, ROUNDS, lambda: _costs(made))
        most = urls[max(urls)]
        statements = await _statements(most, made)
        moved = await _move(most, made)
    figures = {"database ms": costs.table(medians), "statements of a chart": statements, "a unit moves": moved}
    return figures, _goals(medians[CHART], statements, moved)


async def _costs(made: Services) -> dict[str, float]:
    """Milliseconds of each question in the connected company."""
    found = await companies.company()
    backend = await db.value("SELECT pg_backend_pid()")
    questions = await _questions(made, found)
    found_costs = {name: await cost(question, backend) for name, question in questions.items()}
    found_costs[CHART] *= TEAM / len(await questions[CHART]())  # no company has a team of just so many
    return found_costs


async def _questions(made: Services, found: Company) -> dict[str, Question]:
    day, viewer = Context(made, None).today(), await sessions.acting(found.some[0])
    wanted = PersonFilter(unit=found.unit, skills=(found.skill,), active=True)
    top = await db.row("SELECT * FROM person WHERE id = $1", found.top)

    def ctx() -> Context:  # each question is an operation of its own, for which nothing is loaded yet
        return Context(made, viewer)

    return {
        CHART: lambda: chart.chart([found.head_position], DEPTH, day),
        "chart of the company, 3 levels": lambda: chart.chart([found.top_position], 3, day),
        "managers of 100 people, all the way up": lambda: table.above(found.some, day),
        "20 reports of the widest manager": lambda: lines.reports(ctx(), top, None, PageArgs(first=20)),
        "how many report to each of 100 people": lambda: table.report_counts(found.some, day, is_today=True),
        "how many report to the widest manager": lambda: table.report_counts([found.top], day, is_today=True),
        f"where the chart of a unit of {TEAM} begins": lambda: db.rows(chart.TOP_OF_UNIT, found.unit, day),
        f"head-count of a unit of {TEAM}": lambda: headcounts.counts(found.unit, day),
        "head-count of the company": lambda: headcounts.counts(None, day),
        "20 people of that unit with a skill": lambda: directory.directory(ctx(), wanted, PageArgs(first=20)),
        "facets of those people": lambda: directory.facets(ctx(), wanted),
    }


async def _statements(url: str, made: Services) -> dict[str, int]:
    """How many statements the committed operation makes, from a person down, and how many of them walk the tree."""
    seen: list[str] = []
    schema = build()
    async with database(url, pool=2, limits=db.SERVED, watch=seen.append):
        found = await companies.company()
        ctx = Context(made, await sessions.acting(found.some[0]))
        seen.clear()
        variables = {"rootId": encode_id("Person", found.head), "depth": DEPTH}
        answer = await execute(schema, ctx, committed.text("org/org_chart"), variables)
    if answer.errors or not answer.data:
        raise SystemExit(f"the bench met an error: {answer.errors}")
    entries = len(answer.data["orgChart"]["entries"])
    return {"all": len(seen), "for the tree": sum(TREE in text for text in seen), "entries": entries}


async def _move(url: str, made: Services) -> dict[str, float]:
    """Move a unit there and back, by the action of the API within a request's limits: seconds, and rows by table."""
    async with database(url, pool=2, limits=db.SERVED):
        found = await companies.company()
        ctx = Context(made, None)
        first = await db.value(NEXT)
        seconds: list[float] = []
        for turn in range(MOVES):
            parent = found.moved_from if turn % 2 else found.moved_to
            started = time.perf_counter()
            await enact(ctx, kinds.MoveUnit(found.moved, parent), ctx.today())
            seconds.append(time.perf_counter() - started)
        touched = {f"rows of {name} touched": await db.value(_written_since(name), first) for name in TOUCHED}
    return {"people": found.moved_people, "seconds": round(statistics.median(seconds), 2), **touched}


def _written_since(name: str) -> str:
    """A statement for how many rows of a table a transaction from $1 on has written."""
    return f"SELECT count(*) FROM {name} WHERE xmin::text::bigint >= $1"


def _goals(of_chart: dict[int, float], statements: dict[str, int], moved: dict[str, float]) -> list[Goal]:
    few, many = min(of_chart), max(of_chart)
    return [
        Goal(f"{CHART}: {many:,} against {few:,} people", round(costs.ratio(of_chart), 2), RATIO_MAX),
        Goal("OrgChart: statements", statements["all"], STATEMENTS_MAX),
        Goal("OrgChart: statements for the tree", statements["for the tree"], 1),
        Goal(f"a unit of {moved['people']:,} people moves: people's rows touched", moved["rows of person touched"], 0),
    ]
