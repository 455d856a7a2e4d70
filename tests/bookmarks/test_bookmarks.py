"""Posts put aside, for nobody's eyes but one's own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from models.feed import Post, PostStatus
from models.log import LoggedEvent
from models.org import OrgUnit
from models.people import Person
from models.seen import Bookmark
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.races import rounds


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def keep(ask: Ask, who: Any, post: Post, *, keep: bool = True) -> dict[str, Any]:
    answer = await ask(who, "bookmarks/bookmark_post", post_id=global_id(post), is_bookmarked=keep)
    return answer["bookmarkPost"]


async def kept(ask: Ask, who: Person, **page: Any) -> dict[str, Any]:
    return (await ask(who, "bookmarks/bookmarks", **{"first": 20} | page))["viewer"]["bookmarks"]


def bodies(page: dict[str, Any]) -> list[str]:
    return [post["body"] for post in page["nodes"]]


async def test_the_latest_bookmark_comes_first_page_by_page(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    posts = [await a_post(str(i), author=ann) for i in range(3)]
    for post in (posts[1], posts[0], posts[2]):
        payload = await keep(ask, ann, post)
        assert payload == {"post": {"id": global_id(post), "viewerHasBookmarked": True}, "errors": []}
        clock.turn(seconds=1)

    first = await kept(ask, ann, first=2)
    second = await kept(ask, ann, first=2, after=first["pageInfo"]["endCursor"])

    assert (bodies(first), bodies(second), first["totalCount"]) == (["2", "0"], ["1"], 3)
    assert all(post["viewerHasBookmarked"] for post in first["nodes"])


async def test_a_bookmark_is_taken_away_and_twice_is_once(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)

    assert await keep(ask, ann, post) == await keep(ask, ann, post)
    assert await Bookmark.all().count() == 1
    assert await keep(ask, ann, post, keep=False) == await keep(ask, ann, post, keep=False)
    assert bodies(await kept(ask, ann)) == []


async def test_nobody_else_is_told_of_a_bookmark(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post(author=ann)

    await keep(ask, bob, post)

    assert bodies(await kept(ask, ann)) == []
    assert not (await keep(ask, ann, post, keep=False))["post"]["viewerHasBookmarked"]
    assert await LoggedEvent.all().count() == 0
    assert bodies(await kept(ask, bob)) == ["Hello"]


async def test_what_is_no_longer_visible_is_left_out(ask: Ask) -> None:
    unit = await a_unit()
    ann, bob = await a_person("Ann", unit=unit), await a_person("Bob", unit=unit)
    posts = [await a_post(str(i), author=ann, audience=unit.id) for i in range(2)]
    for post in posts:
        await keep(ask, bob, post)

    await Post.filter(id=posts[0].id).update(status=PostStatus.REMOVED)
    assert bodies(await kept(ask, bob)) == ["1"]
    await Person.filter(id=bob.id).update(unit_id=None)
    page = await kept(ask, bob)
    assert (bodies(page), page["totalCount"]) == ([], 0)
    assert codes(await keep(ask, bob, posts[1], keep=False)) == ["NOT_FOUND"]
    await Person.filter(id=bob.id).update(unit_id=(await OrgUnit.get()).id)
    assert bodies(await kept(ask, bob)) == ["1"]


async def test_nobody_puts_aside_what_they_cannot_see(ask: Ask) -> None:
    unit = await a_unit()
    hidden = await a_post(author=await a_person("Ann", unit=unit), audience=unit.id)
    bob = await a_person("Bob")

    assert codes(await keep(ask, bob, hidden)) == ["NOT_FOUND"]
    for id in (global_id(bob), "none"):
        answer = await ask(bob, "bookmarks/bookmark_post", post_id=id, is_bookmarked=True)
        assert codes(answer["bookmarkPost"]) == ["NOT_FOUND"]
    assert await Bookmark.all().count() == 0


async def test_a_token_that_only_reads_puts_nothing_aside(ask: Ask) -> None:
    ann = await a_person("Ann")
    viewer = (await ask.context(ann)).me
    reader = replace(viewer, scopes=frozenset({"feed:read"}))

    assert codes(await keep(ask, reader, await a_post(author=ann))) == ["FORBIDDEN"]


@pytest.mark.race
async def test_fifty_times_the_same_bookmark_at_once_is_one(ask: Ask) -> None:
    ann = await a_person("Ann")
    viewer = (await ask.context(ann)).viewer
    for _ in rounds(1):
        post = await a_post(author=ann)

        answers = await asyncio.gather(*(keep(ask, viewer, post) for _ in range(50)))

        assert all(one == answers[0] and one["errors"] == [] for one in answers)
        assert await Bookmark.filter(post_id=post.id).count() == 1
