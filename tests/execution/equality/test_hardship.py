"""What is hard on an executor: callers that go away, many documents, deep and long answers, mutations that fail."""

from __future__ import annotations

import asyncio
import gc
import warnings
from asyncio import get_running_loop
from typing import Any

import orjson
import pytest
from graphql import parse

from execution.compiled import PLANS_MAX, Plans, executor
from tests.execution.equality.asking import Question
from tests.execution.equality.comparing import Answer
from tests.execution.equality.running import answers, asked, both, compiled, pair
from tests.execution.equality.schemas import Parsed, build
from tests.execution.equality.things import World
from tests.execution.equality.weather import Weather

BUSY = """{
  people { hi slow slowFriend { name } viaLoader { id } kindly boss { luck stones { title owner { name } } }
    late unlucky broken { id } halfSlow { name } people { nodes { slow friend { name } } totalCount } }
  things { ... on Person { slow frail { id } } ... on Robot { maker { slow } } }
}"""


async def test_a_caller_may_go_away_at_any_time() -> None:
    loop, reported, before = get_running_loop(), list[Any](), asyncio.all_tasks()
    gc.collect()
    loop.set_exception_handler(lambda _, context: reported.append(context))
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            done = False
            for turns in range(60):
                done = await _gone_after(turns, from_within=bool(turns % 2))
            gc.collect()
    finally:
        loop.set_exception_handler(None)

    assert done
    assert reported == []
    assert [str(one.message) for one in warned if issubclass(one.category, RuntimeWarning)] == []
    assert asyncio.all_tasks() <= before


async def _gone_after(turns: int, *, from_within: bool) -> bool:
    """Whether the answer was quicker."""
    task = asyncio.ensure_future(compiled(BUSY))
    if from_within:
        _later(turns, task.cancel)
    else:
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
    [result] = await asyncio.gather(task, return_exceptions=True)
    for _ in range(10):  # what others may wait for, too, is loaded to its end
        await asyncio.sleep(0)
    return isinstance(result, Answer)


def _later(turns: int, do: Any) -> None:
    """As a callback, in so many turns of the loop."""
    if turns:
        get_running_loop().call_soon(_later, turns - 1, do)
    else:
        do()


async def test_what_is_remembered_is_bounded() -> None:
    plans = Plans(operations=50, from_run=1)
    schema = build(executor(plans), strict=False)
    condition = " ".join(f"a{i}: version @include(if: $v{i})" for i in range(8))
    many = f"query ({', '.join(f'$v{i}: Boolean!' for i in range(8))}) {{ {condition} version }}"

    for i in range(200):
        await answers(schema, World(Weather(1)), asked(f"{{ version a{i}: version }}"), 0)
    for i in range(100):
        await answers(schema, World(Weather(1)), asked(many, **{f"v{j}": bool(i >> j & 1) for j in range(8)}), 0)

    assert plans.counts == {"compiled": 300}
    assert plans.kept == 49 + PLANS_MAX


async def test_an_operation_is_compiled_when_it_comes_again() -> None:
    plans = Plans()
    schema = build(executor(plans), strict=False)

    for _ in range(3):
        await answers(schema, World(Weather(1)), asked("{ version }"), 0)

    assert plans.counts == {"first": 1, "compiled": 2}


@pytest.mark.parametrize("depth", [10, 60])
async def test_deep_answers(depth: int) -> None:
    text = f"{{ person {{ {'twin { ' * depth} id slow {'}' * depth} }} }}"

    expected, found, _ = await both(text, Weather(1))

    assert orjson.dumps(found.data) == orjson.dumps(expected.data)
    assert not found.errors


async def test_as_deep_as_the_parser_goes() -> None:
    depth = 150
    document = f"{{ person {{ {'twin { ' * depth} id slow {'}' * depth} }} }}"
    Parsed.known[document] = parse(document)  # the rules of validation do not go as deep

    [answer] = await answers(pair(strict=False).compiled, World(Weather(1)), Question(document, None, [{}]), 0)

    assert answer.data
    assert not answer.errors


async def test_long_lists() -> None:
    count = 10_000
    answer = await compiled(f"{{ numbers(high: {count}) a: numbers(low: -5, high: {count}) }}")

    assert answer.data == {"numbers": [*range(count)], "a": [*range(-5, count)]}


async def test_events_are_compiled_each() -> None:
    plans = Plans(from_run=1)
    schema = build(executor(plans), strict=False)

    events = await answers(schema, World(Weather(1)), asked("subscription { events(count: 3) { id luck } }"), 0)

    assert [one.data for one in events] == [{"events": {"id": f"p{i}", "luck": 2}} for i in range(3)]
    assert plans.counts["compiled"] == 3


async def test_mutations_are_done_in_turn_and_in_depth() -> None:
    text = "mutation { a: act(step: 1) { slowly by { slow } } b: tryTo(step: 2) { slowly } c: atOnce(step: 3) }"

    expected, found, log = await both(text, Weather(1))

    assert found.data == expected.data
    assert log == [
        *("act 1 begins", "act 1 ends", "below 1 begins", "below 1 ends"),
        *("try 2 begins", "try 2 ends", "below 2 begins", "below 2 ends", "at once 3"),
    ]


async def test_mutations_stop_where_nothing_is_left_of_the_answer() -> None:
    text = "mutation { a: tryTo(step: 1) { step } b: act(step: 2) { slowly } c: atOnce(step: 3) }"
    weathers = (Weather(seed, struck=frozenset({"act 2"})) for seed in range(100))
    weather = next(weather for weather in weathers if weather.given("act 2", 1) is None)

    expected, found, log = await both(text, weather)

    assert found.data is expected.data is None
    assert found.errors == expected.errors
    assert log == ["try 1 begins", "try 1 ends", "act 2 begins", "act 2 ends"]
