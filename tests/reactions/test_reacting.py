"""Reacting to posts and comments."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest

from execution.ids import encode_id
from models.feed import Post, PostStatus
from models.log import LoggedEvent
from models.people import Person
from models.reactions import KINDS_MAX, Reaction
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.races import rounds

THUMB, HEART = "👍", "❤\ufe0f"


async def react(ask: Ask, who: Any, to: Any, emoji: str = THUMB) -> dict[str, Any]:
    id = to if isinstance(to, str) else global_id(to)
    return (await ask(who, "reactions/add_reaction", subject_id=id, emoji=emoji))["addReaction"]


async def take_back(ask: Ask, who: Any, to: Any, emoji: str = THUMB) -> dict[str, Any]:
    answer = await ask(who, "reactions/remove_reaction", subject_id=global_id(to), emoji=emoji)
    return answer["removeReaction"]


async def reactors(ask: Ask, who: Person, to: Any, emoji: str | None = None) -> list[str]:
    node = (await ask(who, "reactions/reactors", id=global_id(to), emoji=emoji, first=20))["node"]
    assert node["reactors"]["totalCount"] == len(node["reactors"]["nodes"])
    return [one["name"] for one in node["reactors"]["nodes"]]


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


def counted(payload: dict[str, Any]) -> list[tuple[str, int, bool]]:
    assert payload["errors"] == []
    return [(one["emoji"], one["count"], one["viewerHasReacted"]) for one in payload["subject"]["reactions"]]


async def test_a_reaction_is_stored_with_its_event(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post(author=ann)
    comment = await a_comment(post, author=ann)

    on_post, on_comment = await react(ask, bob, post), await react(ask, bob, comment)

    assert (on_post["subject"]["id"], on_comment["subject"]["id"]) == (global_id(post), global_id(comment))
    assert counted(on_post) == counted(on_comment) == [(THUMB, 1, True)]
    assert {(one.subject_id, one.person_id) for one in await Reaction.all()} == {
        (post.id, bob.id),
        (comment.id, bob.id),
    }
    events = await LoggedEvent.all().order_by("id")
    assert [(e.kind, e.subject_id, e.actor_id, e.audience_id) for e in events] == [
        ("ReactionAdded", post.id, bob.id, post.audience_id)
    ] * 2


async def test_each_of_many_at_once_is_told_what_stood_there_when_theirs_was_stored(ask: Ask) -> None:
    people = [await a_person(f"P{i}") for i in range(20)]
    asking = [(await ask.context(one)).viewer for one in people]
    for _ in rounds():
        post = await a_post(author=people[0])

        answers = await asyncio.gather(*(react(ask, one, post) for one in asking))

        told = sorted(counted(answer) for answer in answers)
        assert told == [[(THUMB, count, True)] for count in range(1, len(people) + 1)]


async def test_reacting_twice_counts_once_and_answers_alike(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)

    assert await react(ask, ann, post) == await react(ask, ann, post)

    assert await Reaction.all().count() == await LoggedEvent.all().count() == 1


async def test_a_reaction_is_taken_back_also_where_there_was_none(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post(author=ann)
    for who in (ann, bob):
        await react(ask, who, post)

    first, again = await take_back(ask, ann, post), await take_back(ask, ann, post)

    assert counted(first) == counted(again) == [(THUMB, 1, False)]
    assert await LoggedEvent.filter(kind="ReactionRemoved").count() == 1


async def test_the_same_heart_written_in_two_ways_is_one(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post(author=ann)
    await react(ask, bob, post, "❤")

    assert counted(await react(ask, ann, post, HEART)) == [(HEART, 2, True)]
    assert counted(await take_back(ask, ann, post, "❤\ufe0e")) == [(HEART, 1, False)]


async def test_the_most_frequent_come_first_then_the_earliest(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post(author=ann)
    for who, emoji in ((ann, "🎉"), (ann, THUMB), (ann, HEART), (bob, HEART)):
        payload = await react(ask, who, post, emoji)

    assert [emoji for emoji, *_ in counted(payload)] == [HEART, "🎉", THUMB]


@pytest.mark.parametrize("emoji", ["", "ok", ":+1:", "👍👍", "x" * 100_000])
async def test_only_one_emoji_is_a_reaction(ask: Ask, emoji: str) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)

    payload = await react(ask, ann, post, emoji)

    assert codes(payload) == ["BAD_USER_INPUT"]
    assert payload["errors"][0]["path"] == ["input", "emoji"]
    assert await Reaction.all().count() == 0


async def test_nobody_reacts_to_what_they_cannot_see(ask: Ask) -> None:
    unit = await a_unit()
    ann, bob, gil = await a_person("Ann", unit=unit), await a_person("Bob"), await a_guest("Gil")
    hidden = await a_post(author=ann, audience=unit.id)
    under = await a_comment(hidden, author=ann)
    removed = await a_post(author=ann, status=PostStatus.REMOVED)
    draft = await a_post(author=ann, status=PostStatus.DRAFT, published_at=None)
    gone = await a_comment(await a_post(author=ann), author=ann, removed=True)
    elsewhere = [encode_id("Post", uuid.uuid4()), encode_id("Comment", hidden.id), global_id(ann), "none", ""]

    for subject in (hidden, under, removed, draft, gone, *elsewhere):
        payload = await react(ask, bob, subject)
        assert codes(payload) == ["NOT_FOUND"], subject
        assert payload["errors"][0]["path"] == ["input", "subjectId"]
    assert codes(await react(ask, gil, await a_post(author=ann))) == ["NOT_FOUND"]

    assert await Reaction.all().count() == 0


async def test_nobody_reacts_to_a_draft_their_own_included(ask: Ask) -> None:
    ann = await a_person("Ann")

    payload = await react(ask, ann, await a_post(author=ann, status=PostStatus.DRAFT, published_at=None))

    assert codes(payload) == ["FORBIDDEN"]


async def test_nothing_has_more_than_fifty_different_reactions(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)
    for i in range(KINDS_MAX):
        await Reaction.create(subject_id=post.id, person_id=ann.id, emoji=chr(0x1F600 + i), created_at=post.created_at)

    refused = await react(ask, ann, post, THUMB)
    joined = await react(ask, await a_person("Bob"), post, chr(0x1F600))

    assert codes(refused) == ["BAD_USER_INPUT"]
    assert len(joined["subject"]["reactions"]) == KINDS_MAX
    assert joined["subject"]["reactions"][0]["count"] == 2


async def test_it_is_told_who_reacted_and_with_what(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem", active=False)
    post = await a_post(author=ann)
    for who, emoji in ((bob, THUMB), (bob, HEART), (ann, THUMB), (cem, HEART)):
        await Reaction.create(subject_id=post.id, person_id=who.id, emoji=emoji, created_at=post.created_at)

    assert await reactors(ask, ann, post) == ["Ann", "Bob", "Cem"]
    assert await reactors(ask, ann, post, THUMB) == ["Ann", "Bob"]
    assert await reactors(ask, ann, post, "❤") == ["Bob", "Cem"]
    assert await reactors(ask, ann, post, "🎉") == await reactors(ask, ann, post, "none") == []


@pytest.mark.race
async def test_fifty_times_the_same_reaction_at_once_is_one(ask: Ask) -> None:
    ann = await a_person("Ann")
    viewer = (await ask.context(ann)).viewer
    for _ in rounds():
        post = await a_post(author=ann)

        answers = await asyncio.gather(*(react(ask, viewer, post) for _ in range(50)))

        assert all(counted(one) == [(THUMB, 1, True)] for one in answers)
        assert await Reaction.filter(subject_id=post.id).count() == 1
        assert await LoggedEvent.filter(subject_id=post.id).count() == 1


@pytest.mark.race
async def test_fifty_people_at_once_are_each_counted_once(ask: Ask) -> None:
    people = [await a_person(f"P{i}") for i in range(50)]
    viewers = [(await ask.context(one)).viewer for one in people]
    for _ in rounds(1):
        post = await a_post(author=people[0])

        await asyncio.gather(*(react(ask, one, post, (THUMB, HEART)[i % 2]) for i, one in enumerate(viewers)))
        taken = await asyncio.gather(*(take_back(ask, one, post) for one in viewers[:20]))

        assert [one["errors"] for one in taken] == [[]] * 20
        [[heart, *hearts], [thumb, *thumbs]] = counted(await react(ask, viewers[1], post, HEART))
        assert (heart, hearts, thumb, thumbs) == (HEART, [25, True], THUMB, [15, False])


@pytest.mark.race
async def test_many_at_once_do_not_pass_the_greatest_number_of_kinds(ask: Ask) -> None:
    ann = await a_person("Ann")
    viewer = (await ask.context(ann)).viewer
    for _ in rounds(1):
        post = await a_post(author=ann)
        for i in range(KINDS_MAX - 5):
            there: dict[str, Any] = {"subject_id": post.id, "person_id": ann.id, "emoji": chr(0x1F600 + i)}
            await Reaction.create(**there, created_at=post.created_at)

        answers = await asyncio.gather(*(react(ask, viewer, post, chr(0x1F680 + i)) for i in range(20)))

        assert sorted(codes(one) for one in answers) == [[]] * 5 + [["BAD_USER_INPUT"]] * 15
        assert len(await Reaction.filter(subject_id=post.id)) == KINDS_MAX
        assert (await Post.get(id=post.id)).version == 1
