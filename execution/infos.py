"""What resolvers are told of where they are: put together only when they ask."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from strawberry.types import Info

from execution.wanted import WHOLE, Wanted

if TYPE_CHECKING:
    from strawberry.types.field import StrawberryField

    from execution.batches import Batch
    from execution.plans import FieldPlan
    from execution.running import Run


class LazyInfo(Info[Any, Any]):
    """Strawberry's `Info`, of the i-th object of a batch: mostly but its context is wanted."""

    def __init__(self, run: Run, batch: Batch, i: int, field: FieldPlan, definition: StrawberryField) -> None:
        self._run, self._batch, self._i, self._plan = run, batch, i, field
        self._field = definition

    @cached_property
    def _raw_info(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]  # the parent's is an attribute
        return self._run.info(self._batch, self._i, self._plan)

    @property
    def context(self) -> Any:
        """The context of the operation."""
        return self._run.executor.context_value

    @property
    def wanted(self) -> Wanted:
        """What is read of the field's rows."""
        return self._plan.wanted


def wanted(info: Any) -> Wanted:
    """What is read of the rows of a list whose field is marked by `ROWS`; all, where that has not been worked out."""
    return info.wanted if isinstance(info, LazyInfo) else WHOLE
