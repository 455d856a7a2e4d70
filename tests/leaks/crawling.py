"""Requests made from the schema itself: every root field, with everything that can be reached below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    ast_from_value,  # pyright: ignore[reportUnknownVariableType]  # it leaves open what lists hold
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
    print_ast,
)

NARROW = 2  # object fields below one another; the wrappers of a connection do not count
DEPTH = 3  # where a document is sent once, not with many values
SIZE = 40_000  # characters of a document, about; more than 100,000 bytes are refused
WRAPPERS = frozenset({"edges", "node", "nodes", "pageInfo"})

COUNTS = "__typename pageInfo { hasNextPage hasPreviousPage } totalCount"
"""What is asked of every connection that counts, wherever its edges are: they can be counted, too."""

EXAMPLES: dict[str, Any] = {
    "ID": "none",
    "String": "x",
    "Int": 3,
    "Boolean": True,
    "Markdown": "x",
    "Date": "2026-02-24",
    "DateTime": "2026-12-24T12:00:00Z",
    "Float": 1.5,
    "Locale": "en",
    "URL": "https://company.example/",
    "EmailAddress": "nobody@company.example",
    "TimeZone": "UTC",
    "_Any": {"__typename": "Person", "id": "none"},
}
"""A value of each scalar that an argument may need."""
FITTING: dict[str, Any] = {"emoji": "👍"}
"""What input fields of these names take, where not anything of their type would do."""

Path = tuple[str | int, ...]
Given: TypeAlias = Any
"""The type of an argument. graphql-core's own name for it leaves open what lists hold."""
Trail = tuple[tuple[str, str], ...]
"""The types and fields that a selection has come through."""


@dataclass(frozen=True)
class Slot:
    """A place among a root field's arguments, down to a scalar or an enum's value."""

    path: Path
    type: GraphQLNamedType

    @property
    def name(self) -> str:
        """The name of the argument or input field."""
        return next(step for step in reversed(self.path) if isinstance(step, str))


@dataclass(frozen=True)
class Root:
    """A root field as a document whose arguments are variables."""

    kind: str
    name: str
    text: str
    arguments: Mapping[str, Given]
    required: Mapping[str, Any]

    @property
    def slots(self) -> list[Slot]:
        """All places that a client may fill."""
        return [slot for name, given in self.arguments.items() for slot in _slots(given, (name,))]

    def filled(self, slot: Slot, value: object) -> dict[str, Any]:
        """Variables with `value` in the slot, and around it only what must be there."""
        name = str(slot.path[0])
        return {**self.required, name: _put(self.arguments[name], slot.path[1:], value)}


@cache
def roots(schema: GraphQLSchema, kind: str, depth: int = NARROW) -> Sequence[Root]:
    """Every root field of "query", "mutation" or "subscription", with all ways below it, in one document or several."""
    fields = _fields(schema, kind)
    return [root for name, declared in fields for root in _documents(kind, name, declared, Walk(schema), depth)]


@cache
def deep_roots(schema: GraphQLSchema) -> Sequence[Root]:
    """The queries that need no arguments: all ways as far as `NARROW`, and one level on every two fields in a row once.

    A third level by all ways would be many megabytes, and the same resolvers again and again. Lists come first:
    what is found below the viewer is the viewer's own.
    """
    walk = Walk(schema, seen=set())
    fields = [(name, declared) for name, declared in _fields(schema, "query") if not _required(declared)]
    fields.sort(key=lambda field: not named_type(field[1]).name.endswith("Connection"))
    return [root for name, declared in fields for root in _documents("query", name, declared, walk, DEPTH)]


def _documents(kind: str, name: str, declared: GraphQLField, walk: Walk, depth: int) -> Iterator[Root]:
    variables = ", ".join(f"${arg}: {_variable(given)}" for arg, given in declared.args.items())
    arguments = ", ".join(f"{arg}: ${arg}" for arg in declared.args)
    head = f"{kind} Crawl({variables}) {{ {name}({arguments})" if variables else f"{kind} Crawl {{ {name}"
    given_back = named_type(declared)
    # Where anything may come back, each thing begins a walk of its own.
    levels = depth - (not isinstance(given_back, GraphQLObjectType))
    types_by_name = {arg: type_of(given) for arg, given in declared.args.items()}
    for selected in walk.selections(given_back, levels):
        yield Root(kind, name, f"{head} {selected} }}", types_by_name, _required(declared))


def _required(declared: GraphQLField) -> dict[str, Any]:
    return {arg: example(type_of(given)) for arg, given in declared.args.items() if is_required_argument(given)}


def _variable(given: GraphQLArgument) -> str:
    """The type of an argument's variable, which may be left out where the argument may."""
    written = str(type_of(given))
    return written if is_required_argument(given) else written.removesuffix("!")


