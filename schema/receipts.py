"""Who has read a message."""

from __future__ import annotations

import strawberry

from execution.fields import batched, column
from resolvers import receipts as reads
from resolvers.lists import PageArgs
from schema.connections import Connection, connection
from schema.nodes import Info
from schema.refs import PersonRef


@strawberry.type(description="Who has read a message, as far as that is told.")
class MessageReaders:
    count: int = column("How many people, the author aside; those who do not show how far they read are not counted.")

    @connection(description="Those of them whom the viewer may see, by name; null where only their number is told.")
    def people(self, info: Info, *, page: PageArgs) -> Connection[PersonRef] | None:
        return reads.people(info.context, self, page)  # pyright: ignore[reportArgumentType]


@strawberry.type
class MessageReceipts:
    """What a message has of those who have read it."""

    read_by: MessageReaders | None = batched(
        reads.readers,
        description="Who has read it; null where the conversation's receipts are off, it is removed, or the viewer"
        " hides how far they read themselves.",
    )
