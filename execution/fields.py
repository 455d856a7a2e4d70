"""Fields of a GraphQL type that are declared, not programmed: column, relation, batch over all siblings, computed."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, TypeAlias

import strawberry
from strawberry import Info
from strawberry.types.field import StrawberryField

from execution.lengths import at_most
from execution.loaders import Loader
from execution.rows import read, read_all, read_all_if_there, read_if_there

DECLARED = "execution.declared"
"""The key of a field's metadata under which its declaration is found."""

ROWS = "execution.rows"
"""The key of a field's metadata that tells the ways to its rows, for functions that ask what is `wanted` of them."""

SHARED = "execution.shared"
"""The key of a field's metadata that says whether everybody who may see the parent is told the same."""

Batch: TypeAlias = Callable[[Any, list[Any]], Awaitable[Sequence[Any]]]
AtOnce: TypeAlias = Callable[[Any, Sequence[Any]], Sequence[Any] | None]


@dataclass(frozen=True)
class Column:
    """Read from the parent under `source`, or under the field's own Python name."""

    source: str | None


@dataclass(frozen=True, eq=False)
class Batched:
    """Answered by `fn(ctx, parents)`, one value for each parent, in their order; it `reads` these names of them alone.

    Where nothing needs to be awaited, `at_once(ctx, parents)` may answer the same; else it gives None. Equal to nothing
    but itself: two fields of the same function keep their parents apart.
    """

    fn: Batch
    reads: tuple[str, ...] | None = None  # None: who knows what
    at_once: AtOnce | None = None


@dataclass(frozen=True)
class Relation:
    """Loaded by the context's loader of that name, with the parent's `key`; with `many` a list.

    Parents read as of another day are answered by `on_day` instead, where there is such a thing.
    """

    loader: str
    key: str
    many: bool
    on_day: Batched | None = None

    @property
    def none(self) -> Any:
        """What a parent has whose key is null."""
        return [] if self.many else None


@dataclass(frozen=True)
class Bare:
    """As `field` where it is asked without any argument; with some its function is called."""

    field: Relation | Batched


@dataclass(frozen=True)
class Computed:
    """Made from the parent alone by a pure function, or from its value named `of` alone."""

    fn: Callable[[Any], Any]
    of: str | None


@dataclass(frozen=True, eq=False)
class Listed:
    """Loaded, with the parent's `key`, by the loader that `loader(ctx, **arguments)` gives for all parents.

    `rows` are the ways to the rows in what it loads, by names of fields: all else that is asked of it needs no column.
    """

    loader: "Callable[..., Loader[Any, Any, Any]]"
    key: str
    rows: tuple[tuple[str, ...], ...] = ()


Declared: TypeAlias = Column | Relation | Batched | Bare | Computed | Listed


def column(
    description: str,
    *,
    source: str | None = None,
    deprecated: str | None = None,
    most: int | None = None,
    usual: int | None = None,
) -> Any:
    """A field read from its parent; `source` is the column where it differs from the field's Python name.

    A list says how many items it has at most, and may say how many usually: see `at_most`.
    """
    metadata = {DECLARED: Column(source), SHARED: True, **at_most(most, usual=usual)}
    if source is None:
        return strawberry.field(description=description, deprecation_reason=deprecated, metadata=metadata)

    def resolve(root: Any) -> Any:
        return read(root, source)

    return strawberry.field(resolver=resolve, description=description, deprecation_reason=deprecated, metadata=metadata)


def relation(
    loader: str,
    *,
    key: str,
    description: str,
    many: bool = False,
    shared: bool = False,
    on_day: Batch | None = None,
    most: int | None = None,
    usual: int | None = None,
) -> Any:
    """A field loaded through `info.context.loaders[loader]` with the parent's `key`.

    A parent whose key is null has null there, or with `many` (for `many_by` loaders) an empty list. `shared` promises
    that everybody of one sort who sees the parent also sees what it names. Parents with a day (`as_of`) are answered by
    `on_day(ctx, parents)`, as `batched` fields are. A list says how many items it has at most, and may say how many
    usually: see `at_most`.
    """
    declared = Relation(loader, key, many, None if on_day is None else Batched(on_day))

    def resolve(root: Any, info: Info[Any, Any]) -> Any:
        return related(info.context, declared, root)

    metadata = {DECLARED: declared, SHARED: shared, **at_most(most, usual=usual)}
    return strawberry.field(resolver=resolve, description=description, metadata=metadata)


