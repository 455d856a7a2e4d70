"""Asking: random operations that a schema allows, made by seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from tests.leaks.crawling import is_list, is_needed, is_one_of, named_type, type_of

SCALARS: Mapping[str, list[Any]] = {
    "Int": [0, 1, 2, 5, -1],
    "Float": [0.5, 2],
    "String": ["", "a", "ünï"],
    "ID": ["p1", "r2", "none"],
    "Boolean": [True, False],
    "Token": ["a", "b"],
}
"""What may be said for a scalar, unless the generator is told otherwise."""


@dataclass(frozen=True)
class Question:
    """A document, which of its operations to run, and variables for several runs of it."""

    text: str
    operation: str | None
    variables: list[dict[str, Any]]


@dataclass(frozen=True)
class Taste:
    """How large the operations are, what is said for scalars, and what is never asked."""

    depth: int = 4
    fields: int = 5
    scalars: Mapping[str, list[Any]] = field(default_factory=lambda: SCALARS)
    never: frozenset[str] = frozenset()  # "Type.field"


class Asking:
    """One document in the making."""

    def __init__(self, schema: GraphQLSchema, seed: int, taste: Taste | None = None) -> None:
        self._schema, self._random, self._taste = schema, Random(seed), taste or Taste()
        self._fragments: list[tuple[str, str, str]] = []  # name, type, text
        self._variables: dict[str, tuple[str, list[Any]]] = {}  # its type, and values to choose from
        self._calls: dict[tuple[str, str, int], str] = {}  # what is said to a field under one name

    def question(self, kinds: tuple[str, ...] = ("query",)) -> Question:
        """An operation of one of these kinds, or several."""
        names = ["One", "Two"][: 2 if self._often(0.15) else 1]
        parts = [self._operation(name, self._random.choice(kinds)) for name in names]
        fragments = [f"fragment {name} on {type} {text}" for name, type, text in self._fragments]
        variables = [{name: self._random.choice(values) for name, (_, values) in self._variables.items()} for _ in "ab"]
        return Question("\n".join([*parts, *fragments]), names[0], variables)

    def _operation(self, name: str, kind: str) -> str:
        root = {"mutation": self._schema.mutation_type, "subscription": self._schema.subscription_type}.get(kind)
        if kind == "subscription":
            assert root is not None
            body = f"{{ {self._field(root, self._random.choice(list(root.fields)), self._taste.depth)} }}"
        else:
            body = self._selection(root or self._schema.query_type, self._taste.depth)
        # Both operations of a document declare all variables: which of them a fragment uses is not looked after.
        declared = ", ".join(f"${variable}: {type}" for variable, (type, _) in self._variables.items())
        return f"{kind} {name}{f'({declared})' if declared else ''} {body}"

    def _selection(self, type: GraphQLNamedType | None, depth: int) -> str:
        assert type is not None
        parts = [part for _ in range(self._random.randint(1, self._taste.fields)) for part in self._part(type, depth)]
        return f"{{ {' '.join(parts) or '__typename'} }}"

    def _part(self, type: GraphQLNamedType, depth: int) -> Iterator[str]:
        if self._often(0.07):
            yield f"{self._alias('t')}__typename{self._conditions()}"
        elif self._often(0.12 if isinstance(type, GraphQLObjectType) else 0.5):
            yield self._fragment(self._related(type), depth)
        elif not isinstance(type, GraphQLUnionType):
            assert isinstance(type, GraphQLObjectType | GraphQLInterfaceType)
            leaves = [name for name, one in type.fields.items() if is_leaf_type(named_type(one))]
            names = [
                name
                for name in (type.fields if depth > 0 else leaves)
                if f"{type.name}.{name}" not in self._taste.never
            ]
            if names:
                yield self._field(type, self._random.choice(names), depth)

    def _related(self, type: GraphQLNamedType) -> GraphQLNamedType:
        """A type of which a value of this one may be."""
        if isinstance(type, GraphQLObjectType):
            return self._random.choice([type, *type.interfaces])
        assert isinstance(type, GraphQLInterfaceType | GraphQLUnionType)
        return self._random.choice([type, *self._schema.get_possible_types(type) * 3])

    def _fragment(self, type: GraphQLNamedType, depth: int) -> str:
        known = [name for name, on, _ in self._fragments if on == type.name]
        if known and self._often(0.3):
            return f"...{self._random.choice(known)}{self._conditions()}"
        text = self._selection(type, depth - 1)
        if self._often(0.6):
            on = "" if self._often(0.1) and not isinstance(type, GraphQLUnionType) else f" on {type.name}"
            return f"...{on or f' on {type.name}'}{self._conditions()} {text}"
        name = f"F{len(self._fragments)}"
        self._fragments.append((name, type.name, text))
        return f"...{name}{self._conditions()}"

    def _field(self, type: GraphQLObjectType | GraphQLInterfaceType, name: str, depth: int) -> str:
        declared = type.fields[name]
        # Under one name it is always the same that is asked, so that what meets can be merged.
        which = self._random.choice([0, 0, 0, 1, 2])
        shared = any(name in one.fields for one in type.interfaces) or isinstance(type, GraphQLInterfaceType)
        alias = "" if which == 0 and (shared or self._often(0.5)) else f"{type.name}_{name}_{which}: "
        said = self._calls.get((type.name, name, which))
        if said is None or shared:
            said = self._calls[type.name, name, which] = self._arguments(declared)
        below = named_type(declared)
        selection = "" if is_leaf_type(below) else self._selection(below, depth - 1)
        return f"{alias}{name}{said}{self._conditions()} {selection}"

    def _arguments(self, declared: GraphQLField) -> str:
        said = [
            f"{name}: {self._said(type_of(given))}"
            for name, given in declared.args.items()
            if is_required_argument(given) or self._often(0.5)
        ]
        return f"({', '.join(said)})" if said else ""

    def _said(self, given: Any) -> str:
        if self._often(0.5):
            return self._literal(given)
        return self._variable(str(given), [self._value(given), self._value(given)])

    def _variable(self, type: str, values: list[Any]) -> str:
        name = f"v{len(self._variables)}"
        self._variables[name] = (type, values)
        return f"${name}"

    def _conditions(self) -> str:
        if not self._often(0.1):
            return ""
        name = self._random.choice(["skip", "include"])
        if self._often(0.4):
            return f" @{name}(if: {self._random.choice(['true', 'false'])})"
        if self._often(0.1):
            return f" @{name}(if: {self._variable('Boolean = true', [True, False, True, False, True, False, None])})"
        return f" @{name}(if: {self._variable('Boolean!', [True, False])})"

    def _value(self, given: Any) -> Any:
        """A value as JSON."""
        if is_needed(given):
            return self._some(given.of_type)
        return None if self._often(0.15) else self._some(given)

    def _some(self, given: Any) -> Any:
        if is_list(given):
            return [self._value(given.of_type) for _ in range(self._random.randint(0, 3))]
        if isinstance(given, GraphQLEnumType):
            return self._random.choice(list(given.values))
        if isinstance(given, GraphQLInputObjectType):
            return {name: self._value(of) if not only else self._some(of) for name, of, only in self._filled(given)}
        return self._random.choice(self._taste.scalars[given.name])

    def _filled(self, given: GraphQLInputObjectType) -> list[tuple[str, Any, bool]]:
        fields = list(given.fields.items())
        if is_one_of(given):
            name, one = self._random.choice(fields)
            return [(name, type_of(one), True)]
        return [(name, type_of(one), False) for name, one in fields if is_required_input_field(one) or self._often(0.5)]

    def _literal(self, given: Any) -> str:
        """A value as GraphQL writes it."""
        return _written(given, self._value(given))

    def _alias(self, stem: str) -> str:
        return f"{stem}{self._random.randint(0, 2)}: " if self._often(0.5) else ""

    def _often(self, share: float) -> bool:
        return self._random.random() < share


def _written(given: Any, value: Any) -> str:
    if value is None:
        return "null"
    if is_needed(given):
        return _written(given.of_type, value)
    if is_list(given):
        return f"[{', '.join(_written(given.of_type, one) for one in value)}]"
    if isinstance(given, GraphQLEnumType):
        return value
    if isinstance(given, GraphQLInputObjectType):
        said = (f"{name}: {_written(type_of(given.fields[name]), one)}" for name, one in value.items())
        return f"{{ {', '.join(said)} }}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)
