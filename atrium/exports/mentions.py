"""Who is named where, as an export says it."""

from atrium.exports.sql import handle

MENTIONS = f"""
SELECT {handle("m.subject_id", "m.person_id")} AS id, m.subject_id AS target, m.person_id AS person, m.told,
       m.created_at
FROM mention m ORDER BY m.subject_id, m.person_id
"""
