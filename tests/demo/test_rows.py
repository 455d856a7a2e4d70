"""The rows of the demonstration company keep the rules that the actions keep; the four accounts find all there is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from atrium.demo.company import Company
from atrium.demo.load import load
from auth.passwords import Hasher
from models import db
from tests.exports.test_export import unheard

TODAY = datetime(2026, 3, 18, 9, 30, tzinfo=UTC)

WITHIN = """(
    a.kind = 'COMPANY' AND NOT p.is_guest
    OR a.kind = 'UNIT' AND EXISTS (
        SELECT 1 FROM unit_closure c WHERE c.ancestor_id = a.id AND c.descendant_id = p.unit_id)
    OR EXISTS (SELECT 1 FROM audience_member m WHERE m.audience_id = a.id AND m.person_id = p.id)
)"""
READS = f"({WITHIN} OR a.open AND NOT p.is_guest)"
GROUP_TIME = "LEFT JOIN membership s ON s.group_id = a.id AND s.person_id = p.id LEFT JOIN groups g ON g.id = a.id"
TOO_SOON = "p.created_at > {at} OR s.joined_at > {at} OR g.archived_at <= {at}"

WRONG: dict[str, str] = {
    "a post is by somebody of its audience, at that time": f"""
        SELECT 1 FROM post x JOIN person p ON p.id = x.author_id JOIN audience a ON a.id = x.audience_id {GROUP_TIME}
        WHERE NOT {WITHIN} OR {TOO_SOON.format(at="x.created_at")}""",
    "so is a comment": f"""
        SELECT 1 FROM comment x JOIN person p ON p.id = x.author_id JOIN audience a ON a.id = x.audience_id {GROUP_TIME}
        WHERE NOT {WITHIN} OR {TOO_SOON.format(at="x.created_at")}""",
    "so is a reaction": f"""
        SELECT 1 FROM reaction x LEFT JOIN comment c ON c.id = x.subject_id
        JOIN post o ON o.id = coalesce(c.post_id, x.subject_id) JOIN person p ON p.id = x.person_id
        JOIN audience a ON a.id = o.audience_id {GROUP_TIME}
        WHERE NOT {WITHIN} OR {TOO_SOON.format(at="x.created_at")} OR c.removed OR o.status <> 'PUBLISHED'
            OR x.created_at < coalesce(c.created_at, o.published_at)""",
    "a vote is by somebody who may vote": f"""
        SELECT 1 FROM poll_vote x JOIN post o ON o.id = x.poll_id JOIN person p ON p.id = x.person_id
        JOIN audience a ON a.id = o.audience_id WHERE NOT {WITHIN} OR o.kind <> 'POLL' OR o.status <> 'PUBLISHED'""",
    "a poll has one vote a person, unless it is of many": """
        SELECT 1 FROM (SELECT v.poll_id, v.person_id FROM poll_vote v JOIN poll x ON x.id = v.poll_id
                       WHERE NOT x.is_multiple GROUP BY 1, 2 HAVING count(*) > 1) y""",
    "a poll is a post's of that kind": """
        SELECT 1 FROM post o FULL JOIN poll x ON x.id = o.id
        WHERE (o.kind = 'POLL' AND o.status = 'PUBLISHED') IS DISTINCT FROM (x.id IS NOT NULL)""",
    "whoever is named reads it": f"""
        SELECT 1 FROM mention x JOIN post o ON o.id = x.post_id JOIN person p ON p.id = x.person_id
        JOIN audience a ON a.id = o.audience_id WHERE NOT {READS}""",
    "whoever has seen or kept a post reads it": f"""
        SELECT 1 FROM (SELECT post_id, person_id FROM seen UNION ALL SELECT post_id, person_id FROM bookmark) x
        JOIN post o ON o.id = x.post_id JOIN person p ON p.id = x.person_id
        JOIN audience a ON a.id = o.audience_id WHERE NOT {READS} OR o.status <> 'PUBLISHED'""",
    "whoever acknowledges a post must read it": f"""
        SELECT 1 FROM acknowledgement x JOIN post o ON o.id = x.post_id JOIN person p ON p.id = x.person_id
        JOIN audience a ON a.id = o.audience_id JOIN must_read m ON m.id = o.id
        WHERE NOT {WITHIN} OR x.round > m.round OR x.acknowledged_at < m.required_at""",
    "a post's tags are where it is": """
        SELECT 1 FROM post_tag x JOIN post o ON o.id = x.post_id WHERE x.audience_id <> o.audience_id
            OR x.published_at IS DISTINCT FROM CASE WHEN o.status = 'PUBLISHED' THEN o.published_at END""",
    "a restricted tag is put by those who speak for the company": """
        SELECT 1 FROM post_tag x JOIN tag t ON t.id = x.tag_id JOIN post o ON o.id = x.post_id WHERE t.restricted
            AND NOT EXISTS (SELECT 1 FROM role_grant r WHERE r.person_id = o.author_id AND r.role = 'COMMUNICATOR')""",
    "a group's members are in its audience": """
        SELECT 1 FROM (SELECT group_id, person_id FROM membership WHERE status = 'MEMBER') s
        FULL JOIN (SELECT m.audience_id, m.person_id FROM audience_member m JOIN groups ON groups.id = m.audience_id) m
            ON m.audience_id = s.group_id AND m.person_id = s.person_id
        WHERE s.group_id IS NULL OR m.audience_id IS NULL""",
    "its audience is as open as it is": """
        SELECT 1 FROM groups g JOIN audience a ON a.id = g.id
        WHERE a.open <> (g.visibility = 'OPEN') OR a.read_only <> (g.archived_at IS NOT NULL)""",
    "a group has an owner": """
        SELECT 1 FROM groups g WHERE NOT EXISTS (
            SELECT 1 FROM membership s WHERE s.group_id = g.id AND s.role = 'OWNER' AND s.status = 'MEMBER')""",
    "what is removed has no text": """
        SELECT 1 FROM post WHERE status = 'REMOVED' AND (body <> '' OR title IS NOT NULL OR praise_value IS NOT NULL)
        UNION ALL SELECT 1 FROM comment WHERE removed AND body <> ''""",
    "a removed comment keeps its place for its replies alone": """
        SELECT 1 FROM comment x JOIN post o ON o.id = x.post_id WHERE o.status = 'PUBLISHED' AND x.removed
            AND x.kept <> EXISTS (SELECT 1 FROM comment y WHERE y.reply_to_id = x.id AND NOT y.removed)""",
    "an answer is a comment on its question": """
        SELECT 1 FROM post o JOIN comment x ON x.id = o.accepted_id
        WHERE x.post_id <> o.id OR x.removed OR o.kind <> 'QUESTION'""",
    "an edited post has its revision": """
        SELECT 1 FROM post o FULL JOIN revision x ON x.subject_id = o.id
        WHERE (o.edited_at IS NOT NULL) <> (x.id IS NOT NULL) OR o.version <> coalesce(x.version, 0) + 1
            OR x.body = ''""",
    "what is passed on is for the whole company": """
        SELECT 1 FROM post o JOIN post x ON x.id = o.shared_id JOIN audience a ON a.id = x.audience_id
        WHERE a.kind <> 'COMPANY' OR x.published_at >= o.published_at""",
}

FOUND = """
WITH me AS (SELECT * FROM person WHERE email = $1)
SELECT (SELECT count(*) FROM post o, me WHERE o.author_id = me.id AND o.status = 'DRAFT') AS drafts,
       (SELECT count(*) FROM mention x, me WHERE x.person_id = me.id) AS mentions,
       (SELECT count(*) FROM bookmark x, me WHERE x.person_id = me.id) AS bookmarks,
       (SELECT count(*) FROM seen x, me WHERE x.person_id = me.id) AS seen,
       (SELECT count(*) FROM membership x, me WHERE x.person_id = me.id AND x.status = 'MEMBER') AS groups,
       (SELECT count(*) FROM post o, me WHERE o.author_id = me.id AND o.status = 'PUBLISHED') AS posts
