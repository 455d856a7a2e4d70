"""Tags: words by which posts are found and followed, each with its synonyms."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence
from datetime import datetime

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db
from models.emoji import SELECTORS, UNSELECTED
from models.keys import uuid4, uuid7

TAG_MAX = 60  # characters of a name
TAGS_MAX = 10  # of one post
TAG_SYNONYMS_MAX = 50  # of one tag
TAG_DESCRIPTION_MAX = 1_000  # characters
TAGS = "tags"
"""The stream of all tags: who keeps them holds its lock alone, those who put them on posts share it."""


class Tag(Model):
    """A tag. `key` is its name folded, by which it is found however it is written.

    A `kept` one was given a name, a description or rules by those who keep the tags, for all of the company to know.
    Keys are random: whoever uses a word first in their own sight shall not see that others did before.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=TAG_MAX)
    key = fields.CharField(max_length=TAG_MAX * 2, unique=True)
    description = fields.CharField(max_length=TAG_DESCRIPTION_MAX, default="")
    restricted = fields.BooleanField(default=False)  # only communicators put it on posts
    priority = fields.BooleanField(default=False)  # lifts a post for those who follow it
    kept = fields.BooleanField(default=False)
    created_by = fields.UUIDField(null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "tag"


class TagSynonym(Model):
    """Another name of a tag; a name means one tag only."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    tag_id = fields.UUIDField(db_index=True)
    name = fields.CharField(max_length=TAG_MAX)
    key = fields.CharField(max_length=TAG_MAX * 2, unique=True)

    class Meta(Model.Meta):
        table = "tag_synonym"


class MergedTag(Model):
    """A tag that has become part of another one, under the key that it had: old links lead to `tag_id`."""

    id = fields.UUIDField(primary_key=True)
    tag_id = fields.UUIDField(db_index=True)
    merged_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "merged_tag"


class PostTag(Model):
    """A tag on a post. Audience and moment are the post's, so that a tag's page is read as a feed is.

    It was `given` by whoever wrote the post; else it stands in the text alone, and goes with it.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    post_id = fields.UUIDField()
    tag_id = fields.UUIDField()
    audience_id = fields.UUIDField()
    published_at = fields.DatetimeField(null=True)  # null: the post is not published
    given = fields.BooleanField(default=True, db_default=True)

    class Meta(Model.Meta):
        table = "post_tag"
        unique_together = (("post_id", "tag_id"),)


class TagFollow(Model):
    """Somebody follows a tag."""

    id = fields.BigIntField(primary_key=True, generated=True)
    person_id = fields.UUIDField()
    tag_id = fields.UUIDField(db_index=True)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "tag_follow"
        unique_together = (("person_id", "tag_id"),)


NAMED = """
SELECT key, id, restricted FROM tag WHERE key = ANY($1::text[])
UNION ALL
SELECT y.key, t.id, t.restricted FROM tag_synonym y JOIN tag t ON t.id = y.tag_id WHERE y.key = ANY($1::text[])
"""

# A tag that is made by use is called by its key, so that a name never tells how others had written it before. In the
# order of the keys, lest two who begin the same tags wait for each other in a ring.
BEGIN = """
INSERT INTO tag (id, name, key, description, restricted, priority, kept, created_by, version, created_at)
SELECT n.id, n.key, n.key, '', false, false, false, $3, 1, $4
FROM unnest($1::uuid[], $2::text[]) AS n(id, key) ORDER BY n.key
ON CONFLICT (key) DO NOTHING RETURNING id
"""

PUT = """
INSERT INTO post_tag (post_id, tag_id, audience_id, published_at, given)
SELECT $1, n.id, $3, $4, $5 FROM unnest($2::uuid[]) WITH ORDINALITY AS n(id, place) ORDER BY n.place
ON CONFLICT (post_id, tag_id) DO UPDATE SET given = true WHERE excluded.given AND NOT post_tag.given
"""

RESTRICTED_ON = """
SELECT t.name FROM post_tag p JOIN tag t ON t.id = p.tag_id AND t.restricted WHERE p.post_id = $1 ORDER BY p.id LIMIT 1
"""

SYNC = """
UPDATE post_tag t SET audience_id = p.audience_id,
       published_at = CASE WHEN p.status = 'PUBLISHED' THEN p.published_at END
FROM post p WHERE p.id = $1 AND t.post_id = p.id
"""

FOLLOW = """
INSERT INTO tag_follow (person_id, tag_id, created_at) VALUES ($1, $2, $3) ON CONFLICT (person_id, tag_id) DO NOTHING
"""

# $1 becomes part of $2: what has both keeps the one of $2.
MERGE = (
    """
UPDATE post_tag t SET given = true FROM post_tag f
WHERE f.tag_id = $1 AND t.tag_id = $2 AND t.post_id = f.post_id AND f.given AND NOT t.given
""",
    "DELETE FROM post_tag f USING post_tag t WHERE f.tag_id = $1 AND t.tag_id = $2 AND t.post_id = f.post_id",
    "UPDATE post_tag SET tag_id = $2 WHERE tag_id = $1",
    "DELETE FROM tag_follow f USING tag_follow t WHERE f.tag_id = $1 AND t.tag_id = $2 AND t.person_id = f.person_id",
    "UPDATE tag_follow SET tag_id = $2 WHERE tag_id = $1",
    "UPDATE tag_synonym SET tag_id = $2 WHERE tag_id = $1",
    "UPDATE merged_tag SET tag_id = $2 WHERE tag_id = $1",
)


def tag_key(name: str) -> str:
    """A name folded: width, case and spaces make no difference, accents and signs do. Empty where nothing is left.

    Unlike a skill's it keeps accents, and the joints of emoji: it is also what a tag made by use is called.
    """
    wide = unicodedata.normalize("NFKC", SELECTORS.sub("", name)).lower()
    kept = (c for c in wide if unicodedata.category(c) != "Cf" or c in "\u200c\u200d" or c >= "\U000e0020")
    plain = unicodedata.normalize("NFC", " ".join("".join(kept).split()))
    return UNSELECTED.sub("\\g<0>\ufe0f", plain)


async def named(keys: Sequence[str]) -> dict[str, asyncpg.Record]:
    """The tags (`id`, `restricted`) that these folded names mean, as names or synonyms; unknown ones are left out."""
    return {row["key"]: row for row in await db.rows(NAMED, list(keys))}


async def share() -> None:
    """Keep all tags' names as they are until the transaction ends, beside others who do. Before it puts any."""
    await db.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))", TAGS)


