"""What makes a repeated request the same: the client's own id of what it creates, and the version that it expects."""

from __future__ import annotations

import uuid
from typing import Any

from auth.scope import scope
from models.errors import Conflict
from models.text import clean
from resolvers.context import Context

CLIENT_ID_MAX = 100  # characters


def client_id_of(client_id: str | None) -> str | None:
    if client_id is None:
        return None
    return clean(client_id, most=CLIENT_ID_MAX, path=["clientId"], what="The client's id")


async def earlier(
    model: type[Any], ctx: Context, client_id: str | None, *, author: str = "author_id", whose: uuid.UUID | None = None
) -> Any:
    """The row that the viewer, or `whose` it is, has made with this client id; None for none."""
    if client_id is None:
        return None
    mine = {author: whose or ctx.me.person_id, "client_id": client_id}
    return await scope(model, ctx.me).filter(**mine).first()


async def same(
    model: type[Any], ctx: Context, client_id: str | None, *, author: str = "author_id", whose: uuid.UUID | None = None
) -> Any:
    """The row that a concurrent request with the same client id has made; called while its refusal is handled."""
    if client_id is None:
        raise  # noqa: PLE0704 - not about the client's id: a bug, which must rise
    found = await earlier(model, ctx, client_id, author=author, whose=whose)
    if found is None:
        raise Conflict("This clientId was used for something that is no longer here. Choose a new one.", ["clientId"])
    return found


def expect(row: Any, version: int | None) -> None:
    if version is not None and version != row.version:
        raise Conflict(
            f"Somebody has changed this in the meantime: it is at version {row.version}, not {version}. Read it again.",
            ["expectedVersion"],
            current=row,
        )
