"""Loaders: the loads of one moment become one fetch, and what happens to one caller is no matter to the others."""

import asyncio
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import Any, Generic, Self, TypeVar

from aiodataloader import DataLoader

from execution.wanted import Wanted

C = TypeVar("C")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

BATCH_MAX = 1_000  # keys


class Loader(DataLoader[K, V], Generic[C, K, V]):
    """A `DataLoader` of one context, whose only definition is `batch_load_fn`.

    `batch_load_fn(keys)` gets distinct keys, at most `max_batch_size`, and answers one value for each, in their order;
    an exception among them fails its key alone. What it raises fails the whole batch, and is forgotten.

    Every `load` gives a future of its own. With a shared one, as in the parent class, an executor that cancels one
    field would cancel every other field that waits for the same key.
    """

    max_batch_size = BATCH_MAX

    def __init__(self, ctx: C) -> None:
        # Not the parent's: it looks over arguments that we do not have, for longer than all the rest takes.
        self.loop = asyncio.get_running_loop()
        self.ctx = ctx
        self._values: dict[K, V | Exception] = {}
        self._loading: dict[K, _Batch[K, V]] = {}
        self._open: _Batch[K, V] | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._is_abandoned = False

    @property
    def name(self) -> str:
        """For errors."""
        return type(self).__name__

    async def batch_load_fn(self, keys: list[K]) -> Sequence[V | Exception]:  # pyright: ignore[reportIncompatibleMethodOverride]  # the parent's is an attribute without a declared type
        """The values of these keys, one each and in their order."""
        raise NotImplementedError(f"{self.name} does not define batch_load_fn.")

    def load(self, key: K) -> "asyncio.Future[V]":
        """A future, the caller's own, for the value of `key`; it raises what the key's value or batch failed with."""
        _refuse_none(key)
        future: asyncio.Future[V] = self.loop.create_future()
        if key in self._values:
            _settle(future, self._values[key])
        else:
            self._request(key).told.append(lambda values: _settle(future, values[key]))
        return future

    async def load_batch(self, keys: Sequence[K]) -> list[V | Exception]:
        """The values of all keys, in their order; a failed key gives its exception as a value. Repeats are fine."""
        future: asyncio.Future[list[V | Exception]] = self.loop.create_future()

        def told(values: list[V | Exception]) -> None:
            if not future.done():  # its caller was cancelled
                future.set_result(values)

        self.tell(keys, told)
        return await future

    def tell(self, keys: Sequence[K], told: "Callable[[list[V | Exception]], None]") -> None:
        """As `load_batch`, by a call of `told`: at once where all values are known, else as soon as they are."""
        known = self._values
        distinct: dict[K, None] = dict.fromkeys(keys)
        if None in distinct:
            _refuse_none(None)
        if not known and not self._loading and 0 < len(distinct) <= (self.max_batch_size or BATCH_MAX):
            batch = self._open_batch()
            batch.keys = distinct
            self._loading = dict.fromkeys(distinct, batch)
            batch.told.append(lambda values: told(list(map(values.__getitem__, keys))))
            return
        found = {key: known[key] for key in distinct if key in known}
        batches = {self._request(key) for key in distinct if key not in known}
        if not batches:
            told(list(map(found.__getitem__, keys)))
            return
        left = len(batches)

        def arrived(values: Mapping[K, V | Exception]) -> None:
            nonlocal left
            left -= 1
            found.update({key: values[key] for key in distinct if key in values and key not in found})
            if not left:
                told([found[key] for key in keys])

        for batch in batches:
            batch.told.append(arrived)

    def clear(self, key: K) -> Self:
        """Forget `key`. A load of it that is under way still answers those who asked before."""
        self._values.pop(key, None)
        self._loading.pop(key, None)
        return self

    def clear_all(self) -> Self:
        """Forget every key, as `clear` does."""
        self._values.clear()
        self._loading.clear()
        return self

    def only(self, wanted: Wanted) -> "Loader[Any, Any, Any]":
        """One that loads the same for readers of so much: this one, where it knows no other way."""
        return self

    def abandon(self) -> None:
        """Load no further: nobody waits for it any more."""
        self._is_abandoned = True
        for task in self._running:
            task.cancel()

    def prime(self, key: K, value: V | Exception) -> Self:
        """Set the value of `key`, unless it has one or is being loaded."""
        if key not in self._values and key not in self._loading:
            self._values[key] = value
        return self

    def prime_all(self, found: Mapping[K, V | Exception]) -> None:
        """As `prime`, of many."""
        if self._values or self._loading:
            for key, value in found.items():
                self.prime(key, value)
        else:
            self._values = {**found}

    def _request(self, key: K) -> "_Batch[K, V]":
        batch = self._loading.get(key)
        if batch is None:
            batch = self._open
            if batch is None or len(batch.keys) >= (self.max_batch_size or BATCH_MAX):
                batch = self._open_batch()
            self._loading[key] = batch
            batch.keys[key] = None
        return batch

    def _open_batch(self) -> "_Batch[K, V]":
        batch = self._open = _Batch()
        # Two turns of the loop: a field that is one `await` behind its siblings still joins their batch.
        self.loop.call_soon(self.loop.call_soon, self._dispatch, batch)
        return batch

    def _dispatch(self, batch: "_Batch[K, V]") -> None:
        if self._open is batch:
            self._open = None
        if self._is_abandoned:
            self._give_up(batch)
            return
        task = self.loop.create_task(self._run(batch))
        self._running.add(task)  # the loop itself holds tasks weakly
        task.add_done_callback(self._running.discard)

    async def _run(self, batch: "_Batch[K, V]") -> None:
        keys = list(batch.keys)
        try:
            answers = await self._answered(keys)
        except Exception as error:
            self._forget(batch)
            batch.finish(dict.fromkeys(keys, error))
        except asyncio.CancelledError:
            self._give_up(batch)
            raise
        else:
            # Keys that were cleared meanwhile are answered, but not remembered.
            waited = self._forget(batch)
            if len(waited) < len(answers):
                self._values.update({key: answers[key] for key in waited})
            elif self._values:
                self._values.update(answers)
            else:
                self._values = answers
            batch.finish(answers)

    def _give_up(self, batch: "_Batch[K, V]") -> None:
        # An ordinary error for the callers: a cancellation would run through whatever awaits the key.
        self._forget(batch)
        batch.finish(dict.fromkeys(batch.keys, RuntimeError(f"A batch of {self.name} was cancelled.")))

    async def _answered(self, keys: list[K]) -> dict[K, V | Exception]:
        """What `batch_load_fn` answers, by key."""
        values = await self.batch_load_fn(keys)
        if len(values) != len(keys):
            raise TypeError(f"{self.name} answered {len(values)} values for {len(keys)} keys.")
        return dict(zip(keys, values, strict=True))

    def _forget(self, batch: "_Batch[K, V]") -> Collection[K]:
        """The keys that still waited for this batch, which they do no longer."""
        if len(self._running) == 1 and self._open is None and len(self._loading) == len(batch.keys):
            self._loading = {}  # no other batch is on its way, so that all keys are this one's
            return batch.keys
        keys = [key for key in batch.keys if self._loading.get(key) is batch]
        for key in keys:
            del self._loading[key]
        return keys


class _Batch(Generic[K, V]):
    """Keys that are fetched together, and who is told of their values."""

    __slots__ = ("keys", "told")

    def __init__(self) -> None:
        self.keys: dict[K, None] = {}
        self.told: list[Callable[[Mapping[K, V | Exception]], None]] = []

    def finish(self, values: Mapping[K, V | Exception]) -> None:
        for told in self.told:
            told(values)


def _settle(future: "asyncio.Future[V]", value: V | Exception) -> None:
    if future.done():  # its caller was cancelled
        return
    if isinstance(value, Exception):
        future.set_exception(value)
        future.exception()  # looked at: an executor that has given up may have left it, which is no error of the loop's
    else:
        future.set_result(value)


def settled(values: Sequence[V | Exception]) -> list[V]:
    """The values of a bulk load. Raises the first failure among them."""
    kept: list[V] = []
    for value in values:
        if isinstance(value, Exception):
            raise value
        kept.append(value)
    return kept


def _refuse_none(key: object) -> None:
    if key is None:
        raise TypeError("A loader needs a key, and None is not one.")
