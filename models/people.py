"""People: one row a person, whether they sign in or not."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import asyncpg
from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from models import db
from models.keys import uuid7

NAME_MAX = 200  # characters
TITLE_MAX = 200  # characters
BIO_MAX = 20_000  # characters


class Person(Model):
    """A person of the company, or a guest, as they are today. `name` is the display name, never split."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=NAME_MAX)
    email = fields.CharField(max_length=320, null=True, unique=True)  # lower case
    employee_id = fields.CharField(max_length=100, null=True, unique=True)
    title = fields.CharField(max_length=TITLE_MAX, default="")
    bio = fields.TextField(default="")
    pronouns = fields.CharField(max_length=50, null=True)
    location = fields.CharField(max_length=200, null=True)
    time_zone = fields.CharField(max_length=64, null=True)
    phone = fields.CharField(max_length=50, null=True)
    photo = fields.CharField(max_length=2000, null=True)  # an address, or a path below our own
    languages: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    interests: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    links: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    working_style = fields.TextField(null=True)
    works_from = fields.CharField(max_length=5, null=True)  # such as 09:00, in their zone
    works_to = fields.CharField(max_length=5, null=True)
    position_id = fields.UUIDField(null=True, db_index=True)  # today's, the one they have held longest
    unit_id = fields.UUIDField(null=True, db_index=True)
    manager_id = fields.UUIDField(null=True, db_index=True)
    is_guest = fields.BooleanField(default=False)
    active = fields.BooleanField(default=True)
    planned = fields.BooleanField(default=False)  # they have not joined yet: only HR may know of them
    auth_epoch = fields.IntField(default=0)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "person"


class PersonTerm(Model):
    """The days on which somebody belonged to the company, and the name they went by."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person_id = fields.UUIDField()
    name = fields.CharField(max_length=NAME_MAX)
    valid_from = fields.DateField()
    valid_to = fields.DateField()

    class Meta(Model.Meta):
        table = "person_term"
        unique_together = (("person_id", "valid_from"),)


CHAIN = """
WITH RECURSIVE up AS (
    SELECT p.id AS start, p.manager_id AS id, 1 AS step FROM person p WHERE p.id = ANY($1::uuid[])
    UNION ALL
    SELECT up.start, p.manager_id, up.step + 1 FROM up JOIN person p ON p.id = up.id WHERE up.step < 64
)
SELECT up.start, p.*, up.step FROM up JOIN person p ON p.id = up.id ORDER BY up.start, up.step
"""


async def chains(people: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """The managers above each of `people`, nearest first: rows of person with `start` and `step`; at most 64 steps."""
    return await db.rows(CHAIN, people)


async def is_above(person: uuid.UUID, other: uuid.UUID) -> bool:
    """Whether `person` is `other` or stands anywhere above them in the line."""
    return person == other or any(r["id"] == person for r in await chains([other]))
