"""Search."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import column
from resolvers import search as reads
from resolvers.lists import PageArgs
from schema.connections import PageInfo, connection
from schema.nodes import Info
from schema.people import Person
from schema.posts import Post


@strawberry.enum(description="What a search may find.")
class SearchKind(Enum):
    PERSON = strawberry.enum_value("PERSON", description="People.")
    POST = strawberry.enum_value("POST", description="Posts.")


SearchResult = Annotated[Person | Post, strawberry.union("SearchResult", description="What a search found.")]


@strawberry.type(description="Something that a search found.")
class SearchEdge:
    cursor: str = column("Its place among the hits of this search.")
    node: SearchResult = column("What was found.")


@strawberry.type(description="A page of hits, best first; at most 1,000 in all.")
class SearchConnection:
    edges: list[SearchEdge] = column("The hits with their cursors.")
    nodes: list[SearchResult] = column("The hits alone.")
    page_info: PageInfo = column("Where this page lies.")


@strawberry.type
class Query:
    @connection(
        description="What holds all words of the text, as beginnings of words (1 to 500 characters)."
        " Scope search:read.",
        backward=False,
    )
    async def search(
        self,
        info: Info,
        text: Annotated[str, argument(description="Words, or their beginnings.")],
        kinds: Annotated[list[SearchKind] | None, argument(description="Only these; null: all.")] = None,
        *,
        page: PageArgs,
    ) -> SearchConnection:
        names = [kind.name for kind in kinds] if kinds else None
        return await reads.search(info.context, text, names, page)  # pyright: ignore[reportReturnType]
