"""Searching a large company by PostgreSQL's full text: what an answer costs, what it reads, and how fresh it is.

The unit is a page of the home feed, measured in the same run: the time on a CPU of the server's process and of ours.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from atrium.services import database, services
from atrium.settings import Settings
from auth import sessions
from auth.viewer import Viewer
from bench import committed, costs, search_cases, search_freshness, search_reads
from bench.commands import Ran, atrium, engine
from bench.costs import Question
from bench.goals import Goal
from bench.search_cases import EXPERTS, SEARCH, SUGGEST, Case
from models import db
from resolvers.context import Context, Request, Services
from schema.answer import execute
from schema.build import Schema, build

LARGEST = 30_000  # people: their posts and messages take minutes to make
POSTS, COMMENTS, MESSAGES = 10, 2 / 3, 50 / 3  # of each person, on the average
REACTIONS = 1_000
DAYS = 365

VIEWERS = 5  # of whom the median is told
WARM, TIMES, ENOUGH = 6, 12, 0.4  # answers before it counts; answers that count, seconds of them

PAGE = {"first": 20}
MOST = {SEARCH: 10, SUGGEST: 1, EXPERTS: 3}  # pages of the home feed that an answer may cost
READ_MAX = 8_000  # rows of documents that an answer may look at, however many there are
PER_SECOND_MIN, PEAK_MAX = 2_000, 300  # documents of a reindex, by CPU time; MB
FRESH_MAX = 1.0  # seconds, of 99 in 100

# A plan that reads far too much is to be told of, not to be cancelled.
LIMITS = {**costs.LIMITS, "statement_timeout": "0", "transaction_timeout": "0"}

UNIT = Case("a page of the home feed, median viewer", "feed/home_feed", {})
COUNTED = re.compile(r"postgres: ([\d,]+) documents")

Cost = tuple[float, float]
"""Milliseconds on a CPU that an answer takes: of the server's process, and of ours."""


def measure(sizes: list[int]) -> tuple[dict[str, Any], list[Goal]]:
    """Figures and goals, for companies of these sizes."""
    figures: dict[str, Any] = {}
    goals: list[Goal] = []
    with engine() as (postgres, folder):
        for people in sorted({min(size, LARGEST) for size in sizes}):
            name = f"search_{people}"
            postgres.create_database(name)
            atrium(postgres, folder, name, *_demo(people))
            built = _built(atrium(postgres, folder, name, "reindex"))
            postgres.execute("VACUUM (ANALYZE)", name)
            figures[f"{people:,}"] = found = asyncio.run(_measure(postgres.endpoint.dsn(name), folder, built))
            goals = _goals(people, found)  # those of the largest count
    return {"people": figures}, goals


def show(figures: dict[str, Any]) -> None:
    """Tables for people."""
    for people, found in figures["people"].items():
        print(f"\n{people + ' people':52}{'server ms':>10}{'own ms':>8}{'pages':>7}{'hits':>7}{'read':>8}{'index':>9}")
        for name, row in found["answers"].items():
            told = "".join(f"{row.get(what, ''):>{wide}}" for what, wide in (("hits", 7), ("read", 8), ("index", 9)))
            print(f"{name:52}{row['server ms']:>10.2f}{row['own ms']:>8.2f}{row['pages']:>7.2f}{told}")
        for what in ("reindex", "commit to findable, s"):
            print(f"{what}: " + ", ".join(f"{name} {figure}" for name, figure in found[what].items()))
    print()


async def _measure(url: str, folder: Path, built: dict[str, float]) -> dict[str, Any]:
    """The figures of one company."""
    values: dict[str, Any] = {"data_dir": folder, "database_url": "", "meilisearch_url": ""}
    schema = build()
    async with services(Settings(**values)) as made:
        async with database(url, pool=1, limits=LIMITS):
            answers = await answered(schema, made)
        async with database(url, pool=4):
            fresh = await search_freshness.seconds(schema, made)
    return {"answers": answers, "reindex": built, "commit to findable, s": fresh}


