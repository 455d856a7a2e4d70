"""Loading: the values of declared relations and batched fields, for all objects of a batch at once."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Callable, Sequence
from itertools import compress
from types import NoneType
from typing import TYPE_CHECKING, Any

from execution.fields import Batched, Relation, Siblings, identities, identity
from execution.loaders import Loader
from execution.sources import each, reader
from execution.waiting import Values

if TYPE_CHECKING:
    from execution.batches import Batch


async def related(context: Any, batch: Batch, source: Relation) -> Values:
    """What a relation's loader has for each object."""
    keys = each(reader(source.key, batch.classes), batch.objects)
    if not any(one is NoneType or issubclass(one, Exception) for one in set(map(type, keys))):
        return await _loaded(lambda: context.loaders[source.loader], keys)
    wanted = [key for key in keys if not (key is None or isinstance(key, Exception))]
    left = iter(await _loaded(lambda: context.loaders[source.loader], wanted))
    none: Any = [] if source.many else None
    return [none if key is None else key if isinstance(key, Exception) else next(left) for key in keys]


async def answered(context: Any, batch: Batch, source: Batched) -> Values:
    """What a batched field's function answers for each object."""

    def siblings(ctx: Any) -> Siblings:
        return Siblings(ctx, source.fn)

    rows = batch.objects
    try:
        keys = identities(rows)
    except Exception:
        keys = each(identity, rows)
    if any(issubclass(one, Exception) for one in set(map(type, keys))):
        told = [not isinstance(key, Exception) for key in keys]
        wanted = [*compress(keys, told)]
        left = iter(await _answered(context, source, siblings, wanted, [*compress(rows, told)]))
        return [next(left) if tells else key for key, tells in zip(keys, told, strict=True)]
    return await _answered(context, source, siblings, keys, rows)


async def _answered(
    context: Any, source: Batched, siblings: Callable[[Any], Siblings], keys: Sequence[Any], rows: Sequence[Any]
) -> Values:
    def loader() -> Any:
        return context.loaders.own(source, siblings)

    try:
        return await loader().load_for_all(keys, rows)
    except Exception:
        # One of these cannot be a key, which is no matter to the others.
        return await gather(*(_answer(loader, row) for row in rows), return_exceptions=True)


async def _answer(loader: Callable[[], Siblings], row: Any) -> Any:
    return await loader().load_for(row)


async def _loaded(loader: Callable[[], Loader[Any, Any, Any]], keys: Sequence[Any]) -> Values:
    if not keys:
        return ()
    try:
        return await loader().load_batch(keys)
    except Exception:
        # There is no such loader, or one of these cannot be a key, which is no matter to the others.
        return await gather(*(_one(loader, key) for key in keys), return_exceptions=True)


async def _one(loader: Callable[[], Loader[Any, Any, Any]], key: Any) -> Any:
    return await loader().load(key)
