"""What the operations of both limits share: who asks, ids and moments as our server writes them, statements."""

from __future__ import annotations

import uuid
from binascii import b2a_base64
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg

Wish = Mapping[str, Any]
"""What a request says: keys by what they are of (`person`, `post`, …), and texts."""

Connection = Any  # of a pool; asyncpg's own types are partial
Flat = Callable[[Connection, "Who", Wish], Awaitable[Any]]
"""Answers from flat statements: what `data` is to hold."""


@dataclass(frozen=True)
class Who:
    """Who asks, taken at their word, and the audiences that they carry."""

    person: uuid.UUID
    audiences: list[uuid.UUID]


@dataclass(frozen=True)
class Whole:
    """One statement that gives `data` as JSON, and the values of its parameters."""

    sql: str
    values: Callable[[Who, Wish], tuple[object, ...]]


AUDIENCES = """
SELECT array_agg(id) FROM (
    SELECT c.ancestor_id AS id FROM person p JOIN unit_closure c ON c.descendant_id = p.unit_id WHERE p.id = $1
    UNION SELECT m.audience_id FROM audience_member m WHERE m.person_id = $1 AND NOT m.listed
    UNION SELECT '00000000-0000-7000-8000-000000000001'::uuid
) a
"""

# $2 are the viewer's audiences, $3 is the viewer.
READS = """(r.audience_id = ANY($2::uuid[])
    OR EXISTS (SELECT 1 FROM audience_member m WHERE m.person_id = $3 AND m.audience_id = r.audience_id AND m.listed)
    OR EXISTS (SELECT 1 FROM audience o WHERE o.id = r.audience_id AND o.open))"""
"""Whether somebody of the company may read the row `r`."""

PEOPLE = "SELECT id, name, title FROM person WHERE id = ANY($1::uuid[]) AND NOT planned"
REACTIONS = """
SELECT subject_id, emoji, count(*) AS count, bool_or(person_id = $2) AS mine FROM reaction
WHERE subject_id = ANY($1::uuid[]) GROUP BY subject_id, emoji ORDER BY subject_id, count(*) DESC, min(id)
"""


def global_id(kind: bytes, key: uuid.UUID) -> str:
    """The id by which clients know a thing."""
    return b2a_base64(key.bytes + kind, newline=False).rstrip(b"=").translate(URL_SAFE).decode()


URL_SAFE = bytes.maketrans(b"+/", b"-_")


def id_sql(kind: str, column: str) -> str:
    """The same as an expression."""
    return f"translate(rtrim(encode(uuid_send({column}) || '{kind}', 'base64'), '='), '+/', '-_')"


def author_sql(column: str) -> str:
    """A sub-select of who wrote something, as JSON."""
    columns = f"{id_sql('Person', 'w.id')} AS id, w.name, nullif(w.title, '') AS title"
    return f"(SELECT row_to_json(x) FROM (SELECT {columns} FROM person w WHERE w.id = {column} AND NOT w.planned) x)"


def reactions_sql(subject: str, viewer: str) -> str:
    """A sub-select of the reactions to something, as JSON."""
    return f"""(
        SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
            SELECT e.emoji, count(*) AS count, bool_or(e.person_id = {viewer}) AS "viewerHasReacted" FROM reaction e
            WHERE e.subject_id = {subject} GROUP BY e.emoji ORDER BY count(*) DESC, min(e.id)
        ) x
    )"""


async def people(con: Connection, keys: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, dict[str, Any]]:
    """Those people who are visible, as authors are shown."""
    wanted = {key for key in keys if key is not None}
    rows: list[asyncpg.Record] = await con.fetch(PEOPLE, list(wanted))
    return {key: {"id": global_id(b"Person", key), "name": name, "title": title or None} for key, name, title in rows}


async def reactions(con: Connection, subjects: list[uuid.UUID], viewer: uuid.UUID) -> dict[uuid.UUID, list[Any]]:
    """The reactions to each subject."""
    found: dict[uuid.UUID, list[Any]] = {subject: [] for subject in subjects}
    for subject, emoji, count, mine in await con.fetch(REACTIONS, subjects, viewer):
        found[subject].append({"emoji": emoji, "count": count, "viewerHasReacted": mine})
    return found


# An event as our log has it; what it tells comes from a common table `told`.
EVENT = """
INSERT INTO event (generation, xid, kind, stream, audience_id, actor_id, subject_id, refs, quiet, occurred_at)
SELECT (SELECT max(id) FROM log_generation), pg_current_xact_id()::text::bigint, '{kind}', 'audience:' || audience,
    audience, {actor}, {subject}, {refs}, FALSE, now()
FROM told
"""
