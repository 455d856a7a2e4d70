"""Comments as they are written: one statement for the comment, the place where it stands and its event."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from models import db, log

# The stream of the post's audience is held. A client's id that is taken gives no row, nor does what may not be.
ADD = """
WITH subject AS MATERIALIZED (
    SELECT r.id, r.audience_id FROM post r WHERE r.id = $1 AND r.audience_id = $2 AND {reachable} FOR UPDATE OF r
), thread AS (
    SELECT coalesce(x.reply_to_id, x.id) AS id FROM comment x
    WHERE x.id = $4 AND x.post_id = $1 AND NOT x.removed AND {readable}
), added AS (
    INSERT INTO comment (id, post_id, reply_to_id, author_id, audience_id, body, removed, kept, client_id, version,
                         created_at)
    SELECT $3, s.id, t.id, $5, s.audience_id, $6, FALSE, FALSE, $7, 1, $8 FROM subject s LEFT JOIN thread t ON TRUE
    WHERE $4 IS NULL OR t.id IS NOT NULL
    ON CONFLICT (author_id, client_id) DO NOTHING
    RETURNING *, 'Comment' AS _type
), noted AS ({noted})
SELECT * FROM added
"""


NOTED = log.noted(9, 8, "added")


async def add(reachable: str, readable: str, values: Sequence[object]) -> asyncpg.Record | None:
    """Comment on a post, and note that; the comment. None where the post is not `reachable`, a condition on `r`.

    None, too, where what it replies to is not `readable` (on `x`) or removed, and where its author has used the
    client's id. The first `values` are the post, its audience, the new key, what it replies to, the author, the text,
    the client's id, the moment and the event's entry. Wants the stream of the audience.
    """
    return await db.row(ADD.format(reachable=reachable, readable=readable, noted=NOTED), *values)
