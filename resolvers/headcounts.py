"""Head-counts: how many positions and people a unit has on a day."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from models import headcounts as table
from models.errors import NotFound
from models.org import OrgUnit
from resolvers import days
from resolvers.context import Context

PARTS_MAX = 200  # units, or grades


@dataclass(frozen=True)
class Figures:
    """Of some positions: how many there are, how many people hold them, how many nobody holds."""

    id: str  # of the part, among its like
    unit_id: uuid.UUID | None
    grade: str | None
    positions: int
    people: int
    vacancies: int
    as_of: date | None


@dataclass(frozen=True)
class HeadCount:
    """All together, and by part: largest first."""

    all: Figures
    by_unit: list[Figures]
    by_grade: list[Figures]


async def head_count(ctx: Context, unit: uuid.UUID | None, as_of: date | None) -> HeadCount:
    """The head-count of a unit with all below it, or of the company. Raises `NotFound`."""
    ctx.reach("org:read")
    if ctx.me.is_guest:
        raise NotFound(path=["orgUnitId"])
    other = days.day(ctx, as_of)
    if unit is not None and await days.load(ctx, OrgUnit, unit, other) is None:
        raise NotFound(path=["orgUnitId"])
    parts: dict[str, list[Figures]] = {"all": [], "unit": [], "grade": []}
    for r in await table.counts(unit, days.exact(ctx, as_of)):
        key = f"{r['by']}:{r['unit_id']}:{r['grade']}"
        figures = Figures(key, r["unit_id"], r["grade"], r["positions"], r["people"], r["vacancies"], other)
        parts[r["by"]].append(figures)
    return HeadCount(parts["all"][0], parts["unit"][:PARTS_MAX], parts["grade"][:PARTS_MAX])
