"""Surveys of a large company: what submitting, counting and the results cost, in pages of the home feed.

Everybody answers 40 questions, and is told apart by their location and their unit. What things cost is told in pages of
the home feed of the demonstration company, measured in the same run: time on a CPU, the server's and our own.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from atrium.services import database, services
from atrium.settings import Settings
from auth import sessions
from auth.viewer import Viewer
from bench import committed, costs, networks, survey_crowds
from bench.commands import atrium, engine
from bench.goals import Goal
from bench.survey_crowds import Answered
from execution.ids import encode_id
from models import db
from models.surveys import Anonymity, Survey
from resolvers import survey_results
from resolvers.context import Context, Request, Services
from resolvers.survey_counting import count, sums_of
from schema.answer import execute
from schema.build import Schema, build

LARGEST = 30_000  # people
DEMO = "demo"  # the demonstration company's database
WARM, TIMES, ENOUGH = 3, 12, 0.5  # answers before it counts; answers that count, seconds of them

FIRST_MAX, STORED_MAX = 50, 1  # pages of the home feed
SUBMIT_MAX, COUNT_MAX, READ_MAX = 6, 30, 15  # statements

# Counting is the worker's: its transaction may be longer than a request's, its statements may not.
LIMITS = {**costs.LIMITS, "transaction_timeout": "0"}

COMPUTED, COUNTED = "what is told, computed from the answers", "that, written down, and the answers destroyed"
SHOWN, TOLD = "results by locations, as the API answers", "the same, as the gate tells them"
HOME, RESULTS = "feed/home_feed", "survey_results/survey_results"
SUBMIT = "survey_answering/submit_survey_response"
MEMBER = "SELECT id FROM person WHERE email = 'member@atrium.example'"

Cost = tuple[float, float]
"""Milliseconds on a CPU: of the server's process, and of ours."""
Doing = Callable[[], Awaitable[Any]]


def measure(sizes: list[int]) -> tuple[dict[str, Any], list[Goal]]:
    """Figures and goals, for companies of these sizes."""
    figures: dict[str, Any] = {}
    with engine() as (postgres, folder):
        postgres.create_database(DEMO)
        atrium(postgres, folder, DEMO, "demo")
        people = sorted({min(size, LARGEST) for size in sizes})
        for size in people:
            url = postgres.endpoint.dsn(networks.load(postgres, folder, size))
            figures[f"{size:,}"] = asyncio.run(_measure(url, postgres.endpoint.dsn(DEMO), folder))
    return {"people": figures}, _goals(people[-1], figures[f"{people[-1]:,}"])


def show(figures: dict[str, Any]) -> None:
    """Tables for people."""
    for people, found in figures["people"].items():
        print(f"\n{people + ' people':52}{'server ms':>10}{'own ms':>10}{'pages':>8}{'statements':>12}")
        for name, row in found["costs"].items():
            print(
                f"{name:52}{row['server ms']:>10.2f}{row['own ms']:>10.2f}{row['pages']:>8.2f}{row['statements']:>12}"
            )
        print(", ".join(f"{name} {figure:,}" for name, figure in found["survey"].items()))
    print()


async def _measure(url: str, demo: str, folder: Path) -> dict[str, Any]:
    values: dict[str, Any] = {"data_dir": folder, "database_url": "", "meilisearch_url": ""}
    schema, seen = build(), list[str]()
    async with services(Settings(**values)) as made:
        async with database(demo, pool=1, limits=LIMITS):
            bench = await _bench(schema, made, seen)
            page = await bench.cost(bench.asked(await _viewer(await db.value(MEMBER)), HOME, {"first": 20}))
        async with database(url, pool=1, limits=db.UNHURRIED):
            survey = await survey_crowds.answered()
        async with database(url, pool=1, limits=LIMITS, watch=seen.append):
            bench = await _bench(schema, made, seen)
            rows = {"a page of the home feed": (page, 0), **await bench.rows(survey)}
    shape = {
        "answers": survey.answers,
        "blocks": len(set(survey.cut.of_person)),
        "segments told": sum(one.blocks is not None for one in survey.cut.segments),
        "of": len(survey.cut.segments),
    }
    return {"costs": {name: _row(cost, page, count) for name, (cost, count) in rows.items()}, "survey": shape}


async def _bench(schema: Schema, made: Services, seen: list[str]) -> _Bench:
    return _Bench(schema, made, seen, await db.value("SELECT pg_backend_pid()"))


