"""The schema twice: run by the reference executor and by the compiled one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import strawberry
from graphql import DocumentNode, GraphQLInterfaceType, GraphQLObjectType, GraphQLUnionType
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig

from execution.compiled import Plans, executor
from execution.documents import core_schema
from execution.rows import read
from execution.running import by_source
from execution.validation import QuietExecutor
from tests.execution.equality.schema import Mutation, Person, Query, Robot, Subscription
from tests.execution.equality.shaping import SCALARS


@by_source
def _named(source: Any, *_: object) -> Any:
    return read(source, "kind")


def _told(source: Any, info: Any, type: Any) -> Any:
    """As the other, looking at where it is asked."""
    return read(source, "kind") if info.path.key is not None and type.name else None


def _is_stone(source: Any, info: Any) -> bool:
    return read(source, "kind") == info.schema.get_type("Stone").name


class Parsed(SchemaExtension):
    """Takes documents that were found valid before, the same objects for the same text."""

    known: ClassVar[dict[str, DocumentNode]] = {}

    def on_parse(self) -> Iterator[None]:
        self.execution_context.graphql_document = self.known[self.execution_context.query or ""]
        yield

    def on_validate(self) -> Iterator[None]:
        self.execution_context.validation_rules = ()
        yield


class _Schema(strawberry.Schema):
    """Logs nothing."""

    def process_errors(self, errors: list[Any], execution_context: Any = None) -> None: ...


def build(executor_class: Any, *, strict: bool) -> strawberry.Schema:
    """The schema for this executor. A `strict` one asks each value where it is whether it is of the type."""
    schema = _Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Robot, Person],
        extensions=[Parsed],
        execution_context_class=executor_class,
        config=StrawberryConfig(default_resolver=read, scalar_map=SCALARS),
    )
    for type in core_schema(schema).type_map.values():
        if isinstance(type, GraphQLInterfaceType | GraphQLUnionType):
            type.resolve_type = cast(Any, _told if strict else _named)
        elif isinstance(type, GraphQLObjectType):
            type.is_type_of = _is_stone if strict and type.name == "Stone" else None
    return schema


@dataclass
class Pair:
    """The same schema under both executors."""

    reference: strawberry.Schema
    compiled: strawberry.Schema
    plans: Plans


def pair_of(*, strict: bool) -> Pair:
    plans = Plans(from_run=1)
    return Pair(build(QuietExecutor, strict=strict), build(executor(plans), strict=strict), plans)
