"""Completing: a field's values become leaves, lists and rows of the response, and what is below them is begun."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from graphql import GraphQLObjectType

from execution.batches import Batch, KnownPlaces, Place, Places, put
from execution.builders import Row, checked
from execution.fields import Relation
from execution.kinds import kind
from execution.leaves import NULLS, items, no_null
from execution.waiting import Values, dropped

if TYPE_CHECKING:
    from execution.plans import FieldPlan, ObjectPlan
    from execution.running import Run

Placed = list[tuple[Any, Place]]


def complete(run: Run, batch: Batch, field: FieldPlan, values: Values) -> None:
    """Put a field's values into the rows, and begin what is asked of them."""
    if field.leaf is not None:
        _leaves(run, batch, field, values)
        return
    if field.is_plain and _plainly(run, batch, field, values):
        return
    placed: Placed = []
    for i, value in enumerate(values):
        _place(run, batch, i, field, value, (), placed)
    _by_kind(run, batch, field, placed)


def _leaves(run: Run, batch: Batch, field: FieldPlan, values: Values) -> None:
    assert field.leaf is not None
    if field.depth == 0:
        convert, key = checked(field, field.leaf), field.key
        for i, (row, value) in enumerate(zip(batch.rows, values, strict=True)):
            try:
                row[key] = convert(value)
            except Exception as error:
                run.fail(batch, i, field, (), error)
        return
    placed: Placed = []
    for i, value in enumerate(values):
        _place(run, batch, i, field, value, (), placed)
    for item, (i, indices) in placed:
        try:
            put(batch.rows[i], field.key, indices, field.leaf.convert(item))
        except Exception as error:
            run.fail(batch, i, field, indices, error)


def _place(
    run: Run, batch: Batch, i: int, field: FieldPlan, value: Any, indices: tuple[int, ...], placed: Placed
) -> None:
    """Lay out the lists of a value, and gather what is in the innermost ones with its place."""
    try:
        if isinstance(value, Exception):
            raise value
        if value.__class__ in NULLS:
            if not field.nullable[len(indices)]:
                raise no_null(field.parent.name, field.name)
            return
        if len(indices) == field.depth:
            placed.append((value, (i, indices)))
            return
        found = items(value, field.parent.name, field.name)
    except Exception as error:
        run.fail(batch, i, field, indices, error)
        return
    put(batch.rows[i], field.key, indices, [None] * len(found))
    for index, item in enumerate(found):
        _place(run, batch, i, field, item, (*indices, index), placed)


def _plainly(run: Run, batch: Batch, field: FieldPlan, values: Values) -> bool:
    """As `complete`, of objects of the field's own type, none of which has failed; False where that is not so."""
    assert isinstance(field.named, GraphQLObjectType)
    objects, where = values, range(len(values))
    if field.depth:
        if set(map(type, values)) != {list}:
            return False
        objects = [*chain.from_iterable(values)]
    classes = set(map(type, objects))
    if not NULLS.isdisjoint(classes) and field.nullable == (True,):
        where = [i for i, value in enumerate(values) if value.__class__ not in NULLS]
        objects = [values[i] for i in where]
        classes -= NULLS
    if any(one in NULLS or issubclass(one, Exception) for one in classes):
        return False
    plan = field.of(field.named)
    if not plan.deep and not field.depth and isinstance(field.source, Relation):
        return _shared(plan, objects, classes, batch.rows, where, field.key)
    if field.depth:
        places = Places([(i, len(value)) for i, value in enumerate(values)])
        run.below(Batch(plan, objects, batch, field, places, classes), _attach_lists(batch, field, values))
    else:
        run.below(Batch(plan, objects, batch, field, Places(where), classes), _attach_rows(batch, field, where))
    return True


def _shared(
    plan: ObjectPlan, objects: Values, classes: set[type[Any]], rows: list[Row], where: Sequence[int], key: str
) -> bool:
    """Rows of leaves alone, made once for each object however many have it; whether that went without a failure."""
    distinct = dict(zip(map(id, objects), objects, strict=True))
    try:
        made = plan.builders.for_classes(classes)([*distinct.values()])
    except Exception as error:
        dropped(error)
        return False
    of = dict(zip(distinct, made, strict=True))
    for i, one in zip(where, map(id, objects), strict=True):
        rows[i][key] = of[one]
    return True


def _by_kind(run: Run, batch: Batch, field: FieldPlan, placed: Placed) -> None:
    """Begin the batches below a field, one for each type that its values are of."""
    of_kind: dict[GraphQLObjectType, tuple[list[Any], list[Place]]] = {}
    for value, place in placed:
        try:
            type = kind(run, batch, place[0], field, value)
        except Exception as error:
            run.fail(batch, place[0], field, place[1], error)
        else:
            objects, places = of_kind.setdefault(type, ([], []))
            objects.append(value)
            places.append(place)
    for type, (objects, places) in of_kind.items():
        run.below(Batch(field.of(type), objects, batch, field, KnownPlaces(places)), _attach(batch, field, places))


def _attach_rows(batch: Batch, field: FieldPlan, where: Sequence[int]) -> Callable[[list[Row]], None]:
    def attach(made: list[Row]) -> None:
        for i, row in zip(where, made, strict=True):
            batch.rows[i][field.key] = row

    return attach


def _attach_lists(batch: Batch, field: FieldPlan, values: Values) -> Callable[[list[Row]], None]:
    def attach(made: list[Row]) -> None:
        left = iter(made)
        for row, value in zip(batch.rows, values, strict=True):
            row[field.key] = [*islice(left, len(value))]

    return attach


def _attach(batch: Batch, field: FieldPlan, places: list[Place]) -> Callable[[list[Row]], None]:
    def attach(made: list[Row]) -> None:
        for (i, indices), row in zip(places, made, strict=True):
            put(batch.rows[i], field.key, indices, row)

    return attach
