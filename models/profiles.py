"""Profiles: the fields that a company adds to those that every person has, and who may see each."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import asyncpg
from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from models import db
from models.keys import uuid7
from models.positions import on
from models.text import line_key

FIELD_NAME_MAX = 100  # characters
FIELDS_MAX = 200  # of one company, deleted ones among them
CHOICES_MAX = 200  # of one field
CHOICE_MAX = 200  # characters
TEXT_MAX = 2_000  # characters of a value
NUMBER_MAX = 10**15  # and its negative; ten decimals are kept


class BuiltIn(StrEnum):
    """The fields of every person that a company may govern, by their columns; working hours have two."""

    EMAIL = "email"
    PHONE = "phone"
    PHOTO = "photo"
    LOCATION = "location"
    PRONOUNS = "pronouns"
    BIO = "bio"
    TIME_ZONE = "time_zone"
    LANGUAGES = "languages"
    INTERESTS = "interests"
    LINKS = "links"
    WORKING_STYLE = "working_style"
    WORKING_HOURS = "working_hours"

    @property
    def label(self) -> str:
        """As people call it."""
        return "E-mail" if self is BuiltIn.EMAIL else self.value.replace("_", " ").capitalize()

    @property
    def camel(self) -> str:
        """As the API calls it."""
        head, *rest = self.value.split("_")
        return head + "".join(word.capitalize() for word in rest)


OF_HR = frozenset({BuiltIn.EMAIL, BuiltIn.LOCATION})
"""Built-in fields that nobody but HR ever writes."""

SEARCHED = frozenset({BuiltIn.BIO, BuiltIn.INTERESTS})
"""Built-in fields by whose words people are found, as by custom texts and choices, as long as they are public."""


Stored = tuple[str | None, Decimal | None, date | None, uuid.UUID | None]
"""What a custom field says, as its row holds it: text, number, day, person; one of them."""


class FieldKind(StrEnum):
    """What the values of a field are."""

    TEXT = "TEXT"
    CHOICE = "CHOICE"
    DATE = "DATE"
    PERSON = "PERSON"
    LINK = "LINK"
    NUMBER = "NUMBER"


class FieldVisibility(StrEnum):
    """Who sees a field of a person, besides that person and HR."""

    PUBLIC = "PUBLIC"
    UNIT = "UNIT"
    MANAGER = "MANAGER"
    HR = "HR"
    SELF = "SELF"


class ProfileField(Model):
    """A field of everybody's profile. `builtin` names the column of `person` that it governs; null: a custom one."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=FIELD_NAME_MAX)
    key = fields.CharField(max_length=FIELD_NAME_MAX, unique=True)
    kind = fields.CharEnumField(FieldKind, max_length=16)
    builtin = fields.CharField(max_length=40, null=True, unique=True)
    choices: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    visibility = fields.CharEnumField(FieldVisibility, max_length=16, default=FieldVisibility.PUBLIC)
    is_required = fields.BooleanField(default=False)
    is_locked = fields.BooleanField(default=False)  # only HR and imports write it
    rank = fields.IntField(default=0)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)  # its values stay until it is purged

    class Meta(Model.Meta):
        table = "profile_field"


