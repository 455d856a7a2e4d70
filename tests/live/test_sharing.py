"""What is answered once for many is the same for each of them: for all fields that say so, of all things they see."""

from __future__ import annotations

import random
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, is_leaf_type
from strawberry.types.field import StrawberryField

from auth.viewer import Viewer
from execution.documents import core_schema
from execution.fields import is_shared
from execution.ids import encode_id
from execution.sharing import DEFINITION
from models.feed import Comment, Post
from models.messages import Message
from models.people import Person
from models.session import Role
from models.surveys import Survey, SurveyStatus
from resolvers.live.followers import sort_of
from schema.events.base import Event
from schema.nodes import LOADERS
from schema.streams import EVENTS
from tests.conftest import Ask
from tests.factories.groups import a_group
from tests.factories.polls import a_poll
from tests.factories.praise import a_praise
from tests.factories.session import a_role
from tests.factories.surveys import a_survey
from tests.leaks.crawling import named_type
from tests.live.acting import a_world, everybody


def shared(schema: GraphQLSchema, name: str) -> list[str]:
    """A type's fields that say that they are the same for everybody."""
    named = schema.type_map[name]
    assert isinstance(named, GraphQLObjectType)
    found: list[str] = []
    for field, declared in named.fields.items():
        definition = declared.extensions.get(DEFINITION)
        if isinstance(definition, StrawberryField) and is_shared(definition):
            found.append(field)
    return found


def named(schema: GraphQLSchema, name: str, field: str) -> Any:
    found = schema.type_map[name]
    assert isinstance(found, GraphQLObjectType)
    return named_type(found.fields[field])


def reached(schema: GraphQLSchema) -> set[str]:
    """The types that can be shared within an event."""
    found, pending = set[str](), [event.__name__ for event in EVENTS if event is not Event]
    while pending:
        name = pending.pop()
        for field in shared(schema, name):
            given = named(schema, name, field)
            if isinstance(given, GraphQLObjectType) and given.name not in found:
                found.add(given.name)
                pending.append(given.name)
    return found


def selection(schema: GraphQLSchema, name: str, depth: int = 3) -> str:
    """All shared fields of a type, and of what is below them."""
    parts: list[str] = []
    for field in shared(schema, name):
        given = named(schema, name, field)
        if is_leaf_type(given):
            parts.append(field)
        elif depth:
            parts.append(f"{field} {selection(schema, given.name, depth - 1)}")
    return "{ __typename " + " ".join(parts) + " }"


def test_only_these_types_are_shared_within_events(ask: Ask) -> None:
    """Whoever shares one more writes down here what its rows are, so that they are compared below."""
    assert reached(core_schema(ask.schema)) == {"Comment", "Message", "Person", "Post", "Praise", "Survey"}


async def test_who_sees_a_thing_is_told_the_same_of_it_as_others_of_their_sort(ask: Ask) -> None:
    world = await a_world(ask, random.Random(3))
    for _ in range(80):
        await world.act()
    ann, bob, dora = (world.people[name] for name in ("Ann", "Bob", "Dora"))
    await a_role(ann, Role.ADMIN)
    await a_role(bob, Role.MODERATOR, world.unit)
    inside = await a_group("Inside", owner=bob)
    for audience in (world.group.id, world.unit.id, inside.id):
        await a_poll("yes", "no", author=bob, audience=audience)
        await a_praise(ann, author=bob, audience=audience)
    everyone = list(world.people.values())
    for status in (SurveyStatus.OPEN, SurveyStatus.CLOSED, SurveyStatus.ARCHIVED):
        await a_survey(dora, asked=everyone, status=status, target_id=world.group.id)
    planned = {"name": "Nele", "email": "nele@company.example", "valid_from": "2027-01-01"}
    assert (await ask(dora, "org/create_person", **planned))["createPerson"]["errors"] == []
    viewers = await everybody(world)

    seen = [0, 0]
    for model in (Post, Comment, Message, Person, Survey):
        ids = [encode_id(model.__name__, row.id) for row in await model.all()]
        text = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {model.__name__} "
        text += selection(core_schema(ask.schema), model.__name__) + " } }"
        told = {name: await nodes(ask, viewer, text, ids) for name, viewer in viewers.items()}
        for name, viewer in viewers.items():
            for other, another in viewers.items():
                if sort_of(viewer) != sort_of(another):
                    continue
                for mine, theirs in zip(told[name], told[other], strict=True):
                    seen[mine is not None and theirs is not None] += 1
                    if mine is not None and theirs is not None:
                        assert mine == theirs, (name, other)
    assert min(seen) > 50
    assert set(LOADERS) >= {"Post", "Comment", "Message", "Person", "Survey"}


async def nodes(ask: Ask, viewer: Viewer, text: str, ids: list[str]) -> list[Any]:
    found: list[Any] = []
    for start in range(0, len(ids), 100):
        answer = await ask.text(viewer, text, {"ids": ids[start : start + 100]})
        assert answer.data, answer.errors
        found += answer.data["nodes"]
    return found
