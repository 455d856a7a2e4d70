"""Posts and comments, as rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from execution.ids import decode_id
from models.audiences import COMPANY
from models.feed import Comment, Post
from models.keys import uuid7
from models.people import Person
from tests.factories.ids import global_id
from tests.factories.outsiders import Outsider
from tests.factories.people import NOW

if TYPE_CHECKING:
    from tests.leaks.ground import Ground

_second = count()


def _moment() -> datetime:
    return NOW + timedelta(seconds=next(_second))


def _rising() -> Iterator[uuid.UUID]:
    """Keys each above the one before, even within a millisecond: threads are ordered by their keys."""
    last = uuid7()
    while True:
        while (key := uuid7()) <= last:
            pass
        last = key
        yield key


_key = _rising()


async def a_post(body: str = "Hello", *, author: Person, audience: uuid.UUID = COMPANY, **more: Any) -> Post:
    """A published post, each newer than the one before."""
    moment = _moment()
    values: dict[str, Any] = {"created_at": moment, "published_at": moment} | more
    return await Post.create(author_id=author.id, audience_id=audience, body=body, **values)


async def a_comment(post: Post, body: str = "Indeed", *, author: Person, **more: Any) -> Comment:
    """A comment under a post."""
    values: dict[str, Any] = {"id": next(_key), "created_at": _moment()} | more
    return await Comment.create(post_id=post.id, author_id=author.id, audience_id=post.audience_id, body=body, **values)


async def settle(ground: Ground) -> None:
    """What everybody of the company may read, and what insiders wrote among themselves while they all were insiders."""
    for author in (ground.outsiders[Outsider.ELSEWHERE], ground.ida):
        post = await _written(ground, author, "posts/create_post", kind="DISCUSSION", body="Good morning, everybody")
        await _written(ground, ground.ivan, "comments/add_comment", post_id=post, body="Good morning")
    await plant(ground)


async def plant(ground: Ground) -> None:
    """A post of each insider, with a comment and a reply, in every kind of audience."""
    for author, reader in zip(ground.insiders, ground.insiders[1:] + ground.insiders[:1], strict=True):
        listed = [global_id(person) for person in (*ground.insiders, ground.iris) if person is not author]
        for audience in ({"orgUnitId": global_id(ground.unit)}, {"location": ground.place}, {"personIds": listed}):
            await _discuss(ground, author, reader, audience)


async def _discuss(ground: Ground, author: Person, reader: Person, audience: dict[str, Any]) -> None:
    title, body = ground.word("title"), ground.word("body")
    more: dict[str, Any] = {"title": f"On {title}", "body": f"Of **{body}**", "audience": audience}
    post = await _written(ground, author, "posts/create_post", kind="DISCUSSION", **more)
    comment = await _written(ground, reader, "comments/add_comment", post_id=post, body=ground.word("comment"))
    reply = await _written(
        ground, author, "comments/add_comment", post_id=post, body=ground.word("reply"), reply_to_id=comment
    )
    for id in (post, comment, reply):
        ground.hide(id)
    ground.lists += [(await Post.get(id=decode_id(post)[1])).audience_id] * ("personIds" in audience)


async def _written(ground: Ground, author: Person, operation: str, **variables: Any) -> str:
    """The id of what an operation makes."""
    [payload] = (await ground.ask(author, operation, **variables)).values()
    assert not payload["errors"], payload["errors"]
    return payload["post" if "post" in payload else "comment"]["id"]
