"""Editing and removing posts: by whom, in which version, and what is left."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from auth import sessions
from auth.viewer import Viewer
from models import db
from models.feed import Comment, Post, PostStatus
from models.log import LoggedEvent
from models.people import Person
from models.session import Role
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.factories.session import a_role


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def a_token(ask: Ask, person: Person, *scopes: str) -> Viewer:
    now = ask.services.clock.now()
    _, token = await sessions.open_token(person.id, "bot", scopes, now + timedelta(days=1), now=now)
    viewer = await sessions.again(token.id, now)
    assert viewer
    return viewer


async def test_an_edit_raises_the_version(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post("before", author=ann)

    data = await ask(ann, "posts/edit_post", post_id=global_id(post), expected_version=1, body="after")

    assert data["editPost"]["post"] == {"id": global_id(post), "body": "after", "isEdited": True, "version": 2}
    assert [event.kind for event in await LoggedEvent.all()] == ["PostEdited"]


async def test_what_is_not_given_stays(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post("text", author=ann, title="title")

    await ask(ann, "posts/edit_post", post_id=global_id(post), title="other")
    assert [(p.title, p.body) for p in await Post.all()] == [("other", "text")]

    await ask(ann, "posts/edit_post", post_id=global_id(post), body="new", title="")
    assert [(p.title, p.body) for p in await Post.all()] == [(None, "new")]


async def test_of_concurrent_edits_of_one_version_one_wins(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post("before", author=ann)
    viewer = (await ask.context(ann)).viewer

    answers = await asyncio.gather(
        *(ask(viewer, "posts/edit_post", post_id=global_id(post), expected_version=1, body=str(i)) for i in range(20))
    )

    payloads = [answer["editPost"] for answer in answers]
    [won] = [payload["post"] for payload in payloads if not payload["errors"]]
    assert [codes(payload) for payload in payloads if payload["errors"]] == [["CONFLICT"]] * 19
    stored = await Post.get()
    assert (stored.version, stored.body) == (2, won["body"])
    assert await LoggedEvent.all().count() == 1


async def test_an_old_version_is_a_conflict(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post("now", author=ann, version=7)

    data = await ask(ann, "posts/edit_post", post_id=global_id(post), expected_version=6, body="late")

    [error] = data["editPost"]["errors"]
    assert (error["__typename"], error["code"], error["path"]) == (
        "ConflictError",
        "CONFLICT",
        ["input", "expectedVersion"],
    )
    assert (await Post.get()).body == "now"


@pytest.mark.parametrize("body", ["", "  ", "x" * 20_001])
async def test_an_edit_cannot_make_a_post_that_cannot_be(ask: Ask, body: str) -> None:
    ann = await a_person("Ann")
    post = await a_post("as it was", author=ann)

    data = await ask(ann, "posts/edit_post", post_id=global_id(post), body=body)

    assert codes(data["editPost"]) == ["BAD_USER_INPUT"]
    assert [(p.body, p.version) for p in await Post.all()] == [("as it was", 1)]


async def test_a_removed_post_leaves_no_text(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    made = await ask(ann, "posts/create_post", kind="DISCUSSION", body="regretted", title="regretted")
    id = made["createPost"]["post"]["id"]

    data = await ask(ann, "posts/delete_post", post_id=id)

    assert data["deletePost"] == {"deletedId": id, "errors": []}
    stored = await Post.get()
    assert (stored.status, stored.body, stored.title) == (PostStatus.REMOVED, "", None)
    assert await db.value("SELECT count(*) FROM event e WHERE e::text LIKE '%regretted%'") == 0
    for person in (ann, bob):
        assert (await ask(person, "feed/home_feed", first=10))["feed"]["edges"] == []
        assert (await ask(person, "posts/post", id=id))["node"] is None
        assert codes((await ask(person, "posts/edit_post", post_id=id, body="back"))["editPost"]) == ["NOT_FOUND"]
        assert codes((await ask(person, "posts/delete_post", post_id=id))["deletePost"]) == ["NOT_FOUND"]


async def test_moderators_remove_what_was_posted_to_their_units(ask: Ask) -> None:
    top, beside = await a_unit("Top"), await a_unit("Beside")
    unit = await a_unit("Unit", parent=top)
    author = await a_person("Ann", unit=unit)
    head = await a_person("Hera", unit=unit)
    deputy = await a_person("Dora", unit=unit)
    above = await a_person("Tom", unit=unit)
    named = await a_person("Mia", unit=unit)
    unit.head_id, unit.deputy_id = head.id, deputy.id
    await unit.save()
    await a_role(above, Role.MODERATOR, top)
    await a_role(named, Role.MODERATOR)

    for moderator in (head, deputy, above, named):
        post = await a_post("theirs", author=author, audience=unit.id)
        comment = await a_comment(post, author=author)
        shown = (await ask(moderator, "posts/post", id=global_id(post)))["node"]
        assert (shown["viewerCanDelete"], shown["viewerCanUpdate"]) == (True, False)
        assert codes((await ask(moderator, "posts/edit_post", post_id=global_id(post), body="x"))["editPost"]) == [
            "FORBIDDEN"
        ]
        assert (
            codes((await ask(moderator, "comments/delete_comment", comment_id=global_id(comment)))["deleteComment"])
            == []
        )
        assert codes((await ask(moderator, "posts/delete_post", post_id=global_id(post)))["deletePost"]) == []
    assert not await Post.filter(status=PostStatus.PUBLISHED) and not await Comment.filter(removed=False)

    colleague, stranger = await a_person("Bob", unit=unit), await a_person("Hal", unit=beside)
    beside.head_id = stranger.id
    await beside.save()
    await a_role(colleague, Role.MODERATOR, beside)
    await a_role(colleague, Role.ADMIN)
    post = await a_post("kept", author=author, audience=unit.id)
    refusals = [await ask(who, "posts/delete_post", post_id=global_id(post)) for who in (colleague, stranger)]
    assert [codes(data["deletePost"]) for data in refusals] == [["FORBIDDEN"], ["NOT_FOUND"]]
    assert (await ask(colleague, "posts/post", id=global_id(post)))["node"]["viewerCanDelete"] is False
    assert (await Post.get(id=post.id)).body == "kept"


async def test_the_head_of_a_unit_does_not_moderate_the_company(ask: Ask) -> None:
    head = await a_person("Hera")
    await a_unit("Unit", head=head)
    post = await a_post("for all", author=await a_person("Ann"))

    assert codes((await ask(head, "posts/delete_post", post_id=global_id(post)))["deletePost"]) == ["FORBIDDEN"]


async def test_what_viewers_can_is_what_they_may(ask: Ask) -> None:
    """The same predicate answers `viewerCan…` and guards the mutation."""
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post(author=ann)
    reader = await a_token(ask, ann, "feed:read")

    for who in (ann, bob, reader):
        shown = (await ask(who, "posts/post", id=global_id(post)))["node"]
        edited = codes((await ask(who, "posts/edit_post", post_id=global_id(post), body="x"))["editPost"])
        added = codes((await ask(who, "comments/add_comment", post_id=global_id(post), body="x"))["addComment"])
        assert shown["viewerCanUpdate"] == (edited == []) and shown["viewerCanComment"] == (added == [])


async def test_a_token_reaches_no_further_than_its_scopes(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)
    reader, writer = await a_token(ask, ann, "feed:read"), await a_token(ask, ann, "feed:write")

    assert len((await ask(reader, "feed/home_feed", first=1))["feed"]["edges"]) == 1
    assert codes((await ask(reader, "posts/delete_post", post_id=global_id(post)))["deletePost"]) == ["FORBIDDEN"]
    assert codes((await ask(reader, "posts/create_post", kind="DISCUSSION", body="x"))["createPost"]) == ["FORBIDDEN"]
    assert (await ask.answer(writer, "feed/home_feed", first=1)).code == "FORBIDDEN"
    assert codes((await ask(writer, "posts/delete_post", post_id=global_id(post)))["deletePost"]) == ["NOT_FOUND"]
    assert codes((await ask(writer, "posts/create_post", kind="DISCUSSION", body="x"))["createPost"]) == []


async def test_a_token_that_writes_posts_to_its_persons_unit(ask: Ask) -> None:
    unit = await a_unit()
    ann = await a_person("Ann", unit=unit)
    writer = await a_token(ask, ann, "feed:write")

    data = await ask(writer, "posts/create_post", kind="DISCUSSION", body="x", audience={"orgUnitId": global_id(unit)})

    assert codes(data["createPost"]) == []
    assert (await Post.get()).audience_id == unit.id
