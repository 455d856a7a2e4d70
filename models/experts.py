"""Who knows about a topic: what is called so, who has its skills, who has written about it, and where they stand.

Whom and what the viewer may see is given as conditions, so that nothing else is ever counted, nor takes up a place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import asyncpg

from models import db
from models.lines import PRIMARY, STEPS_MAX
from models.positions import on

SKILLS_MAX = 10  # that one topic means
NAMES_MAX = 200  # of the catalogue that are like a topic
MISSPELT_MAX = 5_000  # names of the catalogue that are looked through for a misspelt one
HOLDERS_MAX = 500  # skills of people that are weighed
WALKED_MAX = 2_000  # skills of people, the best levels first, of which those with the most endorsements are weighed
ENDORSERS_MAX = 100  # of one skill of somebody; more count as many
WRITERS_MAX = 500  # people who have written about a topic that are weighed
TAGGED_MAX = 1_000  # posts with a tag of that name, the newest
RECENT = timedelta(days=365)  # for as long a post tells of what somebody knows

NAMES = """
names AS (
    SELECT key, id FROM skill UNION ALL SELECT key, skill_id FROM skill_synonym
), known AS (
    SELECT n.key, s.id, s.name,
           ARRAY(SELECT y.name::text FROM skill_synonym y WHERE y.skill_id = s.id ORDER BY y.key) AS others
    FROM names n JOIN skill s ON s.id = n.id WHERE {seen}
)"""

# What is called so comes first, then what begins so, the shortest first: what is typed is the most of that.
CALLED = f"""
WITH {NAMES}
SELECT key, id, name, others FROM known WHERE key = ANY($1::text[]) OR key ^@ ANY($2::text[])
ORDER BY key = ANY($1::text[]) DESC, length(key), key LIMIT {NAMES_MAX}
"""

AS_LONG = f"""
WITH {NAMES}
SELECT key, id, name, others FROM known WHERE length(key) BETWEEN $1 AND $2 ORDER BY key LIMIT {MISSPELT_MAX}
"""

# What is not said is the least.
LEVEL = "coalesce(array_position(ARRAY['BEGINNER', 'INTERMEDIATE', 'ADVANCED', 'EXPERT'], s.level::text), 0)"

HOLDERS = f"""
WITH walked AS (
    SELECT h.* FROM unnest($1::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
        SELECT s.id, s.person_id, s.skill_id, s.level, {LEVEL} AS level_rank
        FROM person_skill s JOIN person r ON r.id = s.person_id
        WHERE s.skill_id = wanted.id AND {{suggestible}}
        ORDER BY {LEVEL} DESC, s.id LIMIT $2
    ) h
)
SELECT w.person_id, w.skill_id, w.level, e.count AS endorsements
FROM walked w CROSS JOIN LATERAL (
    SELECT count(*) FROM (
        SELECT FROM endorsement e JOIN person p ON p.id = e.endorser_id
        WHERE e.person_skill_id = w.id AND {{seen}} LIMIT {ENDORSERS_MAX}
    ) x
) e
ORDER BY w.level_rank DESC, e.count DESC, w.id LIMIT {HOLDERS_MAX}
"""

# Nobody answers their own question for others: what its author accepted of themselves tells nothing.
WRITERS = f"""
WITH labels AS (
    SELECT id FROM tag WHERE key = ANY($1::text[]) UNION SELECT tag_id FROM tag_synonym WHERE key = ANY($1::text[])
), tagged AS (
    SELECT t.id FROM labels l CROSS JOIN LATERAL (
        SELECT r.id FROM post_tag t JOIN post r ON r.id = t.post_id
        WHERE t.tag_id = l.id AND t.published_at IS NOT NULL AND {{posts}}
        ORDER BY t.published_at DESC, t.post_id DESC LIMIT {TAGGED_MAX}
    ) t LIMIT {TAGGED_MAX}
), told AS (
    SELECT r.id, r.author_id, r.accepted_id, r.published_at FROM post r
    WHERE r.id IN (SELECT id FROM tagged UNION SELECT unnest($2::uuid[])) AND {{posts}}
), said AS (
    SELECT r.id, r.post_id, r.author_id, r.created_at FROM comment r WHERE r.id = ANY($3::uuid[]) AND {{comments}}
), answers AS (
    SELECT r.id, r.author_id FROM told q JOIN comment r ON r.id = q.accepted_id
    WHERE r.author_id IS DISTINCT FROM q.author_id AND {{comments}}
    UNION
    SELECT c.id, c.author_id FROM said c JOIN post r ON r.id = c.post_id AND r.accepted_id = c.id
    WHERE r.author_id IS DISTINCT FROM c.author_id AND {{posts}}
), written AS (
    SELECT author_id, 1 AS answers, 0 AS posts FROM answers
    UNION ALL SELECT author_id, 0, 1 FROM told WHERE published_at > $4
    UNION ALL SELECT author_id, 0, 1 FROM said WHERE created_at > $4
)
SELECT w.author_id AS person_id, sum(w.answers)::int AS answers, sum(w.posts)::int AS posts
FROM written w JOIN person r ON r.id = w.author_id WHERE {{suggestible}}
GROUP BY 1 ORDER BY answers DESC, posts DESC, person_id LIMIT {WRITERS_MAX}
"""

# `above`: how far above the viewer they stand in the line; `meets`: how far above the viewer their own manager does.
STANDING = f"""
WITH RECURSIVE line (position_id, step) AS (
    SELECT {PRIMARY.format(person="$2::uuid", day="$3::date")}, 0
    UNION ALL
    SELECT l.manager_id, line.step + 1
    FROM line JOIN reporting_line l ON l.position_id = line.position_id AND l.kind = 'SOLID' AND {on("l", "$3::date")}
    WHERE line.step < {STEPS_MAX}
), mine AS MATERIALIZED (SELECT position_id, min(step) AS step FROM line GROUP BY 1)
SELECT r.id, r.name, lower(r.name) AS name_key,
       (SELECT step FROM mine WHERE mine.position_id = r.position_id) AS above,
       (SELECT min(mine.step) FROM reporting_line l JOIN mine ON mine.position_id = l.manager_id
        WHERE l.position_id = r.position_id AND l.kind = 'SOLID' AND {on("l", "$3::date")}) AS meets,
       shared.name AS unit, shared.up, shared.down,
       CASE WHEN {{located}} THEN (SELECT v.location FROM person v WHERE v.id = $6 AND v.location = r.location) END
           AS location,
       CASE WHEN {{timed}} THEN r.time_zone END AS time_zone,
       CASE WHEN {{working}} THEN r.works_from END AS works_from,
       CASE WHEN {{working}} THEN r.works_to END AS works_to,
       r.shows_presence AND r.id = ANY($5::uuid[]) AND EXISTS (
           SELECT 1 FROM conversation_member a JOIN conversation_member b USING (conversation_id)
           WHERE a.person_id = r.id AND b.person_id = $6
       ) AS here
