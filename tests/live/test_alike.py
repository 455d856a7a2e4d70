"""Whoever is served together with others hears, byte for byte, what they would hear alone."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from graphql import GraphQLEnumType
from strawberry.types import ExecutionResult

from auth.viewer import Viewer
from execution.documents import core_schema
from execution.limits import TRUSTED
from schema.answer import NotRun, answer
from schema.build import Schema, build
from tests.conftest import OPERATIONS, Ask
from tests.factories.ids import global_id
from tests.leaks.crawling import roots
from tests.live.acting import World, a_world, everybody
from tests.live.following import Following, Live, running, until

ACTIONS = 30
FOLLOWED = 3  # streams of each viewer

OWN_VIEW = """
subscription ($after: String) { feedUpdated(after: $after) {
  __typename id cursor occurredAt actor { id name isGuest }
  ... on PostPublished { post { ...P } } ... on PostEdited { post { ...P } } ... on PostChanged { post { ...P } }
  ... on CommentAdded { comment { ...C } post { id commentCount } }
  ... on CommentRemoved { commentId post { ...P } }
  ... on ReactionsChanged { subject { id reactions { emoji count viewerHasReacted } } }
} }
fragment P on Post {
  id body author { name employeeId } viewerCanUpdate viewerCanReact commentCount reactions { emoji viewerHasReacted }
  audience { kind name }
}
fragment C on Comment { id body author { name } viewerCanDelete reactions { viewerHasReacted } replyTo { id } }
"""
OWN_TALK = """
subscription ($conversationId: ID!, $after: String) {
  conversationUpdated(conversationId: $conversationId, after: $after) {
    __typename id cursor actor { name }
    ... on MessagePosted {
      message { id body author { name } viewerCanUpdate replyTo { body } readBy { count } }
      conversation { unreadCount memberCount viewerMembership { role } }
    }
    ... on MessageEdited { message { body revisions(first: 2) { nodes { body } } } }
    ... on ConversationJoined { person { name } conversation { title } }
    ... on ReactionsChanged { subject { reactions { emoji count viewerHasReacted } } }
  }
}
"""


@dataclass
class Alone:
    """A subscription by the reference, whose answers are written down."""

    said: list[bytes] = field(default_factory=list[bytes])
    task: asyncio.Task[None] | None = None

    async def follow(self, ask: Ask, viewer: Viewer, text: str, variables: Mapping[str, Any]) -> None:
        self.task = asyncio.create_task(self._write_down(*await subscribed(ask, viewer, text, variables)))

    async def _write_down(self, ctx: Any, results: Any) -> None:
        async with contextlib.aclosing(results):
            async for result in results:
                self.said.append(orjson.dumps(answer(ctx, result).body(), default=str))


@dataclass
class Pair:
    """One viewer's stream, twice."""

    name: str
    alone: Alone
    together: Following

    def check(self) -> None:
        assert told(self.together.told.said) == told(self.alone.said), self.name


def told(said: list[bytes]) -> list[bytes]:
    """Without the last word, whose position is the fan-out's own."""
    return [one for one in said if b"StreamEnded" not in one]


def documents(world: World) -> list[tuple[str, dict[str, Any]]]:
    """What there is to follow, each with its variables."""
    group, talk = {"groupId": global_id(world.group)}, {"conversationId": global_id(world.talk)}
    return [
        (committed("feed/feed_updated"), {}),
        (OWN_VIEW, {}),
        (committed("streams/conversation_updated"), talk),
        (OWN_TALK, talk),
        (committed("streams/group_updated"), group),
        (committed("streams/survey_updated"), {"surveyId": global_id(world.survey)}),
        (committed("streams/directory_updated"), {}),
        (committed("streams/inbox_updated"), {}),
        (committed("streams/events"), {"kinds": kinds(world.ask.schema)}),
    ]


def kinds(schema: Schema) -> list[str]:
    """All that automation may follow."""
    found = core_schema(schema).type_map["EventKind"]
    assert isinstance(found, GraphQLEnumType)
    return list(found.values)


