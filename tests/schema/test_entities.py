"""Entities: what a gateway asks for is found as by `node`, in one batch a type."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from execution.ids import encode_id
from models.people import Person
from schema.answer import Answer
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit

ENTITIES = """
query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on Person { id name manager { name } }
    ... on OrgUnit { id unit: name }
    ... on Post { id body author { name } }
    ... on Comment { id text: body }
  }
}
"""


async def resolve(ask: Ask, who: Person | None, *representations: object) -> Answer:
    return await ask.text(who, ENTITIES, {"representations": list(representations)})


def named(type_name: str, id: str) -> dict[str, str]:
    return {"__typename": type_name, "id": id}


async def entities(ask: Ask, who: Person, *representations: object) -> list[Any]:
    answer = await resolve(ask, who, *representations)
    assert not answer.errors and answer.data, answer.errors
    return answer.data["_entities"]


async def test_entities_of_all_types_come_in_the_order_they_were_asked_for(ask: Ask) -> None:
    unit = await a_unit("Research")
    ann = await a_person("Ann", unit=unit)
    post = await a_post("Hello", author=ann)
    comment = await a_comment(post, "Indeed", author=ann)

    asked = [named(type(row).__name__, global_id(row)) for row in (comment, ann, post, unit, ann)]
    found = await entities(ask, ann, *asked)

    assert [(one["__typename"], one["id"]) for one in found] == [(one["__typename"], one["id"]) for one in asked]
    assert found[2]["author"] == {"name": "Ann"}


async def test_what_is_not_visible_is_null_as_what_is_not_there(ask: Ask) -> None:
    unit = await a_unit()
    ann, gil = await a_person("Ann", unit=unit), await a_guest()
    post = await a_post("secret", author=ann, audience=unit.id)

    asked = [named("Post", global_id(post)), named("Person", global_id(ann)), named("OrgUnit", global_id(unit))]
    unknown = [named(one["__typename"], encode_id(one["__typename"], uuid.uuid4())) for one in asked]

    assert await entities(ask, gil, *asked, *unknown) == [None] * 6
    assert (await entities(ask, await a_person("Bob"), asked[0])) == [None]


async def test_an_id_under_the_name_of_another_type_is_null(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)

    asked = [
        named("Post", global_id(ann)),
        named("Person", global_id(post)),
        named("Person", "none"),
        named("Post", ""),
    ]

    assert await entities(ask, ann, *asked) == [None] * 4


@pytest.mark.parametrize(
    "representation",
    [
        "Person",
        7,
        True,
        [],
        {},
        {"id": "x"},
        {"__typename": "Person"},
        {"__typename": "Person", "id": None},
        {"__typename": "Person", "id": 7},
        {"__typename": "Person", "id": {"in": []}},
        {"__typename": "Query", "id": "x"},
        {"__typename": "Audience", "id": "x"},
        {"__typename": None, "id": "x"},
        {"__typename": ["Person"], "id": "x"},
    ],
    ids=repr,
)
async def test_a_malformed_representation_is_the_gateways_fault(ask: Ask, representation: object) -> None:
    ann = await a_person()

    answer = await resolve(ask, ann, named("Person", global_id(ann)), representation)

    assert answer.code == "BAD_USER_INPUT"
    assert "representations.1" in str(answer.errors)


async def test_a_null_representation_is_refused(ask: Ask) -> None:
    assert (await resolve(ask, await a_person(), None)).code == "BAD_USER_INPUT"


async def test_more_than_a_hundred_are_refused(ask: Ask) -> None:
    ann = await a_person()
    one = named("Person", global_id(ann))

    assert len(await entities(ask, ann, *[one] * 100)) == 100
    assert (await resolve(ask, ann, *[one] * 101)).code == "BAD_USER_INPUT"


async def test_nobody_is_refused(ask: Ask) -> None:
    answer = await resolve(ask, None, named("Person", global_id(await a_person())))

    assert answer.code == "UNAUTHENTICATED" and not answer.ran


async def test_a_batch_takes_as_many_statements_as_one(ask: Ask, statements: list[str]) -> None:
    boss = await a_person("Boss")
    people = [await a_person(f"Ann {i}", manager=boss) for i in range(30)]
    posts = [await a_post(author=person) for person in people]
    asked = [named(type(row).__name__, global_id(row)) for pair in zip(people, posts, strict=True) for row in pair]
    viewer = (await ask.context(boss)).viewer

    counts: list[int] = []
    for size in (2, 60):
        statements.clear()
        answer = await ask.text(viewer, ENTITIES, {"representations": asked[:size]})
        assert not answer.errors and answer.data and all(answer.data["_entities"])
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 4
