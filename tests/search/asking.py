"""Searching as people do, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from auth.viewer import Viewer
from models.people import Person
from search.indexer import Indexer
from search.sources import FIRST, SOURCES
from tests.conftest import Ask
from tests.factories.session import as_viewer

Who = Person | Viewer
NAMES = {"Comment": "body", "Message": "body", "Post": "body"}
"""What tells things apart that have no name."""


async def indexed(ask: Ask) -> None:
    """Have every index hold everything as it is at this moment; nobody reads the log to it."""
    for engine in ask.services.search.engines:
        indexer = Indexer(engine)
        for source in SOURCES:
            await indexer.refresh(await source.keys(FIRST, 10_000), source.load)


async def results(ask: Ask, who: Who, text: str, first: int = 100, **more: Any) -> dict[str, Any]:
    """A page of a search, with all that is said of it."""
    return (await ask(who, "search/search", text=text, first=first, **more))["search"]


async def searched(ask: Ask, who: Who, text: str, **more: Any) -> list[str]:
    """What somebody finds, by name, or by its text where it has none, in order."""
    return said(await results(ask, who, text, **more))


def said(page: dict[str, Any]) -> list[str]:
    """The same of a page."""
    nodes = [edge["node"] for edge in page["edges"]]
    return [node[NAMES.get(node["__typename"], "name")] for node in nodes]


def facet(page: dict[str, Any], field: str) -> dict[str, int]:
    """How many hits have which value, by what people call it; empty where the facet is not there."""
    return {
        value["label"]: value["count"] for one in page["facets"] if one["field"] == field for value in one["values"]
    }


async def refusals(ask: Ask, who: Who | None, text: str, first: int = 10, **more: Any) -> Sequence[str]:
    """Why a search is refused; nothing where it is answered."""
    answer = await ask.answer(who, "search/search", text=text, first=first, **more)
    return [error["extensions"]["code"] for error in answer.errors]


async def a_token(ask: Ask, person: Person, *scopes: str) -> Viewer:
    """Somebody by a token that reaches no further than this."""
    viewer = await as_viewer(person, ask.services.clock.now())
    return replace(viewer, scopes=frozenset(scopes))
