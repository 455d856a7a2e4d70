"""What posts, comments and messages said before they were edited."""

from __future__ import annotations

import uuid
from datetime import datetime

from execution.paging import Order
from models import revisions as table
from models.feed import Comment, Post
from models.messages import Message
from models.revisions import Revision
from resolvers.context import Context

HISTORY = Order("revisions", ("version",), "DESC")


async def keep(ctx: Context, subject: Post | Comment | Message, written_at: datetime) -> None:
    """Keep the text of something that is about to be replaced. Wants its transaction, with the row held."""
    await Revision.create(
        subject_id=subject.id,
        version=subject.version,
        title=subject.title if isinstance(subject, Post) else None,
        body=subject.body,
        written_at=subject.edited_at or written_at,
        replaced_by=ctx.me.person_id,
        replaced_at=ctx.now(),
    )


async def wipe_post(post: uuid.UUID) -> None:
    """Forget what a post and its comments said. Wants the transaction that removes them."""
    await table.wipe_post(post)


async def wipe(subject: uuid.UUID) -> None:
    """Forget what a comment or a message said. Wants the transaction that removes it."""
    await Revision.filter(subject_id=subject).delete()
