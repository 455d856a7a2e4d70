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
        SELECT 1 FROM post o FULL JOIN (SELECT * FROM revision r WHERE r.subject_id NOT IN (SELECT id FROM message)) x
            ON x.subject_id = o.id
        WHERE (o.edited_at IS NOT NULL) <> (x.id IS NOT NULL) OR o.version <> coalesce(x.version, 0) + 1
            OR x.body = ''""",
    "what is passed on is for the whole company": """
        SELECT 1 FROM post o JOIN post x ON x.id = o.shared_id JOIN audience a ON a.id = x.audience_id
        WHERE a.kind <> 'COMPANY' OR x.published_at >= o.published_at""",
}
CHAT_WRONG: dict[str, str] = {
    "whoever writes is in it by then": """
        SELECT 1 FROM message x LEFT JOIN conversation_member m
            ON m.conversation_id = x.conversation_id AND m.person_id = x.author_id
        WHERE m.id IS NULL OR m.joined_at > x.created_at""",
    "so is whoever reacts, and not to what is removed, nor to themselves": """
        SELECT 1 FROM reaction r JOIN message x ON x.id = r.subject_id LEFT JOIN conversation_member m
            ON m.conversation_id = x.conversation_id AND m.person_id = r.person_id
        WHERE m.id IS NULL OR m.joined_at > r.created_at OR x.removed OR r.created_at < x.created_at
            OR r.person_id = x.author_id""",
    "nobody is in it before they are in the company": """
        SELECT 1 FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id
        JOIN person p ON p.id = m.person_id WHERE m.joined_at < p.created_at OR m.joined_at < c.created_at""",
    "messages follow each other without gaps, in the order of time": """
        SELECT 1 FROM (
            SELECT x.sequence, x.created_at, c.sequence AS newest, c.moved_at, c.created_at AS begun, c.archived_at,
                row_number() OVER w AS place, lag(x.created_at) OVER w AS before
            FROM message x JOIN conversation c ON c.id = x.conversation_id
            WINDOW w AS (PARTITION BY c.id ORDER BY x.sequence)
        ) y WHERE y.sequence <> y.place OR y.before > y.created_at OR y.sequence > y.newest OR y.created_at < y.begun
            OR y.created_at > y.moved_at OR y.created_at > y.archived_at""",
    "its number and its time are those of the newest message": """
        SELECT 1 FROM conversation c LEFT JOIN LATERAL (
            SELECT sequence, created_at FROM message x WHERE x.conversation_id = c.id ORDER BY sequence DESC LIMIT 1
        ) x ON true
        WHERE c.sequence <> coalesce(x.sequence, 0) OR c.moved_at <> coalesce(x.created_at, c.created_at)""",
    "a reply is to what began a thread before it": """
        SELECT 1 FROM message x JOIN message t ON t.id = x.reply_to_id
        WHERE t.conversation_id <> x.conversation_id OR t.reply_to_id IS NOT NULL OR t.sequence >= x.sequence""",
    "a removed message has no text, and nothing hangs on it": """
        SELECT 1 FROM message x WHERE x.removed AND (x.body <> '' OR x.everyone OR x.pinned_at IS NOT NULL
            OR EXISTS (SELECT 1 FROM mention n WHERE n.subject_id = x.id)
            OR EXISTS (SELECT 1 FROM revision r WHERE r.subject_id = x.id))""",
    "an edited message has its revision": """
        SELECT 1 FROM message x LEFT JOIN revision r ON r.subject_id = x.id
        WHERE (x.edited_at IS NOT NULL) <> (r.id IS NOT NULL) OR r.body = x.body OR r.body = ''""",
    "whoever is named reads it": """
        SELECT 1 FROM mention n JOIN message x ON x.id = n.subject_id LEFT JOIN conversation_member m
            ON m.conversation_id = x.conversation_id AND m.person_id = n.person_id
        WHERE m.id IS NULL OR m.since >= x.sequence OR n.conversation_id <> x.conversation_id""",
    "everyone is named by those words": """
        SELECT 1 FROM message x WHERE x.everyone <> (x.body ~ '^@(everyone|here)\\M')""",
    "nobody has read more than there is, nor less than they have written": """
        SELECT 1 FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id
        WHERE m.read_up_to > c.sequence OR m.since > m.read_up_to OR m.read_up_to < (
            SELECT coalesce(max(x.sequence), 0) FROM message x
            WHERE x.conversation_id = c.id AND x.author_id = m.person_id)""",
    "its members are in its audience": """
        SELECT 1 FROM conversation_member s FULL JOIN (
            SELECT m.* FROM audience_member m JOIN conversation c ON c.id = m.audience_id) m
            ON m.audience_id = s.conversation_id AND m.person_id = s.person_id
        WHERE s.id IS NULL OR m.person_id IS NULL OR NOT m.listed""",
    "its audience is one of a conversation": """
        SELECT 1 FROM conversation c JOIN audience a ON a.id = c.id
        WHERE a.kind <> 'CONVERSATION' OR a.open OR a.read_only <> (c.archived_at IS NOT NULL)""",
    "a group or a channel has one owner, and a direct one none": """
        SELECT 1 FROM conversation c WHERE (c.kind <> 'DIRECT')::integer <> (
            SELECT count(*) FROM conversation_member m WHERE m.conversation_id = c.id AND m.role = 'OWNER')""",
    "two people are those of their pair": """
        SELECT 1 FROM conversation c JOIN conversation_member m ON m.conversation_id = c.id
        WHERE c.kind = 'DIRECT' AND strpos(c.pair, m.person_id::text) = 0""",
    "a large one is without receipts, and few messages are pinned": """
        SELECT 1 FROM conversation c WHERE c.receipts <> 'OFF' AND 50 < (
            SELECT count(*) FROM conversation_member m WHERE m.conversation_id = c.id)
        OR 50 < (SELECT count(*) FROM message x WHERE x.conversation_id = c.id AND x.pinned_at IS NOT NULL)""",
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
CHATS = """
WITH me AS (SELECT * FROM person WHERE email = $1), mine AS (
    SELECT c.*, w.read_up_to, (SELECT count(*) FROM message m WHERE m.conversation_id = c.id AND NOT m.removed
        AND m.author_id <> w.person_id AND m.sequence > w.read_up_to) AS unread
    FROM me JOIN conversation_member w ON w.person_id = me.id JOIN conversation c ON c.id = w.conversation_id
)
SELECT array_agg(DISTINCT kind ORDER BY kind) AS kinds, count(*) AS count, count(*) FILTER (WHERE unread > 0) AS unread,
       (SELECT count(*) FROM mention n JOIN me ON me.id = n.person_id WHERE n.conversation_id IS NOT NULL) AS named
