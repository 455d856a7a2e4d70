"""Conversations in lists: the viewer's own, who is in them, and what was said last."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from auth.conditions import Params
from auth.policies import chat as policy
from auth.scope import readable
from execution.paging import Order, Page
from execution.rows import read
from models import db
from models.conversation_reading import HAS_UNREAD
from models.conversations import Conversation
from models.messages import Message
from models.people import Person
from resolvers import lists
from resolvers.context import Context
from resolvers.lists import Link, PageArgs

NEWEST = Order("conversations:moved", ("moved_at", "id"), "DESC")
BY_JOINING = Order("conversation:joined", ("_joined_at", "_person"))

# A person, with what they are to the conversation.
MEMBERS = Link(
    "r._conversation = parent.id",
    source="""(
    SELECT p.*, m.conversation_id AS _conversation, m.person_id AS _person, m.role AS _role, m.joined_at AS _joined_at
    FROM conversation_member m JOIN person p ON p.id = m.person_id
)""",
)
MINE = "r.id IN (SELECT w.conversation_id FROM conversation_member w WHERE w.person_id = $1)"

# What somebody may read begins behind the place where they came in: of a channel that they are not in it is nothing.
LAST = """
SELECT m.* FROM conversation_member w CROSS JOIN LATERAL (
    SELECT r.*, 'Message' AS _type FROM message r
    WHERE r.conversation_id = w.conversation_id AND r.sequence > w.since AND NOT r.removed AND {readable}
    ORDER BY r.sequence DESC LIMIT 1
) m
WHERE w.person_id = $1 AND w.conversation_id = ANY($2::uuid[])
"""


class ConversationListing(StrEnum):
    """Which of their conversations somebody looks at."""

    ALL = "ALL"
    UNREAD = "UNREAD"
    ARCHIVED = "ARCHIVED"


async def of_viewer(ctx: Context, listing: ConversationListing, args: PageArgs) -> Page:
    """The conversations that the viewer is in, the one with the newest message first."""
    ctx.reach("chat:read")
    where = f"{MINE} AND r.archived_at IS {'NOT ' if listing is ConversationListing.ARCHIVED else ''}NULL"
    if listing is ConversationListing.UNREAD:
        where += f" AND {HAS_UNREAD}"
    return await lists.page(ctx, Conversation, NEWEST, args, where=where, params=[ctx.me.person_id])


def members(ctx: Context, conversation: Any, args: PageArgs) -> Any:
    """A page of those who are in a conversation, those who have been in it longest first."""
    return lists.pages(ctx, Person, MEMBERS, BY_JOINING, args).load(read(conversation, "id"))


async def last_messages(ctx: Context, conversations: Sequence[Any]) -> list[Any]:
    """The newest message of each conversation that stands and that the viewer reads; None for none."""
    params = Params([ctx.me.person_id, [read(one, "id") for one in conversations]])
    condition = readable(Message, ctx.me, params, "r")
    rows = await db.rows(LAST.format(readable=condition), *params)
    found = {row["conversation_id"]: row for row in rows}
    return [found.get(read(one, "id")) for one in conversations]


async def homes(ctx: Context, conversations: Sequence[Any]) -> list[Any]:
    """The audience at which each channel is found, None where the viewer does not belong to it, or there is none."""
    held = await ctx.holds(policy.belongs_at_home, conversations)
    keys = [read(one, "home_id") for one, belongs in zip(conversations, held, strict=True) if belongs]
    rows = await ctx.loaders["audiences"].load_many(keys)
    found = dict(zip(keys, rows, strict=True))
    return [
        found.get(read(one, "home_id")) if belongs else None for one, belongs in zip(conversations, held, strict=True)
    ]