async def begin(keys: Sequence[str], by: uuid.UUID, now: datetime) -> list[uuid.UUID]:
    """Begin tags of these names, unless somebody else just does; the keys of those that are new."""
    return [row["id"] for row in await db.rows(BEGIN, [uuid4() for _ in keys], list(keys), by, now)]


async def put(
    post: uuid.UUID, tags: Sequence[uuid.UUID], *, audience: uuid.UUID, published_at: datetime | None, given: bool
) -> None:
    """Put tags on a post, also those that it has."""
    await db.execute(PUT, post, list(tags), audience, published_at, given)


async def restricted_on(post: uuid.UUID) -> str | None:
    """One of the restricted tags of a post; None where it has none."""
    return await db.value(RESTRICTED_ON, post)


async def drop(post: uuid.UUID, keep: Sequence[uuid.UUID], *, given: bool) -> None:
    """Take the tags that were `given`, or those of the text, from a post, but for those to keep."""
    sql = "DELETE FROM post_tag WHERE post_id = $1 AND given = $3 AND tag_id <> ALL($2::uuid[])"
    await db.execute(sql, post, list(keep), given)


async def sync(post: uuid.UUID) -> None:
    """Have the tags of a post follow its audience and its publication."""
    await db.execute(SYNC, post)


async def follow(person: uuid.UUID, tag: uuid.UUID, now: datetime) -> bool:
    """Follow a tag; False where they did so before."""
    return await db.execute(FOLLOW, person, tag, now) == 1


async def merge(tag: uuid.UUID, into: uuid.UUID, now: datetime) -> None:
    """Move posts, followers, synonyms and old keys of a tag to another one, and delete it."""
    for statement in MERGE:
        await db.execute(statement, tag, into)
    await db.execute("DELETE FROM tag WHERE id = $1", tag)
    await MergedTag.create(id=tag, tag_id=into, merged_at=now)
