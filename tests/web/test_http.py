"""The API over HTTP: whatever arrives, the answer is polite, and of the form that was asked for."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from tests.web.server import GRAPHQL, JSON, Served, codes, refusal

ME = "{ viewer { person { id name } } }"
QUICK = 1.0  # seconds

# --- bodies

BODIES: dict[str, tuple[bytes, dict[str, str], int]] = {
    "null": (b"null", {}, 400),
    "a number": (b"7", {}, 400),
    "a string": (b'"{ __typename }"', {}, 400),
    "true": (b"true", {}, 400),
    "a list": (b'[{"query": "{ __typename }"}]', {}, 400),
    "not UTF-8": (b'{"query": "\xff\xfe"}', {}, 400),
    "half a character": (b'{"query": "\\ud800"}', {}, 400),
    "nested deep": (b"[" * 100_000, {}, 400),
    "nested deep in variables": (b'{"query": "{ __typename }", "variables": ' + b'{"a":' * 100_000, {}, 400),
    "a long number": (b"9" * 5000, {}, 400),
    "a long number in variables": (b'{"query": "{__typename}", "variables": {"a": ' + b"9" * 5000 + b"}}", {}, 400),
    "not a number": (b'{"query": "{ __typename }", "variables": {"a": NaN}}', {}, 400),
    "bogus encoding": (b'{"query": "{ __typename }"}', {"content-encoding": "bogus"}, 415),
    "compressed": (b'{"query": "{ __typename }"}', {"content-encoding": "gzip"}, 415),
    "UTF-16": (
        '{"query": "{ __typename }"}'.encode("utf-16"),
        {"content-type": "application/json; charset=utf-16"},
        415,
    ),
    "a form": (b"query=%7B__typename%7D", {"content-type": "application/x-www-form-urlencoded"}, 415),
    "multipart": (b"--x--", {"content-type": "multipart/form-data; boundary=x"}, 415),
    "plain text": (b'{"query": "{ __typename }"}', {"content-type": "text/plain"}, 415),
    "almost JSON": (b'{"query": "{ __typename }"}', {"content-type": "application/jsonx"}, 415),
    "no type": (b'{"query": "{ __typename }"}', {"content-type": ""}, 415),
    "large": (b'{"query": "' + b" " * 12_000_000 + b'"}', {}, 413),
    "empty": (b"", {}, 400),
    "cut short": (b'{"query": "{ __type', {}, 400),
    "no query": (b"{}", {}, 400),
    "a query that is null": (b'{"query": null}', {}, 400),
    "a query that is an object": (b'{"query": {}}', {}, 400),
    "variables that are a list": (b'{"query": "{ __typename }", "variables": []}', {}, 400),
    "variables that are a string": (b'{"query": "{ __typename }", "variables": "{}"}', {}, 400),
    "a name that is a number": (b'{"query": "{ __typename }", "operationName": 7}', {}, 400),
    "extensions that are a string": (b'{"query": "{ __typename }", "extensions": "x"}', {}, 400),
}


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
@pytest.mark.parametrize("name", BODIES)
async def test_a_malformed_body_is_refused_politely(served: Served, name: str, accept: str) -> None:
    body, headers, status = BODIES[name]

    response = await served.http.post(
        "/graphql", content=body, headers={"content-type": JSON, "accept": accept, **headers}
    )

    code = "QUERY_TOO_COMPLEX" if status == 413 else "BAD_USER_INPUT"
    error = refusal(response, status, code)
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    assert response.headers["content-type"] == accept


async def test_a_body_without_a_length_is_not_read_on_past_the_limit(served: Served) -> None:
    sent = 0

    async def endless() -> AsyncGenerator[bytes]:
        nonlocal sent
        for _ in range(3_000):
            sent += 10_000
            yield b" " * 10_000

    with contextlib.suppress(httpx.WriteError):
        refusal(
            await served.http.post("/graphql", content=endless(), headers={"content-type": JSON}),
            413,
            "QUERY_TOO_COMPLEX",
        )

    assert (await served.post(ME)).status_code == 200


async def test_whoever_hangs_up_in_the_middle_harms_nobody(served: Served) -> None:
    host, _, port = served.address.partition(":")
    with capture_logs() as logged:
        _, line = await asyncio.open_connection(host, int(port))
        line.write(
            b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{"
        )
        await line.drain()
        line.close()
        await asyncio.sleep(0.1)

    assert logged == []
    assert (await served.post(ME)).status_code == 200


async def test_utf8_may_be_named(served: Served) -> None:
    for charset in ("utf-8", "UTF-8", '"utf-8"'):
        headers = {"content-type": f"application/json; charset={charset}"}
        response = await served.http.post("/graphql", content='{"query": "{ __typename }"}', headers=headers)
        assert response.json() == {"data": {"__typename": "Query"}}


async def test_automatic_persisted_queries_are_declined_as_clients_expect(served: Served) -> None:
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}

    response = await served.http.post("/graphql", json={"extensions": extensions})

    refusal(response, 400, "PERSISTED_QUERY_NOT_SUPPORTED")


# --- media types and statuses

REQUEST_ERRORS: dict[str, tuple[dict[str, Any], str]] = {
    "no document": ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
    "a syntax error": ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
    "an unknown field": ({"query": "{ viewer { nonsense } }"}, "GRAPHQL_VALIDATION_FAILED"),
    "an operation without a name": (
        {"query": "query A { __typename } query B { __typename }", "operationName": ""},
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "an unknown operation": ({"query": "query A { __typename }", "operationName": "B"}, "GRAPHQL_VALIDATION_FAILED"),
    "an ambiguous operation": ({"query": "query A { __typename } query B { __typename }"}, "GRAPHQL_VALIDATION_FAILED"),
    "a missing variable": ({"query": "query ($id: ID!) { node(id: $id) { id } }"}, "BAD_USER_INPUT"),
    "a wrong variable": (
        {"query": "query ($n: Int!) { people(first: $n) { totalCount } }", "variables": {"n": "many"}},
        "BAD_USER_INPUT",
    ),
    "only a fragment": ({"query": "fragment F on Query { __typename }"}, "GRAPHQL_VALIDATION_FAILED"),
    "a subscription": ({"query": "subscription { feedUpdated { id } }"}, "BAD_USER_INPUT"),
}


@pytest.mark.parametrize("name", REQUEST_ERRORS)
async def test_a_request_error_has_no_data(served: Served, token: str, name: str) -> None:
    body, code = REQUEST_ERRORS[name]

    for accept, status in ((GRAPHQL, 400), (f"{JSON}, {GRAPHQL}", 400), (JSON, 200), ("*/*", 200)):
        response = await served.post(accept=accept, token=token, **body)

        assert response.status_code == status
        assert response.headers["content-type"] == (GRAPHQL if GRAPHQL in accept else JSON)
        assert list(response.json()) == ["errors"]
        assert codes(response)[0] == code


@pytest.mark.parametrize("accept", [GRAPHQL, JSON, "*/*", ""])
async def test_an_answer_is_200_and_of_the_type_asked_for(served: Served, token: str, accept: str) -> None:
    response = await served.post(ME, token=token, accept=accept)

    assert response.status_code == 200
    assert response.headers["content-type"] == (accept if accept == GRAPHQL else JSON)
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["data"]["viewer"]["person"]["name"] == "Ann"


async def test_a_field_that_is_refused_leaves_the_rest(served: Served, token: str) -> None:
    response = await served.post(
        '{ viewer { person { name } } nodes(ids: ["nonsense"]) { id } }', token=token, accept=GRAPHQL
    )

    assert response.status_code == 200
    assert response.json()["data"] == {"viewer": {"person": {"name": "Ann"}}, "nodes": [None]}


async def test_of_several_operations_the_named_one_is_run(served: Served) -> None:
    response = await served.post("query A { a: __typename } query B { b: __typename }", operationName="B")

    assert response.json() == {"data": {"b": "Query"}}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_told_which_there_are(served: Served, method: str) -> None:
    response = await served.http.request(method, "/graphql")

    refusal(response, 405, "METHOD_NOT_ALLOWED")
    assert {"GET", "POST"} <= set(response.headers["allow"].split(", "))


async def test_other_addresses_are_refused_alike(served: Served) -> None:
    refusal(await served.http.get("/nowhere"), 404, "NOT_FOUND")
    refusal(await served.http.post("/healthz"), 405, "METHOD_NOT_ALLOWED")


# --- GET


async def get(served: Served, token: str = "", headers: dict[str, str] | None = None, **params: str) -> httpx.Response:
    bearer = {"authorization": f"Bearer {token}"} if token else {}
    return await served.http.get("/graphql", params=params, headers={"accept": GRAPHQL, **bearer, **(headers or {})})


async def test_a_token_may_ask_by_get(served: Served, token: str) -> None:
    query = "query Q($first: Int!) { people(first: $first) { nodes { name } } } query R { __typename }"

    response = await get(served, token, query=query, variables='{"first": 1}', operationName="Q")

    assert response.json() == {"data": {"people": {"nodes": [{"name": "Ann"}]}}}


@pytest.mark.parametrize("query", ["mutation { signOut { errors { code } } }", "subscription { feedUpdated { id } }"])
async def test_nothing_is_done_by_get(served: Served, token: str, query: str) -> None:
    response = await get(served, token, query=query)

    refusal(response, 405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "POST"
    assert (await served.post(ME, token=token)).json()["data"]["viewer"]


async def test_get_is_for_tokens(served: Served, token: str) -> None:
    refusal(await get(served, query=ME), 405, "METHOD_NOT_ALLOWED")
    refusal(await get(served, headers={"cookie": f"atrium_session={token}"}, query=ME), 405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize("params", [{}, {"query": ME, "variables": "{"}, {"query": ME, "variables": "[" * 5_000}])
async def test_a_malformed_get_is_refused(served: Served, token: str, params: dict[str, Any]) -> None:
    refusal(await get(served, token, **params), 400, "BAD_USER_INPUT")


async def test_head_has_no_body(served: Served) -> None:
    response = await served.http.head("/graphql")

    assert response.status_code == 405
    assert response.content == b""


# --- limits


def doubling(depth: int) -> str:
    fragments = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(depth)]
    return "{ ...F0 } " + " ".join(fragments) + f" fragment F{depth} on Query {{ __typename }}"


DEAR = {
    "20,000 tokens": "{ " + "__typename " * 9_000 + "}" + " #x\n" * 11_000,
    "1,000 aliases": "{ " + " ".join(f"a{n}: __typename" for n in range(1_000)) + " }",
    "depth 13": "{ people { nodes " + "{ manager " * 12 + "{ id }" + " }" * 14,
    "100,001 characters": "{ __typename }" + " " * 99_990,
    "braces without end": "{" * 20_000,
    "brackets without end": "{ a(b: " + "[" * 20_000,
    "51 fragments": "{ __typename } " + " ".join(f"fragment F{n} on Query {{ __typename }}" for n in range(51)),
    "a fragment of itself": "{ ...F } fragment F on Query { ...F }",
    "a million nodes": "{ people(first: 100) { nodes { "
    + "reports(first: 100) { nodes { " * 2
    + "id"
    + " } }" * 3
    + " }",
    "21 roots": "{ " + " ".join(f'a{n}: node(id: "x") {{ id }}' for n in range(21)) + " }",
    "many directives": "{ __typename " + "@skip(if: false) " * 500 + "}",
}


@pytest.mark.parametrize("name", DEAR)
async def test_what_would_be_dear_is_refused_quickly(served: Served, token: str, name: str) -> None:
    started = time.perf_counter()

    response = await served.post(DEAR[name], token=token, accept=GRAPHQL)

    assert time.perf_counter() - started < QUICK
    assert response.status_code == 400, response.text[:300]
    assert set(codes(response)) <= {"QUERY_TOO_COMPLEX", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"}
    assert len(response.content) < 10_000


@pytest.mark.parametrize("leaf", ["__typename", "a: __typename", "...F0", "people { nodes { id name } }", "nonsense"])
async def test_fragments_that_double_28_deep_are_answered_quickly(served: Served, token: str, leaf: str) -> None:
    started = time.perf_counter()

    response = await served.post(doubling(28).replace("__typename", leaf), token=token, accept=GRAPHQL)

    assert time.perf_counter() - started < QUICK
    assert response.status_code in (200, 400)


async def test_variables_are_bounded_too(served: Served, token: str) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    nested: Any = "x"
    for _ in range(30):
        nested = [nested]

    for ids in (["x"] * 201, nested, ["\x00"]):
        response = await served.post(query, token=token, accept=GRAPHQL, variables={"ids": ids})
        assert (response.status_code, codes(response)) == (400, ["BAD_USER_INPUT"])
