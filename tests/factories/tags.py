"""Tags, on posts and followed, as rows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from models.feed import Post, PostStatus
from models.people import Person
from models.tags import PostTag, Tag, TagFollow, TagSynonym, tag_key
from tests.factories.ids import global_id
from tests.factories.outsiders import STRANGERS
from tests.factories.people import NOW

if TYPE_CHECKING:
    from tests.leaks.ground import Ground


async def a_tag(name: str = "launch", *synonyms: str, **more: Any) -> Tag:
    """A tag; one with synonyms is kept, as those are given by who keeps tags."""
    values: dict[str, Any] = {"kept": bool(synonyms), "created_at": NOW} | more
    tag = await Tag.create(name=name, key=tag_key(name), **values)
    for synonym in synonyms:
        await TagSynonym.create(tag_id=tag.id, name=synonym, key=tag_key(synonym))
    return tag


async def tagged(post: Post, *tags: Tag) -> Post:
    """The post, with these tags."""
    for tag in tags:
        await PostTag.create(
            post_id=post.id,
            tag_id=tag.id,
            audience_id=post.audience_id,
            published_at=post.published_at if post.status is PostStatus.PUBLISHED else None,
        )
    return post


async def a_tag_follow(person: Person, tag: Tag, since: datetime = NOW) -> TagFollow:
    """Somebody follows a tag."""
    return await TagFollow.create(person_id=person.id, tag_id=tag.id, created_at=since)


async def settle(ground: Ground) -> None:
    """A tag that is kept for the company, with a synonym."""
    tag = await a_tag(ground.word("tag", STRANGERS), ground.word("synonym", STRANGERS))
    ground.hide(global_id(tag), STRANGERS)


async def plant(ground: Ground) -> None:
    """Posts of the insiders' unit and of a list with tags that nobody else uses, given and in the text."""
    for audience in ({"orgUnitId": global_id(ground.unit)}, {"personIds": [global_id(ground.ida)]}):
        given, written = ground.word("given"), ground.word("written")
        body = f"Of #{written} among us"
        more: dict[str, Any] = {"body": body, "tags": [given], "audience": audience}
        data = await ground.ask(ground.ivan, "posts/create_post", kind="DISCUSSION", **more)
        assert not data["createPost"]["errors"], data
        ground.hide(data["createPost"]["post"]["id"])
        for name in (given, written):
            tag = await Tag.get(key=name)
            await a_tag_follow(ground.ivan, tag)
            ground.hide(global_id(tag))
        if "personIds" in audience:
            ground.lists.append((await Post.get(body=body)).audience_id)
