"""Who may sign in and as what: credentials, sessions and tokens, one-time codes, roles, throttles."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import asyncpg
from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from models import db
from models.keys import uuid7


class Role(StrEnum):
    """What a person may do beyond the ordinary, everywhere or within one unit. A role never gives sight."""

    ADMIN = "ADMIN"
    HR = "HR"
    SECURITY = "SECURITY"
    COMMUNICATOR = "COMMUNICATOR"
    ANALYST = "ANALYST"
    MODERATOR = "MODERATOR"
    MEMBER = "MEMBER"
    GUEST = "GUEST"


class AccessKind(StrEnum):
    """A browser's session, or a token for programs."""

    SESSION = "SESSION"
    TOKEN = "TOKEN"


class CodePurpose(StrEnum):
    """What a one-time code is for."""

    ACTIVATE = "ACTIVATE"
    RESET = "RESET"


class Credential(Model):
    """A person's password, hashed with argon2id."""

    person_id = fields.UUIDField(primary_key=True)
    password_hash = fields.CharField(max_length=255)
    changed_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "credential"


class Access(Model):
    """A session or a token; only the SHA-256 of its secret is kept. `scopes` null: all the person's rights.

    A token that a token of limited scopes has made (`made_by_id`) ends with that one.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    kind = fields.CharEnumField(AccessKind, max_length=16)
    person_id = fields.UUIDField(db_index=True)
    secret_hash = fields.CharField(max_length=64, unique=True)
    name = fields.CharField(max_length=100, default="")
    scopes = ArrayField(element_type="text", null=True)
    made_by_id = fields.UUIDField(null=True, db_index=True)
    user_agent = fields.CharField(max_length=300, default="")
    ip = fields.CharField(max_length=45, default="")
    created_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField()
    idle_until = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "access"


class OneTimeCode(Model):
    """Lets a person set a password once; only the SHA-256 of the code is kept."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person_id = fields.UUIDField(db_index=True)
    purpose = fields.CharEnumField(CodePurpose, max_length=16)
    code_hash = fields.CharField(max_length=64, unique=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "one_time_code"


class RoleGrant(Model):
    """A role of a person within a unit and its sub-units, or everywhere (`unit_id` null)."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person_id = fields.UUIDField(db_index=True)
    role = fields.CharEnumField(Role, max_length=16)
    unit_id = fields.UUIDField(null=True)

    class Meta(Model.Meta):
        table = "role_grant"


class LoginThrottle(Model):
    """Failed sign-ins of one account or address in the running window."""

    key = fields.CharField(max_length=400, primary_key=True)
    failures = fields.IntField()
    window_ends_at = fields.DatetimeField(db_index=True)
    next_try_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "login_throttle"


IDENTITY = """
SELECT a.id AS access_id, a.kind, a.scopes, a.last_used_at, a.idle_until, a.expires_at,
       p.id AS person_id, p.name, p.is_guest, p.unit_id, p.auth_epoch,
       ARRAY(SELECT c.ancestor_id FROM unit_closure c WHERE c.descendant_id = p.unit_id ORDER BY c.depth) AS unit_path,
       ARRAY(SELECT m.audience_id FROM audience_member m WHERE m.person_id = p.id AND NOT m.listed) AS joined,
       ARRAY(SELECT u.id FROM org_unit u WHERE u.head_id = p.id OR u.deputy_id = p.id) AS headed,
       ARRAY(SELECT m.group_id FROM membership m WHERE m.person_id = p.id AND m.status = 'MEMBER'
             AND m.role IN ('OWNER', 'MODERATOR')) AS leads,
       ARRAY(SELECT m.group_id FROM membership m WHERE m.person_id = p.id AND m.status = 'MEMBER'
             AND m.role = 'OWNER') AS owns,
       ARRAY(SELECT g.role FROM role_grant g WHERE g.person_id = p.id ORDER BY g.id) AS roles,
       ARRAY(SELECT g.unit_id FROM role_grant g WHERE g.person_id = p.id ORDER BY g.id) AS role_units
FROM {source} AND p.active
"""
LIVE = """access a JOIN person p ON p.id = a.person_id
WHERE a.expires_at > $2 AND (a.idle_until IS NULL OR a.idle_until > $2) AND (p.expires_at IS NULL OR p.expires_at > $2)
  AND {which} = $1"""
BY_SECRET = IDENTITY.format(source=LIVE.format(which="a.secret_hash"))
BY_ACCESS = IDENTITY.format(source=LIVE.format(which="a.id"))
BY_ACCESSES = IDENTITY.format(source=LIVE.replace("{which} = $1", "a.id = ANY($1::uuid[])"))
# OFFSET 0: looked up one by one. Where no statistics are kept yet, all would be compared with all.
CHANGED = f"""
SELECT known.id, now.auth_epoch FROM unnest($1::uuid[], $3::int[]) AS known(id, epoch) LEFT JOIN LATERAL (
    SELECT p.auth_epoch FROM {LIVE.replace("{which} = $1", "a.id = known.id")} AND p.active OFFSET 0
) now ON true WHERE now.auth_epoch IS DISTINCT FROM known.epoch
"""
BY_PERSON = IDENTITY.format(source="person p LEFT JOIN access a ON false WHERE p.id = $1")


async def identity_by_secret(secret_hash: str, now: datetime) -> asyncpg.Record | None:
    """All that a viewer is made of, in one statement; None unless the access is live and its person active."""
    return await db.row(BY_SECRET, secret_hash, now)


async def identity_by_access(access: uuid.UUID, now: datetime) -> asyncpg.Record | None:
    """The same for an access whose secret was checked before: a long-lived socket asks so."""
    return await db.row(BY_ACCESS, access, now)


async def identities_by_access(accesses: Sequence[uuid.UUID], now: datetime) -> list[asyncpg.Record]:
    """The same for many accesses, in no order; those that are no longer live are not among them."""
    return await db.rows(BY_ACCESSES, list(accesses), now)


async def changed_accesses(epochs: Mapping[uuid.UUID, int], now: datetime) -> list[asyncpg.Record]:
    """Of accesses, given with the epoch at which each was known, those that are of another one, or (null) not live."""
    return await db.rows(CHANGED, list(epochs), now, list(epochs.values()))


async def identity_by_person(person: uuid.UUID) -> asyncpg.Record | None:
    """The same for a person on whose behalf the house itself acts; its columns of the access are null."""
    return await db.row(BY_PERSON, person)
