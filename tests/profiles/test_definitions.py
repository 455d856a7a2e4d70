"""Which fields profiles have: made, changed, put away, brought back and purged by HR, with old and new noted."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models.log import LoggedEvent
from models.people import Person
from models.profiles import FIELDS_MAX, BuiltIn, FieldKind, FieldVisibility, ProfileField, ProfileValue
from models.session import Role
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.profiles import a_field, a_rule, says
from tests.factories.session import a_role


async def hr_of_all() -> Person:
    hr = await a_person("Hal")
    await a_role(hr, Role.HR)
    return hr


async def do(ask: Ask, who: Person, action: str, **given: Any) -> dict[str, Any]:
    [payload] = (await ask(who, f"profile_fields/{action}", **given)).values()
    return payload


def refusals(payload: dict[str, Any]) -> list[tuple[str, list[str] | None]]:
    return [(error["code"], error["path"]) for error in payload["errors"]]


async def listed(ask: Ask, who: Person, **more: Any) -> list[str]:
    data = await ask(who, "profile_fields/profile_fields", **more)
    return [one["name"] for one in data["profileFields"]]


async def test_a_field_is_made_with_what_hr_says(ask: Ask) -> None:
    hr = await hr_of_all()
    rules = {"visibility": "UNIT", "isRequired": True, "isLocked": True, "rank": 10}

    payload = await do(
        ask, hr, "create_profile_field", name=" Work  site ", kind="CHOICE", choices=["Bern", "Oslo"], **rules
    )

    made = await ProfileField.get()
    assert payload == {
        "profileField": {
            "id": global_id(made), "name": "Work site", "kind": "CHOICE", "builtIn": None, "choices": ["Bern", "Oslo"],
            "version": 1, "isDeleted": False, **rules,
        },
        "errors": [],
    }  # fmt: skip
    [event] = await LoggedEvent.all()
    assert (event.kind, event.audience_id, event.actor_id, event.subject_id) == (
        "ProfileFieldChanged",
        None,
        hr.id,
        made.id,
    )
    assert event.refs["old"] is None and event.refs["new"] == {
        "name": "Work site", "kind": "CHOICE", "choices": ["Bern", "Oslo"], "visibility": "UNIT", "is_required": True,
        "is_locked": True, "rank": 10, "deleted_at": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "x" * 101}, ["name"]),
        ({"name": "e-MAIL"}, ["name"]),
        ({"name": "Time  zone"}, ["name"]),
        ({"kind": "CHOICE"}, ["choices"]),
        ({"kind": "CHOICE", "choices": []}, ["choices"]),
        ({"kind": "CHOICE", "choices": ["a", "A "]}, ["choices"]),
        ({"kind": "CHOICE", "choices": ["a", ""]}, ["choices", "1"]),
        ({"kind": "CHOICE", "choices": ["x" * 201]}, ["choices", "0"]),
        ({"kind": "TEXT", "choices": ["a"]}, ["choices"]),
        ({"visibility": "SELF", "isLocked": True}, ["visibility"]),
        ({"rank": 2_000_000}, ["rank"]),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_field_that_cannot_be_is_refused(ask: Ask, given: dict[str, Any], path: list[str]) -> None:
    payload = await do(ask, await hr_of_all(), "create_profile_field", **{"name": "Site", "kind": "TEXT", **given})

    assert refusals(payload) == [("BAD_USER_INPUT", ["input", *path])]
    assert await ProfileField.all().count() == 0


async def test_a_name_is_taken_once_also_by_what_is_deleted(ask: Ask) -> None:
    hr = await hr_of_all()
    await a_field("Site")
    await a_field("Desk", deleted_at=ask.services.clock.now())

    for name in ("SITE", "desk"):
        payload = await do(ask, hr, "create_profile_field", name=name, kind="TEXT")
        assert refusals(payload) == [("CONFLICT", ["input", "name"])]
    viewer = (await ask.context(hr)).viewer
    payloads = await asyncio.gather(
        *(do(ask, viewer, "create_profile_field", name="Floor", kind="TEXT") for _ in range(6))  # pyright: ignore[reportArgumentType]
    )
    assert sorted(refusals(payload) for payload in payloads) == [[]] + [[("CONFLICT", ["input", "name"])]] * 5


async def test_there_are_so_many_fields_and_no_more(ask: Ask) -> None:
    hr = await hr_of_all()
    for i in range(FIELDS_MAX):
        await a_field(f"Field {i}")

    payload = await do(ask, hr, "create_profile_field", name="One more", kind="TEXT")

    assert [code for code, _ in refusals(payload)] == ["BAD_USER_INPUT"]
    assert len(await listed(ask, hr)) == FIELDS_MAX


async def test_what_is_not_said_stays(ask: Ask) -> None:
    hr, field = await hr_of_all(), await a_field("Site", FieldKind.CHOICE, choices=["Bern"], rank=3)

    payload = await do(ask, hr, "update_profile_field", field_id=global_id(field), name="Place", expected_version=1)

    assert not payload["errors"]
    stored = await ProfileField.get()
    assert (stored.name, stored.key, stored.choices, stored.rank, stored.version) == ("Place", "place", ["Bern"], 3, 2)
    [event] = await LoggedEvent.all()
    refs: Any = event.refs
    old, new = refs["old"], refs["new"]
    assert {name for name in old if old[name] != new[name]} == {"name"}


async def test_of_two_changes_of_one_version_one_wins(ask: Ask) -> None:
    hr, field = await hr_of_all(), await a_field()
    viewer: Any = (await ask.context(hr)).viewer

    payloads = await asyncio.gather(
        *(
            do(ask, viewer, "update_profile_field", field_id=global_id(field), rank=i, expected_version=1)
            for i in range(6)
        )
    )

    assert sorted(code for p in payloads for code, _ in refusals(p)) == ["CONFLICT"] * 5
    assert (await ProfileField.get()).version == 2


async def test_a_choice_in_use_is_taken_away_only_by_force(ask: Ask) -> None:
    hr, ann, bob = await hr_of_all(), await a_person("Ann"), await a_person("Bob")
    site = await a_field("Site", FieldKind.CHOICE, choices=["Bern", "Oslo", "Rome"])
    for person in (ann, bob):
        await says(person, site, "Oslo")

    free = await do(ask, hr, "update_profile_field", field_id=global_id(site), choices=["Bern", "Oslo"])
    used = await do(ask, hr, "update_profile_field", field_id=global_id(site), choices=["Bern"])
    forced = await do(ask, hr, "update_profile_field", field_id=global_id(site), choices=["Bern"], force=True)

    assert (refusals(free), refusals(forced)) == ([], [])
    assert refusals(used) == [("BAD_USER_INPUT", ["input", "choices"])]
    assert "2 people have chosen" in used["errors"][0]["message"]
    assert [value.text for value in await ProfileValue.all()] == ["Oslo", "Oslo"]
    fields = [{"fieldId": global_id(site), "value": {"text": "Oslo"}}]
    anew = await ask(hr, "profiles/change_profile", person_id=global_id(hr), fields=fields)
    assert [error["code"] for error in anew["updateProfile"]["errors"]] == ["BAD_USER_INPUT"]


async def test_deleted_is_not_lost_until_it_is_purged(ask: Ask) -> None:
    hr, ann, field = await hr_of_all(), await a_person("Ann"), await a_field("Site")
    id = global_id(field)
    await says(ann, field, "Bern")

    async def said() -> list[str]:
        data = await ask(ann, "profiles/profile_details", id=global_id(ann))
        return [value["text"] for value in data["person"]["fields"]]

    early = await do(ask, hr, "purge_profile_field", field_id=id)
    assert refusals(early) == [("BAD_USER_INPUT", ["input", "fieldId"])]

    deleted = await do(ask, hr, "delete_profile_field", field_id=id)
    assert (deleted["profileField"]["isDeleted"], await said(), await ProfileValue.all().count()) == (True, [], 1)
    assert (await listed(ask, hr), await listed(ask, hr, include_deleted=True)) == ([], ["Site"])
    assert await listed(ask, ann, include_deleted=True) == []
    again = await do(ask, hr, "update_profile_field", field_id=id, rank=1)
    assert refusals(again) == [("BAD_USER_INPUT", ["input", "fieldId"])]

    restored = await do(ask, hr, "restore_profile_field", field_id=id)
    assert (restored["profileField"]["isDeleted"], await said()) == (False, ["Bern"])

    await do(ask, hr, "delete_profile_field", field_id=id)
    purged = await do(ask, hr, "purge_profile_field", field_id=id)
    assert (purged, await ProfileValue.all().count()) == ({"deletedId": id, "errors": []}, 0)
    assert await listed(ask, hr, include_deleted=True) == []
    last = await LoggedEvent.filter(kind="ProfileFieldChanged").order_by("-id").first()
    assert last and last.refs["new"] is None and last.refs["old"]


async def test_a_built_in_field_is_governed_not_deleted(ask: Ask) -> None:
    hr = await hr_of_all()

    made = await do(ask, hr, "govern_built_in_field", field="TIME_ZONE", visibility="UNIT", isRequired=True)
    changed = await do(ask, hr, "govern_built_in_field", field="TIME_ZONE", isLocked=True, expected_version=1)
    late = await do(ask, hr, "govern_built_in_field", field="TIME_ZONE", rank=1, expected_version=1)

    field = made["profileField"]
    assert (field["name"], field["builtIn"], field["visibility"], field["version"]) == (
        "Time zone",
        "TIME_ZONE",
        "UNIT",
        1,
    )
    assert (changed["profileField"]["isRequired"], changed["profileField"]["isLocked"]) == (True, True)
    assert refusals(late) == [("CONFLICT", ["input", "expectedVersion"])]
    for action in ("delete_profile_field", "restore_profile_field"):
        assert refusals(await do(ask, hr, action, field_id=field["id"])) == [("BAD_USER_INPUT", ["input", "fieldId"])]
    assert [(e.refs["old"] is None) for e in await LoggedEvent.all().order_by("id")] == [True, False]


async def test_what_is_hrs_stays_locked(ask: Ask) -> None:
    hr = await hr_of_all()

    for field in ("EMAIL", "LOCATION"):
        assert refusals(await do(ask, hr, "govern_built_in_field", field=field, isLocked=False)) == [
            ("BAD_USER_INPUT", ["input", "isLocked"])
        ]
        governed = await do(ask, hr, "govern_built_in_field", field=field, visibility="MANAGER")
        assert governed["profileField"]["isLocked"] is True


async def test_only_hr_of_all_says_which_fields_there_are(ask: Ask) -> None:
    unit, field = await a_unit(), await a_field("Site", deleted_at=None)
    here, ann, gil, admin = await a_person("Hedda", unit=unit), await a_person("Ann"), await a_guest(), await a_person()
    await a_role(here, Role.HR, unit)
    await a_role(admin, Role.ADMIN)
    id = global_id(field)
    actions: list[tuple[str, dict[str, Any]]] = [
        ("create_profile_field", {"name": "Desk", "kind": "TEXT"}),
        ("govern_built_in_field", {"field": "PHONE", "visibility": "SELF"}),
        ("update_profile_field", {"field_id": id, "rank": 1}),
        ("delete_profile_field", {"field_id": id}),
        ("restore_profile_field", {"field_id": id}),
        ("purge_profile_field", {"field_id": id}),
    ]

    for action, given in actions:
        for who in (here, ann, gil):
            assert refusals(await do(ask, who, action, **given)) == [("FORBIDDEN", None)], (action, who.name)
    assert await LoggedEvent.all().count() == 0
    assert not (await do(ask, admin, "create_profile_field", name="Desk", kind="TEXT"))["errors"]


async def test_a_field_that_one_may_not_know_of_is_not_found(ask: Ask) -> None:
    ann, gil, unit = await a_person("Ann"), await a_guest("Gil"), await a_unit()
    gone = await a_field("Gone", deleted_at=ask.services.clock.now())
    desk = await a_field("Desk", visibility=FieldVisibility.UNIT)

    for action in ("update", "delete", "restore", "purge"):
        for who, thing in ((ann, gone), (gil, desk), (ann, unit)):
            payload = await do(ask, who, f"{action}_profile_field", field_id=global_id(thing))
            assert refusals(payload) == [("NOT_FOUND", ["input", "fieldId"])]


async def test_fields_come_by_rank_then_name(ask: Ask) -> None:
    ann = await a_person("Ann")
    for name, rank in (("beta", 1), ("Alpha", 1), ("Zero", 0)):
        await a_field(name, rank=rank)
    await a_rule(BuiltIn.PHONE, rank=5)

    assert await listed(ask, ann) == ["Zero", "Alpha", "beta", "Phone"]
