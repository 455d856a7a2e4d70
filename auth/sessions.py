"""Sessions and tokens: opened, recognised, kept alive by use, and ended."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from auth import secrets
from auth.viewer import Viewer, viewer
from models import db
from models.errors import Invalid
from models.session import (
    Access,
    AccessKind,
    Role,
    changed_accesses,
    identities_by_access,
    identity_by_access,
    identity_by_person,
    identity_by_secret,
)

PRIVILEGED = (Role.ADMIN, Role.SECURITY, Role.HR)
"""Roles whose sessions end sooner when they are not used."""

IDLE, IDLE_PRIVILEGED = timedelta(days=14), timedelta(hours=12)
SESSION_LIFETIME = timedelta(days=30)
TOKEN_LIFETIME_MAX = timedelta(days=366)  # a year, in leap years too
TOUCH = timedelta(minutes=1)  # use is written down no more often
USER_AGENT_MAX, IP_MAX = 300, 45  # characters

_TOUCH = "UPDATE access SET last_used_at = $2, idle_until = $3 WHERE id = $1 AND last_used_at = $4"
_REVOKE = """
WITH RECURSIVE gone AS (
    SELECT id FROM access WHERE id = ANY($1::uuid[])
    UNION
    SELECT a.id FROM access a JOIN gone ON a.made_by_id = gone.id
)
DELETE FROM access WHERE id IN (SELECT id FROM gone) RETURNING id, person_id
"""
_REVOKE_ALL = """
DELETE FROM access WHERE person_id = $1 AND id IS DISTINCT FROM $2 AND ($3 OR kind = 'SESSION' OR name = '')
RETURNING id, person_id
"""
_LIVE = """
SELECT id, kind, name, scopes, user_agent, ip, created_at, last_used_at, expires_at
FROM access
WHERE person_id = $1 AND kind = $2 AND expires_at > $3 AND (idle_until IS NULL OR idle_until > $3)
  AND ($4::timestamptz IS NULL OR (created_at, id) < ($4, $5::uuid))
