"""Search: hits of an engine, read again within the viewer's scope before anybody sees them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from execution.cursors import InvalidCursor
from execution.paging import Edge, Page, PageInfo
from models.errors import ErrorCode, Invalid
from models.text import clean
from resolvers.context import Context
from resolvers.lists import PageArgs
from search.engine import Hit

TEXT_MAX = 500  # characters
HITS_MAX = 1_000  # a search pages no deeper
CURSOR = "search"

LOADERS = {"PERSON": "people", "POST": "posts"}
"""The loader that reads each kind of hit."""

SCOPES = {"PERSON": "people:read", "POST": "feed:read"}
"""How far a token must reach to find it: even the number of hits would tell of what it may not read."""


async def search(ctx: Context, text: str, kinds: Sequence[str] | None, args: PageArgs) -> Page:
    """What the viewer may find with all words of `text`, best first. Raises `Invalid`."""
    ctx.reach("search:read")
    text = clean(text, most=TEXT_MAX, path=["text"], what="The text to search for")
    window = args.window()
    if not window.forward:
        raise Invalid("A search goes forward only: use `first` and `after`.", ["last"])
    wanted = sorted({kind for kind in kinds or LOADERS if ctx.me.allows(SCOPES[kind])})
    binding = f"{text}|{wanted}"
    offset = _offset(ctx, binding, window.cursor)
    limit = min(window.limit, HITS_MAX - offset)
    hits = await ctx.services.engine.find(text, wanted, ctx.me, limit=limit, offset=offset) if limit > 0 else []
    nodes = await _read(ctx, hits)
    edges = [
        Edge(nodes[hit.subject], ctx.sealer.seal(CURSOR, binding, [offset + i + 1]))
        for i, hit in enumerate(hits[: window.size])
        if hit.subject in nodes
    ]
    # The end is that of the hits, so that a page of which nothing may be seen any more does not end the search.
    shown = min(len(hits), window.size)
    end = ctx.sealer.seal(CURSOR, binding, [offset + shown]) if shown else None
    return Page(edges, PageInfo(len(hits) > window.size, offset > 0, edges[0].cursor if edges else None, end))


async def _read(ctx: Context, hits: Sequence[Hit]) -> dict[uuid.UUID, Any]:
    """The rows behind the hits that the viewer may see at this moment, whatever the index says."""
    found: dict[uuid.UUID, Any] = {}
    for kind, loader in LOADERS.items():
        ids = [hit.subject for hit in hits if hit.kind == kind]
        if ids:
            rows = await ctx.loaders[loader].load_batch(ids)
            found.update((id, row) for id, row in zip(ids, rows, strict=True) if row is not None)
    return found


def _offset(ctx: Context, binding: str, cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return ctx.sealer.open(CURSOR, binding, cursor)[0]
    except InvalidCursor as error:
        raise Invalid(f"{error} Take cursors from the same search.", ["after"], code=ErrorCode.INVALID_CURSOR) from None
