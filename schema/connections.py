"""Connections: lists in pages, by keyset."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Generic, TypeVar, cast

import strawberry
from strawberry import Info
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions import FieldExtension
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from execution.fields import DECLARED, ROWS, Listed, column
from execution.paging import Page
from execution.rows import read
from resolvers.context import Context
from resolvers.lists import PageArgs, Pages

T = TypeVar("T")

NODES = (("nodes",), ("edges", "node"))
"""The ways to the rows of a connection."""


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


def _count(self: Page) -> int | None:
    if self.total is not None or self.count is None:
        return self.total
    return self.count()  # pyright: ignore[reportReturnType]  # it is awaited


def counted(description: str) -> Any:
    """The `totalCount` of a page: counted when it is asked for."""
    return strawberry.field(resolver=_count, description=description)


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = column("The entries with their cursors.")
    nodes: list[T] = column("The entries alone.")
    page_info: PageInfo = column("Where this page lies.")

    total_count: int | None = counted(
        "How many entries the viewer may see in all; counted only when asked for, null where it never is."
    )


def connection(*, description: str, backward: bool = True) -> Callable[[Callable[..., Any]], Any]:
    """A field that is a list in pages; clients give `first`, `after`, `last` and `before` where it says `page`.

        @connection(description="The units right below, by name.")
        def children(self, info: Info, as_of: AsOf = None, *, page: PageArgs) -> Connection[OrgUnit]:
            return reads.children(info.context, self, as_of, page)

    Other parameters are arguments of the field as ever, before or behind those of the page, as they stand. What is
    given back is a page (`lists.page`) or an awaitable of one: under a parent that of a loader (`lists.pages`), so that
    siblings share a statement. Without `backward` there are only `first` and `after`.
    """
    return strawberry.field(description=description, extensions=[_Paged(backward=backward)], metadata={ROWS: NODES})


def listed(loader: Callable[[Context, PageArgs], Pages], *, key: str, description: str) -> Any:
    """A connection under a parent that `loader` loads with the parent's `key`: all siblings in a statement.

    comments: Connection[CommentRef] = listed(thread, key="id", description="The comments, as they were written.")
    """

    def load(ctx: Context, page: PageArgs) -> Pages:
        return loader(ctx, page)

    def resolve(root: Any, info: Info[Context, None], *, page: PageArgs) -> Any:
        return loader(info.context, page).load(read(root, key))

    metadata = {DECLARED: Listed(load, key, NODES)}
    return strawberry.field(
        resolver=resolve, description=description, metadata=metadata, extensions=[_Paged(backward=True)]
    )


class _Paged(FieldExtension):
    """Shows the arguments of a page in the place of `page`, and gathers what clients say of them."""

    def __init__(self, *, backward: bool) -> None:
        self._given = {"first": First, "after": After} | ({"last": Last, "before": Before} if backward else {})

    def apply(self, field: StrawberryField) -> None:
        resolver = cast("StrawberryResolver[Any]", field.base_resolver)  # pyright: ignore[reportUnknownMemberType]
        own = resolver.arguments  # not the field's, which were replaced where a schema was made before
        place = [argument.python_name for argument in own].index("page")
        field.arguments = [*own[:place], *self._arguments(), *own[place + 1 :]]

    def map_arguments(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        given = {name: kwargs.pop(name, None) for name in self._given}
        return {**kwargs, "page": PageArgs(**given)}

    def _arguments(self) -> Iterator[StrawberryArgument]:
        for name, kind in self._given.items():
            yield StrawberryArgument(name, None, StrawberryAnnotation(kind), default=None)


First = Annotated[
    int | None,
    strawberry.argument(description="How many from the start: 0 to 100; 20 if neither first nor last is given."),
]
After = Annotated[str | None, strawberry.argument(description="Continue behind this cursor of the same list.")]
Last = Annotated[int | None, strawberry.argument(description="How many from the end: 0 to 100.")]
Before = Annotated[str | None, strawberry.argument(description="End before this cursor of the same list.")]
