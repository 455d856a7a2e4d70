"""One document looked over before it is validated: its shape once, its weight for each request."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    Node,
    NullValueNode,
    OperationDefinitionNode,
    OperationType,
    StringValueNode,
    ValueNode,
)
from graphql.language.ast import QUERY_DOCUMENT_KEYS

from execution.inputs import check_list, check_string, check_variables
from execution.limits import ENORMOUS, GRAPHQL_VALIDATION_FAILED, LimitExceeded, Limits, refusal
from execution.weights import Scale, Weight, as_length, as_number, dearest

REMEMBERED = 64  # weights of one document
NAMED, NAME_MAX = 5, 100  # operations that a message names, and characters of each
ANONYMOUS = "(one without a name)"


def check_document(
    document: DocumentNode,
    schema: GraphQLSchema,
    operation_name: str | None,
    variables: Mapping[str, object] | None,
    limits: Limits,
) -> Weight:
    """The weight of the operation that a request runs, if it keeps to the limits; the document need not be valid.

    Raises `LimitExceeded`, or `GraphQLError` for a fragment cycle, or where it is not clear which operation is meant.
    A document that comes again is cheaper by a `Survey` of one's own.
    """
    return Survey(document, schema, limits).check(operation_name, variables)


class Survey:
    """What is known of a document before it is validated; made once, then asked for each request."""

    def __init__(self, document: DocumentNode, schema: GraphQLSchema, limits: Limits) -> None:
        """Raises what `check_document` raises, as far as it does not depend on the request."""
        self._schema = schema
        self._limits = limits
        self.fragments = _look_over(document, limits)
        self._operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        self._sized_by: dict[str | None, tuple[str, ...]] = {}
        self._weights: dict[object, Weight] = {}
        self._check_repeats()

    def check(self, operation_name: str | None, variables: Mapping[str, object] | None) -> Weight:
        """The weight of the operation that this request runs. Raises what `check_document` raises."""
        check_variables(variables, self._limits)
        operation = self.operation(operation_name)
        roots = len(self._root_keys(operation))
        if operation.operation is OperationType.SUBSCRIPTION and roots != 1:
            message = f"A subscription has exactly one root field; this one has {roots}."
            raise refusal(GRAPHQL_VALIDATION_FAILED, message, operation)
        self._check("root_fields", roots, operation)
        weight = self._weigh(operation, variables or {})
        self._check("depth", weight.depth, operation)
        self._check("introspection_depth", weight.introspection_depth, operation)
        self._check("introspection", weight.introspection, operation)
        self._check("aliases", weight.aliases, operation)
        self._check_nodes(weight, operation)
        self._check("objects", weight.objects, operation)
        return weight

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation of that name; without a name the only one. Raises `GraphQLError`."""
        if name is None and len(self._operations) > 1:
            names = ", ".join((_name(one) or ANONYMOUS)[:NAME_MAX] for one in self._operations[:NAMED])
            message = (
                f"The document holds {len(self._operations)} operations: name the one to run in operationName,"
                f" one of {names}."
            )
            raise refusal(GRAPHQL_VALIDATION_FAILED, message, self._operations)
        for operation in self._operations:
            if name is None or _name(operation) == name:
                return operation
        wanted = "to run" if name is None else f"named {name[:NAME_MAX]!r}"
        raise refusal(GRAPHQL_VALIDATION_FAILED, f"The document holds no operation {wanted}.")

    def _check_repeats(self) -> None:
        # Of everything there is, since all of it is validated, whichever operation is run.
        scale = Scale(self._schema, self.fragments, {}, self._limits)
        for name, weight in scale.fragments.items():
            self._check("repeats", weight.repeats, self.fragments[name])
        for operation in self._operations:
            self._check("repeats", scale.weigh(operation).repeats, operation)

    def _root_keys(self, operation: OperationDefinitionNode) -> set[str]:
        """The response names at the root, those of fragments included."""
        keys: set[str] = set()
        entered: set[str] = set()
        pending = [operation.selection_set]
        while pending:
            for node in pending.pop().selections:
                if isinstance(node, FieldNode):
                    keys.add(node.alias.value if node.alias else node.name.value)
                elif isinstance(node, InlineFragmentNode):
                    pending.append(node.selection_set)
                elif isinstance(node, FragmentSpreadNode):
                    name = node.name.value
                    if name in self.fragments and name not in entered:
                        entered.add(name)
                        pending.append(self.fragments[name].selection_set)
        return keys

    def _weigh(self, operation: OperationDefinitionNode, variables: Mapping[str, object]) -> Weight:
        name = _name(operation)
        values = _with_defaults(operation, variables)
        if name in self._sized_by:
            weight = self._weights.get((name, _sizes(self._sized_by[name], values)))
            if weight is not None:
                return weight
        scale = Scale(self._schema, self.fragments, values, self._limits)
        weight = scale.weigh(operation)
        self._sized_by[name] = tuple(sorted(scale.used))
        if len(self._weights) >= REMEMBERED:
            self._weights.clear()
        self._weights[name, _sizes(self._sized_by[name], values)] = weight
        return weight

    def _check(self, limit: str, measured: int, node: Node) -> None:
        allowed = int(getattr(self._limits, limit))
        if measured > allowed:
            message = f"{MESSAGES[limit]} {measured:,}; at most {allowed:,} are allowed. {REMEDIES[limit]}"
            raise LimitExceeded(limit, message, measured=measured, allowed=allowed, nodes=node)

    def _check_nodes(self, weight: Weight, node: Node) -> None:
        allowed = self._limits.nodes
        if weight.nodes > allowed:
            selections = [{"path": path, "nodes": nodes} for path, nodes in dearest(weight)]
            named = ", ".join(f"{selection['path']} ({selection['nodes']:,})" for selection in selections)
            message = (
                f"The operation may give {weight.nodes:,} nodes; at most {allowed:,} are allowed. "
                f"Ask for smaller pages; most come from {named}."
            )
            measured = weight.nodes
            raise LimitExceeded("nodes", message, measured=measured, allowed=allowed, nodes=node, selections=selections)


