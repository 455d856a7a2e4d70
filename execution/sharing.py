"""Which answers are the same for everybody who may see what is asked about, so that they need be made only once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
)
from strawberry.types.field import StrawberryField

from execution.fields import is_shared

DEFINITION = "strawberry-definition"


class Sharing:
    """Looks over one operation of a valid document; what it finds is kept."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> None:
        self._schema, self._fragments = schema, fragments
        self._roots = list(self._fields(operation.selection_set, None))
        self._known: dict[tuple[str, int], bool] = {}

    def is_shared(self, type_name: str) -> bool:
        """Whether what is asked of a root field's value of this type is the same for all who may see it."""
        value = self._schema.type_map.get(type_name)
        if not isinstance(value, GraphQLObjectType):
            return False
        return all(self._all_shared(value, root.selection_set) for root in self._roots if root.selection_set)

    def _all_shared(self, parent: GraphQLObjectType, selected: SelectionSetNode) -> bool:
        key = (parent.name, id(selected))
        if key not in self._known:
            self._known[key] = True  # of a type that holds itself the rest decides
            self._known[key] = all(self._one_shared(parent, node) for node in self._fields(selected, parent))
        return self._known[key]

    def _one_shared(self, parent: GraphQLObjectType, node: FieldNode) -> bool:
        if node.name.value == "__typename":
            return True
        field = parent.fields.get(node.name.value)
        definition = field.extensions.get(DEFINITION) if field else None
        if field is None or not isinstance(definition, StrawberryField) or not is_shared(definition):
            return False
        if node.selection_set is None:
            return True
        named = get_named_type(field.type)  # pyright: ignore[reportUnknownVariableType]
        if isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
            possible = self._schema.get_possible_types(named)
            return all(self._all_shared(each, node.selection_set) for each in possible)
        return isinstance(named, GraphQLObjectType) and self._all_shared(named, node.selection_set)

    def _fields(self, selected: SelectionSetNode, parent: GraphQLObjectType | None) -> Iterator[FieldNode]:
        """The fields that a selection asks of this type, those of fragments included; each fragment once."""
        pending, entered = [selected], set[str]()
        while pending:
            for node in pending.pop().selections:
                if isinstance(node, FieldNode):
                    yield node
                elif isinstance(node, InlineFragmentNode):
                    if self._applies(node.type_condition.name.value if node.type_condition else None, parent):
                        pending.append(node.selection_set)
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in entered:
                    entered.add(node.name.value)
                    fragment = self._fragments[node.name.value]
                    if self._applies(fragment.type_condition.name.value, parent):
                        pending.append(fragment.selection_set)

    def _applies(self, condition: str | None, parent: GraphQLObjectType | None) -> bool:
        if condition is None or parent is None or condition == parent.name:
            return True
        wider = self._schema.type_map.get(condition)
        is_abstract = isinstance(wider, GraphQLInterfaceType | GraphQLUnionType)
        return is_abstract and self._schema.is_sub_type(wider, parent)
