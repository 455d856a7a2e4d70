"""Conversations and who is in them, as files hold it."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from atrium.imports.extras.declaring import CREATED, PERSON, Column, Extra, Given, found, ref, text
from atrium.imports.extras.telling import tell
from atrium.imports.report import Code
from models import db
from models.audiences import COMPANY
from models.conversations import (
    PURPOSE_MAX,
    RETENTION_DAYS_MAX,
    TITLE_MAX,
    ConversationKind,
    ConversationRole,
    ReceiptPolicy,
)
from subscriptions.chat import ConversationChanged, ConversationJoined, ConversationLeft, ConversationStarted

SEQUENCE_MAX = 1_000_000_000

# How far people have read is what our own exports alone can say: elsewhere messages have other numbers, or none.
NUMBERS = ("sequence", "since", "read_up_to", "seen_up_to")
STRANGE = "UPDATE extra SET f = f - $1::text[] WHERE f ?| $1::text[]"
UNFIT = f"""
UPDATE extra SET f = f - $1::text
WHERE CASE WHEN pg_input_is_valid(f->>$1, 'numeric') THEN (f->>$1)::numeric NOT BETWEEN 0 AND {SEQUENCE_MAX} END
"""

# What follows from other fields is not said; the key of one that is here no more is nobody's.
FORGET = (
    "UPDATE extra SET f = f - '{pair,home_id}'::text[] WHERE f ?| '{pair,home_id}'::text[]",
    """UPDATE extra e SET known = NULL
    WHERE known IS NOT NULL AND NOT EXISTS (SELECT 1 FROM conversation c WHERE c.id = e.known)""",
)
PAIRS = "CREATE TEMPORARY TABLE IF NOT EXISTS extra_pair (external_id text, pair text) ON COMMIT DROP"
FIND_PAIRS = f"""
INSERT INTO extra_pair
SELECT e.external_id, min(k.id::text COLLATE "C") || ':' || max(k.id::text COLLATE "C")
FROM extra e
CROSS JOIN LATERAL jsonb_array_elements_text(CASE jsonb_typeof(e.f->'people') WHEN 'array' THEN e.f->'people' END) x
CROSS JOIN LATERAL (SELECT {found("x", *PERSON)} AS id) k
WHERE e.f->>'kind' = 'DIRECT' AND NOT e.deleted
GROUP BY e.external_id HAVING count(DISTINCT k.id) IN (1, 2) AND count(*) = count(k.id)
"""
SET_PAIRS = """
UPDATE extra e SET f = f || jsonb_build_object('pair', p.pair) FROM extra_pair p WHERE p.external_id = e.external_id
"""

REFUSED = (
    (
        "e.f->>'kind' = 'DIRECT' AND e.f->>'pair' IS NULL AND e.known IS NULL",
        *(Code.MISSING_FIELD, "people"),
        "A direct conversation is of one or two people, and they are not all here: it was left out. Name them.",
    ),
    (
        "e.f->>'kind' = 'CHANNEL' AND coalesce(btrim(e.f->>'title'), '') = '' AND e.known IS NULL",
        *(Code.MISSING_FIELD, "title"),
        "A channel is found by its title: it was left out. Give it one.",
    ),
    (
        f"""CASE WHEN pg_input_is_valid(e.f->>'retention_days', 'integer')
            THEN (e.f->>'retention_days')::integer NOT BETWEEN 1 AND {RETENTION_DAYS_MAX} END""",
        *(Code.BAD_VALUE, "retention_days"),
        f"Messages are kept for 1 to {RETENTION_DAYS_MAX} days, or for ever: it was left out. Correct it.",
    ),
)
"""Conditions on which a conversation is left out, with the code, the field and the sentence for it."""

# Of one that is here already, its kind and whose it is stay as they are, and its numbers never go back.
KEEP = """
UPDATE extra e SET f = e.f - '{client_id,created_by}'::text[] || jsonb_build_object(
    'kind', t.kind, 'pair', t.pair, 'sequence', greatest((e.f->>'sequence')::bigint, t.sequence))
