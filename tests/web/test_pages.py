"""The pages of the development mode: who gets them, what they hold, and that they work in a browser."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from graphql import parse
from playwright.async_api import Locator, Page, expect
from starlette.applications import Starlette

from atrium.app import create_app
from atrium.settings import Settings
from atrium.web.assets import GRAPHIQL, Assets, read
from atrium.web.demo import KEPT_IN
from atrium.web.html import data
from auth.passwords import Hasher
from models.people import Person
from models.session import Access, Role
from models.surveys import Anonymity, SurveyKind
from resolvers.context import Services
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_message
from tests.factories.feed import a_post
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.factories.session import a_password, a_role
from tests.factories.surveys import a_survey, choice, scale
from tests.search.asking import indexed
from tests.web.browser import CHROMIUM, browsing, serving
from tests.web.surveyed import a_pulse, a_told
from tests.web.wires import Wire

HTML = {"accept": "text/html"}
HERE = "http://127.0.0.1:8000"
in_a_browser = pytest.mark.skipif(CHROMIUM is None, reason="wants Debian's Chromium: apt install chromium")
with_graphiql = pytest.mark.skipif(
    not Assets().has_graphiql(), reason="wants GraphiQL's files: python -m atrium.web.assets"
)


@pytest.fixture
def app(settings: Settings, services: Services) -> Starlette:
    return create_app(settings, services, told={"database": "PostgreSQL", "search": "<full text>"})


def a_client(app: Starlette, peer: str = "127.0.0.1") -> httpx.AsyncClient:
    """A client at an address, whose cookies last."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(peer, 50_000)), base_url=HERE)


@pytest_asyncio.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with a_client(app) as made:
        yield made


@pytest_asyncio.fixture
async def member(settings: Settings, services: Services, hasher: Hasher, clock: TurnedClock) -> Person:
    """The member of a demonstration company of one."""
    person = await a_person("Zoe Member", email="member@atrium.example", unit=await a_unit("Company"))
    (settings.data_dir / KEPT_IN).write_text(await a_password(person, hasher, clock.now()))
    return person


def tabs_of(page: str) -> list[dict[str, Any]]:
    found = re.search(r'<script[^>]* id="tabs">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])["tabs"]


async def post_until_seen(ask: Ask, author: Person, place: Locator) -> None:
    """A page does not tell when its stream has begun, so there may have to be a second post."""
    for _ in range(20):
        await ask(author, "posts/create_post", kind="DISCUSSION", body="Seen as it happens")
        with contextlib.suppress(AssertionError):
            await expect(place).to_contain_text("Seen as it happens", timeout=1_000)
            return
    pytest.fail("no event was shown")


async def sign_in(page: Page, address: str) -> None:
    await page.goto(address)
    await page.click("[data-who=member]")
    await expect(page.locator("#viewer")).to_have_text("Signed in as Zoe Member")


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("10.0.0.7", {}),
        ("127.0.0.1", {"host": "rebound.example:8000"}),
        ("127.0.0.1", {"x-forwarded-for": "10.0.0.7"}),
    ],
    ids=["another machine", "another name", "through a proxy"],
)
async def test_the_start_page_is_for_this_machine(app: Starlette, peer: str, headers: dict[str, str]) -> None:
    async with a_client(app, peer) as client:
        answer = await client.get("/", headers=headers)

    assert answer.json()["name"] == "Atrium"
    assert answer.headers["content-type"] == "application/json"