class _Bench:
    """The connected company, and what is asked of it."""

    def __init__(self, schema: Schema, made: Services, seen: list[str], backend: int) -> None:
        self.schema, self.made, self.seen, self.backend = schema, made, seen, backend

    async def rows(self, of: Answered) -> dict[str, tuple[Cost, int]]:
        """What each thing costs, and its statements."""
        viewer, id = await _viewer(of.analyst), of.survey
        waiting = await Survey.get(id=id)
        computed = await self.once(lambda: sums_of(waiting))
        counted = await self.once(lambda: count(id, self.made.clock.now()))
        survey = await Survey.get(id=id)
        assert survey.answered
        shown = self.asked(viewer, RESULTS, {"id": encode_id("Survey", id)})
        told = partial(self.told, viewer, survey)
        return {
            COMPUTED: computed,
            COUNTED: counted,
            SHOWN: (await self.cost(shown), await self.statements(shown)),
            TOLD: (await self.cost(told), await self.statements(told)),
            "submitting, anonymous": await self.submitting(viewer, Anonymity.ANONYMOUS),
            "submitting, confidential": await self.submitting(viewer, Anonymity.CONFIDENTIAL),
        }

    async def told(self, viewer: Viewer, survey: Survey) -> None:
        """All results of a survey with their segments, as an operation of its own for which nothing is loaded."""
        ctx = Context(self.made, viewer)
        for result in await survey_results.results(ctx, survey):
            _ = result.options, result.average, result.distribution
            for part in await survey_results.segments(ctx, result, None):
                _ = part.average

    async def submitting(self, viewer: Viewer, anonymity: Anonymity) -> tuple[Cost, int]:
        """The second time: what a connection asks for but once is not counted."""
        await self.asked(viewer, SUBMIT, await survey_crowds.open_to(viewer.person_id, anonymity))()
        return await self.once(self.asked(viewer, SUBMIT, await survey_crowds.open_to(viewer.person_id, anonymity)))

    def asked(self, viewer: Viewer, operation: str, variables: dict[str, Any]) -> Doing:
        """A committed operation, for which nothing is loaded yet."""

        async def ask() -> None:
            ctx = Context(self.made, viewer, Request(id="bench"))
            answer = await execute(self.schema, ctx, committed.text(operation), variables)
            if answer.errors or '"errors": [{' in json.dumps(answer.data):
                raise SystemExit(f"the bench met an error: {json.dumps(answer.errors or answer.data)[:2000]}")

        return ask

    async def cost(self, doing: Doing) -> Cost:
        """What it takes once it is asked for often."""
        for _ in range(WARM):
            await doing()
        times, latest = 0, time.monotonic() + ENOUGH
        server, own = self.spent(), time.process_time()
        while times < TIMES and (times == 0 or time.monotonic() < latest):
            await doing()
            times += 1
        own, server = time.process_time() - own, self.spent() - server
        return server / times * 1_000, own / times * 1_000

    async def once(self, doing: Doing) -> tuple[Cost, int]:
        """What it takes the first and only time, and its statements."""
        self.seen.clear()
        server, own = self.spent(), time.process_time()
        await doing()
        return ((self.spent() - server) * 1_000, (time.process_time() - own) * 1_000), len(self.seen)

    async def statements(self, doing: Doing) -> int:
        self.seen.clear()
        await doing()
        return len(self.seen)

    def spent(self) -> float:
        """Seconds that the server's process has spent on a CPU; 0 where the machine does not tell."""
        told = Path(f"/proc/{self.backend}/schedstat")
        return int(told.read_text().split()[0]) / 1e9 if told.exists() else 0.0


async def _viewer(person: uuid.UUID) -> Viewer:
    found = await sessions.acting(person)
    assert found
    return found


def _row(cost: Cost, unit: Cost, statements: int) -> dict[str, float]:
    server, own = cost
    return {
        "server ms": round(server, 2),
        "own ms": round(own, 2),
        "pages": round(sum(cost) / sum(unit), 2),
        "statements": statements,
    }


def _goals(people: int, found: dict[str, Any]) -> list[Goal]:
    rows: dict[str, dict[str, float]] = found["costs"]
    first, stored = rows[COMPUTED], rows[TOLD]
    submitting = [row["statements"] for name, row in rows.items() if name.startswith("submitting")]
    return [
        Goal(f"results of {people:,} people, the first time: pages of the home feed", first["pages"], FIRST_MAX),
        Goal("the same, from what is stored: pages", stored["pages"], STORED_MAX),
        Goal("counting: statements", rows[COUNTED]["statements"], COUNT_MAX),
        Goal("results: statements", stored["statements"], READ_MAX),
        Goal("submitting: statements", max(submitting), SUBMIT_MAX),
    ]