class ProfileValue(Model):
    """What one person's custom field says: in `text`, `number`, `day` or `person_ref_id`, as its kind wants."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person_id = fields.UUIDField()
    field_id = fields.UUIDField(db_index=True)
    text = fields.TextField(null=True)
    number = fields.DecimalField(max_digits=30, decimal_places=10, null=True)
    day = fields.DateField(null=True)
    person_ref_id = fields.UUIDField(null=True, db_index=True)
    source = fields.CharField(max_length=200, null=True)  # the import that wrote it; null: a person did
    updated_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "profile_value"
        unique_together = (("person_id", "field_id"),)


BUILT_IN_KEYS = {line_key(field.label): field for field in BuiltIn}
"""Names that custom fields must not take."""

DEFINITIONS = "SELECT f.*, 'ProfileField' AS _type FROM profile_field f ORDER BY f.rank, lower(f.name), f.id"


async def definitions(*, keep: bool = False) -> list[asyncpg.Record]:
    """All fields that have a definition, deleted ones too, by rank. With `keep` nobody changes them meanwhile."""
    return await db.rows(DEFINITIONS + (" FOR SHARE" if keep else ""))


VALUES = "SELECT v.* FROM profile_value v WHERE v.person_id = ANY($1::uuid[])"


async def values(people: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """What the custom fields of these people say, whoever may see it."""
    return await db.rows(VALUES, people)


# Up from many people, to see above which of them one person stands. A set of posts ends, even where lines form a ring.
UP = f"""
WITH RECURSIVE up AS (
    SELECT h.person_id AS start, l.manager_id FROM holding h
    JOIN reporting_line l ON l.position_id = h.position_id AND l.kind = 'SOLID' AND {on("l", "$3")}
    WHERE h.person_id = ANY($1::uuid[]) AND {on("h", "$3")}
    UNION
    SELECT up.start, l.manager_id FROM up
    JOIN reporting_line l ON l.position_id = up.manager_id AND l.kind = 'SOLID' AND {on("l", "$3")}
)
SELECT DISTINCT up.start FROM up JOIN holding h ON h.position_id = up.manager_id
WHERE h.person_id = $2 AND {on("h", "$3")}
"""

# Down from one person, to compare with many. As a part of another statement: `person` and `day` are parameters of that.
LED = f"""
WITH RECURSIVE down AS (
    SELECT l.position_id FROM holding h
    JOIN reporting_line l ON l.manager_id = h.position_id AND l.kind = 'SOLID' AND {on("l", "{day}")}
    WHERE h.person_id = {{person}} AND {on("h", "{day}")}
    UNION
    SELECT l.position_id FROM down
    JOIN reporting_line l ON l.manager_id = down.position_id AND l.kind = 'SOLID' AND {on("l", "{day}")}
)
SELECT h.person_id FROM down JOIN holding h ON h.position_id = down.position_id AND {on("h", "{day}")}
WHERE h.person_id IS NOT NULL
"""


async def led_of(people: Sequence[uuid.UUID], leader: uuid.UUID, day: date) -> set[uuid.UUID]:
    """Those of these people above whom `leader` stands in the solid line of that day, over any number of posts."""
    return {record[0] for record in await db.rows(UP, people, leader, day)}


OWNERS = """
SELECT m.subject_id AS person_id, s.name AS source, s.owns
FROM import_map m JOIN import_source s ON s.name = m.source
WHERE m.type = 'person' AND m.subject_id = ANY($1::uuid[]) AND s.owns <> '{}' ORDER BY s.name
"""


async def owners(people: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """The sources that own fields of these people: person, name of the source, names of the fields."""
    return await db.rows(OWNERS, people)


async def chosen(field: uuid.UUID, choices: Sequence[str]) -> int:
    """How many people have chosen one of these."""
    return await db.value(
        "SELECT count(*) FROM profile_value WHERE field_id = $1 AND text = ANY($2::text[])", field, choices
    )


# One statement for however many people: the log is written by the database itself, within the locked stream.
TELL = """
INSERT INTO event (generation, xid, kind, stream, audience_id, actor_id, subject_id, refs, quiet, occurred_at)
SELECT (SELECT max(id) FROM log_generation), pg_current_xact_id()::text::bigint, $1, $2, NULL, $3, p.id,
       jsonb_build_object('person', p.id), true, $4
FROM person p WHERE p.active AND NOT p.is_guest AND {who}
"""
SAID = {
    BuiltIn.BIO: "p.bio <> ''",
    BuiltIn.INTERESTS: "p.interests <> '{}'",
}
BY_FIELD = "EXISTS (SELECT 1 FROM profile_value v WHERE v.person_id = p.id AND v.field_id = $5)"


async def tell_of_all(
    field: BuiltIn | uuid.UUID, *, kind: str, stream: str, actor: uuid.UUID | None, now: datetime
) -> int:
    """Write an event `kind` for each person who says something in this field; how many. Wants the stream's lock."""
    if isinstance(field, BuiltIn):
        return await db.execute(TELL.format(who=SAID[field]), kind, stream, actor, now)
    return await db.execute(TELL.format(who=BY_FIELD), kind, stream, actor, now, field)


def public(built_in: BuiltIn, column: str) -> str:
    """An expression for an index that all members share: the column as long as everybody sees it, else null."""
    hidden = f"SELECT 1 FROM profile_field f WHERE f.builtin = '{built_in}' AND f.visibility <> 'PUBLIC'"
    return f"CASE WHEN NOT EXISTS ({hidden}) THEN {column} END"


PUBLIC_WORDS = """(
    SELECT string_agg(v.text, ' ' ORDER BY f.rank, f.id) FROM profile_value v JOIN profile_field f ON f.id = v.field_id
    WHERE v.person_id = p.id AND f.visibility = 'PUBLIC' AND f.deleted_at IS NULL AND f.kind IN ('TEXT', 'CHOICE'))"""
"""An expression for an index: what the custom fields of the person `p` say to everybody."""


STORE = """
INSERT INTO profile_value (id, person_id, field_id, text, number, day, person_ref_id, source, updated_at)
SELECT uuidv7(), $1, v.*, NULL, $7
FROM unnest($2::uuid[], $3::text[], $4::numeric[], $5::date[], $6::uuid[]) v
ON CONFLICT (person_id, field_id) DO UPDATE SET text = excluded.text, number = excluded.number, day = excluded.day,
    person_ref_id = excluded.person_ref_id, source = NULL, updated_at = excluded.updated_at
"""
EMPTY = "DELETE FROM profile_value WHERE person_id = $1 AND field_id = ANY($2::uuid[])"


async def store(person: uuid.UUID, said: Mapping[uuid.UUID, Stored | None], now: datetime) -> None:
    """Have a person's custom fields say this; None empties a field. Wants the transaction of the change."""
    kept = {field: value for field, value in said.items() if value is not None}
    if emptied := list(said.keys() - kept.keys()):
        await db.execute(EMPTY, person, emptied)
    if kept:
        await db.execute(STORE, person, list(kept), *(list(column) for column in zip(*kept.values(), strict=True)), now)