async def test_the_start_page_shows_the_engines_and_how_to_load_the_demonstration(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")

    assert answer.status_code == 200
    assert "&lt;full text&gt;" in answer.text
    assert "python -m atrium demo" in answer.text


async def test_a_click_signs_in(client: httpx.AsyncClient, member: Person) -> None:
    assert "member@atrium.example" in (await client.get("/")).text

    answer = await client.post("/auth/demo/member", headers={"origin": HERE})

    assert answer.json() == {"name": "Zoe Member"}
    query = {"query": "{ viewer { person { name } } }"}
    viewer = (await client.post("/graphql", json=query)).json()["data"]["viewer"]
    assert viewer == {"person": {"name": "Zoe Member"}}


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("127.0.0.1", {}),
        ("127.0.0.1", {"origin": "http://elsewhere.example"}),
        ("127.0.0.1", {"origin": "http://127.0.0.1:9000"}),
        ("127.0.0.1", {"origin": "null"}),
        ("127.0.0.1", {"origin": "http://rebound.example:8000", "host": "rebound.example:8000"}),
        ("127.0.0.1", {"origin": HERE, "x-forwarded-for": "10.0.0.7"}),
        ("10.0.0.7", {"origin": HERE}),
    ],
)
async def test_nobody_else_signs_in_by_a_click(
    app: Starlette, member: Person, peer: str, headers: dict[str, str]
) -> None:
    async with a_client(app, peer) as client:
        answer = await client.post("/auth/demo/member", headers=headers)

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert await Access.all().count() == 0


@pytest.mark.parametrize("who", ["member", "root", "member@atrium.example"])
async def test_without_a_demonstration_there_is_nobody_to_be(client: httpx.AsyncClient, who: str) -> None:
    answer = await client.post(f"/auth/demo/{who}", headers={"origin": HERE})

    assert answer.status_code == 404
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_in_production_there_are_no_pages(settings: Settings, services: Services, member: Person) -> None:
    strict = settings.model_copy(update={"mode": "production"})
    async with a_client(create_app(strict, services)) as client:
        root = await client.get("/", headers=HTML)
        graphiql = await client.get("/graphql", headers=HTML)
        click = await client.post("/auth/demo/member", headers={"origin": HERE})
        schema = await client.get("/schema.graphql")

    assert root.json()["name"] == "Atrium"
    assert graphiql.status_code == 405
    assert (click.status_code, schema.status_code) == (404, 404)


async def test_every_tab_runs_as_it_is(client: httpx.AsyncClient, member: Person, ask: Ask, services: Services) -> None:
    await a_role(member, Role.HR)
    post = await a_post("Hello", author=member)
    await a_message(talk := await a_conversation(member), author=member)
    await a_group("Coffee corner", owner=member)  # which is suggested as one types
    survey = await a_survey(member, scale(), choice(required=True), asked=[member])
    closed = await a_told(services, member, number=8)
    quiz = await a_survey(member, asked=[member], kind=SurveyKind.QUIZ, anonymity=Anonymity.NAMED)
    pulse = await a_pulse(member)
    await indexed(ask)
    await client.post("/auth/demo/member", headers={"origin": HERE})

    tabs = tabs_of((await client.get("/graphql?plain", headers=HTML)).text)

    assert [tab["key"] for tab in tabs][:3] == ["me", "home-feed", "org-chart"]
    for tab in tabs:
        if not tab["key"].endswith("-stream"):  # which a browser follows below
            answered = await ask.text(member, tab["query"], tab["variables"])
            assert not answered.errors, tab["key"]
            assert all((answered.data or {}).values()), tab["key"]
            assert '"errors": [{' not in json.dumps(answered.data), tab["key"]
    variables = {tab["key"]: tab["variables"] for tab in tabs}
    assert variables["comment"]["input"]["postId"] == global_id(post)
    assert variables["answer-survey"]["input"]["surveyId"] == variables["survey"]["id"] == global_id(survey)
    assert variables["survey-stream"]["surveyId"] == global_id(survey)
    assert (variables["survey-results"]["id"], variables["quiz"]["id"]) == (global_id(closed), global_id(quiz))
    assert variables["begin-quiz"]["input"] == {"surveyId": global_id(quiz)}
    assert variables["pulse"] == {"id": global_id(pulse), "questionKey": "week", "filterBy": None}
    assert variables["chat-history"]["id"] == variables["chat-stream"]["conversationId"] == global_id(talk)


async def test_the_start_page_leads_to_tabs_that_are_there(client: httpx.AsyncClient, member: Person) -> None:
    linked = re.findall(r'href="/graphql\?tab=([^"]+)"', (await client.get("/")).text)
    await client.post("/auth/demo/member", headers={"origin": HERE})

    assert linked == [tab["key"] for tab in tabs_of((await client.get("/graphql", headers=HTML)).text)]


