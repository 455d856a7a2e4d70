"""Viewers are remembered for a moment, and never past a change that was committed here."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from auth.identities import TRUST, Identities
from auth.passwords import Hasher
from models.session import AccessKind
from resolvers import session
from resolvers.context import Context, Services
from tests.clocks import TurnedClock
from tests.session.door import START, Door, a_person


@pytest.fixture
def identities(services: Services) -> Identities:
    return services.identities


async def a_secret(door: Door, hasher: Hasher, wants: AccessKind = AccessKind.TOKEN) -> str:
    await a_person(hasher)
    return (await session.sign_in(door(), "ann@firm.example", "seven lemons under the stairs", wants)).secret


async def test_a_second_request_of_the_moment_asks_nothing(
    door: Door, hasher: Hasher, identities: Identities, clock: TurnedClock, statements: list[str]
) -> None:
    secret = await a_secret(door, hasher)
    statements.clear()

    first = await identities.identify(secret, clock.now())
    again = await identities.identify(secret, clock.now() + TRUST - timedelta(milliseconds=1))
    asked = len(statements)
    await identities.identify(secret, clock.now() + TRUST)

    assert first is not None and again is first
    assert (asked, len(statements)) == (1, 2)


async def test_whoever_is_unknown_is_asked_for_each_time(
    door: Door, hasher: Hasher, identities: Identities, clock: TurnedClock, statements: list[str]
) -> None:
    secret = await a_secret(door, hasher)
    other = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    statements.clear()

    found = [await identities.identify(one, clock.now()) for one in (other, other, "", "no secret at all")]

    assert found == [None] * 4
    assert len(identities) == 0
    assert len(statements) <= 2


async def test_an_ended_session_is_unknown_at_once(
    door: Door, hasher: Hasher, identities: Identities, clock: TurnedClock
) -> None:
    secret = await a_secret(door, hasher)
    viewer = await identities.identify(secret, clock.now())

    await session.sign_out(door(viewer))

    assert await identities.identify(secret, clock.now()) is None


async def test_a_token_ends_to_the_moment(
    door: Door, hasher: Hasher, identities: Identities, clock: TurnedClock
) -> None:
    ctx = door(await identities.identify(await a_secret(door, hasher, AccessKind.SESSION), clock.now()))
    ends = START + timedelta(milliseconds=500)
    made = await session.create_token(ctx, "bot", None, ends)

    assert await identities.identify(made.secret, START) is not None
    assert await identities.identify(made.secret, ends) is None


async def test_what_was_read_before_a_change_is_not_remembered(
    door: Door, hasher: Hasher, identities: Identities, clock: TurnedClock
) -> None:
    secret = await a_secret(door, hasher)

    reading = asyncio.create_task(identities.identify(secret, clock.now()))
    await asyncio.sleep(0)
    identities.forget([])
    await reading

    assert len(identities) == 0


async def test_nobody_is_trusted_while_other_processes_are_not_heard(
    door: Door, hasher: Hasher, clock: TurnedClock, statements: list[str]
) -> None:
    secret = await a_secret(door, hasher)
    hears = [True, False]
    identities = Identities(lambda: hears[-1])
    statements.clear()

    await identities.identify(secret, clock.now())
    await identities.identify(secret, clock.now())
    hears.pop()
    await identities.identify(secret, clock.now())

    assert len(statements) == 2


async def test_few_are_remembered(door: Door, hasher: Hasher, clock: TurnedClock, statements: list[str]) -> None:
    identities = Identities(most=2)
    first = await a_secret(door, hasher)
    ctx = Context(door.services, await identities.identify(first, clock.now()))
    for name in ("one", "two"):
        made = await session.create_token(ctx, name, None, START + timedelta(days=1))
        await identities.identify(made.secret, clock.now())
    statements.clear()

    await identities.identify(first, clock.now())

    assert len(identities) == 2
    assert len(statements) == 1
