"""The home feed is what sorting all posts would give, page by page, whatever happens meanwhile."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from models.feed import Post, PostKind
from models.people import Person
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.follows import a_block
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.readings import a_must_read
from tests.feed.worlds import a_feed_world

WORLDS = range(200 if os.environ.get("ATRIUM_FUZZ") else 8)
POSTS = 60


async def page(ask: Ask, who: Person, **window: Any) -> dict[str, Any]:
    operation = "feed/newer_posts" if "last" in window else "feed/home_feed"
    return (await ask(who, operation, **window))["feed"]


def ids(found: dict[str, Any]) -> list[str]:
    return [edge["node"]["id"] for edge in found["edges"]]


def names(posts: list[Post]) -> list[str]:
    return [global_id(post) for post in posts]


@pytest.mark.parametrize("seed", WORLDS)
async def test_pages_forward_join_to_all_of_it(ask: Ask, seed: int) -> None:
    world = await a_feed_world(seed, POSTS)

    seen: list[str] = []
    found = await page(ask, world.viewer, first=world.rng.randint(1, 9))
    while True:
        seen += ids(found)
        if not found["pageInfo"]["hasNextPage"]:
            break
        after = found["pageInfo"]["endCursor"]
        found = await page(ask, world.viewer, first=world.rng.randint(1, 9), after=after)

    assert seen == names(await world.expected())


@pytest.mark.parametrize("seed", WORLDS)
async def test_pages_backward_join_to_all_of_it(ask: Ask, seed: int) -> None:
    world = await a_feed_world(seed, POSTS)

    seen: list[str] = []
    found = await page(ask, world.viewer, last=world.rng.randint(1, 9))
    while True:
        seen = ids(found) + seen
        if not found["pageInfo"]["hasPreviousPage"]:
            break
        before = found["pageInfo"]["startCursor"]
        found = await page(ask, world.viewer, last=world.rng.randint(1, 9), before=before)

    assert seen == names(await world.expected())


@pytest.mark.parametrize("seed", WORLDS)
@pytest.mark.parametrize("forward", [True, False])
async def test_nothing_is_repeated_or_left_out_while_posts_come_and_go(ask: Ask, seed: int, forward: bool) -> None:
    world = await a_feed_world(seed, POSTS)
    size, cursor, more, end = (
        ("first", "after", "hasNextPage", "endCursor")
        if forward
        else ("last", "before", "hasPreviousPage", "startCursor")
    )
    before = names(await world.expected())

    seen: list[str] = []
    at: str | None = None
    while True:
        found = await page(ask, world.viewer, **{size: world.rng.randint(1, 9), cursor: at})
        seen = seen + ids(found) if forward else ids(found) + seen
        for _ in range(world.rng.randrange(3)):
            await world.happen()
        if not found["pageInfo"][more]:
            break
        at = found["pageInfo"][end]

    after = names(await world.expected())
    assert len(seen) == len(set(seen)), "a post came twice"
    stayed = [id for id in before if id in set(after)]
    assert [id for id in seen if id in set(stayed)] == stayed, "a post that was there all the time was left out"
    assert set(seen) <= set(before) | set(after)


async def test_a_viewer_of_more_audiences_than_a_page_has_posts_misses_none(ask: Ask) -> None:
    world = await a_feed_world(4, 0)
    places = sorted(world.joined)
    assert len(places) > 3
    for i in range(40):
        await a_post(str(i), author=world.writers[0], audience=random.Random(i).choice(places))
    world.blocked = set()

    found = await page(ask, world.viewer, first=2)
    rest = await page(ask, world.viewer, first=100, after=found["pageInfo"]["endCursor"])

    assert [edge["node"]["body"] for edge in found["edges"] + rest["edges"]] == [str(i) for i in reversed(range(40))]


async def test_a_block_takes_somebody_out_of_ones_home_feed_and_nowhere_else(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    post = await a_post("said", author=bob)
    await a_post("announced", author=bob, kind=PostKind.ANNOUNCEMENT)
    await a_must_read(await a_post("to be read", author=bob), by=cem)
    await a_post("by nobody", author=bob)
    await Post.filter(body="by nobody").update(author_id=None)

    await a_block(ann, bob)

    def bodies(found: dict[str, Any]) -> list[str]:
        return [edge["node"]["body"] for edge in found["edges"]]

    assert bodies(await page(ask, ann, first=9)) == ["by nobody", "to be read", "announced"]
    assert bodies(await page(ask, bob, first=9)) == ["by nobody", "to be read", "announced", "said"]
    assert (await ask(ann, "posts/post", id=global_id(post)))["node"]["body"] == "said"
    assert len((await ask(ann, "feed/person_posts", id=global_id(bob), first=9))["person"]["posts"]["nodes"]) == 3
