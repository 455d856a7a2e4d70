"""Who sees a field: every visibility by every way to stand towards a person, for custom and built-in fields alike."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from models.audiences import Audience, AudienceKind, add
from models.people import Person
from models.positions import FOREVER, LineKind, ReportingLine
from models.profiles import BuiltIn, FieldKind, FieldVisibility
from resolvers.context import Services
from schema.build import Schema
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, post_of
from tests.factories.profiles import a_field, a_rule, says
from tests.profiles.conftest import Around

EVERYBODY = {field.name for field in fields(Around)}
SEEN: dict[FieldVisibility, set[str]] = {
    FieldVisibility.PUBLIC: EVERYBODY,
    FieldVisibility.UNIT: {"ann", "hr", "hr_here", "boss", "top", "colleague", "above", "below"},
    FieldVisibility.MANAGER: {"ann", "hr", "hr_here", "boss", "top"},
    FieldVisibility.HR: {"ann", "hr", "hr_here"},
    FieldVisibility.SELF: {"ann"},
}
"""Who of those around Ann sees a field of hers."""

VALUES: dict[FieldKind, Any] = {
    FieldKind.TEXT: "secret",
    FieldKind.CHOICE: "Bern",
    FieldKind.DATE: date(2020, 2, 29),
    FieldKind.LINK: "https://ann.example",
    FieldKind.NUMBER: 4711,
}

BUILT_IN: dict[BuiltIn, tuple[dict[str, Any], str, Any, Any]] = {
    BuiltIn.EMAIL: ({"email": "a@company.example"}, "email", "a@company.example", None),
    BuiltIn.PHONE: ({"phone": "+41 1"}, "phone", "+41 1", None),
    BuiltIn.PHOTO: ({"photo": "https://x.example/a.png"}, "photoUrl", "https://x.example/a.png", None),
    BuiltIn.LOCATION: ({"location": "Bern"}, "location", "Bern", None),
    BuiltIn.PRONOUNS: ({"pronouns": "she/her"}, "pronouns", "she/her", None),
    BuiltIn.BIO: ({"bio": "Hello"}, "bio", "Hello", ""),
    BuiltIn.TIME_ZONE: ({"time_zone": "UTC"}, "timeZone", "UTC", None),
    BuiltIn.LANGUAGES: ({"languages": ["de-CH"]}, "languages", ["de-CH"], []),
    BuiltIn.INTERESTS: ({"interests": ["bees"]}, "interests", ["bees"], []),
    BuiltIn.LINKS: ({"links": ["https://x.example"]}, "links", ["https://x.example"], []),
    BuiltIn.WORKING_STYLE: ({"working_style": "early"}, "workingStyle", "early", None),
    BuiltIn.WORKING_HOURS: (
        {"works_from": "09:00", "works_to": "17:30"}, "workingHours", {"from": "09:00", "to": "17:30"}, None,
    ),
}  # fmt: skip
"""Of each built-in field: its columns, its name in the API, what it says and what it says where it is empty."""


async def details(ask: Ask, who: Person, of: Person) -> dict[str, Any]:
    return (await ask(who, "profiles/profile_details", id=global_id(of)))["person"]


def member(value: dict[str, Any]) -> Any:
    """What a field says, in whichever member."""
    said = [value[name] for name in ("text", "number", "date", "link") if value[name] is not None]
    return said[0] if said else value["person"] and value["person"]["name"]


async def seeing(ask: Ask, around: Around, name: str, index: int | None = None) -> set[str]:
    """Who of those around Ann sees that a field says something, and that it is empty for all others."""
    seen: set[str] = set()
    for who in EVERYBODY:
        shown = (await details(ask, getattr(around, who), around.ann))[name]
        if member(shown[index]) is not None if index is not None else shown not in (None, "", []):
            seen.add(who)
    return seen


@pytest.mark.parametrize("visibility", FieldVisibility)
async def test_a_custom_field_is_seen_by_those_whom_its_visibility_names(
    ask: Ask, around: Around, visibility: FieldVisibility
) -> None:
    for kind, value in VALUES.items():
        choices = {"choices": ["Bern", "Oslo"]} if kind is FieldKind.CHOICE else {}
        await says(around.ann, await a_field(f"A {kind}", kind, visibility, **choices), value)
    await says(around.ann, await a_field("A person", FieldKind.PERSON, visibility), around.beside)

    shown = {who: (await details(ask, getattr(around, who), around.ann))["fields"] for who in EVERYBODY}

    said = ["secret", "Bern", "2020-02-29", "https://ann.example", 4711.0, "Bob"]
    for who, values in shown.items():
        assert [member(value) for value in values] == (said if who in SEEN[visibility] else [None] * 6), who


@pytest.mark.parametrize("visibility", FieldVisibility)
async def test_built_in_fields_keep_to_the_same_rule(ask: Ask, around: Around, visibility: FieldVisibility) -> None:
    for field, (columns, *_) in BUILT_IN.items():
        await Person.filter(id=around.ann.id).update(**columns)
        await a_rule(field, visibility)

    for who in EVERYBODY:
        shown = await details(ask, getattr(around, who), around.ann)
        for _, name, said, empty in BUILT_IN.values():
            assert shown[name] == (said if who in SEEN[visibility] else empty), (who, name)


async def test_what_is_hidden_looks_exactly_as_what_is_empty(ask: Ask, around: Around) -> None:
    mute = await a_person("Ann", email=None)
    for field, (columns, *_) in BUILT_IN.items():
        await Person.filter(id=around.ann.id).update(**columns)
        await a_rule(field, FieldVisibility.HR, is_required=True)
    await says(around.ann, await a_field("Badge", visibility=FieldVisibility.HR), "secret")

    hidden, empty = [await details(ask, around.beside, one) for one in (around.ann, mute)]

    assert {**hidden, "id": ""} == {**empty, "id": ""}


async def test_without_a_rule_everybody_who_sees_a_person_sees_what_they_say(ask: Ask, around: Around) -> None:
    for columns, *_ in BUILT_IN.values():
        await Person.filter(id=around.ann.id).update(**columns)

    shown = await details(ask, around.beside, around.ann)

    assert {name: shown[name] for _, name, *_ in BUILT_IN.values()} == {n: said for _, n, said, _ in BUILT_IN.values()}


async def test_only_solid_lines_of_today_lead(ask: Ask, around: Around) -> None:
    await says(around.ann, await a_field("Grade", visibility=FieldVisibility.MANAGER), "secret")
    ann, dora = await post_of(around.ann), await post_of(around.dotted)
    line: dict[str, Any] = {"position_id": ann, "manager_id": dora}
    await ReportingLine.create(kind=LineKind.DOTTED, valid_from=date(2020, 1, 1), valid_to=FOREVER, **line)
    today = ask.services.clock.now().date()

    assert await seeing(ask, around, "fields", 0) == SEEN[FieldVisibility.MANAGER]

    await ReportingLine.filter(position_id=ann, kind=LineKind.SOLID).update(valid_to=today)
    assert await seeing(ask, around, "fields", 0) == {"ann", "hr", "hr_here"}
    await ReportingLine.create(kind=LineKind.SOLID, valid_from=today, valid_to=FOREVER, **line)
    assert await seeing(ask, around, "fields", 0) == {"ann", "hr", "hr_here", "dotted"}


async def test_the_day_that_is_looked_at_is_no_matter(ask: Ask, around: Around) -> None:
    """Whoever shared a unit with Ann once does not see today's fields by asking for that day."""
    await says(around.ann, await a_field("Nickname", visibility=FieldVisibility.UNIT), "secret")
    await Person.filter(id=around.ann.id).update(unit_id=around.beside.unit_id, phone="+41 1")
    await a_rule(BuiltIn.PHONE, FieldVisibility.UNIT)
    text = (
        """query Q($id: ID!) { person(by: {id: $id}, asOf: "2024-05-01") { orgUnit { name } phone fields { text } } }"""
    )

    answers = [await ask.text(who, text, {"id": global_id(around.ann)}) for who in (around.colleague, around.beside)]

    shown = [answer.data and answer.data["person"] for answer in answers]
    assert shown == [
        {"orgUnit": {"name": "Laboratory"}, "phone": None, "fields": [{"text": None}]},
        {"orgUnit": {"name": "Laboratory"}, "phone": "+41 1", "fields": [{"text": "secret"}]},
    ]


