"""The newest 50 messages of a conversation that the viewer is in."""

from __future__ import annotations

from typing import Any

from bench.limits.asking import (
    Connection,
    Who,
    Whole,
    Wish,
    author_sql,
    global_id,
    id_sql,
    people,
    reactions,
    reactions_sql,
)

PAGE = 50
CONVERSATION = """
SELECT c.id, c.title, c.sequence FROM conversation c WHERE c.id = $1
AND EXISTS (SELECT 1 FROM audience_member m WHERE m.person_id = $2 AND m.audience_id = c.id AND m.listed)
"""
MINE = """(SELECT w.since FROM conversation_member w WHERE w.conversation_id = $1 AND w.person_id = $2)"""
MESSAGES = f"""
SELECT m.id, m.sequence, m.body, m.created_at, m.edited_at, m.removed, m.author_id FROM message m
WHERE m.conversation_id = $1 AND m.sequence > {MINE} ORDER BY m.sequence DESC LIMIT {{most}}
"""
REPLIES = f"""
SELECT m.reply_to_id, count(*) FROM message m WHERE m.reply_to_id = ANY($3::uuid[]) AND NOT m.removed
AND m.conversation_id = $1 AND m.sequence > {MINE} GROUP BY 1
"""


async def flat(con: Connection, who: Who, wish: Wish) -> Any:
    """Five statements."""
    id = wish["conversation"]
    conversation = await con.fetchrow(CONVERSATION, id, who.person)
    if conversation is None:
        return {"conversation": None}
    rows = await con.fetch(MESSAGES.format(most=PAGE + 1), id, who.person)
    shown = rows[:PAGE][::-1]
    keys = [row[0] for row in shown]
    authors = await people(con, (row[6] for row in shown))
    felt = await reactions(con, keys, who.person)
    replies = dict(await con.fetch(REPLIES, id, who.person, keys))
    nodes = [
        {
            "id": global_id(b"Message", key),
            "sequence": sequence,
            "body": body,
            "createdAt": at,
            "isEdited": edited is not None,
            "isRemoved": removed,
            "replyCount": replies.get(key, 0),
            "author": authors.get(author),
            "reactions": felt[key],
        }
        for key, sequence, body, at, edited, removed, author in shown
    ]
    info = {"hasPreviousPage": len(rows) > PAGE, "startCursor": str(shown[0][1]) if shown else None}
    return {
        "conversation": {
            "id": global_id(b"Conversation", conversation[0]),
            "title": conversation[1],
            "sequence": conversation[2],
            "messages": {"nodes": nodes, "pageInfo": info},
        }
    }


WHOLE = Whole(
    f"""
WITH shown AS MATERIALIZED ({MESSAGES.format(most=PAGE)})
SELECT json_build_object('conversation', (SELECT row_to_json(n) FROM (
    SELECT {id_sql("Conversation", "c.id")} AS id, c.title, c.sequence, json_build_object(
        'nodes', (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
            SELECT {id_sql("Message", "s.id")} AS id, s.sequence, s.body, s.created_at AS "createdAt",
                s.edited_at IS NOT NULL AS "isEdited", s.removed AS "isRemoved",
                (SELECT count(*) FROM message o WHERE o.reply_to_id = s.id AND NOT o.removed) AS "replyCount",
                {author_sql("s.author_id")} AS author, {reactions_sql("s.id", "$2")} AS reactions
            FROM shown s ORDER BY s.sequence) x),
        'pageInfo', (SELECT json_build_object(
            'hasPreviousPage', min(s.sequence) > 1 AND count(*) = {PAGE}, 'startCursor', min(s.sequence)::text
        ) FROM shown s)
    ) AS messages FROM ({CONVERSATION}) c
) n))::text
""",
    lambda who, wish: (wish["conversation"], who.person),
)
