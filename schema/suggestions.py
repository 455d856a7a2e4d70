"""Suggestions as one types."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import argument

from resolvers import suggestions as reads
from schema.groups import Group
from schema.nodes import Info
from schema.people import Person
from schema.tags import Tag

Suggestion = Annotated[
    Person | Group | Tag, strawberry.union("Suggestion", description="What may be meant by what is being typed.")
]


@strawberry.type
class Query:
    @strawberry.field(
        description="What may be meant as one types: people, groups and tags whose names have a word for each of those"
        " typed, beginning so, in any order, whatever the case and the accents. People first, the viewer's own circles"
        " before others, then groups, those they have joined first, then tags, those they follow first. Of eight places"
        " two are kept for groups and one for tags, as far as any match. Whoever has left, and whom the viewer has"
        " blocked, is not suggested. Scope search:read; of each kind that of reading it, too, or it is left out."
    )
    async def suggest(
        self,
        info: Info,
        prefix: Annotated[str, argument(description="1 to 100 characters, of which the first 8 words count.")],
        first: Annotated[int, argument(description="How many: 1 to 20.")],
    ) -> list[Suggestion]:
        return await reads.suggest(info.context, prefix, first)
