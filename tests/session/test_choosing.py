"""Choosing a password: by a code, or by the old one."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from auth import codes, secrets
from auth.passwords import Hasher
from auth.viewer import Grant
from models.errors import ErrorCode, Invalid
from models.org import OrgUnit
from models.session import Access, CodePurpose, Role
from resolvers import session
from tests.clocks import TurnedClock
from tests.session.door import GOOD, OTHER, SESSION, START, TOKEN, Door, a_person, refused, revoked

pytestmark = pytest.mark.usefixtures("database")


async def test_a_changed_password_ends_what_else_signing_in_has_opened(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    ctx, elsewhere = await door.signed_in(), await door.signed_in()
    program = await door.signed_in(wants=TOKEN)
    bot = await session.create_token(ctx, "bot", None, START + timedelta(days=9))

    await session.change_password(ctx, GOOD, OTHER)

    assert set(await revoked()) == {elsewhere.me.access_id, program.me.access_id}
    assert {a.id for a in await Access.all()} == {ctx.me.access_id, bot.token.id}
    assert (await refused(session.sign_in(door(), "E-Ann", GOOD, SESSION))).code == ErrorCode.BAD_CREDENTIALS
    await session.sign_in(door(), "E-Ann", OTHER, SESSION)


async def test_a_password_is_changed_only_by_who_knows_it(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()

    answers = [
        await refused(session.change_password(ctx, current, new))
        for current, new in ((OTHER, OTHER + "!"), (GOOD, "password1234"), (GOOD, GOOD), (GOOD, "x" * 5000))
    ]

    assert [(a.code.value, a.path) for a in answers] == [
        ("BAD_CREDENTIALS", ("currentPassword",)),
        *[("WEAK_PASSWORD", ("newPassword",))] * 3,
    ]
    assert await revoked() == []


async def test_guessing_the_current_password_is_throttled(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()

    answers = [await refused(session.change_password(ctx, f"guess number {n}", OTHER)) for n in range(4)]

    assert [a.code for a in answers] == [ErrorCode.BAD_CREDENTIALS] * 3 + [ErrorCode.RATE_LIMITED]


async def test_an_invited_person_activates_their_account(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    ann = await a_person(hasher, password=None)
    code = await codes.issue(ann.id, CodePurpose.ACTIVATE, clock.now())
    clock.turn(days=13)
    ctx = door()

    weak = await refused(session.activate_account(ctx, code, "password1234", SESSION))
    signed_in = await session.activate_account(ctx, code.lower(), GOOD, SESSION)

    assert (weak.code, weak.path) == (ErrorCode.WEAK_PASSWORD, ("password",))
    assert ctx.me.person_id == ann.id and ctx.session_secret == signed_in.secret
    assert (await refused(session.activate_account(door(), code, GOOD, SESSION))).code == ErrorCode.CODE_EXPIRED
    await session.sign_in(door(), "E-Ann", GOOD, SESSION)


async def test_a_code_is_used_once_however_many_try(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    ann = await a_person(hasher, password=None)
    code = await codes.issue(ann.id, CodePurpose.ACTIVATE, clock.now())

    answers = await asyncio.gather(
        *(session.activate_account(door(), code, GOOD, TOKEN) for _ in range(20)), return_exceptions=True
    )

    assert [isinstance(a, session.SignedIn) for a in answers].count(True) == 1
    assert sum(isinstance(a, Invalid) and a.code == ErrorCode.CODE_EXPIRED for a in answers) == 19
    assert await Access.all().count() == 1


async def test_a_reset_ends_all_that_was_open(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    ann = await a_person(hasher)
    ctx = await door.signed_in()
    bot = await session.create_token(ctx, "bot", None, START + timedelta(days=9))
    for _ in range(3):
        await refused(session.sign_in(door(), "E-Ann", OTHER, SESSION))

    signed_in = await session.activate_account(
        door(), await codes.issue(ann.id, CodePurpose.RESET, clock.now()), OTHER, SESSION
    )

    assert set(await revoked()) == {ctx.me.access_id, bot.token.id}
    assert [a.id for a in await Access.all()] == [signed_in.viewer.access_id]
    await session.sign_in(door(), "E-Ann", OTHER, SESSION)


async def test_codes_expire_and_void_each_other(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    ann, bob = await a_person(hasher), await a_person(hasher, "Bob", active=False)
    voided = await codes.issue(ann.id, CodePurpose.ACTIVATE, clock.now())
    expired = await codes.issue(ann.id, CodePurpose.RESET, clock.now())
    bobs = await codes.issue(bob.id, CodePurpose.ACTIVATE, clock.now())
    clock.turn(minutes=30)

    answers = [
        await refused(session.activate_account(door(), code, OTHER, SESSION))
        for code in (voided, expired, bobs, secrets.new_code(), "", "\ud800", "x" * 9000)
    ]

    assert {(a.code, a.message) for a in answers} == {(ErrorCode.CODE_EXPIRED, answers[0].message)}
    assert await codes.purge(clock.now()) == 1


async def test_of_codes_issued_at_once_one_stays(hasher: Hasher, clock: TurnedClock) -> None:
    ann = await a_person(hasher)

    issued = await asyncio.gather(*(codes.issue(ann.id, CodePurpose.RESET, clock.now()) for _ in range(10)))

    assert [await codes.look(code, clock.now()) is not None for code in issued].count(True) == 1


async def test_roles_are_those_granted_and_those_by_rule(door: Door, hasher: Hasher) -> None:
    ann = await a_person(hasher, roles=[Role.HR])
    await a_person(hasher, "Gus", is_guest=True)
    unit = await OrgUnit.create(name="Labs", head_id=ann.id, created_at=START)

    assert session.roles(await door.signed_in()) == [
        Grant(Role.HR),
        Grant(Role.MODERATOR, unit.id),
        Grant(Role.MEMBER),
    ]
    assert session.roles(await door.signed_in("gus@firm.example")) == [Grant(Role.GUEST)]
