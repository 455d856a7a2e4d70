"""The index as a reader of the log: what is published is found, what is removed is gone."""

from __future__ import annotations

from typing import Any

import pytest

from models.people import Person
from models.search import SearchDocument
from resolvers.context import Services
from search.indexer import Indexer
from subscriptions.readers import Run, lag
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.engine import settled
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