def committed(operation: str) -> str:
    return (OPERATIONS / f"{operation}.graphql").read_text()


async def subscribed(ask: Ask, viewer: Viewer, text: str, variables: Mapping[str, Any]) -> tuple[Any, Any]:
    """The context and the results of the reference."""
    ctx = await ask.context(viewer)
    return ctx, await ask.schema.subscribe(text, variable_values=dict(variables), context_value=ctx)


async def begin(fan: Live, name: str, viewer: Viewer, text: str, variables: Mapping[str, Any]) -> Pair | None:
    """Both, or neither: what is refused to one is refused to the other."""
    try:
        together = await fan.text(viewer, text, None, **variables)
    except NotRun as error:
        refused = error.errors
    else:
        alone = Alone()
        await alone.follow(fan.ask, viewer, text, variables)
        return Pair(f"{name}: {text}", alone, together)
    ctx, results = await subscribed(fan.ask, viewer, text, variables)
    first: Any = results if isinstance(results, ExecutionResult) else await anext(results)
    assert answer(ctx, first).errors == refused
    return None


async def all_told(fan: Live, pairs: list[Pair]) -> None:
    """Until both of each have been told all that has happened."""
    await fan.all_told(*(pair.together for pair in pairs))
    with contextlib.suppress(TimeoutError):  # what differs then is shown by the comparison
        await until(lambda: all(len(told(p.alone.said)) >= len(told(p.together.told.said)) for p in pairs), 2)


@contextlib.asynccontextmanager
async def stopped(pairs: list[Pair]) -> AsyncGenerator[None]:
    try:
        yield
    finally:
        tasks = [pair.alone.task for pair in pairs if pair.alone.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("seed", range(2))
async def test_served_together_everybody_hears_what_they_would_hear_alone(ask: Ask, fan: Live, seed: int) -> None:
    chance = random.Random(seed)
    world = await a_world(ask, chance)
    viewers, pairs = await everybody(world), list[Pair]()
    async with stopped(pairs):
        for name, viewer in viewers.items():
            for text, variables in chance.sample(documents(world), FOLLOWED):
                if pair := await begin(fan, name, viewer, text, variables):
                    pairs.append(pair)
        await until(lambda: fan.fanout.followers == len(pairs))
        for _ in range(ACTIONS):
            await world.act()
            await all_told(fan, pairs)

        await asyncio.sleep(0.1)
        for pair in pairs:
            pair.check()
    assert sum(len(pair.alone.said) for pair in pairs) > ACTIONS, world.done


@pytest.fixture(scope="module")
def wide() -> Schema:
    """The schema, for documents longer than clients may send."""
    return build(TRUSTED)


async def test_so_they_do_of_all_that_can_be_asked_when_they_come_back(ask: Ask, wide: Schema) -> None:
    """Every field that there is below an event, replayed to all at once after much has happened."""
    chance = random.Random(7)
    world = await a_world(Ask(wide, ask.services), chance)
    viewers, pairs = await everybody(world), list[Pair]()
    async with running(world.ask) as fan, stopped(pairs):
        start = await fan.cursor(viewers["Ann"])
        for _ in range(3 * ACTIONS):
            await world.act()
        await fan.all_told()
        known: dict[str, Any] = {"groupId": global_id(world.group), "conversationId": global_id(world.talk)}
        known |= {"surveyId": global_id(world.survey), "kinds": kinds(wide)}
        for name in ("Bob", "Dora", "Gil"):
            for root in roots(core_schema(wide), "subscription"):
                if "after" not in root.arguments:
                    continue
                given = {arg: known[arg] for arg in root.required}
                variables = {**given, "after": start}
                if pair := await begin(fan, name, viewers[name], root.text, variables):
                    pairs.append(pair)
        await all_told(fan, pairs)
        await asyncio.sleep(0.3)
        for pair in pairs:
            pair.check()

    assert sum(len(pair.alone.said) for pair in pairs) > ACTIONS
