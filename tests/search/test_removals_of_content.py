"""What is deleted, edited or moved is not found by the next search, though no index has heard of it."""

from __future__ import annotations

import pytest

from models import db
from models.feed import Comment, Post, PostStatus
from models.groups import Visibility
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_message
from tests.factories.circles import a_circle
from tests.factories.feed import a_comment, a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.tags import a_tag, tagged
from tests.search.asking import indexed
from tests.search.removals import MANY, Removals, word


@pytest.mark.parametrize("way", ["moved", "deleted", "drafted"])
async def test_a_post_that_is_elsewhere_or_nowhere(ask: Ask, gone: Removals, way: str) -> None:
    ann, ida = await a_person("Ann"), await a_person("Ida")
    secret = await a_circle(ida, visibility=Visibility.SECRET)
    words = [word() for _ in range(MANY)]
    posts = [await tagged(await a_post(f"everywhere {text}", author=ida), await a_tag(text)) for text in words]
    for post, text in zip(posts, words, strict=True):
        await a_comment(post, f"everywhere {text}", author=ida)
    await indexed(ask)
    assert await gone.total(ann, "everywhere") == 2 * MANY

    for post, text in zip(posts, words, strict=True):
        match way:
            case "moved":
                to = {"audience": {"groupId": global_id(secret)}, "confirmed": True}
                await gone.done(ida, "sharing/move_post", post_id=global_id(post), **to)
            case "deleted":
                await gone.done(ida, "posts/delete_post", post_id=global_id(post))
            case _:  # as a post stands that somebody has taken back
                await Post.filter(id=post.id).update(status=PostStatus.DRAFT, published_at=None)
                await db.execute("UPDATE post_tag SET published_at = NULL WHERE post_id = $1", post.id)
        if way == "drafted":
            await Comment.filter(post_id=post.id).update(removed=True)
        await gone(ann, text)

    assert await gone.total(ann, "everywhere") == 0


async def test_the_last_post_of_a_tag_that_one_could_see(ask: Ask, gone: Removals) -> None:
    ann, ida = await a_person("Ann"), await a_person("Ida")
    words = [word() for _ in range(MANY)]
    posts = [await tagged(await a_post("everywhere", author=ida), await a_tag(text)) for text in words]
    await indexed(ask)
    assert await gone.total(ann, "everywhere") == MANY and await gone.total(ann, words[0]) == 2

    for post, text in zip(posts, words, strict=True):
        await gone.done(ida, "tags/set_post_tags", post_id=global_id(post), tags=[], expected_version=1)
        await gone(ann, text)

    assert await gone.total(ann, "everywhere") == MANY


@pytest.mark.parametrize("way", ["deleted", "edited"])
async def test_a_comment_that_is_taken_back(ask: Ask, gone: Removals, way: str) -> None:
    ann, ida = await a_person("Ann"), await a_person("Ida")
    post = await a_post("everywhere", author=ida)
    words = [word() for _ in range(MANY)]
    comments = [await a_comment(post, f"everywhere {text}", author=ida) for text in words]
    await indexed(ask)
    assert await gone.total(ann, "everywhere") == MANY + 1

    for comment, text in zip(comments, words, strict=True):
        if way == "deleted":
            await gone.done(ida, "comments/delete_comment", comment_id=global_id(comment))
        else:
            new = {"body": "everywhere, rather", "expected_version": 1}
            await gone.done(ida, "comments/edit_comment", comment_id=global_id(comment), **new)
        await gone(ann, text)

    assert await gone.total(ann, "everywhere") == (1 if way == "deleted" else MANY + 1)


@pytest.mark.parametrize("way", ["deleted", "edited"])
async def test_a_message_that_is_taken_back(ask: Ask, gone: Removals, way: str) -> None:
    ann, ida = await a_person("Ann"), await a_person("Ida")
    talk = await a_conversation(ida, ann)
    words = [word() for _ in range(MANY)]
    messages = [await a_message(talk, f"everywhere {text}", author=ida) for text in words]
    await indexed(ask)
    assert await gone.total(ann, "everywhere") == MANY

    for message, text in zip(messages, words, strict=True):
        if way == "deleted":
            await gone.done(ida, "messages/delete_message", message_id=global_id(message))
        else:
            await gone.done(ida, "messages/edit_message", message_id=global_id(message), body="everywhere, rather")
        await gone(ann, text)

    assert await gone.total(ann, "everywhere") == (0 if way == "deleted" else MANY)
