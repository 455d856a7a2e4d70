"""What was said in a conversation, page by page: all of it in one flat order, and the replies of a thread."""

from __future__ import annotations

from execution.paging import Order
from models.messages import Message
from resolvers import lists
from resolvers.context import Context
from resolvers.lists import Link, PageArgs, Pages

HISTORY = Order("messages", ("sequence",))
REPLIES = Order("replies", ("sequence",))
STANDING = "NOT r.removed"
"""Which replies count: one that is removed keeps its place alone."""

# The scope says so, too; but by this the index ends where a newcomer's reading does, however much was said before.
SAID_TO = """r.conversation_id = parent.id AND r.sequence > (SELECT w.since FROM conversation_member w
    WHERE w.conversation_id = parent.id AND w.person_id = $2)"""


def messages(ctx: Context, args: PageArgs) -> Pages:
    """Pages of what was said in conversations and the viewer may read, replies among it, the oldest first."""
    return lists.pages(ctx, Message, Link(SAID_TO, params=(ctx.me.person_id,)), HISTORY, args)


def replies(ctx: Context, args: PageArgs) -> Pages:
    """Pages of the replies to messages that start threads, the oldest first."""
    return lists.pages(ctx, Message, "reply_to_id", REPLIES, args)
