"""What a change has made, for whoever asked for it."""

from __future__ import annotations

from datetime import date

import asyncpg

from models import changes as table
from models.positions import LineKind
from resolvers.changes.kinds import AddLine, EndLine, SetManager
from resolvers.changes.making import check_day
from resolvers.context import Context


async def line(ctx: Context, change: AddLine | EndLine | SetManager, day: date | None) -> asyncpg.Record | None:
    """The line that was changed as it is on the day; None where there is none any more."""
    if isinstance(change, EndLine):
        return await table.line(change.line)
    effective = check_day(ctx, day)
    position = await table.post(change.subject, effective)
    if position is None:
        return None
    if isinstance(change, SetManager):
        return await table.line_on(position, LineKind.SOLID, None, effective)
    return await table.line_on(position, change.line, await table.post(change.manager, effective), effective)
