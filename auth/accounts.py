"""Accounts: a person as signing in sees them, and the hash of their password."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from auth.sessions import PRIVILEGED
from models import db
from models.errors import Invalid
from models.text import storable

LOGIN_MAX = 320  # characters


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in while `active`; `password_hash` is None until they have chosen a password."""

    id: uuid.UUID
    name: str
    email: str | None
    employee_id: str | None
    active: bool
    is_privileged: bool
    password_hash: str | None = field(repr=False)

    @property
    def about(self) -> tuple[str | None, ...]:
        """What a guesser of their password would try first."""
        return self.name, self.email, self.employee_id

    @property
    def logins(self) -> tuple[str, ...]:
        """What they may sign in with."""
        return tuple(login for login in (self.email, self.employee_id) if login)


_ACCOUNT = """
SELECT p.id, p.name, p.email, p.employee_id, p.active, c.password_hash,
       EXISTS (SELECT 1 FROM role_grant g WHERE g.person_id = p.id AND g.role = ANY($1::text[])) AS is_privileged
FROM person p LEFT JOIN credential c ON c.person_id = p.id
"""
# A login that is one person's address and another's employee id is the address.
_BY_LOGIN = _ACCOUNT + "WHERE p.email = $3 OR p.employee_id = $2 ORDER BY (p.email = $3) IS TRUE DESC LIMIT 1"
_BY_ID = _ACCOUNT + "WHERE p.id = $2"

_KEEP = """
INSERT INTO credential (person_id, password_hash, changed_at) VALUES ($1, $2, $3)
ON CONFLICT (person_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at
"""
_REPLACE = """
UPDATE credential SET password_hash = $3, changed_at = coalesce($4, changed_at)
WHERE person_id = $1 AND password_hash = $2
"""


async def by_login(login: str) -> Account | None:
    """The account of an e-mail address, in any case, or an employee id; active or not."""
    login = login.strip()
    try:
        storable(login, path=())
    except Invalid:
        return None
    return await _account(_BY_LOGIN, login, login.lower()) if 0 < len(login) <= LOGIN_MAX else None


async def by_id(person: uuid.UUID) -> Account | None:
    """The account of a person; active or not."""
    return await _account(_BY_ID, person)


async def keep_password(person: uuid.UUID, hashed: str, now: datetime) -> None:
    """Make this the person's password, whatever it was before."""
    await db.execute(_KEEP, person, hashed, now)


async def replace_password(person: uuid.UUID, old: str, new: str, changed_at: datetime | None = None) -> bool:
    """Put one hash in the place of another; False where the password has been changed since `old` was read.

    With the same password hashed anew, or the very same hash, there is no `changed_at`.
    """
    return await db.execute(_REPLACE, person, old, new, changed_at) == 1


async def _account(sql: str, *keys: object) -> Account | None:
    found = await db.row(sql, list(PRIVILEGED), *keys)
    return Account(**found) if found else None
