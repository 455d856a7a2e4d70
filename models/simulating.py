"""Rules tried out: whom one would mean, and what it would do to a group, before it is saved."""

from __future__ import annotations

import uuid
from datetime import date

import asyncpg

from models import db
from models.rule_terms import MEETING, Conditions

TRIED = MEETING.format(
    rules="SELECT NULL::uuid AS made_by, gen_random_uuid() AS id, $2::jsonb AS conditions",
    people="TRUE",
    day="$1::date",
)
"""Common tables, the last of them `met`, of one rule that is not stored: $1 is the day, $2 its conditions."""

# Whom the rule cannot take out: who was let in by hand, or was given a role. Whom it cannot let in: who was taken out.
COUNTS = f"""
WITH RECURSIVE {TRIED},
standing AS (
    SELECT CASE WHEN m.status IN ('REQUESTED', 'INVITED') AND m.source = 'RULE' THEN 'REMOVED' ELSE m.status END
            AS status,
        m.source = 'RULE' AND m.role = 'MEMBER' AS by_rule,
        m.person_id IN (SELECT x.person_id FROM met x) AS meets
    FROM membership m WHERE m.group_id = $3
)
SELECT (SELECT count(*) FROM met) AS people, (SELECT count(*) FROM someone) AS everybody,
    (SELECT count(*) FROM met) - (
        SELECT count(*) FROM standing WHERE meets AND status IN ('MEMBER', 'BANNED', 'REMOVED')) AS would_join,
    (SELECT count(*) FROM standing WHERE status = 'MEMBER' AND by_rule AND NOT meets) AS would_leave,
    (SELECT count(*) FROM standing WHERE status = 'MEMBER' AND NOT by_rule AND NOT meets) AS stay,
    (SELECT count(*) FROM standing WHERE status IN ('BANNED', 'REMOVED') AND meets) AS kept_out
"""


async def counts(conditions: Conditions, day: date, group: uuid.UUID | None) -> asyncpg.Record:
    """How many `people` would meet the conditions of all (`everybody`), and what a group would come to.

    Of the group: who `would_join` and `would_leave`, who would `stay` or be `kept_out` by hand.
    """
    found = await db.row(COUNTS, day, conditions.json(), group)
    assert found is not None
    return found
