"""The second look: hits of an index are read again within the viewer's scope before anything is told of them.

Whatever an index says, a hit that the viewer may not see at this moment is none: it is in no list, no total, no facet.
One whose row is not what the index has seen is made a document anew, and tested by the words that it holds now.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from asyncpg import Record

from auth.conditions import Params
from auth.scope import readable
from models import db
from models import search_sight as table
from resolvers.context import Context
from resolvers.search_kinds import KINDS
from search import people
from search.engine import Document, Hit, Sight
from search.matching import matches
from search.query import Query
from search.sources import SOURCES, Load

LISTED_MAX = 2_000  # conversations and lists of one person that are searched, the latest
BESIDE_MAX = 1_000  # people whom a guest may find

LOADS: dict[str, Load] = {source.kind: source.load for source in SOURCES}

READ = """
SELECT r.id, r.version::bigint AS version, {edition}::bigint AS edition, {place} AS place FROM {table} r
WHERE r.id = ANY({ids}::uuid[]) AND {standing} AND {readable}
"""


async def sight(ctx: Context) -> Sight:
    """What the viewer may find, as an index can be asked for it."""
    me = ctx.me
    audiences = me.audiences.union(await table.listed(me.person_id, LISTED_MAX))
    beside = await table.beside(audiences, BESIDE_MAX) if me.is_guest else []
    return Sight(audiences, not me.is_guest, frozenset(beside))


async def passed(ctx: Context, query: Query, hits: Sequence[Hit]) -> list[Hit]:
    """Those of the hits that the viewer may see and that hold what was searched for, in their order."""
    rows = await _rows(ctx, hits)
    seen = [hit for hit in hits if hit.subject in rows]
    doubtful = [hit for hit in seen if not _is_of(rows[hit.subject], hit) or _says_too_much(ctx, query, hit)]
    if not doubtful:
        return seen
    renewed = {document.subject: document for document in await _renewed(ctx, doubtful)}
    wrong = {hit.subject for hit in doubtful if not _holds(query, renewed.get(hit.subject))}
    return [
        _as_is(hit, renewed[hit.subject]) if hit.subject in renewed else hit for hit in seen if hit.subject not in wrong
    ]


def asked(ctx: Context, query: Query) -> Query:
    """What an index is asked. What is not to be in a document is seen to here where that may be hidden."""
    if _sees_chart(ctx):
        return query
    return replace(query, unwanted=(), whole=query.whole and replace(query.whole, unwanted=()))


def _is_of(row: Record, hit: Hit) -> bool:
    """Whether the document that was found is that of the row as it is."""
    is_there = row["place"] is None or f"audience:{row['place']}" in hit.terms
    return is_there and (row["version"], row["edition"]) == (hit.version, hit.edition)


def _says_too_much(ctx: Context, query: Query, hit: Hit) -> bool:
    """Whether the index knows a document by words that not everybody who finds it may know: people by their unit."""
    return not _sees_chart(ctx) and (hit.kind == people.KIND or bool(query.unwanted))


def _sees_chart(ctx: Context) -> bool:
    """Whether the viewer may know who is in which unit."""
    return not ctx.me.is_guest and ctx.me.allows("org:read")


async def _rows(ctx: Context, hits: Sequence[Hit]) -> dict[uuid.UUID, Record]:
    """What the viewer may see of these: version, edition and place."""
    params, parts = Params(), list[str]()
    for name, found in _by_kind(hits).items():
        kind = KINDS[name]
        ids = params.add([hit.subject for hit in found])
        seen = readable(kind.model, ctx.me, params, "r")
        source = db.table(kind.model)
        parts.append(
            READ.format(
                edition=kind.edition, place=kind.place, table=source, ids=ids, standing=kind.standing, readable=seen
            )
        )
    if not parts:
        return {}
    return {row["id"]: row for row in await db.rows(" UNION ALL ".join(parts), *params)}


async def _renewed(ctx: Context, hits: Iterable[Hit]) -> list[Document]:
    """What the index would hold of these if it were up to date, as far as the viewer may know it."""
    loads = LOADS if _sees_chart(ctx) else LOADS | {people.KIND: people.without_units}
    return [
        document for kind, found in _by_kind(hits).items() for document in await loads[kind]([h.subject for h in found])
    ]


def _holds(query: Query, document: Document | None) -> bool:
    return document is not None and matches(query, document)


def _as_is(hit: Hit, document: Document) -> Hit:
    return replace(hit, version=document.version, edition=document.edition, terms=document.terms)


def _by_kind(hits: Iterable[Hit]) -> dict[str, list[Hit]]:
    kinds: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        kinds[hit.kind].append(hit)
    return kinds
