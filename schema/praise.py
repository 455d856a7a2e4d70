"""Praise: posts that thank people for something."""

from __future__ import annotations

import strawberry

from execution.fields import column, computed, relation
from execution.lengths import at_most
from execution.rows import read
from models.feed import PRAISED_MAX, PostKind
from resolvers import praise as reads
from resolvers.lists import PageArgs
from resolvers.praise import NewPraise, PostWarningCode
from schema.connections import Connection, connection
from schema.enums import shown
from schema.nodes import Info, key
from schema.refs import PersonRef, PostRef
from schema.visibility import public


@strawberry.type(description="Whom a post praises, and what for.")
class Praise:
    value: str = column("What for, such as a value of the company; at most 60 characters.", source="praise_value")
    people: list[PersonRef] = relation(
        "praised_people",
        key="id",
        many=True,
        description="Those whom the viewer may see, in the order they were named; at most 20.",
        most=PRAISED_MAX,
        usual=2,
    )


@strawberry.type
class PostPraise:
    """What a post has of praise."""

    praise: Praise | None = computed(
        lambda post: post if read(post, "kind") == PostKind.PRAISE else None,
        description="Whom it praises, and what for; null unless its kind is PRAISE.",
    )


@strawberry.type
class PersonPraises:
    """What a person has of praise."""

    @public
    @connection(description="The posts that praise them and that the viewer may see, newest first.")
    def praises(self, info: Info, *, page: PageArgs) -> Connection[PostRef]:
        return reads.praises_of(info.context, self, page)


shown(
    PostWarningCode,
    "What one should know of a post that one has just written.",
    {PostWarningCode.PRAISED_CANNOT_SEE: "Somebody whom it praises is not in its audience."},
)


@strawberry.type(description="Something to know of a post that one has just written; it was written all the same.")
class PostWarning:
    code: PostWarningCode = column("Stable; branch on this.")
    message: str = column("One sentence for people.")
    person: PersonRef | None = column("Whom it is about.")


@strawberry.type
class PraiseWarnings:
    """What a payload about a post says of its praise."""

    @strawberry.field(
        description="Who of those whom it praises cannot see it; at most 20.", metadata=at_most(PRAISED_MAX, usual=1)
    )
    async def warnings(self, info: Info) -> list[PostWarning]:
        return await reads.warnings(info.context, read(self, "post"))  # pyright: ignore[reportReturnType]


@strawberry.input(description="Whom to praise, and what for.")
class PraiseInput:
    person_ids: list[strawberry.ID] = strawberry.field(
        description="1 to 20 people who have not left; not oneself. `warnings` says who of them cannot see it."
    )
    value: str = strawberry.field(description="Such as a value of the company; 1 to 60 characters.")


def new_praise(given: PraiseInput | None) -> NewPraise | None:
    """The praise that an input describes. Raises `NotFound` for an id of something else."""
    if given is None:
        return None
    path = ["praise", "personIds"]
    return NewPraise([key("Person", id, [*path, i]) for i, id in enumerate(given.person_ids)], given.value)
