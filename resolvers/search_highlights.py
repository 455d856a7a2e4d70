"""What in a hit matches: passages of its fields, marked in the texts that rows hold now, never in those of an index."""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from auth.conditions import Params
from auth.scope import readable
from execution.rows import read
from models import db
from models.org import OrgUnit
from models.profiles import BuiltIn, public
from models.skills import SKILL_WORDS
from resolvers.context import Context
from search.engine import LANGUAGE, Hit
from search.lexemes import UNSAID
from search.marking import Marker
from search.plain import plain
from search.query import Query

HIGHLIGHTS_MAX = 3  # of one hit

FIELDS: Mapping[str, Sequence[str]] = {
    "PERSON": ("name", "title", "unit", "skills", "bio", "interests", "location", "email"),
    "POST": ("title", "body", "tags", "options"),
    "COMMENT": ("body",),
    "MESSAGE": ("body",),
    "GROUP": ("name", "description"),
    "TAG": ("name", "synonyms", "description"),
}
"""The fields of each kind that are looked at, what it is called first."""

MARKDOWN = {("PERSON", "bio"), ("POST", "body"), ("COMMENT", "body"), ("MESSAGE", "body"), ("GROUP", "description")}

# What is not in the rows themselves. No scope but for units: these rows are the viewer's to see, and their tags, skills
# and public fields with them.
BESIDE = {
    "PERSON": f"""
SELECT p.id, x.field, x.text FROM person p
LEFT JOIN org_unit u ON u.id = p.unit_id AND {{readable_unit}}
CROSS JOIN LATERAL (VALUES ('unit', u.name), ('skills', {SKILL_WORDS}), ('bio', {public(BuiltIn.BIO, "p.bio")}),
    ('interests', {public(BuiltIn.INTERESTS, "array_to_string(p.interests, ', ')")}),
    ('location', {public(BuiltIn.LOCATION, "p.location")}),
    ('email', {public(BuiltIn.EMAIL, "p.email")})) AS x(field, text)
WHERE p.id = ANY({{ids}}::uuid[]) AND x.text <> ''
""",
    "POST": """
SELECT t.post_id, 'tags', string_agg(n.name, ', ' ORDER BY t.id, n.place, n.name) FROM post_tag t CROSS JOIN LATERAL (
    SELECT g.name, 0 AS place FROM tag g WHERE g.id = t.tag_id
    UNION ALL SELECT y.name, 1 FROM tag_synonym y WHERE y.tag_id = t.tag_id) n
WHERE t.post_id = ANY({ids}::uuid[]) GROUP BY t.post_id
UNION ALL
SELECT o.poll_id, 'options', string_agg(o.text, ', ' ORDER BY o.place) FROM poll_option o
WHERE o.poll_id = ANY({ids}::uuid[]) GROUP BY o.poll_id
""",
    "TAG": """
SELECT y.tag_id, 'synonyms', string_agg(y.name, ', ' ORDER BY y.name) FROM tag_synonym y
WHERE y.tag_id = ANY({ids}::uuid[]) GROUP BY y.tag_id
""",
}

FIELDS_BESIDE: Mapping[str, frozenset[str]] = {
    "PERSON": frozenset({"unit", "skills", "bio", "interests", "location", "email"}),
    "POST": frozenset({"tags", "options"}),
    "TAG": frozenset({"synonyms"}),
}
"""The fields that the statements give."""


@dataclass(frozen=True)
class Highlight:
    """A passage of a field, as HTML with what matches in `<mark>`."""

    field: str
    html: str


async def highlights(ctx: Context, query: Query, found: Sequence[tuple[Hit, Any]]) -> list[list[Highlight]]:
    """What matches in each hit, given with its row: at most `HIGHLIGHTS_MAX` passages. One statement at most."""
    marker, beside = Marker(query), await _beside(ctx, found)
    marked: list[list[Highlight]] = []
    for hit, row in found:
        marked.append(_highlights(marker, hit, row, beside[hit.subject]))
        await asyncio.sleep(0)  # long texts take milliseconds, and others wait
    return marked


def _highlights(marker: Marker, hit: Hit, row: Any, beside: Mapping[str, str]) -> list[Highlight]:
    texts = dict(_texts(hit.kind, row, beside))
    passages = marker.marked(list(texts.values()), language=_language(hit))
    shown = (Highlight(field, html) for field, html in zip(texts, passages, strict=True) if html is not None)
    return list(islice(shown, HIGHLIGHTS_MAX))


def _texts(kind: str, row: Any, beside: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The fields of a hit that say something, as plain text."""
    for field in FIELDS[kind]:
        text = beside.get(field) if field in FIELDS_BESIDE.get(kind, ()) else read(row, field)
        if text:
            yield field, plain(text) if (kind, field) in MARKDOWN else text


def _language(hit: Hit) -> str:
    """The language by which the index has stemmed its words."""
    return next((term.removeprefix(LANGUAGE) for term in hit.terms if term.startswith(LANGUAGE)), UNSAID)


async def _beside(ctx: Context, found: Sequence[tuple[Hit, Any]]) -> Mapping[uuid.UUID, Mapping[str, str]]:
    """By subject, its fields that are not in its row."""
    params, parts = Params(), list[str]()
    for kind, sql in BESIDE.items():
        ids = [hit.subject for hit, _ in found if hit.kind == kind]
        if ids:
            unit = readable(OrgUnit, ctx.me, params, "u") if kind == "PERSON" else ""
            parts.append(sql.format(ids=params.add(ids), readable_unit=unit))
    texts: Mapping[uuid.UUID, dict[str, str]] = defaultdict(dict)
    if parts:
        for subject, field, text in await db.rows(" UNION ALL ".join(parts), *params):
            texts[subject][field] = text
    return texts
