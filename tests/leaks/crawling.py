"""Requests made from the schema itself: every root field, with everything that can be reached below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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

DEPTH = 3  # object fields below one another; the wrappers of a connection do not count
WRAPPERS = frozenset({"edges", "node", "nodes", "pageInfo"})

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


def roots(schema: GraphQLSchema, kind: str, depth: int = DEPTH) -> Iterator[Root]:
    """Every root field of "query", "mutation" or "subscription"."""
    root_types = {
        "query": schema.query_type,
        "mutation": schema.mutation_type,
        "subscription": schema.subscription_type,
    }
    for name, declared in _fields(root_types[kind]):
        variables = ", ".join(f"${arg}: {_variable(given)}" for arg, given in declared.args.items())
        arguments = ", ".join(f"{arg}: ${arg}" for arg in declared.args)
        head = f"{kind} Crawl({variables}) {{ {name}({arguments})" if variables else f"{kind} Crawl {{ {name}"
        given_back = named_type(declared)
        # Where anything may come back, each thing begins a walk of its own.
        selected = selection(schema, given_back, depth - (not isinstance(given_back, GraphQLObjectType)))
        required = {arg: example(type_of(given)) for arg, given in declared.args.items() if is_required_argument(given)}
        types_by_name = {arg: type_of(given) for arg, given in declared.args.items()}
        yield Root(kind, name, f"{head} {selected} }}", types_by_name, required)


def _variable(given: GraphQLArgument) -> str:
    """The type of an argument's variable, which may be left out where the argument may."""
    written = str(type_of(given))
    return written if is_required_argument(given) else written.removesuffix("!")


def selection(schema: GraphQLSchema, named: GraphQLNamedType, depth: int, trail: Trail = ()) -> str:
    """All fields of a type, `depth` objects deep; none stands below itself."""
    if is_leaf_type(named):
        return ""
    if isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
        possible = schema.get_possible_types(named)
        parts = [f"... on {one.name} {{ {_selected(schema, one, depth, trail, f'{one.name}_')} }}" for one in possible]
        return f"{{ __typename {' '.join(parts)} }}"
    assert isinstance(named, GraphQLObjectType)
    return f"{{ __typename {_selected(schema, named, depth, trail)} }}"


def _selected(schema: GraphQLSchema, named: GraphQLObjectType, depth: int, trail: Trail, prefix: str = "") -> str:
    """The fields; with a prefix under aliases, because fields of different types must not meet under one name."""
    parts: list[str] = []
    for name, declared in named.fields.items():
        below = named_type(declared)
        step = (named.name, name)
        left = depth if name in WRAPPERS else depth - 1
        if name == "nodes" and "edges" in named.fields:
            left = 0  # the same things as in the edges
        if is_leaf_type(below) or (left >= 0 and step not in trail):
            gone = trail if name in WRAPPERS else (*trail, step)
            alias = f"{prefix}{name}: " if prefix else ""
            parts.append(f"{alias}{name}{_literals(declared)} {selection(schema, below, left, gone)}")
    return " ".join(parts)


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
        return {name: example(type_of(declared)) for name, declared in wanted}
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


def _fields(root: GraphQLObjectType | None) -> list[tuple[str, GraphQLField]]:
    return list(root.fields.items()) if root else []
