"""Leaves: scalars and enums as the response has them, by quick tests where the class alone decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Leaf:
    """A leaf type: what converts its values, and a quick test of those that need no converting (may be empty)."""

    type: GraphQLLeafType
    convert: Convert
    quick: str = ""


def leaf(type: GraphQLLeafType) -> Leaf:
    """How values of this type are converted."""
    if isinstance(type, GraphQLEnumType):
        return Leaf(type, _names(type))
    return Leaf(type, _plain(type), QUICK.get(type, ""))


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


def _names(type: GraphQLEnumType) -> Convert:
    """As `_plain`, remembering the names of members of the enum's own class: no two of these are equal."""
    slow = _plain(type)
    member: Any = getattr(type, "wrapped_cls", None)
    names: dict[Any, str] = {}

    def convert(value: Any) -> Any:
        if value.__class__ is not member:
            return slow(value)
        name = names.get(value)
        if name is None:
            name = slow(value)
            if len(names) < NAMES_MAX:
                names[value] = name
        return name

    return convert
