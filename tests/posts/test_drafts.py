"""Drafts: nobody's but their author's until they are published."""

from __future__ import annotations

import pytest

from models import audiences
from models.audiences import COMPANY
from models.feed import Post, PostStatus
from models.log import LoggedEvent
from models.session import Role
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import a_role
from tests.posts.telling import a_draft, as_seen, codes, heard, in_feed, told


async def test_a_draft_is_seen_by_its_author_alone_and_told_to_nobody(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    await a_role(bob, Role.ADMIN)
    await a_role(bob, Role.MODERATOR)

    draft = await a_draft(ask, ann)

    assert await as_seen(ask, bob, draft) is None
    assert await in_feed(ask, bob) == await in_feed(ask, ann) == []
    assert await LoggedEvent.all().count() == 0
    seen = await as_seen(ask, ann, draft)
    assert seen and (seen["status"], seen["publishedAt"], seen["viewerCanPublish"]) == ("DRAFT", None, True)


async def test_nobody_learns_of_anothers_draft_by_trying(ask: Ask) -> None:
    bob, draft = await a_person("Bob"), await a_draft(ask, await a_person("Ann"))
    about = {"post_id": global_id(draft)}

    tried = {
        "publishPost": await ask(bob, "publishing/publish_post", **about),
        "editPost": await ask(bob, "posts/edit_post", **about, body="x"),
        "deletePost": await ask(bob, "posts/delete_post", **about),
        "sharePost": await ask(bob, "sharing/share_post", **about),
        "movePost": await ask(bob, "sharing/move_post", **about, audience={"company": True}),
        "reviewPost": await ask(bob, "publishing/review_post", **about, verdict="APPROVE"),
        "addComment": await ask(bob, "comments/add_comment", **about, body="x"),
    }

    assert {name: codes(data[name]) for name, data in tried.items()} == {name: ["NOT_FOUND"] for name in tried}


async def test_a_draft_needs_a_title_or_a_text(ask: Ask) -> None:
    ann = await a_person()

    empty = await ask(ann, "posts/create_post", kind="ARTICLE", body=" ", is_draft=True)
    titled = await ask(ann, "posts/create_post", kind="ARTICLE", body="", title="On lemons", is_draft=True)

    assert (codes(empty["createPost"]), codes(titled["createPost"])) == (["BAD_USER_INPUT"], [])


async def test_an_unfinished_draft_cannot_be_published(ask: Ask) -> None:
    ann = await a_person()
    draft = await a_draft(ask, ann, "", title="On lemons", kind="ARTICLE")

    data = await ask(ann, "publishing/publish_post", post_id=global_id(draft))

    assert codes(data["publishPost"]) == ["BAD_USER_INPUT"]
    assert (await Post.get()).status == PostStatus.DRAFT


async def test_a_published_draft_is_new_on_the_day_it_is_published(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    draft = await a_draft(ask, ann, "At last")
    clock.turn(days=3)

    data = await ask(ann, "publishing/publish_post", post_id=global_id(draft))

    assert data["publishPost"]["post"]["status"] == "PUBLISHED"
    assert (await Post.get()).published_at == clock.now()
    assert await in_feed(ask, bob) == ["At last"]
    assert await told(draft) == ["PostPublished"]


async def test_publishing_twice_is_publishing_once(ask: Ask) -> None:
    ann = await a_person()
    draft = await a_draft(ask, ann)
    await ask(ann, "publishing/publish_post", post_id=global_id(draft))

    again = await ask(ann, "publishing/publish_post", post_id=global_id(draft))

    assert codes(again["publishPost"]) == []
    assert await told(draft) == ["PostPublished"]


async def test_nobody_publishes_anothers_post(ask: Ask) -> None:
    post = await a_post(author=await a_person("Ann"))

    data = await ask(await a_person("Bob"), "publishing/publish_post", post_id=global_id(post))

    assert codes(data["publishPost"]) == ["FORBIDDEN"]


async def test_drafts_are_listed_newest_first_for_their_author_alone(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    await a_draft(ask, ann, "one")
    await a_draft(ask, ann, "two")
    await a_draft(ask, bob, "his")
    await a_post("out", author=ann)

    page = (await ask(ann, "publishing/drafts", first=10))["viewer"]["drafts"]

    assert [node["body"] for node in page["nodes"]] == ["two", "one"]
    assert page["totalCount"] == 2


async def test_a_draft_is_edited_without_leaving_a_history(ask: Ask) -> None:
    ann = await a_person()
    draft = await a_draft(ask, ann)

    await ask(ann, "posts/edit_post", post_id=global_id(draft), body="Better")
    await ask(ann, "publishing/publish_post", post_id=global_id(draft))

    seen = await as_seen(ask, ann, draft)
    assert seen and (seen["body"], seen["isEdited"], seen["revisions"]["totalCount"]) == ("Better", False, 0)
    assert await told(draft) == ["PostPublished"]


async def test_a_draft_that_is_removed_was_never_heard_of(ask: Ask) -> None:
    ann = await a_person()
    draft = await a_draft(ask, ann)

    await ask(ann, "posts/delete_post", post_id=global_id(draft))

    assert (await Post.get()).status == PostStatus.REMOVED
    assert await heard(draft) == []


async def test_the_same_client_id_is_the_same_draft(ask: Ask) -> None:
    ann = await a_person()

    first = await ask(ann, "posts/create_post", kind="IDEA", body="once", is_draft=True, client_id="d1")
    again = await ask(ann, "posts/create_post", kind="IDEA", body="once", is_draft=True, client_id="d1")

    assert first["createPost"]["post"]["id"] == again["createPost"]["post"]["id"]
    assert await Post.all().count() == 1


async def test_a_draft_for_a_group_that_one_has_left_cannot_be_published_but_moved(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=await a_person("Olga"))
    membership = await a_member(group, ann)
    draft = await a_draft(ask, ann, audience={"groupId": global_id(group)})
    await membership.delete()
    await audiences.remove(group.id, [ann.id])

    refused = await ask(ann, "publishing/publish_post", post_id=global_id(draft))
    moved = await ask(ann, "sharing/move_post", post_id=global_id(draft), audience={"company": True})
    published = await ask(ann, "publishing/publish_post", post_id=global_id(draft))

    assert codes(refused["publishPost"]) == ["FORBIDDEN"]
    assert (codes(moved["movePost"]), codes(published["publishPost"])) == ([], [])
    assert (await Post.get()).audience_id == COMPANY
    assert await told(draft) == ["PostPublished"]


@pytest.mark.parametrize("operation", ["publishing/publish_post", "publishing/unschedule_post", "posts/delete_post"])
async def test_the_id_of_something_else_is_not_found(ask: Ask, operation: str) -> None:
    ann = await a_person()

    [payload] = (await ask(ann, operation, post_id=global_id(ann))).values()

    assert codes(payload) == ["NOT_FOUND"]
