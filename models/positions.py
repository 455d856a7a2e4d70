"""Positions apart from people: what they are called, who holds them, and whom they report to, each with its days.

A fact is a row that holds from `valid_from` up to, but not including, `valid_to`; for good where that is `FOREVER`. A
day is one of the organisation's. Facts about the same thing never overlap: `models.timeline` writes them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db
from models.keys import uuid7

FOREVER = date.max  # PostgreSQL's infinity, as asyncpg reads and writes it
EVER = date.min
TITLE_MAX = 200  # characters
GRADE_MAX = 50  # characters


class LineKind(StrEnum):
    """What a reporting line means. Only solid lines make the chart, and only they give rights."""

    SOLID = "SOLID"
    DOTTED = "DOTTED"
    PROJECT = "PROJECT"


class Position(Model):
    """A post. `title`, `grade` and `unit_id` are those of today, or the last ones where it is not `active` any more."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    title = fields.CharField(max_length=TITLE_MAX, default="")
    grade = fields.CharField(max_length=GRADE_MAX, null=True)
    unit_id = fields.UUIDField(null=True, db_index=True)
    active = fields.BooleanField(default=True)
    planned = fields.BooleanField(default=False)  # it has not begun yet: only HR may know of it
    filled = fields.BooleanField(default=False)  # somebody who is named holds it today
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "position"


class PositionTerm(Model):
    """What a position was called and where it stood on some days. Without a term it did not exist on that day."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    position_id = fields.UUIDField()
    title = fields.CharField(max_length=TITLE_MAX, default="")
    grade = fields.CharField(max_length=GRADE_MAX, null=True)
    unit_id = fields.UUIDField(null=True, db_index=True)
    valid_from = fields.DateField()
    valid_to = fields.DateField()

    class Meta(Model.Meta):
        table = "position_term"
        unique_together = (("position_id", "valid_from"),)


class Holding(Model):
    """Who held a position on some days; two people on the same days share it. No person: held, but undisclosed."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    position_id = fields.UUIDField(db_index=True)
    person_id = fields.UUIDField(null=True, db_index=True)
    valid_from = fields.DateField()
    valid_to = fields.DateField()

    class Meta(Model.Meta):
        table = "holding"


class ReportingLine(Model):
    """Which position a position reported to on some days."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    position_id = fields.UUIDField(db_index=True)
    manager_id = fields.UUIDField()  # a position
    kind = fields.CharEnumField(LineKind, max_length=16, default=LineKind.SOLID)
    valid_from = fields.DateField()
    valid_to = fields.DateField()

    class Meta(Model.Meta):
        table = "reporting_line"


def on(alias: str, day: str) -> str:
    """A condition: the row `alias` holds on `day`, a parameter such as $2."""
    return f"{alias}.valid_from <= {day} AND {day} < {alias}.valid_to"


HOLDERS = f"""
SELECT h.position_id, h.person_id FROM holding h WHERE h.position_id = ANY($1::uuid[]) AND {on("h", "$2")}
ORDER BY h.position_id, h.valid_from, h.person_id
"""
POSTS = f"""
SELECT h.person_id, h.position_id FROM holding h WHERE h.person_id = ANY($1::uuid[]) AND {on("h", "$2")}
ORDER BY h.person_id, h.valid_from, h.position_id
"""
LINES_UP = f"""
SELECT l.*, 'ReportingLine' AS _type FROM reporting_line l
WHERE l.position_id = ANY($1::uuid[]) AND {on("l", "$2")}
ORDER BY l.position_id, l.kind <> 'SOLID', l.kind, l.manager_id
"""


async def holders(positions: Sequence[uuid.UUID], day: date) -> list[asyncpg.Record]:
    """Who holds these positions on a day: `position_id`, `person_id` (null: undisclosed), longest first."""
    return await db.rows(HOLDERS, positions, day)


async def posts(people: Sequence[uuid.UUID], day: date) -> list[asyncpg.Record]:
    """What these people hold on a day: `person_id`, `position_id`, longest first."""
    return await db.rows(POSTS, people, day)


async def lines_up(positions: Sequence[uuid.UUID], day: date) -> list[asyncpg.Record]:
    """The reporting lines of these positions on a day, solid ones first."""
    return await db.rows(LINES_UP, positions, day)
