"""Running a plan: all objects of one place together, field by field, each field as soon as its values are there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, located_error
from graphql.pyutils import Path

from execution.batches import Batch, Places, put_null
from execution.builders import Row
from execution.calling import called, resolved
from execution.completing import complete
from execution.fields import Batched, Relation
from execution.kinds import by_source as by_source
from execution.loading import answered, related
from execution.sources import Call, Made, Named, Read, Wrapped, each, reader, tried
from execution.waiting import Later, Values, abandon, all_of, arrived, dropped, waiting

if TYPE_CHECKING:
    from execution.compiled import CompiledExecutor
    from execution.plans import FieldPlan, ObjectPlan


class Run:
    """One execution: its errors, and the arguments of its fields."""

    def __init__(self, executor: CompiledExecutor) -> None:
        self.executor = executor
        self.errors: list[GraphQLError] = []
        self.arguments: dict[FieldPlan, dict[str, Any] | Exception] = {}
        self._nulled: set[tuple[str | int, ...]] = set()
        self._awaited: list[Awaitable[Any]] = []

    # The operation.

    def root(self, plan: ObjectPlan) -> Batch:
        """The batch of the root alone."""
        return Batch(plan, [self.executor.root_value], None, None, Places([]))

    def at_once(self, root: Batch) -> Later | None:
        """Make the root's row; what is left to be awaited until it is complete."""
        left = self.below(root, lambda _: None)
        return all_of(left) if left else None

    async def one_by_one(self, root: Batch) -> None:
        """Make the root's row so that no field begins before the one in front of it is complete in depth."""
        root.rows = [dict.fromkeys(field.key for field in root.plan.fields)]
        for field in root.plan.fields:
            if self.is_dead:
                return
            await all_of(self._field(root, field))

    @property
    def is_dead(self) -> bool:
        """Whether nothing is left of the data."""
        return () in self._nulled

    def abandon(self) -> None:
        """Let go of everything that is still to come."""
        abandon(self._awaited)

    # A batch.

    def below(self, batch: Batch, attach: Callable[[list[Row]], None]) -> list[Later]:
        """Make the rows of a batch and hang them into the response; what is left to be awaited until they are full."""
        plan, fields = batch.plan, batch.plan.deep
        try:
            batch.rows = plan.builders.for_classes(batch.classes)(batch.objects)
        except Exception as error:
            dropped(error)
            # Once more, field by field, to find out what failed or is awaited. What is read is read without effects.
            batch.rows, fields = [dict.fromkeys(field.key for field in plan.fields) for _ in batch.objects], plan.fields
        attach(batch.rows)
        return [later for field in fields for later in self._field(batch, field)]

    def _field(self, batch: Batch, field: FieldPlan) -> list[Later]:
        """Have a field's values in the rows: at once, or by what is left to be awaited."""
        source = field.source
        match source:
            case Relation():
                return [self._later(batch, field, related, self.executor.context_value, batch, source)]
            case Batched():
                return [self._later(batch, field, answered, self.executor.context_value, batch, source)]
            case Named(name):
                values = each(lambda _: name, batch.objects)
            case Read(name):
                values = each(reader(name, batch.classes), batch.objects)
            case Made(fn):
                values = [tried(fn, one) for one in batch.objects]  # each once: what it gives may be awaited
            case Call():
                values = called(self, batch, field, source)
            case Wrapped():
                values = resolved(self, batch, field, source)
        places = waiting(values)
        if not places:
            return complete(self, batch, field, values)
        self._awaited += [values[i] for i in places]
        return [self._later(batch, field, arrived, values, places)]

    async def _later(self, batch: Batch, field: FieldPlan, come: Callable[..., Awaitable[Values]], *args: Any) -> None:
        await all_of(complete(self, batch, field, await come(*args)))

    # What fails, and what resolvers are told.

    def fail(self, batch: Batch, i: int, field: FieldPlan, indices: tuple[int, ...], error: Exception) -> None:
        """Note an error, and put a null where it belongs; nothing where there is one already, there or further out."""
        nulled = put_null(batch, i, field, indices) or ()
        if any(nulled[:length] in self._nulled for length in range(len(nulled) + 1)):
            return
        self._nulled.add(nulled)
        path = [*batch.keys(i), field.key, *indices]
        self.errors.append(located_error(error, field.nodes, path))

    def info(self, batch: Batch, i: int, field: FieldPlan) -> Any:
        """What graphql-core tells a resolver."""
        path = Path(batch.path(i), field.key, field.parent.name)
        executor: Any = self.executor  # graphql-core leaves open what the result's context is
        return executor.build_resolve_info(field.field, field.nodes, field.parent, path)
