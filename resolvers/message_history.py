"""What was said in a conversation, page by page: all of it in one flat order, and the replies of a thread."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from execution.paging import Order, Page
from execution.rows import read
from models.messages import Message
from resolvers import lists
from resolvers.context import Context
from resolvers.lists import Link, PageArgs

HISTORY = Order("messages", ("sequence",))
REPLIES = Order("replies", ("sequence",))
STANDING = "NOT r.removed"
"""Which replies count: one that is removed keeps its place alone."""

# The scope says so, too; but by this the index ends where a newcomer's reading does, however much was said before.
SAID_TO = """r.conversation_id = parent.id AND r.sequence > (SELECT w.since FROM conversation_member w
    WHERE w.conversation_id = parent.id AND w.person_id = $2)"""


def messages(ctx: Context, conversation: Any, args: PageArgs) -> Awaitable[Page]:
    """A page of a conversation's messages that the viewer may read, replies among them, the oldest first."""
    link = Link(SAID_TO, params=(ctx.me.person_id,))
    return lists.pages(ctx, Message, link, HISTORY, args).load(read(conversation, "id"))


def replies(ctx: Context, message: Any, args: PageArgs) -> Awaitable[Page]:
    """A page of the replies to the message that starts a thread, the oldest first."""
    return lists.pages(ctx, Message, "reply_to_id", REPLIES, args).load(read(message, "id"))
