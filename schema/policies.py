"""Fields that tell what the viewer may do, by the conditions that guard the doing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from execution.fields import batched
from resolvers.context import Context


def may(condition: Any, description: str) -> Any:
    """A field that tells whether a policy's condition holds for the viewer."""

    async def held(ctx: Context, rows: list[Any]) -> Sequence[bool]:
        return await ctx.holds(condition, rows)

    return batched(held, description=description)
