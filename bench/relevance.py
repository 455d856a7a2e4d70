"""How well the search finds what colleagues look for: queries with their right answers, in a demonstration company.

PostgreSQL is measured, and Meilisearch where its program is installed or the settings name a server: an empty one, for
an index that is another installation's is not written.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from atrium.demo.accounts import ADMIN, MEMBER
from atrium.demo.company import Company
from atrium.demo.load import load
from atrium.embedded.meilisearch import Meilisearch
from atrium.services import Engines, database, migrated, services
from atrium.settings import Settings, read_settings
from auth import sessions
from auth.passwords import Hasher
from auth.viewer import Viewer
from bench import committed
from bench.commands import engine
from bench.goals import Goal
from models import db
from models.people import Person
from models.skills import Skill
from resolvers.catalogue import add_synonym
from resolvers.context import Context, Request, Services
from schema.answer import execute
from schema.build import Schema, build
from search.choice import Search
from search.engine import Engine
from search.reindex import reindex

SET = Path(__file__).parents[1] / "tests" / "search" / "relevance.json"

PEOPLE, SEED, DAYS = 300, 1, 30  # as `make run` has it
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""The day on which the company was loaded: with it the set says what was written before and after which day."""

FIRST = 5  # hits among which a right one must be
MISSED_MAX = {"postgres": 20, "meilisearch": 10}  # of 100 queries, by the name of the engine


