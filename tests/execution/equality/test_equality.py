"""Random operations, in fair weather and foul: the compiled executor answers what the reference executor answers."""

from __future__ import annotations

import gc
import os
import warnings
from asyncio import AbstractEventLoop, get_running_loop
from typing import Any

import pytest

from tests.execution.equality.running import alone, pair, tried

OPERATIONS = 50_000 if os.environ.get("ATRIUM_FUZZ") else 300
SEED = int(os.environ.get("ATRIUM_FUZZ_SEED", "1"))
PARTS = 10


# The reference executor leaves coroutines behind where an error makes them useless; that the other does not is below.
@pytest.mark.fuzz
@pytest.mark.filterwarnings("ignore:coroutine:RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("part", range(PARTS))
async def test_both_executors_answer_the_same(part: int) -> None:
    # Each operation is run in fair weather, with other variables and one place struck, and in a storm.
    seeds = range(SEED * 1_000_000 + part, SEED * 1_000_000 + OPERATIONS, PARTS)
    get_running_loop().set_exception_handler(lambda loop, context: None)
    try:
        for seed in seeds:
            found, _ = await tried(seed)
            assert not found, "\n\n".join(found)
    finally:
        gc.collect()
        get_running_loop().set_exception_handler(None)


@pytest.mark.parametrize("strict", [False, True])
async def test_nearly_everything_is_compiled(strict: bool) -> None:
    plans = pair(strict=strict).plans
    plans.counts.clear()

    for seed in range(int(strict), 40, 2):
        await alone(seed)

    assert plans.counts["compiled"] > 0.8 * plans.counts.total()
    assert set(plans.counts) <= {"compiled", "null_condition"}


async def test_nothing_is_left_behind() -> None:
    gc.collect()
    reported: list[Any] = []
    loop: AbstractEventLoop = get_running_loop()
    loop.set_exception_handler(lambda _, context: reported.append(context))
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            for seed in range(40):
                await alone(seed)
            gc.collect()
    finally:
        loop.set_exception_handler(None)

    assert not reported
    assert [str(one.message) for one in warned if issubclass(one.category, RuntimeWarning)] == []
