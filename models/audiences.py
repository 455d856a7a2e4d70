"""Audiences: whatever can be seen belongs to exactly one, and who belongs to it is stored.

An audience shares its key with what it is about: a unit's, a group's, a conversation's or a survey's audience has that
one's id.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models import db
from models.keys import uuid7

COMPANY = uuid.UUID("00000000-0000-7000-8000-000000000001")
"""The company's audience: every active person who is not a guest; the only one whose members are not stored."""


class AudienceKind(StrEnum):
    """What an audience is about."""

    COMPANY = "COMPANY"
    UNIT = "UNIT"
    LOCATION = "LOCATION"
    GROUP = "GROUP"
    CONVERSATION = "CONVERSATION"
    PEOPLE = "PEOPLE"
    RULE = "RULE"
    SURVEY = "SURVEY"


LISTED = (AudienceKind.CONVERSATION, AudienceKind.PEOPLE, AudienceKind.SURVEY)
"""Kinds of which a person may be in any number: tested by membership in SQL, never carried by the viewer."""


class Audience(Model):
    """Who may see a thing. A unit's members follow from the tree; those of all other kinds are stored.

    Of an `open` one everybody of the company may read, too, without belonging to it. In a `read_only` one nothing
    changes any more. `people` tells a list by its members, so that the same list is one audience.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    kind = fields.CharEnumField(AudienceKind, max_length=16)
    location = fields.CharField(max_length=200, null=True, unique=True)
    open = fields.BooleanField(default=False, db_default=False)
    read_only = fields.BooleanField(default=False, db_default=False)
    people = fields.BinaryField(null=True)  # SHA-256 of the sorted keys

    class Meta(Model.Meta):
        table = "audience"


class AudienceMember(Model):
    """One person in one audience; `listed` repeats whether the audience is of a `LISTED` kind."""

    id = fields.BigIntField(primary_key=True, generated=True)
    person_id = fields.UUIDField()
    audience_id = fields.UUIDField(db_index=True)
    listed = fields.BooleanField(default=False)

    class Meta(Model.Meta):
        table = "audience_member"
        unique_together = (("person_id", "audience_id"),)


async def of_location(location: str) -> uuid.UUID:
    """The audience of a location, made if there is none yet. Wants the caller's transaction."""
    await db.execute(
        "INSERT INTO audience (id, kind, location) VALUES ($1, 'LOCATION', $2) ON CONFLICT (location) DO NOTHING",
        uuid7(),
        location,
    )
    return await db.value("SELECT id FROM audience WHERE location = $1", location)


OF_PEOPLE = """
INSERT INTO audience (id, kind, people) VALUES ($1, 'PEOPLE', $2) ON CONFLICT (people) DO NOTHING RETURNING id
"""


async def of_people(people: Iterable[uuid.UUID]) -> uuid.UUID:
    """The audience of just these people, the same for the same people. Wants the caller's transaction."""
    members = sorted(set(people))
    digest = hashlib.sha256(b"".join(person.bytes for person in members)).digest()
    made = await db.value(OF_PEOPLE, uuid7(), digest)
    if made is None:
        return await db.value("SELECT id FROM audience WHERE people = $1", digest)
    await add(made, members, listed=True)
    return made


async def add(audience: uuid.UUID, people: Iterable[uuid.UUID], *, listed: bool) -> None:
    """Put people into an audience; who is in it already stays. Wants the transaction of the cause."""
    await db.execute(
        "INSERT INTO audience_member (person_id, audience_id, listed) SELECT p, $2, $3 FROM unnest($1::uuid[]) p"
        " ON CONFLICT (person_id, audience_id) DO NOTHING",
        list(people),
        audience,
        listed,
    )


async def remove(audience: uuid.UUID, people: Iterable[uuid.UUID]) -> None:
    """Take people out of an audience. Wants the transaction of the cause."""
    await db.execute(
        "DELETE FROM audience_member WHERE audience_id = $1 AND person_id = ANY($2::uuid[])", audience, list(people)
    )


FOLLOW_LOCATIONS = """
WITH gone AS (
    DELETE FROM audience_member m USING audience a, person p
    WHERE m.person_id = ANY($1::uuid[]) AND a.id = m.audience_id AND a.kind = 'LOCATION' AND p.id = m.person_id
      AND (p.location IS DISTINCT FROM a.location OR NOT p.active OR p.is_guest)
)
INSERT INTO audience_member (person_id, audience_id, listed)
SELECT p.id, a.id, false FROM person p JOIN audience a ON a.location = p.location
WHERE p.id = ANY($1::uuid[]) AND p.active AND NOT p.is_guest
ON CONFLICT (person_id, audience_id) DO NOTHING
"""

MAKE_LOCATIONS = """
INSERT INTO audience (id, kind, location)
SELECT uuidv7(), 'LOCATION', l
FROM (SELECT DISTINCT location l FROM person WHERE id = ANY($1::uuid[]) AND location IS NOT NULL) x
ON CONFLICT (location) DO NOTHING
"""


async def follow_locations(people: Iterable[uuid.UUID]) -> None:
    """Make the location audiences of these people match their rows. Wants the transaction that changed them."""
    ids = list(people)
    await db.execute(MAKE_LOCATIONS, ids)
    await db.execute(FOLLOW_LOCATIONS, ids)


NAME = "coalesce(u.name, g.name, r.name, a.location)"
NAMED = """audience a LEFT JOIN org_unit u ON u.id = a.id LEFT JOIN groups g ON g.id = a.id
    LEFT JOIN audience_rule r ON r.id = a.id"""
"""Audiences `a`, with whatever gives them a `NAME`."""

NAMES = f"SELECT a.id, a.kind, {NAME} AS name FROM {NAMED} WHERE a.id = ANY($1::uuid[])"
