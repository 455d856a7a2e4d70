"""Who may ask over HTTP: other sites' pages, nobody in particular, and whoever has signed in."""

from __future__ import annotations

import json

import httpx
import pytest

from auth import sessions
from auth.passwords import Hasher
from models.people import Person
from models.session import Access
from tests.conftest import OPERATIONS
from tests.factories.people import a_person
from tests.factories.session import PASSWORD, a_password
from tests.web.server import GRAPHQL, PUBLIC, Served, codes, refusal

ME = "{ viewer { person { id name } } }"
SIGN_IN = (OPERATIONS / "session" / "sign_in.graphql").read_text()

on_empty_tables = pytest.mark.usefixtures("database")

# --- other sites' pages


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1.evil.example"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://social.company.example.evil.example", "sec-fetch-site": "cross-site"},
    ],
)
async def test_another_sites_page_does_nothing_with_our_cookie(
    served: Served, token: str, headers: dict[str, str]
) -> None:
    cookie = {"cookie": f"atrium_session={token}"}
    query = {"query": "mutation { signOut { errors { code } } }"}

    response = await served.http.post("/graphql", json=query, headers={**cookie, **headers})

    refusal(response, 403, "FORBIDDEN")
    assert await Access.all().count() == 1


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
async def test_what_a_form_can_send_is_not_taken(served: Served, token: str, kind: str) -> None:
    headers = {"cookie": f"atrium_session={token}", "content-type": kind}

    response = await served.http.post("/graphql", content=json.dumps({"query": ME}), headers=headers)

    refusal(response, 415, "BAD_USER_INPUT")


async def test_our_own_page_uses_the_cookie(served: Served, token: str) -> None:
    headers = {
        "cookie": f"atrium_session={token}",
        "origin": f"http://{served.address}",
        "sec-fetch-site": "same-origin",
    }

    response = await served.http.post("/graphql", json={"query": ME}, headers=headers)

    assert response.json()["data"]["viewer"]["person"]["name"] == "Ann"


async def preflight(served: Served, origin: str) -> httpx.Response:
    headers = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,authorization",
    }
    return await served.http.options("/graphql", headers=headers)


async def test_a_listed_origin_may_call(production: Served) -> None:
    allowed, answered = (
        await preflight(production, PUBLIC),
        await production.http.post("/graphql", json={"query": "{ __typename }"}, headers={"origin": PUBLIC}),
    )

    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == PUBLIC
    assert "content-type" in allowed.headers["access-control-allow-headers"].lower()
    assert answered.headers["access-control-allow-origin"] == PUBLIC
    assert answered.headers["access-control-allow-credentials"] == "true"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{PUBLIC}.evil.example"])
async def test_any_other_origin_may_not(production: Served, origin: str) -> None:
    response = await preflight(production, origin)

    assert response.status_code == 400
    assert "access-control-allow-origin" not in response.headers


# --- who asks


async def test_nobody_in_particular_may_ask_next_to_nothing(served: Served) -> None:
    assert (await served.post("{ __typename viewer { person { id } } }")).json() == {
        "data": {"__typename": "Query", "viewer": None}
    }
    for query in (
        "{ feed { totalCount } }",
        "{ ...F } fragment F on Query { people { totalCount } }",
        "{ eventCursor }",
    ):
        response = await served.post(query)
        refusal(response, 401, "UNAUTHENTICATED")
        assert response.headers["www-authenticate"] == "Bearer"


@on_empty_tables
async def test_introspection_is_for_those_who_are_signed_in_where_it_matters(
    production: Served, served: Served
) -> None:
    query = "{ __schema { queryType { name } } }"
    ann = await production.token(await a_person("Ann"))

    assert (await served.post(query)).json()["data"]["__schema"]
    assert (await production.post(query, token=ann)).json()["data"]["__schema"]
    for hidden in (query, '{ __type(name: "Person") { name } }', "{ _service { sdl } }"):
        refused = await production.post(hidden, accept=GRAPHQL)
        assert (refused.status_code, codes(refused)) == (400, ["FORBIDDEN"])


