"""Batches: objects at one place of a plan, with the rows that they become and the way back to the root.

Rows hang in the response from the moment that they are made, so that a null can be put in their place at any time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from graphql.pyutils import Path

from execution.builders import Row

if TYPE_CHECKING:
    from execution.plans import FieldPlan, ObjectPlan

Place = tuple[int, tuple[int, ...]]
"""Which object of the parent's batch, and which item of each list on the way from there."""


class Batch:
    """`objects` that are asked `plan`, and the `rows` that they become, in the same order.

    They are values of `field` of the `parent` batch's objects, at `places`; `classes` are their own.
    """

    __slots__ = ("classes", "field", "objects", "parent", "places", "plan", "rows")

    def __init__(
        self,
        plan: ObjectPlan,
        objects: Sequence[Any],
        parent: Batch | None,
        field: FieldPlan | None,
        places: Places,
        classes: set[type[Any]] | None = None,
    ) -> None:
        self.plan, self.objects, self.parent, self.field, self.places = plan, objects, parent, field, places
        self.classes = set(map(type, objects)) if classes is None else classes
        self.rows: list[Row] = []

    def keys(self, i: int) -> tuple[str | int, ...]:
        """The path of the i-th object, as a client reads it."""
        if self.parent is None or self.field is None:
            return ()
        above, indices = self.places[i]
        return (*self.parent.keys(above), self.field.key, *indices)

    def path(self, i: int) -> Path | None:
        """The same as graphql-core has it."""
        if self.parent is None or self.field is None:
            return None
        above, indices = self.places[i]
        path = Path(self.parent.path(above), self.field.key, self.parent.plan.type.name)
        for index in indices:
            path = Path(path, index, None)
        return path


class Places:
    """Where the values of a field stand that is in at most one list, worked out only when something has failed."""

    __slots__ = ("_found", "_lengths")

    def __init__(self, lengths: Sequence[tuple[int, int]] | Sequence[int]) -> None:
        """Either the parent of each value, or each parent with the number of its items."""
        self._lengths = lengths
        self._found: list[Place] | None = None

    def __getitem__(self, i: int) -> Place:
        if self._found is None:
            self._found = list(self._all())
        return self._found[i]

    def _all(self) -> Iterator[Place]:
        for one in self._lengths:
            if isinstance(one, int):
                yield one, ()
            else:
                above, count = one
                for index in range(count):
                    yield above, (index,)


class KnownPlaces(Places):
    """Places that were noted one by one."""

    __slots__ = ()

    def __init__(self, found: list[Place]) -> None:
        super().__init__(())
        self._found = found


def put_null(batch: Batch, i: int, field: FieldPlan, indices: tuple[int, ...]) -> tuple[str | int, ...] | None:
    """Put a null where a value of the i-th object's field failed, or further out where none may be.

    The path of what is null now; None where nothing on the way may be null, so that there is no data at all.
    """
    for level in range(len(indices), -1, -1):
        if field.nullable[level]:
            put(batch.rows[i], field.key, indices[:level], None)
            return (*batch.keys(i), field.key, *indices[:level])
    if batch.parent is None or batch.field is None:
        return None
    above, within = batch.places[i]
    return put_null(batch.parent, above, batch.field, within)


def put(row: Row, key: str, indices: tuple[int, ...], value: Any) -> None:
    """Put a value into a row, or into a list that hangs there; nothing where a null has come further out."""
    if not indices:
        row[key] = value
        return
    holder: Any = row[key]
    for index in indices[:-1]:
        if holder is None:
            return
        holder = holder[index]
    if holder is not None:
        holder[indices[-1]] = value
