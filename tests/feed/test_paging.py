"""The home feed and threads in pages."""

from __future__ import annotations

from typing import Any

import pytest

from execution.cursors import Sealer
from execution.paging import Keyset
from models.feed import Post
from models.people import Person
from resolvers.feeds import RECENT
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person


async def posts(author: Person, *bodies: str) -> list[Post]:
    """Posts, each newer than the one before."""
    return [await a_post(body, author=author) for body in bodies]


def bodies(page: dict[str, Any]) -> list[str]:
    return [edge["node"]["body"] for edge in page["edges"]]


async def feed(ask: Ask, who: Person, first: int, after: str | None = None) -> dict[str, Any]:
    return (await ask(who, "feed/home_feed", first=first, after=after))["feed"]


async def test_the_newest_come_first(ask: Ask) -> None:
    ann = await a_person("Ann")
    await posts(ann, "1", "2", "3")

    page = await feed(ask, ann, 2)

    assert bodies(page) == ["3", "2"]
    assert page["pageInfo"] == {"hasNextPage": True, "endCursor": page["edges"][1]["cursor"]}


async def test_pages_join_while_posts_come_and_go(ask: Ask) -> None:
    ann = await a_person("Ann")
    one, two, three, *_ = await posts(ann, *"12345678")

    top = await feed(ask, ann, 3)
    await posts(ann, "9")
    await ask(ann, "posts/delete_post", post_id=top["edges"][2]["node"]["id"])
    await ask(ann, "posts/delete_post", post_id=global_id(three))
    rest = await feed(ask, ann, 10, top["pageInfo"]["endCursor"])

    assert bodies(top) == ["8", "7", "6"]
    assert bodies(rest) == ["5", "4", two.body, one.body]
    assert rest["pageInfo"]["hasNextPage"] is False


async def test_posts_of_the_same_moment_are_neither_skipped_nor_repeated(ask: Ask) -> None:
    ann = await a_person("Ann")
    moment = ask.services.clock.now()
    for i in range(5):
        await a_post(str(i), author=ann, created_at=moment, published_at=moment)

    seen: list[str] = []
    page = await feed(ask, ann, 2)
    while page["edges"]:
        seen += bodies(page)
        page = await feed(ask, ann, 2, page["pageInfo"]["endCursor"])

    assert sorted(seen) == ["0", "1", "2", "3", "4"]


async def test_the_feed_goes_back_up(ask: Ask) -> None:
    ann = await a_person("Ann")
    await posts(ann, *"12345")
    bottom = (await ask(ann, "feed/newer_posts", last=2))["feed"]

    above = (await ask(ann, "feed/newer_posts", last=2, before=bottom["pageInfo"]["startCursor"]))["feed"]
    top = (await ask(ann, "feed/newer_posts", last=2, before=above["pageInfo"]["startCursor"]))["feed"]

    assert [bodies(page) for page in (bottom, above, top)] == [["2", "1"], ["4", "3"], ["5"]]
    assert [page["pageInfo"]["hasPreviousPage"] for page in (bottom, above, top)] == [True, True, False]


async def test_a_page_of_nothing_tells_whether_there_is_more(ask: Ask) -> None:
    ann = await a_person("Ann")
    assert (await feed(ask, ann, 0))["pageInfo"] == {"hasNextPage": False, "endCursor": None}

    await posts(ann, "1")

    page = await feed(ask, ann, 0)
    assert page["edges"] == [] and page["pageInfo"] == {"hasNextPage": True, "endCursor": None}


@pytest.mark.parametrize(("operation", "size"), [("home_feed", "first"), ("newer_posts", "last")])
@pytest.mark.parametrize("number", [-1, 101, 2**31 - 1])
async def test_a_page_has_between_none_and_a_hundred(ask: Ask, operation: str, size: str, number: int) -> None:
    ann = await a_person("Ann")

    answer = await ask.answer(ann, f"feed/{operation}", **{size: number})

    assert answer.code == "BAD_USER_INPUT"
    assert "100" in answer.errors[0]["message"]


async def test_only_a_cursor_of_this_list_opens_it(ask: Ask) -> None:
    ann = await a_person("Ann")
    post, *_ = await posts(ann, "1", "2")
    await a_comment(post, author=ann)
    own = (await feed(ask, ann, 1))["pageInfo"]["endCursor"]
    foreign = Keyset(RECENT, Sealer([b"a key of another installation"])).cursor(post)
    thread = (await ask(ann, "posts/post", id=global_id(post)))["node"]["comments"]["pageInfo"]["endCursor"]
    people = (await ask(ann, "people/directory", first=1))["people"]["pageInfo"]["endCursor"]
    event = (await ask.text(ann, "{ eventCursor }")).data
    forged = [own[:-1] + ("A" if own[-1] != "A" else "B"), own[1:], own + "A", own + "=", "", "x", "é", global_id(post)]

    for cursor in (foreign, thread, people, (event or {})["eventCursor"], *forged):
        answer = await ask.answer(ann, "feed/home_feed", first=1, after=cursor)
        assert answer.code == "INVALID_CURSOR", cursor
        assert (await ask.answer(ann, "feed/newer_posts", last=1, before=cursor)).code == "INVALID_CURSOR", cursor


async def test_a_cursor_of_somebody_else_opens_only_ones_own_feed(ask: Ask) -> None:
    ann, bob = await a_person("Ann", location="Bern"), await a_person("Bob")
    await ask(ann, "posts/create_post", kind="DISCUSSION", body="for Bern", audience={"location": "Bern"})
    await posts(ann, "for all")
    cursor = next(edge["cursor"] for edge in (await feed(ask, ann, 2))["edges"] if edge["node"]["body"] == "for Bern")

    assert bodies(await feed(ask, bob, 10)) == ["for all"]
    assert set(bodies(await feed(ask, bob, 10, cursor))) <= {"for all"}


async def test_a_thread_is_read_from_either_end(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)
    for i in range(5):
        await a_comment(post, str(i), author=ann)

    async def comments(**window: Any) -> dict[str, Any]:
        return (await ask(ann, "posts/post", id=global_id(post), **window))["node"]["comments"]

    start = await comments(first=2)
    middle = await comments(first=2, after=start["pageInfo"]["endCursor"])
    end = await comments(last=2)
    before = await comments(last=2, before=end["pageInfo"]["startCursor"])

    assert [bodies(page) for page in (start, middle, end, before)] == [["0", "1"], ["2", "3"], ["3", "4"], ["1", "2"]]
    assert {page["totalCount"] for page in (start, middle, end, before)} == {5}
    assert end["pageInfo"]["hasPreviousPage"] and not end["pageInfo"]["hasNextPage"]
