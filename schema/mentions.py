"""Mentions: the people whom a text names, what becomes of it, and where the viewer was mentioned."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry

from execution.fields import batched, column
from execution.lengths import at_most
from execution.rows import read
from execution.scalars import HTML
from models.mentions import MENTIONS_MAX
from resolvers import mentions as actions
from resolvers import message_mentions
from resolvers.lists import PageArgs
from resolvers.mentions import MentionReason
from schema.connections import Connection, connection
from schema.enums import shown
from schema.nodes import Info
from schema.refs import CommentRef, MessageRef, PersonRef, PostRef

shown(
    MentionReason,
    "Why somebody would not hear of a mention.",
    {
        MentionReason.NONE: "They would hear of it.",
        MentionReason.SELF: "It is oneself, or who wrote it.",
        MentionReason.CANNOT_SEE: "They do not belong to the audience; a mention never lets anybody in.",
        MentionReason.GUEST_OUTSIDE: "They are a guest, and not of this audience.",
        MentionReason.DEACTIVATED: "They have left.",
        MentionReason.BLOCKED: "The viewer has blocked them.",
        MentionReason.UNKNOWN: "There is no such person, or not for the viewer.",
    },
)


@strawberry.type(description="What a mention does, as things stand now.")
class MentionContract:
    person_id: strawberry.ID = column("The id as the text has it.")
    person: PersonRef | None = column("Null where there is no such person, or not for the viewer.")
    can_see: bool = column("Whether they can read it, or could once it is published.")
    would_be_notified: bool = column("Whether they would be told of it.")
    reason: MentionReason = column("Why they would not.")


@strawberry.type
class TextWithMentions:
    """What a text has of the people whom it names."""

    body_html: HTML = batched(
        actions.body_html,
        description="Its text, safe to show: mentions with the name of today, linked to `/people/` and their id;"
        " `#tags` linked to `/tags/` and their name; whom the viewer may not see is “@someone”.",
    )
    mentions: list[PersonRef] = batched(
        actions.people_of,
        description="The people whom it names as `@[id]` and whom the viewer may see; at most 50.",
        most=MENTIONS_MAX,
        usual=2,
    )


@strawberry.type
class PostContracts:
    """What a payload about a post says of its mentions."""

    @strawberry.field(
        description="What each mention in its text does; at most 50.", metadata=at_most(MENTIONS_MAX, usual=2)
    )
    async def mentions(self, info: Info) -> list[MentionContract]:
        return await _contracts(info, read(self, "post"))


@strawberry.type
class CommentContracts:
    """What a payload about a comment says of its mentions."""

    @strawberry.field(
        description="What each mention in its text does; at most 50.", metadata=at_most(MENTIONS_MAX, usual=2)
    )
    async def mentions(self, info: Info) -> list[MentionContract]:
        return await _contracts(info, read(self, "comment"))


MentionSubject = Annotated[
    PostRef | CommentRef | MessageRef, strawberry.union("MentionSubject", description="What can mention people.")
]


@strawberry.type(description="That the viewer was mentioned.")
class Mention:
    created_at: datetime = column("When.")
    subject: MentionSubject | None = batched(
        actions.subjects_of,
        description="In which post, comment or message; null where it is removed at this very moment.",
    )


@strawberry.type
class ViewerMentions:
    """What a viewer has of mentions."""

    @connection(
        description="Where they were mentioned by name, in what they may read; the newest first. Scope feed:read, and"
        " chat:read for messages."
    )
    async def mentions(self, info: Info, *, page: PageArgs) -> Connection[Mention]:
        return await actions.of_viewer(info.context, page)  # pyright: ignore[reportReturnType]


@strawberry.type
class MessageContracts:
    """What a payload about a message says of its mentions."""

    @strawberry.field(
        description="What each mention by name in its text does; at most 50.",
        metadata=at_most(MENTIONS_MAX, usual=2),
    )
    async def mentions(self, info: Info) -> list[MentionContract]:
        return await message_mentions.contracts(info.context, read(self, "message"))  # pyright: ignore[reportReturnType]


async def _contracts(info: Info, subject: Any) -> list[MentionContract]:
    return await actions.contracts(info.context, subject)  # pyright: ignore[reportReturnType]
