"""Messages, as files hold them."""

from __future__ import annotations

from atrium.imports.extras.conversations import fit_numbers
from atrium.imports.extras.declaring import CREATED, PERSON, Column, Extra, Given, ref, text
from models import db
from models.messages import MESSAGE_MAX

# Of one that is here already, its place and its author stay as they are.
KEEP = "UPDATE extra SET f = f - '{author,client_id,conversation,sequence}'::text[] WHERE NOT is_new"
HOLD = """
SELECT 1 FROM conversation WHERE id IN (SELECT ref_conversation FROM extra WHERE is_new) ORDER BY id FOR UPDATE
"""

# Whoever has a place that is free takes it; the others come behind all, in the order in which they were written.
NUMBER = """
UPDATE extra e SET f = f || jsonb_build_object('sequence', n.sequence)
FROM (
    SELECT y.external_id, CASE WHEN y.fits THEN y.said ELSE
        greatest(c.sequence, max(y.said) FILTER (WHERE y.fits) OVER (PARTITION BY y.room))
        + row_number() OVER (PARTITION BY y.room, y.fits ORDER BY y.at, y.replies, y.line) END AS sequence
    FROM (
        SELECT x.*, coalesce(x.said > 0, false)
            AND row_number() OVER (PARTITION BY x.room, x.said ORDER BY x.line) = 1
            AND NOT EXISTS (SELECT 1 FROM message m WHERE m.conversation_id = x.room AND m.sequence = x.said) AS fits
        FROM (
            SELECT external_id, line, ref_conversation AS room, (f->>'sequence')::bigint AS said,
                coalesce((f->>'created_at')::timestamptz, now) AS at, ref_reply_to IS NOT NULL AS replies
            FROM extra WHERE is_new AND NOT deleted
        ) x
    ) y JOIN conversation c ON c.id = y.room
) n WHERE n.external_id = e.external_id
"""
EMPTY = """
UPDATE extra e
SET f = f || '{"body": "", "everyone": false, "pinned_at": null, "pinned_by": null}', ref_pinned_by = NULL
WHERE e.id IS NOT NULL AND CASE WHEN NOT e.deleted THEN
    coalesce((f->>'removed')::boolean, (SELECT m.removed FROM message m WHERE m.id = e.id), false) END
"""

# A reply stands behind what it replies to, in the same conversation, and under the message that began the thread.
DETACH = """
UPDATE message m SET reply_to_id = NULL FROM extra e, message t
WHERE m.id = e.id AND t.id = m.reply_to_id
  AND (t.conversation_id <> m.conversation_id OR t.sequence >= m.sequence)
"""
LIFT = """
UPDATE message m SET reply_to_id = t.reply_to_id FROM message t
WHERE t.id = m.reply_to_id AND t.reply_to_id IS NOT NULL
  AND m.conversation_id IN (SELECT x.conversation_id FROM extra e JOIN message x ON x.id = e.id)
"""

# What comes from elsewhere was read there: who was up to date stays so. Our own exports say how far each has read.
READ = """
UPDATE conversation_member w SET read_up_to = n.newest
FROM conversation c, (
    SELECT m.conversation_id, max(m.sequence) AS newest FROM extra e JOIN message m ON m.id = e.id
    WHERE e.is_new GROUP BY 1
) n
WHERE c.id = n.conversation_id AND w.conversation_id = c.id AND w.read_up_to >= c.sequence
"""
MOVE = """
UPDATE conversation c SET sequence = greatest(c.sequence, n.newest),
    moved_at = CASE c.sequence WHEN 0 THEN n.at ELSE greatest(c.moved_at, n.at) END
FROM (
    SELECT m.conversation_id, max(m.sequence) AS newest, max(m.created_at) AS at
    FROM extra e JOIN message m ON m.id = e.id GROUP BY 1
) n WHERE c.id = n.conversation_id AND (c.sequence < n.newest OR c.moved_at < n.at)
"""
WIPE = """
DELETE FROM {table} x USING extra e JOIN message m ON m.id = e.id WHERE x.subject_id = m.id AND m.removed
"""
TELL = """
INSERT INTO event (generation, xid, kind, stream, audience_id, subject_id, refs, quiet, occurred_at)
SELECT (SELECT max(id) FROM log_generation), pg_current_xact_id()::text::bigint,
       CASE WHEN m.removed THEN 'MessageDeleted' WHEN e.is_new THEN 'MessagePosted' ELSE 'MessageEdited' END,
       'audience:' || m.conversation_id, m.conversation_id, m.id,
       jsonb_build_object('conversation', m.conversation_id, 'message', m.id), true, $1
FROM extra e JOIN message m ON m.id = e.id ORDER BY m.conversation_id, m.sequence
"""


async def _make_ready(_: Given) -> None:
    for statement in (KEEP, HOLD, NUMBER, EMPTY):
        await db.execute(statement)


async def _after(given: Given) -> None:
    await db.execute("ANALYZE message")  # whose size nobody knows yet
    await db.execute(DETACH)
    while await db.execute(LIFT):
        pass
    if not given.is_own:
        await db.execute(READ)
    await db.execute(MOVE)
    for table in ("mention", "revision", "reaction"):
        await db.execute(WIPE.format(table=table))
    await db.execute(TELL, given.now)


MESSAGE = Extra(
    "message",
    (
        ref("conversation_id", "conversation", "conversation", needed=True),
        Column("sequence", "bigint"),
        ref("author_id", "author", *PERSON),
        text("body", MESSAGE_MAX, needed=True),
        ref("reply_to_id", "reply_to", "message"),
        Column("everyone", "boolean", default="false"),
        Column("removed", "boolean", default="false"),
        text("client_id", 100),
        Column("version", "integer", default="1"),
        CREATED,
        Column("edited_at", "timestamptz"),
        Column("pinned_at", "timestamptz"),
        ref("pinned_by", "pinned_by", *PERSON),
    ),
    natural=("author_id", "client_id"),
    before=fit_numbers,
    ready=_make_ready,
    after=_after,
    end="removed = true, body = '', everyone = false, pinned_at = NULL, pinned_by = NULL",
)
