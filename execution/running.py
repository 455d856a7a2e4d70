"""Running a plan: all objects of one place together, field by field, each field as soon as its values are there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, located_error
from graphql.pyutils import Path

from execution.batches import Batch, Places, put_null
from execution.builders import Row
from execution.calling import called, resolved
from execution.completing import complete
from execution.fields import Batched, Relation
from execution.kinds import by_source as by_source
from execution.loading import answered, listed, related
from execution.sources import Call, Made, Named, Read, Under, Wrapped, each, maker, reader, tried
from execution.waiting import Later, Values, abandon, arrived, dropped, waiting

if TYPE_CHECKING:
    from execution.compiled import CompiledExecutor
    from execution.plans import FieldPlan, ObjectPlan


class Run:
    """One execution: its errors, the arguments of its fields, and what it waits for.

    Values of loaders are told by them, and cost no task; only where several things are awaited is each made one.
    """

    def __init__(self, executor: CompiledExecutor) -> None:
        self.executor = executor
        self.errors: list[GraphQLError] = []
        self.arguments: dict[FieldPlan, dict[str, Any] | Exception] = {}
        self._nulled: set[tuple[str | int, ...]] = set()
        self._awaited: list[Awaitable[Any]] = []
        self._begun: list[Later] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._expected = 0  # values that a task or a loader will tell
        self._moment: asyncio.Future[None] | None = None
        self._fault: BaseException | None = None
        self._is_over = False

    # The operation.

    def root(self, plan: ObjectPlan) -> Batch:
        """The batch of the root alone."""
        return Batch(plan, [self.executor.root_value], None, None, Places([]))

    def at_once(self, root: Batch) -> Later | None:
        """Make the root's row; what is left to be awaited until it is complete."""
        self.below(root, lambda _: None)
        return self._finished() if self._begun or self._expected or self._fault else None

    async def one_by_one(self, root: Batch) -> None:
        """Make the root's row so that no field begins before the one in front of it is complete in depth."""
        root.rows = [dict.fromkeys(field.key for field in root.plan.fields)]
        for field in root.plan.fields:
            if self.is_dead:
                return
            self._field(root, field)
            await self._finished()

    @property
    def is_dead(self) -> bool:
        """Whether nothing is left of the data."""
        return () in self._nulled

    async def abandon(self) -> None:
        """Let go of everything that is still to come, and see it end."""
        self._is_over = True
        for task in self._tasks:
            task.cancel()
        abandon([*self._begun, *self._awaited])
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # What is awaited.

    def begin(self, batch: Batch, field: FieldPlan, come: Callable[..., Awaitable[Values]], *args: Any) -> None:
        """Await a field's values, which `come` gives, while the others go on."""
        self._begun.append(self._later(batch, field, come, *args))

    def expect(self, batch: Batch, field: FieldPlan, tell: Callable[[Callable[[Values], None]], None]) -> None:
        """Have a field's values by `tell`, which calls what it is given with them: at once, or once they are there.

        Raises what `tell` does, and nothing is expected then.
        """
        tell(partial(self._told, batch, field))
        self._expected += 1  # what has been told at once has been counted off already

    def _told(self, batch: Batch, field: FieldPlan, values: Values) -> None:
        self._expected -= 1
        if self._is_over:
            return
        try:
            complete(self, batch, field, values)
        except Exception as error:
            self._fault = error
        self._wake()

    async def _later(self, batch: Batch, field: FieldPlan, come: Callable[..., Awaitable[Values]], *args: Any) -> None:
        complete(self, batch, field, await come(*args))

    async def _finished(self) -> None:
        """Until nothing is left to be awaited. What fails is noted where it belongs; what is our mistake is raised."""
        while self._begun or self._expected:
            if self._fault:
                raise self._fault
            if len(self._begun) == 1 and not self._expected:
                await self._begun.pop()
                continue
            for later in self._begun:
                self._start(later)
            self._begun = []
            self._moment = asyncio.get_running_loop().create_future()
            await self._moment
        if self._fault:
            raise self._fault

    def _start(self, later: Later) -> None:
        task = asyncio.get_running_loop().create_task(later)
        self._tasks.add(task)
        self._expected += 1
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._expected -= 1
        if not task.cancelled() and (error := task.exception()):
            self._fault = error
        self._wake()

    def _wake(self) -> None:
        if self._moment and not self._moment.done() and (self._begun or not self._expected or self._fault):
            self._moment.set_result(None)

    # A batch.

    def below(self, batch: Batch, attach: Callable[[list[Row]], None]) -> None:
        """Make the rows of a batch, hang them into the response, and begin what they cannot be built with."""
        plan, fields = batch.plan, batch.plan.deep
        try:
            batch.rows = plan.builders.for_classes(batch.classes)(batch.objects)
        except Exception as error:
            dropped(error)
            # Once more, field by field, to find out what failed or is awaited. What is read is read without effects.
            batch.rows, fields = [dict.fromkeys(field.key for field in plan.fields) for _ in batch.objects], plan.fields
        attach(batch.rows)
        for field in fields:
            self._field(batch, field)

    def _field(self, batch: Batch, field: FieldPlan) -> None:
        """Have a field's values in the rows: at once, or as soon as they are there."""
        source = field.source
        match source:
            case Relation():
                related(self, batch, field, source)
                return
            case Batched():
                answered(self, batch, field, source)
                return
            case Named(name):
                values = each(lambda _: name, batch.objects)
            case Read(name):
                values = each(reader(name, batch.classes), batch.objects)
            case Under():
                listed(self, batch, field, source)
                return
            case Made():
                make = maker(source, batch.classes)
                values = [tried(make, one) for one in batch.objects]  # each once: what it gives may be awaited
            case Call():
                values = called(self, batch, field, source)
            case Wrapped():
                values = resolved(self, batch, field, source)
        places = waiting(values)
        if not places:
            complete(self, batch, field, values)
            return
        self._awaited += [values[i] for i in places]
        self.begin(batch, field, arrived, values, places)

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
