"""What people have seen, and what is new to them."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from execution.ids import encode_id
from models.feed import Post, PostStatus
from models.people import Person
from models.seen import SEEN_MAX, UNREAD_OF, Seen
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit


async def mark(ask: Ask, who: Any, posts: Sequence[Post | str]) -> dict[str, Any]:
    ids = [post if isinstance(post, str) else global_id(post) for post in posts]
    return (await ask(who, "seen/mark_seen", post_ids=ids))["markSeen"]


async def unread(ask: Ask, who: Person) -> int:
    return (await ask(who, "seen/unread", first=1))["viewer"]["unreadCount"]


async def seen(ask: Ask, who: Person) -> list[bool]:
    nodes = (await ask(who, "seen/unread", first=100))["feed"]["nodes"]
    return [node["viewerHasSeen"] for node in reversed(nodes)]


async def test_what_is_seen_is_no_longer_unread(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    posts = [await a_post(author=ann) for _ in range(3)]
    assert await unread(ask, bob) == 3

    payload = await mark(ask, bob, posts[:2])
    again = await mark(ask, bob, posts[:2])

    assert payload == again == {"viewer": {"unreadCount": 1}, "errors": []}
    assert await seen(ask, bob) == [True, True, False]
    assert await Seen.filter(person_id=bob.id).count() == 2


async def test_one_has_seen_what_one_wrote_and_is_not_counted_for_it(ask: Ask) -> None:
    ann = await a_person("Ann")
    posts = [await a_post(author=ann), await a_post(author=await a_person("Bob"), written_by=ann.id)]

    assert (await unread(ask, ann), await seen(ask, ann)) == (0, [True, True])
    assert (await mark(ask, ann, posts))["errors"] == []

    assert await Seen.all().count() == 0


async def test_ids_of_what_is_unknown_or_hidden_make_no_difference(ask: Ask) -> None:
    unit = await a_unit()
    ann, bob = await a_person("Ann", unit=unit), await a_person("Bob")
    hidden = await a_post(author=ann, audience=unit.id)
    draft = await a_post(author=ann, status=PostStatus.DRAFT, published_at=None)
    unknown = [encode_id("Post", uuid.uuid4()), global_id(ann), "none", ""]

    answers = [await mark(ask, bob, [one]) for one in (hidden, draft, *unknown)]

    assert all(one == {"viewer": {"unreadCount": 0}, "errors": []} for one in answers)
    assert await mark(ask, bob, []) == answers[0]
    assert await Seen.all().count() == 0


async def test_at_most_200_are_told_of_at_a_time(ask: Ask) -> None:
    bob = await a_person("Bob")
    post = await a_post(author=await a_person("Ann"))

    full = await mark(ask, bob, [post] * SEEN_MAX)
    answer = await ask.answer(bob, "seen/mark_seen", post_ids=[global_id(post)] * (SEEN_MAX + 1))

    assert full["errors"] == []
    assert answer.errors or answer.data["markSeen"]["errors"][0]["code"] == "BAD_USER_INPUT"  # pyright: ignore[reportOptionalSubscript]
    assert await Seen.all().count() == 1


async def test_only_the_newest_hundred_are_counted(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    oldest = await a_post(author=ann)
    for _ in range(UNREAD_OF):
        await a_post(author=ann)

    assert await unread(ask, bob) == UNREAD_OF
    await mark(ask, bob, [oldest])
    assert await unread(ask, bob) == UNREAD_OF


async def test_a_group_counts_for_its_members_alone(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    first, second = await a_group("First", owner=ann), await a_group("Second", owner=ann)
    for group in (first, second):
        await a_member(group, bob)
    posts = [await a_post(author=ann, audience=group.id) for group in (first, first, second)]
    await mark(ask, bob, posts[:1])

    async def counts(who: Person) -> list[tuple[str, int]]:
        nodes = (await ask(who, "seen/unread", first=10))["groups"]["nodes"]
        return [(node["name"], node["unreadCount"]) for node in nodes]

    assert await counts(bob) == [("First", 1), ("Second", 1)]
    assert await counts(ann) == [("First", 0), ("Second", 0)]
    assert await counts(await a_person("Eve")) == []


async def test_a_token_that_only_reads_marks_nothing(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    reader = replace((await ask.context(bob)).me, scopes=frozenset({"feed:read"}))

    payload = await mark(ask, reader, [await a_post(author=ann)])

    assert [error["code"] for error in payload["errors"]] == ["FORBIDDEN"]
    assert await Seen.all().count() == 0


@pytest.mark.parametrize("many", [50])
async def test_the_same_told_many_times_at_once_is_noted_once(ask: Ask, many: int) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    posts = [await a_post(author=ann) for _ in range(20)]
    viewer = (await ask.context(bob)).viewer

    answers = await asyncio.gather(*(mark(ask, viewer, posts[::-1] if i % 2 else posts) for i in range(many)))

    assert all(one == {"viewer": {"unreadCount": 0}, "errors": []} for one in answers)
    assert await Seen.all().count() == len(posts)
