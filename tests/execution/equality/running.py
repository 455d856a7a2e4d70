"""Running: the same operation in the same weather, by both executors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import strawberry
from graphql import GraphQLSchema, parse

from execution.documents import core_schema
from execution.validation import validate
from tests.execution.equality.asking import Asking, Question, Taste
from tests.execution.equality.comparing import Answer, are_same, differences
from tests.execution.equality.schemas import Pair, Parsed, pair_of
from tests.execution.equality.things import Row, World
from tests.execution.equality.weather import STORM, Weather, choice

KINDS = ("query",) * 6 + ("mutation", "subscription")


@cache
def pair(*, strict: bool) -> Pair:
    return pair_of(strict=strict)


def question(seed: int, schema: GraphQLSchema, kind: str, taste: Taste | None = None) -> Question:
    """A valid one; of those that are made of the seed the first."""
    for attempt in range(100):
        made = Asking(schema, seed * 100 + attempt, taste).question((kind,))
        document = parse(made.text)
        if not validate(schema, document):
            Parsed.known[made.text] = document
            return made
    raise AssertionError(f"Nothing valid comes of the seed {seed}.")


async def answers(schema: strawberry.Schema, world: World, asked: Question, run: int) -> list[Answer]:
    """What one executor answers; a subscription at each of its events."""
    named: dict[str, Any] = {"context_value": world, "operation_name": asked.operation, "root_value": Row(version="2")}
    variables = asked.variables[run]
    if not asked.text.startswith("subscription"):
        result = await schema.execute(asked.text, variables, **named)
        return [_answer(result)]
    stream: Any = await schema.subscribe(asked.text, variables, **named)
    if not hasattr(stream, "__aiter__"):
        return [_answer(stream)]
    return [_answer(one) async for one in stream]


def _answer(result: Any) -> Answer:
    return Answer(result.data, [error.formatted for error in result.errors or ()])


async def compared(pair: Pair, asked: Question, weather: Weather, run: int) -> tuple[list[str], bool]:
    """How the executors differ in this weather, and whether they are the same in all."""
    world, other_world = World(weather), World(Weather(weather.seed, weather.storm, weather.struck))
    expected = await answers(pair.reference, world, asked, run)
    found = await answers(pair.compiled, other_world, asked, run)
    told = _told(asked, expected, found)
    if asked.text.startswith("mutation") and world.log != other_world.log:
        told.append(f"log: {world.log}\n  not {other_world.log}")
    return told, len(expected) == len(found) and all(map(are_same, expected, found))


def _told(asked: Question, expected: Sequence[Answer], other: Sequence[Answer]) -> list[str]:
    if len(expected) != len(other):
        return [f"{len(expected)} answers, not {len(other)}"]
    return [one for pair in zip(expected, other, strict=True) for one in differences(asked.text, *pair)]


async def tried(seed: int) -> tuple[list[str], list[bool]]:
    """One operation in fair weather, with one place struck, and in a storm: the differences, and what was the same."""
    the_pair = pair(strict=seed % 2 == 1)
    asked = question(seed, core_schema(the_pair.reference), choice(KINDS, "kind", seed))
    found: list[str] = []
    same: list[bool] = []
    fair = Weather(seed)
    for run, weather in enumerate([fair, Weather(seed), Weather(seed, STORM)]):
        if run == 1 and fair.visited:
            weather.struck = frozenset({choice([*fair.visited], "struck", seed)})
        told, is_same = await compared(the_pair, asked, weather, run % len(asked.variables))
        found += [f"seed {seed}, storm {weather.storm}, struck {[*weather.struck]}\n{one}" for one in told]
        same.append(is_same)
    del Parsed.known[asked.text]
    return ([f"{asked.text}\n{asked.variables}", *found] if found else []), same


async def alone(seed: int) -> None:
    """One operation in a storm, by the compiled executor alone."""
    the_pair = pair(strict=seed % 2 == 1)
    asked = question(seed, core_schema(the_pair.reference), choice(KINDS, "kind", seed))
    for run in range(len(asked.variables)):
        await answers(the_pair.compiled, World(Weather(seed, storm=STORM)), asked, run)


def asked(text: str, **variables: Any) -> Question:
    """A valid document of one operation."""
    if text not in Parsed.known:
        document = parse(text)
        assert validate(core_schema(pair(strict=False).reference), document) == []
        Parsed.known[text] = document
    return Question(text, None, [variables])


async def compiled(text: str, world: World | None = None, **variables: Any) -> Answer:
    [answer] = await answers(pair(strict=False).compiled, world or World(Weather(1)), asked(text, **variables), 0)
    return answer


async def both(text: str, weather: Weather) -> tuple[Answer, Answer, list[str]]:
    """Both answers, and what the compiled executor did."""
    world = World(Weather(weather.seed, weather.storm, weather.struck))
    [expected] = await answers(pair(strict=False).reference, World(weather), asked(text), 0)
    return expected, await compiled(text, world), world.log
