"""What operators see over HTTP: faults of our own, health, readiness, metrics."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator

from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from auth.passwords import Hasher
from models import db
from tests.web.server import Served, refusal, serving

ME = "{ viewer { person { id name } } }"

# --- faults of our own


@contextlib.asynccontextmanager
async def without(table: str) -> AsyncGenerator[None]:
    """A table away for a while: no resolver can expect that."""
    await db.execute(f"ALTER TABLE {table} RENAME TO away")
    try:
        yield
    finally:
        await db.execute(f"ALTER TABLE away RENAME TO {table}")


async def test_a_bug_is_masked_and_logged_with_the_number_that_the_client_gets(served: Served, token: str) -> None:
    with capture_logs() as logged:
        async with without("post"):
            response = await served.post("{ viewer { person { name } } feed { nodes { id } } }", token=token)

    (error,) = response.json()["errors"]
    number = response.headers["x-request-id"]
    assert response.status_code == 200
    assert error["extensions"] == {"code": "INTERNAL", "requestId": number}
    assert number in error["message"] and "post" not in error["message"]
    (line,) = [line for line in logged if line["event"] == "request_failed"]
    assert (line["request_id"], line["path"]) == (number, ["feed"])
    assert "post" in str(line["exc_info"])


async def test_a_bug_before_the_operation_is_masked_too(served: Served, token: str) -> None:
    with capture_logs() as logged:
        async with without("access"):
            response = await served.post(ME, token=token)

    error = refusal(response, 500, "INTERNAL")
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    assert "access" not in error["message"]
    assert [line["request_id"] for line in logged] == [response.headers["x-request-id"]]


# --- for operators


async def test_the_process_says_that_it_is_well(served: Served) -> None:
    response = await served.http.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_it_is_ready_while_its_tables_are_those_of_this_version(served: Served) -> None:
    ready = await served.http.get("/readyz")
    async with without("tortoise_migrations"):
        unready = await served.http.get("/readyz")

    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert unready.status_code == 503
    assert unready.json()["database"] == "not migrated: run python -m atrium migrate"


async def test_metrics_are_in_the_form_of_prometheus(served: Served) -> None:
    await served.post(ME)
    await served.post("{")

    response = await served.http.get("/metrics")

    families = {family.name: family for family in text_string_to_metric_families(response.text)}
    assert {sample.labels.get("code") for sample in families["atrium_answers"].samples} >= {
        "ok",
        "GRAPHQL_PARSE_FAILED",
    }
    assert {"atrium_request_seconds", "atrium_sockets", "atrium_streams", "process_resident_memory_bytes"} <= set(
        families
    )


async def executions(served: Served) -> dict[str, float]:
    """How many operations were run by what, as operators see it."""
    scraped = (await served.http.get("/metrics")).text
    families = {family.name: family for family in text_string_to_metric_families(scraped)}
    return {sample.labels["how"]: sample.value for sample in families["atrium_executions"].samples}


async def test_metrics_tell_what_ran_operations(database: None, hasher: Hasher) -> None:
    async with serving(hasher, executor="compiled") as served:
        for text in (ME, ME, ME, "{ __schema { queryType { name } } }"):
            await served.post(text)

        assert await executions(served) == {"first": 1, "compiled": 2, "introspection": 1}


async def test_the_reference_executor_can_be_chosen(database: None, hasher: Hasher) -> None:
    async with serving(hasher, executor="reference") as served:
        before = await executions(served)
        for _ in range(3):
            assert (await served.post(ME)).json() == {"data": {"viewer": None}}

        assert await executions(served) == before
