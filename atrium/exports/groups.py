"""Groups and who stands where towards them, as an export says it."""

from atrium.exports.sql import handle

GROUPS = """
SELECT g.id, g.name, g.description, g.visibility, g.join_policy, g.is_default, g.moderated, g.archived_at, g.purge_at,
       g.created_by, g.client_id, g.created_at
FROM groups g ORDER BY g.id
"""
MEMBERSHIPS = f"""
SELECT {handle("m.person_id", "m.group_id")} AS id, m.group_id AS group, m.person_id AS person, m.role, m.status,
       m.source, m.by_id AS by, m.joined_at, m.expires_at, m.created_at
FROM membership m ORDER BY m.group_id, m.person_id
"""
