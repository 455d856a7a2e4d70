"""Operators in a search: who said it, where, with which tag and when, by names that the viewer may know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from models.conversations import Conversation, ConversationKind
from models.groups import Visibility
from models.people import Person
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_message
from tests.factories.circles import a_circle
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.tags import a_tag, tagged
from tests.search.asking import indexed, results, searched


@dataclass
class Office:
    """Ann, whose search it is, and others who all have said something of tea."""

    ann: Person
    gil: Person


@pytest_asyncio.fixture
async def office(ask: Ask) -> Office:
    lab = await a_unit("Laboratory Nord")
    cellar = await a_unit("Cellar", parent=lab)
    ann = await a_person("Ann Lee", unit=cellar, email="ann@company.example")
    bob = await a_person("Robert Müller", unit=lab, email="bob.m@company.example", title="Lee side sailor")
    lee = await a_person("Lee O'Brien", email="lee@company.example")
    pia = await a_person("Pia Planned", active=False, planned=True)
    gil = await a_guest("Gil")
    tea, secret_tag = await a_tag("hot-drinks", "warm drinks"), await a_tag("hush")
    open_group = await a_group("Tea Club", owner=bob, visibility=Visibility.OPEN)
    project = await a_circle(ann, gil, lee, name="Project Tea & Co")
    secret = await a_circle(bob, name="Secret Club", visibility=Visibility.SECRET)
    talk = await a_conversation(ann, bob, title="Kitchen talk")
    other = await a_conversation(bob, lee, title="Kitchen secrets", kind=ConversationKind.GROUP)
    await tagged(await a_post("tea by ann", author=ann), tea)
    post = await a_post("tea by bob", author=bob, audience=open_group.id)
    await a_comment(post, "tea comment of lee", author=lee)
    await a_post("tea of the project", author=lee, audience=project.id)
    await tagged(await a_post("tea in secret", author=bob, audience=secret.id), secret_tag)
    await a_post("tea of the laboratory", author=bob, audience=lab.id)
    await a_post("tea of the cellar", author=ann, audience=cellar.id)
    await a_post("tea of pia", author=pia)
    await a_message(talk, "tea in the kitchen", author=bob)
    await a_message(other, "tea for two", author=lee)
    await indexed(ask)
    return Office(ann, gil)


ANN = {"tea by ann", "tea of the cellar"}
BOB = {"tea by bob", "tea of the laboratory", "tea in the kitchen"}
LEE = {"tea comment of lee", "tea of the project"}
PIA = {"tea of pia"}
ALL = ANN | BOB | LEE | PIA

CASES: dict[str, set[str]] = {
    "tea": ALL,
    "tea from:me": ANN,
    "from:ME tea": ANN,
    "tea from:ann": ANN,
    "from:ANN tea": ANN,
    "FROM:ann tea": ANN,
    "from:ann": ANN,
    "tea from:müller": BOB,
    "tea from:muller": BOB,
    "tea from:mueller": BOB,
    'tea from:"robert müller"': BOB,
    "tea from:“Müller Robert”": BOB,
    "tea from:„müller“": BOB,
    "tea from:lee": ANN | LEE,
    "tea from:o'brien": LEE,
    "tea from:O’Brien": LEE,
    'tea from:"lee obrien"': LEE,
    "tea from:lee@company.example": LEE,
    "tea from:bob.m@company.example": BOB,
    "tea from:bob.m": set(),
    "tea from:sailor": set(),
    "tea from:nord": set(),
    "tea from:rob": set(),
    "tea from:nobody": set(),
    "tea from:pia": set(),
    "tea -from:pia": ALL,
    "tea -from:nobody": ALL,
    "tea -from:ann": ALL - ANN,
    "tea -from:lee": BOB | PIA,
    "tea -from:me -from:müller": LEE | PIA,
    "tea from:ann from:lee": ANN,
    "tea from:müller -from:robert": set(),
    "tea in:club": {"tea by bob", "tea comment of lee"},
    'tea in:"tea club"': {"tea by bob", "tea comment of lee"},
    'tea in:"club tea"': {"tea by bob", "tea comment of lee"},
    "tea in:secret": set(),
    'tea in:"secret club"': set(),
    "tea -in:secret": ALL,
    "tea in:project": {"tea of the project"},
    'tea in:"Project Tea & Co"': {"tea of the project"},
    "tea in:laboratory": {"tea of the laboratory", "tea of the cellar"},
    "tea in:nord": {"tea of the laboratory", "tea of the cellar"},
    "tea in:cellar": {"tea of the cellar"},
    "tea -in:laboratory": ALL - {"tea of the laboratory", "tea of the cellar"},
    "tea in:kitchen": {"tea in the kitchen"},
    "tea in:talk": {"tea in the kitchen"},
    "tea in:secrets": set(),
    "tea in:nowhere": set(),
    "tea in:%": set(),
    "tea tag:hot-drinks": {"tea by ann"},
    "tea tag:#hot-drinks": {"tea by ann"},
    "tea tag:Hot-Drinks": {"tea by ann"},
    'tea tag:"warm drinks"': {"tea by ann"},
    "tea tag:hush": set(),
    "tea -tag:hush": ALL,
    "tea tag:none": set(),
    "tea -tag:hot-drinks": ALL - {"tea by ann"},
    "tea from:ann in:cellar": {"tea of the cellar"},
    "tea from:müller in:kitchen": {"tea in the kitchen"},
    "tea -from:müller in:club": {"tea comment of lee"},
    "tea from:ann -kitchen -cellar": {"tea by ann"},
    'tea from:ann -"of the"': {"tea by ann"},
    '"tea by" from:ann': {"tea by ann"},
    "tea http://x.example": set(),
}


@pytest.mark.parametrize("text", CASES)
async def test_operators_narrow(ask: Ask, office: Office, text: str) -> None:
    said = {"kinds": ["POST", "COMMENT", "MESSAGE"]}

    assert set(await searched(ask, office.ann, text, **said)) == CASES[text]


GUESTS: dict[str, set[str]] = {
    "tea": {"tea of the project"},
    "from:me tea": set(),
    "from:lee tea": {"tea of the project"},
    'from:"o\'brien" tea': {"tea of the project"},
    "from:ann": set(),
    "from:müller": set(),
    "-from:müller tea": {"tea of the project"},
    "in:project tea": {"tea of the project"},
    "in:laboratory": set(),
    "in:club": set(),
    "in:kitchen": set(),
    "tag:hot-drinks": set(),
    "-in:laboratory tea": {"tea of the project"},
}


@pytest.mark.parametrize("text", GUESTS)
async def test_operators_of_a_guest_name_what_they_see(ask: Ask, office: Office, text: str) -> None:
    assert set(await searched(ask, office.gil, text, kinds=["POST", "COMMENT", "MESSAGE"])) == GUESTS[text]


async def test_a_tag_that_few_may_give_may_be_searched_by_all(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    await tagged(await a_post("tea", author=bob), await a_tag("official", restricted=True))
    await indexed(ask)

    assert await searched(ask, ann, "tag:official tea") == ["tea"]


async def test_in_a_unit_are_its_people_too(ask: Ask, office: Office) -> None:
    people = {"kinds": ["PERSON"]}

    assert set(await searched(ask, office.ann, "in:laboratory", **people)) == {"Ann Lee", "Robert Müller"}
    assert set(await searched(ask, office.ann, "in:cellar ann", **people)) == {"Ann Lee"}
    assert set(await searched(ask, office.ann, "lee -in:cellar", **people)) == {"Lee O'Brien", "Robert Müller"}
    assert await searched(ask, office.gil, "in:cellar ann", **people) == []


async def test_what_makes_no_sense_is_words(ask: Ask) -> None:
    ann = await a_person("Ann")
    for body in ("label:urgent", "before: lunch", "after someday", "Please from now on", "re:zero", "at 10:30"):
        await a_post(body, author=ann)
    await indexed(ask)

    assert await searched(ask, ann, "label:urgent") == ["label:urgent"]
    assert await searched(ask, ann, "before:lunch") == ["before: lunch"]
    assert await searched(ask, ann, "after:someday") == ["after someday"]
    assert await searched(ask, ann, "from: now") == ["Please from now on"]
    assert await searched(ask, ann, "re:zero") == ["re:zero"]
    assert await searched(ask, ann, "10:30") == ["at 10:30"]
    assert await searched(ask, ann, "before:2026-13-01") == []


DAYS: dict[str, set[str]] = {
    "tea after:2026": set(),
    "tea after:2025": {"today", "yesterday", "february", "january"},
    "tea before:2026": {"december", "last year"},
    "tea before:2025": set(),
    "tea after:2026-01": {"today", "yesterday", "february"},
    "tea before:2026-02": {"january", "december", "last year"},
    "tea after:2026-1": {"today", "yesterday", "february"},
    "tea after:2026-02-10": {"today", "yesterday"},
    "tea after:2026-02-09": {"today", "yesterday", "february"},
    "tea before:2026-02-10": {"january", "december", "last year"},
    "tea before:2026-02-11": {"february", "january", "december", "last year"},
    "tea before:2026-2-11": {"february", "january", "december", "last year"},
    "tea before:today": {"yesterday", "february", "january", "december", "last year"},
    "tea after:yesterday": {"today"},
    "tea after:today": set(),
    "tea before:yesterday": {"february", "january", "december", "last year"},
    "tea -before:2026-02": {"today", "yesterday", "february"},
    "tea -after:2026-02": {"february", "january", "december", "last year"},
    "tea -before:2025 -after:2025": {"december", "last year"},
    "tea after:2025 before:2026-02": {"january"},
    "tea after:2026-02 before:2026-01": set(),
    "tea after:2025-12-31 before:2026-01-01": set(),
    'tea after:"2026-01"': {"today", "yesterday", "february"},
    "tea before:2026 before:2026-02": {"december", "last year"},
    "after:2025": {"today", "yesterday", "february", "january"},
    "before:2026": {"december", "last year"},
    "-after:2025": {"december", "last year"},
    "tea before:9998": {"today", "yesterday", "february", "january", "december", "last year"},
    "tea after:0001": {"today", "yesterday", "february", "january", "december", "last year"},
    "tea before:0001": set(),
    "tea before:0001-01-02": set(),
    "tea after:9998": set(),
    "tea after:9999-12-30": set(),
}
MOMENTS = {
    "today": datetime(2026, 3, 2, 0, 30, tzinfo=UTC),
    "yesterday": datetime(2026, 3, 1, 23, 59, tzinfo=UTC),
    "february": datetime(2026, 2, 10, 12, tzinfo=UTC),
    "january": datetime(2026, 1, 1, 0, 0, tzinfo=UTC),
    "december": datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC),
    "last year": datetime(2025, 1, 1, 0, 0, tzinfo=UTC),
}


@pytest.mark.parametrize("text", DAYS)
async def test_days_months_and_years_bound_what_was_said(ask: Ask, text: str) -> None:
    ann = await a_person("Ann")
    titles = {f"tea {name}": name for name in MOMENTS}
    for name, moment in MOMENTS.items():
        await a_post(f"tea {name}", author=ann, published_at=moment)
    await a_group("Tea", visibility=Visibility.OPEN)
    await indexed(ask)
    assert ask.services.clock.now().date().isoformat() == "2026-03-02"

    assert {titles[body] for body in await searched(ask, ann, text)} == DAYS[text]


async def test_days_begin_where_the_organisation_is(ask: Ask) -> None:
    ann = await a_person("Ann")
    await a_post("tea late", author=ann, published_at=datetime(2026, 2, 9, 23, 30, tzinfo=UTC))
    await indexed(ask)
    there = Ask(ask.schema, replace(ask.services, zone=ZoneInfo("Europe/Zurich")))

    assert await searched(ask, ann, "tea before:2026-02-10") == ["tea late"]
    assert await searched(there, ann, "tea before:2026-02-10") == []
    assert await searched(there, ann, "tea after:2026-02-09") == ["tea late"]
    assert await searched(there, ann, "tea after:0001") == ["tea late"]
    assert await searched(there, ann, "tea before:0001") == []


async def test_where_people_are_not_known_by_name_nobody_is_left_out(ask: Ask, office: Office) -> None:
    page = await results(ask, office.gil, "tea -from:robert -in:secret -tag:hush")

    assert page["totalCount"] == 2  # a post, and the group that it is in


async def test_a_conversation_that_one_is_not_in_has_no_name(ask: Ask, office: Office) -> None:
    await Conversation.all().update(title="Kitchen")

    assert await searched(ask, office.ann, "in:kitchen") == ["tea in the kitchen"]
    assert await searched(ask, office.gil, "in:kitchen") == []
