"""Reactions: an emoji of a person on a post, a comment or a message."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from auth.policies import chat
from auth.policies import feed as policy
from execution.rows import read
from models import reactions as table
from models.emoji import emoji as one_emoji
from models.errors import Invalid, NotFound
from models.feed import Comment, Post
from models.messages import Message
from models.people import Person
from models.reactions import KINDS_MAX, Reaction
from resolvers import lists, message_rows
from resolvers.context import Context
from resolvers.lists import Link, PageArgs
from resolvers.people import BY_NAME
from resolvers.subjects import held
from subscriptions.chat import MessageReacted
from subscriptions.events import Event
from subscriptions.reactions import ReactionAdded, ReactionRemoved

Subject = Post | Comment | Message
REACTED = "r.id IN (SELECT x.person_id FROM reaction x WHERE x.subject_id = parent.id{})"


@dataclass(frozen=True)
class ReactionCount:
    """How often one emoji stands on a subject."""

    emoji: str
    count: int
    viewer_has_reacted: bool


async def add_reaction(ctx: Context, type_name: str, id: uuid.UUID, emoji: str) -> Subject:
    """React to a subject of that type; twice is once. The subject. Raises `NotFound`, `Forbidden` or `Invalid`."""
    wanted = _emoji(emoji)
    async with _subject(ctx, type_name, id) as subject:
        if not await table.is_room(id, wanted):
            raise Invalid(f"Nothing has more than {KINDS_MAX} different reactions. Choose one that it has.", ["emoji"])
        new = await table.react(id, ctx.me.person_id, wanted, ctx.now())
        if new is not None:
            ctx.emit(_added(subject, new))
    return subject


async def remove_reaction(ctx: Context, type_name: str, id: uuid.UUID, emoji: str) -> Subject:
    """Take a reaction back, also one that was not there. The subject. Raises `NotFound`, `Forbidden` or `Invalid`."""
    wanted = _emoji(emoji)
    async with _subject(ctx, type_name, id) as subject:
        if await Reaction.filter(subject_id=id, person_id=ctx.me.person_id, emoji=wanted).delete():
            ctx.emit(_removed(subject))
    return subject


async def counts(ctx: Context, subjects: Sequence[Any]) -> list[list[ReactionCount]]:
    """The reactions to each subject: the most frequent first, then the one that came first."""
    found: dict[uuid.UUID, list[ReactionCount]] = {read(subject, "id"): [] for subject in subjects}
    for row in await table.counts(list(found), ctx.me.person_id):
        found[row["subject_id"]].append(ReactionCount(row["emoji"], row["count"], row["viewer_has_reacted"]))
    return list(found.values())


def reactors(ctx: Context, subject: Any, emoji: str | None, args: PageArgs) -> Any:
    """A page of those who have reacted, with this emoji or with any, by name."""
    if emoji is None:
        link = Link(REACTED.format(""))
    else:
        link = Link(REACTED.format(" AND x.emoji = $2"), params=(one_emoji(emoji) or "",))
    return lists.pages(ctx, Person, link, BY_NAME, args).load(read(subject, "id"))


async def removed_with(post: Post) -> None:
    """Wipe the reactions to a post that is removed, and to its comments."""
    await table.forget_thread(post.id)


def _subject(ctx: Context, type_name: str, id: uuid.UUID) -> AbstractAsyncContextManager[Subject]:
    match type_name:
        case "Post":
            return held(ctx, Post, id, policy.can_take_part, "react to this post", path="subjectId")
        case "Comment":
            may = policy.can_take_part_in_comment
            return held(ctx, Comment, id, may, "react to this comment", path="subjectId")
        case "Message":
            may = chat.can_take_part_in_message
            return message_rows.held(ctx, id, may, "react to this message", path="subjectId")
        case _:
            raise NotFound(path=["subjectId"])


def _added(subject: Subject, reaction: int) -> Event:
    if isinstance(subject, Message):
        return MessageReacted(subject.conversation_id, subject.id)
    return ReactionAdded(_post_of(subject), subject.audience_id, subject.id, reaction)


def _removed(subject: Subject) -> Event:
    if isinstance(subject, Message):
        return MessageReacted(subject.conversation_id, subject.id)
    return ReactionRemoved(_post_of(subject), subject.audience_id, subject.id)


def _post_of(subject: Post | Comment) -> uuid.UUID:
    return subject.id if isinstance(subject, Post) else subject.post_id


def _emoji(text: str) -> str:
    found = one_emoji(text)
    if found is None:
        raise Invalid("A reaction is one emoji, and nothing else. Choose one, such as 👍.", ["emoji"])
    return found
