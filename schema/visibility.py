"""Who sees a field of a person: each field of a sensitive type carries a mark, and a test fails without one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from auth.conditions import Condition
from execution.fields import batched
from execution.rows import read, read_all
from models.profiles import BuiltIn
from resolvers import sight
from resolvers.context import Context

MARK = "atrium.visibility"

SENSITIVE = ("Person",)
"""Types of which every field says who sees it."""


class Visibility(StrEnum):
    """Who may read a field of somebody whom they may see."""

    PUBLIC = "public"
    SELF = "self"
    HR = "hr"
    HOSTS = "hosts"  # themselves, HR, and who leads a group that they are in
    GOVERNED = "governed"  # as the definition of the field says


def public(field: Any) -> Any:
    """A field for everybody who may see the person."""
    return marked(Visibility.PUBLIC, field)


def marked(mark: Visibility, field: Any) -> Any:
    """A field that itself keeps to what the mark says."""
    field.metadata = {**field.metadata, MARK: mark}
    return field


def governed(
    built_in: BuiltIn,
    *,
    description: str,
    value: Callable[[Context, Any], Any] | None = None,
    empty: Any = None,
    most: int | None = None,
) -> Any:
    """A field that a company may hide: what the row's column says, or `value` makes of the row, else `empty`."""

    async def values(ctx: Context, rows: list[Any]) -> Sequence[Any]:
        shown = await sight.shows(ctx, built_in, rows)
        told = whole(ctx, rows)
        return told if all(shown) else [one if may else empty for one, may in zip(told, shown, strict=True)]

    def at_once(ctx: Context, rows: Sequence[Any]) -> Sequence[Any] | None:
        match sight.shows_at_once(ctx, built_in, rows):
            case None:
                return None
            case True:
                return whole(ctx, rows)
            case False:
                return [empty] * len(rows)

    def whole(ctx: Context, rows: Sequence[Any]) -> list[Any]:
        return [value(ctx, row) for row in rows] if value else read_all(rows, built_in.value)

    return marked(Visibility.GOVERNED, batched(values, description=description, at_once=at_once, most=most))


def guarded(mark: Visibility, condition: Condition, column: str, *, description: str) -> Any:
    """A column for those for whom `condition` holds of the row; for others it is null, as if it were empty."""

    async def values(ctx: Context, rows: list[Any]) -> Sequence[Any]:
        held = await sight.holds_today(ctx, condition, rows)
        return [read(row, column) if may else None for row, may in zip(rows, held, strict=True)]

    return marked(mark, batched(values, description=description))