@dataclass(frozen=True, slots=True)
class Target:
    """A right answer: what has this `name`, or whose text holds what it `says`."""

    kind: str
    name: str | None = None
    says: str | None = None

    def is_met(self, hit: Mapping[str, Any]) -> bool:
        """Whether it is this hit, as the operation gives it."""
        texts = [text for text in hit.values() if isinstance(text, str)]
        if hit["__typename"].upper() != self.kind:
            return False
        return self.name in texts if self.says is None else any(self.says in text for text in texts)


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody types, of which kinds (None: any), and what they may mean by it: one of these is enough."""

    text: str
    sort: str
    finds: tuple[Target, ...]
    kinds: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RelevanceSet:
    """The queries, and what else their company calls its skills: `make run` has no other names for any."""

    queries: tuple[Query, ...]
    skill_synonyms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Miss:
    """A query without a right answer among its first hits, and what it has instead."""

    query: Query
    hits: tuple[str, ...]


def relevance_set() -> RelevanceSet:
    """The set as it is committed."""
    held = json.loads(SET.read_text(encoding="utf-8"))
    return RelevanceSet(
        tuple(_query(row) for row in held["queries"]),
        {skill: tuple(names) for skill, names in held["skillSynonyms"].items()},
    )


def company() -> Company:
    """The company that the set is about."""
    return Company.generate(PEOPLE, SEED, DAYS, NOW)


async def settle(made: Services, wanted: RelevanceSet) -> None:
    """Load the company into the connected, empty database, with its other names of skills, and index all of it."""
    await load(company(), password="nobody signs in", hasher=made.hasher, now=NOW, progress=_unheard)
    ctx = Context(made, await acting(ADMIN.email), Request(id="bench"))
    for skill, names in wanted.skill_synonyms.items():
        for name in names:
            await add_synonym(ctx, (await Skill.get(name=skill)).id, name)
    for index in made.search.engines:
        await reindex(index, _unheard)


async def acting(email: str = MEMBER.email) -> Viewer | None:
    """Who searches, or another of the four accounts."""
    return await sessions.acting((await Person.get(email=email)).id)


def measure(_: list[int]) -> tuple[dict[str, Any], list[Goal]]:
    """Figures and goals; the company is always the same."""
    with engine() as (postgres, folder), _meilisearch(folder) as server:
        postgres.create_database("relevance")
        started = Engines(postgres.endpoint.dsn("relevance"), "", {}, server)
        return asyncio.run(_measure(started, folder))


def show(figures: dict[str, Any]) -> None:
    """A table for people, and what was missed."""
    for name, found in figures["engines"].items():
        print(f"\nsearch by {name}\n{'sort':12} {'queries':>8} {'success at 5':>13}")
        for sort, row in found["sorts"].items():
            print(f"{sort:12} {row['queries']:>8} {row['success at 5']:>13.2f}")
        for miss in found["misses"]:
            print(f"missed  {miss['sort']:10} {miss['text']!r}  has  {'; '.join(miss['hits']) or 'nothing'}")
    print()


@contextmanager
def _meilisearch(folder: Path) -> Generator[tuple[str, str]]:
    """The address and key of the server that is named, else of one of our own; empty where there is neither."""
    settings = read_settings()
    if settings.meilisearch_url:
        yield settings.meilisearch_url, settings.meilisearch_key
        return
    with Meilisearch(folder, settings.meilisearch_binary) as server:
        yield ("", "") if server.unavailable else (server.url, server.key)


async def _measure(started: Engines, folder: Path) -> tuple[dict[str, Any], list[Goal]]:
    values: dict[str, Any] = {"data_dir": folder}
    await migrated(started.database_url)
    wanted, schema = relevance_set(), build()
    async with (
        database(started.database_url, pool=4, limits=db.UNHURRIED),
        services(Settings(**values), Stopped(), Hasher(), started=started) as made,
    ):
        await settle(made, wanted)
        viewer = await acting()
        missed = {one.name: await _missed(schema, made, one, viewer, wanted.queries) for one in made.search.engines}
    goals = [_goal(name, wanted.queries, misses) for name, misses in missed.items()]
    return {"engines": {name: _figures(wanted.queries, misses) for name, misses in missed.items()}}, goals


async def _missed(
    schema: Schema, made: Services, index: Engine, viewer: Viewer | None, queries: Sequence[Query]
) -> list[Miss]:
    """What one engine misses when it answers alone."""
    alone = replace(made, search=Search(index))
    return [miss for query in queries if (miss := await _miss(schema, alone, viewer, query))]


class Stopped:
    """The clock of the company: it stands at `NOW`."""

    def now(self) -> datetime:
        return NOW


async def _miss(schema: Schema, made: Services, viewer: Viewer | None, query: Query) -> Miss | None:
    """None where a right answer is among the first hits."""
    variables = {"text": query.text, "kinds": query.kinds and [*query.kinds], "first": FIRST}
    ctx = Context(made, viewer, Request(id="bench"))
    answer = await execute(schema, ctx, committed.text("search/search"), variables)
    if answer.errors or not answer.data:
        return Miss(query, tuple(error["message"] for error in answer.errors))
    found = answer.data["search"]
    hits = [edge["node"] for edge in found["edges"]]
    if any(target.is_met(hit) for hit in hits for target in query.finds):
        return None
    return Miss(query, tuple(_told(hit) for hit in hits))


def _goal(name: str, asked: Sequence[Query], misses: Sequence[Miss]) -> Goal:
    missed = round(100 * len(misses) / len(asked), 1)
    return Goal(f"search by {name}: queries missed of 100", missed, MISSED_MAX[name])


def _figures(asked: Sequence[Query], misses: Sequence[Miss]) -> dict[str, Any]:
    """By sort in the order of the set, and in all."""
    sorts = {sort: _success(sort, asked, misses) for sort in dict.fromkeys(query.sort for query in asked)}
    of_all = {"queries": len(asked), "success at 5": round(1 - len(misses) / len(asked), 3)}
    told = [{"sort": miss.query.sort, "text": miss.query.text, "hits": [*miss.hits]} for miss in misses]
    return {"sorts": {**sorts, "all": of_all}, "misses": told}


def _success(sort: str, asked: Sequence[Query], misses: Sequence[Miss]) -> dict[str, float]:
    queries = sum(query.sort == sort for query in asked)
    return {
        "queries": queries,
        "success at 5": round(1 - sum(miss.query.sort == sort for miss in misses) / queries, 3),
    }


def _told(hit: Mapping[str, Any]) -> str:
    """A hit in a few words."""
    text = str(hit.get("name") or hit.get("body") or "")
    return f"{hit['__typename']} {' '.join(text.split())[:40]}"


def _query(row: dict[str, Any]) -> Query:
    kinds = row["kinds"]
    finds = tuple(Target(one["kind"], one.get("name"), one.get("says")) for one in row["finds"])
    return Query(row["text"], row["sort"], finds, None if kinds is None else tuple(kinds))


def _unheard(_: int, __: str) -> None:
    """Progress that nobody waits for."""
