"""What an execution waits for: work that is left, and what resolvers gave that is to be awaited."""

from __future__ import annotations

from asyncio import Future, gather
from collections.abc import Awaitable, Coroutine, Iterable, Sequence
from functools import lru_cache
from inspect import CORO_CREATED, getcoroutinestate, isawaitable, iscoroutine
from types import GeneratorType
from typing import Any, TypeAlias

Values: TypeAlias = Sequence[Any]
"""One for each object; an exception is a value that failed."""

Later: TypeAlias = Coroutine[Any, Any, None]
"""Work that is left. What fails in it has been noted where it belongs; it raises nothing but what is our mistake."""


class Waited(Exception):
    """An awaitable was given where values are taken as they are."""

    def __init__(self, given: Any) -> None:
        super().__init__()
        self.given = given


def waiting(values: Values) -> list[int]:
    """Which of these values are to be awaited."""
    if not any(map(may_wait, set(map(type, values)))):
        return []
    return [i for i, value in enumerate(values) if isawaitable(value)]


async def arrived(values: list[Any], places: Sequence[int]) -> Values:
    """The values, those at these places awaited."""
    # What is on its way already is awaited one after the other: the others do not wait for it.
    begun = [i for i in places if isinstance(values[i], Future)]
    to_begin = places if not begun else [i for i in places if not isinstance(values[i], Future)]
    if len(to_begin) == 1:
        begun = [*to_begin, *begun]
    elif to_begin:
        found = await gather(*(values[i] for i in to_begin), return_exceptions=True)
        for i, value in zip(to_begin, found, strict=True):
            if isinstance(value, BaseException) and not isinstance(value, Exception):
                raise value
            values[i] = value
    for i in begun:
        try:
            values[i] = await values[i]
        except Exception as error:
            values[i] = error
    return values


def dropped(error: Exception) -> None:
    """See to what is not looked at any more because of this."""
    if isinstance(error, Waited):
        abandon([error.given])


def abandon(given: Iterable[Awaitable[Any]]) -> None:
    """See that nobody is told of awaitables that nobody has come to await: a cancellation was quicker."""
    for one in given:
        if iscoroutine(one):
            if getcoroutinestate(one) == CORO_CREATED:
                one.close()
        elif isinstance(one, Future) and not one.cancel() and not one.cancelled():
            one.exception()


@lru_cache(maxsize=1_024)
def may_wait(kind: type[Any]) -> bool:
    """Whether objects of this class may be awaitables."""
    return hasattr(kind, "__await__") or kind is GeneratorType
