"""Changing a profile: what, by whom, and in which version."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models.log import LoggedEvent
from models.people import Person
from models.session import Role
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit, reports_to
from tests.factories.session import a_role


async def update(ask: Ask, who: Any, of: Person, **change: Any) -> dict[str, Any]:
    return (await ask(who, "people/update_profile", person_id=global_id(of), **change))["updateProfile"]


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def test_a_change_is_stored_with_its_event(ask: Ask) -> None:
    ann = await a_person("Ann")

    payload = await update(
        ask, ann, ann, bio="Hello", pronouns=" she / her ", time_zone="Europe/Zurich", expected_version=1
    )

    changed = {"id": global_id(ann), "bio": "Hello", "pronouns": "she / her", "timeZone": "Europe/Zurich", "version": 2}
    assert payload == {"person": changed, "errors": []}
    stored = await Person.get(id=ann.id)
    assert (stored.bio, stored.version, stored.updated_at) == ("Hello", 2, ask.services.clock.now())
    event = await LoggedEvent.get()
    assert (event.kind, event.subject_id, event.actor_id) == ("PersonChanged", ann.id, ann.id)


async def test_what_is_absent_stays_and_null_clears(ask: Ask) -> None:
    ann = await a_person("Ann", bio="Hello", pronouns="she/her", time_zone="UTC")

    await update(ask, ann, ann, pronouns=None)
    stored = await Person.get(id=ann.id)
    assert (stored.bio, stored.pronouns, stored.time_zone) == ("Hello", None, "UTC")

    await update(ask, ann, ann, bio=None, time_zone=None)
    stored = await Person.get(id=ann.id)
    assert (stored.bio, stored.pronouns, stored.time_zone) == ("", None, None)


async def test_of_concurrent_changes_of_one_version_one_wins(ask: Ask) -> None:
    ann = await a_person("Ann")
    viewer = (await ask.context(ann)).viewer

    payloads = await asyncio.gather(*(update(ask, viewer, ann, bio=str(i), expected_version=1) for i in range(10)))

    assert sorted(codes(payload) for payload in payloads) == [[]] + [["CONFLICT"]] * 9
    assert (await Person.get(id=ann.id)).version == 2


async def test_changes_without_a_version_all_count(ask: Ask) -> None:
    ann = await a_person("Ann")
    viewer = (await ask.context(ann)).viewer

    await asyncio.gather(*(update(ask, viewer, ann, bio=str(i)) for i in range(10)))

    assert (await Person.get(id=ann.id)).version == 11


@pytest.mark.parametrize(
    "change",
    [{"bio": "x" * 20_001}, {"pronouns": "x" * 51}, {"pronouns": ""}, {"pronouns": " \u200b "}],
    ids=lambda c: next(iter(c)),
)
async def test_what_cannot_be_is_refused(ask: Ask, change: dict[str, str]) -> None:
    ann = await a_person("Ann")

    payload = await update(ask, ann, ann, **change)

    assert codes(payload) == ["BAD_USER_INPUT"]
    assert payload["errors"][0]["path"] == ["input", next(iter(change))]
    assert (await Person.get(id=ann.id)).version == 1


async def test_a_time_zone_is_one_of_the_worlds(ask: Ask) -> None:
    ann = await a_person()

    for zone in ("Europe/Atlantis", "europe/zurich", "", "+01:00"):
        answer = await ask.answer(ann, "people/update_profile", person_id=global_id(ann), time_zone=zone)
        assert answer.code == "BAD_USER_INPUT"


async def test_oneself_and_hr_change_a_profile(ask: Ask) -> None:
    unit, elsewhere = await a_unit(), await a_unit()
    ann, boss = await a_person("Ann", unit=unit), await a_person("Boss", unit=unit)
    hr, far = await a_person("Hal"), await a_person("Hugo")
    await reports_to(ann, boss)
    await a_role(hr, Role.HR, unit)
    await a_role(far, Role.HR, elsewhere)
    await a_role(boss, Role.MODERATOR)

    done = [codes(await update(ask, who, ann, bio=who.name)) for who in (ann, hr, far, boss)]

    assert done == [[], [], ["FORBIDDEN"], ["FORBIDDEN"]]
    assert (await Person.get(id=ann.id)).bio == "Hal"
    shown = [
        (await ask(who, "people/profile", id=global_id(ann)))["person"]["viewerCanUpdate"]
        for who in (ann, hr, far, boss)
    ]
    assert shown == [True, True, False, False]


async def test_who_is_not_seen_is_not_found(ask: Ask) -> None:
    ann, gil = await a_person("Ann"), await a_guest("Gil")

    assert codes(await update(ask, gil, ann, bio="x")) == ["NOT_FOUND"]
    assert codes(await update(ask, gil, gil, bio="mine")) == []


async def test_the_profile_of_who_has_left_stays_as_it_is(ask: Ask) -> None:
    hr, lea = await a_person("Hal"), await a_person("Lea", active=False, bio="as it was")
    await a_role(hr, Role.HR)

    assert codes(await update(ask, hr, lea, bio="x")) == ["FORBIDDEN"]
    assert (await Person.get(id=lea.id)).bio == "as it was"
