"""Signing in as a browser or a program does it, below GraphQL."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Sequence

import pytest

from auth import accounts, sessions
from auth.passwords import Hasher
from auth.viewer import Viewer
from models import db
from models.errors import DomainError
from models.people import Person
from models.session import AccessKind, Role, RoleGrant
from resolvers import session
from resolvers.context import Context, Request, Services
from tests.clocks import TurnedClock

GOOD = "seven lemons under the stairs"
OTHER = "a kettle sings before breakfast"
SESSION, TOKEN = AccessKind.SESSION, AccessKind.TOKEN
START = TurnedClock().now()


class Door:
    """Makes contexts, as the HTTP layer does for each operation."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def __call__(self, viewer: Viewer | None = None, ip: str = "192.0.2.1") -> Context:
        return Context(self.services, viewer, Request(ip=ip, user_agent="Firefox"))

    async def holding(self, secret: str) -> Context:
        """The context of whoever shows this secret."""
        return self(await sessions.identify(secret, self.services.clock.now()))

    async def signed_in(self, login: str = "ann@firm.example", wants: AccessKind = SESSION) -> Context:
        return await self.holding((await session.sign_in(self(), login, GOOD, wants)).secret)


async def a_person(
    hasher: Hasher,
    name: str = "Ann",
    *,
    password: str | None = GOOD,
    active: bool = True,
    is_guest: bool = False,
    roles: Sequence[Role] = (),
) -> Person:
    email, number = f"{name.lower()}@firm.example", f"E-{name}"
    person = await Person.create(
        name=name, email=email, employee_id=number, active=active, is_guest=is_guest, created_at=START, updated_at=START
    )
    if password:
        await accounts.keep_password(person.id, await hasher.hash(password), START)
    for role in roles:
        await RoleGrant.create(person_id=person.id, role=role)
    return person


async def refused(action: Awaitable[object]) -> DomainError:
    with pytest.raises(DomainError) as caught:
        await action
    return caught.value


async def revoked() -> list[uuid.UUID]:
    """The accesses whose end was told of."""
    return [r[0] for r in await db.rows("SELECT subject_id FROM event WHERE kind = 'AccessRevoked' ORDER BY id")]
