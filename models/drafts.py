"""Re-org drafts: sets of changes of the org chart that are tried before their day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models import db
from models.keys import uuid7
from models.positions import on

DRAFT_NAME_MAX = 200  # characters
CHANGES_MAX = 200  # of one draft: nobody else changes the chart while they are tried


class DraftStatus(StrEnum):
    """Where a draft is in its life."""

    DRAFT = "DRAFT"
    APPLIED = "APPLIED"
    WITHDRAWN = "WITHDRAWN"


class OrgDraft(Model):
    """A set of changes that take effect together, on one day."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=DRAFT_NAME_MAX)
    effective_on = fields.DateField()
    status = fields.CharEnumField(DraftStatus, max_length=16, default=DraftStatus.DRAFT)
    author_id = fields.UUIDField(null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    applied_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "org_draft"


class OrgDraftChange(Model):
    """One change of a draft; they are applied by `rank`. `refs` holds its ids and texts, as its kind wants."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    draft_id = fields.UUIDField(db_index=True)
    rank = fields.IntField()
    kind = fields.CharField(max_length=40)
    refs: fields.Field[dict[str, object]] = fields.JSONField(default=dict)

    class Meta(Model.Meta):
        table = "org_draft_change"


Ids = Sequence[uuid.UUID]

NEXT_RANK = "SELECT coalesce(max(rank) + 1, 0), count(*) FROM org_draft_change WHERE draft_id = $1"

# A position without a title is told by who holds it.
NAMES = f"""
SELECT id, name FROM person WHERE id = ANY($1::uuid[])
UNION ALL SELECT u.id, coalesce(t.name, u.name)
FROM org_unit u LEFT JOIN unit_term t ON t.unit_id = u.id AND {on("t", "$2")} WHERE u.id = ANY($1::uuid[])
UNION ALL SELECT p.id, concat_ws(', ', nullif(coalesce(t.title, p.title), ''), (
    SELECT string_agg(h.name, ', ' ORDER BY h.name)
    FROM (SELECT DISTINCT n.name FROM holding x JOIN person n ON n.id = x.person_id
          WHERE x.position_id = p.id AND {on("x", "$2")} LIMIT 3) h))
FROM position p LEFT JOIN position_term t ON t.position_id = p.id AND {on("t", "$2")} WHERE p.id = ANY($1::uuid[])
"""

AFFECTED = f"""
WITH RECURSIVE below AS (
    SELECT u AS id FROM unnest($2::uuid[]) u
    UNION SELECT t.unit_id FROM below JOIN unit_term t ON t.parent_id = below.id AND {on("t", "$3")}
)
SELECT h.person_id FROM holding h
WHERE h.person_id IS NOT NULL AND {on("h", "$3")} AND (h.position_id = ANY($1::uuid[]) OR h.position_id IN (
    SELECT t.position_id FROM position_term t JOIN below ON below.id = t.unit_id WHERE {on("t", "$3")}))
"""

OF_KIND = """
SELECT id FROM position WHERE id = ANY($1::uuid[])
UNION SELECT (refs->>'id')::uuid FROM org_draft_change WHERE kind = 'CreatePosition' AND draft_id = ANY($2::uuid[])
"""


async def next_rank(draft: uuid.UUID) -> tuple[int, int]:
    """Where the next change of a draft goes, and how many it has. Wants the draft's row locked."""
    found = await db.row(NEXT_RANK, draft)
    assert found is not None
    return found[0], found[1]


async def names(ids: Ids, day: date) -> dict[uuid.UUID, str]:
    """What people, units and positions are called on a day."""
    return {row[0]: row[1] for row in await db.rows(NAMES, ids, day)}


async def affected(positions: Ids, units: Ids, day: date) -> set[uuid.UUID]:
    """Who holds one of the positions on a day, or any in the units or below them."""
    return {row[0] for row in await db.rows(AFFECTED, positions, units, day)}


async def positions_among(ids: Ids, drafts: Ids) -> set[uuid.UUID]:
    """Which of the ids are of positions, those included that these drafts would make."""
    return {row[0] for row in await db.rows(OF_KIND, ids, drafts)}
