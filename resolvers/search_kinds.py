"""What a search finds: for each kind of document the row behind it, and how far a token must reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.models import Model

from models.feed import Comment, Post
from models.groups import Group
from models.messages import Message
from models.people import Person
from models.tags import Tag
from resolvers.context import Context
from search import people


@dataclass(frozen=True)
class Kind:
    """How the rows of a kind are read.

    `standing` tells on `r` which of them can be found at all, `edition` and `place` (the audience in which something
    was said) what their documents say besides what the row's version tells.
    """

    model: type[Model]
    loader: str
    scope: str
    standing: str = "TRUE"
    edition: str = "0"
    place: str = "NULL::uuid"


KINDS: dict[str, Kind] = {
    "PERSON": Kind(Person, "people", "people:read", edition=people.EDITION),
    "POST": Kind(Post, "posts", "feed:read", "r.status = 'PUBLISHED'", place="r.audience_id"),
    "COMMENT": Kind(Comment, "comments", "feed:read", "NOT r.removed", place="r.audience_id"),
    "MESSAGE": Kind(Message, "messages", "chat:read", "NOT r.removed", place="r.conversation_id"),
    "GROUP": Kind(Group, "groups", "groups:read"),
    "TAG": Kind(Tag, "tags", "feed:read"),
}


def reached(ctx: Context, kinds: Sequence[str] | None) -> tuple[str, ...]:
    """Those of these kinds, or of all, that the token reaches: even the number of hits tells of what it may not."""
    return tuple(kind for kind in KINDS if kind in (kinds or KINDS) and ctx.me.allows(KINDS[kind].scope))