FROM mine
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
    rules = {**WRONG, **{f"chat: {name}": sql for name, sql in CHAT_WRONG.items()}}

    wrong = {name: await db.value(f"SELECT count(*) FROM ({sql}) x") for name, sql in rules.items()}

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


async def test_the_four_find_conversations_with_something_unread(company: Company) -> None:
    found: dict[str, list[str]] = {}
    for account in ("admin", "head", "member", "guest"):
        row = await db.row(CHATS, f"{account}@atrium.example")
        assert row is not None
        found[account] = row["kinds"]
        assert row["named"] > 0, account
        assert (row["count"], row["unread"]) == (1, 1) if account == "guest" else 2 < row["unread"] < row["count"] / 2

    everything = ["CHANNEL", "DIRECT", "GROUP"]
    assert found == {"admin": everything, "head": everything, "member": everything, "guest": ["GROUP"]}


async def test_there_is_some_of_all_that_chat_can_do(company: Company) -> None:
    one = await db.row(
        """SELECT count(*) FILTER (WHERE removed), count(*) FILTER (WHERE edited_at IS NOT NULL),
               count(*) FILTER (WHERE pinned_at IS NOT NULL), count(*) FILTER (WHERE everyone), count(reply_to_id)
           FROM message"""
    )
    homes = await db.rows(
        "SELECT DISTINCT a.kind FROM conversation c JOIN audience a ON a.id = c.home_id"
        " WHERE c.kind = 'CHANNEL' ORDER BY 1"
    )

    assert one is not None
    assert min(one) > 0
    assert [row[0] for row in homes] == ["COMPANY", "GROUP", "UNIT"]
    assert await db.value("SELECT count(*) FROM conversation WHERE archived_at IS NOT NULL") == 1
    assert await db.value("SELECT count(*) FROM timer WHERE kind = 'expire_messages'") == 1


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
