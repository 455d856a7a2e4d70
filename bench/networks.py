"""Companies full of groups and posts, made by statements: what the feed is asked about.

Everything is skewed as in life: few groups have most members and most posts, most people are in a dozen groups, some in
more than a hundred. One guest is in very many groups of which none is busy: whoever reads everything to find their page
is found out here.
"""

from __future__ import annotations

from pathlib import Path

from atrium.embedded.postgres import Postgres
from bench.commands import atrium

POSTS = 10  # of each person, on the average
TEAM = 13  # people
TEAMS = 20  # of a department, which so has 260 people
TO_A_GROUP = 10  # people, of each of whom there is one group
MOST = 145  # groups that one in a thousand people is in
QUIET = 180  # groups that the guest is in
FEW = 5  # posts of each of those

PEOPLE = f"""
INSERT INTO audience (id, kind)
SELECT md5('unit' || i)::uuid, 'UNIT' FROM generate_series(0, {{departments}} * {TEAMS}) i
UNION ALL SELECT md5('department' || i)::uuid, 'UNIT' FROM generate_series(0, {{departments}}) i;

INSERT INTO org_unit (id, name, version, created_at)
SELECT md5('department' || i)::uuid, 'Department ' || i, 1, now() FROM generate_series(0, {{departments}}) i;
INSERT INTO org_unit (id, name, parent_id, version, created_at)
SELECT md5('unit' || i)::uuid, 'Team ' || i, md5('department' || i / {TEAMS})::uuid, 1, now()
FROM generate_series(0, {{departments}} * {TEAMS}) i;
INSERT INTO unit_closure (ancestor_id, descendant_id, depth)
SELECT id, id, 0 FROM org_unit UNION ALL SELECT parent_id, id, 1 FROM org_unit WHERE parent_id IS NOT NULL;

INSERT INTO person (id, name, title, bio, is_guest, active, auth_epoch, version, created_at, updated_at, unit_id)
SELECT md5('person' || i)::uuid, 'Person ' || i, '', '', FALSE, TRUE, 0, 1, now(), now(),
    md5('unit' || i / {TEAM})::uuid
FROM generate_series(0, {{people}} - 1) i
UNION ALL SELECT md5('guest')::uuid, 'Guest', '', '', TRUE, TRUE, 0, 1, now(), now(), NULL;
"""

GROUPS = f"""
INSERT INTO audience (id, kind)
SELECT md5('group' || i)::uuid, 'GROUP' FROM generate_series(-{QUIET}, {{groups}} - 1) i;
INSERT INTO groups (id, name, description, visibility, join_policy, is_default, moderated, version, created_at)
SELECT md5('group' || i)::uuid, 'Group ' || i, '', 'PRIVATE', 'REQUEST', FALSE, FALSE, 1, now()
FROM generate_series(-{QUIET}, {{groups}} - 1) i;

CREATE TEMP TABLE joined AS
SELECT DISTINCT md5('person' || p.i)::uuid AS person, md5('group' || floor({{groups}} * random() ^ 3)::int)::uuid AS of
FROM (
    SELECT i, CASE WHEN i % 1000 = 7 THEN {MOST} * 2 ELSE 2 + (random() ^ 3 * 40)::int END AS many
    FROM generate_series(0, {{people}} - 1) i
) p CROSS JOIN LATERAL generate_series(1, p.many)
UNION ALL
SELECT md5('guest')::uuid, md5('group' || i)::uuid FROM generate_series(-{QUIET}, -1) i;
INSERT INTO audience_member (person_id, audience_id, listed) SELECT person, of, FALSE FROM joined;
INSERT INTO membership (group_id, person_id, role, status, source, joined_at, created_at)
SELECT of, person, 'MEMBER', 'MEMBER', 'JOINED', now(), now() FROM joined;
"""

WRITTEN = f"""
INSERT INTO post (id, author_id, audience_id, kind, status, body, version, created_at, published_at)
SELECT uuidv7(), md5('person' || p.author)::uuid,
    CASE WHEN p.place < 0.03 THEN '00000000-0000-7000-8000-000000000001'::uuid
         WHEN p.place < 0.23 THEN md5('unit' || p.author / {TEAM})::uuid
         ELSE md5('group' || floor({{groups}} * p.which ^ 3)::int)::uuid END,
    'DISCUSSION', 'PUBLISHED', {{body}}, 1, p.at, p.at
FROM (
    SELECT floor(random() * {{people}})::int AS author, random() AS place, random() AS which,
        (random() ^ 3 * 20)::int AS words, now() - random() * interval '365 days' AS at
    FROM generate_series(1, {{people}} * {POSTS})
) p
UNION ALL
SELECT uuidv7(), md5('person' || i % {{people}})::uuid, md5('group' || -1 - i % {QUIET})::uuid,
    'DISCUSSION', 'PUBLISHED', 'Hello', 1, p.at, p.at
FROM generate_series(1, {QUIET} * {FEW}) i CROSS JOIN LATERAL (
    SELECT now() - (100 + i % 200) * interval '1 day' AS at
) p;
"""

EMPTY = "network"
SAME = "repeat('Words that somebody wrote. ', 1 + p.words)"
"""What all posts say where it does not matter."""

# The rows are right by construction: to check each against its keys would take most of the time.
LOAD = f"SET session_replication_role = replica; SELECT setseed(0.5); {PEOPLE} {GROUPS} {WRITTEN}"


def load(postgres: Postgres, folder: Path, people: int) -> str:
    """A database with so many people, their groups and posts; its name."""
    if postgres.create_database(EMPTY):
        atrium(postgres, folder, EMPTY, "migrate")
    name = f"network_{people}"
    postgres.create_database(name, EMPTY)
    postgres.execute(statements(people), name)
    postgres.execute("VACUUM (ANALYZE)", name)
    return name


def statements(people: int, body: str = SAME) -> str:
    """What makes so many people, their groups and posts; `body` is an expression over a post `p` to be."""
    departments = people // (TEAM * TEAMS) + 1
    return LOAD.format(people=people, groups=people // TO_A_GROUP, departments=departments, body=body)
