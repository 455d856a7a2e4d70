"""The definitions of fields are remembered for a moment, and never past a change that was committed here."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from auth.identities import TRUST
from models.errors import Invalid
from models.profiles import BuiltIn, FieldVisibility
from resolvers import sight
from resolvers.context import Context
from resolvers.memory import Memory
from resolvers.profile_fields import FieldRules, govern_built_in_field
from resolvers.sight import DEFINITIONS
from subscriptions.profiles import ProfileFieldChanged
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.profiles import a_rule
from tests.profiles.conftest import Around


@pytest.fixture
def memory() -> Memory:
    return Memory()


async def asking(ask: Ask, around: Around, memory: Memory) -> Context:
    """A new request of HR's to a process with this memory."""
    ctx = await ask.context(around.hr)
    return Context(replace(ctx.services, memory=memory), ctx.viewer, ctx.request)


async def of_phones(ctx: Context) -> FieldVisibility:
    return (await sight.definitions(ctx)).visibility(BuiltIn.PHONE)


def asked(statements: Sequence[str]) -> int:
    return sum("FROM profile_field" in one for one in statements)


async def test_the_next_requests_of_the_moment_ask_nothing(
    ask: Ask, around: Around, memory: Memory, clock: TurnedClock, statements: list[str]
) -> None:
    await sight.definitions(await asking(ask, around, memory))
    clock.turn(seconds=(TRUST - timedelta(milliseconds=1)).total_seconds())
    await sight.definitions(await asking(ask, around, memory))
    before = asked(statements)
    clock.turn(milliseconds=1)
    await sight.definitions(await asking(ask, around, memory))

    assert (before, asked(statements)) == (1, 2)


async def test_a_change_holds_from_its_answer_on(ask: Ask, around: Around, memory: Memory) -> None:
    ctx = await asking(ask, around, memory)
    assert await of_phones(ctx) is FieldVisibility.PUBLIC

    await govern_built_in_field(ctx, BuiltIn.PHONE, FieldRules(visibility=FieldVisibility.HR), expected_version=None)

    assert await of_phones(ctx) is FieldVisibility.HR
    assert await of_phones(await asking(ask, around, memory)) is FieldVisibility.HR


async def test_what_a_transaction_reads_of_its_own_is_nobody_elses(ask: Ask, around: Around, memory: Memory) -> None:
    ctx = await asking(ask, around, memory)

    with pytest.raises(Invalid):
        async with ctx.transaction():
            await a_rule(BuiltIn.PHONE, FieldVisibility.HR)
            assert await of_phones(ctx) is FieldVisibility.HR
            raise Invalid("On second thoughts, no.", [])

    assert await of_phones(await asking(ask, around, memory)) is FieldVisibility.PUBLIC


async def test_a_change_by_another_process_is_forgotten_as_it_is_heard(
    ask: Ask, around: Around, memory: Memory
) -> None:
    assert await of_phones(await asking(ask, around, memory)) is FieldVisibility.PUBLIC
    rule = await a_rule(BuiltIn.PHONE, FieldVisibility.SELF)
    event = ProfileFieldChanged(rule.id, None, {})
    assert memory.concerns(event)

    memory.forget([event])

    assert await of_phones(await asking(ask, around, memory)) is FieldVisibility.SELF


async def test_what_was_read_before_a_change_is_not_remembered(
    ask: Ask, around: Around, memory: Memory, clock: TurnedClock
) -> None:
    reading = asyncio.create_task(memory.read(DEFINITIONS, clock.now()))
    await asyncio.sleep(0)
    memory.forget([ProfileFieldChanged(around.ann.id, None, {})])
    await reading

    assert memory.known(DEFINITIONS, clock.now()) is None


async def test_nothing_is_remembered_while_other_processes_are_not_heard(
    ask: Ask, around: Around, clock: TurnedClock
) -> None:
    hears = [True, False]
    memory = Memory(lambda: hears[-1])

    await memory.read(DEFINITIONS, clock.now())

    assert memory.known(DEFINITIONS, clock.now()) is None
    hears.pop()
    assert memory.known(DEFINITIONS, clock.now()) is not None
    memory.forget_all()
    assert memory.known(DEFINITIONS, clock.now()) is None
