"""Conversations and who is in them, as an export says it."""

from atrium.exports.sql import handle

CONVERSATIONS = """
SELECT c.id, c.kind, string_to_array(c.pair, ':') AS people, c.title, c.purpose, a.kind AS home,
       CASE WHEN a.kind = 'UNIT' THEN a.id END AS org_unit, CASE WHEN a.kind = 'GROUP' THEN a.id END AS group,
       c.receipts, c.retention_days, c.sequence, c.client_id, c.created_by, c.created_at, c.moved_at, c.archived_at
FROM conversation c LEFT JOIN audience a ON a.id = c.home_id ORDER BY c.id
"""
CONVERSATION_MEMBERS = f"""
SELECT {handle("m.conversation_id", "m.person_id")} AS id, m.conversation_id AS conversation, m.person_id AS person,
       m.role, m.since, m.read_up_to, m.seen_up_to, m.muted_until, m.added_by, m.joined_at
FROM conversation_member m ORDER BY m.conversation_id, m.person_id
"""
