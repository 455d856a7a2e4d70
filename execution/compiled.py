"""The compiled executor: runs plans where it can, and leaves all else to the reference, before anything has run."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DirectiveNode,
    ExecutionResult,
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
)
from graphql.execution.values import VariableValues

from execution.batches import Batch
from execution.kinds import tells_at_once
from execution.plans import ObjectPlan, Selections
from execution.running import Run
from execution.validation import QuietExecutor
from execution.waiting import Later

OPERATIONS_MAX = 512
COMPILED_FROM = 2  # times that an operation comes: what comes once need not pay for a plan
PLANS_MAX = 16  # of one operation: as many ways as its conditions are met in
CONDITIONS = frozenset({"skip", "include"})
INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass
class Known:
    """An operation that has come before: why it is not compiled, what decides its plans, and the plans."""

    operation: OperationDefinitionNode  # held, so that its identity is not another's
    reason: str
    conditions: tuple[str, ...]
    runs: int = 0
    plans: OrderedDict[tuple[object, ...], ObjectPlan] = field(
        default_factory=OrderedDict[tuple[object, ...], ObjectPlan]
    )


class Plans:
    """The plans of the operations that came last, and what became of each: `counts` by outcome."""

    def __init__(self, operations: int = OPERATIONS_MAX, *, from_run: int = COMPILED_FROM) -> None:
        self.counts: Counter[str] = Counter()
        self._from_run = from_run
        self._known: OrderedDict[int, Known] = OrderedDict()
        self._max = operations

    @property
    def kept(self) -> int:
        """How many plans are remembered."""
        return sum(len(known.plans) for known in self._known.values())

    def plan(self, executor: CompiledExecutor) -> ObjectPlan | None:
        """The plan of what this one is to execute; None where the reference shall."""
        known = self._find(executor)
        known.runs += 1
        reason = known.reason or _unusual(executor) or ("first" if known.runs < self._from_run else "")
        if reason:
            self.counts[reason] += 1
            return None
        met = [executor.variable_values.coerced.get(name) for name in known.conditions]
        if None in met:
            self.counts["null_condition"] += 1
            return None
        key = (executor.schema, *met)
        plan = known.plans.get(key)
        if plan is None:
            plan = _compile(executor, known.conditions)
            if plan is None:
                known.reason = "too_deep"
                self.counts[known.reason] += 1
                return None
            known.plans[key] = plan
            if len(known.plans) > PLANS_MAX:
                known.plans.popitem(last=False)
        self.counts["compiled"] += 1
        return plan

    def _find(self, executor: CompiledExecutor) -> Known:
        operation = executor.operation
        known = self._known.get(id(operation))
        if known is None:
            reason, conditions = _look_over(executor)
            known = self._known[id(operation)] = Known(operation, reason, conditions)
            if len(self._known) > self._max:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(id(operation))
        return known


class CompiledExecutor(QuietExecutor):
    """For `execution_context_class`; `plans` are the schema's."""

    plans: Plans

    def execute_operation(self, serially: bool | None = None) -> Any:
        """As the parent's: a result, or an awaitable of one."""
        plan = self.plans.plan(self)
        if plan is None:
            return super().execute_operation(serially)
        is_mutation = self.operation.operation is OperationType.MUTATION
        run = Run(self)
        root = run.root(plan)
        in_turn = is_mutation if serially is None else serially
        later = run.one_by_one(root) if in_turn else run.at_once(root)
        return self._result(run, root) if later is None else self._later(run, root, later)

    async def _later(self, run: Run, root: Batch, later: Later) -> ExecutionResult:
        try:
            await later
        except BaseException:
            await run.abandon()
            raise
        return self._result(run, root)

    def _result(self, run: Run, root: Batch) -> ExecutionResult:
        self.run_async_work_finished_hook()
        return ExecutionResult(None if run.is_dead else root.rows[0], run.errors or None)


def executor(plans: Plans) -> type[CompiledExecutor]:
    """The executor's class of one schema, with plans of its own."""
    return type("CompiledExecutor", (CompiledExecutor,), {"plans": plans})


def _unusual(executor: CompiledExecutor) -> str:
    """Why this execution is the reference's, whatever its operation is."""
    middleware = executor.middleware_manager
    if middleware is not None and middleware.middlewares:
        return "extension"
    if executor.abort_signal is not None:
        return "abort_signal"
    if not tells_at_once(executor.schema):
        return "types_awaited"
    return "" if executor.error_propagation else "no_propagation"


def _compile(executor: CompiledExecutor, conditions: tuple[str, ...]) -> ObjectPlan | None:
    root = executor.schema.get_root_type(executor.operation.operation)
    if root is None:
        return None
    values = executor.variable_values
    # A plan keeps the values that decide it, and no others: these may be secret.
    kept = VariableValues(
        {name: values.sources[name] for name in conditions if name in values.sources},
        {name: values.coerced[name] for name in conditions if name in values.coerced},
    )
    made = Selections(executor.schema, executor.fragments, executor.operation, kept, executor.field_resolver)
    try:
        return made.root(root)
    except RecursionError:
        return None


def _look_over(executor: CompiledExecutor) -> tuple[str, tuple[str, ...]]:
    """Why an operation is not compiled, if so, and the variables of its conditions."""
    conditions: set[str] = set()
    for node in _nodes(executor):
        if isinstance(node, FieldNode) and node.name.value in INTROSPECTION:
            return "introspection", ()
        for directive in node.directives or ():
            if directive.name.value not in CONDITIONS:
                return "directive", ()
            conditions.update(_variables(directive))
    if executor.operation.directives:
        return "directive", ()
    if any(fragment.variable_signatures for fragment in executor.fragments.values()):
        return "fragment_variables", ()
    return "", tuple(sorted(conditions))


def _nodes(executor: CompiledExecutor) -> Iterator[FieldNode | InlineFragmentNode | FragmentSpreadNode]:
    """All selections of an operation and of the fragments that it spreads, each fragment once."""
    pending: list[SelectionSetNode] = [executor.operation.selection_set]
    entered: set[str] = set()
    while pending:
        for node in pending.pop().selections:
            if isinstance(node, FieldNode | InlineFragmentNode):
                yield node
                if node.selection_set is not None:
                    pending.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                yield node
                name = node.name.value
                if name not in entered and name in executor.fragments:
                    entered.add(name)
                    pending.append(executor.fragments[name].definition.selection_set)


def _variables(directive: DirectiveNode) -> Iterator[str]:
    for argument in directive.arguments or ():
        if isinstance(argument.value, VariableNode):
            yield argument.value.name.value
