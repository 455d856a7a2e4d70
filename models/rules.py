"""Rules, and their members, who follow what HR says of people: in the transaction that says it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db
from models.keys import uuid7
from models.lines import STEPS_MAX
from models.positions import on
from models.rule_terms import MEETING

RULE_NAME_MAX = 100  # characters
RULES_MAX = 500  # of one company, those of groups among them


class AudienceRule(Model):
    """A rule over attributes that HR owns, bound to the audience of the same key: one of its own, or a group's.

    `conditions` is what `models.rule_terms` reads. A snapshot keeps those who met it when it was saved.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=RULE_NAME_MAX, null=True)  # null for a group's
    conditions: fields.Field[dict[str, object]] = fields.JSONField()
    is_snapshot = fields.BooleanField(default=False)
    created_by = fields.UUIDField(null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "audience_rule"


# Whoever made a rule of its own belongs to it, as they post there; of a group's rule the group has owners.
RULES = """
SELECT a.id, a.conditions, a.is_snapshot AND NOT {anew} AS is_kept, a.name IS NULL AS is_group,
    CASE WHEN a.name IS NOT NULL THEN a.created_by END AS made_by
FROM audience_rule a WHERE {which}"""

# What was decided by hand comes before the rule: who is banned or was taken out stays out, who was let in stays in, and
# so does whoever was given a role. Who waits to be let in is in by the rule, unless they were taken out before.
# Nobody comes into an archived group; who meets its rule no more goes as ever, and sees it no more.
FOLLOW = f"""
WITH RECURSIVE {MEETING.format(rules="{rules}", people="{people}", day="$1::date")},
left_group AS (
    DELETE FROM membership m USING rule r
    WHERE m.group_id = r.id AND r.is_group AND m.status = 'MEMBER' AND m.source = 'RULE' AND m.role = 'MEMBER'
      AND {{concerned}} AND (r.id, m.person_id) NOT IN (SELECT met.rule_id, met.person_id FROM met)
    RETURNING m.group_id, m.person_id
), joined_group AS (
    INSERT INTO membership (group_id, person_id, role, status, source, joined_at, created_at)
    SELECT r.id, met.person_id, 'MEMBER', 'MEMBER', 'RULE', $2::timestamptz, $2::timestamptz
    FROM met JOIN rule r ON r.id = met.rule_id AND r.is_group JOIN groups g ON g.id = r.id AND g.archived_at IS NULL
    ORDER BY r.id, met.person_id
    ON CONFLICT (person_id, group_id) DO UPDATE
    SET status = 'MEMBER', source = 'RULE', joined_at = excluded.joined_at, by_id = NULL, expires_at = NULL
    WHERE membership.status IN ('REQUESTED', 'INVITED') AND membership.source <> 'RULE'
    RETURNING group_id, person_id
), gone AS (
    DELETE FROM audience_member m USING rule r
    WHERE m.audience_id = r.id AND {{concerned}} AND CASE
        WHEN r.is_group THEN (r.id, m.person_id) IN (SELECT g.group_id, g.person_id FROM left_group g)
        WHEN r.is_kept THEN m.person_id NOT IN (SELECT s.id FROM someone s)
        ELSE (r.id, m.person_id) NOT IN (SELECT met.rule_id, met.person_id FROM met) END
    RETURNING m.audience_id, m.person_id
), come AS (
    INSERT INTO audience_member (person_id, audience_id, listed)
    SELECT j.person_id, j.group_id, false FROM joined_group j
    UNION ALL
    SELECT met.person_id, r.id, false FROM met JOIN rule r ON r.id = met.rule_id AND NOT r.is_group AND NOT r.is_kept
    ORDER BY 2, 1
    ON CONFLICT (person_id, audience_id) DO NOTHING
    RETURNING audience_id, person_id
)
SELECT x.audience_id, x.person_id, x.is_in, r.is_group
FROM (SELECT gone.*, false AS is_in FROM gone UNION ALL SELECT come.*, true FROM come) x
JOIN rule r ON r.id = x.audience_id ORDER BY 1, 2
"""
FOLLOW_PEOPLE = FOLLOW.format(
    rules=RULES.format(anew="false", which="TRUE"),
    people="p.id = ANY($3::uuid[])",
    concerned="m.person_id = ANY($3::uuid[])",
)
# Only rules that name a unit above or below which something has moved, and only people of what has moved.
FOLLOW_TREE = FOLLOW.format(
    rules=RULES.format(
        anew="false",
        which="""EXISTS (
            SELECT 1 FROM unit_closure c
            WHERE c.descendant_id = ANY($4::uuid[]) AND (
                a.conditions->'units' ? c.ancestor_id::text OR a.conditions->'except_units' ? c.ancestor_id::text))""",
    ),
    people="""p.unit_id IN (SELECT c.descendant_id FROM unit_closure c WHERE c.ancestor_id = ANY($3::uuid[]))""",
    concerned="m.person_id IN (SELECT s.id FROM someone s)",
)
FOLLOW_REPORTING = FOLLOW.format(
    rules=RULES.format(anew="false", which="a.conditions ? 'is_manager'"), people="TRUE", concerned="TRUE"
)
FOLLOW_RULE = FOLLOW.format(rules=RULES.format(anew="true", which="a.id = $3"), people="TRUE", concerned="TRUE")

# Up from where something has changed: whoever stands right above, over positions that nobody holds.
LEADING = f"""
WITH RECURSIVE up (position_id, step) AS (
    SELECT x.id, 0 FROM unnest($1::uuid[]) AS x(id)
    WHERE EXISTS (SELECT 1 FROM audience_rule a WHERE a.conditions ? 'is_manager')
    UNION
    SELECT l.manager_id, up.step + 1
    FROM up JOIN reporting_line l ON l.position_id = up.position_id AND l.kind = 'SOLID' AND {on("l", "$2")}
    WHERE up.step = 0 OR up.step < {STEPS_MAX} AND NOT EXISTS (
        SELECT 1 FROM holding f WHERE f.position_id = up.position_id AND f.person_id IS NOT NULL AND {on("f", "$2")})
)
SELECT DISTINCT h.person_id FROM up
JOIN holding h ON h.position_id = up.position_id AND h.person_id IS NOT NULL AND {on("h", "$2")}
"""

Changes = list[asyncpg.Record]
"""Who came to an audience (`is_in`) or went: `audience_id`, `person_id`, and whether it is a group's (`is_group`)."""


async def follow(people: Sequence[uuid.UUID], day: date, now: datetime) -> Changes:
    """Make the members of all rules, of these people, those who meet them. Wants the transaction of the cause.

    Like whatever follows it wants the lock of the stream `ORG`, shared or not, so that nobody changes a rule meanwhile.
    """
    return await db.rows(FOLLOW_PEOPLE, day, now, people) if people else []


async def follow_tree(moved: Sequence[uuid.UUID], parents: Sequence[uuid.UUID], day: date, now: datetime) -> Changes:
    """The same after units have moved, below and from below these `parents`: for those who are in what has moved."""
    return await db.rows(FOLLOW_TREE, day, now, moved, parents) if moved and parents else []


async def follow_reporting(day: date, now: datetime) -> Changes:
    """The same for everybody, of the rules that ask whether somebody leads people: after many lines have changed."""
    return await db.rows(FOLLOW_REPORTING, day, now)


async def follow_rule(rule: uuid.UUID, day: date, now: datetime) -> Changes:
    """The same for everybody, of one rule that has changed; also of a snapshot."""
    return await db.rows(FOLLOW_RULE, day, now, rule)


async def leading(positions: Sequence[uuid.UUID], day: date) -> list[uuid.UUID]:
    """Who may have come to lead people, or do so no more, by changes of these positions, their holders and lines.

    Positions to which something reported before are among them. Nobody where no rule asks for it.
    """
    return [row[0] for row in await db.rows(LEADING, positions, day)] if positions else []
