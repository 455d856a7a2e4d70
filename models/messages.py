"""Messages: what is said in a conversation, in the order of its sequence and of no clock."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db, log
from models.keys import uuid7

MESSAGE_MAX = 10_000  # characters
PINNED_MAX = 50  # messages of one conversation


class Message(Model):
    """One message. Removed, it keeps its place and its author, but not its text.

    `reply_to_id` is the message that started its thread, which is none's reply. `everyone`: it names all members.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    conversation_id = fields.UUIDField()
    sequence: fields.Field[int] = fields.BigIntField()
    author_id = fields.UUIDField(null=True)
    body = fields.TextField()
    reply_to_id = fields.UUIDField(null=True)
    everyone = fields.BooleanField(default=False)
    removed = fields.BooleanField(default=False)
    client_id = fields.CharField(max_length=100, null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    edited_at = fields.DatetimeField(null=True)
    pinned_at = fields.DatetimeField(null=True)
    pinned_by = fields.UUIDField(null=True)

    class Meta(Model.Meta):
        table = "message"
        unique_together = (("conversation_id", "sequence"), ("author_id", "client_id"))


# Of the two in a direct conversation, who has blocked the other; $2 is one of them.
BLOCKERS = """
SELECT b.blocker_id FROM conversation c JOIN conversation_member m ON m.conversation_id = c.id JOIN block b
    ON b.blocker_id = m.person_id AND b.person_id = $2 OR b.blocker_id = $2 AND b.person_id = m.person_id
WHERE c.id = {} AND c.kind = 'DIRECT'
"""

# All that must be known before a message is written.
PLACE = f"""
SELECT r.*, {{may_write}} AS may_write, e.id AS earlier_id, e.conversation_id AS earlier_in,
    coalesce(t.reply_to_id, t.id) AS thread_id, t.removed AS is_removed, ARRAY({BLOCKERS.format("r.id")}) AS blockers,
    CASE WHEN $5 THEN (SELECT count(*) FROM conversation_member m WHERE m.conversation_id = r.id) ELSE 0 END AS members
FROM conversation r
    LEFT JOIN message e ON e.author_id = $2 AND e.client_id = $3
    LEFT JOIN message t ON t.id = $4 AND t.conversation_id = r.id AND {{readable_reply}}
WHERE r.id = $1 AND {{readable}}
"""

# And the message, where nothing is in the way, with its event: no road is used as much. A client's id that is taken
# at this very moment, in another conversation, gives no row; its caller takes back what else was done here.
POST = f"""
WITH place AS MATERIALIZED ({PLACE}), free AS (
    SELECT id, thread_id FROM place
    WHERE may_write AND earlier_id IS NULL AND cardinality(blockers) = 0 AND members <= $6
      AND ($4 IS NULL OR thread_id IS NOT NULL) AND is_removed IS NOT TRUE
), moved AS (
    UPDATE conversation c SET sequence = c.sequence + 1, moved_at = greatest(c.moved_at, $9) FROM free
    WHERE c.id = free.id RETURNING c.sequence
), seen AS (
    UPDATE conversation_member m SET read_up_to = moved.sequence FROM moved
    WHERE m.conversation_id = $1 AND m.person_id = $2
), added AS (
    INSERT INTO message (id, conversation_id, sequence, author_id, body, reply_to_id, everyone, client_id, created_at,
                         removed, version)
    SELECT $7, $1, moved.sequence, $2, $8, free.thread_id, $5, $3, $9, FALSE, 1 FROM moved, free
    ON CONFLICT (author_id, client_id) DO NOTHING
    RETURNING *, 'Message' AS _type
), noted AS ({log.noted(10, 9, "added")})
SELECT * FROM added
"""

PINNED = """
SELECT r.*, 'Message' AS _type FROM message r
WHERE r.conversation_id = ANY($1::uuid[]) AND r.pinned_at IS NOT NULL AND {readable}
ORDER BY r.pinned_at DESC, r.sequence DESC
"""


async def place(conditions: dict[str, str], values: Sequence[object]) -> asyncpg.Record | None:
    """A conversation, and how a message would stand in it; None where it cannot be seen.

    `conditions` are fragments: `may_write` and `readable` on `r`, `readable_reply` on `t`. The first five `values` are
    the conversation, the author, the client's id, what it replies to, and whether to count the `members`. `thread_id`
    is where the thread of what it replies to begins, `earlier_id` the author's message of that client's id.
    """
    return await db.row(PLACE.format(**conditions), *values)


async def post(conditions: dict[str, str], values: Sequence[object]) -> asyncpg.Record | None:
    """Write the next message of a conversation, which its author has read then, as all before it, and note that.

    The message; None where something is in the way, which `place` tells, or its author has used the client's id before:
    the caller's transaction, which holds the lock of the conversation's stream, is to be undone then. `conditions` and
    the first `values` are those of `place`, whose fifth says that everybody is named; behind them stand how many
    `members` there may be then, the new key, the text, the moment, and the event's entry.
    """
    return await db.row(POST.format(**conditions), *values)


async def blockers(conversation: uuid.UUID, person: uuid.UUID) -> Collection[uuid.UUID]:
    """Who of the two in a direct conversation has blocked the other, one of them `person`; nobody in other ones."""
    return [row[0] for row in await db.rows(BLOCKERS.format("$1"), conversation, person)]


async def pinned(readable: str, values: Sequence[object]) -> list[asyncpg.Record]:
    """The pinned messages that meet a condition on `r`, of the conversations that are the first of `values`."""
    return await db.rows(PINNED.format(readable=readable), *values)
