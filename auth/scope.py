"""The only ways to a row that a client can ask for: within what the viewer may see."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TypeVar

import asyncpg
from tortoise.models import Model
from tortoise.queryset import QuerySet

from auth.conditions import Params
from auth.policies import READABLE
from auth.viewer import Viewer
from models import db

M = TypeVar("M", bound=Model)


def scope(model: type[M], viewer: Viewer) -> QuerySet[M]:
    """The rows of `model` that the viewer may see."""
    return model.filter(READABLE[model].q(viewer))


def readable(model: type[Model], viewer: Viewer, params: Params, alias: str) -> str:
    """The same as a condition over the table `alias`, for a statement of one's own."""
    return READABLE[model].sql(viewer, params, alias)


async def reached(model: type[M], viewer: Viewer, id: uuid.UUID, *, lock: bool = False) -> M | None:
    """The row of this key, if the viewer may see it: as `scope` would find it, by the statement of `visible`.

    With `lock` nobody else changes it until the transaction ends.
    """
    found = await visible(model, viewer, [id], lock=lock)
    if not found:
        return None
    return model._init_from_db(**found[0])  # pyright: ignore[reportPrivateUsage]  # Tortoise offers it nowhere else


async def visible(
    model: type[Model],
    viewer: Viewer,
    ids: Sequence[uuid.UUID],
    *,
    columns: Sequence[str] | None = None,
    lock: bool = False,
) -> list[asyncpg.Record]:
    """The records of these keys that the viewer may see, in no order: whole, or of these columns.

    `_type` is the name of their GraphQL type, where they are whole.
    """
    params = Params([list(ids)])
    table = db.table(model)
    condition = readable(model, viewer, params, "r")
    chosen = f"r.*, '{model.__name__}' AS _type" if columns is None else ", ".join(f'r."{name}"' for name in columns)
    select = f"SELECT {chosen} FROM {table} r"
    end = " FOR UPDATE OF r" if lock else ""
    return await db.rows(f"{select} WHERE r.id = ANY($1::uuid[]) AND {condition}{end}", *params)