@pytest.mark.parametrize("header", ["Bearer", "Bearer x y", "Basic YTpi", "atr_x", "Bearer atr_nonsense", "Bearer é"])
async def test_a_bad_token_is_refused(served: Served, header: str) -> None:
    headers = [(b"authorization", header.encode())]

    response = await served.http.post("/graphql", json={"query": ME}, headers=headers)

    refusal(response, 401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == "Bearer"


@on_empty_tables
async def test_a_revoked_token_is_refused_at_the_next_request(served: Served) -> None:
    ann = await a_person("Ann")
    secret, _ = await sessions.open_session(ann.id, now=served.clock.now())
    nodes = (await served.operate("session/sessions", secret, first=1))["viewer"]["sessions"]["nodes"]

    revoked = await served.operate("session/revoke_access", secret, input={"id": nodes[0]["id"]})

    assert revoked["revokeAccess"]["errors"] == []
    refusal(await served.post(ME, token=secret), 401, "UNAUTHENTICATED")


@on_empty_tables
async def test_whoever_is_deactivated_is_refused_at_the_next_request(served: Served) -> None:
    ann = await a_person("Ann")
    secret = await served.token(ann)
    await Person.filter(id=ann.id).update(active=False)

    refusal(await served.post(ME, token=secret), 401, "UNAUTHENTICATED")


async def sign_in(served: Served, password: str = PASSWORD, wants: str = "SESSION") -> httpx.Response:
    values = {"login": "ann@company.example", "password": password, "wants": wants}
    query = SIGN_IN.replace("errors { code", "errors { ... on RateLimitedError { retryAfter } code")
    return await served.post(query, variables={"input": values})


async def ann_with_a_password(served: Served, hasher: Hasher) -> Person:
    ann = await a_person("Ann", email="ann@company.example")
    await a_password(ann, hasher, served.clock.now())
    return ann


@on_empty_tables
async def test_signing_in_sets_a_cookie_that_works_and_signing_out_takes_it_away(
    served: Served, hasher: Hasher
) -> None:
    await ann_with_a_password(served, hasher)

    signed_in = await sign_in(served)
    cookie = signed_in.headers["set-cookie"]
    shown = {"cookie": cookie.partition(";")[0]}
    me = await served.http.post("/graphql", json={"query": ME}, headers=shown)
    query = {"query": "mutation { signOut { errors { code } } }"}
    signed_out = await served.http.post("/graphql", json=query, headers=shown)
    after = await served.http.post("/graphql", json={"query": ME}, headers=shown)
    served.http.cookies.clear()

    assert signed_in.json()["data"]["signIn"] == {
        "viewer": {"person": {"id": me.json()["data"]["viewer"]["person"]["id"], "name": "Ann"}},
        "token": None,
        "errors": [],
    }
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=2592000"} <= set(cookie.split("; "))
    assert cookie.startswith("atrium_session=") and "Secure" not in cookie
    assert signed_out.headers["set-cookie"].startswith('atrium_session=""; ')
    assert "Max-Age=0" in signed_out.headers["set-cookie"]
    assert after.json() == {"data": {"viewer": None}}
    assert "Max-Age=0" in after.headers["set-cookie"]


@on_empty_tables
async def test_in_production_the_cookie_is_for_https_alone(production: Served, hasher: Hasher) -> None:
    await ann_with_a_password(production, hasher)

    cookie = (await sign_in(production)).headers["set-cookie"]
    production.http.cookies.clear()

    assert cookie.startswith("__Host-atrium_session=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Secure"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@on_empty_tables
async def test_a_program_gets_a_token_and_no_cookie(served: Served, hasher: Hasher) -> None:
    await ann_with_a_password(served, hasher)

    response = await sign_in(served, wants="TOKEN")

    assert "set-cookie" not in response.headers
    secret = response.json()["data"]["signIn"]["token"]["secret"]
    assert (await served.post(ME, token=secret)).json()["data"]["viewer"]["person"]["name"] == "Ann"


@on_empty_tables
async def test_guessing_is_slowed_down(served: Served, hasher: Hasher) -> None:
    await ann_with_a_password(served, hasher)

    answers = [(await sign_in(served, f"guess number {n}")).json()["data"]["signIn"]["errors"][0] for n in range(20)]
    right = (await sign_in(served)).json()["data"]["signIn"]["errors"][0]

    assert [answer["code"] for answer in answers[:3]] == ["BAD_CREDENTIALS"] * 3
    assert {answer["code"] for answer in answers[3:]} == {"RATE_LIMITED"}
    assert right["code"] == "RATE_LIMITED"
    assert right["retryAfter"] >= 1
    served.clock.turn(seconds=right["retryAfter"])
    assert (await sign_in(served)).json()["data"]["signIn"]["errors"] == []
    served.http.cookies.clear()
