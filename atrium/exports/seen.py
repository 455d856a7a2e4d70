"""What people have seen and put aside, as an export says it."""

from atrium.exports.sql import handle

SEEN = f"""
SELECT {handle("s.post_id", "s.person_id")} AS id, s.post_id AS post, s.person_id AS person, s.seen_at
FROM seen s ORDER BY s.post_id, s.person_id
"""
BOOKMARKS = """
SELECT b.id, b.post_id AS post, b.person_id AS person, b.created_at FROM bookmark b ORDER BY b.id
"""
