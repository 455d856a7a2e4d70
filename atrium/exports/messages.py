"""Messages, as an export says them."""

MESSAGES = """
SELECT m.id, m.conversation_id AS conversation, m.sequence, m.author_id AS author, m.body, m.reply_to_id AS reply_to,
       m.everyone, m.removed, m.client_id, m.version, m.created_at, m.edited_at, m.pinned_at, m.pinned_by
FROM message m ORDER BY m.id
"""
