"""What hangs on the posts of a file: their tags, and whom they praise."""

from __future__ import annotations

from atrium.imports.extras.declaring import PERSON, Given, found
from atrium.imports.report import Code
from models import db

UNKNOWN = f"""
SELECT e.line, e.external_id, left(x, 80) AS said, l.field
FROM extra e CROSS JOIN (VALUES ('tags'), ('praised')) l(field)
CROSS JOIN LATERAL jsonb_array_elements_text(CASE jsonb_typeof(e.f->l.field) WHEN 'array' THEN e.f->l.field END) x
WHERE NOT e.is_same AND NOT e.deleted
  AND CASE l.field WHEN 'tags' THEN {found("x", "tag")} ELSE {found("x", *PERSON)} END IS NULL
ORDER BY e.line
"""
DROP_TAGS = "DELETE FROM post_tag t USING extra e WHERE t.post_id = e.id AND e.f ? 'tags'"
# In the order in which they were put on; those of the text alone are named a second time.
ADD_TAGS = f"""
INSERT INTO post_tag (post_id, tag_id, audience_id, published_at, given)
SELECT p.id, k.id, p.audience_id, CASE WHEN p.status = 'PUBLISHED' THEN p.published_at END,
       coalesce(NOT e.f->'text_tags' ? x.id, true)
FROM extra e JOIN post p ON p.id = e.id
CROSS JOIN LATERAL jsonb_array_elements_text(e.f->'tags') WITH ORDINALITY x(id, place)
CROSS JOIN LATERAL (SELECT {found("x.id", "tag")} AS id) k
WHERE NOT e.deleted AND jsonb_typeof(e.f->'tags') = 'array' AND k.id IS NOT NULL
ORDER BY e.line, x.place
ON CONFLICT (post_id, tag_id) DO NOTHING
"""
MOVE_TAGS = """
UPDATE post_tag t SET audience_id = p.audience_id,
       published_at = CASE WHEN p.status = 'PUBLISHED' THEN p.published_at END
FROM post p JOIN extra e ON e.id = p.id WHERE t.post_id = p.id AND NOT e.is_new
"""
DROP_PRAISED = "DELETE FROM praised_person r USING extra e WHERE r.post_id = e.id AND e.f ? 'praised'"
ADD_PRAISED = f"""
INSERT INTO praised_person (post_id, person_id)
SELECT e.id, k.id FROM extra e CROSS JOIN LATERAL jsonb_array_elements_text(e.f->'praised') WITH ORDINALITY x(id, place)
CROSS JOIN LATERAL (SELECT {found("x.id", *PERSON)} AS id) k
WHERE e.id IS NOT NULL AND NOT e.deleted AND jsonb_typeof(e.f->'praised') = 'array' AND k.id IS NOT NULL
ORDER BY e.line, x.place
ON CONFLICT (post_id, person_id) DO NOTHING
"""
WIPE = (
    "DELETE FROM post_tag t USING extra e WHERE t.post_id = e.id AND e.deleted",
    "DELETE FROM praised_person r USING extra e WHERE r.post_id = e.id AND e.deleted",
    "DELETE FROM mention m USING extra e WHERE m.subject_id = e.id AND e.deleted",
    "DELETE FROM revision r USING extra e WHERE r.subject_id = e.id AND e.deleted",
    "DELETE FROM reaction r USING extra e WHERE r.subject_id = e.id AND e.deleted",
    "DELETE FROM poll p USING extra e WHERE p.id = e.id AND e.deleted",
    "DELETE FROM must_read m USING extra e WHERE m.id = e.id AND e.deleted",
)


async def tell_unknown(given: Given) -> None:
    """Tell which tags and people of posts there are not; the posts come without them."""
    for row in await db.rows(UNKNOWN, given.source):
        what = "tag" if row["field"] == "tags" else "person"
        message = f"There is no {what} {row['said']}: it was left out. Correct it."
        given.report.error(row["line"], row["external_id"], Code.UNKNOWN_REF, row["field"], message, type="post")


async def add_parts(given: Given) -> None:
    """Put their tags on posts, and name whom they praise."""
    await db.execute(DROP_TAGS)
    await db.execute(ADD_TAGS, given.source)
    await db.execute(MOVE_TAGS)
    await db.execute(DROP_PRAISED)
    await db.execute(ADD_PRAISED, given.source)


async def wipe() -> None:
    """Take from removed posts, and from removed comments, what hung on them."""
    for statement in WIPE:
        await db.execute(statement)
