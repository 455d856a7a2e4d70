"""Reading a value by name from whatever a resolver returned: a record, a dict, a dataclass or an ORM object."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any


def read(source: Any, name: str) -> Any:
    """The item `name` of a mapping or record, the attribute `name` of anything else.

    Made to be Strawberry's `default_resolver`. Raises `KeyError` or `AttributeError` where there is no such name.
    """
    if _is_read_by_item(source.__class__):
        return source[name]
    return getattr(source, name)


def read_if_there(source: Any, name: str) -> Any:
    """As `read`, and None where there is no such name."""
    if not _is_read_by_item(source.__class__):
        return getattr(source, name, None)
    if _has_get(source.__class__):
        return source.get(name)
    try:
        return source[name]
    except KeyError:
        return None


def read_all(sources: Sequence[Any], name: str) -> list[Any]:
    """As `read`, of each of them."""
    kinds = {source.__class__ for source in sources}
    if all(map(_is_read_by_item, kinds)):
        return [source[name] for source in sources]
    return [read(source, name) for source in sources]


def read_all_if_there(sources: Sequence[Any], name: str) -> list[Any]:
    """As `read_if_there`, of each of them."""
    kinds = {source.__class__ for source in sources}
    if all(_is_read_by_item(kind) and _has_get(kind) for kind in kinds):
        return [source.get(name) for source in sources]
    return [read_if_there(source, name) for source in sources]


@lru_cache(maxsize=1_024)
def _has_get(kind: type[Any]) -> bool:
    return hasattr(kind, "get")


@lru_cache(maxsize=1_024)
def _is_read_by_item(kind: type[Any]) -> bool:
    # A database record is no `Mapping`, but has the two methods that make one. Items come first, because a column
    # may well be called `items` or `keys`.
    return hasattr(kind, "__getitem__") and hasattr(kind, "keys")