@dataclass(frozen=True)
class Walk:
    """The ways through the types of a schema. Where `seen` is given, the last level is gone by each two fields once."""

    schema: GraphQLSchema
    seen: set[Trail] | None = None

    def selections(self, named: GraphQLNamedType, depth: int, trail: Trail = ()) -> list[str]:
        """All fields of a type, `depth` objects deep, none below itself, in texts of about `SIZE` at most."""
        if is_leaf_type(named):
            return [""]
        if isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
            parts = [part for one in self.schema.get_possible_types(named) for part in self._kind(one, depth, trail)]
        else:
            assert isinstance(named, GraphQLObjectType)
            parts = list(self._fields(named, depth, trail))
        always = COUNTS if "totalCount" in getattr(named, "fields", {}) else "__typename"
        return [f"{{ {always} {text} }}" for text in packed(parts)]

    def _kind(self, one: GraphQLObjectType, depth: int, trail: Trail) -> Iterator[str]:
        """What may stand in an interface's or union's place; under aliases, for types may not meet under one name."""
        for text in packed(self._fields(one, depth, trail, f"{one.name}_")):
            yield f"... on {one.name} {{ {text} }}"

    def _fields(self, named: GraphQLObjectType, depth: int, trail: Trail, prefix: str = "") -> Iterator[str]:
        for name, declared in named.fields.items():
            below = named_type(declared)
            step = (named.name, name)
            left = depth if name in WRAPPERS else depth - 1
            if name == "nodes" and "edges" in named.fields:
                left = 0  # the same things as in the edges
            if is_leaf_type(below) or (left >= 0 and step not in trail and self._is_new(left, (*trail[-1:], step))):
                gone = trail if name in WRAPPERS else (*trail, step)
                alias = f"{prefix}{name}: " if prefix else ""
                for selected in self.selections(below, left, gone):
                    yield f"{alias}{name}{_literals(declared)} {selected}"

    def _is_new(self, left: int, two: Trail) -> bool:
        """Whether to go to where `left` levels remain, by these two fields."""
        if self.seen is None or left > 0 or two[-1][1] in WRAPPERS:
            return True
        if two in self.seen:
            return False
        self.seen.add(two)
        return True


def packed(parts: Iterable[str]) -> list[str]:
    """The parts together, in texts no longer than `SIZE` unless a part is."""
    texts: list[str] = []
    for part in parts:
        if texts and len(texts[-1]) + len(part) < SIZE:
            texts[-1] += f" {part}"
        else:
            texts.append(part)
    return texts


def _literals(declared: GraphQLField) -> str:
    """What a field below the root must be given."""
    required = {name: type_of(given) for name, given in declared.args.items() if is_required_argument(given)}
    literals = {name: ast_from_value(example(given), given) for name, given in required.items()}
    written = ", ".join(f"{name}: {print_ast(value)}" for name, value in literals.items() if value)
    return f"({written})" if written else ""


def example(given: Given) -> Any:
    """A valid value."""
    if is_needed(given):
        return example(given.of_type)
    if is_list(given):
        return [example(given.of_type)]
    if isinstance(given, GraphQLEnumType):
        return next(iter(given.values))
    if isinstance(given, GraphQLInputObjectType):
        fields = given.fields.items()
        wanted = list(fields)[:1] if is_one_of(given) else [(n, f) for n, f in fields if is_required_input_field(f)]
        return {name: FITTING.get(name) or example(type_of(declared)) for name, declared in wanted}
    assert given.name in EXAMPLES, f"Write a value of the scalar {given.name} into tests/leaks/crawling.py, EXAMPLES."
    return EXAMPLES[given.name]


def type_of(declared: Any) -> Given:
    """The type of a field, an argument or an input field."""
    return declared.type


def named_type(declared: GraphQLField) -> GraphQLNamedType:
    """What a field gives, out of its lists."""
    given = type_of(declared)
    while is_needed(given) or is_list(given):
        given = given.of_type
    return given


def is_needed(given: Given) -> bool:
    return isinstance(given, GraphQLNonNull)


def is_list(given: Given) -> bool:
    return isinstance(given, GraphQLList)


def is_one_of(given: GraphQLInputObjectType) -> bool:
    """Whether exactly one of its fields is given; Strawberry says so beside graphql-core's own mark."""
    return given.is_one_of or bool(given.extensions["strawberry-definition"].is_one_of)


def _slots(given: Given, path: Path) -> Iterator[Slot]:
    if is_needed(given):
        yield from _slots(given.of_type, path)
    elif is_list(given):
        yield from _slots(given.of_type, (*path, 0))
    elif isinstance(given, GraphQLInputObjectType):
        for name, declared in given.fields.items():
            yield from _slots(type_of(declared), (*path, name))
    else:
        yield Slot(path, given)


def _put(given: Given, path: Path, value: object) -> Any:
    """A valid value of this type with `value` at the path."""
    if not path:
        return value
    if is_needed(given):
        return _put(given.of_type, path, value)
    if is_list(given):
        return [_put(given.of_type, path[1:], value)]
    assert isinstance(given, GraphQLInputObjectType)
    around: dict[str, Any] = {} if is_one_of(given) else example(given)
    name = str(path[0])
    return {**around, name: _put(type_of(given.fields[name]), path[1:], value)}


def _fields(schema: GraphQLSchema, kind: str) -> list[tuple[str, GraphQLField]]:
    types = {"query": schema.query_type, "mutation": schema.mutation_type, "subscription": schema.subscription_type}
    root = types[kind]
    return list(root.fields.items()) if root else []
