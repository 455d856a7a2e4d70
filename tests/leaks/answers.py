"""Reading answers: their texts, ids and shape."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

from execution.ids import decode_id

TOLD = frozenset({"memberCount"})
"""Counts for all who know of a thing, while only some of them may see whom it counts."""


def shape(told: str, id: str) -> str:
    """An answer without its sentences and without the id that was asked for."""
    answer = json.loads(told.replace(json.dumps(id), '"…"')) if id else json.loads(told)
    return json.dumps(without_messages(answer), sort_keys=True)


def without_messages(told: Any) -> Any:
    if not isinstance(told, dict | list):
        return told
    kept = ((name, value) for name, value in entries(told) if not str(name).endswith("message"))
    return [(name, without_messages(value)) for name, value in kept]


def strings(told: Any) -> Iterator[str]:
    """Every text in an answer."""
    return (text for _, text in members_of(told))


def members_of(told: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in an answer, with the name it stands under."""
    if isinstance(told, str):
        yield name, told
    elif isinstance(told, dict | list):
        for key, value in entries(told):
            yield from members_of(value, key if isinstance(key, str) else name)


def entries(told: Any) -> Iterator[tuple[str | int, Any]]:
    """The members of an object or a list."""
    if isinstance(told, dict):
        return iter(cast("dict[str, Any]", told).items())
    return enumerate(cast("list[Any]", told))


def counted(told: Any) -> Iterator[tuple[int, int]]:
    """Numbers that an answer gives twice, as (what is counted, what is there): of whole pages, and beside them."""
    if not isinstance(told, dict | list):
        return
    here = dict(entries(told))
    page, total = here.get("pageInfo"), here.get("totalCount")
    if page and total is not None and "edges" in here and not page["hasNextPage"] and not page["hasPreviousPage"]:
        yield total, len(here["edges"])
    for name, value in here.items():
        beside = here.get(f"{str(name).removesuffix('Count')}s")  # such as `reports` beside `reportCount`
        if isinstance(beside, dict) and "totalCount" in beside and name not in TOLD:
            yield value, cast("dict[str, int]", beside)["totalCount"]
        yield from counted(value)


def is_id(text: str) -> bool:
    try:
        decode_id(text)
    except ValueError:
        return False
    return True
