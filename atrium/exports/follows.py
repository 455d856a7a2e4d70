"""Whom people follow and whom they block, as an export says it."""

FOLLOWS = "SELECT f.id, f.follower_id AS person, f.person_id AS target, f.created_at FROM follow f ORDER BY f.id"
BLOCKS = "SELECT b.id, b.blocker_id AS person, b.person_id AS target, b.created_at FROM block b ORDER BY b.id"
