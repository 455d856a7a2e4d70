"""What tests of tags do again and again."""

from __future__ import annotations

import uuid
from typing import Any

from execution.ids import encode_id
from models.audiences import COMPANY
from models.people import Person
from models.session import Role
from models.tags import Tag
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import a_role


async def write(ask: Ask, who: Any, body: str = "Hello", *, group: uuid.UUID = COMPANY, **more: Any) -> dict[str, Any]:
    """The payload of a post that somebody writes, to the company or to a group."""
    where: dict[str, Any] = {} if group == COMPANY else {"audience": {"groupId": group_id(group)}}
    data = await ask(who, "posts/create_post", kind="DISCUSSION", body=body, **where, **more)
    return data["createPost"]


async def written(ask: Ask, who: Any, body: str = "Hello", **more: Any) -> str:
    """The id of the same, which is not refused."""
    payload = await write(ask, who, body, **more)
    assert not payload["errors"], payload["errors"]
    return payload["post"]["id"]


async def tags_of(ask: Ask, who: Any, post: str) -> list[str]:
    """The names of a post's tags, as somebody sees them."""
    return [tag["name"] for tag in (await ask(who, "tags/post_tags", id=post))["node"]["tags"]]


async def page(ask: Ask, who: Any, name: str) -> dict[str, Any] | None:
    """A tag's page."""
    return (await ask(who, "tags/tag_page", name=name, first=50))["tag"]


async def names(ask: Ask, who: Any, query: str | None = None) -> list[str]:
    """The tags that somebody finds."""
    return [one["name"] for one in (await ask(who, "tags/tags", query=query, first=100))["tags"]["nodes"]]


async def keep(ask: Ask, who: Any, operation: str, tag: Tag, **more: Any) -> dict[str, Any]:
    """The payload of what somebody does to a tag."""
    [payload] = (await ask(who, f"tags/{operation}", tag_id=global_id(tag), **more)).values()
    return payload


async def a_keeper(ask: Ask, name: str = "Cora") -> Person:
    """Somebody who keeps tags."""
    cora = await a_person(name)
    await a_role(cora, Role.COMMUNICATOR)
    return cora


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


def group_id(group: uuid.UUID) -> str:
    return encode_id("Group", group)
