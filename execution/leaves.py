"""Leaves: scalars and enums as the response has them, by quick tests where the class alone decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import NoneType
from typing import Any, TypeAlias, cast

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLScalarType,
    GraphQLString,
    Undefined,
    UndefinedType,
)
from graphql.pyutils import inspect, is_iterable  # pyright: ignore[reportUnknownVariableType]

from execution.values import format_date, format_datetime

Convert: TypeAlias = Callable[[Any], Any]
"""What becomes of a value that is not null; raises what the reference executor would."""

INT_MIN, INT_MAX = -(2**31), 2**31 - 1
NAMES_MAX = 1_000  # members of one enum whose names are remembered
NULLS: frozenset[type[Any]] = frozenset({NoneType, UndefinedType})
"""The classes of what a client is told as null."""

QUICK: Mapping[GraphQLScalarType, str] = {
    GraphQLString: "v.__class__ is str",
    GraphQLID: "v.__class__ is str",
    GraphQLBoolean: "v.__class__ is bool",
    GraphQLInt: f"(v.__class__ is int and {INT_MIN} <= v <= {INT_MAX})",
}
"""Python that tells of a value `v` that it goes into the response as it is."""


DIRECT: Mapping[Any, tuple[type[Any], Convert]] = {
    format_datetime: (datetime, format_datetime),
    format_date: (date, format_date),
}
"""Classes of values that the output functions of scalars convert without any doubt."""


@dataclass(frozen=True)
class Leaf:
    """A leaf type and what converts its values.

    `quick` is a test of values that need no converting (may be empty); those of the class `usual` are converted by
    `directly`, which gives no null, or raises and leaves it to `convert` to say why. For enums, `names` has those of
    values of the classes `named` that `convert` has come upon.
    """

    type: GraphQLLeafType
    convert: Convert
    quick: str = ""
    usual: type[Any] | None = None
    directly: Convert | None = None
    names: Mapping[Any, str] | None = None
    named: frozenset[type[Any]] = frozenset()


def leaf(type: GraphQLLeafType) -> Leaf:
    """How values of this type are converted."""
    if isinstance(type, GraphQLEnumType):
        return _enum(type)
    coerce: Any = type.coerce_output_value
    if coerce is str:
        return Leaf(type, _plain(type), QUICK[GraphQLString])
    usual, directly = DIRECT.get(coerce, (None, None))
    return Leaf(type, _plain(type), QUICK.get(type, ""), usual, directly)


def not_iterable(parent: str, name: str) -> GraphQLError:
    """As the reference says it of what should be a list."""
    return GraphQLError(f"Expected Iterable, but did not find one for field '{parent}.{name}'.")


def no_null(parent: str, name: str) -> TypeError:
    """As the reference says it of a null where there may be none."""
    return TypeError(f"Cannot return null for non-nullable field {parent}.{name}.")


def items(value: Any, parent: str, name: str) -> list[Any]:
    """The items of what should be a list. Raises `GraphQLError`, and what iterating raises."""
    if value.__class__ is list:
        return value
    if not is_iterable(value):
        raise not_iterable(parent, name)
    return list(cast("Iterable[Any]", value))


def _plain(type: GraphQLLeafType) -> Convert:
    coerce = type.coerce_output_value

    def convert(value: Any) -> Any:
        if isinstance(value, Exception):
            raise value
        coerced = coerce(value)
        if coerced is Undefined or coerced is None:
            raise TypeError(
                f"Expected `{inspect(type)}.coerce_output_value({inspect(value)})` to return non-nullable value,"
                f" returned: {inspect(coerced)}"
            )
        return coerced

    return convert


def _enum(type: GraphQLEnumType) -> Leaf:
    """Remembers the names of members of the enum's own class, and of texts: no two of a class are equal.

    A member that is a text, too, is equal to that text, and both have the same name.
    """
    slow = _plain(type)
    named = frozenset({getattr(type, "wrapped_cls", str), str})
    names: dict[Any, str] = {}

    def convert(value: Any) -> Any:
        if value.__class__ not in named:
            return slow(value)
        name = names.get(value)
        if name is None:
            name = slow(value)
            if len(names) < NAMES_MAX:
                names[value] = name
        return name

    return Leaf(type, convert, names=names, named=named)
