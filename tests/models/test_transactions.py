"""A transaction that begins with the locks of its streams, and gives its connection back where it cannot begin."""

from __future__ import annotations

import asyncio
from contextvars import copy_context

import pytest

from models import db
from models.log import holding, taking
from models.people import Person
from tests.factories.people import a_person

HELD = """
SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
WHERE l.locktype = 'advisory' AND d.datname = current_database()
"""
STREAM = "audience:it's quoted"


async def test_the_locks_are_taken_with_the_begin_and_go_with_the_end(statements: list[str]) -> None:
    async with holding(["a", STREAM]):
        assert await db.value(HELD) == 2

    assert await db.value(HELD) == 0
    assert len(statements) == 4


async def test_whoever_waited_for_a_lock_sees_what_was_committed_meanwhile(database: None) -> None:
    async def seen() -> int:
        async with holding([STREAM]):
            return await Person.all().count()

    elsewhere = copy_context()
    async with holding([STREAM]):
        waiting = asyncio.create_task(seen(), context=elsewhere)
        await asyncio.sleep(0.1)
        await a_person("Ann")
        assert not waiting.done()

    assert await waiting == 1


async def test_many_who_give_up_while_they_wait_leave_neither_a_lock_nor_a_connection_behind(database: None) -> None:
    async def waits() -> None:
        async with holding([STREAM]):
            raise AssertionError("nobody was to get this far")

    elsewhere = [copy_context() for _ in range(5)]
    async with holding([STREAM]):
        waiting = [asyncio.create_task(waits(), context=one) for one in elsewhere]
        await asyncio.sleep(0.1)
        for task in waiting:
            task.cancel()
        ends = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ends)

    async def again() -> int:
        return await db.value("SELECT 1 FROM pg_sleep(0.01)")

    assert await asyncio.wait_for(asyncio.gather(*(again() for _ in range(20))), 10) == [1] * 20
    assert await db.value(HELD) == 0


async def test_what_fails_is_undone_and_the_next_one_begins(database: None) -> None:
    with pytest.raises(ZeroDivisionError):
        async with holding([STREAM]):
            await a_person("Ann")
            raise ZeroDivisionError

    async with db.transaction():
        async with db.transaction():  # a savepoint
            await a_person("Bob")
        with pytest.raises(RuntimeError, match="under way"):
            db.transaction(taking([STREAM]))

    assert [one.name for one in await Person.all()] == ["Bob"]
