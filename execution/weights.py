"""What an operation weighs: how deep it goes, how much it may answer; each fragment is weighed once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeGuard, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    is_introspection_type,
)

from execution.lengths import INTROSPECTION, WRAPPED, declared_length, is_in_page, is_list, sizing_arguments
from execution.limits import BAD_USER_INPUT, ENORMOUS, LimitExceeded, Limits

WRAPPERS = frozenset({"edges", "node", "nodes", "pageInfo"})  # of a connection: they add no depth and no objects


@dataclass(slots=True)
class Weight:
    """What a selection may cost. Sums count a fragment each time it is spread, and end at `ENORMOUS`."""

    depth: int = 0
    full_depth: int = 0  # wrappers and introspection counted as well
    introspection_depth: int = 0
    aliases: int = 0
    repeats: int = 0  # most selections of one field of the answer, at most
    introspection: int = 0  # values that describe the schema
    nodes: int = 0  # items of all pages and lists of objects, by the last of each path
    objects: int = 0  # values of lists as well
    parts: "list[Part]" = field(default_factory=list["Part"])  # where the nodes come from


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a selection, or with an empty key a fragment; `page` is None where it gives one thing."""

    key: str
    page: int | None
    weight: Weight

    @property
    def nodes(self) -> int:
        return self.weight.nodes if self.page is None else self.page * max(1, self.weight.nodes)


class Scale:
    """Weighs operations of one document with one set of variables.

    `used` names the variables whose value, if a number, or length, if a list, has had a say.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, object],
        limits: Limits,
    ) -> None:
        """`fragments` come each after those that it spreads."""
        self._schema = schema
        self._variables = variables
        self._limits = limits
        self.fragments: dict[str, Weight] = {}
        self.used: set[str] = set()
        self.weighed = 0  # selections looked at
        for name, fragment in fragments.items():
            kind = schema.get_type(fragment.type_condition.name.value)
            self.fragments[name] = self._weigh(fragment.selection_set.selections, kind)

    def weigh(self, operation: OperationDefinitionNode) -> Weight:
        """The weight of one operation. Raises `LimitExceeded` for a page size out of range."""
        return self._weigh(operation.selection_set.selections, self._schema.get_root_type(operation.operation))

    def _weigh(self, selections: tuple[SelectionNode, ...], kind: GraphQLNamedType | None) -> Weight:
        total = Weight()
        keys: Counter[str] = Counter()
        spread: set[str] = set()
        for node, owner in self._level(selections, kind):
            self.weighed += 1
            if isinstance(node, FieldNode):
                inner = self._add_field(total, node, owner)
                # What is selected in fields of one name meets in one object: repeats multiply on the way down.
                keys[node.alias.value if node.alias else node.name.value] += max(1, inner.repeats)
            elif (name := node.name.value) in self.fragments and name not in spread:
                spread.add(name)  # on one level the executor, too, enters a fragment once
                _add_fragment(total, self.fragments[name])
        total.repeats = _sum(total.repeats, max(keys.values(), default=0))
        return total

    def _level(
        self, selections: tuple[SelectionNode, ...], kind: GraphQLNamedType | None
    ) -> Iterator[tuple[FieldNode | FragmentSpreadNode, GraphQLNamedType | None]]:
        """The fields and spreads of a level, those of inline fragments included, with the type that they are on."""
        for node in selections:
            if isinstance(node, InlineFragmentNode):
                narrowed = self._schema.get_type(node.type_condition.name.value) if node.type_condition else kind
                yield from self._level(node.selection_set.selections, narrowed)
            elif isinstance(node, FieldNode | FragmentSpreadNode):
                yield node, kind

    def _add_field(self, total: Weight, node: FieldNode, owner: GraphQLNamedType | None) -> Weight:
        name = node.name.value
        defined = self._field(owner, name)
        inner = Weight()
        if node.selection_set:
            inner = self._weigh(node.selection_set.selections, _named(defined) if defined else None)
        page = self._page(node, owner, defined) if defined else None
        total.full_depth = max(total.full_depth, 1 + inner.full_depth)
        if name in ("__schema", "__type"):
            total.introspection_depth = max(total.introspection_depth, 1 + inner.full_depth)
        else:
            total.depth = max(total.depth, inner.depth + (name not in WRAPPERS))
            total.introspection_depth = max(total.introspection_depth, inner.introspection_depth)
        total.aliases = _sum(total.aliases, inner.aliases + (node.alias is not None))
        if _is_introspection(owner, name):
            below = inner.introspection // (WRAPPED if name == "ofType" else 1)
            total.introspection = _sum(total.introspection, INTROSPECTION.get(name, 1) * (1 + below))
        else:
            total.introspection = _sum(total.introspection, inner.introspection)
            _add_answer(total, node, page, inner)
        return inner

    def _field(self, owner: GraphQLNamedType | None, name: str) -> GraphQLField | None:
        # Of an unknown type or field only the shape is weighed; validation refuses it later.
        return self._schema.get_field(owner, name) if _is_composite(owner) else None

    def _page(self, node: FieldNode, owner: GraphQLNamedType | None, defined: GraphQLField) -> int | None:
        """How many items the field may give; None if it gives one thing, or those of the page that it is in."""
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        asked = [
            size
            for name in ("first", "last")
            if name in given and name in defined.args and (size := self._number(given[name])) is not None
        ]
        for size in asked:
            self._check_page(size, node)
        if asked:
            return max(asked)
        if _named(defined).name.endswith("Connection"):
            return self._limits.page_default
        if not is_list(defined) or is_in_page(owner, node.name.value):
            return None
        if length := declared_length(defined):
            return length.usual
        lengths = [self._length(given[name]) for name in sizing_arguments(defined) if name in given]
        return max(1, *lengths) if lengths else self._limits.page_default

    def _check_page(self, size: int, node: FieldNode) -> None:
        allowed = self._limits.page
        if 0 <= size <= allowed:
            return
        message = f"{node.name.value}: first and last go from 0 to {allowed}, not {size}. Ask for the rest by a cursor."
        raise LimitExceeded("page", message, measured=size, allowed=allowed, code=BAD_USER_INPUT, nodes=node)

    def _number(self, value: ValueNode) -> int | None:
        if isinstance(value, VariableNode):
            self.used.add(value.name.value)
            return as_number(self._variables.get(value.name.value))
        if isinstance(value, IntValueNode):
            # Python refuses to read numbers of thousands of digits.
            return int(value.value) if len(value.value) <= 10 else ENORMOUS
        return None

    def _length(self, value: ValueNode) -> int:
        if isinstance(value, VariableNode):
            self.used.add(value.name.value)
            return as_length(self._variables.get(value.name.value))
        return len(value.values) if isinstance(value, ListValueNode) else 1


def dearest(weight: Weight, most: int = 3) -> list[tuple[str, int]]:
    """The selections that bring the most nodes: the path of response names and the number, largest first."""
    ties = count(0, -1)  # of equals the latest goes first, which is the deepest
    heap = [(-weight.nodes, next(ties), "", 1, weight)]
    found: list[tuple[str, int]] = []
    while heap and len(found) < most:
        nodes, _, path, times, inner = heappop(heap)
        if not inner.nodes:
            found.append((path, -nodes))
        for part in inner.parts:
            below = f"{path}.{part.key}" if path and part.key else path or part.key
            pages = 1 if part.page is None else part.page
            heappush(heap, (-min(times * part.nodes, ENORMOUS), next(ties), below, times * pages, part.weight))
    return found


def as_number(value: object) -> int | None:
    """A variable as a page size: integers, and floats that are whole; None for whatever coercion will refuse."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return None
    return int(value) if abs(value) < ENORMOUS else ENORMOUS


