"""Reporting lines: who stands above, below and beside somebody on a day. Vacancies do not cut a line."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg

from auth.conditions import Params
from auth.scope import readable
from execution.loaders import Loader, settled
from execution.paging import Page
from execution.rows import read
from models import lines as table
from models.days import on_day
from models.days import table as source
from models.people import Person
from resolvers import days, lists
from resolvers.context import Context
from resolvers.days import Dated
from resolvers.lists import WIDE, Counts, Link, PageArgs
from resolvers.people import BY_NAME

PATH_MAX = 2 * table.STEPS_MAX + 1  # people on a path


@dataclass(frozen=True)
class Step:
    """Somebody above, and how many positions up."""

    person: Any
    step: int


class Chains(Loader[Context, Dated, list[Step]]):
    """The visible people above each person on a day, nearest first."""

    async def batch_load_fn(self, keys: list[Dated]) -> Sequence[list[Step] | Exception]:
        found: dict[Dated, list[Step]] = {key: [] for key in keys}
        for day in {when for _, when in keys}:
            steps = await self._above([id for id, when in keys if when == day], day)
            seen = {step["id"]: step for step in steps if step["id"] is not None}
            for step in steps:
                if (person := seen.get(step["_person"])) is not None:
                    found[step["_start"], day].append(Step(person, step["_step"]))
        return [found[key] for key in keys]

    async def _above(self, people: list[uuid.UUID], day: date) -> list[asyncpg.Record]:
        other = days.day(self.ctx, day)
        params = Params([people, day])
        seen = readable(Person, self.ctx.me, params, "r")
        return await table.above(people, day, params[2:], readable=seen, of=source(Person, "$2" if other else None))


class ReportCounts(Loader[Context, Dated, int]):
    """How many people whom the viewer sees report to each person on a day."""

    async def batch_load_fn(self, keys: list[Dated]) -> Sequence[int | Exception]:
        found: dict[Dated, int] = {}
        for day in {when for _, when in keys}:
            counts = await self._counts([id for id, when in keys if when == day], day)
            found.update(((manager, day), count) for manager, count in counts)
        return [found.get(key, 0) for key in keys]

    async def _counts(self, managers: list[uuid.UUID], day: date) -> Iterable[Any]:
        other = days.day(self.ctx, day)
        if not self.ctx.me.is_guest:  # members see everybody who is there
            return await table.report_counts(managers, day, is_today=other is None)
        counts = Counts(self.ctx, Person, _reports(day, other))
        return zip(managers, await counts.load_batch(managers), strict=True)


class TeamCounts(Loader[Context, Dated, int]):
    """How many people stand anywhere below each person on a day; a guest is told of nobody."""

    async def batch_load_fn(self, keys: list[Dated]) -> Sequence[int | Exception]:
        found: dict[Dated, int] = {}
        if self.ctx.me.is_guest:
            return [0] * len(keys)
        for day in {when for _, when in keys}:
            counts = await table.team_counts([id for id, when in keys if when == day], day)
            found.update(((manager, day), count) for manager, count in counts)
        return [found.get(key, 0) for key in keys]


async def chains(ctx: Context, people: Sequence[Any]) -> list[list[Step]]:
    """For each person, as of the day of their row, the steps above them, nearest first."""
    loader = ctx.loaders.own(Chains, Chains)
    return settled(await loader.load_batch([(read(p, "id"), days.exact(ctx, None, p)) for p in people]))


async def managers(ctx: Context, people: Sequence[Any]) -> list[Any]:
    """For each person the nearest above them, or None."""
    return [steps[0].person if steps else None for steps in await chains(ctx, people)]


async def manager_chains(ctx: Context, people: Sequence[Any]) -> list[list[Any]]:
    """For each person the visible managers above them, nearest first."""
    return [[step.person for step in steps] for steps in await chains(ctx, people)]


async def interim(ctx: Context, people: Sequence[Any]) -> list[bool]:
    """For each person whether the position right above theirs is vacant, so that their manager stands in."""
    return [bool(steps) and steps[0].step > 1 for steps in await chains(ctx, people)]


async def report_counts(ctx: Context, people: Sequence[Any]) -> list[int]:
    """How many people report to each, as of the day of their row."""
    loader = ctx.loaders.own(ReportCounts, ReportCounts)
    return settled(await loader.load_batch([(read(p, "id"), days.exact(ctx, None, p)) for p in people]))


async def team_counts(ctx: Context, people: Sequence[Any]) -> list[int]:
    """How many people stand anywhere below each, as of the day of their row."""
    loader = ctx.loaders.own(TeamCounts, TeamCounts)
    return settled(await loader.load_batch([(read(p, "id"), days.exact(ctx, None, p)) for p in people]))


def reports(ctx: Context, person: Any, as_of: date | None, args: PageArgs) -> Any:
    """An awaitable page of the people who report to a person on a day, by name."""
    link = _reports(days.exact(ctx, as_of, person), days.day(ctx, as_of, person))
    return lists.pages(ctx, Person, link, BY_NAME, args).load(read(person, "id"))


def _reports(day: date, other: date | None) -> Link:
    return Link(
        f"r.id IN ({table.REPORTS.format(manager='parent.id', day='$2')})",
        tables=table.heads("$1", "$2", is_today=other is None),
        source=on_day(Person, "$2") if other else "",
        params=(day,),
        span="" if other else table.SPAN.format(manager="p.id", day="$2", most=WIDE),
        walked="" if other else "r.active AND " + table.REPORTS_TO.format(person="r.id", manager="parent.id", day="$2"),
    )


async def peers(ctx: Context, person: Any, as_of: date | None, args: PageArgs) -> Page:
    """A page of the others who have the same manager on a day, by name; nobody where there is none."""
    day, other = days.exact(ctx, as_of, person), days.day(ctx, as_of, person)
    id = read(person, "id")
    steps = await ctx.loaders.own(Chains, Chains).load((id, day))
    boss = read(steps[0].person, "id") if steps else None
    return await lists.page(
        ctx,
        Person,
        BY_NAME,
        args,
        where=f"r.id <> $3 AND r.id IN ({table.REPORTS.format(manager='$1', day='$2')})",
        params=[boss, day, id],
        tables=table.heads("ARRAY[$1::uuid]", "$2", is_today=other is None),
        source=on_day(Person, "$2") if other else "",
    )


@dataclass(frozen=True)
class Path:
    """The shortest way between two people along their lines: up to whom both report, and down again."""

    people: list[Any]
    common: Any


async def path(ctx: Context, start: uuid.UUID | None, end: uuid.UUID | None, as_of: date | None) -> Path | None:
    """The way from one person to another; None where nobody stands above both, or either is not visible."""
    ctx.reach("org:read")
    if start is None or end is None:
        return None
    day, other = days.exact(ctx, as_of), days.day(ctx, as_of)
    ends = await days.load_many(ctx, Person, [start, end], other)
    if None in ends:
        return None
    steps = await ctx.loaders.own(Chains, Chains).load_many([(start, day), (end, day)])
    up, down = ([row, *(_one_a_step(chain))] for row, chain in zip(ends, steps, strict=True))
    places = {read(row, "id"): place for place, row in enumerate(down)}
    for place, row in enumerate(up):
        if (met := places.get(read(row, "id"))) is not None:
            return Path([*up[: place + 1], *reversed(down[:met])], row)
    return None


def _one_a_step(chain: Sequence[Step]) -> list[Any]:
    """Of those who share a position the first: a way goes through one of them."""
    return list({step.step: step.person for step in reversed(chain)}.values())[::-1]
