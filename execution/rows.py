"""Reading a value by name from whatever a resolver returned: a record, a dict, a dataclass or an ORM object."""

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


@lru_cache(maxsize=1_024)
def _has_get(kind: type[Any]) -> bool:
    return hasattr(kind, "get")


@lru_cache(maxsize=1_024)
def _is_read_by_item(kind: type[Any]) -> bool:
    # A database record is no `Mapping`, but has the two methods that make one. Items come first, because a column
    # may well be called `items` or `keys`.
    return hasattr(kind, "__getitem__") and hasattr(kind, "keys")
