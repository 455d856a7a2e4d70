"""What a company of `bench.networks` has besides groups and posts: a chart, profiles, skills, comments, conversations.

Statements again, with random numbers that begin anew with each step, so that the same number of people gives the same
company. Comments, reactions and messages are skewed as life is: few posts and conversations have most of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench import networks
from bench.networks import TEAM, TEAMS

SAYINGS = 20_000  # texts that everybody's words are taken from
WORDS = 1_500  # that these are made of
SKILLS = 300
TALKERS = 2  # people, of each of whom there is one conversation

SAYING = f"(SELECT s.body FROM bench_saying s WHERE s.i = ({{pick}} * {SAYINGS - 1})::int)"
"""A text by a number from 0 to 1."""

# The rows are right by construction: to check each against its keys would take most of the time.
BEGIN = "SET session_replication_role = replica; SELECT setseed({seed});"

SPEECH = f"""
CREATE TABLE bench_word AS
SELECT i, (
    SELECT string_agg(substr('bdfgklmnprstvz', 1 + (ascii(substr(h, k, 1)) * 7 + k) % 14, 1)
        || substr('aeiou', 1 + ascii(substr(h, k + 9, 1)) % 5, 1), '')
    FROM generate_series(1, 2 + i % 3) k
) AS word FROM (SELECT i, md5('word' || i) AS h FROM generate_series(0, {WORDS} - 1) i) x;
ALTER TABLE bench_word ADD PRIMARY KEY (i);
CREATE TABLE bench_saying AS
SELECT p.i, upper(left(p.body, 1)) || substr(p.body, 2) || '.' AS body FROM (
    SELECT d.i, string_agg(w.word, ' ' ORDER BY d.place) AS body FROM (
        SELECT n.i, k AS place, floor({WORDS} * random() ^ 2)::int AS pick
        FROM (SELECT i, 3 + (random() ^ 3 * 75)::int AS many FROM generate_series(0, {SAYINGS} - 1) i) n
        CROSS JOIN LATERAL generate_series(1, n.many) k
    ) d JOIN bench_word w ON w.i = d.pick GROUP BY d.i
) p;
ALTER TABLE bench_saying ADD PRIMARY KEY (i);
ANALYZE bench_word, bench_saying;
"""

# Whoever is the first of their team leads it, the first of a department leads that, the first of all the company.
CHART = f"""
CREATE TEMP TABLE post_of AS
SELECT i, md5('person' || i)::uuid AS person, md5('position' || i)::uuid AS position,
    md5('unit' || i / {TEAM})::uuid AS unit,
    CASE WHEN i = 0 THEN NULL WHEN i % ({TEAM} * {TEAMS}) = 0 THEN 0
         WHEN i % {TEAM} = 0 THEN i / ({TEAM} * {TEAMS}) * ({TEAM} * {TEAMS}) ELSE i / {TEAM} * {TEAM} END AS above,
    CASE WHEN i % ({TEAM} * {TEAMS}) = 0 THEN 'Head of department' WHEN i % {TEAM} = 0 THEN 'Head of team'
         ELSE (ARRAY['Engineer', 'Analyst', 'Planner', 'Buyer', 'Designer'])[1 + i % 5] END AS title
FROM generate_series(0, {{people}} - 1) i;

INSERT INTO position (id, title, grade, unit_id, active, planned, filled, created_at)
SELECT position, title, 'G' || 1 + i % 9, unit, TRUE, FALSE, TRUE, now() FROM post_of;
INSERT INTO position_term (id, position_id, title, grade, unit_id, valid_from, valid_to)
SELECT uuidv7(), position, title, 'G' || 1 + i % 9, unit, '2020-01-01', 'infinity' FROM post_of;
INSERT INTO holding (id, position_id, person_id, valid_from, valid_to)
SELECT uuidv7(), position, person, '2020-01-01', 'infinity' FROM post_of;
INSERT INTO reporting_line (id, position_id, manager_id, kind, valid_from, valid_to)
SELECT uuidv7(), position, md5('position' || above)::uuid, 'SOLID', '2020-01-01', 'infinity'
FROM post_of WHERE above IS NOT NULL;