def related(ctx: Any, relation: Relation, row: Any) -> Any:
    """What one parent has in a relation, or an awaitable of it."""
    if relation.on_day and read_if_there(row, "as_of") is not None:
        return siblings(ctx, relation.on_day).load_for(row)
    key = read(row, relation.key)
    return relation.none if key is None else ctx.loaders[relation.loader].load(key)


def batched(
    fn: Batch,
    *,
    description: str,
    reads: tuple[str, ...] | None = None,
    at_once: AtOnce | None = None,
    most: int | None = None,
    usual: int | None = None,
) -> Any:
    """A field that `fn(ctx, parents)` answers for all siblings together: one value each, in the order of the parents.

    Parents are told apart by their `id`, and by `as_of` where they have it: both together must be unique among those of
    this field. `reads` promises that the function reads these names of them and no others. `at_once(ctx, parents)` may
    give the same values where nothing has to be awaited and none of them fails, else None. A list says how many items
    it has at most, and may say how many usually: see `at_most`.
    """
    declared = Batched(fn, reads, at_once)

    def resolve(root: Any, info: Info[Any, Any]) -> Any:
        return siblings(info.context, declared).load_for(root)

    metadata = {DECLARED: declared, **at_most(most, usual=usual)}
    return strawberry.field(resolver=resolve, description=description, metadata=metadata)


def computed(
    fn: Callable[[Any], Any],
    *,
    description: str,
    of: str | None = None,
    most: int | None = None,
    usual: int | None = None,
) -> Any:
    """A field that `fn(parent)` computes: pure, quick, no I/O. With `of`, it is given the parent's value of that name.

    A list says how many items it has at most, and may say how many usually: see `at_most`.
    """

    def resolve(root: Any) -> Any:
        return fn(root if of is None else read(root, of))

    metadata = {DECLARED: Computed(fn, of), SHARED: True, **at_most(most, usual=usual)}
    return strawberry.field(resolver=resolve, description=description, metadata=metadata)


def is_set(value: Any) -> bool:
    """For `computed`: whether there is a value."""
    return value is not None


def or_none(value: Any) -> Any:
    """For `computed`: an empty text, number or list is told as null."""
    return value or None


def declared(field: StrawberryField) -> Declared | None:
    """How the field was declared; None for one with a resolver of its own, and for a plain `strawberry.field`."""
    return field.metadata.get(DECLARED)


def is_shared(field: StrawberryField) -> bool:
    """Whether everybody who may see the parent is told the same: of what is not declared so nothing is known."""
    return bool(field.metadata.get(SHARED))


@dataclass(frozen=True, slots=True)
class Parent:
    """A row as a loader's key: equal where the ids are."""

    id: Any
    row: Any = dataclass_field(compare=False)


class Siblings(Loader[Any, Hashable, Any]):
    """The parents of one batched field, gathered by their ids into calls of its function."""

    def __init__(self, ctx: Any, fn: Batch) -> None:
        super().__init__(ctx)
        self._fn = fn
        self._rows: dict[Hashable, Any] = {}

    def load_for(self, row: Any) -> Awaitable[Any]:
        """The value of the field for this parent."""
        key = identity(row)
        self._rows[key] = row
        return self.load(key)

    def tell_for(
        self, keys: Sequence[Hashable], rows: Sequence[Any], told: Callable[[list[Any | Exception]], None]
    ) -> None:
        """Tell the values for these parents, whose identities are `keys`; a failed one gives its exception."""
        self._rows.update(zip(keys, rows, strict=True))
        self.tell(keys, told)

    async def batch_load_fn(self, keys: list[Hashable]) -> Sequence[Any]:
        """What the field's function answers for these parents."""
        return await self._fn(self.ctx, [self._rows[key] for key in keys])


def siblings(ctx: Any, field: Batched) -> Siblings:
    """Those parents of this field that the context has met."""
    return ctx.loaders.own(field, lambda ctx: Siblings(ctx, field.fn))  # pyright: ignore[reportUnknownLambdaType]


def identity(row: Any) -> Hashable:
    """A thing read as of another day is another parent than the same thing today."""
    id, day = read(row, "id"), read_if_there(row, "as_of")
    return id if day is None else (id, day)


def identities(rows: Sequence[Any]) -> Sequence[Hashable]:
    """The same for many. Raises where one of them has none."""
    ids, days = read_all(rows, "id"), read_all_if_there(rows, "as_of")
    if days.count(None) == len(days):
        return ids
    return [id if day is None else (id, day) for id, day in zip(ids, days, strict=True)]
