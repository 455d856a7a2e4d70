"""Tags, their other names and who follows them, as an export says it."""

from atrium.exports.sql import handle, listed

MERGED = "SELECT m.id, m.merged_at FROM merged_tag m WHERE m.tag_id = t.id ORDER BY m.id"
TAGS = f"""
SELECT t.id, t.name, t.description AS about, t.restricted, t.priority, t.kept, t.created_by, t.created_at,
       ARRAY(SELECT y.name FROM tag_synonym y WHERE y.tag_id = t.id ORDER BY y.key COLLATE "C") AS synonyms,
       {listed(MERGED)} AS merged
FROM tag t ORDER BY t.id
"""
TAG_FOLLOWS = f"""
SELECT {handle("f.person_id", "f.tag_id")} AS id, f.person_id AS person, f.tag_id AS tag, f.created_at
FROM tag_follow f ORDER BY f.person_id, f.tag_id
"""
