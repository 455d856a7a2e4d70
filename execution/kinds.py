"""Kinds: the object type that a value of a field is of."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, TypeVar

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, GraphQLUnionType
from graphql.execution.executor import invalid_return_type_error

if TYPE_CHECKING:
    from execution.batches import Batch
    from execution.plans import FieldPlan
    from execution.running import Run

BY_SOURCE = "execution.by_source"
F = TypeVar("F", bound=Callable[..., Any])


def by_source(resolve_type: F) -> F:
    """Marks a `resolve_type` that looks at nothing but the source, so that it need not be told where it is."""
    setattr(resolve_type, BY_SOURCE, True)
    return resolve_type


def kind(run: Run, batch: Batch, i: int, field: FieldPlan, value: Any) -> GraphQLObjectType:
    """The type that a value of the i-th object's field is of. Raises what the reference executor would."""
    type, executor = field.named, run.executor
    if not isinstance(type, GraphQLObjectType):
        assert isinstance(type, GraphQLInterfaceType | GraphQLUnionType)
        tell: Any = type.resolve_type or executor.type_resolver
        name = tell(value, None if hasattr(tell, BY_SOURCE) else run.info(batch, i, field), type)
        found = field.types.get(name) if name.__class__ is str else None
        if found is None:
            info = run.info(batch, i, field)
            found = executor.ensure_valid_runtime_type(name, type, field.details, info, value)  # pyright: ignore[reportUnknownMemberType]
            field.types[name] = found
        type = found
    if type.is_type_of and not type.is_type_of(value, run.info(batch, i, field)):
        raise invalid_return_type_error(type, value, field.details)
    return type


@lru_cache(maxsize=16)
def tells_at_once(schema: GraphQLSchema) -> bool:
    """Whether no type of a schema must be awaited until a value is known to be of it."""
    types: list[Any] = list(schema.type_map.values())
    return not any(
        iscoroutinefunction(getattr(type, name, None)) for type in types for name in ("resolve_type", "is_type_of")
    )
