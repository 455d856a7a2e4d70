"""Running one operation, and showing what became of it: the same for HTTP, sockets and tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import structlog
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
)
from graphql.language import OperationType

from execution.documents import InvalidDocument, Known, core_schema
from execution.inputs import check_text, parse_text
from execution.limits import Limits
from models.db import is_too_slow, is_unreachable
from models.errors import DomainError, ErrorCode
from resolvers.context import Context
from resolvers.streams import take_stand
from schema.build import Schema

ANONYMOUS = frozenset({"__typename", "viewer", "signIn", "activateAccount"})
"""Root fields for whoever is not signed in."""
INTROSPECTION = frozenset({"__schema", "__type", "_service"})

TIMEOUT = "TIMEOUT"
"""The code of what was given up because it took too long."""

CURSOR_FIELD = "eventCursor"
"""Is answered before all other fields of its operation, which run at once."""

LIMITS = Limits()

out = structlog.get_logger()


class Result(Protocol):
    """What an executor gives, graphql-core's or Strawberry's."""

    @property
    def data(self) -> dict[str, Any] | None: ...

    @property
    def errors(self) -> list[GraphQLError] | None: ...


@dataclass(frozen=True)
class Answer:
    """What a client gets. Without `ran` nothing was executed: there is no `data` at all."""

    data: dict[str, Any] | None = None
    errors: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    ran: bool = False

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"errors": self.errors} if self.errors else {}
        return {"data": self.data, **body} if self.ran else body

    @property
    def code(self) -> str | None:
        """The code of the first error."""
        return self.errors[0]["extensions"]["code"] if self.errors else None


async def execute(
    schema: Schema,
    ctx: Context,
    query: str,
    variables: dict[str, Any] | None = None,
    name: str | None = None,
    *,
    only_queries: bool = False,
    introspection: bool = True,
) -> Answer:
    """Run a query or mutation for the context's viewer."""
    known = schema.documents.known(schema, query)
    if refusal := gate(ctx, query, name, only_queries=only_queries, introspection=introspection, known=known):
        return Answer(errors=[refusal])
    if CURSOR_FIELD in query:
        await take_stand(ctx)
    try:
        return await executed(ctx, prepared(schema, ctx, query, variables, name))
    except NotRun as error:
        return Answer(errors=error.errors)
    except Exception as error:
        return Answer(errors=[fault(error, ctx.request.id)])
    finally:
        ctx.done()


async def executed(ctx: Context, built: Any) -> Answer:
    """What becomes of an operation that is `prepared`."""
    try:
        result: Any = built.execute_operation()
        return answer(ctx, await result if built.is_awaitable(result) else result)
    finally:
        built.context_value = built.async_helpers = None


class NotRun(Exception):
    """An operation that was refused before anything of it was executed, and why as clients see it."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__("refused")
        self.errors = errors


def prepared(
    schema: Schema,
    ctx: Context,
    query: str,
    variables: Mapping[str, Any] | None,
    name: str | None,
    *,
    streams: bool = False,
) -> Any:
    """What executes the operation, a query or mutation, or where it `streams` a subscription. Raises `NotRun`.

    As Strawberry's `Schema.execute` does it, without what extensions would have to do in between: there are none.
    """
    if not query:
        raise NotRun([refused("GRAPHQL_PARSE_FAILED", "The document is empty: write an operation.")])
    try:
        known = schema.documents.ready(schema, query, name, variables)
    except InvalidDocument as error:
        raise NotRun([shown(ctx, each) for each in error.errors]) from None
    built = schema.executor_class.build(
        core_schema(schema),
        known.document,
        context_value=ctx,
        raw_variable_values=dict(variables or {}),
        operation_name=name,
    )
    if isinstance(built, list):
        raise NotRun([shown(ctx, each) for each in cast("list[GraphQLError]", built)])
    if (built.operation.operation is OperationType.SUBSCRIPTION) is not streams:
        raise NotRun([refused("BAD_USER_INPUT", NO_SUBSCRIPTION if streams else SUBSCRIPTION)])
    return built


def answer(ctx: Context, result: Result) -> Answer:
    """A result as clients see it."""
    errors = [shown(ctx, error) for error in result.errors or ()]
    return Answer(result.data, errors, ran=not _refused_before(result))


SUBSCRIPTION = (
    "A subscription is followed over a WebSocket (graphql-transport-ws) at this address, or by server-sent events:"
    " accept text/event-stream."
)
NO_SUBSCRIPTION = "Only subscriptions are followed; this is a query or a mutation."


def _refused_before(result: Result) -> bool:
    """Coercion of variables and the choice of the operation fail before anything has run, and have no path."""
    return result.data is None and bool(result.errors) and all(error.path is None for error in result.errors or ())


# Of a variable graphql-core says in its sentence alone where the fault lies; it refuses it before anything has a path.
IN_VARIABLE = re.compile(r"Variable '\$(\w+)' has invalid value(?: at )?((?:\.\w+|\[\d+\])*): ")

# The same of an argument that a variable makes unfit: what was declared as perhaps null is null where it must not be.
IN_ARGUMENT = re.compile(r"Argument '(\w+)' has invalid value(?: at )?((?:\.\w+|\[\d+\])*): ")


def shown(ctx: Context, error: GraphQLError) -> dict[str, Any]:
    """An error as clients see it: refusals as they are, bugs masked by the request's id and logged."""
    cause = error.original_error
    body: dict[str, Any] = {"message": error.message}
    if error.locations:
        body["locations"] = [location.formatted for location in error.locations]
    if error.path:
        body["path"] = list(error.path)
    extensions: dict[str, Any] = dict(error.extensions or {})
    while isinstance(cause, GraphQLError):
        extensions = {**dict(cause.extensions or {}), **extensions}
        cause = cause.original_error
    if isinstance(cause, DomainError):
        extensions["code"] = cause.code.value
        if cause.path:
            extensions["argument"] = ".".join(cause.path)
    elif cause is not None:
        body |= fault(cause, ctx.request.id, path=body.get("path"))
        extensions = body["extensions"]
    elif error.path is None and (place := _place(IN_VARIABLE, error.message)):
        extensions["variable"] = place
    elif "code" not in extensions and (place := _place(IN_ARGUMENT, error.message)):
        extensions |= {"code": ErrorCode.BAD_USER_INPUT.value, "argument": place}
    extensions.setdefault("code", "BAD_USER_INPUT" if error.path is None else "INTERNAL")
    body["extensions"] = extensions
    return body