FROM person r LEFT JOIN LATERAL (
    SELECT u.name, path.place - 1 AS up, c.depth AS down
    FROM unnest($4::uuid[]) WITH ORDINALITY AS path (id, place)
    JOIN unit_closure c ON c.ancestor_id = path.id AND c.descendant_id = r.unit_id JOIN org_unit u ON u.id = path.id
    ORDER BY path.place LIMIT 1
) shared ON true
WHERE r.id = ANY($1::uuid[]) AND {{suggestible}}
"""


# The conditions below are fragments over a table, with parameters of their own behind those of the statement.


async def called(params: Sequence[object], *, seen: str) -> list[asyncpg.Record]:
    """Skills of which a name is, or begins like, one of these: `key`, `id`, `name`, `others`.

    `params`: names, beginnings, both folded. `seen` is a condition on a skill `s`.
    """
    return await db.rows(CALLED.format(seen=seen), *params)


async def as_long(params: Sequence[object], *, seen: str) -> list[asyncpg.Record]:
    """The same of which a name has so many characters. `params`: at least, at most."""
    return await db.rows(AS_LONG.format(seen=seen), *params)


async def holders(params: Sequence[object], *, suggestible: str, seen: str) -> list[asyncpg.Record]:
    """Who has these skills, those who know them best first: `person_id`, `skill_id`, `level`, `endorsements`.

    `params`: skills, how many of each skill's people to look at. Conditions: on a person `r` who has it, and on one `p`
    who endorses it.
    """
    return await db.rows(HOLDERS.format(suggestible=suggestible, seen=seen), *params)


async def writers(params: Sequence[object], *, suggestible: str, posts: str, comments: str) -> list[asyncpg.Record]:
    """Who has written about something: `person_id`, how many accepted `answers`, how many recent `posts` and comments.

    `params`: folded names of tags, posts, comments, since when they are recent. Conditions: on a person, a post and a
    comment `r`.
    """
    return await db.rows(WRITERS.format(suggestible=suggestible, posts=posts, comments=comments), *params)


async def standing(
    params: Sequence[object], *, suggestible: str, located: str, timed: str, working: str
) -> list[asyncpg.Record]:
    """Where people stand towards the viewer, and when they work, as far as that is seen.

    `params`: people, the viewer for their line or None, the day, the viewer's units from the nearest up, people who are
    connected, the viewer. Conditions on a person `r`: for them at all, their location, time zone and working hours.
    """
    sql = STANDING.format(suggestible=suggestible, located=located, timed=timed, working=working)
    return await db.rows(sql, *params)
