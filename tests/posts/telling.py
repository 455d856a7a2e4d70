"""What was answered, what others see, and what the log holds, in the words of these tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from execution.ids import decode_id
from models.feed import Post
from models.log import LoggedEvent
from models.people import Person
from tests.conftest import Ask
from tests.factories.ids import global_id

Payload = Mapping[str, Any]


async def a_written(ask: Ask, who: Person, body: str = "Hello", **more: Any) -> Post:
    """A post that somebody wrote, by the operation: `is_draft`, `scheduled_at`, `audience`, …"""
    values: dict[str, Any] = {"kind": "DISCUSSION"} | more
    payload = (await ask(who, "posts/create_post", body=body, **values))["createPost"]
    assert payload["errors"] == []
    return await Post.get(id=decode_id(payload["post"]["id"])[1])


async def a_draft(ask: Ask, who: Person, body: str = "Not yet", **more: Any) -> Post:
    return await a_written(ask, who, body, is_draft=True, **more)


def codes(payload: Payload) -> list[str]:
    return [error["code"] for error in payload["errors"]]


def said(payload: Payload) -> str:
    """The sentence of the only error."""
    [error] = payload["errors"]
    return error["message"]


async def told(post: Post) -> list[str]:
    """The kinds of events about a post, in the order of the log."""
    return [event.kind for event in await LoggedEvent.filter(subject_id=post.id).order_by("id")]


async def heard(post: Post) -> list[str]:
    """Those of them that its audience hears."""
    return [e.kind for e in await LoggedEvent.filter(subject_id=post.id, audience_id__isnull=False).order_by("id")]


async def as_seen(ask: Ask, who: Person, post: Post) -> dict[str, Any] | None:
    """The post as somebody sees it; None where they do not."""
    return (await ask(who, "posts/post_life", id=global_id(post), first=20))["node"]


async def in_feed(ask: Ask, who: Person) -> list[str]:
    """The texts of somebody's home feed."""
    page = await ask(who, "feed/home_feed", first=50)
    return [edge["node"]["body"] for edge in page["feed"]["edges"]]
