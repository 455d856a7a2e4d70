"""What makes a post count for somebody: facts about it and them, and how much younger each makes it look."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

import asyncpg

from models import db
from models.feed_pages import EVERYTHING, MINE, SHOWN, With, with_audiences
from models.positions import on
from models.readings import OWED

CANDIDATES_MAX = 1_000  # posts that are ranked, the newest
OWED_MAX = 100  # must-reads besides, however old
DAYS = 30  # nothing older is ranked
STEPS_MAX = 64  # positions that a line is followed up
SHARED_MAX = 3  # groups in common that count

HALF_LIFE = 24 * 3600  # seconds after which a post counts half


class FeedReason(StrEnum):
    """Why a post is where it is in a feed, those that count most first; in the end why it is there at all."""

    MUST_READ = "MUST_READ"
    MENTIONED = "MENTIONED"
    PRIORITY_TAG = "PRIORITY_TAG"
    FOLLOWED_TAG = "FOLLOWED_TAG"
    FOLLOWED_PERSON = "FOLLOWED_PERSON"
    CLOSE_COLLEAGUE = "CLOSE_COLLEAGUE"
    SHARED_GROUPS = "SHARED_GROUPS"
    TOOK_PART = "TOOK_PART"
    GROUP = "GROUP"
    UNIT = "UNIT"
    LOCATION = "LOCATION"
    COMPANY = "COMPANY"
    RULE = "RULE"
    PEOPLE = "PEOPLE"


# A post counts 0.5 ^ (age / half-life), times these. As a logarithm that is a sum: its moment, and a head start for
# each factor. All posts age alike, so that nothing but a new fact changes their order.
FACTORS = {
    "must_read": 2.0**1_000,  # before all others
    "mentioned": 4.0,
    "priority_tag": 4.0,
    "followed_tag": 2.0,  # a priority tag is a followed one, too: together 8
    "followed_person": 2.0,
    "next_in_line": 2.0,  # the author's manager or report
    "same_unit": 1.5,
    "in_line": 1.25,  # further up
    "took_part": 1.2,  # the reader has commented or reacted
}
EACH_SHARED = 1.1  # for each group in common


def _head_start(factor: float) -> int:
    """Microseconds that a factor is worth."""
    return round(math.log2(factor) * HALF_LIFE * 1_000_000)


SCORE = " + ".join(
    [
        "(extract(epoch FROM f.published_at) * 1000000)::bigint",
        *(f"CASE WHEN f.{fact} THEN {_head_start(factor)}::bigint ELSE 0 END" for fact, factor in FACTORS.items()),
        f"f.shared * {_head_start(EACH_SHARED)}::bigint",
    ]
)

# Facts about the posts of `chosen` for the person $2, as they were at the moment $3, on the day $4. What has come about
# since is left out as far as it has a moment, so that whoever turns the pages of a ranking stays in the same one.
FACTS = f"""
held AS MATERIALIZED (SELECT h.position_id FROM holding h WHERE h.person_id = $2 AND {on("h", "$4")}),
up AS (
    SELECT l.manager_id AS position_id, 1 AS step
    FROM held JOIN reporting_line l ON l.position_id = held.position_id AND l.kind = 'SOLID' AND {on("l", "$4")}
    UNION ALL
    SELECT l.manager_id, up.step + 1
    FROM up JOIN reporting_line l ON l.position_id = up.position_id AND l.kind = 'SOLID' AND {on("l", "$4")}
    WHERE up.step < {STEPS_MAX}
),
above AS MATERIALIZED (
    SELECT h.person_id AS id, min(up.step) AS step, min(min(up.step)) OVER () AS nearest
    FROM up CROSS JOIN LATERAL (
        SELECT h.person_id FROM holding h WHERE h.position_id = up.position_id AND {on("h", "$4")} OFFSET 0
    ) h WHERE h.person_id <> $2 GROUP BY 1
),
mine AS MATERIALIZED (SELECT m.group_id FROM membership m WHERE m.person_id = $2 AND m.status = 'MEMBER'),
written AS MATERIALIZED (
    SELECT p.id, p.published_at, p.audience_id, p.author_id, p.kind FROM chosen c JOIN post p ON p.id = c.id
),
authors AS MATERIALIZED (
    SELECT w.id, coalesce(w.unit_id = me.unit_id, FALSE) AS same_unit,
        EXISTS (
            SELECT 1 FROM follow x WHERE x.follower_id = $2 AND x.person_id = w.id AND x.created_at <= $3
        ) AS followed,
        coalesce(a.step = a.nearest, FALSE) OR EXISTS (
            SELECT 1 FROM holding h
            JOIN reporting_line l ON l.position_id = h.position_id AND l.kind = 'SOLID' AND {on("l", "$4")}
            WHERE h.person_id = w.id AND {on("h", "$4")} AND l.manager_id IN (SELECT position_id FROM held)
        ) AS next_in_line,
        a.id IS NOT NULL AS is_above,
        (SELECT count(*) FROM (
            SELECT 1 FROM audience_member m
            WHERE m.person_id = w.id AND NOT m.listed AND m.audience_id IN (SELECT group_id FROM mine)
            LIMIT {SHARED_MAX}
        ) x) AS shared
    FROM person w JOIN person me ON me.id = $2 LEFT JOIN above a ON a.id = w.id
    WHERE w.id IN (SELECT author_id FROM written) AND w.id <> $2
),
tagged AS MATERIALIZED (
    SELECT x.post_id AS id, bool_or(t.priority) AS is_priority
    FROM chosen c JOIN post_tag x ON x.post_id = c.id
    JOIN tag_follow f ON f.tag_id = x.tag_id AND f.person_id = $2 AND f.created_at <= $3 JOIN tag t ON t.id = x.tag_id
    GROUP BY 1
),
joined_in AS MATERIALIZED (
    SELECT c.post_id AS id FROM comment c WHERE c.author_id = $2 AND NOT c.removed AND c.created_at <= $3
    UNION
    SELECT x.subject_id FROM chosen c
    JOIN reaction x ON x.subject_id = c.id AND x.person_id = $2 AND x.created_at <= $3
),
named AS MATERIALIZED (SELECT m.post_id AS id FROM mention m WHERE m.person_id = $2 AND m.created_at <= $3),
owed AS MATERIALIZED (SELECT o.id, o.due_key FROM {OWED.format(person="$2", moment="$3")} o),
facts AS (
    SELECT p.id, p.published_at, p.audience_id, p.author_id, p.kind,
        p.id IN (SELECT id FROM owed) AS must_read,
        p.id IN (SELECT id FROM named) AS mentioned,
        coalesce(t.is_priority, FALSE) AS priority_tag,
        t.id IS NOT NULL AS followed_tag,
        coalesce(w.followed, FALSE) AS followed_person,
        coalesce(w.next_in_line, FALSE) AS next_in_line,
        coalesce(w.same_unit, FALSE) AND NOT w.next_in_line AS same_unit,
        coalesce(w.is_above, FALSE) AND NOT w.next_in_line AND NOT w.same_unit AS in_line,
        coalesce(w.shared, 0) AS shared,
        p.id IN (SELECT id FROM joined_in) AS took_part
    FROM written p LEFT JOIN authors w ON w.id = p.author_id LEFT JOIN tagged t ON t.id = p.id
)
"""

# Of each audience the index alone is read, and no further than there are places.
CANDIDATES = f"""
chosen AS MATERIALIZED (
    (SELECT p.id FROM ({MINE.format(audiences="$1", person="$2")}) a CROSS JOIN LATERAL (
        SELECT p.published_at, p.id FROM post p
        WHERE p.audience_id = a.id AND p.status = 'PUBLISHED'
          AND p.published_at <= $3 AND p.published_at > $3::timestamptz - interval '{DAYS} days'
        ORDER BY p.published_at DESC, p.id DESC LIMIT {CANDIDATES_MAX}
    ) p ORDER BY p.published_at DESC, p.id DESC LIMIT {CANDIDATES_MAX})
    UNION
    (SELECT id FROM owed ORDER BY due_key, id LIMIT {OWED_MAX})
)
"""

RANKED = f"""
WITH RECURSIVE {CANDIDATES}, {FACTS}, scored AS (
    SELECT f.*, {SCORE} AS score, $3::timestamptz AS ranked_at FROM facts f
)
SELECT x.*, s.score, s.ranked_at FROM (
    SELECT p.* FROM scored p WHERE {SHOWN.format(person="$2")}{{after}} ORDER BY {{order}} LIMIT $5
) s JOIN post x ON x.id = s.id
"""

OF_POSTS = f"""
WITH RECURSIVE chosen AS (SELECT unnest($1::uuid[]) AS id), {FACTS}
SELECT f.*, a.kind AS audience_kind FROM facts f JOIN audience a ON a.id = f.audience_id
"""


async def ranked(params: Sequence[object], *, after: str, order: str, also: With = EVERYTHING) -> list[asyncpg.Record]:
    """Posts of somebody's audiences and of the lists they are on, as they ranked at a moment: `ranked_at`, `score`.

    `params` are the audiences, the person, the moment, the day, how many posts at most, and those of `after` (a
    condition on `p` which, as `order` does, comes from a keyset) and of `also`.
    """
    return await db.rows(with_audiences(RANKED.format(after=after, order=order), order, also), *params)


async def facts(
    posts: Sequence[uuid.UUID], person: uuid.UUID, moment: datetime, day: date
) -> dict[uuid.UUID, asyncpg.Record]:
    """What makes each of these posts count for somebody, and of which `audience_kind` its audience is."""
    return {record["id"]: record for record in await db.rows(OF_POSTS, posts, person, moment, day)}
