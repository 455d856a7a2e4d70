"""Questions and the answers that are accepted."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest

from execution.ids import encode_id
from models.feed import Comment, Post, PostKind
from models.log import LoggedEvent
from models.session import Role
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.factories.session import a_role
from tests.races import rounds


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def accept(ask: Ask, who: Any, post: Post, comment: Comment | str | None) -> dict[str, Any]:
    id = global_id(comment) if isinstance(comment, Comment) else comment
    return (await ask(who, "answers/accept_answer", post_id=global_id(post), comment_id=id))["acceptAnswer"]


async def accepted(post: Post) -> uuid.UUID | None:
    return (await Post.get(id=post.id)).accepted_id


async def test_who_asked_accepts_an_answer(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post("Why?", author=ann, kind=PostKind.QUESTION)
    comment = await a_comment(post, "Because", author=bob)

    payload = await accept(ask, ann, post, comment)

    answer = {"id": global_id(comment), "body": "Because", "isAccepted": True}
    assert payload == {"post": {"id": global_id(post), "acceptedAnswer": answer}, "errors": []}
    assert await accepted(post) == comment.id
    event = await LoggedEvent.get()
    assert (event.kind, event.subject_id, event.audience_id) == ("AnswerAccepted", post.id, post.audience_id)


async def test_another_answer_takes_the_place_of_the_first_and_none_takes_it_away(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post("Why?", author=ann, kind=PostKind.QUESTION)
    one, other = await a_comment(post, author=ann), await a_comment(post, author=ann)

    for comment in (one, other, other):
        await accept(ask, ann, post, comment)
    assert await accepted(post) == other.id
    for _ in range(2):
        assert (await accept(ask, ann, post, None))["post"]["acceptedAnswer"] is None

    kinds = [event.kind for event in await LoggedEvent.all().order_by("id")]
    assert kinds == ["AnswerAccepted", "AnswerAccepted", "AnswerWithdrawn"]


async def test_only_who_asked_and_who_moderates_there_accept(ask: Ask) -> None:
    unit = await a_unit()
    ann, bob, mod = [await a_person(name, unit=unit) for name in ("Ann", "Bob", "Mod")]
    await a_role(mod, Role.MODERATOR, unit)
    post = await a_post("Why?", author=ann, audience=unit.id, kind=PostKind.QUESTION)
    comment = await a_comment(post, author=bob)

    assert codes(await accept(ask, bob, post, comment)) == ["FORBIDDEN"]
    assert codes(await accept(ask, await a_person("Eve"), post, comment)) == ["NOT_FOUND"]
    assert await accepted(post) is None
    assert (await accept(ask, mod, post, comment))["errors"] == []


async def test_only_a_comment_that_stands_under_the_question_answers_it(ask: Ask) -> None:
    ann = await a_person("Ann")
    post, other = [await a_post("Why?", author=ann, kind=PostKind.QUESTION) for _ in range(2)]
    foreign = await a_comment(other, author=ann)
    removed = await a_comment(post, author=ann, removed=True)
    tombstone = await a_comment(post, author=ann, removed=True, kept=True)

    for comment in (foreign, removed, tombstone, encode_id("Comment", uuid.uuid4()), global_id(post), "none"):
        payload = await accept(ask, ann, post, comment)
        assert codes(payload) == ["NOT_FOUND"]
        assert payload["errors"][0]["path"] == ["input", "commentId"]


async def test_only_a_question_has_an_answer(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)

    assert codes(await accept(ask, ann, post, await a_comment(post, author=ann))) == ["BAD_USER_INPUT"]


async def test_with_the_accepted_comment_goes_its_mark(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post("Why?", author=ann, kind=PostKind.QUESTION)
    for with_reply in (False, True):
        comment = await a_comment(post, author=ann)
        if with_reply:
            await a_comment(post, author=ann, reply_to_id=comment.id)
        await accept(ask, ann, post, comment)

        await ask(ann, "comments/delete_comment", comment_id=global_id(comment))

        assert await accepted(post) is None
    assert await LoggedEvent.filter(kind="AnswerWithdrawn").count() == 2


@pytest.mark.race
async def test_of_many_acceptances_at_once_one_holds_and_one_is_told(ask: Ask) -> None:
    ann = await a_person("Ann")
    viewer = (await ask.context(ann)).viewer
    for _ in rounds():
        post = await a_post("Why?", author=ann, kind=PostKind.QUESTION)
        comments = [await a_comment(post, author=ann) for _ in range(10)]

        answers = await asyncio.gather(*(accept(ask, viewer, post, comments[i % 10]) for i in range(50)))

        assert all(one["errors"] == [] for one in answers)
        held = await accepted(post)
        last = await LoggedEvent.filter(subject_id=post.id).order_by("-id").first()
        assert last is not None
        assert (last.kind, last.refs["comment"]) == ("AnswerAccepted", str(held))
        node = (await ask(ann, "comments/thread", id=global_id(post), first=20))["node"]
        assert [one["id"] for one in node["comments"]["nodes"] if one["isAccepted"]] == [node["acceptedAnswer"]["id"]]


@pytest.mark.race
async def test_no_answer_is_accepted_while_it_is_removed(ask: Ask) -> None:
    ann = await a_person("Ann")
    viewer = (await ask.context(ann)).viewer
    for _ in rounds(5):
        post = await a_post("Why?", author=ann, kind=PostKind.QUESTION)
        comment = await a_comment(post, author=ann)

        await asyncio.gather(
            accept(ask, viewer, post, comment),
            ask(viewer, "comments/delete_comment", comment_id=global_id(comment)),
        )

        assert await accepted(post) is None
