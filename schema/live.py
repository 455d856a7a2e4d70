"""Subscriptions as the fan-out knows them: opened once for each subscriber, executed once for all who get the same."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import orjson
from graphql import ExecutionResult, FieldNode, OperationDefinitionNode, VariableNode
from graphql.execution import (
    create_source_event_stream,  # pyright: ignore[reportUnknownVariableType]  # its executor's context is open
)

from auth.viewer import Viewer
from execution.documents import core_schema
from execution.sharing import Sharing
from models.errors import ErrorCode
from resolvers.context import Context, Request, Services
from resolvers.streams import Stream
from schema.answer import TIMEOUT, NotRun, executed, prepared, shown
from schema.build import Schema
from schema.nodes import type_name

RESUMES = "after"
"""The argument by which a subscription goes on from where another one was."""


@dataclass(frozen=True)
class Opened:
    """A subscription that may begin."""

    stream: Stream
    operation: SubscribedOperation


class SubscribedOperation:
    """One operation with its variables. It is executed for an event as anybody who may hear of it."""

    def __init__(self, schema: Schema, services: Services, request: Request, executor: Any, text: str) -> None:
        self._schema, self._services, self._request, self._executor = schema, services, request, executor
        operation: OperationDefinitionNode = executor.operation
        self._sharing = Sharing(core_schema(schema), operation, executor.fragment_definitions)
        self._shared: dict[str, bool] = {}
        name = operation.name.value if operation.name else ""
        self._key = (text, name, _told_apart_by(executor, text))

    @property
    def key(self) -> Hashable:
        return self._key

    def is_shared(self, event: Any) -> bool:
        kind = type_name(event)
        if kind not in self._shared:
            self._shared[kind] = self._sharing.is_shared(kind)
        return self._shared[kind]

    async def answers(self, viewer: Viewer, events: Sequence[Any]) -> list[bytes]:
        """What the viewer is told of each event, as JSON.

        Raises `ConnectionError` while the database is away, `RuntimeError` where it took too long over one of them.
        """
        ctx = Context(self._services, viewer, self._request)
        try:
            return await asyncio.gather(*(self._answer(ctx, event) for event in events))
        finally:
            ctx.done()

    async def _answer(self, ctx: Context, event: Any) -> bytes:
        executor = self._executor.build_per_event_executor(event)
        executor.context_value = ctx
        told = await executed(ctx, executor)
        codes = {error["extensions"]["code"] for error in told.errors}
        if ErrorCode.UNAVAILABLE in codes:
            raise ConnectionError("the database is away: the event is tried again")
        if TIMEOUT in codes:
            raise RuntimeError("the database was too slow: the event is tried again, but not for ever")
        return orjson.dumps(told.body(), default=str)


async def open_stream(
    schema: Schema, ctx: Context, text: str, variables: Mapping[str, Any] | None, name: str | None
) -> Opened:
    """Begin a subscription as the context's viewer. Raises `NotRun`."""
    built = prepared(schema, ctx, text, variables, name, streams=True)
    source: Any = create_source_event_stream(built)
    if built.is_awaitable(source):
        source = await source
    if isinstance(source, ExecutionResult):
        raise NotRun([shown(ctx, each) for each in source.errors or ()])
    return Opened(cast(Stream, source), SubscribedOperation(schema, ctx.services, ctx.request, built, text))


def _told_apart_by(executor: Any, text: str) -> bytes:
    """The variables, but for the one that says where to resume: that is no matter of what is told."""
    variables: dict[str, Any] = dict(executor.variable_values.coerced)
    operation: OperationDefinitionNode = executor.operation
    roots = [node for node in operation.selection_set.selections if isinstance(node, FieldNode)]
    for argument in (argument for root in roots for argument in root.arguments or ()):
        value = argument.value
        # Declared once and used here: named anywhere else it may matter to what is told.
        if (
            argument.name.value == RESUMES
            and isinstance(value, VariableNode)
            and text.count(f"${value.name.value}") == 2
        ):
            variables.pop(value.name.value, None)
    return orjson.dumps(variables, default=str, option=orjson.OPT_SORT_KEYS)
