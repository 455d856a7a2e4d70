"""Builders: comprehensions that make rows out of source objects, each written for what is asked.

Only columns, names from the schema and aliases that were read as GraphQL names come into the text, each as a literal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from graphql import GraphQLObjectType

from execution.leaves import NULLS, Leaf, no_null
from execution.rows import read
from execution.sources import Made, Named, Read, by_item
from execution.waiting import Waited, may_wait

if TYPE_CHECKING:
    from execution.plans import FieldPlan

Row: TypeAlias = dict[str, Any]
Build: TypeAlias = Callable[[Sequence[Any]], list[Row]]
Pick: TypeAlias = Callable[[Mapping[Any, Any]], dict[Any, Row | None]]

ITEM, ATTRIBUTE, EITHER = "o[{name!r}]", "o.{name}", "read(o, {name!r})"
ACCESS = {True: ITEM, False: ATTRIBUTE, None: EITHER}
"""How a value is read from `o`, where objects are read by item, where they are not, and where some are."""


class Builders:
    """The builders of one object type's rows, each made when it is first needed."""

    def __init__(self, type: GraphQLObjectType, fields: Sequence[FieldPlan]) -> None:
        self._type, self._fields = type, fields
        self._made: dict[str, Build] = {}

    def for_classes(self, classes: set[type[Any]]) -> Build:
        """The builder for objects of these classes."""
        access = ACCESS[by_item(classes)]
        build = self._made.get(access)
        if build is None:
            build = self._made[access] = self._make(access)
        return build

    def _make(self, access: str) -> Build:
        names: dict[str, Any] = {"read": read}
        entries = [
            f"{field.key!r}: {_expression(field, i, access, names) if field.is_ready else None}"
            for i, field in enumerate(self._fields)
        ]
        text = f"def build(objects):\n    return [{{{', '.join(entries)}}} for o in objects]\n"
        exec(compile(text, f"<rows of {self._type.name}>", "exec"), names)  # noqa: S102
        return cast("Build", names["build"])


@lru_cache(maxsize=1_000)
def picker(names: tuple[tuple[str, str], ...]) -> Pick:
    """What makes, of records by some key, rows of a part of their columns: each `name` read as `told` of (name, told).

    Where the first is null there is no row, and the key has None.
    """
    items = ", ".join(f"{name!r}: {ITEM.format(name=told)}" for name, told in names)
    one = f"None if {ITEM.format(name=names[0][1])} is None else {{{items}}}"
    made: dict[str, Any] = {}
    text = f"def pick(objects):\n    return {{key: {one} for key, o in objects.items()}}\n"
    exec(compile(text, "<picked>", "exec"), made)  # noqa: S102
    return cast("Pick", made["pick"])


def _expression(field: FieldPlan, i: int, access: str, names: dict[str, Any]) -> str:
    """Python for the value of a field in the row of `o`; what it calls is put among the names."""
    source = field.source
    if isinstance(source, Named):
        return repr(source.name)
    if isinstance(source, Read):
        value = _read(source.name, access)
    else:
        assert isinstance(source, Made)
        names[f"f{i}"] = source.fn
        value = f"f{i}({'o' if source.of is None else _read(source.of, access)})"
    assert field.leaf is not None
    names[f"c{i}"] = _at_once(checked(field, field.leaf))
    if field.leaf.usual is not None:
        names[f"t{i}"], names[f"d{i}"] = field.leaf.usual, field.leaf.directly
        return f"(d{i}(v) if (v := {value}).__class__ is t{i} else c{i}(v))"
    if field.leaf.names is not None:
        names[f"n{i}"], names[f"k{i}"] = field.leaf.names, field.leaf.named
        return f"((v := {value}).__class__ in k{i} and n{i}.get(v) or c{i}(v))"
    if not field.leaf.quick:
        return f"c{i}({value})"
    quick = field.leaf.quick.replace("v.__class__", f"(v := {value}).__class__", 1)
    or_null = " or v is None" if field.nullable[0] else ""
    return f"(v if {quick}{or_null} else c{i}(v))"


def _read(name: str, access: str) -> str:
    if access is ATTRIBUTE and not (name.isidentifier() and not iskeyword(name)):
        access = EITHER
    return access.format(name=name)


def _at_once(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def at_once(value: Any) -> Any:
        if may_wait(value.__class__):
            raise Waited(value)
        return convert(value)

    return at_once


def checked(field: FieldPlan, leaf: Leaf) -> Callable[[Any], Any]:
    """The conversion of a field's values with what becomes of null."""
    convert, parent, name = leaf.convert, field.parent.name, field.name
    if field.nullable[-1]:
        return lambda value: None if value.__class__ in NULLS else convert(value)

    def required(value: Any) -> Any:
        if value.__class__ in NULLS:
            raise no_null(parent, name)
        return convert(value)

    return required