async def answered(schema: Schema, made: Services) -> dict[str, dict[str, float]]:
    """What each answer costs in the connected company; first of all the page that is the unit."""
    backend = await db.value("SELECT pg_backend_pid()")
    some = [await viewer(row[0]) for row in await db.rows(search_cases.PEOPLE, VIEWERS)]
    cost, one = await _median(schema, made, UNIT, some, backend)
    units, costs_of, looks = [cost], dict[str, Cost](), dict[str, dict[str, int]]()
    for case in await search_cases.cases():
        # The unit is taken again beside each: what else the machine does changes within minutes.
        units.append(await _cost(lambda: asked(schema, made, UNIT, one), backend))
        cost, who = await _median(schema, made, case, [await viewer(case.viewer)] if case.viewer else some, backend)
        costs_of[case.name] = cost
        if case.operation == SEARCH:
            looks[case.name] = await _looked_at(lambda case=case, who=who: asked(schema, made, case, who))
    unit = sorted(units, key=sum)[len(units) // 2]
    return {name: _row(cost, unit) | looks.get(name, {}) for name, cost in {UNIT.name: unit, **costs_of}.items()}


async def _looked_at(question: Question) -> dict[str, int]:
    """How many hits an answer has, and what the search for them looks at."""
    hits: int = (await question())["search"]["totalCount"]
    return {"hits": hits, **asdict(await search_reads.reads(question))}


async def viewer(person: Any) -> Viewer:
    """Who asks."""
    found = await sessions.acting(person)
    assert found
    return found


async def asked(schema: Schema, made: Services, case: Case, who: Viewer) -> dict[str, Any]:
    """The answer to a case, as an operation of its own for which nothing is loaded yet."""
    ctx = Context(made, who, Request(id="bench"))
    answer = await execute(schema, ctx, committed.text(case.operation), {**PAGE, **case.variables})
    if answer.errors or not answer.data:
        raise SystemExit(f"the bench met an error: {json.dumps(answer.errors)[:2000]}")
    return answer.data


async def _median(
    schema: Schema, made: Services, case: Case, viewers: Sequence[Viewer], backend: int
) -> tuple[Cost, Viewer]:
    """What it costs the viewer who is in the middle, and who that is."""
    found = [(await _cost(lambda who=who: asked(schema, made, case, who), backend), who) for who in viewers]
    return sorted(found, key=lambda one: sum(one[0]))[len(found) // 2]


async def _cost(question: Question, backend: int) -> Cost:
    """Milliseconds on a CPU of one answer, once it is asked for often: of the server's process, and of ours."""
    for _ in range(WARM):
        await question()
    times, latest = 0, time.monotonic() + ENOUGH
    server, own = _spent(backend), time.process_time()
    while times < TIMES and (times == 0 or time.monotonic() < latest):
        await question()
        times += 1
    own, server = time.process_time() - own, _spent(backend) - server
    return server / times * 1_000, own / times * 1_000


def _spent(backend: int) -> float:
    """Seconds that a process has spent on a CPU; 0 where the machine does not tell."""
    told = Path(f"/proc/{backend}/schedstat")
    return int(told.read_text().split()[0]) / 1e9 if told.exists() else 0.0


def _row(cost: Cost, unit: Cost) -> dict[str, float]:
    server, own = cost
    return {"server ms": round(server, 2), "own ms": round(own, 2), "pages": round(sum(cost) / sum(unit), 2)}


def _demo(people: int) -> list[str]:
    many = {
        "people": people,
        "days": DAYS,
        "posts": people * POSTS,
        "comments": int(people * COMMENTS),
        "reactions": REACTIONS,
        "messages": int(people * MESSAGES),
    }
    return ["demo", *(word for name, count in many.items() for word in (f"--{name}", str(count)))]


def _built(ran: Ran) -> dict[str, float]:
    told = COUNTED.search(ran.out)
    assert told, ran.out
    count = int(told[1].replace(",", ""))
    return {
        "documents": count,
        "a second by CPU time": round(count / (ran.own + ran.server)),
        "a second by the clock": round(count / ran.seconds),
        "own CPU, s": round(ran.own, 1),
        "server CPU, s": round(ran.server, 1),
        "MB": ran.peak,
    }


def _goals(people: int, found: dict[str, Any]) -> list[Goal]:
    answers: dict[str, dict[str, float]] = found["answers"]
    worst = [
        Goal(f"{operation}, the dearest of {people:,} people: pages of the home feed", max(pages), most)
        for operation, most in MOST.items()
        if (pages := [row["pages"] for name, row in answers.items() if name.startswith(operation)])
    ]
    reindex = found["reindex"]
    return [
        *worst,
        Goal(
            "rows of documents that an answer reads",
            max(row.get("read", 0) for row in answers.values()),
            READ_MAX,
        ),
        Goal("reindex: CPU seconds for 2,000 documents", round(PER_SECOND_MIN / reindex["a second by CPU time"], 2), 1),
        Goal("reindex: MB", reindex["MB"], PEAK_MAX),
        Goal("commit to findable: s, 99 of 100", found["commit to findable, s"]["99 of 100"], FRESH_MAX),
    ]
