"""Pages of a search: each hit once and none left out, while documents come and go."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from execution.ids import decode_id
from models.feed import Post
from models.people import Person
from search.engine import HITS_MAX
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.people import a_person
from tests.search.asking import indexed, refusals, results, said

KEPT = ("author_id", "audience_id", "body", "created_at", "published_at", "kind", "status")
PAGES_MAX = 60  # of one walk


async def many(author: Person, count: int, body: str = "tea") -> list[uuid.UUID]:
    """The keys of so many posts that say the same."""
    post = await a_post(body, author=author)
    values = {name: getattr(post, name) for name in KEPT}
    others = [Post(**values) for _ in range(count - 1)]
    await Post.bulk_create(others)
    return [post.id, *(other.id for other in others)]


async def pages(ask: Ask, who: Person, text: str, size: int) -> list[dict[str, Any]]:
    """All pages, one after the other."""
    found = [await results(ask, who, text, size)]
    while found[-1]["pageInfo"]["hasNextPage"] and len(found) < PAGES_MAX:
        found.append(await results(ask, who, text, size, after=found[-1]["pageInfo"]["endCursor"]))
    return found


def keys(page: dict[str, Any]) -> list[uuid.UUID]:
    """What is on a page."""
    return [decode_id(edge["node"]["id"])[1] for edge in page["edges"]]


HITS = 'query Hits { search(text: "tea") { nodes { ... on Post { id } } edges { node { ... on Post { id } } } } }'


async def test_the_hits_alone_are_those_of_the_edges(ask: Ask) -> None:
    ann = await a_person("Ann")
    await many(ann, 3)
    await indexed(ask)

    answer = await ask.text(ann, HITS)

    assert answer.data and not answer.errors
    found = answer.data["search"]
    assert len(found["nodes"]) == 3 and found["nodes"] == [edge["node"] for edge in found["edges"]]


@pytest.mark.parametrize("size", [1, 3, 7, 100])
async def test_pages_together_are_all_hits_in_their_order(ask: Ask, size: int) -> None:
    ann = await a_person("Ann")
    for i in range(14):
        await a_comment(await a_post(f"tea {i}" + " tea" * (i % 3), author=ann), "tea", author=ann)
    await indexed(ask)
    whole = said(await results(ask, ann, "tea", 100))

    found = await pages(ask, ann, "tea", size)

    assert [text for page in found for text in said(page)] == whole and len(whole) == 28
    assert {page["totalCount"] for page in found} == {28}
    assert all(page["facets"] == found[0]["facets"] for page in found)


async def test_a_thousand_hits_can_be_paged_through_and_no_more(ask: Ask) -> None:
    ann = await a_person("Ann")
    await many(ann, HITS_MAX + 20)
    await indexed(ask)

    found = await pages(ask, ann, "tea", 100)

    paged = [key for page in found for key in keys(page)]
    assert len(paged) == len(set(paged)) == HITS_MAX
    assert {(page["totalCount"], page["totalCountIsExact"]) for page in found} == {(HITS_MAX, False)}
    assert [page["pageInfo"]["hasNextPage"] for page in found] == [True] * 9 + [False]
    behind = await results(ask, ann, "tea", 100, after=found[-1]["pageInfo"]["endCursor"])
    assert (behind["edges"], behind["pageInfo"]["hasNextPage"], behind["totalCount"]) == ([], False, HITS_MAX)


async def test_exactly_a_thousand_hits_are_all(ask: Ask) -> None:
    ann = await a_person("Ann")
    await many(ann, HITS_MAX)
    await indexed(ask)

    page = await results(ask, ann, "tea", 1)

    assert (page["totalCount"], page["totalCountIsExact"]) == (HITS_MAX, True)


async def test_a_page_of_none_has_the_total(ask: Ask) -> None:
    ann = await a_person("Ann")
    await many(ann, 3)
    await indexed(ask)

    page = await results(ask, ann, "tea", 0)

    assert (page["edges"], page["totalCount"], page["pageInfo"]["hasNextPage"]) == ([], 3, True)


async def walked(
    ask: Ask, who: Person, text: str, size: int, meanwhile: Callable[[list[uuid.UUID]], Awaitable[None]]
) -> list[uuid.UUID]:
    """What is on all pages, where something happens after each: `meanwhile` is given what was on it."""
    paged: list[uuid.UUID] = []
    page = await results(ask, who, text, size)
    for _ in range(PAGES_MAX):
        paged += keys(page)
        if not page["pageInfo"]["hasNextPage"]:
            assert len(paged) == len(set(paged)), "something was shown twice"
            return paged
        await meanwhile(keys(page))
        page = await results(ask, who, text, size, after=page["pageInfo"]["endCursor"])
    raise AssertionError("the pages have no end: what was shown is shown again")


async def test_what_comes_meanwhile_is_no_repeat(ask: Ask) -> None:
    ann = await a_person("Ann")
    old = set(await many(ann, 40))
    await indexed(ask)

    async def more(_: list[uuid.UUID]) -> None:
        for title in ("Tea", None):  # one that is better than all others, and one as good
            await a_post("tea", author=ann, title=title)
        await indexed(ask)

    assert old <= set(await walked(ask, ann, "tea", 7, more))


@pytest.mark.parametrize("told", [True, False], ids=["indexed", "not indexed"])
@pytest.mark.parametrize("minutes", [0, 1, 60], ids="{} minutes".format)
@pytest.mark.parametrize("which", ["before", "last", "page", "mixed"])
async def test_what_goes_meanwhile_leaves_no_gap(
    ask: Ask, clock: TurnedClock, which: str, minutes: int, told: bool
) -> None:
    """From the page that was read: its first, its last (which the cursor stands on), all of it, or every other one."""
    ann = await a_person("Ann")
    old = set(await many(ann, 40))
    await indexed(ask)

    async def fewer(read: list[uuid.UUID]) -> None:
        gone = {"before": read[:2], "last": read[-1:], "page": read, "mixed": read[1::2]}[which]
        await Post.filter(id__in=gone).update(status="REMOVED")
        clock.time += timedelta(minutes=minutes)
        if told:
            await indexed(ask)

    assert old == set(await walked(ask, ann, "tea", 8, fewer))


@pytest.mark.parametrize("minutes", [0, 1, 60], ids="{} minutes".format)
async def test_what_comes_and_goes_meanwhile_leaves_neither_gap_nor_repeat(
    ask: Ask, clock: TurnedClock, minutes: int
) -> None:
    ann = await a_person("Ann")
    old = set(await many(ann, 60))
    await indexed(ask)

    async def other(read: list[uuid.UUID]) -> None:
        clock.time += timedelta(minutes=minutes)
        await a_post("tea", author=ann, title="Tea")
        await Post.filter(id__in=[read[0], read[-1], read[-2]]).update(status="REMOVED")
        await indexed(ask)

    assert old <= set(await walked(ask, ann, "tea", 9, other))


@pytest.mark.parametrize("size", [1, 2, 3])
async def test_forgiven_words_come_last_and_are_paged_like_others(ask: Ask, size: int) -> None:
    """Misspelt words may fit well, and stand behind all others nevertheless."""
    ann = await a_person("Ann")
    posts = [await a_post("a talk with many other words about the harbour", author=ann) for _ in range(4)]
    posts += [await a_post("and more", author=ann, title="Harbuor") for _ in range(4)]
    await indexed(ask)
    whole = keys(await results(ask, ann, "harbour"))
    assert sorted(whole) == sorted(post.id for post in posts)
    assert set(whole[:4]) == {post.id for post in posts[:4]}

    async def last_goes(read: list[uuid.UUID]) -> None:
        await Post.filter(id=read[-1]).update(status="REMOVED")

    assert await walked(ask, ann, "harbour", size, last_goes) == whole


async def test_a_search_goes_forward_only(ask: Ask) -> None:
    ann = await a_person("Ann")
    text = 'query($last: Int, $before: String) { search(text: "tea", last: $last, before: $before) { totalCount } }'

    for values in ({"last": 3}, {"before": "x"}, {"last": 3, "before": "x"}):
        answer = await ask.text(ann, text, dict(values))
        codes = {error["extensions"]["code"] for error in answer.errors}
        assert codes and codes <= {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "INVALID_CURSOR"}


@pytest.mark.parametrize("first", [-1, 101, 10_000])
async def test_pages_have_bounds(ask: Ask, first: int) -> None:
    assert await refusals(ask, await a_person(), "tea", first) == ["BAD_USER_INPUT"]


async def test_a_cursor_is_of_its_search_alone(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    await many(ann, 5)
    await indexed(ask)
    cursor = (await results(ask, ann, "tea", 2))["pageInfo"]["endCursor"]
    feed = await ask.text(ann, "{ home(first: 1) { pageInfo { endCursor } } }")
    foreign = feed.data["home"]["pageInfo"]["endCursor"] if feed.data else "x"

    assert await refusals(ask, ann, "tea", after=cursor) == []
    for other in ({"text": "coffee"}, {"kinds": ["POST"]}, {"filter_by": {"languages": ["en"]}}):
        asked = {"text": "tea"} | other
        assert await refusals(ask, ann, after=cursor, **asked) == ["INVALID_CURSOR"]  # pyright: ignore[reportArgumentType]
    for odd in ("", "x", foreign, cursor[:-3], f"{cursor}A", "\x00", "é", "A" * 10_000):
        assert set(await refusals(ask, ann, "tea", after=odd)) <= {"INVALID_CURSOR", "BAD_USER_INPUT"}, odd
        assert await refusals(ask, ann, "tea", after=odd) != [], odd
    assert keys(await results(ask, bob, "tea", 5, after=cursor)) == keys(
        await results(ask, ann, "tea", 5, after=cursor)
    )


async def test_a_cursor_of_somebody_else_leads_to_nothing_of_theirs(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    made = await ask(
        ann, "groups/create_group", name="Secret", description="", visibility="SECRET", join_policy="INVITE"
    )
    secret = {"groupId": made["createGroup"]["group"]["id"]}
    for _ in range(4):
        await ask(ann, "posts/create_post", kind="DISCUSSION", body="tea", audience=secret)
    open_posts = await many(ann, 4)
    await indexed(ask)

    cursors = [edge["cursor"] for edge in (await results(ask, ann, "tea"))["edges"]]
    assert len(cursors) == 8

    for cursor in cursors:
        page = await results(ask, bob, "tea", 10, after=cursor)
        assert set(keys(page)) <= set(open_posts) and page["totalCount"] == 4
