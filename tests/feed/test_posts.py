"""Writing, changing and removing posts."""

from __future__ import annotations

import pytest

from models.feed import Post
from models.log import LoggedEvent
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit


def codes(payload: dict[str, list[dict[str, str]]]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def test_a_post_is_stored_with_its_event(ask: Ask) -> None:
    ann = await a_person("Ann")

    data = await ask(ann, "posts/create_post", kind="DISCUSSION", body="Hello **all**")

    assert data["createPost"]["errors"] == []
    post = await Post.get()
    assert (post.author_id, post.body) == (ann.id, "Hello **all**")
    event = await LoggedEvent.get()
    assert (event.kind, event.subject_id, event.actor_id) == ("PostPublished", post.id, ann.id)


async def test_only_the_author_edits(ask: Ask) -> None:
    post = await a_post("mine", author=await a_person("Ann"))

    data = await ask(await a_person("Bob"), "posts/edit_post", post_id=global_id(post), expected_version=1, body="his")

    assert codes(data["editPost"]) == ["FORBIDDEN"]
    assert (await Post.get(id=post.id)).body == "mine"


@pytest.mark.parametrize("body", ["", "   ", "x" * 20_001])
async def test_a_text_that_cannot_be_is_refused(ask: Ask, body: str) -> None:
    data = await ask(await a_person(), "posts/create_post", kind="DISCUSSION", body=body)

    assert codes(data["createPost"]) == ["BAD_USER_INPUT"]
    assert await Post.all().count() == 0


async def test_the_same_client_id_is_the_same_post(ask: Ask) -> None:
    ann = await a_person()

    first = await ask(ann, "posts/create_post", kind="DISCUSSION", body="once", client_id="a1")
    again = await ask(ann, "posts/create_post", kind="DISCUSSION", body="once", client_id="a1")

    assert first["createPost"]["post"]["id"] == again["createPost"]["post"]["id"]
    assert await Post.all().count() == 1


async def test_nobody_posts_to_a_unit_they_are_not_in(ask: Ask) -> None:
    unit = await a_unit()

    data = await ask(
        await a_person(), "posts/create_post", kind="DISCUSSION", body="hi", audience={"orgUnitId": global_id(unit)}
    )

    assert codes(data["createPost"]) == ["FORBIDDEN"]
