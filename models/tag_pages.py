"""Posts by tag: a bounded number of rows for each audience in which a tag is used, whoever asks.

All of it reads `post_tag`, which repeats a post's audience and moment: by its index the audiences of a tag are found
one after the other, and in each the newest. `{may_read}` is a condition on the `audience_id` of `a`.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import asyncpg

from models import db

OF_POSTS = """
SELECT t.post_id, g.*, 'Tag' AS _type FROM post_tag t JOIN tag g ON g.id = t.tag_id
WHERE t.post_id = ANY($1::uuid[]) ORDER BY t.id
"""

_USED = "t.tag_id = k.id AND t.published_at IS NOT NULL"
_WITHIN = f"{_USED} AND t.audience_id = a.audience_id"

# The audiences of the tag `k`, each found behind the one before it, as far as the viewer reads them.
AUDIENCES = f"""(
    WITH RECURSIVE used(audience_id) AS (
        (SELECT t.audience_id FROM post_tag t WHERE {_USED} ORDER BY t.audience_id LIMIT 1)
        UNION ALL
        SELECT (SELECT t.audience_id FROM post_tag t WHERE {_USED} AND t.audience_id > u.audience_id
                ORDER BY t.audience_id LIMIT 1)
        FROM used u WHERE u.audience_id IS NOT NULL
    )
    SELECT a.audience_id FROM used a WHERE a.audience_id IS NOT NULL AND {{may_read}}
)"""

# As of a home feed: the page lies in as many audiences as it has entries, those whose newest are the newest.
PAGES = f"""
SELECT k.id AS _parent, x.* FROM unnest($1::uuid[]) AS k(id) CROSS JOIN LATERAL (
    SELECT p.*, t.post_id, 'Post' AS _type FROM (
        SELECT a.audience_id FROM {AUDIENCES} a CROSS JOIN LATERAL (
            SELECT t.published_at, t.post_id FROM post_tag t WHERE {_WITHIN}{{after}} ORDER BY {{order}} LIMIT 1
        ) t ORDER BY {{order}} LIMIT {{limit}}
    ) a CROSS JOIN LATERAL (
        SELECT t.* FROM post_tag t WHERE {_WITHIN}{{after}} ORDER BY {{order}} LIMIT {{limit}}
    ) t JOIN post p ON p.id = t.post_id AND p.audience_id = t.audience_id AND p.status = 'PUBLISHED'
    ORDER BY {{order}} LIMIT {{limit}}
) x
"""

COUNTS = f"""
SELECT k.id, (SELECT count(*) FROM {AUDIENCES} a JOIN post_tag t ON {_WITHIN}) AS posts
FROM unnest($1::uuid[]) AS k(id)
"""

# Who follows a word before the viewer could know that others use it is not counted: nobody learns by using a word
# themselves that it was one elsewhere. `{{people}}` is a condition on the person `r`; $2 is the viewer.
FOLLOWERS = f"""
SELECT k.id, (
    SELECT count(*) FROM tag_follow f JOIN person r ON r.id = f.person_id
    WHERE f.tag_id = k.id AND r.active AND {{people}}
      AND (k.kept OR f.person_id = $2 OR f.created_at >= s.since)) AS followers
FROM tag k CROSS JOIN LATERAL (
    SELECT CASE WHEN NOT k.kept THEN (
        SELECT min(t.published_at) FROM {AUDIENCES} a CROSS JOIN LATERAL (
            SELECT t.published_at FROM post_tag t WHERE {_WITHIN} ORDER BY t.published_at, t.post_id LIMIT 1) t
    ) END AS since) s
WHERE k.id = ANY($1::uuid[])
"""

# Each author counts once for a tag, the more the newer their last post with it is; `least` of them keep anybody from
# being seen alone.
TRENDING = """
WITH recent AS (
    SELECT t.tag_id, t.audience_id, t.post_id, t.published_at FROM post_tag t
    WHERE t.published_at > $1 AND t.published_at <= $2 ORDER BY t.published_at DESC LIMIT {most}
), readable AS (
    SELECT a.audience_id FROM (SELECT DISTINCT audience_id FROM recent) a WHERE {may_read}
), said AS (
    SELECT r.tag_id, p.author_id, max(r.published_at) AS latest
    FROM recent r JOIN readable USING (audience_id) JOIN post p ON p.id = r.post_id
    WHERE p.status = 'PUBLISHED' AND p.audience_id = r.audience_id AND p.author_id IS NOT NULL
    GROUP BY r.tag_id, p.author_id
), scored AS (
    SELECT tag_id, sum(extract(epoch FROM latest - $1)) AS score FROM said GROUP BY tag_id HAVING count(*) >= {least}
)
SELECT g.*, 'Tag' AS _type FROM scored s JOIN tag g ON g.id = s.tag_id ORDER BY s.score DESC, g.key LIMIT $3
"""


async def of_posts(posts: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """The tags of these posts (`post_id`), in the order in which they were put on them."""
    return await db.rows(OF_POSTS, list(posts))


async def trending(
    may_read: str, params: Sequence[object], *, since: datetime, now: datetime, first: int, most: int, least: int
) -> list[asyncpg.Record]:
    """The tags of which most is said in the `most` newest uses since then; parameters of `may_read` from $4."""
    return await db.rows(TRENDING.format(may_read=may_read, most=most, least=least), since, now, first, *params)
