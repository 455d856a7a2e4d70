"""What a profile may say: each kind checked, what is required and locked, and who changes it, in which version."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.imports import ImportedRow, ImportSource
from models.log import LoggedEvent
from models.people import Person
from models.profiles import BuiltIn, FieldKind, FieldVisibility, ProfileField, ProfileValue
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.profiles import a_field, a_rule, says
from tests.profiles.conftest import Around

LONG = "x" * 2_001


async def change(ask: Ask, who: Any, of: Person, **values: Any) -> dict[str, Any]:
    return (await ask(who, "profiles/change_profile", person_id=global_id(of), **values))["updateProfile"]


def given(field: ProfileField, **value: Any) -> dict[str, Any]:
    return {"fieldId": global_id(field), "value": value or None}


def refusals(payload: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(error["code"], error["path"]) for error in payload["errors"]]


async def test_all_that_a_profile_says_is_stored_with_one_event(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    kinds = [(k, await a_field(f"A {k}", k, choices=["Bern"] if k is FieldKind.CHOICE else [])) for k in FieldKind]
    said: dict[FieldKind, dict[str, Any]] = {
        FieldKind.TEXT: {"text": " Two\r\nlines "},
        FieldKind.CHOICE: {"text": "Bern"},
        FieldKind.DATE: {"date": "2020-02-29"},
        FieldKind.PERSON: {"personId": global_id(bob)},
        FieldKind.LINK: {"link": "https://ann.example/Ä"},
        FieldKind.NUMBER: {"number": -12.5},
    }
    plain = {
        "bio": "Hello",
        "phone": "+41 44 668 18 00 ext 17",
        "pronouns": "she/her",
        "timeZone": "Europe/Zurich",
        "workingHours": {"from": "22:00", "to": "06:30"},
        "workingStyle": "*Early*",
        "languages": ["de-CH", "en"],
        "interests": ["Bees", "C++"],
        "links": ["https://ann.example", "http://ann.example/blog"],
    }

    payload = await change(ask, ann, ann, **plain, fields=[given(field, **said[kind]) for kind, field in kinds])

    person = payload["person"]
    assert (payload["errors"], {name: person[name] for name in plain}, person["version"]) == ([], plain, 2)
    values = [{name: v for name, v in one.items() if name != "field" and v is not None} for one in person["fields"]]
    assert values == [
        {"text": "Two\nlines"}, {"text": "Bern"}, {"date": "2020-02-29"}, {"person": {"id": global_id(bob)}},
        {"link": "https://ann.example/Ä"}, {"number": -12.5},
    ]  # fmt: skip
    stored = await Person.get(id=ann.id)
    assert (stored.works_from, stored.works_to, stored.languages) == ("22:00", "06:30", ["de-CH", "en"])
    assert (await ProfileValue.get(field_id=kinds[5][1].id)).number == Decimal("-12.5")
    assert (await ProfileValue.get(field_id=kinds[2][1].id)).day == date(2020, 2, 29)
    assert [event.kind for event in await LoggedEvent.all()] == ["PersonChanged"]


async def test_what_is_absent_stays_and_null_empties(ask: Ask) -> None:
    ann = await a_person("Ann", phone="+41 1", languages=["en"], works_from="09:00", works_to="17:00")
    desk, site = await a_field("Desk"), await a_field("Site")
    await says(ann, desk, "17")
    await says(ann, site, "Bern")

    await change(ask, ann, ann, phone=None, fields=[given(desk)])
    stored = await Person.get(id=ann.id)
    assert (stored.phone, stored.languages, stored.works_from) == (None, ["en"], "09:00")
    assert [v.field_id for v in await ProfileValue.all()] == [site.id]

    await change(ask, ann, ann, languages=None, workingHours=None, fields=[given(site, text="  ")])
    stored = await Person.get(id=ann.id)
    assert (stored.languages, stored.works_from, stored.works_to) == ([], None, None)
    assert await ProfileValue.all().count() == 0


async def test_what_says_so_already_is_no_change(ask: Ask) -> None:
    ann = await a_person("Ann", phone="+41 1", interests=["Bees"])
    number = await a_field("Number", FieldKind.NUMBER)
    await says(ann, number, 5)

    payload = await change(ask, ann, ann, phone="+41 1", interests=["Bees"], fields=[given(number, number=5.0)])

    assert (payload["errors"], payload["person"]["version"]) == ([], 1)
    assert await LoggedEvent.all().count() == 0


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"phone": "call me"}, ["phone"]),
        ({"phone": "+" + "1" * 50}, ["phone"]),
        ({"phone": ""}, ["phone"]),
        ({"phone": "()"}, ["phone"]),
        ({"workingStyle": LONG}, ["workingStyle"]),
        ({"workingHours": {"from": "9:00", "to": "17:00"}}, ["workingHours", "from"]),
        ({"workingHours": {"from": "09:00", "to": "24:00"}}, ["workingHours", "to"]),
        ({"workingHours": {"from": "09:00", "to": "09:00"}}, ["workingHours", "to"]),
        ({"languages": [f"de-{i:03}" for i in range(21)]}, ["languages"]),
        ({"interests": [""]}, ["interests", "0"]),
        ({"interests": ["ok", "x" * 101]}, ["interests", "1"]),
        ({"interests": [str(i) for i in range(51)]}, ["interests"]),
        ({"links": ["mailto:ann@company.example"]}, ["links", "0"]),
        ({"links": [f"https://x.example/{i}" for i in range(21)]}, ["links"]),
        ({"links": ["https://x.example/" + "x" * 2_000]}, ["links", "0"]),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_what_cannot_be_is_refused(ask: Ask, values: dict[str, Any], path: list[str]) -> None:
    ann = await a_person("Ann")

    payload = await change(ask, ann, ann, **values)

    assert refusals(payload) == [("BAD_USER_INPUT", ["input", *path])]
    assert (await Person.get(id=ann.id)).version == 1


async def test_twins_of_a_list_are_one(ask: Ask) -> None:
    ann = await a_person("Ann")

    person = (await change(ask, ann, ann, interests=["Bees", "Chess", "bees"], languages=["de-ch", "de-CH"]))["person"]

    assert (person["interests"], person["languages"]) == (["Bees", "Chess"], ["de-CH"])


@pytest.mark.parametrize(
    ("kind", "value", "member"),
    [
        (FieldKind.TEXT, {"text": LONG}, "text"),
        (FieldKind.TEXT, {"number": 1.0}, "text"),
        (FieldKind.CHOICE, {"text": "bern"}, "text"),
        (FieldKind.CHOICE, {"text": ""}, "text"),
        (FieldKind.DATE, {"text": "2020-02-29"}, "date"),
        (FieldKind.LINK, {"link": "mailto:ann@company.example"}, "link"),
        (FieldKind.LINK, {"link": "https://x.example/" + LONG}, "link"),
        (FieldKind.LINK, {"text": "https://x.example"}, "link"),
        (FieldKind.NUMBER, {"number": 1e15}, "number"),
        (FieldKind.NUMBER, {"text": "1"}, "number"),
        (FieldKind.PERSON, {"text": "Bob"}, "personId"),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_a_value_is_of_its_fields_kind(ask: Ask, kind: FieldKind, value: dict[str, Any], member: str) -> None:
    ann = await a_person("Ann")
    field = await a_field("Site", kind, choices=["Bern"] if kind is FieldKind.CHOICE else [])

    payload = await change(ask, ann, ann, fields=[given(field, **value)])

    assert refusals(payload) == [("BAD_USER_INPUT", ["input", "fields", "0", "value", member])]
    assert await ProfileValue.all().count() == 0


@pytest.mark.parametrize("value", [{"date": "2021-02-29"}, {"number": "NaN"}, {"link": "javascript:x"}, {}], ids=str)
async def test_what_is_no_value_at_all_is_refused_before(ask: Ask, value: dict[str, Any]) -> None:
    ann, field = await a_person("Ann"), await a_field()

    fields = [{"fieldId": global_id(field), "value": value}]
    answer = await ask.answer(ann, "profiles/change_profile", person_id=global_id(ann), fields=fields)

    assert answer.code == "BAD_USER_INPUT"


async def test_only_people_whom_one_sees_are_named(ask: Ask) -> None:
    gil, bob = await a_guest("Gil"), await a_person("Bob")
    mentor = await a_field("Mentor", FieldKind.PERSON)

    payload = await change(ask, gil, gil, fields=[given(mentor, personId=global_id(bob))])

    assert refusals(payload) == [("NOT_FOUND", ["input", "fields", "0", "value", "personId"])]


async def test_fields_are_named_once_and_must_be_there(ask: Ask) -> None:
    ann, unit = await a_person("Ann"), await a_unit()
    field, gone = await a_field("Site"), await a_field("Old", deleted_at=ask.services.clock.now())
    phone = await a_rule(BuiltIn.PHONE)

    twice = await change(ask, ann, ann, fields=[given(field, text="a"), given(field, text="b")])
    assert refusals(twice) == [("BAD_USER_INPUT", ["input", "fields", "1", "fieldId"])]
    for other in (gone, phone, unit):
        missing = await change(ask, ann, ann, fields=[{"fieldId": global_id(other), "value": {"text": "a"}}])
        assert refusals(missing) == [("NOT_FOUND", ["input", "fields", "0", "fieldId"])]


async def test_what_is_required_is_not_emptied_and_is_missed(ask: Ask, around: Around) -> None:
    site = await a_field("Site", is_required=True)
    secret = await a_field("Pet", visibility=FieldVisibility.SELF, is_required=True)
    await a_rule(BuiltIn.PHONE, is_required=True)
    await a_rule(BuiltIn.LANGUAGES, FieldVisibility.MANAGER, is_required=True)

    async def missing(who: Person) -> set[str]:
        data = await ask(who, "profiles/profile_details", id=global_id(around.ann))
        return {one["name"] for one in data["person"]["missingRequiredFields"]}

    assert await missing(around.ann) == {"Site", "Pet", "Phone", "Languages"}
    assert await missing(around.hr) == {"Site", "Phone", "Languages"}
    assert await missing(around.boss) == set()
    done = await change(
        ask,
        around.ann,
        around.ann,
        phone="+41 1 23",
        languages=["en"],
        fields=[given(site, text="a"), given(secret, text="b")],
    )
    assert (done["errors"], done["person"]["missingRequiredFields"]) == ([], [])
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"phone": None}, ["phone"]),
        ({"languages": []}, ["languages"]),
        ({"fields": [given(site)]}, ["fields", "0"]),
        ({"fields": [given(site, text=" ")]}, ["fields", "0"]),
    ]
    for values, path in cases:
        for who in (around.ann, around.hr):
            assert refusals(await change(ask, who, around.ann, **values)) == [("REQUIRED", ["input", *path])]


async def test_a_locked_field_is_hrs(ask: Ask, around: Around) -> None:
    grade = await a_field("Grade", is_locked=True)
    await a_rule(BuiltIn.PHONE, is_locked=True)

    for values, path in (({"phone": "+41 1 23"}, ["phone"]), ({"fields": [given(grade, text="A")]}, ["fields", "0"])):
        payload = await change(ask, around.ann, around.ann, bio="New", **values)
        assert refusals(payload) == [("FIELD_LOCKED", ["input", *path])]
        assert payload["errors"][0]["__typename"] == "ForbiddenError"
        assert "kept by HR" in payload["errors"][0]["message"]
    assert (await Person.get(id=around.ann.id)).bio == ""

    payload = await change(ask, around.hr_here, around.ann, phone="+41 1 23", fields=[given(grade, text="A")])
    assert (payload["errors"], payload["person"]["phone"]) == ([], "+41 1 23")
    # Sending back what a form has shown is no change.
    assert (await change(ask, around.ann, around.ann, bio="New", phone="+41 1 23"))["errors"] == []


async def test_what_an_import_owns_is_corrected_there(ask: Ask, around: Around) -> None:
    now = ask.services.clock.now()
    grade = await a_field("Pay grade")
    await ImportSource.create(name="payroll", owns=["phone", "timeZone", "Pay Grade", "name"], updated_at=now)
    await ImportedRow.create(
        source="payroll", type="person", external_id="1", subject_id=around.ann.id, content_hash=b""
    )

    for values in ({"phone": "+41 1 23"}, {"timeZone": "UTC"}, {"fields": [given(grade, text="A")]}):
        payload = await change(ask, around.ann, around.ann, **values)
        assert [code for code, _ in refusals(payload)] == ["FIELD_LOCKED"]
        assert "payroll" in payload["errors"][0]["message"]
    assert (await change(ask, around.ann, around.ann, pronouns="she"))["errors"] == []
    assert (await change(ask, around.beside, around.beside, phone="+41 1 23"))["errors"] == []
    assert (await change(ask, around.hr, around.ann, phone="+41 1 23"))["errors"] == []


async def test_locks_are_told_to_oneself_and_hr(ask: Ask, around: Around) -> None:
    grade = await a_field("Grade", is_locked=True)
    now = ask.services.clock.now()
    await ImportSource.create(name="payroll", owns=["phone"], updated_at=now)
    await ImportedRow.create(
        source="payroll", type="person", external_id="1", subject_id=around.ann.id, content_hash=b""
    )

    async def shown(who: Person) -> tuple[list[Any], bool, bool]:
        person = (await ask(who, "profiles/profile_details", id=global_id(around.ann)))["person"]
        return person["lockedFields"], person["viewerCanUpdate"], person["viewerCanUpdateLocked"]

    locked = [
        {"name": "E-mail", "builtIn": "EMAIL", "profileField": None, "source": None},
        {"name": "Phone", "builtIn": "PHONE", "profileField": None, "source": "payroll"},
        {"name": "Location", "builtIn": "LOCATION", "profileField": None, "source": None},
        {"name": "Grade", "builtIn": None, "profileField": {"id": global_id(grade)}, "source": None},
    ]
    assert await shown(around.ann) == (locked, True, False)
    assert await shown(around.hr_here) == (locked, True, True)
    assert await shown(around.boss) == ([], False, False)
    assert await shown(around.hr_elsewhere) == ([], False, False)


async def test_what_only_they_see_only_they_change(ask: Ask, around: Around) -> None:
    """HR must not learn by trying what it does not see, either."""
    pet = await a_field("Pet", visibility=FieldVisibility.SELF)
    await a_rule(BuiltIn.PHONE, FieldVisibility.SELF)
    await Person.filter(id=around.ann.id).update(phone="+41 1 23")
    await says(around.ann, pet, "cat")

    for values, path in (
        ({"phone": "+41 1 23"}, ["phone"]),
        ({"phone": None}, ["phone"]),
        ({"fields": [given(pet, text="cat")]}, ["fields", "0"]),
        ({"fields": [given(pet, text="dog")]}, ["fields", "0"]),
        ({"fields": [given(pet)]}, ["fields", "0"]),
    ):
        assert refusals(await change(ask, around.hr, around.ann, **values)) == [("FORBIDDEN", ["input", *path])]
    assert (await change(ask, around.ann, around.ann, fields=[given(pet, text="dog")]))["errors"] == []


async def test_what_hr_corrects_is_noted_with_old_and_new(ask: Ask, around: Around) -> None:
    site = await a_field("Site")
    await says(around.ann, site, "Bern")
    await Person.filter(id=around.ann.id).update(works_from="09:00", works_to="17:00")

    await change(ask, around.hr, around.ann, bio="New", workingHours=None, fields=[given(site, text="Oslo")])

    [noted] = await LoggedEvent.filter(kind="ProfileCorrected")
    assert (noted.audience_id, noted.actor_id, noted.subject_id) == (None, around.hr.id, around.ann.id)
    assert noted.refs["old"] == {"bio": None, "working_hours": {"from_": "09:00", "to": "17:00"}, str(site.id): "Bern"}
    assert noted.refs["new"] == {"bio": "New", "working_hours": None, str(site.id): "Oslo"}


async def test_of_two_changes_of_one_version_one_wins(ask: Ask) -> None:
    ann, field = await a_person("Ann"), await a_field()
    viewer = (await ask.context(ann)).viewer

    payloads = await asyncio.gather(
        *(change(ask, viewer, ann, fields=[given(field, text=str(i))], expected_version=1) for i in range(8))
    )

    assert sorted([code for code, _ in refusals(payload)] for payload in payloads) == [[]] + [["CONFLICT"]] * 7
    [winner] = [payload["person"]["fields"][0]["text"] for payload in payloads if payload["person"]]
    assert (await ProfileValue.get(field_id=field.id)).text == winner


async def test_strangers_and_colleagues_change_nothing(ask: Ask, around: Around) -> None:
    field = await a_field()

    for who in (around.boss, around.colleague, around.hr_elsewhere):
        payload = await change(ask, who, around.ann, phone="+41 1 23", fields=[given(field, text="x")])
        assert refusals(payload) == [("FORBIDDEN", None)]
    payload = await change(ask, await a_guest(), around.ann, phone="+41 1 23")
    assert refusals(payload) == [("NOT_FOUND", ["input", "personId"])]
    assert (await Person.get(id=around.ann.id)).version == 1
