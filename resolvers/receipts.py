"""Who has read a message, as far as the conversation's policy and people themselves let others know."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from execution.rows import read
from models import conversation_reading as table
from models.conversations import ReceiptPolicy
from models.people import Person
from resolvers import lists
from resolvers.context import Context
from resolvers.lists import Link, PageArgs
from resolvers.people import BY_NAME

READERS = Link(
    "r.active AND r.shows_reading AND r.id IN (SELECT x.person_id FROM message t JOIN conversation_member x"
    f" ON {table.HAS_READ.format(message='t')} WHERE t.id = parent.id)"
)


@dataclass(frozen=True)
class Readers:
    """How many people have read a message, its author aside; `named` where it may be told who."""

    message_id: uuid.UUID
    count: int
    named: bool


async def readers(ctx: Context, messages: Sequence[Any]) -> list[Readers | None]:
    """Who has read each message; None where its conversation does not tell, or the viewer hides their own reading."""
    rows = await table.readers([read(message, "id") for message in messages], ctx.me.person_id)
    found = {row["id"]: Readers(row["id"], row["count"], row["receipts"] == ReceiptPolicy.NAMES) for row in rows}
    return [found.get(read(message, "id")) for message in messages]


def people(ctx: Context, of: Readers, args: PageArgs) -> Any:
    """A page of those who have read a message, by name; None where only their number is told."""
    return lists.pages(ctx, Person, READERS, BY_NAME, args).load(of.message_id) if of.named else None
