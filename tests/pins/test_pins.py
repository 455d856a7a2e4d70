"""Posts on top, and posts whose comments are closed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models.feed import PINNED_MAX, Comment, Post
from models.groups import GroupRole, Visibility
from models.log import LoggedEvent
from models.people import Person
from models.session import Role
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.session import a_role
from tests.races import rounds


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def pin(ask: Ask, who: Any, post: Post, *, pinned: bool = True) -> dict[str, Any]:
    return (await ask(who, "pins/pin_post", post_id=global_id(post), is_pinned=pinned))["pinPost"]


async def close(ask: Ask, who: Any, post: Post, *, closed: bool = True) -> dict[str, Any]:
    return (await ask(who, "pins/close_comments", post_id=global_id(post), are_closed=closed))["closeComments"]


async def on_top(ask: Ask, who: Person, of: Any) -> list[str]:
    node = (await ask(who, "pins/pinned_posts", id=global_id(of)))["node"]
    return [post["body"] for post in node["pinnedPosts"]]


async def test_who_leads_a_group_pins_posts_the_latest_on_top(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, bob)
    posts = [await a_post(str(i), author=bob, audience=group.id) for i in range(2)]

    assert codes(await pin(ask, bob, posts[0])) == ["FORBIDDEN"]
    for post in posts:
        assert (await pin(ask, ann, post))["post"]["isPinned"]
        assert await pin(ask, ann, post) == await pin(ask, ann, post)
        clock.turn(seconds=1)

    assert await on_top(ask, bob, group) == ["1", "0"]
    assert (await pin(ask, ann, posts[1], pinned=False))["post"]["isPinned"] is False
    assert await on_top(ask, bob, group) == ["0"]
    kinds = [event.kind for event in await LoggedEvent.all().order_by("id")]
    assert kinds == ["PostPinned", "PostPinned", "PostUnpinned"]


async def test_what_is_on_top_is_told_only_to_those_who_may_read_it(ask: Ask) -> None:
    ann, eve, gil = await a_person("Ann"), await a_person("Eve"), await a_guest("Gil")
    private, public = await a_group(owner=ann), await a_group(owner=ann, visibility=Visibility.OPEN)
    for group in (private, public):
        await pin(ask, ann, await a_post("top", author=ann, audience=group.id))

    assert (await on_top(ask, eve, private), await on_top(ask, eve, public)) == ([], ["top"])
    assert (await ask(gil, "pins/pinned_posts", id=global_id(public)))["node"] is None


async def test_what_is_on_top_for_the_company_is_told_to_all_but_guests(ask: Ask) -> None:
    ann, mod, gil = await a_person("Ann"), await a_person("Mod"), await a_guest("Gil")
    await a_role(mod, Role.MODERATOR)
    post = await a_post("top", author=ann)

    assert codes(await pin(ask, ann, post)) == ["FORBIDDEN"]
    assert codes(await pin(ask, mod, post)) == []

    for who, found in ((ann, ["top"]), (gil, [])):
        data = await ask(who, "pins/pinned_posts", id=global_id(ann))
        assert [one["body"] for one in data["viewer"]["pinnedPosts"]] == found


@pytest.mark.race
async def test_many_at_once_pin_no_more_than_five(ask: Ask) -> None:
    unit = await a_unit()
    mod = await a_person("Mod", unit=unit)
    await a_role(mod, Role.MODERATOR, unit)
    viewer = (await ask.context(mod)).viewer
    posts = [await a_post(str(i), author=mod, audience=unit.id) for i in range(20)]
    for _ in rounds(1):
        await Post.all().update(pinned_at=None)

        answers = await asyncio.gather(*(pin(ask, viewer, post) for post in posts))

        assert sorted(codes(one) for one in answers) == [[]] * PINNED_MAX + [["BAD_USER_INPUT"]] * 15
        assert len(await on_top(ask, mod, unit)) == await Post.filter(pinned_at__isnull=False).count() == PINNED_MAX


async def test_a_removed_post_leaves_the_top(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)
    for i in range(PINNED_MAX + 1):
        post = await a_post(str(i), author=ann, audience=group.id)
        assert codes(await pin(ask, ann, post)) == []
        await ask(ann, "posts/delete_post", post_id=global_id(post))

    assert await on_top(ask, ann, group) == []
    assert await Post.filter(pinned_at__isnull=False).count() == 0


async def test_nobody_comments_while_comments_are_closed(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post(author=ann)
    under = {"post_id": global_id(post), "body": "Hello"}

    closed = await close(ask, ann, post)
    refused = [(await ask(who, "comments/add_comment", **under))["addComment"] for who in (ann, bob)]
    opened = await close(ask, ann, post, closed=False)
    added = (await ask(bob, "comments/add_comment", **under))["addComment"]

    assert closed["post"] == {"id": global_id(post), "areCommentsClosed": True, "viewerCanComment": False}
    assert [codes(one) for one in refused] == [["FORBIDDEN"]] * 2
    assert "closed" in refused[0]["errors"][0]["message"]
    assert opened["post"]["viewerCanComment"]
    assert codes(added) == []
    kinds = [event.kind for event in await LoggedEvent.all().order_by("id")]
    assert kinds == ["CommentsClosed", "CommentsOpened", "CommentAdded"]


async def test_the_author_and_who_moderates_close_comments(ask: Ask) -> None:
    ann, bob, eve = await a_person("Ann"), await a_person("Bob"), await a_person("Eve")
    group = await a_group(owner=ann)
    await a_member(group, bob)
    mod = await a_person("Mod")
    await a_member(group, mod, GroupRole.MODERATOR)
    post = await a_post(author=ann, audience=group.id)

    assert codes(await close(ask, bob, post)) == ["FORBIDDEN"]
    assert codes(await close(ask, eve, post)) == ["NOT_FOUND"]
    assert await close(ask, mod, post) == await close(ask, ann, post)


async def test_in_an_archived_group_nothing_changes(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann, archived=True)
    post = await a_post(author=ann, audience=group.id)

    given = {"post_id": global_id(post)}
    refused = [
        await pin(ask, ann, post),
        await close(ask, ann, post),
        (await ask(ann, "comments/add_comment", **given, body="x"))["addComment"],
        (await ask(ann, "reactions/add_reaction", subject_id=global_id(post), emoji="👍"))["addReaction"],
        (await ask(ann, "polls/vote_poll", **given, option_ids=[]))["votePoll"],
        (await ask(ann, "answers/accept_answer", **given, comment_id=None))["acceptAnswer"],
    ]

    assert [codes(one) for one in refused] == [["FORBIDDEN"]] * 6
    assert all("archived" in one["errors"][0]["message"] for one in refused)


async def test_of_an_open_group_members_alone_take_part(ask: Ask) -> None:
    ann, eve = await a_person("Ann"), await a_person("Eve")
    group = await a_group(owner=ann, visibility=Visibility.OPEN)
    post = await a_post(author=ann, audience=group.id)
    given = {"post_id": global_id(post)}

    refused = [
        (await ask(eve, "comments/add_comment", **given, body="x"))["addComment"],
        (await ask(eve, "reactions/add_reaction", subject_id=global_id(post), emoji="👍"))["addReaction"],
        (await ask(eve, "polls/vote_poll", **given, option_ids=[]))["votePoll"],
    ]

    assert [codes(one) for one in refused] == [["FORBIDDEN"]] * 3
    assert all("Join the group first" in one["errors"][0]["message"] for one in refused)
    assert await Comment.all().count() == 0


async def test_guests_take_part_in_the_groups_that_they_are_in(ask: Ask) -> None:
    ann, gil = await a_person("Ann"), await a_guest("Gil")
    group = await a_group(owner=ann)
    await a_member(group, gil, GroupRole.GUEST)
    post = await a_post(author=ann, audience=group.id)

    reacted = await ask(gil, "reactions/add_reaction", subject_id=global_id(post), emoji="👍")
    told = (await ask(gil, "reactions/reactors", id=global_id(post), emoji=None, first=5))["node"]

    assert codes(reacted["addReaction"]) == []
    assert (told["viewerCanReact"], [one["name"] for one in told["reactors"]["nodes"]]) == (True, ["Gil"])
