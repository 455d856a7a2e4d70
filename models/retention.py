"""How long conversations keep what was said: what is older is deleted in portions that end soon, the oldest first."""

from __future__ import annotations

import uuid
from datetime import datetime

from models import db

MESSAGES_AT_ONCE = 5_000

# Up to the first message that is young enough, and not beyond: what is left has no gap, whatever the clocks said.
EXPIRE = """
WITH oldest AS (
    SELECT id, sequence, bool_and(created_at < $2) OVER (ORDER BY sequence) AS is_old
    FROM (SELECT id, sequence, created_at FROM message WHERE conversation_id = $1 ORDER BY sequence LIMIT $3) m
), doomed AS (
    SELECT id, sequence FROM oldest WHERE is_old
), unloved AS (
    DELETE FROM reaction WHERE subject_id IN (SELECT id FROM doomed)
), unrevised AS (
    DELETE FROM revision WHERE subject_id IN (SELECT id FROM doomed)
), unnamed AS (
    DELETE FROM mention WHERE subject_id IN (SELECT id FROM doomed)
), gone AS (
    DELETE FROM message WHERE id IN (SELECT id FROM doomed)
)
SELECT coalesce(array_agg(id ORDER BY sequence), '{}'), max(sequence) FROM doomed
"""


async def expire(
    conversation: uuid.UUID, before: datetime, at_once: int = MESSAGES_AT_ONCE
) -> tuple[list[uuid.UUID], int | None]:
    """Delete the next portion of a conversation's messages from `before`, with all that hangs on them.

    Which they were, and the highest sequence among them; there may be more while they are `at_once`. The threads
    that they began go on without them.
    """
    found = await db.row(EXPIRE, conversation, before, at_once)
    assert found is not None
    return found[0], found[1]
