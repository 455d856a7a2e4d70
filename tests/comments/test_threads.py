"""Comments and replies."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest

from execution.ids import encode_id
from models import db
from models.feed import Comment, Post
from models.log import LoggedEvent
from models.people import Person
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.races import rounds


async def thread(ask: Ask, who: Person, post: Post) -> dict[str, Any]:
    return (await ask(who, "posts/post", id=global_id(post), first=100))["node"]


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def test_a_comment_is_stored_with_its_event(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post(author=ann)

    data = await ask(bob, "comments/add_comment", post_id=global_id(post), body="  Indeed\r\n")

    comment = await Comment.get()
    assert data["addComment"]["comment"]["id"] == global_id(comment)
    assert (comment.author_id, comment.audience_id, comment.body) == (bob.id, post.audience_id, "Indeed")
    event = await LoggedEvent.get()
    assert (event.kind, event.subject_id, event.actor_id) == ("CommentAdded", post.id, bob.id)


async def test_replies_have_one_level(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)
    start = await a_comment(post, "start", author=ann)

    async def reply(to: str, body: str) -> str:
        data = await ask(ann, "comments/add_comment", post_id=global_id(post), body=body, reply_to_id=to)
        return data["addComment"]["comment"]["id"]

    await reply(await reply(global_id(start), "first"), "second")

    nodes = [edge["node"] for edge in (await thread(ask, ann, post))["comments"]["edges"]]
    assert [(node["body"], node["replyTo"]) for node in nodes] == [
        ("start", None),
        ("first", {"id": global_id(start)}),
        ("second", {"id": global_id(start)}),
    ]


async def test_a_reply_stays_under_its_post(ask: Ask) -> None:
    ann = await a_person("Ann")
    post, other = await a_post(author=ann), await a_post(author=ann)
    elsewhere = await a_comment(other, author=ann)
    removed = await a_comment(post, author=ann, removed=True)

    for to in (global_id(elsewhere), global_id(removed), encode_id("Comment", uuid.uuid4()), global_id(post), "none"):
        data = await ask(ann, "comments/add_comment", post_id=global_id(post), body="x", reply_to_id=to)
        assert codes(data["addComment"]) == ["NOT_FOUND"], to
        assert data["addComment"]["errors"][0]["path"] == ["input", "replyToId"]

    assert await Comment.all().count() == 2


async def test_removed_comments_do_not_count(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post(author=ann)
    for i in range(3):
        await a_comment(post, str(i), author=bob)
    gone = await a_comment(post, "gone", author=bob)

    before = await thread(ask, ann, post)
    await ask(bob, "comments/delete_comment", comment_id=global_id(gone))
    after = await thread(ask, ann, post)
    page = (await ask(ann, "feed/home_feed", first=1))["feed"]["edges"][0]["node"]

    assert (before["commentCount"], before["comments"]["totalCount"]) == (4, 4)
    assert (after["commentCount"], after["comments"]["totalCount"], page["commentCount"]) == (3, 3, 3)
    assert [edge["node"]["body"] for edge in after["comments"]["edges"]] == ["0", "1", "2"]


async def test_a_removed_comment_leaves_no_text(ask: Ask) -> None:
    ann = await a_person("Ann")
    comment = await a_comment(await a_post(author=ann), "regretted", author=ann)

    data = await ask(ann, "comments/delete_comment", comment_id=global_id(comment))

    assert data["deleteComment"] == {"deletedId": global_id(comment), "errors": []}
    stored = await Comment.get(id=comment.id)
    assert (stored.removed, stored.body) == (True, "")
    assert await db.value("SELECT count(*) FROM event e WHERE e::text LIKE '%regretted%'") == 0
    again = await ask(ann, "comments/delete_comment", comment_id=global_id(comment))
    assert codes(again["deleteComment"]) == ["NOT_FOUND"]


async def test_nobody_comments_on_what_is_removed_or_hidden(ask: Ask) -> None:
    unit = await a_unit()
    ann, bob = await a_person("Ann", unit=unit), await a_person("Bob")
    hidden = await a_post(author=ann, audience=unit.id)
    removed = await a_post(author=ann)
    await ask(ann, "posts/delete_post", post_id=global_id(removed))

    for post in (hidden, removed):
        data = await ask(bob, "comments/add_comment", post_id=global_id(post), body="x")
        assert codes(data["addComment"]) == ["NOT_FOUND"]

    assert await Comment.all().count() == 0


@pytest.mark.parametrize("body", ["", " \n ", "x" * 10_001])
async def test_a_comment_has_between_one_and_10000_characters(ask: Ask, body: str) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)
    comment = await a_comment(post, "as it was", author=ann)

    added = await ask(ann, "comments/add_comment", post_id=global_id(post), body=body)
    edited = await ask(ann, "comments/edit_comment", comment_id=global_id(comment), body=body)

    assert codes(added["addComment"]) == codes(edited["editComment"]) == ["BAD_USER_INPUT"]
    assert [(c.body, c.version) for c in await Comment.all()] == [("as it was", 1)]


async def test_only_the_author_edits_a_comment(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    comment = await a_comment(await a_post(author=ann), "Bob's", author=bob)
    change = {"comment_id": global_id(comment), "body": "changed", "expected_version": 1}

    refused = await ask(ann, "comments/edit_comment", **change)
    done = await ask(bob, "comments/edit_comment", **change)
    late = await ask(bob, "comments/edit_comment", **change)

    assert codes(refused["editComment"]) == ["FORBIDDEN"]
    assert done["editComment"]["comment"] == {
        "id": global_id(comment),
        "body": "changed",
        "isEdited": True,
        "version": 2,
    }
    assert codes(late["editComment"]) == ["CONFLICT"]


@pytest.mark.race
async def test_fifty_tries_with_one_client_id_make_one_comment(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)
    viewer = (await ask.context(ann)).viewer
    for turn in rounds(1):
        again = {"post_id": global_id(post), "body": "once", "client_id": f"c-{turn}"}

        answers = await asyncio.gather(*(ask(viewer, "comments/add_comment", **again) for _ in range(50)))

        assert len({answer["addComment"]["comment"]["id"] for answer in answers}) == 1
        assert await Comment.all().count() == turn + 1
