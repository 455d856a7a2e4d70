"""What tests of suggestions do again and again."""

from __future__ import annotations

from typing import Any

from auth.viewer import Viewer
from models import db
from models.people import Person
from search.indexer import Indexer
from search.postgres import PostgresEngine
from search.sources import GROUPS, PEOPLE, TAGS
from tests.clocks import TurnedClock
from tests.conftest import Ask

Who = Person | Viewer


async def suggested(ask: Ask, who: Who, prefix: str, first: int = 8) -> list[str]:
    """The names of what is suggested to somebody who types this."""
    return [one["name"] for one in await suggestions(ask, who, prefix, first)]


async def suggestions(ask: Ask, who: Who, prefix: str, first: int = 8) -> list[dict[str, Any]]:
    """What is suggested to somebody who types this."""
    return (await ask(who, "suggestions/suggest", prefix=prefix, first=first))["suggest"]


async def index() -> None:
    """Have all names found as they are at this moment, however they came about."""
    indexer = Indexer(PostgresEngine(TurnedClock()))
    for source in (PEOPLE, GROUPS, TAGS):
        ids = [row["id"] for row in await db.rows(f"SELECT id FROM {source.table}")]
        await indexer.refresh(ids, source.load)
