"""Signing in, and out."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from auth import accounts, secrets
from auth.passwords import Hasher
from models.errors import ErrorCode, Invalid
from models.session import Access, Credential
from resolvers import session
from tests.session.door import GOOD, OTHER, SESSION, START, TOKEN, Door, a_person, refused, revoked

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("login", ["ann@firm.example", " Ann@FIRM.example ", "E-Ann"])
async def test_one_signs_in_by_address_or_employee_id(door: Door, hasher: Hasher, login: str) -> None:
    ann = await a_person(hasher)
    ctx = door()

    signed_in = await session.sign_in(ctx, login, GOOD, SESSION)

    assert ctx.me.person_id == ann.id and ctx.session_secret == signed_in.secret
    assert (await door.holding(signed_in.secret)).me.access_id == signed_in.viewer.access_id
    kept = await Access.get(person_id=ann.id)
    assert (kept.user_agent, kept.ip, kept.expires_at) == ("Firefox", "192.0.2.1", START + timedelta(days=30))
    assert signed_in.secret not in repr(signed_in) and kept.secret_hash == secrets.digest(signed_in.secret)


async def test_a_program_gets_a_token_and_no_cookie(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    ctx = door()

    signed_in = await session.sign_in(ctx, "ann@firm.example", GOOD, TOKEN)

    assert signed_in.secret.startswith("atr_") and ctx.session_secret is None
    assert (await door.holding(signed_in.secret)).me.scopes is None


async def test_one_answer_to_every_failure(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    await a_person(hasher, "Bob", active=False)
    await a_person(hasher, "Cem", password=None)
    await a_person(hasher, "Gus", is_guest=True, active=False)
    tries = [("ann@firm.example", OTHER), ("bob@firm.example", GOOD), ("E-Cem", GOOD), ("nobody@firm.example", GOOD)]
    odd = [("gus@firm.example", GOOD), ("", GOOD), ("a\x00b", GOOD), ("\ud800", GOOD), ("x" * 9000, "y" * 9000)]

    answers = [await refused(session.sign_in(door(), login, password, SESSION)) for login, password in tries + odd]

    assert {(a.code, a.message, a.path) for a in answers} == {(ErrorCode.BAD_CREDENTIALS, answers[0].message, ())}
    assert await Access.all().count() == 0


async def test_an_old_hash_is_made_anew_at_sign_in(door: Door, hasher: Hasher) -> None:
    ann = await a_person(hasher, password=None)
    dearer = Hasher(memory_kib=128, time=1)
    await accounts.keep_password(ann.id, await dearer.hash(GOOD), START)
    dearer.close()

    await session.sign_in(door(), "E-Ann", GOOD, SESSION)

    assert not hasher.needs_rehash((await Credential.get(person_id=ann.id)).password_hash)
    await session.sign_in(door(), "E-Ann", GOOD, SESSION)


async def test_signing_in_rotates_the_session_of_the_browser(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    await a_person(hasher, "Bob")
    anns = await door.signed_in()
    old = anns.me.access_id

    await session.sign_in(anns, "bob@firm.example", GOOD, SESSION)

    assert await revoked() == [old]
    assert await Access.all().count() == 1


async def test_a_password_changed_while_it_is_looked_at_opens_nothing(door: Door, hasher: Hasher) -> None:
    ann = await a_person(hasher)
    attempts = [session.sign_in(door(), "E-Ann", GOOD, SESSION) for _ in range(3)]

    *answers, _ = await asyncio.gather(
        *attempts, accounts.keep_password(ann.id, await hasher.hash(OTHER), START), return_exceptions=True
    )

    opened = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert len(opened) == await Access.all().count()
    assert all(isinstance(answer, Invalid) for answer in answers if answer not in opened)
