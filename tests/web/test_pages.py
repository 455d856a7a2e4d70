"""The pages of the development mode: who gets them, what they hold, and that they work in a browser."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from graphql import parse
from playwright.async_api import Locator, expect
from starlette.applications import Starlette

from atrium.app import create_app
from atrium.settings import Settings
from atrium.web.assets import GRAPHIQL, Assets, read
from atrium.web.demo import KEPT_IN
from atrium.web.html import data
from auth.passwords import Hasher
from execution.ids import encode_id
from models.org import OrgUnit
from models.people import Person
from models.questionnaires import Given
from models.session import Access, Role
from models.surveys import Anonymity, Survey, SurveyKind, SurveySeries, SurveyStatus
from resolvers.context import Services
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_message
from tests.factories.feed import a_post
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_person, a_unit
from tests.factories.session import a_password, a_role
from tests.factories.surveys import a_survey, choice, scale
from tests.search.asking import indexed
from tests.survey_gate.filled import a_filled, counted, people
from tests.web.browser import CHROMIUM, browsing, serving
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


async def a_told(services: Services, author: Person, number: int) -> Survey:
    """A closed survey that so many people have answered, counted."""
    question = scale()
    answered = {i: [Given(question.id, (4,))] for i in range(number)}
    return await counted(services, await a_filled(author, [question], people(number=number), answered, shared=False))


async def a_pulse(author: Person, at: datetime = NOW) -> SurveySeries:
    """A series of which nothing was asked yet."""
    template = await a_survey(author, scale(key="week"), status=SurveyStatus.DRAFT)
    rhythm: dict[str, Any] = {"rule": "FREQ=WEEKLY", "starts_at": at, "zone": "UTC", "open_hours": 48, "salt": b"salt"}
    of: dict[str, Any] = {"template_id": template.id, "target_id": template.target_id, "author_id": author.id}
    return await SurveySeries.create(title="Pulse", created_at=at, **of, **rhythm)


async def post_until_seen(ask: Ask, author: Person, place: Locator) -> None:
    """A page does not tell when its stream has begun, so there may have to be a second post."""
    for _ in range(20):
        await ask(author, "posts/create_post", kind="DISCUSSION", body="Seen as it happens")
        with contextlib.suppress(AssertionError):
            await expect(place).to_contain_text("Seen as it happens", timeout=1_000)
            return
    pytest.fail("no event was shown")


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
    closed = await a_told(services, member, 8)
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
            assert not any(one.get("errors") for one in (answered.data or {}).values()), tab["key"]
    variables = {tab["key"]: tab["variables"] for tab in tabs}
    assert variables["comment"]["input"]["postId"] == global_id(post)
    assert variables["answer-survey"]["input"]["surveyId"] == variables["survey"]["id"] == global_id(survey)
    assert variables["survey-stream"]["surveyId"] == global_id(survey)
    assert (variables["survey-results"]["id"], variables["quiz"]["id"]) == (global_id(closed), global_id(quiz))
    assert variables["begin-quiz"]["input"] == {"surveyId": global_id(quiz)}
    assert variables["pulse"] == {"id": global_id(pulse), "questionKey": "week", "filterBy": None}
    assert variables["chat-history"]["id"] == variables["chat-stream"]["conversationId"] == global_id(talk)


async def survey_tabs_of(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    """The tabs on surveys of the member, who signs in by a click."""
    await client.post("/auth/demo/member", headers={"origin": HERE})
    tabs = tabs_of((await client.get("/graphql?plain", headers=HTML)).text)
    return {tab["key"]: tab for tab in tabs if "urvey" in tab["query"]}


@pytest.mark.parametrize("is_guest", [True, False], ids=["a guest", "a member"])
async def test_where_there_is_no_survey_tabs_say_what_to_do(
    client: httpx.AsyncClient, member: Person, ask: Ask, is_guest: bool
) -> None:
    await Person.filter(id=member.id).update(is_guest=is_guest)

    tabs = await survey_tabs_of(client)

    assert "…" not in json.dumps([tab["variables"] for tab in tabs.values()], ensure_ascii=False)
    assert {key: tab["query"].partition(".")[0] for key, tab in tabs.items() if key != "surveys"} == {
        "survey": "# There is no survey that you may see",
        "answer-survey": "# Nothing waits for you",
        "survey-results": "# You are told no results yet",
        "create-survey": "# You may ask nobody, so this is refused",
        "survey-stream": "# No survey that you may see is open",
        "begin-quiz": "# No quiz waits for you",
        "quiz": "# There is no quiz that you may see",
        "pulse": "# You keep no pulse",
    }
    refused = (await ask.text(member, tabs["create-survey"]["query"], tabs["create-survey"]["variables"])).data or {}
    assert [error["code"] for error in refused["createSurvey"]["errors"]] == ["FORBIDDEN"]


async def test_who_has_answered_still_reads_and_follows_it(client: httpx.AsyncClient, member: Person, ask: Ask) -> None:
    survey = await a_survey(member, scale(), asked=[member])
    before = await survey_tabs_of(client)

    await ask.text(member, before["answer-survey"]["query"], before["answer-survey"]["variables"])
    after = await survey_tabs_of(client)

    assert before["answer-survey"]["variables"]["input"]["surveyId"] == global_id(survey)
    assert after["answer-survey"]["query"].startswith("# Nothing waits for you")
    assert after["answer-survey"]["variables"] == {"input": {"surveyId": "", "answers": []}}
    assert after["survey"]["variables"]["id"] == after["survey-stream"]["variables"]["surveyId"] == global_id(survey)


async def test_results_are_those_of_most_people_that_are_told(
    client: httpx.AsyncClient, services: Services, member: Person
) -> None:
    most = await a_told(services, member, 9)
    await a_told(services, member, 6)
    await a_told(services, member, 4)  # which are too few
    await a_told(services, await a_person("Bob"), 12)  # who alone is told of it

    tabs = await survey_tabs_of(client)

    assert tabs["survey-results"]["variables"]["id"] == global_id(most)


async def test_a_pulse_that_was_counted_comes_first(client: httpx.AsyncClient, member: Person, ask: Ask) -> None:
    await a_role(member, Role.HR)
    pulse = await a_pulse(member)
    await a_survey(
        member, scale(key="week"), status=SurveyStatus.CLOSED, series_id=pulse.id, round=1, answered=0, counted_at=NOW
    )
    await a_pulse(member, at=NOW + timedelta(days=1))

    tab = (await survey_tabs_of(client))["pulse"]

    assert tab["variables"] == {"id": global_id(pulse), "questionKey": "week", "filterBy": None}
    answered = await ask.text(member, tab["query"], tab["variables"])
    assert not answered.errors
    assert [one["survey"]["round"] for one in (answered.data or {})["surveySeries"]["trend"]] == [1]


async def test_whoever_may_ask_a_part_of_the_company_has_a_draft_for_it(
    client: httpx.AsyncClient, member: Person, ask: Ask
) -> None:
    group = await a_group("Coffee corner", owner=member)
    of_group = (await survey_tabs_of(client))["create-survey"]
    await OrgUnit.filter(id=member.unit_id).update(head_id=member.id)
    of_unit = (await survey_tabs_of(client))["create-survey"]

    made = (await ask.text(member, of_unit["query"], of_unit["variables"])).data or {}

    assert of_group["variables"]["input"]["audience"] == {"groupId": global_id(group)}
    assert of_unit["variables"]["input"]["audience"] == {"orgUnitId": encode_id("OrgUnit", member.unit_id)}
    assert (made["createSurvey"]["errors"], made["createSurvey"]["survey"]["status"]) == ([], "DRAFT")


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
        await seen.page.goto(address)
        await expect(seen.page.locator("#ready")).to_have_text("Ready")
        await seen.page.click("[data-who=member]")
        await expect(seen.page.locator("#viewer")).to_have_text("Signed in as Zoe Member")
        await seen.page.click("text=Sign out")
        await expect(seen.page.locator("#leave")).to_be_hidden()

    assert await Access.all().count() == 0
    assert (seen.complaints, seen.asked) == ([], {address.removeprefix("http://")})


@in_a_browser
@with_graphiql
async def test_graphiql_asks_and_follows(app: Starlette, settings: Settings, member: Person, ask: Ask) -> None:
    async with serving(app, settings) as address, browsing() as seen:
        await seen.page.goto(address)
        await seen.page.click("[data-who=member]")
        await expect(seen.page.locator("#viewer")).to_have_text("Signed in as Zoe Member")

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
        await seen.page.goto(address)
        await seen.page.click("[data-who=member]")
        await expect(seen.page.locator("#viewer")).to_have_text("Signed in as Zoe Member")

        await seen.page.goto(f"{address}/graphql?tab={key}")

        opened = seen.page.locator(".graphiql-tab-active")
        await expect(opened).to_have_count(1)
        await expect(opened).to_be_in_viewport(ratio=1)

    assert (seen.complaints, seen.asked) == ([], {address.removeprefix("http://")})


@in_a_browser
async def test_a_conversation_is_followed_while_messages_are_sent(
    app: Starlette, settings: Settings, member: Person, ask: Ask
) -> None:
    talk = await a_conversation(member, await a_person("Bob"))
    async with serving(app, settings) as address, browsing() as seen:
        await seen.page.goto(address)
        await seen.page.click("[data-who=member]")
        await expect(seen.page.locator("#viewer")).to_have_text("Signed in as Zoe Member")

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
        await seen.page.goto(wire.address)
        await seen.page.click("[data-who=member]")
        await expect(seen.page.locator("#viewer")).to_have_text("Signed in as Zoe Member")
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
        await seen.page.goto(address)
        await seen.page.click("[data-who=member]")
        await expect(seen.page.locator("#viewer")).to_have_text("Signed in as Zoe Member")

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
