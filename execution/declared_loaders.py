"""The loaders of a context by their names, and how most are declared: by the function that they fetch by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar, cast

from execution.loaders import Loader
from execution.rows import read, read_all
from execution.wanted import Wanted

C = TypeVar("C")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

Declaration: TypeAlias = "Callable[[Any], Loader[Any, Any, Any]]"
"""What makes a loader for a context: a `Loader` class, or any function of the context."""


class Loaders:
    """The loaders of one context, by name, each made when it is first asked for."""

    def __init__(self, ctx: Any, declared: Mapping[str, Declaration]) -> None:
        self._ctx = ctx
        self._declared = declared
        self._made: dict[Hashable, Loader[Any, Any, Any]] = {}

    def __getitem__(self, name: str) -> Loader[Any, Any, Any]:
        made = self._made.get(name)
        if made is None:
            if name not in self._declared:
                raise KeyError(f"There is no loader {name!r}; declared are {', '.join(sorted(self._declared))}.")
            made = self._made[name] = self._declared[name](self._ctx)
        return made

    def has(self, name: str) -> bool:
        """Whether the context has asked for this loader already."""
        return name in self._made

    def only(self, name: str, wanted: Wanted) -> Loader[Any, Any, Any]:
        """As `[name]`, for readers of so much alone, where the declaration can do with so little.

        A loader that this context has already is used as it is: it may know what is asked.
        """
        declared, columns = self._declared.get(name), wanted.columns
        if name in self._made or columns is None or not isinstance(declared, Rows):
            return self[name]
        return self.own((name, *columns), cast("Rows[Any, Any, Any]", declared).of(columns))

    def own(self, key: Hashable, make: Declaration) -> Loader[Any, Any, Any]:
        """The loader of this context that belongs to `key`, made by `make` the first time."""
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = make(self._ctx)
        return made

    def release(self) -> None:
        """Let go of the loaders and all they have loaded, and of what they still load.

        They and their context hold each other, and would be left for the garbage collector.
        """
        for loader in self._made.values():
            loader.abandon()
        self.clear()
        self._made.clear()

    def clear(self) -> None:
        """Forget everything loaded: after a write, and before each event of a stream is resolved."""
        for loader in self._made.values():
            loader.clear_all()


@dataclass(frozen=True)
class Rows(Generic[C, K, V]):
    """A loader of single rows by their `id`, whole or of some columns: `fetch(ctx, keys, columns)`, None for all."""

    fetch: Callable[[C, list[K], Sequence[str] | None], Awaitable[Iterable[V]]]

    def __call__(self, ctx: C) -> ById[C, K, V]:
        return ById(ctx, lambda c, keys: self.fetch(c, keys, None), "id")

    def of(self, columns: Sequence[str]) -> Callable[[C], ById[C, K, V]]:
        """The same of these columns and the id."""
        wanted = tuple(dict.fromkeys(["id", *columns]))
        return lambda ctx: ById(ctx, lambda c, keys: self.fetch(c, keys, wanted), "id")


def by_id(fetch: Fetch[C, K, V], key: str = "id") -> Callable[[C], ById[C, K, V]]:
    """A loader of single rows: `fetch(ctx, keys)` gives them in any order; a key without a row loads None."""
    return lambda ctx: ById(ctx, fetch, key)


def many_by(fetch: Fetch[C, K, V], key: str) -> Callable[[C], ManyBy[C, K, V]]:
    """A loader of lists: the rows of `fetch(ctx, keys)` gathered by their `key`, in the order they came."""
    return lambda ctx: ManyBy(ctx, fetch, key)


def count_by(fetch: FetchCounts[C, K]) -> Callable[[C], CountBy[C, K]]:
    """A loader of numbers: `fetch(ctx, keys)` gives a mapping or rows of (key, number); a key without one loads 0."""
    return lambda ctx: CountBy(ctx, fetch)


Fetch: TypeAlias = Callable[[C, list[K]], Awaitable[Iterable[V]]]
FetchCounts: TypeAlias = Callable[[C, list[K]], Awaitable[Mapping[K, int] | Iterable[Any]]]


class _Fetched(Loader[C, K, V]):
    """A loader whose work is a function's."""

    _fetch: Callable[..., Any]

    @property
    def name(self) -> str:
        return getattr(self._fetch, "__qualname__", repr(self._fetch))


class ById(_Fetched[C, K, V | None]):
    """What `by_id` declares."""

    def __init__(self, ctx: C, fetch: Fetch[C, K, V], key: str) -> None:
        super().__init__(ctx)
        self._fetch = fetch
        self._key = key

    async def batch_load_fn(self, keys: list[K]) -> list[V | Exception | None]:
        """The row of each key, or None."""
        return [*(await self._answered(keys)).values()]

    async def _answered(self, keys: list[K]) -> dict[K, V | Exception | None]:
        found = list(await self._fetch(self.ctx, keys))
        rows: dict[K, Any] = dict(zip(read_all(found, self._key), found, strict=True))
        return {key: rows.get(key) for key in keys}


class ManyBy(_Fetched[C, K, list[V]]):
    """What `many_by` declares."""

    def __init__(self, ctx: C, fetch: Fetch[C, K, V], key: str) -> None:
        super().__init__(ctx)
        self._fetch = fetch
        self._key = key

    async def batch_load_fn(self, keys: list[K]) -> list[list[V] | Exception]:
        """The rows of each key. Raises `KeyError` for a row that was not asked for."""
        rows: dict[K, list[V]] = {key: [] for key in keys}
        for row in await self._fetch(self.ctx, keys):
            rows[read(row, self._key)].append(row)
        return list(rows.values())


class CountBy(_Fetched[C, K, int]):
    """What `count_by` declares."""

    def __init__(self, ctx: C, fetch: FetchCounts[C, K]) -> None:
        super().__init__(ctx)
        self._fetch = fetch

    async def batch_load_fn(self, keys: list[K]) -> list[int | Exception]:
        """The number of each key, or 0."""
        counts: Any = await self._fetch(self.ctx, keys)
        numbers: dict[K, int] = dict(counts)  # a record of two columns is a pair, too
        return [numbers.get(key, 0) for key in keys]
