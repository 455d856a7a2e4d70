"""Tasks end when they are told to."""

from __future__ import annotations

import asyncio

import pytest

from models.tasks import end


async def going_on(ended: list[str], errors: int) -> None:
    """Work that goes on after errors, and answers its first cancellations with some."""
    while True:
        try:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                if errors == 0:
                    ended.append("cleanly")
                    raise
                errors -= 1
                raise ConnectionError("there is nobody to roll back with") from None
        except ConnectionError as error:
            ended.append(str(error))


@pytest.mark.parametrize("errors", [0, 1, 3])
async def test_a_task_ends_though_it_answers_cancellation_with_errors(errors: int) -> None:
    ended: list[str] = []
    tasks = [asyncio.create_task(going_on(ended, errors)), asyncio.create_task(asyncio.sleep(60))]
    await asyncio.sleep(0)

    async with asyncio.timeout(2):
        await end(*tasks, again=0.01)

    assert len(ended) == errors + 1
    assert all(task.cancelled() for task in tasks)


async def test_who_gives_back_what_they_hold_is_let_do_so() -> None:
    given_back: list[bool] = []

    async def holding() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.1)
            given_back.append(True)

    task = asyncio.create_task(holding())
    await asyncio.sleep(0)
    await end(task)

    assert given_back == [True]


async def test_what_has_failed_or_ended_before_is_no_matter() -> None:
    async def failing() -> None:
        raise ValueError("long ago")

    over = [asyncio.create_task(failing()), asyncio.create_task(asyncio.sleep(0))]
    await asyncio.wait(over)

    await end(*over)
    await end()
