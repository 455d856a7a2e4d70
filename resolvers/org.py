"""The org chart: units, and positions below positions."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import repeat
from typing import Any

import asyncpg

from auth.conditions import Params
from auth.scope import readable
from execution.ids import decode_id
from execution.paging import Order, Page
from execution.rows import read
from models import chart as table
from models import db
from models.chart import CHART_MAX, HOLDERS_MAX
from models.days import on_day
from models.errors import Invalid
from models.org import OrgUnit
from models.people import Person
from models.positions import on
from resolvers import days, lists
from resolvers.context import Context
from resolvers.lists import Link, PageArgs
from resolvers.people import BY_NAME as PEOPLE_BY_NAME

DEPTH_MAX = 20  # levels of one chart
BY_NAME = Order("units:name", ("lower({}.name) AS name_key", "id"))


class Occupancy(StrEnum):
    """Whether somebody holds a position."""

    FILLED = "FILLED"
    UNDISCLOSED = "UNDISCLOSED"
    VACANT = "VACANT"


@dataclass(slots=True, eq=False)  # many are made: freezing them would take as long again
class Holder:
    """Who holds a post of the chart; `name` is that of the day."""

    name: str | None
    id: uuid.UUID  # of the person
    as_of: date | None


@dataclass(frozen=True)
class Chart:
    """A part of the org chart, level by level: rows of `models.chart.chart`."""

    entries: list[asyncpg.Record]
    is_truncated: bool


async def org_unit(ctx: Context, id: uuid.UUID | None, as_of: date | None) -> asyncpg.Record | None:
    """A unit as of a day, or None."""
    ctx.reach("org:read")
    return None if id is None else await days.load(ctx, OrgUnit, id, days.day(ctx, as_of))


async def org_units(ctx: Context, as_of: date | None, args: PageArgs) -> Page:
    """The units there are on a day, by name."""
    ctx.reach("org:read")
    other = days.day(ctx, as_of)
    if other is None:
        return await lists.page(ctx, OrgUnit, BY_NAME, args, where="r.active")
    return await lists.page(
        ctx, OrgUnit, BY_NAME, args, where="r.as_of = $1", params=[other], source=on_day(OrgUnit, "$1")
    )


def children(ctx: Context, unit: Any, as_of: date | None, args: PageArgs) -> Any:
    """An awaitable page of the units right below one on a day, by name."""
    other = days.day(ctx, as_of, unit)
    if other is None:
        return lists.pages(ctx, OrgUnit, "parent_id", BY_NAME, args, "r.active").load(read(unit, "id"))
    link = Link("r.parent_id = parent.id", source=on_day(OrgUnit, "$2"), params=(other,))
    return lists.pages(ctx, OrgUnit, link, BY_NAME, args).load(read(unit, "id"))


def members(ctx: Context, unit: Any, as_of: date | None, args: PageArgs) -> Any:
    """An awaitable page of the people right in a unit on a day, by name."""
    other = days.day(ctx, as_of, unit)
    if other is None:
        return lists.pages(ctx, Person, "unit_id", PEOPLE_BY_NAME, args, "r.active").load(read(unit, "id"))
    held = f"""
        SELECT h.person_id FROM position_term t JOIN holding h ON h.position_id = t.position_id AND {on("h", "$2")}
        WHERE t.unit_id = parent.id AND {on("t", "$2")}"""
    link = Link(f"r.id IN ({held})", source=on_day(Person, "$2"), params=(other,))
    return lists.pages(ctx, Person, link, PEOPLE_BY_NAME, args).load(read(unit, "id"))


async def ancestors(ctx: Context, units: Sequence[Any]) -> list[list[Any]]:
    """For each unit those above it, nearest first, as of the day of its row."""
    found: list[list[Any]] = [[] for _ in units]
    above = dict(enumerate(units))
    while above := {place: row for place, row in above.items() if read(row, "parent_id") is not None}:
        parents = await asyncio.gather(
            *(days.load(ctx, OrgUnit, read(row, "parent_id"), days.day_of(row)) for row in above.values())
        )
        above = {place: row for place, row in zip(above, parents, strict=True) if row is not None}
        for place, row in above.items():
            found[place].append(row)
    return found


async def org_chart(ctx: Context, root_id: str, depth: int, as_of: date | None) -> Chart | None:
    """The chart of a day below a person, a position or a unit; None where the root is not visible. Raises `Invalid`."""
    ctx.reach("org:read")
    if not 0 <= depth <= DEPTH_MAX:
        raise Invalid(f"`depth` is {depth}, and must be between 0 and {DEPTH_MAX}.", ["depth"])
    day = days.exact(ctx, as_of)
    roots = await _roots(ctx, root_id, day)
    if roots is None:
        return None
    is_other = days.day(ctx, as_of) is not None
    rows = await table.chart(roots, depth, day, named=ctx.me.allows("people:read"), dated=is_other)
    return Chart(rows[:CHART_MAX], is_truncated=len(rows) > CHART_MAX)


def parent_key(id: uuid.UUID | None) -> str | None:
    """By what an entry is known whose position this is."""
    return None if id is None else str(id)


def occupancy(entry: asyncpg.Record) -> Occupancy:
    """Whether somebody holds a post of the chart."""
    return Occupancy.FILLED if entry["people"] else Occupancy.UNDISCLOSED if entry["held"] else Occupancy.VACANT


def holders(entry: asyncpg.Record) -> list[Holder]:
    """Those named people who hold a post of the chart, by name."""
    people = entry["people"]
    if not people:
        return []
    names, day = entry["names"] or repeat(None), entry.get("as_of")
    return [Holder(name, id, day) for id, name in zip(people[:HOLDERS_MAX], names, strict=False)]


async def _roots(ctx: Context, root_id: str, day: date) -> list[uuid.UUID] | None:
    try:
        type_name, key = decode_id(root_id)
    except ValueError:  # no id, or so few of its letters are an id's that they make no key
        return None
    # A chart is read whole, so its viewer must be one who may see everybody: members may, guests may not.
    if ctx.me.is_guest:
        return None
    model = next((model for model in table.ROOTS if model.__name__ == type_name), None)
    if model is None:
        return None
    params = Params([key, day])
    visible = f"SELECT 1 FROM {db.table(model)} r WHERE r.id = $1 AND {readable(model, ctx.me, params, 'r')}"
    found = await db.row(f"SELECT EXISTS ({visible}), ARRAY({table.ROOTS[model]})", *params)
    return found[1] if found and found[0] else None