"""
MUST_READ = f"""
SELECT count(*) FROM must_read m JOIN post o ON o.id = m.id JOIN audience a ON a.id = o.audience_id
JOIN person p ON p.email = $1 WHERE {WITHIN} AND o.author_id <> p.id
AND NOT EXISTS (SELECT 1 FROM acknowledgement k WHERE k.post_id = m.id AND k.person_id = p.id)
"""


@pytest.fixture
async def company(database: None, hasher: Hasher, request: pytest.FixtureRequest) -> Company:
    made = Company.generate(300, 1, 30, TODAY)
    await load(made, password="made for this test", hasher=hasher, now=TODAY, progress=unheard)
    return made


async def test_no_row_breaks_a_rule(company: Company) -> None:
    wrong = {name: await db.value(f"SELECT count(*) FROM ({sql}) x") for name, sql in WRONG.items()}

    assert {name: count for name, count in wrong.items() if count} == {}


async def test_every_table_of_the_feed_has_rows(company: Company) -> None:
    tables = (
        *("groups", "membership", "tag", "tag_synonym", "merged_tag", "tag_follow", "post_tag", "praised_person"),
        *("revision", "poll", "poll_option", "poll_vote", "reaction", "mention", "seen", "bookmark", "must_read"),
        *("acknowledgement", "delegate"),
    )

    counts = {table: await db.value(f"SELECT count(*) FROM {table}") for table in tables}

    assert [table for table, count in counts.items() if not count] == []
    assert set(await db.value("SELECT array_agg(DISTINCT kind) FROM post")) == {
        *("DISCUSSION", "QUESTION", "ANNOUNCEMENT", "ARTICLE", "PRAISE", "IDEA", "POLL")
    }


async def test_the_four_find_something_in_every_place(company: Company) -> None:
    found: dict[str, set[str]] = {}
    for account in ("admin", "head", "member", "guest"):
        email = f"{account}@atrium.example"
        row = await db.row(FOUND, email)
        assert row is not None
        found[account] = {name for name, count in row.items() if not count}
        found[account] |= set() if await db.value(MUST_READ, email) else {"must-reads"}

    assert found == {"admin": set(), "head": set(), "member": set(), "guest": {"posts", "must-reads"}}


async def test_the_member_is_in_a_secret_group_and_the_administrator_is_not(company: Company) -> None:
    inside = await db.rows(
        "SELECT p.email FROM groups g JOIN membership s ON s.group_id = g.id JOIN person p ON p.id = s.person_id"
        " WHERE g.visibility = 'SECRET' AND p.email ~ '^(admin|head|member|guest)@' ORDER BY 1"
    )

    assert [row[0] for row in inside] == ["head@atrium.example", "member@atrium.example"]


async def test_what_is_to_happen_later_has_its_timer(company: Company) -> None:
    timers = {row[0]: row[1] for row in await db.rows("SELECT kind, count(*) FROM timer GROUP BY 1")}

    assert timers["publish_post"] == 2
    assert timers["reading_reminder"] >= 2