FROM conversation t WHERE t.id = e.id AND NOT e.deleted
"""
FIT = (
    "UPDATE extra SET f = f - '{title,purpose}'::text[] WHERE f->>'kind' = 'DIRECT'",
    """UPDATE extra SET f = f - 'title'
    WHERE btrim(f->>'title') = '' OR (f->>'kind' = 'CHANNEL' AND f->>'title' IS NULL)""",
    """UPDATE extra e SET f = f - 'client_id' FROM (
        SELECT x.external_id, row_number() OVER (PARTITION BY x.ref_created_by, x.f->>'client_id' ORDER BY line) > 1
            OR EXISTS (SELECT 1 FROM conversation t WHERE t.created_by = x.ref_created_by
                       AND t.client_id = x.f->>'client_id' AND t.id <> x.id) AS is_taken
        FROM extra x WHERE x.f->>'client_id' IS NOT NULL AND x.ref_created_by IS NOT NULL AND x.id IS NOT NULL
    ) y WHERE y.external_id = e.external_id AND y.is_taken""",
)
SET_HOMES = f"""
UPDATE extra e SET f = f || jsonb_build_object('home_id', CASE
    WHEN f->>'kind' <> 'CHANNEL' THEN NULL
    WHEN f->>'org_unit' IS NOT NULL THEN ref_org_unit WHEN f->>'group' IS NOT NULL THEN ref_group
    WHEN f ? 'home' AND f->>'home' IS NULL THEN NULL ELSE '{COMPANY}'::uuid END)
WHERE id IS NOT NULL AND NOT deleted AND (is_new OR f ?| '{{home,org_unit,group}}'::text[])
"""
ADD_AUDIENCES = """
INSERT INTO audience (id, kind) SELECT id, 'CONVERSATION' FROM extra WHERE is_new AND NOT deleted
ON CONFLICT (id) DO NOTHING
"""
SET_AUDIENCES = """
UPDATE audience a SET read_only = c.archived_at IS NOT NULL
FROM conversation c JOIN extra e ON e.id = c.id WHERE a.id = c.id
"""
# The two of a direct conversation are in it, whether a file says so or not.
ENROL = """
INSERT INTO conversation_member (conversation_id, person_id, role, since, read_up_to, seen_up_to, joined_at)
SELECT DISTINCT c.id, p.id::uuid, 'MEMBER', 0, c.sequence, 0, c.created_at
FROM extra e JOIN conversation c ON c.id = e.id CROSS JOIN LATERAL unnest(string_to_array(c.pair, ':')) p(id)
WHERE e.is_new AND EXISTS (SELECT 1 FROM person x WHERE x.id = p.id::uuid)
ON CONFLICT (conversation_id, person_id) DO NOTHING
"""
LET_IN = """
INSERT INTO audience_member (person_id, audience_id, listed)
SELECT m.person_id, m.conversation_id, true
FROM conversation_member m WHERE m.conversation_id IN (SELECT {conversation} FROM extra WHERE id IS NOT NULL)
ON CONFLICT (person_id, audience_id) DO NOTHING
"""

# A tombstone may hold nothing but its id: then all conversations are looked at.
HAS_TOMBSTONES = "SELECT EXISTS (SELECT 1 FROM extra WHERE deleted)"
NAMED = "c.id IN (SELECT ref_conversation FROM extra)"
LET_OUT = """
DELETE FROM audience_member a USING conversation c
WHERE a.audience_id = c.id AND {which}
  AND NOT EXISTS (SELECT 1 FROM conversation_member m WHERE m.conversation_id = c.id AND m.person_id = a.person_id)
RETURNING a.audience_id, a.person_id
"""
COME = """
SELECT ref_conversation, ref_person FROM extra WHERE is_new AND NOT deleted AND id IS NOT NULL ORDER BY 1, 2
"""
INTRUDERS = """
SELECT e.line, e.external_id FROM extra e
WHERE NOT e.deleted AND NOT e.is_same AND e.ref_person IS NOT NULL AND (
    EXISTS (SELECT 1 FROM extra_pair p
            WHERE p.external_id = e.f->>'conversation' AND strpos(p.pair, e.ref_person::text) = 0)
    OR EXISTS (SELECT 1 FROM conversation c WHERE c.id = e.ref_conversation AND strpos(c.pair, e.ref_person::text) = 0))