MESSAGES = {
    "root_fields": "The number of root fields is",
    "depth": "The depth of the fields is",
    "introspection_depth": "The depth of the introspection is",
    "introspection": "The number of values that the introspection may give is",
    "aliases": "The number of aliases, counted each time their fragment is spread, is",
    "repeats": "The times that one field is selected beside itself, repeats of what holds it included, are",
    "objects": "The number of objects that the operation may give is",
}
REMEDIES = {
    "root_fields": "Split the operation.",
    "depth": "Ask for the deeper part by id.",
    "introspection_depth": "The standard introspection query needs 15.",
    "introspection": "Ask for the schema once, or for less of it.",
    "aliases": "Split the operation.",
    "repeats": "Select it once.",
    "objects": "Ask for smaller pages or fewer relations.",
}


def _look_over(document: DocumentNode, limits: Limits) -> dict[str, FragmentDefinitionNode]:
    """The fragments by name, each after those it spreads, if no node of the document is out of bounds."""
    fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
    if len(fragments) > limits.fragments:
        message = f"The document has {len(fragments)} fragments; at most {limits.fragments} are allowed."
        raise LimitExceeded("fragments", message, measured=len(fragments), allowed=limits.fragments)
    spreads = {_name(node): _look_at(node, limits) for node in document.definitions}
    by_name = {node.name.value: node for node in fragments}
    # What is not a fragment, or spreads an unknown one, is left to validation.
    graph = {name: [spread for spread in spreads[name] if spread in by_name] for name in by_name}
    try:
        return {name: by_name[name] for name in TopologicalSorter(graph).static_order()}
    except CycleError as error:
        cycle: list[str] = error.args[1][::-1]
        message = f"Fragments must not spread one another in a circle: {' → '.join(cycle)}."
        raise refusal(GRAPHQL_VALIDATION_FAILED, message, [by_name[name] for name in cycle[1:]]) from None


def _look_at(definition: Node, limits: Limits) -> list[str]:
    """The fragments spread in a definition. Raises for whatever is wrong with a single node."""
    spreads: list[str] = []
    pending: list[Node] = [definition]
    while pending:
        node = pending.pop()
        for key in QUERY_DOCUMENT_KEYS.get(node.kind, ()):
            child = getattr(node, key)
            if isinstance(child, Node):
                pending.append(child)
            elif child:
                pending.extend(child)
        directives = getattr(node, "directives", None) or ()
        if len(directives) > limits.directives:
            message = f"One place has {len(directives)} directives; at most {limits.directives} are allowed."
            allowed = limits.directives
            raise LimitExceeded("directives", message, measured=len(directives), allowed=allowed, nodes=node)
        if isinstance(node, FragmentSpreadNode):
            spreads.append(node.name.value)
        elif isinstance(node, ListValueNode):
            check_list(len(node.values), limits, "A list", node)
        elif isinstance(node, StringValueNode):
            check_string(node.value, node)
    return spreads


def _with_defaults(operation: OperationDefinitionNode, variables: Mapping[str, object]) -> dict[str, object]:
    defaults = {
        node.variable.name.value: _literal(node.default_value)
        for node in operation.variable_definitions or ()
        if node.default_value is not None
    }
    return {**defaults, **variables}


def _literal(node: ValueNode) -> object:
    """As much of a default value as can size a page or a list."""
    if isinstance(node, IntValueNode):
        return int(node.value) if len(node.value) <= 10 else ENORMOUS
    if isinstance(node, ListValueNode):
        return list(node.values)
    return None if isinstance(node, NullValueNode) else ""


def _sizes(names: tuple[str, ...], values: Mapping[str, object]) -> tuple[object, ...]:
    # Two requests whose variables agree in these weigh the same.
    return tuple((as_number(values.get(name)), as_length(values.get(name))) for name in names)


def _name(node: Node) -> str | None:
    name = getattr(node, "name", None)
    return name.value if name else None
