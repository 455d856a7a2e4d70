"""What is written, by either limit in one statement: the row, what is counted, and one event of the log."""

from __future__ import annotations

from typing import Any

import orjson

from bench.limits.asking import EVENT, Connection, Flat, Who, Whole, Wish, author_sql, id_sql

REACTION = f"""
WITH subject AS (
    SELECT p.id, p.audience_id AS audience FROM post p WHERE p.id = $3 AND p.audience_id = ANY($2::uuid[])
), added AS (
    INSERT INTO reaction (subject_id, person_id, emoji, created_at) SELECT id, $1, $4, now() FROM subject
    ON CONFLICT (subject_id, emoji, person_id) DO NOTHING RETURNING id, subject_id, emoji
), told AS (
    SELECT s.audience, s.id AS post, a.id AS reaction FROM added a JOIN subject s ON s.id = a.subject_id
), noted AS (
    {
    EVENT.format(
        kind="ReactionAdded",
        actor="$1",
        subject="post",
        refs='''jsonb_build_object(
        'post', post, 'within', audience, 'reacted_to', post, 'reaction', reaction)''',
    )
}
)
SELECT json_build_object('addReaction', json_build_object('subject', json_build_object(
    'id', {id_sql("Post", "s.id")}, 'reactions', (
        SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
            SELECT e.emoji, count(*) AS count, bool_or(e.person_id = $1) AS "viewerHasReacted" FROM (
                SELECT r.emoji, r.person_id, r.id FROM reaction r WHERE r.subject_id = s.id
                UNION ALL SELECT a.emoji, $1, a.id FROM added a
            ) e GROUP BY e.emoji ORDER BY count(*) DESC, min(e.id)
        ) x
    )), 'errors', ARRAY[]::text[]))::text FROM subject s
"""

COMMENT = f"""
WITH subject AS (
    SELECT p.id, p.audience_id AS audience FROM post p
    WHERE p.id = $3 AND p.audience_id = ANY($2::uuid[]) AND NOT p.comments_closed
), added AS (
    INSERT INTO comment (id, post_id, author_id, audience_id, body, removed, version, created_at)
    SELECT uuidv7(), id, $1, audience, $4, FALSE, 1, now() FROM subject RETURNING id, body, created_at, author_id
), told AS (
    SELECT s.audience, s.id AS post, a.id AS comment FROM added a, subject s
), noted AS (
    {
    EVENT.format(
        kind="CommentAdded",
        actor="$1",
        subject="post",
        refs='''jsonb_build_object(
        'post', post, 'within', audience, 'comment', comment)''',
    )
}
)
SELECT json_build_object('addComment', json_build_object('comment', json_build_object(
    'id', {id_sql("Comment", "a.id")}, 'body', a.body, 'createdAt', a.created_at, 'author', {author_sql("a.author_id")}
), 'errors', ARRAY[]::text[]))::text FROM added a
"""

MESSAGE = f"""
WITH moved AS (
    UPDATE conversation c SET sequence = c.sequence + 1, moved_at = now()
    WHERE c.id = $2 AND EXISTS (SELECT 1 FROM conversation_member m WHERE m.conversation_id = $2 AND m.person_id = $1)
    RETURNING c.id, c.sequence
), seen AS (
    UPDATE conversation_member m SET read_up_to = moved.sequence FROM moved
    WHERE m.conversation_id = moved.id AND m.person_id = $1
), added AS (
    INSERT INTO message (id, conversation_id, sequence, author_id, body, everyone, removed, version, created_at)
    SELECT uuidv7(), moved.id, moved.sequence, $1, $3, FALSE, FALSE, 1, now() FROM moved
    RETURNING id, conversation_id, sequence, body, created_at
), told AS (
    SELECT conversation_id AS audience, id AS message FROM added
), noted AS (
    {
    EVENT.format(
        kind="MessagePosted",
        actor="$1",
        subject="message",
        refs='''jsonb_build_object(
        'conversation', audience, 'message', message)''',
    )
}
)
SELECT json_build_object('sendMessage', json_build_object('message', json_build_object(
    'id', {id_sql("Message", "a.id")}, 'sequence', a.sequence, 'body', a.body, 'createdAt', a.created_at
), 'errors', ARRAY[]::text[]))::text FROM added a
"""

WHOLE = {
    "AddReaction": Whole(REACTION, lambda who, w: (who.person, who.audiences, w["post"], w["emoji"])),
    "AddComment": Whole(COMMENT, lambda who, w: (who.person, who.audiences, w["post"], w["body"])),
    "SendMessage": Whole(MESSAGE, lambda who, w: (who.person, w["conversation"], w["body"])),
}


def flat(name: str) -> Flat:
    """The same statement, whose answer passes through Python as objects."""
    whole = WHOLE[name]

    async def write(con: Connection, who: Who, wish: Wish) -> Any:
        return orjson.loads(await con.fetchval(whole.sql, *whole.values(who, wish)))

    return write