ORDER BY created_at DESC, id DESC LIMIT $6
"""
_NAMED = "SELECT count(*) FROM access WHERE person_id = $1 AND kind = 'TOKEN' AND name <> '' AND expires_at > $2"
_PURGE = "DELETE FROM access WHERE expires_at <= $1 OR idle_until <= $1"


@dataclass(frozen=True, slots=True)
class Revoked:
    """A session or token that is no more, and whose it was."""

    access: uuid.UUID
    person: uuid.UUID


async def open_session(
    person: uuid.UUID, *, now: datetime, ip: str = "", user_agent: str = "", is_admin: bool = False
) -> tuple[str, Access]:
    """A new session and its secret; `is_admin` where the person holds one of `PRIVILEGED`."""
    secret = secrets.new_session()
    return secret, await Access.create(
        kind=AccessKind.SESSION,
        person_id=person,
        secret_hash=secrets.digest(secret),
        user_agent=_fit(user_agent, USER_AGENT_MAX),
        ip=_fit(ip, IP_MAX),
        created_at=now,
        last_used_at=now,
        idle_until=now + (IDLE_PRIVILEGED if is_admin else IDLE),
        expires_at=now + SESSION_LIFETIME,
    )


async def open_token(
    person: uuid.UUID,
    name: str,
    scopes: Iterable[str] | None,
    expires_at: datetime,
    *,
    now: datetime,
    ip: str = "",
    user_agent: str = "",
    made_by: uuid.UUID | None = None,
) -> tuple[str, Access]:
    """A new token and its secret; without `scopes` it carries all the person's rights. Raises `Invalid`.

    A token without a name stands for a sign-in, and ends where sessions end. One `made_by` another ends with that one.
    """
    if not now < expires_at <= now + TOKEN_LIFETIME_MAX:
        raise Invalid("A token ends in the future, after one year at most. Choose another moment.", ["expiresAt"])
    secret = secrets.new_token()
    return secret, await Access.create(
        kind=AccessKind.TOKEN,
        person_id=person,
        secret_hash=secrets.digest(secret),
        name=name,
        scopes=None if scopes is None else sorted(set(scopes)),
        made_by_id=made_by,
        user_agent=_fit(user_agent, USER_AGENT_MAX),
        ip=_fit(ip, IP_MAX),
        created_at=now,
        last_used_at=now,
        expires_at=expires_at,
    )


async def identify(secret: str, now: datetime, *, noted: bool = True) -> Viewer | None:
    """Who holds this secret of a live session or token; their use of it is written down if it is to be `noted`."""
    if not secrets.well_formed(secret):
        return None
    identity = await identity_by_secret(secrets.digest(secret), now)
    if identity is None:
        return None
    if noted and now - identity["last_used_at"] >= TOUCH:
        await _touch(identity, now)
    return viewer(identity)


async def again(access: uuid.UUID, now: datetime) -> Viewer | None:
    """The viewer of a session or token as they are now; None once it has ended. Does not count as use."""
    identity = await identity_by_access(access, now)
    return viewer(identity) if identity else None


async def again_all(accesses: Sequence[uuid.UUID], now: datetime) -> dict[uuid.UUID, Viewer]:
    """As `again`, for many sessions and tokens; those that have ended are not among them."""
    if not accesses:
        return {}
    return {record["access_id"]: viewer(record) for record in await identities_by_access(accesses, now)}


async def changed(epochs: Mapping[uuid.UUID, int], now: datetime) -> dict[uuid.UUID, bool]:
    """Those sessions and tokens that have ended (False), or whose person has other rights than at that epoch (True)."""
    return {row["id"]: row["auth_epoch"] is not None for row in await changed_accesses(epochs, now)}


async def acting(person: uuid.UUID) -> Viewer | None:
    """The viewer as whom the house acts on a person's behalf: timers, the demonstration. None for who has left."""
    identity = await identity_by_person(person)
    return viewer(identity) if identity else None


async def revoke(accesses: Sequence[uuid.UUID]) -> list[Revoked]:
    """End these, and what they have made; those that there were. Whoever calls tells of each by `AccessRevoked`."""
    return [Revoked(*record) for record in await db.rows(_REVOKE, list(accesses))]


async def revoke_all(
    person: uuid.UUID, *, except_: uuid.UUID | None = None, named_tokens: bool = True
) -> list[Revoked]:
    """End all of a person's, or with `named_tokens=False` those that signing in has opened; as `revoke`."""
    return [Revoked(*record) for record in await db.rows(_REVOKE_ALL, person, except_, named_tokens)]


async def live(
    person: uuid.UUID, kind: AccessKind, now: datetime, *, limit: int, after: tuple[datetime, uuid.UUID] | None = None
) -> list[asyncpg.Record]:
    """A person's sessions or tokens, newest first, from behind `(created_at, id)`; without their hashes."""
    return await db.rows(_LIVE, person, kind, now, *(after or (None, None)), limit)


async def named_tokens(person: uuid.UUID, now: datetime) -> int:
    """How many live tokens a person has made, not counting those of signing in."""
    return await db.value(_NAMED, person, now)


async def purge(now: datetime) -> int:
    """Delete what has expired; how many."""
    return await db.execute(_PURGE, now)


async def _touch(identity: asyncpg.Record, now: datetime) -> None:
    """Note the use. Of several requests at once the first one writes: the others no longer find the old moment."""
    idle_until = None
    if identity["kind"] == AccessKind.SESSION:
        is_privileged = not set(PRIVILEGED).isdisjoint(identity["roles"])
        idle_until = now + (IDLE_PRIVILEGED if is_privileged else IDLE)
    await db.execute(_TOUCH, identity["access_id"], now, idle_until, identity["last_used_at"])


def _fit(text: str, most: int) -> str:
    """A header's text as the database can hold it."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:most]
