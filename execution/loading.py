"""Loading: the values of declared relations and batched fields, for all objects of a batch at once."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from functools import lru_cache
from itertools import compress
from types import NoneType
from typing import TYPE_CHECKING, Any, cast

from execution import fields
from execution.calling import arguments
from execution.completing import complete
from execution.fields import AtOnce, Batched, Relation, identities, identity, siblings
from execution.loaders import Loader
from execution.rows import read_all_if_there
from execution.sources import Under, each, reader
from execution.waiting import Values

if TYPE_CHECKING:
    from execution.batches import Batch
    from execution.plans import FieldPlan
    from execution.running import Run

Told = Callable[[Values], None]


def related(run: Run, batch: Batch, field: FieldPlan, source: Relation) -> None:
    """Have a relation's field told what its loader has for each object."""
    if source.on_day and (dated := _dated(batch.objects)) is not False:
        if dated:
            answered(run, batch, field, source.on_day)
        else:
            run.begin(batch, field, _each_by_its_day, run.executor.context_value, source, batch.objects)
        return
    context: Any = run.executor.context_value

    def loader() -> Any:
        return context.loaders.only(source.loader, field.wanted)

    _loaded(run, batch, field, source.key, loader, source.none)


def _dated(objects: Sequence[Any]) -> bool | None:
    """Whether objects were read as of another day; None where some were, or where that cannot be told of all."""
    try:
        kinds = set(map(type, read_all_if_there(objects, "as_of")))
    except Exception:
        return None
    return False if kinds <= {NoneType} else None if NoneType in kinds else True


async def _each_by_its_day(context: Any, source: Relation, objects: Sequence[Any]) -> Values:
    async def one(row: Any) -> Any:
        value: Any = fields.related(context, source, row)
        if isinstance(value, Awaitable):
            return await cast("Awaitable[Any]", value)
        return value

    return await gather(*map(one, objects), return_exceptions=True)


def listed(run: Run, batch: Batch, field: FieldPlan, source: Under) -> None:
    """Have a list's field told what the loader that its arguments choose has for each object."""
    given = arguments(run, batch, field, source)
    if isinstance(given, Exception):
        complete(run, batch, field, [given] * len(batch.objects))
        return
    context: Any = run.executor.context_value

    def loader() -> Any:
        return source.loader(context, **given).only(field.wanted)

    _loaded(run, batch, field, source.key, loader, None)


def _loaded(
    run: Run, batch: Batch, field: FieldPlan, key: str, loader: Callable[[], Loader[Any, Any, Any]], none: Any
) -> None:
    """Have a field told what a loader has for the `key` of each object, and `none` where that is null."""
    keys = each(reader(key, batch.classes), batch.objects)
    kinds = set(map(type, keys))
    if NoneType not in kinds and not _any_failed(kinds):
        _ask(run, batch, field, _Keys(loader, keys))
        return
    wanted = [key for key in keys if not (key is None or isinstance(key, Exception))]

    def laid_out(values: Values) -> Values:
        left = iter(values)
        return [none if key is None else key if isinstance(key, Exception) else next(left) for key in keys]

    _ask(run, batch, field, _Keys(loader, wanted), laid_out)


def answered(run: Run, batch: Batch, field: FieldPlan, source: Batched) -> None:
    """Have a batched field told what its function answers for each object."""
    rows = batch.objects
    if source.at_once and (values := _at_once(source.at_once, run.executor.context_value, rows)) is not None:
        complete(run, batch, field, values)
        return
    try:
        keys = identities(rows)
    except Exception:
        keys = each(identity, rows)
    if not _any_failed(set(map(type, keys))):
        _ask(run, batch, field, _Answered(run, source, keys, rows))
        return
    told = [not isinstance(key, Exception) for key in keys]

    def laid_out(values: Values) -> Values:
        left = iter(values)
        return [next(left) if tells else key for key, tells in zip(keys, told, strict=True)]

    _ask(run, batch, field, _Answered(run, source, [*compress(keys, told)], [*compress(rows, told)]), laid_out)


class _Keys:
    """What a loader is asked."""

    __slots__ = ("_loader", "keys")

    def __init__(self, loader: Callable[[], Loader[Any, Any, Any]], keys: Sequence[Hashable]) -> None:
        self._loader, self.keys = loader, keys

    def all(self, told: Told) -> None:
        self._loader().tell(self.keys, told)

    async def each(self) -> Values:
        return await gather(*(self._one(key) for key in self.keys), return_exceptions=True)

    async def _one(self, key: Any) -> Any:
        return await self._loader().load(key)


class _Answered:
    """What is asked for a batched field."""

    __slots__ = ("keys", "rows", "run", "source")

    def __init__(self, run: Run, source: Batched, keys: Sequence[Hashable], rows: Sequence[Any]) -> None:
        self.run, self.source, self.keys, self.rows = run, source, keys, rows

    def all(self, told: Told) -> None:
        siblings(self.run.executor.context_value, self.source).tell_for(self.keys, self.rows, told)

    async def each(self) -> Values:
        return await gather(*(self._one(row) for row in self.rows), return_exceptions=True)

    async def _one(self, row: Any) -> Any:
        return await siblings(self.run.executor.context_value, self.source).load_for(row)


def _ask(
    run: Run,
    batch: Batch,
    field: FieldPlan,
    asked: _Keys | _Answered,
    laid_out: Callable[[Values], Values] | None = None,
) -> None:
    """Have a field told what is asked. What it gets is `laid_out` first, where some objects asked nothing."""

    def tell(told: Told) -> None:
        def then(values: Values) -> None:
            told(laid_out(values) if laid_out else values)

        if asked.keys:
            asked.all(then)
        else:
            then(())

    try:
        run.expect(batch, field, tell)
    except Exception:
        # There is no such loader, or one of these cannot be a key, which is no matter to the others.
        run.begin(batch, field, _each, asked, laid_out)


async def _each(asked: _Keys | _Answered, laid_out: Callable[[Values], Values] | None) -> Values:
    values = await asked.each()
    return laid_out(values) if laid_out else values


def _at_once(answer: AtOnce, context: Any, rows: Sequence[Any]) -> Values | None:
    try:
        values = answer(context, rows)
    except Exception:
        return None  # who fails, and of what, is found out by those who ask for each
    return values if values is not None and len(values) == len(rows) else None


def _any_failed(kinds: Iterable[type[Any]]) -> bool:
    return any(map(_is_failure, kinds))


@lru_cache(maxsize=1_024)
def _is_failure(kind: type[Any]) -> bool:
    return issubclass(kind, Exception)
