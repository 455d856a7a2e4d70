"""Who sees a field of a person: each field of a sensitive type carries a mark, and a test fails without one."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from auth.conditions import Condition
from execution.fields import batched
from execution.rows import read
from resolvers.context import Context

MARK = "atrium.visibility"

SENSITIVE = ("Person",)
"""Types of which every field says who sees it."""


class Visibility(StrEnum):
    """Who may read a field of somebody whom they may see."""

    PUBLIC = "public"
    SELF = "self"
    HR = "hr"


def public(field: Any) -> Any:
    """A field for everybody who may see the person."""
    field.metadata = {**field.metadata, MARK: Visibility.PUBLIC}
    return field


def guarded(mark: Visibility, condition: Condition, column: str, *, description: str) -> Any:
    """A column for those for whom `condition` holds of the row; for others it is null, as if it were empty."""

    async def values(ctx: Context, rows: list[Any]) -> Sequence[Any]:
        held = await ctx.holds(condition, rows)
        return [read(row, column) if may else None for row, may in zip(rows, held, strict=True)]

    field = batched(values, description=description)
    field.metadata = {**field.metadata, MARK: mark}
    return field
