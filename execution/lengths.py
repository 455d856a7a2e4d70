"""How long lists get that have no pages: declared where the field is, or known of introspection."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
    is_required_argument,
)

LENGTH = "execution.length"
"""The key of a field's metadata under which the length of its list is found."""

INTROSPECTION: Mapping[str, int] = {
    "types": 100,
    "fields": 10,
    "args": 2,
    "inputFields": 3,
    "enumValues": 3,
    "possibleTypes": 5,
    "interfaces": 1,
    "directives": 10,
    "locations": 3,
}
"""Items of the lists of introspection: on the average of a schema, not at most."""

WRAPPED = 2
"""Every so many of the types of a level are a list or non-null, and have an `ofType`."""


@dataclass(frozen=True)
class Length:
    """Of a list: `most` is what the server keeps to; `usual` what it has on the average of a whole answer."""

    most: int
    usual: int

    def __post_init__(self) -> None:
        if not 1 <= self.usual <= self.most:
            raise ValueError(f"A list of at most {self.most} items cannot usually have {self.usual}.")


def at_most(most: int | None, *, usual: int | None = None) -> dict[Any, Any]:
    """The metadata of a field whose list has at most `most` items; nothing where that is None.

    Its weight counts all of them, unless `usual` says how many there are on the average of a whole answer. That must
    follow from what the data is, so that nobody can choose a place where it is exceeded again and again.
    """
    if most is None:
        if usual is not None:
            raise ValueError("A list whose usual length is given has a greatest length, too.")
        return {}
    return {LENGTH: Length(most, most if usual is None else usual)}


def declared_length(field: GraphQLField) -> Length | None:
    """The length that was declared with a Strawberry field; None for any other."""
    declaration = field.extensions.get("strawberry-definition")
    return declaration.metadata.get(LENGTH) if declaration is not None else None


def unbounded_lists(schema: GraphQLSchema) -> list[str]:
    """What to do about each list of a schema of which nothing tells how long it gets; empty where all is well."""
    return [
        f"{kind.name}.{name} is a list without a greatest length: declare it with `most=…`, or with"
        " `metadata=at_most(…)` for a field with a resolver of its own, or give it pages."
        for kind, name, field in _fields(schema)
        if is_list(field) and not _is_bounded(kind, name, field)
    ]


def is_list(field: GraphQLField | GraphQLArgument) -> bool:
    """Whether the field gives, or the argument takes, a list."""
    # graphql-core leaves open what a list is of.
    return str(cast("Any", field.type)).startswith("[")  # pyright: ignore[reportUnknownMemberType]


def is_in_page(owner: GraphQLNamedType | None, name: str) -> bool:
    """Whether the field is a list of a connection, as long as the connection's page."""
    return owner is not None and owner.name.endswith("Connection") and name in ("edges", "nodes")


def sizing_arguments(field: GraphQLField) -> set[str]:
    """The lists that must be given to the field: `nodes(ids: […])` gives as many items as it is given ids."""
    return {name for name, argument in field.args.items() if is_list(argument) and is_required_argument(argument)}


def _fields(schema: GraphQLSchema) -> Iterator[tuple[GraphQLNamedType, str, GraphQLField]]:
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not is_introspection_type(kind):
            for name, field in kind.fields.items():
                yield kind, name, field


def _is_bounded(owner: GraphQLNamedType, name: str, field: GraphQLField) -> bool:
    return (
        declared_length(field) is not None
        or is_in_page(owner, name)
        or (owner.name.endswith("Payload") and name == "errors")  # a handful; weighed as a page without a size
        or bool({"first", "last"} & field.args.keys())
        or bool(sizing_arguments(field))
    )
