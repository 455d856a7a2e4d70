"""A schema that answers long documents, and whoever sends them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from auth.viewer import Viewer
from execution.limits import TRUSTED
from models.people import Person
from resolvers.context import Services
from schema.answer import execute
from schema.build import Schema, build
from tests.conftest import Ask
from tests.leaks.crawling import Root
from tests.leaks.ground import Ground, a_ground

UNHEARD = {"INTERNAL", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "QUERY_TOO_COMPLEX"}
"""What an answer says where the question was not heard, so that silence means nothing."""


@dataclass
class Crawler:
    """Sends documents made from the schema, and writes down what comes back."""

    ask: Ask
    roots: set[str] = field(default_factory=set[str])
    sent: int = 0

    async def __call__(self, who: Person | Viewer | None, root: Root, variables: Mapping[str, Any]) -> str:
        """The whole answer as text; never a fault of ours, nor of a document that the crawler made."""
        self.sent += 1
        self.roots.add(f"{root.kind} {root.name}")
        answer = await execute(self.ask.schema, await self.ask.context(who), root.text, dict(variables))
        codes = {error["extensions"]["code"] for error in answer.errors}
        assert not codes & UNHEARD, (root, variables, answer)
        return json.dumps(answer.body(), default=str)


@pytest.fixture(scope="session")
def wide() -> Schema:
    """The schema, for documents longer than clients may send."""
    return build(TRUSTED)


@pytest.fixture(scope="module")
def tally() -> Iterator[dict[str, int]]:
    counted: dict[str, int] = {}
    yield counted
    print(f"\n{sum(counted.values()):,} requests of {len(counted)} hunts told nothing")


@pytest.fixture
def crawl(wide: Schema, services: Services, tally: dict[str, int], request: pytest.FixtureRequest) -> Iterator[Crawler]:
    crawler = Crawler(Ask(wide, services))
    yield crawler
    tally[request.node.name] = crawler.sent


@pytest_asyncio.fixture
async def ground(crawl: Crawler) -> Ground:
    return await a_ground(crawl.ask)