def as_length(value: object) -> int:
    """A variable as a list; a single value stands for a list of one."""
    if value is None:
        return 0
    return len(value) if isinstance(value, list | tuple) else 1  # pyright: ignore[reportUnknownArgumentType]


def _add_answer(total: Weight, node: FieldNode, page: int | None, inner: Weight) -> None:
    if node.selection_set is None and page is None:
        return
    name = node.name.value
    itself = name not in WRAPPERS
    total.objects = _sum(total.objects, (1 if page is None else page) * (itself + inner.objects))
    if node.selection_set:
        part = Part(node.alias.value if node.alias else name, page, inner)
        if part.nodes:
            total.nodes = _sum(total.nodes, part.nodes)
            total.parts.append(part)


def _add_fragment(total: Weight, inner: Weight) -> None:
    total.depth = max(total.depth, inner.depth)
    total.full_depth = max(total.full_depth, inner.full_depth)
    total.introspection_depth = max(total.introspection_depth, inner.introspection_depth)
    total.aliases = _sum(total.aliases, inner.aliases)
    total.repeats = _sum(total.repeats, inner.repeats)
    total.introspection = _sum(total.introspection, inner.introspection)
    total.objects = _sum(total.objects, inner.objects)
    if inner.nodes:
        total.nodes = _sum(total.nodes, inner.nodes)
        total.parts.append(Part("", None, inner))


def _sum(one: int, other: int) -> int:
    return min(one + other, ENORMOUS)


def _is_composite(kind: GraphQLNamedType | None) -> TypeGuard[GraphQLCompositeType]:
    return kind is not None and is_composite_type(kind)


def _is_introspection(owner: GraphQLNamedType | None, name: str) -> bool:
    return name in ("__schema", "__type") or (owner is not None and is_introspection_type(owner))


def _named(defined: GraphQLField) -> GraphQLNamedType:
    # graphql-core leaves open what a list is of.
    return cast("GraphQLNamedType", get_named_type(cast("Any", defined.type)))  # pyright: ignore[reportUnknownMemberType]
