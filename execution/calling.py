"""Calling: the values of fields that have a function of their own, and the arguments that it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql.execution.values import get_argument_values
from strawberry.types.arguments import convert_arguments

from execution.infos import LazyInfo
from execution.sources import Call, Under, Wrapped, tried

if TYPE_CHECKING:
    from execution.batches import Batch
    from execution.plans import FieldPlan
    from execution.running import Run


def called(run: Run, batch: Batch, field: FieldPlan, source: Call) -> list[Any]:
    """What the field's function gives for each object, or an awaitable of it."""
    given = arguments(run, batch, field, source)
    if isinstance(given, Exception):
        return [given] * len(batch.objects)
    values: list[Any] = []
    for i, one in enumerate(batch.objects):
        named = dict.fromkeys(source.parent, one)
        if source.info:
            named[source.info] = LazyInfo(run, batch, i, field, source.field)
        values.append(tried(source.fn, *((one,) if source.takes_self else ()), **given, **named))
    return values


def resolved(run: Run, batch: Batch, field: FieldPlan, source: Wrapped) -> list[Any]:
    """What a resolver gives that wants to be called as the reference executor calls it."""
    return [tried(_resolved, run, batch, i, field, source) for i in range(len(batch.objects))]


def _resolved(run: Run, batch: Batch, i: int, field: FieldPlan, source: Wrapped) -> Any:
    # Each call has arguments of its own: an extension may change them.
    return source.resolve(batch.objects[i], run.info(batch, i, field), **_given(run, field))


def arguments(run: Run, batch: Batch, field: FieldPlan, source: Call | Under) -> dict[str, Any] | Exception:
    """A field's arguments, worked out once for all its objects: whoever gets them changes nothing in them."""
    if field.arguments is not None:
        return field.arguments
    found = run.arguments.get(field)
    if found is None:
        found = run.arguments[field] = tried(_converted, run, batch, field, source)
        # What can be hashed is not changed by whoever gets it, so that the next run may have it, too.
        if field.is_constant and not isinstance(found, Exception) and all(map(_is_value, found.values())):
            field.arguments = found
    return found


def _is_value(one: Any) -> bool:
    return one.__class__.__hash__ is not None


def _converted(run: Run, batch: Batch, field: FieldPlan, source: Call | Under) -> dict[str, Any]:
    definition, converter = source.field, field.selections.converter
    if not definition.arguments:
        return {}
    converted = convert_arguments(
        _given(run, field),
        definition.arguments,
        scalar_registry=converter.scalar_registry,
        config=converter.config,
        info=LazyInfo(run, batch, 0, field, definition),
    )
    for extension in definition.extensions:
        converted = extension.map_arguments(converted)
    return converted


def _given(run: Run, field: FieldPlan) -> dict[str, Any]:
    first, executor = field.details[0], run.executor
    return get_argument_values(
        field.field, first.node, executor.variable_values, first.fragment_variable_values, executor.hide_suggestions
    )
