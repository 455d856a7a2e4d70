"""Pages of the log on their way from the process that has read them to those that have not."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, cast
from uuid import UUID

import asyncpg
import orjson

from models.log import Position
from subscriptions.bus import Handed
from subscriptions.events import logged

PAGES_MAX = 256
EVENTS_MAX = 10_000
ROWS_MAX = 15_000  # bytes of the records of one packed page; one record alone may be longer


class Pages:
    """The pages that have come and are not yet taken, in whatever order; beyond the limits the oldest are forgotten."""

    def __init__(self) -> None:
        self._pages: deque[Handed] = deque()
        self._events = 0

    def __len__(self) -> int:
        return len(self._pages)

    def add(self, page: Handed) -> None:
        """Keep a page."""
        self._pages.append(page)
        self._events += len(page.events)
        while len(self._pages) > PAGES_MAX or self._events > EVENTS_MAX:
            self._events -= len(self._pages.popleft().events)

    def after(self, position: Position) -> Handed | None:
        """The page that continues `position`, without what lies before; None where there is none.

        What is wholly before `position` is forgotten.
        """
        self._pages = deque(page for page in self._pages if page.behind > position)
        self._events = sum(len(page.events) for page in self._pages)
        for page in self._pages:
            if page.since <= position:
                return Handed(position, page.behind, [event for event in page.events if event.position > position])
        return None

    def clear(self) -> None:
        """Forget all pages."""
        self._pages.clear()
        self._events = 0


def packed(since: Position, behind: Position, records: Sequence[asyncpg.Record]) -> Iterator[bytes]:
    """What was read of the log as JSON, in pages of some `ROWS_MAX` bytes that continue each other."""
    columns = [*records[0].keys()] if records else []
    rows: list[bytes] = []
    size, last = 0, since
    for record in records:
        row = orjson.dumps([*record.values()], default=str)
        if rows and size + len(row) > ROWS_MAX:
            yield _page(since, last, columns, rows)
            since, rows, size = last, [], 0
        rows.append(row)
        size, last = size + len(row), _position(record)
    yield _page(since, behind, columns, rows)


def unpacked(page: bytes) -> Handed:
    """The page that was `packed`. Raises whatever comes of it for what is none."""
    found = orjson.loads(page)
    since, behind = _place(found["since"]), _place(found["behind"])
    records = [_record(found["columns"], row) for row in found["rows"]]
    places = [since, *map(_position, records)]
    if not (since < behind >= places[-1] and all(a < b for a, b in pairwise(places))):
        raise ValueError("a page that is not in order")
    events = [event for record in records if (event := logged(record)) is not None]
    return Handed(since, behind, events)


def _page(since: Position, behind: Position, columns: Sequence[str], rows: Sequence[bytes]) -> bytes:
    whole = orjson.Fragment(b"[" + b",".join(rows) + b"]")
    return orjson.dumps({"since": since, "behind": behind, "columns": columns, "rows": whole})


def _record(columns: Sequence[str], row: Sequence[Any]) -> asyncpg.Record:
    """A row as it came from the database; of a column that it did not have then, the log's reader will complain."""
    values = {column: _value(column, value) for column, value in zip(columns, row, strict=True)}
    return cast(asyncpg.Record, values)  # only ever asked for its columns by name


def _value(column: str, value: Any) -> Any:
    if value is not None and column.endswith("_id"):
        return UUID(value)
    if value is not None and column.endswith("_at"):
        return datetime.fromisoformat(value)
    return value


def _position(record: asyncpg.Record) -> Position:
    return _place([record["generation"], record["xid"], record["id"]])


def _place(numbers: Any) -> Position:
    match numbers:
        case [int(generation), int(xid), int(number)]:
            return (generation, xid, number)
        case _:
            raise ValueError("not a position")
