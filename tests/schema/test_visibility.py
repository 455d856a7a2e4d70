"""Every field of a sensitive type says who sees it, and keeps to that."""

from __future__ import annotations

from typing import Any

import pytest
import strawberry
from graphql import GraphQLObjectType
from strawberry.types.field import StrawberryField

from execution.documents import core_schema
from execution.fields import column
from models.org import OrgUnit
from models.people import Person
from models.session import Role
from schema.build import Schema
from schema.visibility import MARK, SENSITIVE, Visibility, public
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.session import a_role


def fields(schema: strawberry.Schema, type_name: str) -> dict[str, StrawberryField]:
    """The declarations behind a type's fields."""
    found = core_schema(schema).type_map[type_name]
    assert isinstance(found, GraphQLObjectType)
    return {name: field.extensions["strawberry-definition"] for name, field in found.fields.items()}


def unmarked(schema: strawberry.Schema, type_name: str) -> list[str]:
    """The fields that do not say who sees them."""
    return [n for n, f in fields(schema, type_name).items() if not isinstance(f.metadata.get(MARK), Visibility)]


@pytest.mark.parametrize("type_name", SENSITIVE)
def test_every_field_of_a_sensitive_type_says_who_sees_it(schema: Schema, type_name: str) -> None:
    missing = unmarked(schema, type_name)

    assert not missing, f"{type_name}.{missing[0]} has no mark: declare it with `public(…)` or `guarded(…)`."


@strawberry.type
class Card:
    name: str = public(column("Known to all."))
    salary: int = column("Forgotten.")

    @strawberry.field(description="Forgotten, too.")
    def bonus(self) -> int:
        return 0


@strawberry.type
class Query:
    card: Card | None = column("A card.")


def test_a_field_without_a_mark_is_found() -> None:
    assert unmarked(strawberry.Schema(Query), "Card") == ["salary", "bonus"]


async def a_company() -> tuple[OrgUnit, Person]:
    unit = await a_unit("Research")
    return unit, await a_person("Ann", unit=unit, employee_id="E-4711")


EMPLOYEE_ID = "query Q($id: ID!) { node(id: $id) { ... on Person { employeeId } } }"


async def seen(ask: Ask, who: Person, ann: Person) -> Any:
    """What somebody sees of Ann's employee id; they see Ann herself."""
    data = await ask(who, "people/profile", id=global_id(ann))
    answer = await ask.text(who, EMPLOYEE_ID, {"id": global_id(ann)})
    assert data["person"]["name"] == "Ann" and not answer.errors and answer.data
    return answer.data["node"]["employeeId"]


async def test_a_guarded_field_is_for_oneself_and_hr_of_ones_unit(ask: Ask) -> None:
    unit, ann = await a_company()
    elsewhere = await a_unit("Sales")
    hr_here, hr_there, hr_all = [await a_person(name) for name in ("Hal", "Hugo", "Hedda")]
    await a_role(hr_here, Role.HR, unit)
    await a_role(hr_there, Role.HR, elsewhere)
    await a_role(hr_all, Role.HR)
    colleague = await a_person("Bob", unit=unit)

    assert [await seen(ask, who, ann) for who in (ann, hr_here, hr_all)] == ["E-4711"] * 3
    assert [await seen(ask, who, ann) for who in (hr_there, colleague)] == [None, None]


async def test_a_guarded_field_of_somebody_invisible_is_not_reached(ask: Ask) -> None:
    _, ann = await a_company()

    data = await ask(await a_guest(), "people/profile", id=global_id(ann))

    assert data["person"] is None


async def test_a_hidden_value_looks_as_an_empty_one(ask: Ask) -> None:
    _, ann = await a_company()
    bob = await a_person("Bob")
    nameless = await a_person("Ann", employee_id=None)

    assert [await seen(ask, bob, one) for one in (ann, nameless)] == [None, None]
