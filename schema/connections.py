"""Connections: lists in pages, by keyset."""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar

import strawberry

from execution.fields import column, computed

T = TypeVar("T")

First = Annotated[
    int | None,
    strawberry.argument(description="How many from the start: 0 to 100; 20 if neither first nor last is given."),
]
After = Annotated[str | None, strawberry.argument(description="Continue behind this cursor of the same list.")]
Last = Annotated[int | None, strawberry.argument(description="How many from the end: 0 to 100.")]
Before = Annotated[str | None, strawberry.argument(description="End before this cursor of the same list.")]


@strawberry.federation.type(shareable=True, description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = column("Whether there is more behind this page.")
    has_previous_page: bool = column("Whether there is more before this page.")
    start_cursor: str | None = column("Of the first edge; null for an empty page.")
    end_cursor: str | None = column("Of the last edge; null for an empty page.")


@strawberry.type(description="An entry of a list.")
class Edge(Generic[T]):
    cursor: str = column("The entry's place: opaque, bound to this list, its order and its filters.")
    node: T = column("The entry itself.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = column("The entries with their cursors.")
    nodes: list[T] = column("The entries alone.")
    page_info: PageInfo = column("Where this page lies.")
    total_count: int | None = computed(
        lambda page: page.count() if page.count else None,
        description="How many entries the viewer may see in all; counted only when asked for, null where it never is.",
    )


Page = Any
"""What a connection is made of: `execution.paging.Page`."""
