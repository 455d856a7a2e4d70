"""What holds for any file with chat in it: nothing stops it, a dry run tells the truth, and again changes nothing."""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest

from models import db
from tests import engine
from tests.exports.bringing import Bring

FILES = range(400 if os.environ.get("ATRIUM_FUZZ") else 12)
PEOPLE = tuple((f"person {n}", {"name": n}) for n in "123")
TYPES = ("conversation", "conversation_member", "message")

BROKEN = {
    "its number is that of its newest message": """
        SELECT 1 FROM conversation c WHERE c.sequence <> (
            SELECT coalesce(max(m.sequence), 0) FROM message m WHERE m.conversation_id = c.id)""",
    "messages have no gaps": """
        SELECT 1 FROM (SELECT count(*), max(sequence) FROM message GROUP BY conversation_id) x WHERE count <> max""",
    "a reply is to what began a thread before it": """
        SELECT 1 FROM message m JOIN message t ON t.id = m.reply_to_id
        WHERE t.conversation_id <> m.conversation_id OR t.reply_to_id IS NOT NULL OR t.sequence >= m.sequence""",
    "what is removed is empty": """
        SELECT 1 FROM message WHERE removed AND (body <> '' OR everyone OR pinned_at IS NOT NULL)""",
    "a direct conversation is of its two": """
        SELECT 1 FROM conversation c JOIN conversation_member m ON m.conversation_id = c.id
        WHERE strpos(c.pair, m.person_id::text) = 0""",
    "members are in its audience": """
        SELECT 1 FROM conversation_member s FULL JOIN (
            SELECT m.* FROM audience_member m JOIN conversation c ON c.id = m.audience_id) m
            ON m.audience_id = s.conversation_id AND m.person_id = s.person_id
        WHERE s.id IS NULL OR m.person_id IS NULL""",
    "only channels have a home and only direct ones a pair": """
        SELECT 1 FROM conversation
        WHERE kind <> 'CHANNEL' AND home_id IS NOT NULL OR kind = 'DIRECT' AND title <> ''""",
    "its audience stands as it does": """
        SELECT 1 FROM conversation c LEFT JOIN audience a ON a.id = c.id
        WHERE a.kind IS DISTINCT FROM 'CONVERSATION' OR a.read_only <> (c.archived_at IS NOT NULL)""",
    "nobody has read more than there is": """
        SELECT 1 FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id
        WHERE m.read_up_to > c.sequence OR m.since > c.sequence""",
}

Told = list[tuple[str, dict[str, Any]]]


def a_file(rng: Random) -> tuple[Told, list[str]]:
    """Records, and which of them are gone."""
    told: Told = [
        *((f"conversation {id}", _some(rng, _conversation(rng))) for id in "abcd" if rng.random() < 0.7),
        *((f"conversation_member {n}", _some(rng, _member(rng))) for n in range(5) if rng.random() < 0.8),
        *((f"message {n}", _some(rng, _message(rng, n))) for n in range(8) if rng.random() < 0.8),
    ]
    rng.shuffle(told)
    return told, [name for name, _ in told if rng.random() < 0.08]


def _some(rng: Random, fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if rng.random() < 0.9}


def _conversation(rng: Random) -> dict[str, Any]:
    return {
        "kind": rng.choice(["DIRECT", "GROUP", "CHANNEL", "GROUP", "CHANNEL", "ROOM", None]),
        "people": rng.choice([["1", "2"], ["2", "1"], ["3"], ["3", "3"], [], ["1", "2", "3"], ["1", "9"], "1", None]),
        "title": rng.choice(["One", "", " ", None, "x" * 101]),
        "purpose": rng.choice(["For all", None]),
        "home": rng.choice(["COMPANY", None, "MOON"]),
        "org_unit": rng.choice([None, None, None, "nowhere"]),
        "client_id": rng.choice(["1", "2", None]),
        "created_by": rng.choice(["1", "2", "9", None]),
        "retention_days": rng.choice([None, None, 30, 0, "no"]),
        "sequence": rng.choice([0, 7, -1, 1e30]),
        "archived_at": rng.choice([None, None, "2026-01-05T08:00:00Z", "now"]),
        "pair": rng.choice(["x", None]),
        "home_id": "00000000-0000-7000-8000-000000000001",
    }


def _member(rng: Random) -> dict[str, Any]:
    return {
        "conversation": rng.choice("abcd"),
        "person": rng.choice(["1", "2", "3", "9"]),
        "role": rng.choice(["OWNER", "MEMBER", "KING"]),
        "since": rng.choice([0, 3, -3, 1.5, "x"]),
        "read_up_to": rng.choice([0, 2, 10**18, None]),
    }


def _message(rng: Random, n: int) -> dict[str, Any]:
    return {
        "conversation": rng.choice("aabbcd"),
        "author": rng.choice(["1", "2", "3", "9", None]),
        "body": rng.choice(["Hello", "", "x" * 10_001, "Yes", "No"]),
        "reply_to": rng.choice([*map(str, range(8)), "99", None]),
        "sequence": rng.choice([None, 1, 2, 5, -1, 1e30, "x"]),
        "removed": rng.choice([True, False, False, None, "perhaps"]),
        "everyone": rng.choice([True, False]),
        "client_id": rng.choice(["1", "2", None]),
        "pinned_at": rng.choice(["2026-01-05T08:00:00Z", None]),
        "pinned_by": rng.choice(["1", None]),
        "created_at": rng.choice([f"2026-01-05T08:00:0{n}Z", None, "yesterday"]),
    }


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", FILES)
async def test_any_chat(bring: Bring, seed: int) -> None:
    rng = Random(seed)
    (before, gone_before), (now, gone) = a_file(rng), a_file(rng)
    await engine.empty()
    await bring(*PEOPLE, *before, gone=gone_before)

    dry = await bring(*now, gone=gone, dry_run=True)
    report = await bring(*now, gone=gone)

    assert (dry.summary(), dry.problems) == (report.summary(), report.problems)
    for name, sql in BROKEN.items():
        assert not await db.rows(sql), name
    # Of several records that are the same thing the last was taken; the others come in with later tries.
    for _ in range(4):
        await bring(*now, gone=gone)
    again = await bring(*now, gone=gone)
    assert [(again.of(type).created, again.of(type).updated) for type in TYPES] == [(0, 0)] * 3
    for name, sql in BROKEN.items():
        assert not await db.rows(sql), name
