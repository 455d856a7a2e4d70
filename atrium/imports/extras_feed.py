"""Posts and comments of a file, and the lists of people who may see some of them."""

from __future__ import annotations

from atrium.imports.extras_events import tell
from atrium.imports.extras_table import PERSON, Column, Extra, Given, found, ref
from models import db
from models.audiences import COMPANY
from models.feed import BODY_MAX, COMMENT_MAX, TITLE_MAX, PostKind, PostStatus
from subscriptions.feed import CommentAdded, CommentEdited, FeedEvent, PostEdited, PostPublished, PostRemoved

ADD_MEMBERS = f"""
INSERT INTO audience_member (person_id, audience_id, listed)
SELECT DISTINCT p.id, e.id, true
FROM extra e CROSS JOIN jsonb_array_elements_text(e.f->'people') x
CROSS JOIN LATERAL (SELECT {found("x", *PERSON)} AS id) p
WHERE e.id IS NOT NULL AND NOT e.deleted AND p.id IS NOT NULL
ON CONFLICT (person_id, audience_id) DO NOTHING
"""


async def _add_members(given: Given) -> None:
    await db.execute(ADD_MEMBERS, given.source)


AUDIENCE = Extra("audience", (Column("kind", sql="'PEOPLE'"),), own_only=True, after=_add_members)

# A row for a place that nobody works at any more: what was said to it stays readable to none, not to all.
ADD_LOCATIONS = """
INSERT INTO audience (id, kind, location)
SELECT uuidv7(), 'LOCATION', l FROM (
    SELECT DISTINCT f->>'location' AS l FROM extra WHERE NOT deleted AND length(f->>'location') BETWEEN 1 AND 200
) x ON CONFLICT (location) DO NOTHING
"""
SEEN_BY = f"""CASE
    WHEN e.f->>'org_unit' IS NOT NULL THEN e.ref_org_unit WHEN e.f->>'audience' IS NOT NULL THEN e.ref_audience
    WHEN e.f->>'location' IS NOT NULL THEN (SELECT a.id FROM audience a WHERE a.location = e.f->>'location')
    ELSE '{COMPANY}'::uuid END"""


async def _add_locations(given: Given) -> None:
    if not given.is_dry:
        await db.execute(ADD_LOCATIONS)


async def _tell_posts(given: Given) -> None:
    rows = await db.rows(
        "SELECT p.id, p.audience_id, p.status, e.is_new FROM extra e JOIN post p ON p.id = e.id ORDER BY p.id"
    )
    events: list[FeedEvent] = []
    for row in rows:
        if row["status"] == PostStatus.PUBLISHED:
            kind = PostPublished if row["is_new"] else PostEdited
            events.append(kind(row["id"], row["audience_id"]))
        elif not row["is_new"]:
            events.append(PostRemoved(row["id"], row["audience_id"]))
    await tell(events, given)


async def _tell_comments(given: Given) -> None:
    rows = await db.rows(
        "SELECT c.id, c.post_id, c.audience_id, e.is_new FROM extra e JOIN comment c ON c.id = e.id ORDER BY c.id"
    )
    kinds = {True: CommentAdded, False: CommentEdited}
    await tell([kinds[row["is_new"]](row["post_id"], row["audience_id"], row["id"]) for row in rows], given)


# These three only check what `SEEN_BY` reads: a post whose audience is not found is left out, not shown to all.
UNIT = ref("", "org_unit", "org_unit", strict=True)
LIST = ref("", "audience", "audience", strict=True)
PLACE = Column("", "varchar(200)", "location")

POST = Extra(
    "post",
    (
        ref("author_id", "author", *PERSON),
        UNIT,
        LIST,
        PLACE,
        Column("audience_id", sql=SEEN_BY),
        Column("kind", one_of=tuple(PostKind), default=f"'{PostKind.DISCUSSION}'"),
        Column("status", one_of=tuple(PostStatus), default=f"'{PostStatus.PUBLISHED}'"),
        Column("title", f"varchar({TITLE_MAX})"),
        Column("body", f"varchar({BODY_MAX})", needed=True),
        Column("client_id", "varchar(100)"),
        Column("version", sql="1"),
        Column("created_at", "timestamptz", default="e.now"),
        Column("published_at", "timestamptz", default="coalesce((e.f->>'created_at')::timestamptz, e.now)"),
        Column("edited_at", "timestamptz"),
    ),
    natural=("author_id", "client_id"),
    before=_add_locations,
    after=_tell_posts,
    end=f"status = '{PostStatus.REMOVED}', body = '', title = NULL",
)
COMMENT = Extra(
    "comment",
    (
        ref("post_id", "post", "post", needed=True),
        ref("reply_to_id", "reply_to", "comment"),
        ref("author_id", "author", *PERSON),
        Column("audience_id", sql="(SELECT p.audience_id FROM post p WHERE p.id = e.ref_post)"),
        Column("body", f"varchar({COMMENT_MAX})", needed=True),
        Column("removed", "boolean", default="false"),
        Column("client_id", "varchar(100)"),
        Column("version", sql="1"),
        Column("created_at", "timestamptz", default="e.now"),
        Column("edited_at", "timestamptz"),
    ),
    natural=("author_id", "client_id"),
    after=_tell_comments,
    end="removed = true, body = ''",
)