ORDER BY e.line
"""
CLAMP = """
UPDATE extra e SET f = f || jsonb_build_object($1::text, c.sequence) FROM conversation c
WHERE c.id = e.ref_conversation AND CASE WHEN NOT e.deleted THEN (f->>$1)::bigint > c.sequence END
"""


async def _fit(given: Given) -> None:
    for statement in (*FORGET, PAIRS):
        await db.execute(statement)
    await fit_numbers(given)
    await db.execute(FIND_PAIRS, given.source)
    await db.execute("CREATE INDEX ON extra_pair (external_id)")
    await db.execute("ANALYZE extra_pair")
    await db.execute(SET_PAIRS)
    for condition, code, field, message in REFUSED:
        rows = await db.rows(f"SELECT e.line, e.external_id FROM extra e WHERE {ASKED} AND {condition} ORDER BY e.line")
        await _leave_out(rows, code, field, message, given, "conversation")


async def fit_numbers(given: Given) -> None:
    """Take away the numbers of messages that cannot be any, and those of another system."""
    if not given.is_own:
        await db.execute(STRANGE, [*NUMBERS, "moved_at"])
    for number in NUMBERS:
        await db.execute(UNFIT, number)


async def _make_ready(_: Given) -> None:
    for statement in (KEEP, *FIT, SET_HOMES, ADD_AUDIENCES):
        await db.execute(statement)


async def _after_conversations(given: Given) -> None:
    await db.execute(SET_AUDIENCES)
    await db.execute(ENROL)
    await db.execute(LET_IN.format(conversation="id"))
    rows = await db.rows("SELECT id, is_new FROM extra WHERE id IS NOT NULL ORDER BY id")
    kinds = {True: ConversationStarted, False: ConversationChanged}
    await tell([kinds[row["is_new"]](row["id"]) for row in rows], given)


async def _fit_members(given: Given) -> None:
    await db.execute(PAIRS)
    await fit_numbers(given)
    message = "A direct conversation is of its two people alone: the record was left out. Make it a group."
    await _leave_out(await db.rows(INTRUDERS), Code.BAD_VALUE, "person", message, given, "conversation_member")


async def _clamp(_: Given) -> None:
    for number in NUMBERS[1:]:
        await db.execute(CLAMP, number)


async def _let_in_and_out(given: Given) -> None:
    await db.execute(LET_IN.format(conversation="ref_conversation"))
    await db.execute("ANALYZE conversation_member, audience_member")  # whose size nobody knows yet
    await tell([ConversationJoined(*row) for row in await db.rows(COME)], given)
    # Not quiet: whoever looks on must not keep sight of what they have just lost.
    gone = await db.rows(LET_OUT.format(which="true" if await db.value(HAS_TOMBSTONES) else NAMED))
    await tell([ConversationLeft(*row) for row in gone], given, quiet=False)


ASKED = "NOT e.deleted AND NOT e.is_same"


async def _leave_out(
    rows: Sequence[asyncpg.Record], code: Code, field: str, message: str, given: Given, type: str
) -> None:
    for row in rows:
        given.report.error(row["line"], row["external_id"], code, field, message, type=type)
    if rows:
        await db.execute("DELETE FROM extra WHERE external_id = ANY($1::text[])", [r["external_id"] for r in rows])


CONVERSATION = Extra(
    "conversation",
    (
        Column("kind", one_of=tuple(ConversationKind), needed=True),
        Column("pair", "varchar(73)"),
        text("title", TITLE_MAX),
        text("purpose", PURPOSE_MAX, default="''"),
        ref("", "org_unit", "org_unit", strict=True),
        ref("", "group", "group", strict=True),
        Column("", field="home", one_of=("COMPANY", "UNIT", "GROUP")),
        Column("home_id", "uuid"),
        Column(
            "receipts",
            one_of=tuple(ReceiptPolicy),
            default=f"CASE e.f->>'kind' WHEN 'CHANNEL' THEN '{ReceiptPolicy.OFF}' ELSE '{ReceiptPolicy.NAMES}' END",
        ),
        Column("retention_days", "integer"),
        Column("sequence", "bigint", default="0"),
        text("client_id", 100),
        ref("created_by", "created_by", *PERSON),
        Column("version", "integer", default="1"),
        CREATED,
        Column("moved_at", "timestamptz", default="coalesce((e.f->>'created_at')::timestamptz, e.now)"),
        Column("archived_at", "timestamptz"),
    ),
    natural=("pair",),
    before=_fit,
    ready=_make_ready,
    after=_after_conversations,
    end="archived_at = coalesce(t.archived_at, e.now)",
)
CONVERSATION_MEMBER = Extra(
    "conversation_member",
    (
        ref("conversation_id", "conversation", "conversation", needed=True),
        ref("person_id", "person", *PERSON, needed=True),
        Column("role", one_of=tuple(ConversationRole), default=f"'{ConversationRole.MEMBER}'"),
        Column("since", "bigint", default="0"),
        Column(
            *("read_up_to", "bigint"),
            default="(SELECT c.sequence FROM conversation c WHERE c.id = e.ref_conversation)",
        ),
        Column("seen_up_to", "bigint", default="0"),
        Column("muted_until", "timestamptz"),
        ref("added_by", "added_by", *PERSON),
        Column("joined_at", "timestamptz", default="e.now"),
    ),
    natural=("conversation_id", "person_id"),
    keyless=True,
    before=_fit_members,
    ready=_clamp,
    after=_let_in_and_out,
)
