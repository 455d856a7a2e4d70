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
    params = Params([id])
    condition = readable(model, viewer, params, "r")
    # By one key, and not by a list of one: of that PostgreSQL would make a new plan each time.
    select = f"SELECT r.* FROM {db.table(model)} r WHERE r.id = $1 AND {condition}"
    found = await db.row(select + (" FOR UPDATE OF r" if lock else ""), *params)
    return None if found is None else _made(model, found)


async def picked(model: type[Model], viewer: Viewer, id: uuid.UUID, *columns: str) -> asyncpg.Record | None:
    """These columns of the row of this key, if the viewer may see it."""
    params = Params([id])
    condition = readable(model, viewer, params, "r")
    picked = ", ".join(f"r.{column}" for column in columns)
    return await db.row(f"SELECT {picked} FROM {db.table(model)} r WHERE r.id = $1 AND {condition}", *params)


async def visible(
    model: type[Model],
    viewer: Viewer,
    ids: Sequence[uuid.UUID],
    *,
    columns: Sequence[str] | None = None,
) -> list[asyncpg.Record]:
    """The records of these keys that the viewer may see, in no order: whole, or of these columns.

    `_type` is the name of their GraphQL type, where they are whole.
    """
    params = Params([list(ids)])
    table = db.table(model)
    condition = readable(model, viewer, params, "r")
    chosen = f"r.*, '{model.__name__}' AS _type" if columns is None else ", ".join(f'r."{name}"' for name in columns)
    select = f"SELECT {chosen} FROM {table} r"
    return await db.rows(f"{select} WHERE r.id = ANY($1::uuid[]) AND {condition}", *params)


def _made(model: type[M], record: asyncpg.Record) -> M:
    return model._init_from_db(**record)  # pyright: ignore[reportPrivateUsage]  # Tortoise offers it nowhere else
