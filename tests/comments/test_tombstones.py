"""What a removed comment leaves: nothing, or an empty place for as long as there are replies to it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models.feed import Comment, Post
from models.log import LoggedEvent
from models.people import Person
from models.reactions import Reaction
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.races import rounds


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def thread(ask: Ask, who: Person, post: Post) -> list[dict[str, Any]]:
    node = (await ask(who, "comments/thread", id=global_id(post), first=100))["node"]
    nodes = node["comments"]["nodes"]
    assert node["comments"]["totalCount"] == len(nodes)
    assert node["commentCount"] == sum(not one["isRemoved"] for one in nodes)
    return nodes


async def delete(ask: Ask, who: Any, comment: Comment) -> list[str]:
    return codes((await ask(who, "comments/delete_comment", comment_id=global_id(comment)))["deleteComment"])


async def reply(ask: Ask, who: Any, to: Comment) -> list[str]:
    post = await Post.get(id=to.post_id)
    given = {"post_id": global_id(post), "reply_to_id": global_id(to), "body": "Reply"}
    return codes((await ask(who, "comments/add_comment", **given))["addComment"])


async def test_a_comment_with_replies_leaves_an_empty_place(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post(author=ann)
    start = await a_comment(post, "regretted", author=bob)
    await a_comment(post, "reply", author=ann, reply_to_id=start.id)
    await Reaction.create(subject_id=start.id, person_id=ann.id, emoji="👍", created_at=post.created_at)

    assert await delete(ask, bob, start) == []

    place, answer = await thread(ask, ann, post)
    assert (place["id"], place["isRemoved"], place["body"], place["author"]) == (global_id(start), True, "", None)
    assert (place["reactions"], place["viewerCanReact"], place["viewerCanDelete"]) == ([], False, False)
    assert (answer["body"], answer["replyTo"]) == ("reply", {"id": global_id(start)})
    stored = await Comment.get(id=start.id)
    assert (stored.removed, stored.kept, stored.body, stored.author_id) == (True, True, "", None)
    assert await Reaction.all().count() == 0


async def test_a_comment_without_replies_leaves_nothing(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)
    comment = await a_comment(post, author=ann)

    assert await delete(ask, ann, comment) == []

    assert await thread(ask, ann, post) == []
    assert await delete(ask, ann, comment) == ["NOT_FOUND"]


async def test_with_its_last_reply_the_empty_place_goes_too(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)
    start = await a_comment(post, author=ann)
    replies = [await a_comment(post, str(i), author=ann, reply_to_id=start.id) for i in range(2)]
    await delete(ask, ann, start)

    await delete(ask, ann, replies[0])
    assert [node["isRemoved"] for node in await thread(ask, ann, post)] == [True, False]
    await delete(ask, ann, replies[1])

    assert await thread(ask, ann, post) == []
    gone = [event.refs["comment"] for event in await LoggedEvent.filter(kind="CommentRemoved").order_by("id")]
    assert gone == [str(one) for one in (start.id, replies[0].id, replies[1].id, start.id)]


async def test_an_empty_place_is_not_removed_edited_reacted_to_nor_replied_to(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)
    start = await a_comment(post, author=ann)
    answer = await a_comment(post, author=ann, reply_to_id=start.id)
    await delete(ask, ann, start)

    edited = await ask(ann, "comments/edit_comment", comment_id=global_id(start), body="Back")
    reacted = await ask(ann, "reactions/add_reaction", subject_id=global_id(start), emoji="👍")

    assert codes(edited["editComment"]) == codes(reacted["addReaction"]) == ["FORBIDDEN"]
    assert await delete(ask, ann, start) == await reply(ask, ann, start) == ["FORBIDDEN"]
    assert await reply(ask, ann, answer) == []  # the thread goes on
    assert [node["replyTo"] for node in await thread(ask, ann, post)][1:] == [{"id": global_id(start)}] * 2


async def test_with_the_post_go_its_empty_places(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)
    start = await a_comment(post, author=ann)
    await a_comment(post, author=ann, reply_to_id=start.id)
    await delete(ask, ann, start)

    await ask(ann, "posts/delete_post", post_id=global_id(post))

    data = await ask(ann, "reactions/reactors", id=global_id(start), first=1)
    assert data["node"] is None
    assert await Comment.filter(kept=True).count() == await Comment.filter(removed=False).count() == 0


@pytest.mark.race
async def test_a_reply_written_while_its_parent_goes_is_never_left_alone(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    author, other = (await ask.context(ann)).viewer, (await ask.context(bob)).viewer
    post = await a_post(author=ann)
    for _ in rounds(10):
        start = await a_comment(post, author=ann)

        refused, gone = await asyncio.gather(reply(ask, other, start), delete(ask, author, start))

        stored = await Comment.get(id=start.id)
        replies = await Comment.filter(reply_to_id=start.id, removed=False).count()
        assert (gone, refused) in (([], []), ([], ["NOT_FOUND"]))
        assert (stored.kept, replies) == ((True, 1) if refused == [] else (False, 0))


@pytest.mark.race
async def test_of_two_last_replies_that_go_at_once_the_later_takes_the_empty_place(ask: Ask) -> None:
    ann = await a_person("Ann")
    viewer = (await ask.context(ann)).viewer
    post = await a_post(author=ann)
    for _ in rounds(5):
        start = await a_comment(post, author=ann)
        replies = [await a_comment(post, author=ann, reply_to_id=start.id) for _ in range(2)]
        await delete(ask, viewer, start)

        await asyncio.gather(*(delete(ask, viewer, one) for one in replies))

        assert await thread(ask, ann, post) == []
