"""What became of posts: how many can see them, have seen them, and have done something about them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import asyncpg

from models import db
from models.audiences import COMPANY
from models.belonging import READS

_THERE = READS.format(everyone="a.everyone").replace("$1", "a.id")

# An audience is counted once, however many of the posts are in it. Numerators keep to who is in it today, as it does.
REACH = f"""
WITH told AS (
    SELECT p.id, p.audience_id, ARRAY[p.author_id, p.written_by] AS own FROM post p WHERE p.id = ANY($1::uuid[])
), there AS MATERIALIZED (
    SELECT a.*, (SELECT count(*) FROM person r WHERE {_THERE}) AS readers
    FROM (SELECT a.id, a.open OR a.id = '{COMPANY}' AS everyone FROM audience a) a
    WHERE a.id IN (SELECT audience_id FROM told)
), engaged AS (
    SELECT t.id, x.person_id FROM told t JOIN reaction x ON x.subject_id = t.id
    UNION SELECT t.id, x.person_id FROM told t JOIN comment c ON c.post_id = t.id JOIN reaction x ON x.subject_id = c.id
    UNION SELECT t.id, c.author_id FROM told t JOIN comment c ON c.post_id = t.id AND NOT c.removed
    UNION SELECT t.id, v.person_id FROM told t JOIN poll_vote v ON v.poll_id = t.id
)
SELECT t.id,
    a.readers - (SELECT count(*) FROM person r WHERE r.id = ANY(t.own) AND {_THERE}) AS audience_count,
    (SELECT count(*) FROM seen s JOIN person r ON r.id = s.person_id
     WHERE s.post_id = t.id AND (r.id = ANY(t.own)) IS NOT TRUE AND {_THERE}) AS seen_count,
    (SELECT count(*) FROM engaged e JOIN person r ON r.id = e.person_id
     WHERE e.id = t.id AND (r.id = ANY(t.own)) IS NOT TRUE AND {_THERE}) AS engaged_count
FROM told t JOIN there a ON a.id = t.audience_id
"""


async def of_posts(posts: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """The numbers of each post, its author and its writer left out. Whoever shows them keeps few from being told."""
    return await db.rows(REACH, posts)
