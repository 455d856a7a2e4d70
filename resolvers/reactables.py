"""What people react to: posts and comments of an audience, messages of a conversation."""

from __future__ import annotations

import uuid
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, NoReturn

import asyncpg

from auth.conditions import Condition
from auth.policies import chat
from auth.policies import feed as policy
from execution.rows import read
from models.errors import Conflict, NotFound
from models.feed import Comment, Post
from models.messages import Message
from resolvers import message_rows, subjects
from resolvers.context import Context
from subscriptions.chat import MessageReacted
from subscriptions.events import Event
from subscriptions.reactions import ReactionAdded, ReactionRemoved

PATH = "subjectId"
NOT_YET = 0
"""The key of a reaction that is not stored yet: the statement that stores it puts its own into the event."""


@dataclass(frozen=True)
class OfAudience:
    """Posts or comments."""

    model: type[Any]  # a post or a comment
    post: str  # the column of the post that it is, or stands under
    may: Condition
    what: str

    place = "audience_id"
    refs = "'reaction', id"

    async def placed(self, ctx: Context, id: uuid.UUID) -> asyncpg.Record:
        """What it belongs to, by `place`, and what else its events tell. Raises `NotFound`."""
        return await subjects.placed(ctx, self.model, id, self.place, self.post, path=PATH)

    async def refuse(self, ctx: Context, id: uuid.UUID, place: uuid.UUID) -> NoReturn:
        """Say why the viewer may not. Raises `NotFound`, `Forbidden` or `Conflict`."""
        await subjects.look_again(ctx, self.model, id, place, self.may, self.what, path=PATH)
        raise Conflict(subjects.CHANGED, [PATH])

    def held(self, ctx: Context, id: uuid.UUID) -> AbstractAsyncContextManager[Any]:
        """A transaction with the subject in it. Raises as `refuse` does."""
        return subjects.held(ctx, self.model, id, self.may, self.what, path=PATH)

    def added(self, id: uuid.UUID, row: Any) -> Event:
        return ReactionAdded(read(row, self.post), read(row, self.place), id, NOT_YET)

    def removed(self, id: uuid.UUID, row: Any) -> Event:
        return ReactionRemoved(read(row, self.post), read(row, self.place), id)


class OfConversation:
    """Messages."""

    model = Message
    may = chat.can_take_part_in_message
    what = "react to this message"
    place = "conversation_id"
    refs = ""

    async def placed(self, ctx: Context, id: uuid.UUID) -> asyncpg.Record:
        return await subjects.placed(ctx, self.model, id, self.place, path=PATH)

    async def refuse(self, ctx: Context, id: uuid.UUID, place: uuid.UUID) -> NoReturn:
        await message_rows.refuse(ctx, await message_rows.message(ctx, id, PATH), self.what)

    def held(self, ctx: Context, id: uuid.UUID) -> AbstractAsyncContextManager[Any]:
        return message_rows.held(ctx, id, self.may, self.what, path=PATH)

    def added(self, id: uuid.UUID, row: Any) -> Event:
        return MessageReacted(read(row, self.place), id)

    removed = added


Reactable = OfAudience | OfConversation

REACTABLE: dict[str, Reactable] = {
    "Post": OfAudience(Post, "id", policy.can_take_part, "react to this post"),
    "Comment": OfAudience(Comment, "post_id", policy.can_take_part_in_comment, "react to this comment"),
    "Message": OfConversation(),
}


def reactable(type_name: str) -> Reactable:
    """What is asked of whoever reacts to something of this type. Raises `NotFound` for what nobody reacts to."""
    if type_name not in REACTABLE:
        raise NotFound(path=[PATH])
    return REACTABLE[type_name]
