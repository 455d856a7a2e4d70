"""Tokens reach no further than they may."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta

import pytest

from auth import sessions
from auth.passwords import Hasher
from models.errors import ErrorCode, Forbidden, Invalid, NotFound
from resolvers import session
from resolvers.lists import PageArgs
from tests.clocks import TurnedClock
from tests.session.door import GOOD, OTHER, START, TOKEN, Door, a_person, refused, revoked

pytestmark = pytest.mark.usefixtures("database")


async def test_a_session_makes_a_token_that_reaches_no_further_than_its_scopes(
    door: Door, hasher: Hasher, clock: TurnedClock
) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()

    made = await session.create_token(ctx, " deploy\n bot ", ["feed:write", "feed:read"], START + timedelta(days=365))

    me = (await door.holding(made.secret)).me
    assert me.scopes == {"feed:read", "feed:write"} and not me.allows("org:read")
    assert [(r["name"], r["scopes"]) for r in (await session.accesses(ctx, TOKEN, PageArgs())).nodes] == [
        ("deploy bot", ["feed:read", "feed:write"])
    ]
    assert made.secret not in repr(made)


async def test_a_token_gives_and_ends_only_what_its_scopes_cover(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()
    until = START + timedelta(days=9)
    wide = await session.create_token(ctx, "wide", ["feed:read", "feed:write", "org:read"], until)
    bot = await door.holding((await session.create_token(ctx, "bot", ["feed:read", "feed:write"], until)).secret)

    narrow = await session.create_token(bot, "narrow", ["feed:read"], until)

    for scopes in (["org:read"], ["feed:read", "org:read"], None):
        assert isinstance(await refused(session.create_token(bot, "more", scopes, until)), Forbidden)
    for access in (wide.token.id, ctx.me.access_id):
        assert access and isinstance(await refused(session.revoke_access(bot, access)), Forbidden)
    assert isinstance(await refused(session.accesses(bot, TOKEN, PageArgs(first=1))), Forbidden)
    assert isinstance(await refused(session.change_password(bot, GOOD, OTHER)), Forbidden)
    assert await session.revoke_access(bot, narrow.token.id) == narrow.token.id
    assert bot.me.access_id and await session.revoke_access(bot, bot.me.access_id)
    assert await revoked() == [narrow.token.id, bot.me.access_id]


@pytest.mark.parametrize(
    ("name", "scopes", "days", "path"),
    [
        ("", None, 1, ("name",)),
        ("\u200b", None, 1, ("name",)),
        ("x" * 101, None, 1, ("name",)),
        ("bot", ["feed:read", "feed:everything"], 1, ("scopes", "1")),
        ("bot", None, 0, ("expiresAt",)),
        ("bot", None, 367, ("expiresAt",)),
    ],
)
async def test_a_token_has_a_name_known_scopes_and_an_end(
    door: Door, hasher: Hasher, name: str, scopes: list[str] | None, days: int, path: tuple[str, ...]
) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()

    answer = await refused(session.create_token(ctx, name, scopes, START + timedelta(days=days)))

    assert (answer.code, answer.path) == (ErrorCode.BAD_USER_INPUT, path)


async def test_a_person_has_fifty_tokens_at_most(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()
    until = START + timedelta(days=1)

    contexts = [door(ctx.viewer) for _ in range(55)]
    made = await asyncio.gather(
        *(session.create_token(one, "bot", [], until) for one in contexts), return_exceptions=True
    )

    assert sum(isinstance(one, Invalid) for one in made) == 5
    clock.turn(days=1)
    await session.create_token(ctx, "bot", [], until + timedelta(days=1))


async def test_nobody_ends_the_session_of_another(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    await a_person(hasher, "Bob")
    bobs = (await door.signed_in("bob@firm.example")).me.access_id

    assert bobs and isinstance(await refused(session.revoke_access(await door.signed_in(), bobs)), NotFound)
    assert isinstance(await refused(session.revoke_access(await door.signed_in(), uuid.uuid4())), NotFound)


async def test_ending_the_own_session_ends_the_cookie(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()

    await session.revoke_access(ctx, ctx.me.access_id or uuid.uuid4())

    assert ctx.session_secret == ""


async def test_a_limited_token_makes_none_that_outlives_it_and_takes_them_along(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()
    until = START + timedelta(days=9)
    made = await session.create_token(ctx, "bot", ["feed:read"], until)
    bot = await door.holding(made.secret)

    late = await refused(session.create_token(bot, "late", ["feed:read"], until + timedelta(seconds=1)))
    child = await session.create_token(bot, "child", ["feed:read"], until)
    await session.revoke_access(ctx, made.token.id)

    assert late.path == ("expiresAt",)
    assert await sessions.identify(child.secret, START) is None
    assert set(await revoked()) == {made.token.id, child.token.id}
