"""The schema put together: federation 2.9, our scalars, our executor's settings, polite entities."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import strawberry
from graphql import GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, GraphQLUnionType
from strawberry.federation.schema import FederationAny
from strawberry.schema.config import StrawberryConfig

from execution.compiled import Plans, executor
from execution.documents import Documents
from execution.fields import read
from execution.limits import Limits
from execution.running import by_source
from execution.scalars import SCALARS
from execution.validation import QuietExecutor
from models.errors import Invalid
from schema import enums as enums  # what they say of the models' enums must be said before anything is built
from schema import errors, streams
from schema.nodes import LOADERS, Info, load, type_name
from schema.root import Mutation, Query, Subscription

ENTITIES_MAX = 100  # of one call


class Schema(strawberry.federation.Schema):
    """Tells types by our rows' names and finds entities within the viewer's scope."""

    def __init__(self, documents: Documents, plans: Plans | None) -> None:
        executor_class = QuietExecutor if plans is None else executor(plans)
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  # Strawberry's own is partial
            query=Query,
            mutation=Mutation,
            subscription=Subscription,
            types=[*errors.TYPES, *streams.EVENTS],
            extensions=[documents.extension],
            execution_context_class=executor_class,
            config=StrawberryConfig(default_resolver=read, scalar_map=SCALARS, disable_field_suggestions=True),
            federation_version="2.9",
        )
        self.documents, self.plans, self.executor_class = documents, plans, executor_class
        for graphql_type in self._schema.type_map.values():
            if isinstance(graphql_type, GraphQLInterfaceType | GraphQLUnionType):
                graphql_type.resolve_type = cast(Any, _resolve_type)
            elif isinstance(graphql_type, GraphQLObjectType):
                graphql_type.is_type_of = None  # rows are told by name; asking each type in turn is slow
            elif isinstance(graphql_type, GraphQLInputObjectType) and _is_one_of(graphql_type):
                # Strawberry's own check does not know where in a variable it is; graphql-core's names the place.
                graphql_type.is_one_of = True

    def process_errors(self, errors: list[Any], execution_context: Any = None) -> None:
        """Nothing: whoever shows errors logs the unexpected ones, once and with a request id."""

    async def entities_resolver(self, info: Info, representations: list[FederationAny]) -> list[Any]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The federation's entities: null for what is unknown or not visible, in one batch a type."""
        _ = info.context.me
        if len(representations) > ENTITIES_MAX:
            raise Invalid(f"Ask for at most {ENTITIES_MAX} entities at a time.", ["representations"])
        named = [_entity(representation, i) for i, representation in enumerate(representations)]
        found = await asyncio.gather(*(load(info.context, id) for _, id in named))
        return [
            row if row is not None and type_name(row) == name else None
            for (name, _), row in zip(named, found, strict=True)
        ]


def build(limits: Limits | None = None, *, plans: Plans | None = None) -> Schema:
    """The schema with a document cache of its own; run by `plans`, or by the reference executor."""
    return Schema(Documents(limits or Limits()), plans)


@by_source
def _resolve_type(source: Any, *_: object) -> str:
    definition: Any = getattr(cast(Any, type(source)), "__strawberry_definition__", None)
    return definition.name if definition else type_name(source)


def _is_one_of(graphql_type: GraphQLInputObjectType) -> bool:
    definition: Any = graphql_type.extensions.get("strawberry-definition")
    return bool(definition and definition.is_one_of)


def _entity(representation: Any, index: int) -> tuple[str, str]:
    """The type and id that a gateway asks for. Raises `Invalid`."""
    path = ["representations", index]
    if not isinstance(representation, dict):
        raise Invalid("A representation is an object with __typename and id.", path)
    given = cast(dict[str, Any], representation)
    name, id = given.get("__typename"), given.get("id")
    if not isinstance(name, str) or name not in LOADERS:
        raise Invalid(f"__typename must be one of {', '.join(sorted(LOADERS))}.", path)
    if not isinstance(id, str):
        raise Invalid("An entity is named by its id, a string.", path)
    return name, id
