"""Viewers, passwords and roles."""

from __future__ import annotations

from datetime import datetime

from auth import accounts, sessions
from auth.passwords import Hasher
from auth.viewer import Viewer
from models.org import OrgUnit
from models.people import Person
from models.session import Role, RoleGrant

PASSWORD = "seven lemons under the stairs"


async def as_viewer(person: Person, now: datetime) -> Viewer:
    """The person, signed in."""
    _, access = await sessions.open_session(person.id, now=now)
    viewer = await sessions.again(access.id, now)
    assert viewer is not None, f"{person.name} cannot sign in"
    return viewer


async def a_password(person: Person, hasher: Hasher, now: datetime, password: str = PASSWORD) -> str:
    """A password that works; the password."""
    await accounts.keep_password(person.id, await hasher.hash(password), now)
    return password


async def a_role(person: Person, role: Role, unit: OrgUnit | None = None) -> RoleGrant:
    """A role, everywhere or within a unit."""
    return await RoleGrant.create(person_id=person.id, role=role, unit_id=unit.id if unit else None)
