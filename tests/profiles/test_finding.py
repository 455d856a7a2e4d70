"""Nobody finds, sorts or counts people by what they do not see: a hidden value is as none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.people import Person
from models.profiles import BuiltIn, FieldKind, FieldVisibility, ProfileField
from resolvers import lists
from resolvers.lists import PageArgs
from resolvers.profile_filters import by_field
from search.indexer import Indexer
from subscriptions.readers import Run
from tests.conftest import Ask
from tests.engine import settled
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.factories.profiles import a_field, a_rule, says
from tests.profiles.conftest import Around


async def found(ask: Ask, who: Person, *filters: tuple[ProfileField, dict[str, Any]], **more: Any) -> list[str]:
    fields = [{"fieldId": global_id(field), "value": value} for field, value in filters]
    page = (await ask(who, "profiles/people_profiles", first=100, filter_by={"fields": fields, **more}))["people"]
    assert page["totalCount"] == len(page["nodes"])
    return [one["name"] for one in page["nodes"]]


async def index(ask: Ask) -> None:
    """Let the search index read what has happened."""
    services = ask.services
    run = Run(Indexer(services.engine), holder="test", clock=services.clock, bus=services.bus)
    await settled()
    while await run.once():
        pass


async def searched(ask: Ask, who: Person, text: str) -> list[str]:
    data = await ask(who, "search/search", text=text, kinds=["PERSON"], first=10)
    return [edge["node"]["name"] for edge in data["search"]["edges"]]


async def set_visibility(ask: Ask, who: Person, field: ProfileField | BuiltIn, visibility: str) -> None:
    if isinstance(field, BuiltIn):
        operation, given = "govern_built_in_field", {"field": field.name}
    else:
        operation, given = "update_profile_field", {"field_id": global_id(field)}
    [payload] = (await ask(who, f"profile_fields/{operation}", visibility=visibility, **given)).values()
    assert not payload["errors"], payload


async def test_people_are_found_by_every_kind(ask: Ask, around: Around) -> None:
    values: list[tuple[FieldKind, Any, dict[str, Any], dict[str, Any]]] = [
        (FieldKind.TEXT, "Deep 100% Sea", {"text": "100% sea"}, {"text": "100_ sea"}),
        (FieldKind.CHOICE, "Bern", {"text": "Bern"}, {"text": "ber"}),
        (FieldKind.DATE, date(2020, 2, 29), {"date": "2020-02-29"}, {"date": "2020-02-28"}),
        (FieldKind.NUMBER, 5, {"number": 5.0}, {"number": 5.5}),
        (FieldKind.LINK, "https://a.example", {"link": "https://a.example"}, {"link": "https://b.example"}),
        (FieldKind.PERSON, around.boss, {"personId": global_id(around.boss)}, {"personId": global_id(around.ann)}),
    ]
    every: list[tuple[ProfileField, dict[str, Any]]] = []
    for kind, value, right, wrong in values:
        field = await a_field(f"A {kind}", kind, choices=["Bern"] if kind is FieldKind.CHOICE else [])
        await says(around.ann, field, value)
        every.append((field, right))

        assert await found(ask, around.beside, (field, right)) == ["Ann"], kind
        assert await found(ask, around.beside, (field, wrong)) == [], kind
    assert await found(ask, around.beside, *every) == ["Ann"]
    assert await found(ask, around.beside, *every, isActive=False) == []


@pytest.mark.parametrize("visibility", FieldVisibility)
async def test_a_filter_finds_only_by_what_one_sees(ask: Ask, around: Around, visibility: FieldVisibility) -> None:
    field = await a_field("Badge", visibility=visibility)
    for person in (around.ann, around.beside):
        await says(person, field, "secret")

    viewers = (around.ann, around.boss, around.colleague, around.hr, around.hr_here, around.beside)
    shown = [await found(ask, who, (field, {"text": "secret"})) for who in viewers]

    both = ["Ann", "Bob"]
    expected: dict[FieldVisibility, list[list[str]]] = {
        FieldVisibility.PUBLIC: [both] * 6,
        FieldVisibility.UNIT: [["Ann"], both, ["Ann"], both, both, ["Bob"]],
        FieldVisibility.MANAGER: [["Ann"], ["Ann"], [], both, ["Ann"], ["Bob"]],
        FieldVisibility.HR: [["Ann"], [], [], both, ["Ann"], ["Bob"]],
        FieldVisibility.SELF: [["Ann"], [], [], [], [], ["Bob"]],
    }
    assert shown == expected[visibility]


async def test_a_filter_that_cannot_be_is_refused(ask: Ask, around: Around) -> None:
    field, day = await a_field(), await a_field("Day", FieldKind.DATE)
    gone = await a_field("Gone", deleted_at=ask.services.clock.now())
    gil = await a_guest("Gil")
    mentor, desk = await a_field("Mentor", FieldKind.PERSON), await a_field("Desk", visibility=FieldVisibility.UNIT)

    async def code(who: Person, *fields: tuple[ProfileField | Person, dict[str, Any]]) -> str | None:
        filters = [{"fieldId": global_id(field), "value": value} for field, value in fields]
        return (await ask.answer(who, "profiles/people_profiles", first=9, filter_by={"fields": filters})).code

    assert await code(around.ann, (gone, {"text": "x"})) == "NOT_FOUND"
    assert await code(around.ann, (around.boss, {"text": "x"})) == "NOT_FOUND"
    assert await code(gil, (desk, {"text": "x"})) == "NOT_FOUND"
    assert await code(gil, (mentor, {"personId": global_id(around.ann)})) == "NOT_FOUND"
    assert await code(around.ann, (day, {"text": "x"})) == "BAD_USER_INPUT"
    assert await code(around.ann, *[(field, {"text": "x"})] * 11) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (FieldKind.TEXT, ["apple", "Banana", "cherry"]),
        (FieldKind.NUMBER, [-5, 7, 40]),
        (FieldKind.DATE, [date(1999, 1, 1), date(2020, 1, 1), date(2020, 1, 2)]),
        (FieldKind.LINK, ["https://a.example", "https://b.example", "https://c.example"]),
    ],
)
async def test_sorting_puts_hidden_values_with_the_empty_ones(
    ask: Ask, around: Around, kind: FieldKind, values: list[Any]
) -> None:
    field = await a_field("Badge", kind, FieldVisibility.MANAGER)
    low = await a_person("Zed", manager=around.boss)
    for person, value in zip((low, around.ann, around.beside), values, strict=True):
        await says(person, field, value)

    async def order(who: Person) -> list[str]:
        ctx, after = await ask.context(who), None
        names: list[str] = []
        sorted_by = await by_field(ctx, field.id)
        while True:
            page = await lists.page(ctx, Person, sorted_by, PageArgs(first=2, after=after), where="r.active")
            assert page.count and await page.count() == 13
            names += [row["name"] for row in page.nodes]
            after = page.page_info.end_cursor
            if not page.page_info.has_next_page:
                return names

    nameless = sorted(p.name for p in await Person.filter(is_guest=False) if p.name not in ("Ann", "Zed", "Bob"))
    assert (await order(around.hr))[:3] == ["Zed", "Ann", "Bob"]
    assert (await order(around.boss))[:3] == ["Zed", "Ann", "Abe"]
    assert (await order(around.colleague)) == sorted([*nameless, "Ann", "Zed", "Bob"])


async def test_a_hidden_location_is_no_filter_and_no_facet(ask: Ask, around: Around) -> None:
    await Person.filter(id=around.ann.id).update(location="Bern")
    await a_rule(BuiltIn.LOCATION, FieldVisibility.MANAGER)
    text = "{ peopleFacets { locations { value count } } }"

    names = [await found(ask, who, location="Bern") for who in (around.boss, around.colleague)]
    counted = [(await ask.text(who, text)).data for who in (around.boss, around.colleague)]

    assert names == [["Ann"], []]
    assert counted == [
        {"peopleFacets": {"locations": [{"value": "Bern", "count": 1}]}},
        {"peopleFacets": {"locations": []}},
    ]


async def test_the_search_knows_what_everybody_sees(ask: Ask, around: Around) -> None:
    site, badge = await a_field("Site"), await a_field("Badge", visibility=FieldVisibility.UNIT)
    said = ((site, "Oslofjord"), (badge, "Zebra"))
    fields = [{"fieldId": global_id(field), "value": {"text": text}} for field, text in said]
    more = {"bio": "Marmalade", "interests": ["Beekeeping"], "fields": fields}
    await ask(around.ann, "profiles/change_profile", person_id=global_id(around.ann), **more)
    await index(ask)

    for who in (around.beside, around.ann, around.hr):
        words = ("Oslofjord", "Marmalade", "Beekeeping", "Zebra")
        assert [await searched(ask, who, word) for word in words] == [["Ann"], ["Ann"], ["Ann"], []]


@pytest.mark.parametrize("about", ["site", "bio", "interests"])
async def test_the_search_forgets_what_is_hidden_and_learns_what_is_shown(ask: Ask, around: Around, about: str) -> None:
    site = await a_field("Site")
    field = site if about == "site" else BuiltIn(about)
    said: dict[str, Any] = {
        "site": {"fields": [{"fieldId": global_id(site), "value": {"text": "Marmalade"}}]},
        "bio": {"bio": "Marmalade"},
        "interests": {"interests": ["Marmalade"]},
    }[about]
    await ask(around.ann, "profiles/change_profile", person_id=global_id(around.ann), **said)
    await index(ask)
    assert await searched(ask, around.beside, "Marmalade") == ["Ann"]

    await set_visibility(ask, around.hr, field, "UNIT")
    await index(ask)
    assert await searched(ask, around.ann, "Marmalade") == []

    await set_visibility(ask, around.hr, field, "PUBLIC")
    await index(ask)
    assert await searched(ask, around.beside, "Marmalade") == ["Ann"]


async def test_a_deleted_field_is_found_no_more_until_it_is_restored(ask: Ask, around: Around) -> None:
    site = await a_field("Site")
    fields = [{"fieldId": global_id(site), "value": {"text": "Marmalade"}}]
    await ask(around.ann, "profiles/change_profile", person_id=global_id(around.ann), fields=fields)

    for operation, names in (("delete", []), ("restore", ["Ann"])):
        await ask(around.hr, f"profile_fields/{operation}_profile_field", field_id=global_id(site))
        await index(ask)
        assert await searched(ask, around.beside, "Marmalade") == names
