"""`feedUpdated`: what happens in the feed, for those who may hear of it at that moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from models import audiences, db
from models.log import START, lock_stream
from models.people import Person
from models.session import Access
from resolvers.context import Context, Services
from schema.answer import answer
from schema.build import Schema
from subscriptions import live, log
from subscriptions.events import audience_stream
from subscriptions.feed import PostPublished
from subscriptions.live import Hub
from tests.conftest import OPERATIONS, Ask
from tests.engine import settled
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.subscriptions.notes import SOON, rest_of, take

FEED_UPDATED = (OPERATIONS / "feed" / "feed_updated.graphql").read_text()
SNAPSHOT = "{ feed(first: 100) { nodes { body } } people(first: 1) { totalCount } eventCursor }"


class Subscribe:
    """Opens `feedUpdated` for a person: `await subscribe(ann, after=…)`."""

    def __init__(self, schema: Schema, ask: Ask) -> None:
        self.schema, self.ask = schema, ask

    async def __call__(self, who: Person, after: str | None = None) -> AsyncIterator[dict[str, Any]]:
        ctx = await self.ask.context(who)
        results: Any = await self.schema.subscribe(FEED_UPDATED, variable_values={"after": after}, context_value=ctx)
        return self._events(ctx, results)

    async def _events(self, ctx: Context, results: Any) -> AsyncIterator[dict[str, Any]]:
        async for result in results:
            shown = answer(ctx, result)
            assert not shown.errors, shown.errors
            assert shown.data is not None
            yield shown.data["feedUpdated"]


@pytest.fixture
def subscribe(schema: Schema, ask: Ask) -> Subscribe:
    return Subscribe(schema, ask)


@pytest.fixture
async def hub(services: Services) -> AsyncGenerator[Hub]:
    async with live.running(services.hub) as running:
        yield running


async def cursor(ask: Ask, who: Person) -> str:
    await settled()
    answered = await ask.text(who, "{ eventCursor }")
    assert answered.data is not None
    return answered.data["eventCursor"]


async def heard_by(hub: Hub) -> None:
    """Until the hub has handed on all that is committed, and its listeners have looked at it."""
    await settled()
    _, last = await log.after(START)
    async with asyncio.timeout(SOON):
        while hub.position < last:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)


async def publish(ask: Ask, who: Person, body: str, **more: Any) -> str:
    data = await ask(who, "posts/create_post", kind="DISCUSSION", body=body, **more)
    assert data["createPost"]["errors"] == []
    return data["createPost"]["post"]["id"]


async def test_a_subscriber_hears_what_another_does(ask: Ask, subscribe: Subscribe, hub: Hub) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    events = await subscribe(bob)
    first = asyncio.create_task(take(events, 4))
    await asyncio.sleep(0.05)

    post = await publish(ask, ann, "one")
    await ask(ann, "posts/edit_post", post_id=post, expected_version=1, body="two")
    await ask(bob, "comments/add_comment", post_id=post, body="three")
    await ask(ann, "posts/delete_post", post_id=post)
    told = await first

    assert [event["__typename"] for event in told] == ["PostPublished", "PostEdited", "CommentAdded", "PostRemoved"]
    assert [event["actor"]["name"] for event in told] == ["Ann", "Ann", "Bob", "Ann"]
    assert told[3]["postId"] == post
    assert len({event["id"] for event in told}) == 4


async def test_an_event_shows_the_thing_as_it_is_when_it_is_told(ask: Ask, subscribe: Subscribe, hub: Hub) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    start = await cursor(ask, bob)
    kept, gone = await publish(ask, ann, "first"), await publish(ask, ann, "gone soon")
    await ask(ann, "posts/edit_post", post_id=kept, expected_version=1, body="second")
    await ask(ann, "posts/delete_post", post_id=gone)

    told = await take(await subscribe(bob, start), 4)

    assert [event["__typename"] for event in told] == ["PostPublished", "PostPublished", "PostEdited", "PostRemoved"]
    assert told[0]["post"]["body"] == "second"
    assert told[1]["post"] is None


async def test_who_has_left_the_unit_by_the_time_hears_nothing(ask: Ask, subscribe: Subscribe, hub: Hub) -> None:
    unit = await a_unit()
    ann, bob = await a_person("Ann", unit=unit), await a_person("Bob", unit=unit)
    events = await subscribe(bob)
    first = asyncio.create_task(take(events, 1))
    await asyncio.sleep(0.05)
    await publish(ask, ann, "for the unit", audience={"orgUnitId": global_id(unit)})
    (heard,) = await first
    start = heard["cursor"]

    # In one transaction, so that the removal is there before anybody can be told of the post.
    async with db.transaction():
        await lock_stream(audience_stream(unit.id))
        secret = await a_post("for those who are left", author=ann, audience=unit.id)
        await log.append([PostPublished(secret.id, unit.id)], actor=ann.id, now=datetime.now(UTC))
        await db.execute("UPDATE person SET unit_id = NULL WHERE id = $1", bob.id)
    await publish(ask, ann, "for all")

    assert heard["post"]["body"] == "for the unit"
    assert [event["post"]["body"] for event in await take(events, 1)] == ["for all"]
    assert [event["post"]["body"] for event in await take(await subscribe(bob, start), 1)] == ["for all"]
    assert [event["post"]["body"] for event in await take(await subscribe(ann, start), 2)] == [
        "for those who are left",
        "for all",
    ]


async def test_who_has_joined_the_unit_meanwhile_hears_of_it(ask: Ask, subscribe: Subscribe, hub: Hub) -> None:
    unit = await a_unit()
    ann, bob = await a_person("Ann", unit=unit), await a_person("Bob")
    first = asyncio.create_task(take(await subscribe(bob), 1))
    await asyncio.sleep(0.05)

    await publish(ask, ann, "too early", audience={"orgUnitId": global_id(unit)})
    await heard_by(hub)
    await Person.filter(id=bob.id).update(unit_id=unit.id)
    await publish(ask, ann, "in time", audience={"orgUnitId": global_id(unit)})

    assert [event["post"]["body"] for event in await first] == ["in time"]


async def test_a_guest_hears_of_a_list_that_names_them_and_of_nothing_else(
    ask: Ask, subscribe: Subscribe, hub: Hub
) -> None:
    ann, gil = await a_person("Ann"), await a_guest()
    first = asyncio.create_task(take(await subscribe(gil), 1))
    await asyncio.sleep(0.05)

    await publish(ask, ann, "for the company")
    await ask(gil, "people/directory", first=1)
    post = await a_post("for Gil", author=ann, audience=await a_list(gil, ann))
    async with db.transaction():
        await log.append([PostPublished(post.id, post.audience_id)], actor=ann.id, now=datetime.now(UTC))

    assert [event["post"]["body"] for event in await first] == ["for Gil"]


async def a_list(*people: Person) -> Any:
    async with db.transaction():
        return await audiences.of_people([person.id for person in people])


async def test_what_is_quiet_reaches_nobodys_screen(ask: Ask, subscribe: Subscribe, hub: Hub) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    start = await cursor(ask, bob)
    post = await a_post("imported", author=ann)
    await log.append([PostPublished(post.id, post.audience_id)], actor=None, now=datetime.now(UTC), quiet=True)
    await publish(ask, ann, "written")

    told = await take(await subscribe(bob, start), 1)

    assert told[0]["post"]["body"] == "written"


async def test_a_stream_ends_with_the_session(ask: Ask, subscribe: Subscribe, hub: Hub) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    start = await cursor(ask, bob)
    events = await subscribe(bob, start)
    first = asyncio.create_task(take(events, 1))
    await publish(ask, ann, "heard")
    (heard,) = await first

    await Access.filter(person_id=bob.id).delete()
    await publish(ask, ann, "not heard")
    (ending,) = await take(events, 1)

    assert (ending["__typename"], ending["reason"]) == ("StreamEnded", "REVOKED")
    assert ending["id"] != heard["id"]
    assert await rest_of(events) == []
    assert [event["post"]["body"] for event in await take(await subscribe(bob, ending["cursor"]), 1)] == ["not heard"]


@pytest.mark.parametrize("after", ["", "nonsense", "AAAA" * 20, "😀", "x" * 5000])
async def test_what_is_no_cursor_is_refused(schema: Schema, ask: Ask, hub: Hub, after: str) -> None:
    ctx = await ask.context(await a_person())

    results: Any = await schema.subscribe(FEED_UPDATED, variable_values={"after": after}, context_value=ctx)
    first = results if hasattr(results, "errors") else await anext(results)

    assert answer(ctx, first).code == "INVALID_CURSOR"


async def test_the_cursor_of_a_page_is_no_cursor_of_a_stream(schema: Schema, ask: Ask, hub: Hub) -> None:
    ann = await a_person()
    await publish(ask, ann, "one")
    page = await ask(ann, "feed/home_feed", first=1)
    ctx = await ask.context(ann)

    after = page["feed"]["edges"][0]["cursor"]
    results: Any = await schema.subscribe(FEED_UPDATED, variable_values={"after": after}, context_value=ctx)
    first = results if hasattr(results, "errors") else await anext(results)

    assert answer(ctx, first).code == "INVALID_CURSOR"


async def test_a_snapshot_and_its_stream_miss_nothing(ask: Ask, subscribe: Subscribe, hub: Hub) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    ended = asyncio.Event()
    published: list[str] = []

    async def write(writer: int) -> None:
        for n in range(15):
            body = f"{writer}.{n}"
            await publish(ask, ann, body)
            published.append(body)
        ended.set()

    async def look() -> tuple[set[str], str]:
        answered = await ask.text(bob, SNAPSHOT)
        assert answered.data is not None
        return {node["body"] for node in answered.data["feed"]["nodes"]}, answered.data["eventCursor"]

    async def look_often() -> list[tuple[set[str], str]]:
        found: list[tuple[set[str], str]] = []
        while not ended.is_set():
            found.append(await look())
        return found

    *_, looks = await asyncio.gather(write(1), write(2), write(3), look_often())
    await settled()
    last = await cursor(ask, bob)

    assert len(looks) > 10
    for snapshot, start in looks:
        streamed = await streamed_until(await subscribe(bob, start), ann, ask, last)
        assert snapshot | streamed >= set(published), sorted(set(published) - snapshot - streamed)


async def streamed_until(events: AsyncIterator[dict[str, Any]], ann: Person, ask: Ask, last: str) -> set[str]:
    """The texts of the posts told of so far; a post that marks the end is published for it."""
    mark = f"end of {id(events)}"
    await publish(ask, ann, mark)
    found: set[str] = set()
    async with asyncio.timeout(SOON):
        async for event in events:
            if event["post"]["body"] == mark:
                break
            found.add(event["post"]["body"])
    return found
