"""Reactions, as an export says them."""

from atrium.exports.sql import handle

REACTIONS = f"""
SELECT {handle("r.subject_id", "r.emoji", "r.person_id")} AS id, r.subject_id AS target, r.person_id AS person, r.emoji,
       r.created_at
FROM reaction r ORDER BY r.subject_id, r.emoji COLLATE "C", r.person_id
"""