async def test_who_is_not_signed_in_learns_no_ids(client: httpx.AsyncClient, member: Person) -> None:
    tabs = tabs_of((await client.get("/graphql", headers=HTML)).text)

    assert tabs[0]["key"] == "sign-in"
    assert tabs[0]["variables"]["input"]["password"] == ""
    assert {t["key"]: t["variables"] for t in tabs}["profile"] == {"id": "…"}


async def test_the_schema_is_served(client: httpx.AsyncClient) -> None:
    answer = await client.get("/schema.graphql")

    assert parse(answer.text)


async def test_a_file_has_an_address_of_its_content(client: httpx.AsyncClient) -> None:
    address = Assets().url("base.css")

    found, stale = await client.get(address), await client.get("/assets/0123456789abcdef/base.css")

    assert found.headers["content-type"].startswith("text/css")
    assert "immutable" in found.headers["cache-control"]
    assert found.headers["x-content-type-options"] == "nosniff"
    assert stale.status_code == 404


def test_a_foreign_file_with_other_bytes_is_not_served(tmp_path: Path) -> None:
    for bundled in GRAPHIQL:
        (tmp_path / bundled.name).write_text("alert('not the file we know')")

    assert all(read(tmp_path, bundled) is None for bundled in GRAPHIQL)
    assert not Assets(tmp_path).has_graphiql()


async def test_pages_take_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    for page in ("/", "/graphql", "/graphql?plain", "/docs/"):
        answer = await client.get(page, headers=HTML)
        policy = answer.headers["content-security-policy"]
        (nonce,) = set(re.findall(r"'nonce-([^']+)'", policy))
        assert policy.startswith("default-src 'none'; script-src 'self' 'nonce-"), page
        assert set(re.findall(r'<script nonce="([^"]+)"', answer.text)) <= {nonce}, page
        assert "<script>" not in answer.text and "://" not in re.sub(r"<main>.*</main>", "", answer.text), page


async def test_a_strange_host_does_not_reach_the_policy(client: httpx.AsyncClient) -> None:
    answer = await client.get("/graphql", headers=HTML | {"host": "a.example; script-src *"})

    assert "script-src *" not in answer.headers["content-security-policy"]


def test_data_cannot_end_its_script() -> None:
    assert "<" not in data({"name": "</script><script>alert(1)</script>"})


@pytest.mark.parametrize(
    "path", ["../pyproject.toml", "docs/../pyproject.toml", "%2e%2e/%2e%2e/etc/passwd", "pyproject.toml"]
)
async def test_only_the_documentation_is_shown(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"/docs/{path}")

    assert answer.status_code == 404


@in_a_browser
async def test_one_signs_in_and_out_by_clicks(app: Starlette, settings: Settings, member: Person) -> None:
    async with serving(app, settings) as address, browsing() as seen:
        await sign_in(seen.page, address)
        await expect(seen.page.locator("#ready")).to_have_text("Ready")
        await seen.page.click("text=Sign out")
        await expect(seen.page.locator("#leave")).to_be_hidden()

    assert await Access.all().count() == 0
    assert (seen.complaints, seen.asked) == ([], {address.removeprefix("http://")})


@in_a_browser
@with_graphiql
async def test_graphiql_asks_and_follows(app: Starlette, settings: Settings, member: Person, ask: Ask) -> None:
    async with serving(app, settings) as address, browsing() as seen:
        await sign_in(seen.page, address)

        await seen.page.goto(f"{address}/graphql?tab=me")
        await expect(seen.page.locator(".graphiql-tab")).to_have_count(31)
        await seen.page.click(".graphiql-execute-button")
        await expect(seen.page.locator(".result-window")).to_contain_text("Zoe Member")

        await seen.page.goto(f"{address}/graphql?tab=feed-stream")
        await seen.page.click(".graphiql-execute-button")
        await post_until_seen(ask, member, seen.page.locator(".result-window"))

    assert (seen.complaints, seen.asked) == ([], {address.removeprefix("http://")})


