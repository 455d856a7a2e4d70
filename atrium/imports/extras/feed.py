"""Posts and comments, as files hold them."""

from __future__ import annotations

from atrium.imports.extras.declaring import CREATED, PERSON, Column, Extra, Given, ref, text
from atrium.imports.extras.hanging import add_parts, tell_unknown, wipe
from atrium.imports.extras.telling import tell
from models import db
from models.audiences import COMPANY
from models.feed import BODY_MAX, COMMENT_MAX, PRAISE_VALUE_MAX, TITLE_MAX, PostKind, PostStatus
from subscriptions.feed import CommentAdded, CommentEdited, FeedEvent, PostEdited, PostPublished, PostRemoved

PUBLISHED_AT = f"""CASE WHEN coalesce(e.f->>'status', '{PostStatus.PUBLISHED}') = '{PostStatus.PUBLISHED}'
    THEN coalesce((e.f->>'created_at')::timestamptz, e.now) END"""

# A row for a place that nobody works at any more: what was said to it stays readable to none, not to all.
ADD_LOCATIONS = """
INSERT INTO audience (id, kind, location)
SELECT uuidv7(), 'LOCATION', l FROM (
    SELECT DISTINCT f->>'location' AS l FROM extra WHERE NOT deleted AND length(f->>'location') BETWEEN 1 AND 200
) x ON CONFLICT (location) DO NOTHING
"""
SEEN_BY = f"""CASE
    WHEN e.f->>'org_unit' IS NOT NULL THEN e.ref_org_unit WHEN e.f->>'group' IS NOT NULL THEN e.ref_group
    WHEN e.f->>'audience' IS NOT NULL THEN e.ref_audience
    WHEN e.f->>'location' IS NOT NULL THEN (SELECT a.id FROM audience a WHERE a.location = e.f->>'location')
    ELSE '{COMPANY}'::uuid END"""


# What is not for a later day has no day, and what is for one but names none is a draft. What has a poll has no survey.
FIT = (
    """
UPDATE extra SET f = f || '{"status": "DRAFT"}' WHERE f->>'status' = 'SCHEDULED' AND f->>'scheduled_at' IS NULL
""",
    """UPDATE extra SET f = f || '{"scheduled_at": null}' WHERE f->>'status' <> 'SCHEDULED'""",
    """UPDATE extra SET f = f - 'scheduled_at' WHERE f->>'status' IS NULL""",
    f"""UPDATE extra SET f = f || '{{"survey": null}}', ref_survey = NULL WHERE f->>'kind' = '{PostKind.POLL}'""",
)


async def _fit(given: Given) -> None:
    for statement in FIT:
        await db.execute(statement)
    await tell_unknown(given)
    if not given.is_dry:
        await db.execute(ADD_LOCATIONS)


async def _after_posts(given: Given) -> None:
    await add_parts(given)
    await wipe()
    await _tell_posts(given)


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


HAS_REPLIES = "EXISTS (SELECT 1 FROM comment r WHERE r.reply_to_id = t.id AND NOT r.removed)"
ACCEPT = """
UPDATE post p SET accepted_id = CASE WHEN e.f->>'accepted' = 'true' AND NOT e.deleted THEN c.id END
FROM extra e JOIN comment c ON c.id = e.id
WHERE p.id = c.post_id AND (p.accepted_id = c.id) IS DISTINCT FROM (e.f->>'accepted' = 'true' AND NOT e.deleted)
  AND (p.accepted_id = c.id AND (e.f ? 'accepted' OR e.deleted) OR e.f->>'accepted' = 'true')
"""


async def _after_comments(given: Given) -> None:
    await db.execute(ACCEPT)
    await wipe()
    await _tell_comments(given)


async def _tell_comments(given: Given) -> None:
    rows = await db.rows(
        "SELECT c.id, c.post_id, c.audience_id, e.is_new FROM extra e JOIN comment c ON c.id = e.id ORDER BY c.id"
    )
    kinds = {True: CommentAdded, False: CommentEdited}
    await tell([kinds[row["is_new"]](row["post_id"], row["audience_id"], row["id"]) for row in rows], given)


# These four only check what `SEEN_BY` reads: a post whose audience is not found is left out, not shown to all.
UNIT = ref("", "org_unit", "org_unit", strict=True)
GROUP = ref("", "group", "group", strict=True)
LIST = ref("", "audience", "audience", "audience_rule", strict=True)
PLACE = Column("", "varchar(200)", "location")

POST = Extra(
    "post",
    (
        ref("author_id", "author", *PERSON),
        ref("written_by", "written_by", *PERSON),
        UNIT,
        GROUP,
        LIST,
        PLACE,
        Column("audience_id", sql=SEEN_BY),
        Column("kind", one_of=tuple(PostKind), default=f"'{PostKind.DISCUSSION}'"),
        Column("status", one_of=tuple(PostStatus), default=f"'{PostStatus.PUBLISHED}'"),
        text("title", TITLE_MAX),
        text("body", BODY_MAX, needed=True),
        text("praise_value", PRAISE_VALUE_MAX),
        ref("shared_id", "shared", "post"),
        ref("survey_id", "survey", "survey"),
        Column("comments_closed", "boolean", default="false"),
        Column("pinned_at", "timestamptz"),
        text("client_id", 100),
        Column("version", "integer", default="1"),
        CREATED,
        Column("published_at", "timestamptz", default=PUBLISHED_AT),
        Column("edited_at", "timestamptz"),
        Column("scheduled_at", "timestamptz"),
        Column("returned"),
    ),
    natural=("author_id", "client_id"),
    before=_fit,
    after=_after_posts,
    end=f"status = '{PostStatus.REMOVED}', body = '', title = NULL, praise_value = NULL, scheduled_at = NULL,"
    " survey_id = NULL",
)
COMMENT = Extra(
    "comment",
    (
        ref("post_id", "post", "post", needed=True),
        ref("reply_to_id", "reply_to", "comment"),
        ref("author_id", "author", *PERSON),
        Column("audience_id", sql="(SELECT p.audience_id FROM post p WHERE p.id = e.ref_post)"),
        text("body", COMMENT_MAX, needed=True),
        Column("removed", "boolean", default="false"),
        Column("", "boolean", "accepted"),
        Column("kept", "boolean", default="false"),
        text("client_id", 100),
        Column("version", "integer", default="1"),
        CREATED,
        Column("edited_at", "timestamptz"),
    ),
    natural=("author_id", "client_id"),
    after=_after_comments,
    end=f"removed = true, body = '', kept = {HAS_REPLIES}",
)
