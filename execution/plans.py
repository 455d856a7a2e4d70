"""Plans: what an operation asks for, worked out once, type by type, so that running it is left with the values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cached_property
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLList,
    GraphQLNamedOutputType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from strawberry.types import Info
from strawberry.types.field import StrawberryField

from execution.builders import Builders
from execution.fields import ROWS, Bare, Batched, Column, Computed, Listed, Relation, declared
from execution.leaves import Leaf, leaf
from execution.rows import read
from execution.sources import Call, Made, Named, Read, Source, Under, Wrapped
from execution.wanted import COLUMNS_MAX, Companion, Wanted

DEFINITION = "strawberry-definition"
TYPENAME = "__typename"


@dataclass(eq=False)
class FieldPlan:
    """A field of one type as it is asked for.

    `nullable` says at each level of lists, outermost first, whether what stands there may be null. With a `leaf` it has
    no selection; else `of(type)` is what is asked of its values of a type.
    """

    key: str
    name: str
    parent: GraphQLObjectType
    field: GraphQLField
    details: list[FieldDetails]
    source: Source
    nullable: tuple[bool, ...]
    named: GraphQLNamedOutputType
    leaf: Leaf | None
    selections: Selections
    types: dict[str, GraphQLObjectType] = dataclass_field(default_factory=dict[str, GraphQLObjectType])  # met so far
    arguments: dict[str, Any] | None = None  # converted, where they are constant
    _plans: dict[GraphQLObjectType, ObjectPlan] = dataclass_field(
        default_factory=dict["GraphQLObjectType", "ObjectPlan"]
    )

    @property
    def depth(self) -> int:
        """How many lists its values are in."""
        return len(self.nullable) - 1

    @cached_property
    def nodes(self) -> list[FieldNode]:
        return [detail.node for detail in self.details]

    @cached_property
    def is_constant(self) -> bool:
        """Whether its arguments are the same in every run: none of them names a variable."""
        return not any(_names_variable(argument.value) for argument in self.details[0].node.arguments or ())

    @cached_property
    def is_ready(self) -> bool:
        """Whether its value is in the parent, and a leaf that is in no list: so that rows are built with it."""
        return self.leaf is not None and self.depth == 0 and isinstance(self.source, Named | Read | Made)

    @cached_property
    def is_plain(self) -> bool:
        """Whether its values are objects of one type that need no test, in one list at most."""
        return self.depth <= 1 and isinstance(self.named, GraphQLObjectType) and not self.named.is_type_of

    @cached_property
    def columns(self) -> tuple[str, ...] | None:
        """What the rows that are loaded for it must have for all that is asked of them; None: who knows what.

        Sorted, and at most `COLUMNS_MAX`.
        """
        if not self._rows or any(plan is None or plan.names is None for plan in self._rows):
            return None
        names = {name for plan in self._rows if plan for name in plan.names or ()}
        return tuple(sorted(names)) if len(names) <= COLUMNS_MAX else None

    @cached_property
    def wanted(self) -> Wanted:
        """The same of the rows of a list, and what is asked of single rows that they name."""
        found = (one for plan in self._rows if plan for one in plan.companions)
        return Wanted(self.columns, tuple(dict.fromkeys(found)))

    @cached_property
    def _rows(self) -> list[ObjectPlan | None]:
        """What is asked of the rows that are loaded for it, once for each way to them; None: who knows what."""
        ways = self.source.rows if isinstance(self.source, Under | Call) else ((),)
        return [plan for way in ways for plan in self._at(way)]

    def _at(self, way: Sequence[str]) -> Iterator[ObjectPlan | None]:
        """What is asked of the objects at the end of a way, once for each field that leads there."""
        if not isinstance(self.named, GraphQLObjectType):
            yield None
        elif not way:
            yield self.of(self.named)
        else:
            for field in self.of(self.named).fields:
                if field.name == way[0]:
                    yield from field._at(way[1:])

    def of(self, type: GraphQLObjectType) -> ObjectPlan:
        """What is asked of those values that are of this type."""
        plan = self._plans.get(type)
        if plan is None:
            plan = self._plans[type] = self.selections.below(type, self.details)
        return plan


@dataclass(eq=False)
class ObjectPlan:
    """What is asked of objects of one type, in the order of the response."""

    type: GraphQLObjectType
    fields: Sequence[FieldPlan]

    @cached_property
    def deep(self) -> list[FieldPlan]:
        """Those that rows are built without."""
        return [one for one in self.fields if not one.is_ready]

    @cached_property
    def builders(self) -> Builders:
        return Builders(self.type, self.fields)

    @cached_property
    def companions(self) -> list[Companion]:
        """Single rows that the objects name, where it is known what is read of them."""
        return [
            Companion(source.loader, source.key, field.columns)
            for field in self.fields
            if isinstance(source := field.source, Relation) and not (source.many or source.on_day) and field.columns
        ]

    @cached_property
    def names(self) -> frozenset[str] | None:
        """The names that are read of the objects; None where functions are given them whole."""
        read = [_names_read(field.source) for field in self.fields]
        return None if None in read else frozenset(name for names in read for name in names or ())


class Selections:
    """Makes plans of one operation, whose conditions (@skip, @include) are decided by `variables`."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: dict[str, FragmentDetails],
        operation: OperationDefinitionNode,
        variables: VariableValues,
        resolver: Callable[..., Any],
    ) -> None:
        self._schema, self._fragments, self._operation, self._variables = schema, fragments, operation, variables
        self._resolver = resolver  # of fields that name none
        strawberry_schema: Any = getattr(schema, "_strawberry_schema", None)
        self.converter: Any = getattr(strawberry_schema, "schema_converter", None)

    def root(self, type: GraphQLObjectType) -> ObjectPlan:
        """What is asked of the root. Raises `RecursionError` where it is nested too deeply."""
        collected = collect_fields(self._schema, self._fragments, self._variables, type, self._operation, True)
        return self._plan(type, collected.grouped_field_set)

    def below(self, type: GraphQLObjectType, details: list[FieldDetails]) -> ObjectPlan:
        """What is asked of values of a field that are of this type."""
        collected = collect_subfields(
            self._schema, self._fragments, self._variables, self._operation, type, details, True
        )
        return self._plan(type, collected.grouped_field_set)

    def _plan(self, type: GraphQLObjectType, grouped: Mapping[str, list[FieldDetails]]) -> ObjectPlan:
        made = (self._field(type, key, details) for key, details in grouped.items())
        return ObjectPlan(type, [one for one in made if one is not None])

    def _field(self, type: GraphQLObjectType, key: str, details: list[FieldDetails]) -> FieldPlan | None:
        name = details[0].node.name.value
        field = self._schema.get_field(type, name)
        if field is None:
            return None
        nullable, named = _levels(cast("Any", field).type)
        return FieldPlan(
            key=key,
            name=name,
            parent=type,
            field=field,
            details=details,
            source=Named(type.name) if name == TYPENAME else self._source(field, details[0].node),
            nullable=nullable,
            named=named,
            leaf=leaf(named) if is_leaf_type(named) else None,
            selections=self,
        )

    def _source(self, field: GraphQLField, node: FieldNode) -> Source:
        definition: Any = field.extensions.get(DEFINITION)
        wrapped = Wrapped(field.resolve or self._resolver)
        if not isinstance(definition, StrawberryField) or self.converter is None or not _is_bare(definition):
            return wrapped
        if self.converter.exception_handlers or self.converter.config.info_class is not Info:
            return wrapped
        found = declared(definition)
        if isinstance(found, Bare) and not node.arguments:
            return found.field
        if isinstance(found, Column) and found.source is not None:
            return Read(found.source)
        if isinstance(found, Computed):
            return Made(found.fn, found.of)
        if isinstance(found, Relation | Batched):
            return found
        if isinstance(found, Listed):
            return Under(found.loader, found.key, found.rows, definition)
        resolver = cast("Any", definition).base_resolver
        if resolver is None:
            # What a plain field reads, and how, is the configuration's.
            own = self.converter.config.default_resolver
            return Read(definition.python_name) if own is read else wrapped
        parents = (resolver.parent_parameter, resolver.root_parameter)
        return Call(
            fn=resolver.wrapped_func,
            takes_self=resolver.self_parameter is not None,
            parent=tuple(one.name for one in parents if one),
            info=resolver.info_parameter.name if resolver.info_parameter else None,
            field=definition,
            rows=definition.metadata.get(ROWS, ()),
        )


