"""Which engine answers: the better one while it is well, PostgreSQL whenever it is not."""

from __future__ import annotations

import asyncio
import socket
import time
import uuid
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from search.choice import PATIENCE, REST, Circuit, Search
from search.engine import Document, Found, Sight
from search.meili import MeiliEngine
from search.meili_client import Client
from search.postgres import PostgresEngine
from search.query import Query, typed
from tests.clocks import TurnedClock

MEMBER = Sight(frozenset(), is_member=True)
PATIENT = PATIENCE + 2.0  # seconds that twenty searches at once may take with a server that is not well


class Hands:
    """A clock that is turned by hand, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as line:
        yield f"http://127.0.0.1:{line.getsockname()[1]}"


@pytest.fixture
def closed() -> str:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as line:
        return f"http://127.0.0.1:{line.getsockname()[1]}"


@pytest_asyncio.fixture
async def postgres(database: None, clock: TurnedClock) -> AsyncIterator[PostgresEngine]:
    """The fallback, with one person in it."""
    engine = PostgresEngine(clock)
    await engine.put([Document("PERSON", uuid.uuid4(), 1, (), title="Ann Marmalade", open=True)])
    yield engine


def ann() -> Query:
    return Query(("PERSON",), typed("marmalade").wanted)


def names(found: Found) -> list[str]:
    return [hit.kind for hit in found.hits]


async def test_without_another_engine_nothing_is_degraded(postgres: PostgresEngine) -> None:
    told: list[tuple[str, bool]] = []
    search = Search(postgres, observe=lambda name, degraded, _: told.append((name, degraded)))

    answer = await search.find(ann(), MEMBER)

    assert names(answer.found) == ["PERSON"] and not answer.is_degraded
    assert told == [("postgres", False)] and search.engines == (postgres,)


@pytest.mark.parametrize("peer", ["closed", "silent"])
async def test_a_server_that_is_not_well_is_done_without(
    peer: str, postgres: PostgresEngine, request: pytest.FixtureRequest
) -> None:
    client = Client(request.getfixturevalue(peer), "key")
    told: list[tuple[str, bool]] = []
    search = Search(postgres, MeiliEngine(client, "x"), observe=lambda name, degraded, _: told.append((name, degraded)))
    try:
        started = time.monotonic()
        answers = await asyncio.gather(*(search.find(ann(), MEMBER) for _ in range(20)))
        first = time.monotonic() - started
        again = await search.find(ann(), MEMBER)
        second = time.monotonic() - started - first
    finally:
        client.close()

    assert all(names(answer.found) == ["PERSON"] and answer.is_degraded for answer in [*answers, again])
    assert first < PATIENT and second < 0.2
    assert set(told) == {("postgres", True)}


async def test_one_asks_again_after_a_while(closed: str, postgres: PostgresEngine) -> None:
    hands = Hands()
    client = Client(closed, "key")
    search = Search(postgres, MeiliEngine(client, "x"), clock=hands)
    try:
        await search.find(ann(), MEMBER)
        assert not search.circuit.enter()
        hands.now += REST
        await search.find(ann(), MEMBER)
        hands.now += REST - 0.1
        assert not search.circuit.enter()
    finally:
        client.close()


def test_a_circuit_lets_one_try_at_a_time() -> None:
    hands = Hands()
    circuit = Circuit(hands)

    assert circuit.enter() and circuit.enter() and circuit.is_well
    assert circuit.fail() and not circuit.fail() and not circuit.is_well
    assert not circuit.enter()
    hands.now += REST
    assert circuit.enter() and not circuit.enter()
    circuit.leave()
    assert circuit.enter() and not circuit.enter()
    assert circuit.work() and not circuit.work()
    assert circuit.enter() and circuit.enter()


async def test_who_gives_up_waiting_says_nothing_about_the_engine(silent: str, postgres: PostgresEngine) -> None:
    client = Client(silent, "key")
    search = Search(postgres, MeiliEngine(client, "x"))
    try:
        waiting = asyncio.create_task(search.find(ann(), MEMBER))
        await asyncio.sleep(0.1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    finally:
        client.close()

    assert search.circuit.is_well
