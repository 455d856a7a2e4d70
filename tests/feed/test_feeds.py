"""Feeds of a person, a unit and a group: the same posts as ever, as far as the viewer may see them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models import audiences
from models.feed import Post, PostStatus
from models.groups import Visibility
from models.people import Person
from tests.conftest import Ask
from tests.factories.circles import a_circle
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.feed.worlds import a_feed_world


async def posts_of(ask: Ask, who: Person, person: Person, first: int = 100, **more: Any) -> dict[str, Any]:
    return (await ask(who, "feed/person_posts", id=global_id(person), first=first, **more))["person"]["posts"]


def bodies(page: dict[str, Any]) -> list[str]:
    return [node["body"] for node in page["nodes"]]


async def units(ask: Ask, who: Person, **more: Any) -> dict[str, dict[str, Any]]:
    asked = {"first": 20, "each": 20, **more}
    return {node["name"]: node["posts"] for node in (await ask(who, "feed/unit_posts", **asked))["orgUnits"]["nodes"]}


@pytest.mark.parametrize("seed", range(6))
async def test_a_person_shows_what_they_published_where_the_viewer_is(ask: Ask, seed: int) -> None:
    world = await a_feed_world(seed, 50)
    world.blocked = set()
    expected = await world.expected()
    opened = {one.id for one in await audiences.Audience.filter(open=True)}

    for writer in world.writers:
        page = await posts_of(ask, world.viewer, writer, 3)
        seen = bodies(page)
        while page["pageInfo"]["hasNextPage"]:
            page = await posts_of(ask, world.viewer, writer, 3, after=page["pageInfo"]["endCursor"])
            seen += bodies(page)

        others = await Post.filter(author_id=writer.id, status=PostStatus.PUBLISHED, audience_id__in=list(opened))
        mine = {one.id: one for one in [*expected, *others] if one.author_id == writer.id}
        ordered = sorted(mine.values(), key=lambda one: (one.published_at, one.id), reverse=True)
        assert seen == [one.body for one in ordered]


async def test_drafts_of_ones_own_are_no_part_of_it(ask: Ask) -> None:
    ann = await a_person("Ann")
    await a_post("out", author=ann)
    await a_post("draft", author=ann, status=PostStatus.DRAFT, published_at=None)

    assert bodies(await posts_of(ask, ann, ann)) == ["out"]


async def test_a_guest_sees_of_a_person_what_was_said_in_their_groups(ask: Ask) -> None:
    ann, gil = await a_person("Ann"), await a_guest("Gil")
    await a_post("to all", author=ann)
    await a_post("here", author=ann, audience=(await a_circle(ann, gil)).id)
    await a_post("there", author=ann, audience=(await a_circle(ann)).id)

    assert bodies(await posts_of(ask, gil, ann)) == ["here"]


async def test_a_unit_shows_its_own_to_those_in_it_and_below_it(ask: Ask) -> None:
    top = await a_unit("Top")
    left, right = await a_unit("Left", parent=top), await a_unit("Right", parent=top)
    ann = await a_person("Ann", unit=left)
    for unit in (top, left, right):
        for i in range(3):
            await a_post(f"{unit.name} {i}", author=ann, audience=unit.id)
    await a_post("gone", author=ann, audience=left.id, status=PostStatus.REMOVED)

    shown = await units(ask, ann, each=2)

    assert {name: bodies(posts) for name, posts in shown.items()} == {
        "Top": ["Top 2", "Top 1"],
        "Left": ["Left 2", "Left 1"],
        "Right": [],
    }
    assert {name: posts["totalCount"] for name, posts in shown.items()} == {"Top": 3, "Left": 3, "Right": 0}
    assert {name: posts["pageInfo"]["hasNextPage"] for name, posts in shown.items()} == {
        "Top": True,
        "Left": True,
        "Right": False,
    }
    after = shown["Left"]["pageInfo"]["endCursor"]
    assert bodies((await units(ask, ann, each=2, after=after))["Left"]) == ["Left 0"]


async def test_an_open_group_is_read_by_the_company_and_a_secret_one_by_its_members(ask: Ask) -> None:
    own, ann, gil = await a_person("Own"), await a_person("Ann"), await a_guest("Gil")
    page = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Group { id posts { nodes { body } } } } }"
    circles = [await a_circle(own, visibility=one, name=one.value) for one in Visibility]
    for circle in circles:
        await a_post(circle.name, author=own, audience=circle.id)
    ids = {"ids": [global_id(circle) for circle in circles]}

    async def shown(who: Person) -> list[list[str] | None]:
        answer = await ask.text(who, page, ids)
        assert answer.data and not answer.errors
        return [node and bodies(node["posts"]) for node in answer.data["nodes"]]

    assert await shown(own) == [["OPEN"], ["PRIVATE"], ["SECRET"]]
    assert await shown(ann) == [["OPEN"], [], None]
    assert await shown(gil) == [None, None, None]


async def test_a_token_that_may_not_read_the_feed_sees_no_posts(ask: Ask) -> None:
    unit = await a_unit()
    ann = await a_person("Ann", unit=unit)
    await a_post("hello", author=ann, audience=unit.id)
    viewer = await narrowed(ask, ann, "people:read", "org:read")

    assert (await ask(viewer, "feed/person_posts", id=global_id(ann), first=5))["person"]["posts"]["nodes"] == []
    [node] = (await ask(viewer, "feed/unit_posts", first=5, each=5))["orgUnits"]["nodes"]
    assert node["posts"]["nodes"] == [] and node["posts"]["totalCount"] == 0


async def narrowed(ask: Ask, person: Person, *scopes: str) -> Any:
    """The person by a token that reaches no further."""
    viewer = (await ask.context(person)).me
    return replace(viewer, scopes=frozenset(scopes))