@in_a_browser
@with_graphiql
@pytest.mark.parametrize("key", ["me", "survey-results", "feed-stream"])
async def test_the_opened_tab_is_in_sight(app: Starlette, settings: Settings, member: Person, key: str) -> None:
    async with serving(app, settings) as address, browsing() as seen:
        await sign_in(seen.page, address)

        await seen.page.goto(f"{address}/graphql?tab={key}")

        await expect(seen.page.locator(".graphiql-tab-active")).to_be_in_viewport(ratio=1)

    assert (seen.complaints, seen.asked) == ([], {address.removeprefix("http://")})


@in_a_browser
async def test_a_conversation_is_followed_while_messages_are_sent(
    app: Starlette, settings: Settings, member: Person, ask: Ask
) -> None:
    talk = await a_conversation(member, await a_person("Bob"))
    async with serving(app, settings) as address, browsing() as seen:
        await sign_in(seen.page, address)

        await seen.page.goto(f"{address}/graphql?plain&tab=chat-stream")
        await seen.page.click("#run")
        await expect(seen.page.locator("#status")).to_have_text("Listening …")
        for n in range(20):  # a page does not tell when its stream has begun
            await ask(member, "messages/send_message", conversation_id=global_id(talk), body=f"Said as it happens, {n}")
            with contextlib.suppress(AssertionError):
                await expect(seen.page.locator("#answer")).to_contain_text("Said as it happens", timeout=1_000)
                break
        await expect(seen.page.locator("#answer")).to_contain_text("Said as it happens")

    assert (seen.complaints, seen.asked) == ([], {address.removeprefix("http://")})


@in_a_browser
@with_graphiql
@pytest.mark.parametrize("page", ["graphql?tab=chat-stream", "graphql?plain&tab=chat-stream"])
async def test_a_stream_goes_on_where_its_connection_broke(
    app: Starlette, settings: Settings, member: Person, ask: Ask, page: str
) -> None:
    talk = await a_conversation(member, await a_person("Bob"))
    heard: list[str] = []

    async def say(*texts: str) -> None:
        for text in texts:
            await ask(member, "messages/send_message", conversation_id=global_id(talk), body=text)

    async with (
        serving(app, settings) as address,
        Wire(int(address.rpartition(":")[2])).laid() as wire,
        browsing() as seen,
    ):
        seen.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(str(frame))))
        await sign_in(seen.page, wire.address)
        await seen.page.goto(f"{wire.address}/{page}")
        await seen.page.click("#run" if "plain" in page else ".graphiql-execute-button")
        answer = seen.page.locator("#answer" if "plain" in page else ".result-window")
        for n in range(20):  # a page does not tell when its stream has begun
            await say(f"before {n}")
            with contextlib.suppress(AssertionError):
                await expect(answer).to_contain_text("before", timeout=1_000)
                break

        wire.cut()
        await expect(answer).to_contain_text("It goes on where it broke off")
        await say("missed 1", "missed 2", "missed 3")
        wire.mend()

        await expect(answer).to_contain_text("missed 3", timeout=30_000)
        await say("after all")
        await expect(answer).to_contain_text("after all")

    told = [text for text in ("missed 1", "missed 2", "missed 3", "after all") for frame in heard if text in frame]
    assert told == ["missed 1", "missed 2", "missed 3", "after all"]


@in_a_browser
async def test_the_plain_page_asks_and_follows(app: Starlette, settings: Settings, member: Person, ask: Ask) -> None:
    async with serving(app, settings) as address, browsing() as seen:
        await sign_in(seen.page, address)

        await seen.page.goto(f"{address}/graphql?plain&tab=profile")
        await seen.page.click("#run")
        await expect(seen.page.locator("#answer")).to_contain_text("Zoe Member")

        await seen.page.click("text=Feed stream")
        await seen.page.click("#run")
        await expect(seen.page.locator("#status")).to_have_text("Listening …")
        await post_until_seen(ask, member, seen.page.locator("#answer"))
        await seen.page.click("#stop")
        await expect(seen.page.locator("#status")).to_have_text("Stopped.")

    assert (seen.complaints, seen.asked) == ([], {address.removeprefix("http://")})
