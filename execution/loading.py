"""Loading: the values of declared relations and batched fields, for all objects of a batch at once."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Callable, Sequence
from types import NoneType
from typing import TYPE_CHECKING, Any

from execution.fields import Batched, Parent, Relation, Siblings, identity
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

    parents = each(_parent, batch.objects)
    wanted = [one for one in parents if not isinstance(one, Exception)]
    left = iter(await _loaded(lambda: context.loaders.own(source, siblings), wanted))
    return [one if isinstance(one, Exception) else next(left) for one in parents]


async def _loaded(loader: Callable[[], Loader[Any, Any, Any]], keys: Sequence[Any]) -> Values:
    if not keys:
        return ()
    try:
        distinct = list(dict.fromkeys(keys))
        loaded = await loader().load_batch(distinct)
        return loaded if len(distinct) == len(keys) else [*map(dict(zip(distinct, loaded, strict=True)).get, keys)]
    except Exception:
        # There is no such loader, or one of these cannot be a key, which is no matter to the others.
        return await gather(*(_one(loader, key) for key in keys), return_exceptions=True)


async def _one(loader: Callable[[], Loader[Any, Any, Any]], key: Any) -> Any:
    return await loader().load(key)


def _parent(one: Any) -> Parent:
    return Parent(identity(one), one)
