"""The relevance set, and what of its company the searcher may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.relevance import NOW, Query, RelevanceSet, Target, acting, company, relevance_set, settle
from models import db
from resolvers.context import Context, Request, Services

SORTS = (
    *("name", "misspelt", "script", "beginning", "skill", "synonym", "title", "phrase", "words", "language"),
    *("group", "tag", "code", "operator", "message"),
)
NAMED = ("PERSON", "GROUP", "TAG")
SAYING = ("POST", "COMMENT", "MESSAGE")

# What may be found of each kind, and the loader that reads it within the searcher's scope.
ROWS = {
    "PERSON": ("people", "SELECT id, name AS text FROM person WHERE active AND NOT is_guest"),
    "POST": ("posts", "SELECT id, body AS text FROM post WHERE status = 'PUBLISHED'"),
    "COMMENT": ("comments", "SELECT id, body AS text FROM comment WHERE NOT removed"),
    "MESSAGE": ("messages", "SELECT id, body AS text FROM message WHERE NOT removed"),
    "GROUP": ("groups", "SELECT id, name AS text FROM groups"),
    "TAG": ("tags", "SELECT id, name AS text FROM tag"),
}
HOLDERS = """
SELECT p.name FROM person p JOIN person_skill h ON h.person_id = p.id JOIN skill s ON s.id = h.skill_id
LEFT JOIN skill_synonym y ON y.skill_id = s.id
WHERE (lower(s.name) = lower($1) OR lower(y.name) = lower($1)) AND p.active AND NOT p.is_guest
"""

Seen = Mapping[str, Sequence[str]]
"""By kind: the names of what the searcher may read, or what it says."""


async def seen(services: Services) -> Seen:
    """All that the searcher may read and find in the company that is loaded."""
    ctx = Context(services, await acting(), Request())
    return {kind: await _texts(ctx, loader, rows) for kind, (loader, rows) in ROWS.items()}


def has(seen: Seen, target: Target) -> bool:
    """Whether something that is seen meets the target."""
    if target.says is None:
        return target.name in seen[target.kind]
    return any(target.says in text for text in seen[target.kind])


async def holders(skill: str) -> set[str]:
    """The names of those who have a skill, by any of its names."""
    return {row["name"] for row in await db.rows(HOLDERS, skill)}


async def _texts(ctx: Context, loader: str, rows: str) -> list[str]:
    found = await db.rows(rows)
    read = await ctx.loaders[loader].load_batch([row["id"] for row in found])
    return [row["text"] for row, one in zip(found, read, strict=True) if one is not None]


__all__ = [
    "NAMED",
    "NOW",
    "SAYING",
    "SORTS",
    "Query",
    "RelevanceSet",
    "Seen",
    "Target",
    "company",
    "has",
    "holders",
    "relevance_set",
    "seen",
    "settle",
]
