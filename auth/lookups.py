"""What conditions are made of: lookups of Tortoise whose names are put together, and literals of SQL."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise.expressions import Q


def where(lookup: str, value: Any) -> Q:
    """A lookup by its name: `where("id__in", keys)`."""
    filters: dict[str, Any] = {lookup: value}
    return Q(**filters)


def where_not(of: Q, column: str) -> Q:
    """Where `of` does not hold: also where the column is null, of which SQL alone would say neither."""
    return Q(~of, where(f"{column}__isnull", True), join_type=Q.OR)


def literal(value: object) -> str | None:
    """A literal for what is fixed in the code, so that the planner can prove a partial index; None for all else."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"'{value.value}'" if isinstance(value, StrEnum) else None