UPDATE org_unit u SET head_id = p.person FROM post_of p
WHERE (p.i % {TEAM} = 0 AND u.id = p.unit)
   OR (p.i % ({TEAM} * {TEAMS}) = 0 AND u.id = md5('department' || p.i / ({TEAM} * {TEAMS}))::uuid);
INSERT INTO unit_term (id, unit_id, name, parent_id, head_id, valid_from, valid_to)
SELECT uuidv7(), id, name, parent_id, head_id, '2020-01-01', 'infinity' FROM org_unit;
"""

PROFILES = """
UPDATE person x SET
    name = (ARRAY['Ada', 'Ben', 'Chiara', 'Dana', 'Emil', 'Fatou', 'Goran', 'Hana', 'Ines', 'Kaya'])[1 + p.i % 10]
        || ' ' || (ARRAY['Abe', 'Brandt', 'Costa', 'Diallo', 'Eriksen', 'Fischer', 'Garcia'])[1 + p.i / 10 % 7]
        || ' ' || p.i,
    title = p.title, position_id = p.position, email = 'person' || p.i || '@bench.example',
    phone = '+41 44 ' || 1000000 + p.i, pronouns = CASE WHEN p.i % 3 = 0 THEN 'they/them' END,
    bio = {bio}, location = (ARRAY['Bern', 'Lagos', 'Lima', 'Oslo', 'Pune'])[1 + p.i % 5], time_zone = 'Europe/Zurich',
    languages = ARRAY['en', 'de'], interests = ARRAY['chess', 'hiking', 'jazz']
FROM (SELECT *, random() AS pick FROM post_of) p WHERE x.id = p.person;
INSERT INTO person_term (id, person_id, name, valid_from, valid_to)
SELECT uuidv7(), id, name, '2020-01-01', 'infinity' FROM person WHERE NOT is_guest;
INSERT INTO audience (id, kind, location)
SELECT md5('location' || l)::uuid, 'LOCATION', l
FROM (SELECT DISTINCT location l FROM person WHERE location IS NOT NULL) x;
INSERT INTO audience_member (person_id, audience_id, listed)
SELECT id, md5('location' || location)::uuid, FALSE FROM person WHERE location IS NOT NULL;
INSERT INTO follow (id, follower_id, person_id, created_at)
SELECT uuidv7(), a, b, now() FROM (
    SELECT DISTINCT md5('person' || i)::uuid a, md5('person' || floor({people} * random() ^ 2)::int)::uuid b
    FROM generate_series(0, {people} - 1) i CROSS JOIN generate_series(1, 10)
) x WHERE a <> b;
"""

KNOWLEDGE = f"""
INSERT INTO skill (id, name, key, version, created_at)
SELECT md5('skill' || i)::uuid, 'Skill ' || i, 'skill ' || i, 1, now() FROM generate_series(0, {SKILLS} - 1) i;
INSERT INTO person_skill (id, person_id, skill_id, level, created_at)
SELECT uuidv7(), person, skill, (ARRAY['EXPERT', 'ADVANCED', 'INTERMEDIATE', 'BEGINNER'])[1 + level], now() FROM (
    SELECT md5('person' || p.i)::uuid AS person, md5('skill' || floor({SKILLS} * random() ^ 2)::int)::uuid AS skill,
        min((random() * 3.9)::int % 4) AS level
    FROM (SELECT i, 3 + (random() * 9)::int AS many FROM generate_series(0, {{people}} - 1) i) p
    CROSS JOIN LATERAL generate_series(1, p.many) GROUP BY 1, 2
) x;
INSERT INTO endorsement (id, person_skill_id, endorser_id, created_at)
SELECT uuidv7(), id, md5('person' || endorser)::uuid, now() FROM (
    SELECT DISTINCT x.id, x.person_id, floor({{people}} * random())::int AS endorser
    FROM (SELECT id, person_id, (random() ^ 2 * 6)::int AS many FROM person_skill) x
    CROSS JOIN LATERAL generate_series(1, x.many)
) e WHERE md5('person' || endorser)::uuid <> person_id;
"""

COMMENTS = """
INSERT INTO comment (id, post_id, author_id, audience_id, body, removed, version, created_at)
SELECT uuidv7(), c.id, md5('person' || floor({people} * c.author)::int)::uuid, c.audience_id, {said}, FALSE, 1, c.at
FROM (
    SELECT p.id, p.audience_id, random() AS author, random() AS pick,
        p.published_at + random() * least(interval '3 days', now() - p.published_at) AS at
    FROM (SELECT id, audience_id, published_at, (random() ^ 3 * 12.75)::int AS many FROM post) p
    CROSS JOIN LATERAL generate_series(1, p.many)
) c;
"""

REACTIONS = """
INSERT INTO reaction (subject_id, person_id, emoji, created_at)
SELECT DISTINCT ON (r.id, r.emoji, r.person) r.id, md5('person' || r.person)::uuid, r.emoji, r.at FROM (
    SELECT s.id, s.at, floor({people} * random())::int AS person,
        (ARRAY['👍', '❤️', '🎉', '😂', '👏', '🙏'])[1 + floor(random() ^ 2 * 6)::int] AS emoji
    FROM (
        SELECT id, published_at AS at, (random() ^ 3 * 19.2)::int AS many FROM post
        UNION ALL SELECT id, created_at, (random() ^ 6 * 3)::int FROM message
    ) s CROSS JOIN LATERAL generate_series(1, s.many)
) r;
"""

TALK = f"""
CREATE TEMP TABLE talk AS
SELECT k, md5('conversation' || k)::uuid AS id, 2 + (random() ^ 2 * 12)::int AS members,
    4 + (random() ^ 3 * 112)::int AS messages, now() - random() * interval '300 days' AS at
