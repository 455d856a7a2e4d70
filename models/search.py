"""The search documents that PostgreSQL's full text answers from: one row each, found by lexemes alone.

A row's `words` hold the words of its texts at their places, and, without a place, what it is found by besides: its
terms and audiences, and the days on which it was said (`DAYS`). Such lexemes begin with a sign that no word has.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

import asyncpg
from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from models import db


class SearchDocument(Model):
    """A thing as it can be found. What it says is in `words`, a tsvector that Tortoise does not know of."""

    id = fields.BigIntField(primary_key=True, generated=True)
    kind = fields.CharField(max_length=16)
    subject_id = fields.UUIDField(unique=True)
    version = fields.BigIntField()
    edition = fields.BigIntField(default=0)
    moment = fields.DatetimeField(null=True)
    terms: fields.Field[list[str]] = ArrayField(element_type="text", default=list)

    class Meta(Model.Meta):
        table = "search_document"
        indexes = (("kind", "subject_id"),)


class SearchWord(Model):
    """A word that some document has had, and what it is with one letter less: so misspelt ones are found.

    An `open` one has been in a document that everybody of the company may find.
    """

    word = fields.CharField(primary_key=True, max_length=100)
    folds: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    open = fields.BooleanField(default=False)

    class Meta(Model.Meta):
        table = "search_word"


Row = tuple[str, uuid.UUID, int, int, datetime | None, list[str], str]
"""Kind, subject, version, edition, moment, terms, and a tsvector as text."""

# A late, older document never overwrites a newer one: readers of the log may run twice.
PUT = """
INSERT INTO search_document (kind, subject_id, version, edition, moment, terms, words)
SELECT d.kind, d.subject_id, d.version, d.edition, d.moment, d.terms::text[], d.words::tsvector
FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::text[], $7::text[])
    AS d(kind, subject_id, version, edition, moment, terms, words)
ON CONFLICT (subject_id) DO UPDATE SET kind = excluded.kind, version = excluded.version, edition = excluded.edition,
    moment = excluded.moment, terms = excluded.terms, words = excluded.words
WHERE search_document.version <= excluded.version
RETURNING subject_id
"""

# In the order of the words, lest two who learn the same ones wait for each other in a ring.
LEARN = """
INSERT INTO search_word (word, folds, open)
SELECT w.word, w.folds::text[], w.open FROM unnest($1::text[], $2::text[], $3::boolean[]) AS w(word, folds, open)
ORDER BY w.word
ON CONFLICT (word) DO UPDATE SET open = true WHERE excluded.open AND NOT search_word.open
"""

UNKNOWN = """
SELECT w.word FROM unnest($1::text[], $2::boolean[]) AS w(word, open)
WHERE NOT EXISTS (SELECT 1 FROM search_word k WHERE k.word = w.word AND (k.open OR NOT w.open))
"""

# Of each beginning the shortest words: they are nearest to what somebody means who has not typed all of it yet. Those
# that everybody may know apart, so that no word of texts that one does not see stands in their way.
BEGIN = """
SELECT b.start, ARRAY(
    SELECT w.word FROM search_word w WHERE w.open = o.open AND w.word >= b.start AND w.word < b.start || U&'\\+10FFFF'
    ORDER BY length(w.word), w.word LIMIT $2) AS words
FROM unnest($1::text[]) AS b(start) CROSS JOIN (VALUES (true), (false)) AS o(open)
"""

NEAR = """
SELECT word FROM search_word WHERE folds && $1::text[] LIMIT $2
"""

DROP = "DELETE FROM search_document WHERE subject_id = ANY($1::uuid[])"
DROP_FOUND = """
DELETE FROM search_document WHERE id IN (SELECT id FROM search_document WHERE words @@ $1::text::tsquery LIMIT $2)
"""
VERSIONS = "SELECT subject_id, version, edition FROM search_document WHERE subject_id = ANY($1::uuid[])"
SUBJECTS = "SELECT subject_id FROM search_document WHERE kind = $1 AND subject_id > $2 ORDER BY subject_id LIMIT $3"


async def put(documents: Sequence[Row]) -> set[uuid.UUID]:
    """Insert or replace documents, one a subject; the subjects of those that were not older than what is there."""
    if not documents:
        return set()
    kinds, subjects, versions, editions, moments, terms, words = zip(*documents, strict=True)
    arrays = [array(row) for row in terms]
    found = await db.rows(PUT, *map(list, (kinds, subjects, versions, editions, moments, arrays, words)))
    return {row[0] for row in found}


async def unknown(words: Mapping[str, bool]) -> list[str]:
    """Those of these words, each told with whether everybody may know it, of which that is news."""
    return [row[0] for row in await db.rows(UNKNOWN, list(words), list(words.values()))]


async def learn(words: Sequence[tuple[str, Sequence[str], bool]]) -> None:
    """Remember words, each with what it is less one letter, and whether everybody may know it."""
    if words:
        said, folds, opened = zip(*words, strict=True)
        await db.execute(LEARN, list(said), [array(one) for one in folds], list(opened))


async def beginnings(starts: Sequence[str], most: int) -> dict[str, list[list[str]]]:
    """Known words that begin so, for each start: of those that everybody may know, and of others, the shortest."""
    found: dict[str, list[list[str]]] = {start: [] for start in starts}
    for row in await db.rows(BEGIN, list(starts), most) if starts else ():
        found[row[0]].append(row[1])
    return found


async def near(folds: Sequence[str], most: int) -> list[str]:
    """Known words of which one of these is a fold."""
    return [row[0] for row in await db.rows(NEAR, list(folds), most)]


async def drop(subjects: Sequence[uuid.UUID]) -> None:
    """Forget the documents of these subjects."""
    await db.execute(DROP, list(subjects))


async def drop_found(query: str, portion: int) -> None:
    """Forget all documents that a tsquery finds."""
    while await db.execute(DROP_FOUND, query, portion) == portion:
        pass


async def versions(subjects: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """Subject, version and edition of those of these that have a document."""
    return await db.rows(VERSIONS, list(subjects))


async def subjects(kind: str, after: uuid.UUID, most: int) -> list[uuid.UUID]:
    """What has a document of this kind, by key."""
    return [row[0] for row in await db.rows(SUBJECTS, kind, after, most)]


def array(values: Sequence[str]) -> str:
    """An array of texts as PostgreSQL reads it: arrays of arrays have to be square, these are not."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"
