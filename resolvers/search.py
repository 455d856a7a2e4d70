"""Search: hits of an engine, read again within the viewer's scope before anybody is told of them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from execution.cursors import InvalidCursor
from execution.loaders import settled
from execution.paging import Edge, Page, Window
from execution.rows import read
from models.errors import ErrorCode, Invalid
from models.text import clean
from resolvers import search_facets, search_gate
from resolvers.context import Context
from resolvers.lists import PageArgs
from resolvers.search_asking import Filters, asked
from resolvers.search_facets import Facet
from resolvers.search_highlights import Highlight, highlights
from resolvers.search_kinds import KINDS, reached
from search.engine import Hit
from search.query import Query

TEXT_MAX = 500  # characters
CURSOR = "search"


@dataclass(frozen=True)
class Gathered:
    """What a search finds for the viewer, best first; `whole`: there is no more."""

    query: Query | None = None
    hits: Sequence[Hit] = ()
    whole: bool = True
    is_degraded: bool = False


NOTHING_FOUND = Gathered()


@dataclass(slots=True, eq=False)
class FoundEdge(Edge):
    """A hit, and what in it matches."""

    hit: Hit
    query: Query

    @property
    def id(self) -> str:
        """What tells it from other hits, also from the same one of another search."""
        return self.cursor


@dataclass(slots=True, eq=False)
class Results(Page):
    """A page of hits, by the ids of its rows, with what there is to say of all of them."""

    shown: Mapping[uuid.UUID, Hit] = field(default_factory=dict[uuid.UUID, Hit])
    gathered: Gathered = NOTHING_FOUND

    @property
    def edges(self) -> Sequence[FoundEdge]:
        query, seal = self.gathered.query, self.seal
        return [FoundEdge(node, seal, self.shown[read(node, "id")], query) for node in self.nodes if query and seal]

    @property
    def total_count(self) -> int:
        return len(self.gathered.hits)

    @property
    def total_count_is_exact(self) -> bool:
        return self.gathered.whole

    @property
    def is_degraded(self) -> bool:
        return self.gathered.is_degraded


NOTHING = Filters()


async def search(ctx: Context, text: str, kinds: Sequence[str] | None, filters: Filters, args: PageArgs) -> Results:
    """What the viewer may find with all words of `text`, best first. Raises `Invalid`."""
    ctx.reach("search:read")
    text = clean(text, most=TEXT_MAX, path=["text"], what="The text to search for")
    window = args.window()
    if not window.forward:
        raise Invalid("A search goes forward only: use `first` and `after`.", ["last"])
    wanted = reached(ctx, kinds)
    binding = f"{text}|{wanted}|{filters}"
    cursor = _cursor(ctx, binding, window)
    as_of = cursor.as_of if cursor else ctx.now()
    gathered = await gather(ctx, text, wanted, filters, as_of)
    start = _start(gathered.hits, cursor)
    shown = {hit.subject: hit for hit in gathered.hits[start : start + window.size]}
    rows = await _read(ctx, shown.values())

    def seal(row: Any) -> str:
        hit = shown[read(row, "id")]
        return ctx.sealer.seal(CURSOR, binding, [hit.score, hit.subject, as_of])

    return Results(
        nodes=[rows[id] for id in shown if id in rows],
        seal=seal,
        has_next_page=start + len(shown) < len(gathered.hits),
        has_previous_page=start > 0,
        shown=shown,
        gathered=gathered,
    )


async def gather(
    ctx: Context, text: str, kinds: tuple[str, ...], filters: Filters = NOTHING, as_of: datetime | None = None
) -> Gathered:
    """All that the viewer may find, as far as a search goes; how old things are is counted from `as_of`."""
    sight = await search_gate.sight(ctx)
    query = await asked(ctx, sight, text, kinds, filters) if kinds else None
    if query is None:
        return NOTHING_FOUND
    query = replace(query, as_of=as_of)
    answer = await ctx.services.search.find(search_gate.asked(ctx, query), sight)
    hits = await search_gate.passed(ctx, query, answer.found.hits)
    return Gathered(query, hits, answer.found.whole, answer.is_degraded)


async def facets(ctx: Context, results: Results) -> list[Facet]:
    """The facets of all hits."""
    return await search_facets.facets(ctx, results.gathered.hits)


async def marked(ctx: Context, edges: Sequence[FoundEdge]) -> list[list[Highlight]]:
    """For each hit what in it matches; they may be of several searches."""
    found: dict[str, list[Highlight]] = {}
    for query in dict.fromkeys(edge.query for edge in edges):
        mine = [edge for edge in edges if edge.query == query]
        marks = await highlights(ctx, query, [(edge.hit, edge.node) for edge in mine])
        found.update((edge.id, one) for edge, one in zip(mine, marks, strict=True))
    return [found[edge.id] for edge in edges]


async def _read(ctx: Context, hits: Collection[Hit]) -> dict[uuid.UUID, Any]:
    """The rows behind the hits."""
    found: dict[uuid.UUID, Any] = {}
    for name, kind in KINDS.items():
        ids = [hit.subject for hit in hits if hit.kind == name]
        if ids:
            rows = settled(await ctx.loaders[kind.loader].load_batch(ids))
            found.update((id, row) for id, row in zip(ids, rows, strict=True) if row is not None)
    return found


class _Place(NamedTuple):
    """Where a page ended, and when its search began: its hits have the same scores on every page."""

    score: float
    subject: uuid.UUID
    as_of: datetime


def _cursor(ctx: Context, binding: str, window: Window) -> _Place | None:
    if window.cursor is None:
        return None
    try:
        return _Place(*ctx.sealer.open(CURSOR, binding, window.cursor))
    except InvalidCursor as error:
        raise Invalid(f"{error} Take cursors from the same search.", ["after"], code=ErrorCode.INVALID_CURSOR) from None


def _start(hits: Sequence[Hit], cursor: _Place | None) -> int:
    """Where a page begins: behind the hit of the cursor, wherever that stands by now, or where it would."""
    if cursor is None:
        return 0
    behind = (i for i, hit in enumerate(hits, 1) if hit.subject == cursor.subject)
    worse = (i for i, hit in enumerate(hits) if (hit.score, hit.subject) < (cursor.score, cursor.subject))
    return next(behind, next(worse, len(hits)))
