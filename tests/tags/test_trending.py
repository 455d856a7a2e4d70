"""What is talked about: by how many people, how lately, and never so that one of them is seen alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.audiences import COMPANY
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.groups import a_group, a_member
from tests.factories.people import a_person
from tests.factories.tags import a_tag, tagged


async def trending(ask: Ask, who: object, first: int = 10) -> list[str]:
    return [tag["name"] for tag in (await ask(who, "tags/trending_tags", first=first))["trendingTags"]]  # pyright: ignore[reportArgumentType]


async def test_people_count_and_not_posts_and_the_newer_the_more(ask: Ask, clock: TurnedClock) -> None:
    people = [await a_person(f"P{i}") for i in range(5)]
    now = clock.now()
    said = {"many": (5, 1, 1), "fewer": (3, 1, 1), "loud": (2, 1, 9), "older": (4, 6, 1), "old": (5, 8, 1)}
    for name, (authors, days, posts) in said.items():
        tag = await a_tag(name)
        for author in people[:authors]:
            for _ in range(posts):
                moment = now - timedelta(days=days)
                await tagged(await a_post(author=author, published_at=moment), tag)

    assert await trending(ask, people[0]) == ["many", "fewer", "older"]
    assert await trending(ask, people[0], 1) == ["many"]
    assert await trending(ask, people[0], 0) == []


async def test_it_tells_only_of_what_the_viewer_may_read(ask: Ask, clock: TurnedClock) -> None:
    people = [await a_person(f"P{i}") for i in range(3)]
    group, tag, mixed = await a_group(owner=people[0]), await a_tag("inside"), await a_tag("mixed")
    for person in people[1:]:
        await a_member(group, person)
    for i, author in enumerate(people):
        moment = clock.now() - timedelta(hours=1)
        await tagged(await a_post(author=author, audience=group.id, published_at=moment), tag)
        await tagged(await a_post(author=author, audience=group.id if i else COMPANY, published_at=moment), mixed)

    assert await trending(ask, people[0]) == ["inside", "mixed"]
    assert await trending(ask, await a_person("Bob")) == []


@pytest.mark.parametrize("first", [-1, 51])
async def test_a_number_out_of_bounds_is_refused(ask: Ask, first: int) -> None:
    assert (await ask.answer(await a_person(), "tags/trending_tags", first=first)).code == "BAD_USER_INPUT"


async def test_it_takes_one_statement(ask: Ask, statements: list[str]) -> None:
    viewer = (await ask.context(await a_person())).viewer
    statements.clear()

    await ask.text(viewer, "{ trendingTags(first: 50) { id name } }")

    assert len(statements) == 1
