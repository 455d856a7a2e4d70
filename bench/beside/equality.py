"""Whether servers say the same. Moments may be written in several ways, and what is drawn for each may differ."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any, cast

import orjson

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
CURSORS = frozenset({"startCursor", "endCursor"})  # sealed in ours, of which the limits know nothing
DRAWN = "drawn for each"


class Different(Exception):
    """Two servers do not say the same; the message says where."""


def compare(operation: str, answers: Mapping[str, bytes], drawn: Set[str]) -> None:
    """See that all servers gave one answer, fields named in `drawn` aside. Raises `Different`."""
    plain = {name: _plain(orjson.loads(body)["data"], drawn | CURSORS) for name, body in answers.items()}
    (first, told), *others = plain.items()
    for name, other in others:
        if where := difference(told, other):
            raise Different(f"{operation}: {first} and {name} do not say the same: {where}")


def difference(one: Any, other: Any, path: str = "data") -> str:
    """Where two values differ, and how; empty where they do not."""
    is_same = one == other and type(one) is type(other)
    if isinstance(one, dict) and isinstance(other, dict):
        a, b = cast("dict[str, Any]", one), cast("dict[str, Any]", other)
        if a.keys() != b.keys():
            return f"{path} has {sorted(a)} and {sorted(b)}"
        return next((told for key in a if (told := difference(a[key], b[key], f"{path}.{key}"))), "")
    if isinstance(one, list) and isinstance(other, list):
        c, d = cast("list[Any]", one), cast("list[Any]", other)
        if len(c) != len(d):
            return f"{path} has {len(c)} and {len(d)} items"
        return next(
            (told for i, pair in enumerate(zip(c, d, strict=True)) if (told := difference(*pair, f"{path}[{i}]"))), ""
        )
    return "" if is_same else f"{path} is {one!r:.200} and {other!r:.200}"


def _plain(value: Any, drawn: Set[str]) -> Any:
    if isinstance(value, dict):
        found = cast("dict[str, Any]", value)
        return {k: DRAWN if k in drawn and v is not None else _plain(v, drawn) for k, v in found.items()}
    if isinstance(value, list):
        return [_plain(each, drawn) for each in cast("list[Any]", value)]
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return datetime.fromisoformat(value)
    return value