def _place(sentence: re.Pattern[str], message: str) -> str | None:
    """The place that a sentence about a variable or an argument names, as `input.excluded.1`."""
    found = sentence.match(message)
    return found and found[1] + re.sub(r"\[(\d+)\]", r".\1", found[2])


def fault(error: BaseException, request_id: str, **where: object) -> dict[str, Any]:
    """What went wrong on our side as clients see it: a number to tell; the log has the rest."""
    if is_unreachable(error):
        out.warning("unavailable", request_id=request_id, error=repr(error), **where)
        body = refused("UNAVAILABLE", "The database is not available just now. Try again in a moment.")
    elif is_too_slow(error):
        out.warning("statement_given_up", request_id=request_id, error=repr(error), **where)
        body = refused(TIMEOUT, "This took the database too long. Ask for less, or try again in a moment.")
    else:
        out.error("request_failed", request_id=request_id, exc_info=error, **where)
        body = refused(
            "INTERNAL", f"Something went wrong on our side. Tell your administrators the number {request_id}."
        )
    body["extensions"]["requestId"] = request_id
    return body


def refused(code: str, message: str) -> dict[str, Any]:
    """An error that is no field's."""
    return {"message": message, "extensions": {"code": code}}


def gate(
    ctx: Context, query: str, name: str | None, *, only_queries: bool, introspection: bool, known: Known | None = None
) -> dict[str, Any] | None:
    """What keeps this operation from being run at all, before it is validated; None where nothing does.

    A document that cannot be parsed here is let through: its execution says what is wrong with it. One that is `known`
    has been looked at before.
    """
    if known is None:
        try:
            check_text(query, LIMITS)
        except GraphQLError as error:
            return shown(ctx, error)
    if ctx.viewer is not None and not only_queries and introspection:
        return None
    try:
        document = known.document if known else parse_text(query, LIMITS)
    except GraphQLError:
        return None
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    chosen = [o for o in operations if name is None or (o.name and o.name.value == name)]
    if only_queries and any(o.operation is not OperationType.QUERY for o in chosen):
        return refused("METHOD_NOT_ALLOWED", "A GET may only ask. Send mutations by POST.")
    roots = set(root_fields(document, chosen))
    if not introspection and roots & INTROSPECTION:
        return refused(
            ErrorCode.FORBIDDEN, "Introspection is for those who are signed in; the schema is in the repository."
        )
    if ctx.viewer is None and (beyond := sorted(roots - ANONYMOUS - INTROSPECTION)):
        return refused(ErrorCode.UNAUTHENTICATED, f"Sign in to use {', '.join(beyond[:5])}.")
    return None


def operation_kind(query: str, name: str | None) -> OperationType | None:
    """What the operation is that would be run; None where that is for its execution to refuse."""
    try:
        document = parse_text(query, LIMITS)
    except GraphQLError:
        return None
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    chosen = [o for o in operations if name is None or (o.name and o.name.value == name)]
    return chosen[0].operation if len(chosen) == 1 else None


def root_fields(document: DocumentNode, operations: Sequence[OperationDefinitionNode]) -> Iterable[str]:
    """The names of the fields that these operations select at the root, each fragment looked at once."""
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    seen: set[str] = set()
    waiting: list[SelectionNode] = [s for o in operations for s in o.selection_set.selections]
    while waiting:
        selection = waiting.pop()
        if isinstance(selection, FieldNode):
            yield selection.name.value
        elif isinstance(selection, InlineFragmentNode):
            waiting.extend(selection.selection_set.selections)
        elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
            seen.add(selection.name.value)
            if fragment := fragments.get(selection.name.value):
                waiting.extend(fragment.selection_set.selections)
