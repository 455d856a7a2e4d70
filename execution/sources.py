"""Sources: where the value of a field comes from, as a plan knows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter, itemgetter
from typing import Any, TypeAlias

from strawberry.types.field import StrawberryField

from execution.fields import Batched, Relation
from execution.rows import read
from execution.waiting import Values


@dataclass(frozen=True)
class Named:
    """The name of the type."""

    name: str


@dataclass(frozen=True)
class Read:
    """The item or attribute of this name."""

    name: str


@dataclass(frozen=True)
class Made:
    """What a pure function makes of the parent, or of its item or attribute named `of`."""

    fn: Callable[[Any], Any]
    of: str | None


@dataclass(frozen=True)
class Call:
    """What the field's own function gives, called without Strawberry's wrapping: there is nothing to wrap.

    `rows` are the ways to the rows of a list in it, as with `Listed`.
    """

    fn: Callable[..., Any]
    takes_self: bool
    parent: tuple[str, ...]  # the parameters that the parent is passed as
    info: str | None
    field: StrawberryField
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, eq=False)
class Under:
    """What the loader has for the parent's `key` that `loader` gives, by the field's arguments, for all parents."""

    loader: Callable[..., Any]
    key: str
    rows: tuple[tuple[str, ...], ...]
    field: StrawberryField


@dataclass(frozen=True)
class Wrapped:
    """What the resolver gives that the reference executor would call: with permissions, extensions, or not ours."""

    resolve: Callable[..., Any]


Source: TypeAlias = Named | Read | Made | Relation | Batched | Under | Call | Wrapped


def reader(name: str, classes: set[type[Any]]) -> Callable[[Any], Any]:
    """As `read`, of this name and from objects of these classes."""
    match by_item(classes):
        case True:
            return itemgetter(name)
        case False:
            return attrgetter(name)
        case None:
            return partial(_read, name)


def by_item(classes: set[type[Any]]) -> bool | None:
    """Whether objects of these classes are read by item, as `read` does it; None where some are and some are not."""
    ways = {hasattr(one, "__getitem__") and hasattr(one, "keys") for one in classes}
    return ways.pop() if len(ways) == 1 else None


def maker(source: Made, classes: set[type[Any]]) -> Callable[[Any], Any]:
    """What makes the value of an object of these classes."""
    if source.of is None:
        return source.fn
    fn, value = source.fn, reader(source.of, classes)
    return lambda one: fn(value(one))


def _read(name: str, one: Any) -> Any:
    return read(one, name)


def tried(fn: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """What a function gives, or the exception that it raises."""
    try:
        return fn(*args, **named)
    except Exception as error:
        return error


def each(fn: Callable[[Any], Any], objects: Values) -> list[Any]:
    """What a function without any effects gives of each object, or the exception that it raises."""
    try:
        return list(map(fn, objects))
    except Exception:
        return [tried(fn, one) for one in objects]
