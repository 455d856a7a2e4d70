"""What posts, comments and messages said before they were edited."""

from __future__ import annotations

from datetime import datetime

import strawberry

from execution.fields import column, relation
from execution.rows import read
from execution.scalars import Markdown
from models.revisions import Revision as RevisionRow
from resolvers import lists
from resolvers.lists import PageArgs
from resolvers.revisions import HISTORY
from schema.connections import Connection, connection
from schema.nodes import Info
from schema.refs import PersonRef


@strawberry.type(description="What a post, a comment or a message said, until it was edited.")
class Revision:
    version: int = column("The version that had this text.")
    title: str | None = column("The title of a post; null where it had none, and of all else.")
    body: Markdown = column("The text as written.")
    written_at: datetime = column("When this text came to be.")
    replaced_at: datetime = column("When it was replaced.")
    replaced_by: PersonRef | None = relation(
        "people", key="replaced_by", description="Who replaced it; null where they are not visible."
    )


@strawberry.type
class Revised:
    """What a post, a comment or a message has of its past."""

    @connection(
        description="What it said before, the latest first. Of a message to all who read it; of a post or a comment to"
        " who wrote it and who moderates there, and empty for everybody else: what was taken back stays so."
    )
    def revisions(self, info: Info, *, page: PageArgs) -> Connection[Revision]:
        return lists.pages(info.context, RevisionRow, "subject_id", HISTORY, page).load(read(self, "id"))  # pyright: ignore[reportReturnType]
