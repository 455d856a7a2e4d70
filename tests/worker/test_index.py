"""The index as a reader of the log: what is published is found, what is removed is gone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from atrium.worker import keep, next_night, running
from models import db
from models.people import Person
from models.search import SearchDocument
from resolvers.context import Services
from search.indexer import Indexer
from subscriptions.readers import Run, lag
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.engine import settled
from tests.factories.feed import a_post
from tests.factories.people import a_person

TEXT = "Marmalade"


class Index:
    """Has the index read what there is: `await index()`."""

    def __init__(self, services: Services, clock: TurnedClock) -> None:
        self.run = Run(Indexer(services.engine), holder="test", clock=clock, bus=services.bus)

    async def __call__(self) -> None:
        await settled()
        while await self.run.once():
            pass


@pytest.fixture
def index(services: Services, clock: TurnedClock) -> Index:
    return Index(services, clock)


async def found(ask: Ask, who: Person, text: str = TEXT) -> list[str]:
    data = await ask(who, "search/search", text=text, kinds=["POST"], first=10)
    return [edge["node"]["id"] for edge in data["search"]["edges"]]


async def publish(ask: Ask, who: Person, body: str) -> dict[str, Any]:
    return (await ask(who, "posts/create_post", kind="DISCUSSION", body=body))["createPost"]["post"]


async def test_a_post_is_found_once_the_index_has_read_of_it(ask: Ask, index: Index) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await publish(ask, ann, f"{TEXT} on toast")

    before = await found(ask, bob)
    await index()

    assert before == []
    assert await found(ask, bob) == [post["id"]]


async def test_an_edited_post_is_found_by_its_new_words_only(ask: Ask, index: Index) -> None:
    ann = await a_person("Ann")
    post = await publish(ask, ann, "Honey")
    await index()
    await ask(ann, "posts/edit_post", post_id=post["id"], expected_version=post["version"], body=TEXT)
    await index()

    assert await found(ask, ann) == [post["id"]]
    assert await found(ask, ann, "Honey") == []


async def test_a_removed_post_is_gone_at_once_and_later_from_the_index(ask: Ask, index: Index) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await publish(ask, ann, TEXT)
    await index()

    await ask(ann, "posts/delete_post", post_id=post["id"])

    assert await found(ask, bob) == []
    assert await SearchDocument.all().count() == 1
    await index()
    assert await SearchDocument.all().count() == 0


async def test_reading_the_whole_log_again_changes_nothing(ask: Ask, index: Index, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    post = await publish(ask, ann, TEXT)
    await ask(ann, "posts/delete_post", post_id=(await publish(ask, ann, f"{TEXT} again"))["id"])
    await index()
    index.run.reader.name = "search:anew"

    await index()

    assert await found(ask, ann) == [post["id"]]
    assert {(told["name"], told["events"]) for told in await lag()} == {("search:postgres", 0), ("search:anew", 0)}


async def test_comments_are_found_and_go_with_their_post(ask: Ask, index: Index) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await publish(ask, ann, "Toast")
    await ask(bob, "comments/add_comment", post_id=post["id"], body=TEXT)
    await index()
    assert await SearchDocument.filter(kind="COMMENT").count() == 1

    await ask(ann, "posts/delete_post", post_id=post["id"])
    await index()

    assert await SearchDocument.filter(kind__in=["POST", "COMMENT"]).count() == 0


async def test_the_worker_fills_an_index_that_never_was_filled(services: Services) -> None:
    ann = await a_person("Ann")
    for _ in range(3):
        await a_post(TEXT, author=ann)

    async with running(services), asyncio.timeout(20):
        while await SearchDocument.filter(kind="POST").count() < 3:
            await asyncio.sleep(0.05)

    assert await SearchDocument.filter(kind="PERSON").count() == 1


async def test_at_night_one_worker_compares_the_index_with_the_rows(services: Services) -> None:
    ann = await a_person("Ann")
    await keep(services.engine, is_night=False)
    await Person.filter(id=ann.id).update(version=2)

    assert await keep(services.engine, is_night=False) is None
    async with db.connection() as con:
        lock = "hashtextextended('keep postgres', 0)"
        await con.execute(f"SELECT pg_advisory_lock({lock})")
        assert await keep(services.engine, is_night=True) is None
        await con.execute(f"SELECT pg_advisory_unlock({lock})")
    found = await keep(services.engine, is_night=True)

    assert found and found.renewed["PERSON"] == 1


@pytest.mark.parametrize(
    ("zone", "now", "night"),
    [
        ("UTC", "2026-03-02T02:59", "2026-03-02T03:00"),
        ("UTC", "2026-03-02T03:00", "2026-03-03T03:00"),
        ("Asia/Tokyo", "2026-03-02T09:00", "2026-03-02T18:00"),
        ("Europe/Berlin", "2026-03-28T12:00", "2026-03-29T01:00"),  # the night in which an hour is left out
    ],
)
def test_the_night_is_the_organisations(services: Services, zone: str, now: str, night: str) -> None:
    there = replace(services, zone=ZoneInfo(zone), clock=TurnedClock(datetime.fromisoformat(f"{now}+00:00")))

    assert next_night(there) == datetime.fromisoformat(f"{night}+00:00")
