"""Sessions: kept alive, listed, ended."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from auth import sessions
from auth.passwords import Hasher
from models.errors import Unauthenticated
from models.people import Person
from models.session import Access, Role
from resolvers import session
from resolvers.lists import PageArgs
from tests.clocks import TurnedClock
from tests.session.door import GOOD, SESSION, START, TOKEN, Door, a_person, refused, revoked

pytestmark = pytest.mark.usefixtures("database")


async def test_a_session_lives_by_use_for_fourteen_days_and_thirty_in_all(
    door: Door, hasher: Hasher, clock: TurnedClock
) -> None:
    await a_person(hasher)
    secret = (await session.sign_in(door(), "E-Ann", GOOD, SESSION)).secret

    for _ in range(2):
        clock.turn(days=13)
        assert (await door.holding(secret)).viewer
    clock.turn(days=4)

    assert (await door.holding(secret)).viewer is None
    assert await sessions.purge(clock.now()) == 1


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SECURITY, Role.HR])
async def test_the_session_of_a_privileged_person_idles_twelve_hours(
    door: Door, hasher: Hasher, clock: TurnedClock, role: Role
) -> None:
    await a_person(hasher, roles=[role])
    secret = (await session.sign_in(door(), "E-Ann", GOOD, SESSION)).secret

    clock.turn(hours=11)
    assert (await door.holding(secret)).viewer
    clock.turn(hours=11)
    assert (await door.holding(secret)).viewer
    clock.turn(hours=12)

    assert (await door.holding(secret)).viewer is None


async def test_use_is_noted_once_a_minute(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    await a_person(hasher)
    secret = (await session.sign_in(door(), "E-Ann", GOOD, TOKEN)).secret

    clock.turn(seconds=59)
    await door.holding(secret)
    assert (await Access.get(name="")).last_used_at == START
    clock.turn(seconds=1)
    await asyncio.gather(*(door.holding(secret) for _ in range(5)))

    used = await Access.get(name="")
    assert (used.last_used_at, used.idle_until) == (clock.now(), None)


async def test_deactivation_ends_what_is_open(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    ann = await a_person(hasher)
    ctx = await door.signed_in()
    assert ctx.me.access_id and await sessions.again(ctx.me.access_id, clock.now())

    await Person.filter(id=ann.id).update(active=False)

    assert await sessions.again(ctx.me.access_id, clock.now()) is None


async def test_signing_out_ends_the_session_and_tells(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()
    access = ctx.me.access_id

    await session.sign_out(ctx)

    assert (ctx.viewer, ctx.session_secret) == (None, "")
    assert await revoked() == [access] and await Access.all().count() == 0
    stranger = door()
    assert isinstance(await refused(session.sign_out(stranger)), Unauthenticated)
    assert stranger.session_secret == ""


async def test_sessions_are_listed_newest_first_from_where_one_was(
    door: Door, hasher: Hasher, clock: TurnedClock
) -> None:
    await a_person(hasher)
    await a_person(hasher, "Bob")
    await door.signed_in("bob@firm.example")
    for _ in range(2):
        clock.turn(minutes=1)
        await door.signed_in()
    clock.turn(minutes=1)
    ctx = await door.signed_in()

    first = await session.accesses(ctx, SESSION, PageArgs(first=2))
    rest = await session.accesses(ctx, SESSION, PageArgs(first=2, after=first.page_info.end_cursor))

    assert [r["created_at"] for r in [*first.nodes, *rest.nodes]] == [START + timedelta(minutes=n) for n in (3, 2, 1)]
    assert first.nodes[0]["id"] == ctx.me.access_id
    assert "secret_hash" not in dict(first.nodes[0])
    assert (first.page_info.has_next_page, rest.page_info.has_next_page) == (True, False)
