"""Who has acknowledged a must-read: as a list for those who oversee it or lead people, and as a table to keep."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Sequence
from typing import Any, cast

from auth.conditions import Params
from auth.policies import people as policy
from auth.scope import readable
from execution.fields import Parent
from execution.loaders import Loader
from execution.paging import Page
from models import db
from models.errors import Invalid
from models.people import Person
from models.profiles import BuiltIn
from models.readings import EVIDENCE
from resolvers import lists, sight
from resolvers.context import Context
from resolvers.lists import Link, PageArgs
from resolvers.people import BY_NAME
from resolvers.readings import Reading, overseen
from resolvers.tables import cell

CSV_MAX = 10_000  # people of one table
COLUMNS = ("name", "email", "unit", "acknowledged_at", "round", "is_current", "is_in_audience")

TABLE = f"""
SELECT r.* FROM unnest($1::uuid[]) AS parent(id) CROSS JOIN LATERAL (
    SELECT r.* FROM {EVIDENCE} r WHERE {{condition}} ORDER BY lower(r.name), r.id LIMIT {CSV_MAX + 1}
) r
"""


def evidence(ctx: Context, reading: Reading, is_acknowledged: bool | None, args: PageArgs) -> Any:
    """A page of people by name: all, for those who oversee the must-read; else those whom the viewer leads."""
    pages = ctx.loaders.own(("evidence", is_acknowledged, args), lambda c: Evidence(c, is_acknowledged, args))
    return pages.load(Parent(reading.id, reading))


async def evidence_csv(ctx: Context, readings: Sequence[Reading]) -> list[str | None]:
    """All of it as comma-separated values, for those who oversee the must-read; None for others.

    Raises `Invalid` where more than one is asked for, or where there are too many people.
    """
    if len(readings) > 1:
        raise Invalid("Ask for the evidence of one post at a time.", ["evidenceCsv"])
    [may], [reading] = await overseen(ctx, readings), readings
    if not may:
        return [None]
    params = Params([[reading.id]])
    people = await db.rows(TABLE.format(condition=readable(Person, ctx.me, params, "r")), *params)
    if len(people) > CSV_MAX:
        raise Invalid(
            f"There are more than {CSV_MAX:,} people: a table would be too long. Page through `evidence`.",
            ["evidenceCsv"],
        )
    return [await _table(ctx, people)]


class Evidence(Loader[Context, Parent, Page]):
    """Pages of people under must-reads: one statement for those that the viewer oversees, and one for the others."""

    def __init__(self, ctx: Context, is_acknowledged: bool | None, args: PageArgs) -> None:
        super().__init__(ctx)
        where = {None: "TRUE", True: "r.is_current", False: "NOT r.is_current"}[is_acknowledged]
        params = Params([None])  # the place of the parents' keys
        led = policy.is_led.sql(ctx.me, params, "r")
        bound = tuple(_hashable(value) for value in params[1:])
        self._all = lists.pages(ctx, Person, Link("TRUE", source=EVIDENCE), BY_NAME, args, where)
        self._led = lists.pages(ctx, Person, Link(led, source=EVIDENCE, params=bound), BY_NAME, args, where)

    async def batch_load_fn(self, keys: list[Parent]) -> Sequence[Page | Exception]:
        may = await overseen(self.ctx, [key.row for key in keys])
        found: dict[uuid.UUID, Page | Exception] = {}
        for pages, wanted in ((self._all, True), (self._led, False)):
            ids = [key.id for key, held in zip(keys, may, strict=True) if held == wanted]
            found.update(zip(ids, await pages.load_batch(ids), strict=True))
        return [found[key.id] for key in keys]


def _hashable(value: object) -> object:
    """A parameter as siblings can be told by: lists of keys in one order."""
    return tuple(sorted(cast("list[uuid.UUID]", value))) if isinstance(value, list) else value


async def _table(ctx: Context, people: Sequence[Any]) -> str:
    shown = await sight.shows(ctx, BuiltIn.EMAIL, people)
    units = await ctx.loaders["units"].load_many([id for one in people if (id := one["unit_id"])])
    names = {unit["id"]: unit["name"] for unit in units if unit}
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(COLUMNS)
    for one, may in zip(people, shown, strict=True):
        at = one["acknowledged_at"]
        written = [one["name"], one["email"] if may else None, names.get(one["unit_id"])]
        said = [at.isoformat() if at else None, one["round"], one["is_current"], one["belongs"]]
        write.writerow([*map(cell, written), *said])
    return out.getvalue()
