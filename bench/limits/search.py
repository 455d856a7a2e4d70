"""Twenty hits of any kind for one word, each with what in it matches, and how many hits there are.

Hits are chosen by our own statement and marked by our own marker, as nothing else would find and say the same: what
these two cost is no part of a ratio to this limit but in both its sides. The index is taken at its word, so that of all
hits only those of the page are read. Nothing is forgiven: each word of the bench has hits enough (`search.postgres`).

No one statement does all of it, so there is no `whole`. What a word may be the beginning of has to be known before
anything is looked for, and what matches is marked in Python: `ts_headline` knows nothing of our words and stems.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import asyncpg

from bench.limits.asking import Connection, Who, Wish, global_id, people
from models import search, search_finding, search_sight
from models.search_finding import Sought
from resolvers.search_asking import LEFT
from resolvers.search_gate import LISTED_MAX
from resolvers.search_highlights import BESIDE, FIELDS, HIGHLIGHTS_MAX, MARKDOWN
from search import lexemes
from search.engine import HITS_MAX, LANGUAGE, Sight
from search.marking import Marker
from search.plain import plain
from search.postgres import FORMS_MAX, TIMELESS, WHOLE_MIN
from search.query import Query, typed

PAGE = 20

# As ours, for one plan: by another one other rows would come first where there are more than are looked at.
BEGIN = "BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan"
PAGED = f"""
SELECT f.kind, f.subject_id, f.terms, count(*) OVER () FROM ({{found}}) f ORDER BY f.score DESC, f.subject_id DESC
LIMIT {PAGE}
"""
ROWS = {
    "PERSON": "SELECT id, name, title FROM person WHERE id = ANY($1::uuid[])",
    "POST": "SELECT id, author_id, title, body FROM post WHERE id = ANY($1::uuid[])",
    "COMMENT": "SELECT id, author_id, body FROM comment WHERE id = ANY($1::uuid[])",
    "MESSAGE": "SELECT id, author_id, body FROM message WHERE id = ANY($1::uuid[])",
    "GROUP": "SELECT id, name, description FROM groups WHERE id = ANY($1::uuid[])",
    "TAG": "SELECT id, name, description FROM tag WHERE id = ANY($1::uuid[])",
}
LASTING, SAID = (
    lexemes.either(f"/kind:{kind}" for kind in sorted(kinds)) for kinds in (TIMELESS, ROWS.keys() - TIMELESS)
)
TEXTS = {kind: sql.format(ids="$1", readable_unit="NOT u.planned") for kind, sql in BESIDE.items()}


async def flat(con: Connection, who: Who, wish: Wish) -> Any:
    """Ten statements where posts, comments and messages are found, BEGIN and COMMIT among them."""
    query = Query(tuple(ROWS), typed(wish["text"]).wanted)
    shown = await _hits(con, who, query)
    count = min(shown[0]["count"], HITS_MAX) if shown else 0
    kinds: dict[str, list[uuid.UUID]] = defaultdict(list)
    for hit in shown:
        kinds[hit["kind"]].append(hit["subject_id"])
    rows: dict[uuid.UUID, dict[str, Any]] = {}
    for kind, ids in kinds.items():
        rows |= {row["id"]: dict(row) for row in await con.fetch(ROWS[kind], ids)}
        for subject, field, text in await con.fetch(TEXTS[kind], ids) if kind in TEXTS else ():
            rows[subject][field] = text
    authors = await people(con, (row.get("author_id") for row in rows.values()))
    marker, edges = Marker(query), list[Any]()
    for hit in shown:
        row = rows[hit["subject_id"]]
        edges.append({"highlights": _highlights(marker, hit, row), "node": _node(hit["kind"], row, authors)})
    end = str(shown[-1]["subject_id"]) if shown else None
    info = {"hasNextPage": count > PAGE, "endCursor": end}
    return {"search": {"totalCount": count, "edges": edges, "pageInfo": info}}


async def _hits(con: Connection, who: Who, query: Query) -> list[asyncpg.Record]:
    """The best hits, each with how many there are; one more than are told where there are too many."""
    listed = await con.fetch(search_sight.LISTED, who.person, LISTED_MAX)
    sight = Sight(frozenset([*who.audiences, *(row[0] for row in listed)]), is_member=True)
    await con.execute(BEGIN)
    sought = _sought(query, sight, await _forms(con, query))
    asked = search_finding.statement(sought, datetime.now(UTC), HITS_MAX)
    assert asked
    sql, values = asked
    found = await con.fetch(PAGED.format(found=sql), *values)
    await con.execute("COMMIT")
    return found


async def _forms(con: Connection, query: Query) -> lexemes.Forms:
    """What the word may be the beginning of."""
    [[token]] = [phrase.words for phrase in query.wanted]
    known = [row["words"] for row in await con.fetch(search.BEGIN, [token.word], FORMS_MAX + 1)]
    if len(token.word) >= WHOLE_MIN and any(len(words) > FORMS_MAX for words in known):
        return {token.word: [lexemes.Beginning.of(token.word)]}
    return {token.word: [form for words in known for form in words[:FORMS_MAX]]}


def _sought(query: Query, sight: Sight, forms: lexemes.Forms) -> Sought:
    return Sought(
        wanted="&".join(lexemes.loosely(phrase, forms) for phrase in query.wanted),
        unwanted=tuple(lexemes.termed([frozenset({LEFT})])),
        seen=lexemes.seen(sight),
        exact=lexemes.ranked(query.wanted, None),
        near=lexemes.ranked(query.wanted, forms),
        adjacent=lexemes.adjacent(query.wanted),
        timeless=LASTING,
        said=SAID,
    )


def _highlights(marker: Marker, hit: asyncpg.Record, row: Mapping[str, Any]) -> list[dict[str, str]]:
    kind = hit["kind"]
    texts = {
        field: plain(row[field]) if (kind, field) in MARKDOWN else row[field]
        for field in FIELDS[kind]
        if row.get(field)
    }
    spoken = (term.removeprefix(LANGUAGE) for term in hit["terms"] if term.startswith(LANGUAGE))
    passages = marker.marked(list(texts.values()), language=next(spoken, lexemes.UNSAID))
    shown = [{"field": field, "html": html} for field, html in zip(texts, passages, strict=True) if html is not None]
    return shown[:HIGHLIGHTS_MAX]


def _node(kind: str, row: Mapping[str, Any], authors: Mapping[uuid.UUID | None, Any]) -> dict[str, Any]:
    """A hit as its type is asked for."""
    name = kind.capitalize()
    node = {"__typename": name, "id": global_id(name.encode(), row["id"])}
    if "body" in row:
        author = authors.get(row["author_id"])
        return node | {"body": row["body"], "author": author and {"id": author["id"], "name": author["name"]}}
    return node | {"name": row["name"]} | ({"title": row["title"] or None} if kind == "PERSON" else {})