def _names_read(source: Source) -> Sequence[str] | None:
    """The names that are read of an object for a field; None: who knows what."""
    match source:
        case Named():
            return ()
        case Read(name):
            return (name,)
        case Made(_, of):
            return None if of is None else (of,)
        case Relation(on_day=None, key=key) | Under(_, key):
            return (key,)
        case Batched(_, reads):
            return None if reads is None else ("id", *reads)
        case _:
            return None


def _is_bare(definition: StrawberryField) -> bool:
    """Whether nothing comes between a caller and the field's function; what maps arguments alone does not."""
    of_its_own = type(definition).get_result is not StrawberryField.get_result
    return not (of_its_own or definition.is_subscription or any(one.has_resolver for one in definition.extensions))


def _names_variable(node: ValueNode) -> bool:
    if isinstance(node, ListValueNode):
        return any(map(_names_variable, node.values))
    if isinstance(node, ObjectValueNode):
        return any(_names_variable(field.value) for field in node.fields)
    return isinstance(node, VariableNode)


def _levels(type: Any) -> tuple[tuple[bool, ...], GraphQLNamedOutputType]:
    nullable: list[bool] = []
    while True:
        nullable.append(not isinstance(type, GraphQLNonNull))
        inner: Any = cast("Any", type).of_type if isinstance(type, GraphQLNonNull) else type
        if not isinstance(inner, GraphQLList):
            return tuple(nullable), inner
        type = cast("Any", inner).of_type
