"""Guessing is slowed down, and honest people are not locked out."""

from __future__ import annotations

import asyncio

import pytest

from auth import throttle
from auth.passwords import Hasher
from models import db
from models.errors import DomainError, ErrorCode, RateLimited
from resolvers import session
from tests.clocks import TurnedClock
from tests.session.door import GOOD, OTHER, SESSION, Door, a_person, refused

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("login", ["ann@firm.example", "nobody@firm.example"])
async def test_of_a_thousand_guesses_at_once_ten_are_evaluated(door: Door, hasher: Hasher, login: str) -> None:
    await a_person(hasher)

    async def guess(n: int) -> DomainError:
        return await refused(
            session.sign_in(door(ip=f"10.0.{n // 250}.{n % 250}"), login, f"guess number {n}", SESSION)
        )

    answers = await asyncio.gather(*(guess(n) for n in range(1000)))

    assert sum(answer.code == ErrorCode.BAD_CREDENTIALS for answer in answers) <= 10
    assert {a.code for a in answers} == {ErrorCode.BAD_CREDENTIALS, ErrorCode.RATE_LIMITED}


@pytest.mark.parametrize("login", ["ann@firm.example", "nobody@firm.example"])
async def test_each_failure_after_the_third_doubles_the_wait(
    door: Door, hasher: Hasher, clock: TurnedClock, login: str
) -> None:
    await a_person(hasher)
    waits: list[int] = []

    for n in range(10):
        assert (await refused(session.sign_in(door(), login, OTHER, SESSION))).code == ErrorCode.BAD_CREDENTIALS
        if n >= 2:
            answer = await refused(session.sign_in(door(), login, OTHER, SESSION))
            assert isinstance(answer, RateLimited)
            waits.append(answer.retry_after)
            clock.turn(seconds=answer.retry_after)

    assert waits[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert waits[7] == 15 * 60 - sum(waits[:7])


async def test_success_clears_the_account_but_not_the_address(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    for login in ("E-Ann", "E-Ann", "nobody@firm.example"):
        await refused(session.sign_in(door(), login, OTHER, SESSION))

    await session.sign_in(door(), "E-Ann", GOOD, SESSION)

    left = {r["key"].split(":")[0]: r["failures"] for r in await db.rows("SELECT * FROM login_throttle")}
    assert left["address"] == 3
    assert await db.value("SELECT count(*) FROM login_throttle WHERE key LIKE 'login:%'") == 1  # nobody's
    for _ in range(20):
        await session.sign_in(door(), "E-Ann", GOOD, SESSION)


async def test_two_logins_of_a_person_have_the_places_of_one(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    await a_person(hasher)
    for _ in range(10):
        await refused(session.sign_in(door(), "ann@firm.example", OTHER, SESSION))
        clock.turn(seconds=60)

    answer = await refused(session.sign_in(door(), "E-Ann", GOOD, SESSION))

    assert answer.code == ErrorCode.BAD_CREDENTIALS
    clock.turn(minutes=15)
    await session.sign_in(door(), "E-Ann", GOOD, SESSION)


@pytest.mark.parametrize(
    ("first", "second"), [("192.0.2.7", "::ffff:192.0.2.7"), ("::1", "::2"), ("2001:db8::1", "2001:db8::ffff:2")]
)
async def test_an_address_has_room_for_fifty_failures(door: Door, first: str, second: str) -> None:
    for n in range(50):
        await refused(session.sign_in(door(ip=first), f"nobody{n}@firm.example", OTHER, SESSION))

    answer = await refused(session.sign_in(door(ip=second), "another@firm.example", OTHER, SESSION))

    assert isinstance(answer, RateLimited) and answer.retry_after == 15 * 60
    elsewhere = await refused(session.sign_in(door(ip="198.51.100.1"), "another@firm.example", OTHER, SESSION))
    assert elsewhere.code == ErrorCode.BAD_CREDENTIALS


async def test_an_attempt_is_not_counted_where_it_could_be_undone(door: Door) -> None:
    ctx = door()
    with pytest.raises(RuntimeError):
        async with ctx.transaction():
            await session.sign_in(ctx, "ann@firm.example", GOOD, SESSION)


async def test_old_counts_are_purged(door: Door, clock: TurnedClock) -> None:
    await refused(session.sign_in(door(), "nobody@firm.example", OTHER, SESSION))

    assert await throttle.purge(clock.now()) == 0
    assert await throttle.purge(clock.now() + throttle.WINDOW) == 3
