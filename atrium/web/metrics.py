"""What `/metrics` tells, in the format of Prometheus."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from atrium.web.tallies import Counts, Times, Total

registry = CollectorRegistry()
ProcessCollector(registry=registry)
PlatformCollector(registry=registry)

seconds = Times("atrium_request_seconds", "Time to answer an operation.", "over", registry)
answers = Counts("atrium_answers_total", "Answers by the code of their first error; ok without.", "code", registry)
sockets = Gauge("atrium_sockets", "Open WebSockets.", registry=registry)
streams = Gauge("atrium_streams", "Running subscriptions.", registry=registry)
events = Total("atrium_events_delivered", "Events handed to subscribers.", registry)
lag = Gauge("atrium_reader_lag_events", "Events that a reader of the log is behind.", ["reader"], registry=registry)
parked = Gauge("atrium_reader_parked_events", "Events that a reader could not digest.", ["reader"], registry=registry)
searches = Counter(
    "atrium_searches_total", "Searches by the engine that answered.", ["engine", "degraded"], registry=registry
)
search_seconds = Histogram("atrium_search_seconds", "Time an engine took to find.", ["engine"], registry=registry)
documents = Gauge("atrium_documents", "GraphQL documents in the cache.", registry=registry)
plans = Gauge("atrium_plans", "Compiled operations in the cache.", registry=registry)
executions = Gauge(
    "atrium_executions",
    "Operations since the start by what ran them: compiled, or why it was the reference executor.",
    ["how"],
    registry=registry,
)


@contextmanager
def timed(over: str) -> Generator[None]:
    """Observe how long the block takes."""
    started = perf_counter()
    try:
        yield
    finally:
        seconds.observe(over, perf_counter() - started)


def count(code: str | None) -> None:
    """Count an answer."""
    answers.of[code or "ok"] += 1


def searched(engine: str, is_degraded: bool, took: float) -> None:
    """Count a search, answered by an engine within so many seconds."""
    searches.labels(engine, str(is_degraded).lower()).inc()
    search_seconds.labels(engine).observe(took)


def planned(kept: int, counts: Mapping[str, int]) -> None:
    """Tell of the compiled operations: how many are kept, and what became of each that was to be run."""
    plans.set(kept)
    executions.clear()
    for how, count in counts.items():
        executions.labels(how).set(count)


def text() -> bytes:
    """All of it, as scraped."""
    return generate_latest(registry)
