"""All sources of documents: the table of each kind, how its rows become documents, and ways to find many of them."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import asyncpg

from models import db
from search import chat, feed, groups, people, tags
from search.engine import Document

Load = Callable[[Sequence[uuid.UUID]], Awaitable[list[Document]]]

FIRST = uuid.UUID(int=0)
"""The key before all others: where a walk begins."""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of `table` that become documents of `kind`, called `what` by people.

    `load` gives the documents of those of these keys that have one, in one statement for any number of them: of rows
    `r` that meet `living`. `edition` is an expression for that of all of them. What is not `versioned` says more than
    its row's version tells: it is made anew wherever documents are compared with rows.
    """

    kind: str
    table: str
    what: str
    load: Load
    living: str = "true"
    edition: str = "0"
    is_versioned: bool = True

    async def keys(self, after: uuid.UUID, most: int) -> list[uuid.UUID]:
        """The next keys of its rows."""
        sql = f"SELECT id FROM {self.table} WHERE id > $1 ORDER BY id LIMIT $2"
        return [row[0] for row in await db.rows(sql, after, most)]

    async def hold(self, ids: Sequence[uuid.UUID]) -> None:
        """Have nobody change these rows until the transaction ends."""
        await db.execute(f"SELECT FROM {self.table} WHERE id = ANY($1::uuid[]) ORDER BY id FOR SHARE", list(ids))

    async def rows(self, ids: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
        """Of those of these rows that are to have a document: `id`, and that document's `version` and `edition`."""
        return await db.rows(ROWS.format(source=self), list(ids))

    async def sample(self, most: int) -> list[uuid.UUID]:
        """Some rows that have documents unless nobody has ever made any: the oldest, where keys tell of age."""
        sql = f"SELECT r.id FROM {self.table} r WHERE {self.living} ORDER BY r.id LIMIT $1"
        return [row[0] for row in await db.rows(sql, most)]

    async def count(self) -> int:
        """How many rows there are."""
        return await db.value(f"SELECT count(*) FROM {self.table}")


ROWS = """
SELECT r.id, r.version::bigint, {source.edition} AS edition
FROM {source.table} r WHERE r.id = ANY($1::uuid[]) AND ({source.living})
"""

PEOPLE = Source(people.KIND, "person", "people", people.documents, people.LIVING, people.EDITION)
GROUPS = Source(groups.KIND, "groups", "groups", groups.documents)
TAGS = Source(tags.KIND, "tag", "tags", tags.documents, tags.LIVING, is_versioned=False)
POSTS = Source(feed.POST, "post", "posts", feed.posts, feed.LIVING_POST)
COMMENTS = Source(feed.COMMENT, "comment", "comments", feed.comments, feed.LIVING_COMMENT)
MESSAGES = Source(chat.KIND, "message", "messages", chat.documents, chat.LIVING)

SOURCES = (PEOPLE, GROUPS, TAGS, POSTS, COMMENTS, MESSAGES)


@dataclass(frozen=True, slots=True)
class Walk:
    """A way from one thing (`s.start`) to rows of a source, by key from behind `s.after`; `most` of them at a time.

    From each row that is found the walks named in `then` begin: they stand further down in `WALKS`.
    """

    source: Source
    sql: str
    most: int
    then: tuple[str, ...] = ()

    async def find(self, starts: Sequence[uuid.UUID], afters: Sequence[uuid.UUID]) -> list[tuple[uuid.UUID, uuid.UUID]]:
        """Pairs of a start and what is found from it, in the order of the starts and then by key; one more than `most`.

        Each of `starts` has its `afters`.
        """
        limit = self.most + 1
        rows = await db.rows(WALKED.format(found=self.sql, limit=limit), list(starts), list(afters))
        return [(row[0], row[1]) for row in rows]


WALKED = """
SELECT s.start, x.id FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS s(start, after, place)
CROSS JOIN LATERAL ({found} LIMIT {limit}) x ORDER BY s.place, x.id LIMIT {limit}
"""

OF_POST = ("comments of post", "tags of post")

WALKS: Mapping[str, Walk] = {
    "everybody": Walk(PEOPLE, "SELECT p.id FROM person p WHERE p.id > s.after ORDER BY p.id", 500),
    "people of unit": Walk(
        PEOPLE, "SELECT p.id FROM person p WHERE p.unit_id = s.start AND p.id > s.after ORDER BY p.id", 500
    ),
    "posts of audience": Walk(
        POSTS,
        "SELECT p.id FROM post p WHERE p.audience_id = s.start AND p.status = 'PUBLISHED' AND p.id > s.after"
        " ORDER BY p.id",
        *(100, OF_POST),
    ),
    "posts of tag": Walk(
        POSTS,
        "SELECT t.post_id AS id FROM post_tag t WHERE t.tag_id = s.start AND t.published_at IS NOT NULL"
        " AND t.post_id > s.after ORDER BY t.post_id",
        *(100, ("comments of post",)),
    ),
    "comments of post": Walk(
        COMMENTS, "SELECT c.id FROM comment c WHERE c.post_id = s.start AND c.id > s.after ORDER BY c.id", 500
    ),
    "tags of post": Walk(
        TAGS,
        "SELECT t.tag_id AS id FROM post_tag t WHERE t.post_id = s.start AND t.tag_id > s.after ORDER BY t.tag_id",
        500,
    ),
    "merged into tag": Walk(
        TAGS, "SELECT m.id FROM merged_tag m WHERE m.tag_id = s.start AND m.id > s.after ORDER BY m.id", 500
    ),
}
"""By their names, which the log keeps. Portions are small: each is put within a short transaction of the reader."""
