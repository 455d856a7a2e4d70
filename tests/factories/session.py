"""Viewers, passwords and roles."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from auth import accounts, sessions
from auth.passwords import Hasher
from auth.viewer import Viewer
from models.org import OrgUnit
from models.people import Person
from models.session import Role, RoleGrant

if TYPE_CHECKING:
    from tests.leaks.ground import Ground

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


async def settle(ground: Ground) -> None:
    """A token of an insider, which nobody else may know of."""
    ends = (ground.ask.services.clock.now() + timedelta(days=30)).isoformat()
    made = await ground.ask(ground.ida, "session/create_token", name=ground.word("token"), expires_at=ends)
    ground.hide(made["createToken"]["token"]["id"])
