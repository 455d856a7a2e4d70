"""Resuming from any cursor, on any process, while others write: no gap, repeat or inversion, or a word why not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest

from atrium.worker import TRIMMED, Kept, trim
from auth.passwords import Hasher
from models import db
from models.log import LoggedEvent, ReaderPosition
from models.people import Person
from schema.answer import NotRun
from tests.conftest import OPERATIONS, Ask
from tests.engine import settled
from tests.factories.chat import a_conversation
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.live.following import Live, Told, until
from tests.live.test_lagging import announce
from tests.web.dialling import Socket, connected
from tests.web.server import serving

CONVERSATION_UPDATED = (OPERATIONS / "streams" / "conversation_updated.graphql").read_text()
SNAPSHOT = "query ($id: ID!) { eventCursor conversation(id: $id) { messages(last: 100) { nodes { sequence } } } }"
WEEK = Kept(timedelta(days=7), 1_000_000)


class Writers:
    """Ann and Cem, who write in a conversation all the time."""

    def __init__(self, ask: Ask, talk: str, *people: Person) -> None:
        self.ask, self.talk, self.people = ask, talk, people
        self.written: list[int] = []

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncGenerator[None]:
        tasks = [asyncio.create_task(self._write(person)) for person in self.people]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _write(self, who: Person) -> None:
        while True:
            given = {"conversation_id": self.talk, "body": f"{who.name} {len(self.written)}"}
            sent = await asyncio.shield(self.ask(who, "messages/send_message", **given))
            self.written.append(sent["sendMessage"]["message"]["sequence"])
            self.ask.services.bus.poke()
            await asyncio.sleep(0.04)


async def heard(found: Socket, count: int) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    while len(events) < count:
        message = await found.hear()
        assert message["type"] == "next", message
        events.append(message["payload"]["data"]["conversationUpdated"])
    return events


async def test_across_restarts_nothing_is_missing_while_others_write(ask: Ask, hasher: Hasher) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    talk = global_id(await a_conversation(ann, bob, cem))
    writers = Writers(ask, talk, ann, cem)
    events: list[dict[str, Any]] = []
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(writers.writing())
        snapshot: set[int] = set()
        after = ""
        for life in range(3):
            async with serving(hasher) as served:
                token = await served.token(bob)
                if life == 0:
                    read = (await served.post(SNAPSHOT, token=token, variables={"id": talk})).json()["data"]
                    after = read["eventCursor"]
                    snapshot = {node["sequence"] for node in read["conversation"]["messages"]["nodes"]}
                for _ in range(2):
                    async with connected(served, token) as found:
                        await found.subscribe("1", CONVERSATION_UPDATED, conversationId=talk, after=after)
                        events += await heard(found, 10)
                        after = events[-1]["cursor"]
            await asyncio.sleep(0.05)

    told = [event["message"]["sequence"] for event in events]
    assert told == list(range(told[0], told[0] + 60))
    assert len({event["id"] for event in events}) == 60
    assert min(set(range(1, max(told) + 1)) - snapshot, default=told[0]) >= told[0]


async def test_a_snapshot_and_its_stream_miss_nothing_however_many_look(ask: Ask, fan: Live) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    talk = global_id(await a_conversation(ann, bob, cem))
    writers, looks = Writers(ask, talk, ann, cem), list[tuple[set[int], Told]]()
    async with writers.writing():
        while len(looks) < 15:
            answer = await ask.text(bob, SNAPSHOT, {"id": talk})
            assert answer.data
            seen = {node["sequence"] for node in answer.data["conversation"]["messages"]["nodes"]}
            after = answer.data["eventCursor"]
            following = await fan(bob, "streams/conversation_updated", conversation_id=talk, after=after)
            looks.append((seen, following.told))
    sent = await ask(ann, "messages/send_message", conversation_id=talk, body="the last")
    last = sent["sendMessage"]["message"]["sequence"]
    await settled()
    await until(lambda: all(told.said and told.events[-1]["message"]["sequence"] >= last for _, told in looks))

    for seen, told in looks:
        sequences = [event["message"]["sequence"] for event in told.events]
        assert sequences == list(range(sequences[0], sequences[-1] + 1))
        assert seen | set(sequences) >= set(range(1, last + 1))


async def test_what_is_no_longer_kept_is_said_to_be_too_old(ask: Ask, fan: Live) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    old, post = await fan.cursor(bob), await a_post(author=ann)
    await announce(post, ann, 3)
    first = await fan(bob, "feed/feed_updated", after=old)
    await fan.all_told(first)
    middle = first.told.events[1]["cursor"]
    await db.execute("UPDATE event SET occurred_at = now() - interval '9 days' WHERE id < (SELECT max(id) FROM event)")

    gone = await trim(WEEK, await _now())
    too_old = await fan(bob, "feed/feed_updated", after=old)
    at_the_edge = await fan(bob, "feed/feed_updated", after=middle)
    await until(lambda: too_old.told.is_over)
    await fan.all_told(at_the_edge)

    assert gone == 2
    [end] = too_old.told.events
    assert (end["__typename"], end["reason"]) == ("StreamEnded", "TOO_OLD")
    assert at_the_edge.told.events == first.told.events[2:]
    assert not at_the_edge.told.is_over


async def _now() -> Any:
    return await db.value("SELECT now()")


class Halting(Told):
    """A client that is slow to take what it missed: meanwhile it may be deleted."""

    def __init__(self) -> None:
        super().__init__()
        self.goes_on = asyncio.Event()

    async def room(self) -> None:
        if self.said:
            await self.goes_on.wait()


async def test_who_is_slow_to_catch_up_is_told_when_the_rest_is_gone(ask: Ask, fan: Live) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    start, post = await fan.cursor(bob), await a_post(author=ann)
    await announce(post, ann, 700)
    await fan.all_told()
    slow = await fan(bob, "feed/feed_updated", Halting(), after=start)
    await until(lambda: slow.told.said)

    await db.execute("UPDATE event SET occurred_at = now() - interval '9 days'")
    await trim(WEEK, await _now())
    assert isinstance(slow.told, Halting)
    slow.told.goes_on.set()
    await until(lambda: slow.told.is_over)

    *told, end = slow.told.events
    assert end["reason"] == "TOO_OLD"
    assert end["cursor"] == told[-1]["cursor"]


async def test_trimming_goes_in_portions_and_stops_before_what_a_reader_has_not_read(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)
    await announce(post, ann, TRIMMED + 10)
    await db.execute("UPDATE event SET occurred_at = now() - interval '9 days'")
    reader = "INSERT INTO reader_position (name, generation, xid, event_id, failures, error) SELECT 'slow', "
    reader += "generation, xid, id, 0, '' FROM event ORDER BY generation, xid, id OFFSET $1 LIMIT 1"
    await db.execute(reader, TRIMMED + 4)

    gone = await trim(WEEK, await _now())

    assert gone == TRIMMED + 5
    assert await LoggedEvent.all().count() == 5
    await ReaderPosition.all().delete()
    assert await trim(WEEK, await _now()) == 5
    assert await trim(WEEK, await _now()) == 0


async def test_only_so_many_are_kept(ask: Ask) -> None:
    ann = await a_person("Ann")
    await announce(await a_post(author=ann), ann, 30)

    assert await trim(Kept(timedelta(days=7), 10), await _now()) == 20
    assert await LoggedEvent.all().count() == 10


async def test_the_word_of_what_is_said_in_passing_is_no_place_in_the_log(ask: Ask, fan: Live) -> None:
    ann = await a_person("Ann")
    spoken = ask.services.sealer.seal("log", "", (2**62, 0, 5))

    with pytest.raises(NotRun) as caught:
        await fan(ann, "feed/feed_updated", after=spoken)

    assert caught.value.errors[0]["extensions"]["code"] == "INVALID_CURSOR"
