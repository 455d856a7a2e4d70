"""What the executors once answered differently."""

from __future__ import annotations

from typing import Any, cast

import orjson
import pytest
import strawberry
from strawberry.types.field import StrawberryField

from execution.compiled import Plans, executor
from execution.validation import QuietExecutor
from tests.execution.equality.comparing import differences
from tests.execution.equality.running import answers, asked, both, pair
from tests.execution.equality.things import World
from tests.execution.equality.weather import Weather


async def same(text: str, weather: Weather | None = None) -> Any:
    """The data of both executors."""
    expected, found, _ = await both(text, weather or Weather(1))
    assert differences(text, expected, found) == []
    return found.data


async def test_a_key_that_cannot_be_one_fails_alone() -> None:
    """Once it failed the whole answer."""
    data = await same("{ people { id unkeyed { id } luck } }")

    assert {bool(one["unkeyed"]) for one in data["people"]} == {False, True}


async def test_a_loader_that_is_not_declared_fails_where_it_is_needed() -> None:
    assert [one["unloadable"] for one in (await same("{ people { unloadable { id } } }"))["people"]] == [None] * 5


async def test_a_condition_may_be_null() -> None:
    """The reference executor finds out halfway; a plan would be made of nothing."""
    question = asked("query ($if: Boolean = true) { version person { id name @include(if: $if) } }", **{"if": None})
    plans = pair(strict=False).plans
    before = plans.counts["null_condition"]

    [expected], [found] = [
        await answers(schema, World(Weather(1)), question, 0)
        for schema in (pair(strict=False).reference, pair(strict=False).compiled)
    ]

    assert plans.counts["null_condition"] == before + 1
    assert expected == found or differences(question.text, expected, found) == []


@pytest.mark.parametrize("place", ["Person.greet of p1", "Person.hola of p1", "Person.slow_friend of p1", "luck of p1"])
async def test_whatever_is_given_instead(place: str) -> None:
    """Among it what graphql-core calls undefined, which is null."""
    for seed in range(40):
        weather = Weather(seed, struck=frozenset({place}))
        await same("{ person { id greet hola luck slowFriend { id } partner { id } } version }", weather)


async def test_a_day_may_be_anything() -> None:
    """One that graphql-core calls undefined was taken for today; one that is no key, for what is known at once."""
    for seed in range(60):
        weather = Weather(seed, struck=frozenset({"p0.as_of", "p3.as_of"}))
        await same("{ people { quickLuck formerBoss { id } formerStones { title } chosen { id } } }", weather)


class Doubled(StrawberryField):
    """A field that makes something of what its function gives."""

    def get_result(self, source: Any, info: Any, args: Any, kwargs: Any) -> Any:
        result: Any = super().get_result(source, info, args, kwargs)
        return 2 * result


def _five() -> int:
    return 5


@strawberry.type
class Query:
    ten: int = cast(Any, Doubled()(_five))


async def test_a_field_of_a_class_of_its_own_is_asked_in_its_own_way() -> None:
    plans = Plans(from_run=1)

    for one in (QuietExecutor, executor(plans)):
        found = await strawberry.Schema(query=Query, execution_context_class=one).execute("{ ten }")
        assert found.data == {"ten": 10}

    assert plans.counts == {"compiled": 1}


async def test_types_that_are_awaited_are_left_to_the_reference() -> None:
    plans = Plans(from_run=1)
    schema = strawberry.Schema(query=Things, types=[Real], execution_context_class=executor(plans))

    found = await schema.execute("{ named { name } }")

    assert orjson.dumps(found.data) == b'{"named":{"name":"it"}}'
    assert plans.counts == {"types_awaited": 1}


@strawberry.interface
class Named:
    name: str

    @classmethod
    async def resolve_type(cls, *_: Any) -> str:
        return "Real"


@strawberry.type
class Real(Named): ...


@strawberry.type
class Things:
    @strawberry.field
    def named(self) -> Named:
        return Real(name="it")


async def test_a_pure_function_may_give_an_awaitable() -> None:
    data = await same("{ people { lateTitle lateTwin { id lateTitle } } }")

    assert [one["lateTwin"]["lateTitle"] for one in data["people"]] == [f"title of p{i}" for i in range(5)]