async def test_a_guest_sees_public_fields_of_those_whom_they_see(ask: Ask, around: Around) -> None:
    gil = await a_guest("Gil")
    group = await Audience.create(kind=AudienceKind.GROUP)
    await add(group.id, [gil.id, around.ann.id], listed=False)
    await says(around.ann, await a_field("Nickname"), "Annie")
    await says(around.ann, await a_field("Mentor", FieldKind.PERSON), around.boss)
    await says(around.ann, await a_field("Desk", visibility=FieldVisibility.UNIT), "17")

    shown = await details(ask, gil, around.ann)

    assert [value["field"]["name"] for value in shown["fields"]] == ["Nickname", "Mentor"]
    assert [member(value) for value in shown["fields"]] == ["Annie", None]
    listed = (await ask(gil, "profile_fields/profile_fields"))["profileFields"]
    assert [one["name"] for one in listed] == ["Nickname", "Mentor"]


async def test_a_hidden_address_finds_nobody(ask: Ask, around: Around) -> None:
    await a_rule(BuiltIn.EMAIL, FieldVisibility.UNIT)

    found = {
        who: await ask(getattr(around, who), "people/person_by", by={"email": around.ann.email}) for who in EVERYBODY
    }

    assert {who for who, data in found.items() if data["person"]} == SEEN[FieldVisibility.UNIT]


async def test_a_photo_of_ours_has_a_whole_address(schema: Schema, services: Services, around: Around) -> None:
    ask = Ask(schema, replace(services, public_url="https://social.company.example/"))
    await Person.filter(id=around.ann.id).update(photo="/files/ann.png")

    assert (await details(ask, around.beside, around.ann))["photoUrl"] == "https://social.company.example/files/ann.png"
    assert (await details(ask, around.beside, around.boss))["photoUrl"] is None


async def test_who_has_left_is_shown_as_such_with_what_they_said(ask: Ask, around: Around) -> None:
    lea = await a_person("Lea", active=False, bio="as it was")

    shown = await details(ask, around.beside, lea)

    assert (shown["isActive"], shown["bio"], shown["viewerCanUpdate"]) == (False, "as it was", False)
