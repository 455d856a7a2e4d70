"""The org chart: units, and who reports to whom."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

import asyncpg

from auth.scope import scope
from execution.ids import decode_id
from execution.paging import Order
from models import org as table
from models.errors import Invalid
from models.org import CHART_MAX, OrgUnit
from models.people import Person
from resolvers.context import Context

DEPTH_MAX = 20  # levels of one chart
BY_NAME = Order("units:name", ("lower({}.name) AS name_key", "id"))


@dataclass(frozen=True)
class Holder:
    """Who holds a post of the chart; `name` is that of the day."""

    name: str | None
    person_id: uuid.UUID


@dataclass(frozen=True)
class Entry:
    """One post of the chart: a value of one day, so it has a key, not an id."""

    key: str
    parent_key: str | None
    depth: int
    title: str
    report_count: int
    holders: list[Holder]


@dataclass(frozen=True)
class Chart:
    """A part of the org chart, level by level."""

    entries: list[Entry] = field(default_factory=list[Entry])
    is_truncated: bool = False


async def org_unit(ctx: Context, id: uuid.UUID | None) -> asyncpg.Record | None:
    """A unit, or None."""
    ctx.reach("org:read")
    return None if id is None else await ctx.loaders["units"].load(id)


async def org_chart(ctx: Context, root_id: str, depth: int) -> Chart | None:
    """The chart below a person or a unit, `depth` levels down; None where the root is not visible. Raises `Invalid`."""
    ctx.reach("org:read")
    if not 0 <= depth <= DEPTH_MAX:
        raise Invalid(f"`depth` is {depth}, and must be between 0 and {DEPTH_MAX}.", ["depth"])
    roots = await _roots(ctx, root_id)
    if roots is None:
        return None
    rows = await table.chart(roots, depth)
    named = ctx.me.allows("people:read")
    return Chart([_entry(row, named=named) for row in rows[:CHART_MAX]], is_truncated=len(rows) > CHART_MAX)


async def _roots(ctx: Context, root_id: str) -> list[uuid.UUID] | None:
    try:
        type_name, key = decode_id(root_id)
    except ValueError:  # no id, or so few of its letters are an id's that they make no key
        return None
    # A chart is read whole, so its viewer must be one who may see everybody: members may, guests may not.
    if ctx.me.is_guest:
        return None
    if type_name == "Person" and await scope(Person, ctx.me).filter(id=key, active=True).exists():
        return [key]
    if type_name == "OrgUnit" and await scope(OrgUnit, ctx.me).filter(id=key).exists():
        return await table.top_of_unit(key)
    return None


def _entry(row: asyncpg.Record, *, named: bool) -> Entry:
    return Entry(
        key=str(row["id"]),
        parent_key=None if row["parent_id"] is None else str(row["parent_id"]),
        depth=row["depth"],
        title=row["title"],
        report_count=row["report_count"],
        holders=[Holder(row["name"] if named else None, row["id"])] if row["active"] else [],
    )
