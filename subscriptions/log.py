"""Writing to the log and reading it: a change and its event commit together."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

import asyncpg

from models import log as table
from models.log import Entry, Position
from subscriptions.events import Event, Logged, logged

PAGE = 500  # events


async def append(events: Sequence[Event], *, actor: uuid.UUID | None, now: datetime, quiet: bool = False) -> None:
    """Write events in the transaction of their cause; its streams' locks are held (`models.log.lock_stream`)."""
    if events:
        await table.append([entry(event, actor=actor) for event in events], quiet=quiet, now=now)


def entry(event: Event, *, actor: uuid.UUID | None) -> Entry:
    """An event as the log holds it."""
    return Entry(type(event).__name__, event.stream, event.audience, actor, event.subject, event.refs())


async def after(position: Position, limit: int = PAGE) -> tuple[list[Logged], Position]:
    """The next events behind `position`, and the position behind them."""
    records = await table.after(position, limit=limit)
    return read(records), behind(records, position)


def read(records: Iterable[asyncpg.Record]) -> list[Logged]:
    """The events of these records of the log: kinds of a newer version are stepped over."""
    return [event for record in records if (event := logged(record)) is not None]


def behind(records: Sequence[asyncpg.Record], since: Position) -> Position:
    """The position of the last of these records; `since` where there is none."""
    if not records:
        return since
    last = records[-1]
    return (last["generation"], last["xid"], last["id"])