FROM generate_series(0, {{people}} / {TALKERS} - 1) k;
INSERT INTO audience (id, kind) SELECT id, 'CONVERSATION' FROM talk;
INSERT INTO conversation (id, kind, title, purpose, sequence, receipts, version, created_by, created_at, moved_at)
SELECT id, 'GROUP', 'Talk ' || k, '', messages, 'NAMES', 1, md5('person' || k * {TALKERS})::uuid, at,
    at + messages * interval '1 hour'
FROM talk;
INSERT INTO conversation_member (conversation_id, person_id, role, since, read_up_to, seen_up_to, joined_at)
SELECT t.id, md5('person' || (t.k * {TALKERS} + j) % {{people}})::uuid, CASE WHEN j = 0 THEN 'OWNER' ELSE 'MEMBER' END,
    0, t.messages, 0, t.at
FROM talk t CROSS JOIN LATERAL generate_series(0, t.members - 1) j;
INSERT INTO audience_member (person_id, audience_id, listed)
SELECT person_id, conversation_id, TRUE FROM conversation_member;

CREATE TEMP TABLE saying AS
SELECT uuidv7() AS id, m.k, m.s, m.talk, m.pick, m.at,
    md5('person' || (m.k * {TALKERS} + floor(m.members * m.who)::int) % {{people}})::uuid AS author
FROM (
    SELECT t.k, t.id AS talk, t.members, s, random() AS who, random() AS pick, t.at + s * interval '1 hour' AS at
    FROM talk t CROSS JOIN LATERAL generate_series(1, t.messages) s
) m;
ANALYZE saying;
INSERT INTO message
    (id, conversation_id, sequence, author_id, body, reply_to_id, everyone, removed, version, created_at)
SELECT c.id, c.talk, c.s, c.author, {{said}}, o.id, FALSE, FALSE, 1, c.at
FROM saying c LEFT JOIN saying o ON o.k = c.k AND o.s = c.s - 3 AND c.s % 10 = 0;
"""

END = "DROP TABLE bench_saying, bench_word;"


@dataclass(frozen=True)
class Step:
    """A part of the company, and the statement that makes it."""

    name: str
    sql: str


def steps(people: int) -> list[Step]:
    """All that makes a company of so many people in an empty database of ours, in this order."""
    said = SAYING.format(pick="c.pick")
    bio = SAYING.format(pick="p.pick")
    made = {
        "words": SPEECH,
        "people, groups and posts": networks.statements(people, SAYING.format(pick="p.which")),
        "chart and profiles": CHART.format(people=people) + PROFILES.format(people=people, bio=bio),
        "skills": KNOWLEDGE.format(people=people),
        "comments": COMMENTS.format(people=people, said=said),
        "messages": TALK.format(people=people, said=said),
        "reactions": REACTIONS.format(people=people),
        "the rest": END,
    }
    return [Step(name, BEGIN.format(seed=0.5) + sql) for name, sql in made.items()]
