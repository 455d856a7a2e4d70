"""Posts and comments, as rows."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from models.audiences import COMPANY
from models.feed import Comment, Post
from models.people import Person
from tests.factories.people import NOW

_second = count()


def _moment() -> datetime:
    return NOW + timedelta(seconds=next(_second))


async def a_post(body: str = "Hello", *, author: Person, audience: uuid.UUID = COMPANY, **more: Any) -> Post:
    """A published post, each newer than the one before."""
    moment = _moment()
    values: dict[str, Any] = {"created_at": moment, "published_at": moment} | more
    return await Post.create(author_id=author.id, audience_id=audience, body=body, **values)


async def a_comment(post: Post, body: str = "Indeed", *, author: Person, **more: Any) -> Comment:
    """A comment under a post."""
    values: dict[str, Any] = {"created_at": _moment()} | more
    return await Comment.create(post_id=post.id, author_id=author.id, audience_id=post.audience_id, body=body, **values)
