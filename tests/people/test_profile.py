"""A person's profile: who sees it, and the lines above and below them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from auth import sessions
from auth.viewer import Viewer
from execution.ids import encode_id
from models import audiences
from models.audiences import Audience, AudienceKind
from models.people import Person
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit


async def profile(ask: Ask, who: Person | Viewer, of: Person) -> Any:
    return (await ask(who, "people/profile", id=global_id(of)))["person"]


async def a_line(*names: str) -> list[Person]:
    """People each reporting to the one before."""
    line: list[Person] = []
    for name in names:
        line.append(await a_person(name, manager=line[-1] if line else None))
    return line


async def a_group(*members: Person) -> None:
    group = await Audience.create(kind=AudienceKind.GROUP)
    await audiences.add(group.id, [member.id for member in members], listed=False)


async def a_token(ask: Ask, person: Person, *scopes: str) -> Viewer:
    now = ask.services.clock.now()
    _, token = await sessions.open_token(person.id, "bot", scopes, now + timedelta(days=1), now=now)
    viewer = await sessions.again(token.id, now)
    assert viewer
    return viewer


async def test_a_profile_in_one_request(ask: Ask) -> None:
    unit = await a_unit("Research")
    boss = await a_person("Boss", unit=unit, title="Head")
    ann = await a_person(
        "Ann", unit=unit, manager=boss, title="Nurse", email="ann@company.example", pronouns="she/her", location="Bern",
        time_zone="Europe/Zurich", bio="Hello",
    )  # fmt: skip
    bob = await a_person("Bob", manager=ann, title="Cook")

    shown = await profile(ask, bob, ann)

    assert shown == {
        "id": global_id(ann),
        "name": "Ann",
        "title": "Nurse",
        "email": "ann@company.example",
        "pronouns": "she/her",
        "location": "Bern",
        "timeZone": "Europe/Zurich",
        "bio": "Hello",
        "isActive": True,
        "isGuest": False,
        "version": 1,
        "orgUnit": {"id": global_id(unit), "name": "Research"},
        "manager": {"id": global_id(boss), "name": "Boss"},
        "managerChain": [{"id": global_id(boss), "name": "Boss", "title": "Head"}],
        "reports": {
            "totalCount": 1,
            "nodes": [{"id": global_id(bob), "name": "Bob", "title": "Cook", "reportCount": 0}],
        },
        "photoUrl": None,
        "viewerIsFollowing": False,
        "skills": {"nodes": []},
        "viewerCanUpdate": False,
    }


async def test_the_chain_goes_up_to_the_top_nearest_first(ask: Ask) -> None:
    *above, ann = await a_line("Cem", "Bea", "Bob", "Ann")

    assert [one["name"] for one in (await profile(ask, ann, ann))["managerChain"]] == ["Bob", "Bea", "Cem"]
    assert (await profile(ask, ann, above[0]))["managerChain"] == []


async def test_a_chain_ends_after_64_steps(ask: Ask) -> None:
    line = await a_line(*(f"P{i}" for i in range(70)))

    chain = (await profile(ask, line[0], line[-1]))["managerChain"]

    assert [one["name"] for one in chain] == [f"P{i}" for i in range(68, 4, -1)]


async def test_reports_come_by_name_in_pages(ask: Ask) -> None:
    boss = await a_person("Boss")
    for name in ("eva", "Bob", "ann", "Cem", "dan"):
        await a_person(name, manager=boss)
    await a_person("Gone", manager=boss, active=False)

    async def page(**window: Any) -> Any:
        return (await ask(boss, "people/reports", id=global_id(boss), **window))["person"]

    first = await page(first=2)
    second = await page(first=2, after=first["reports"]["pageInfo"]["endCursor"])
    last = await page(last=2)

    names = [[one["name"] for one in one["reports"]["nodes"]] for one in (first, second, last)]
    assert names == [["ann", "Bob"], ["Cem", "dan"], ["dan", "eva"]]
    assert (first["reportCount"], first["reports"]["totalCount"]) == (5, 5)
    assert first["reports"]["pageInfo"]["hasNextPage"] and not last["reports"]["pageInfo"]["hasNextPage"]
    answer = await ask.answer(boss, "people/directory", first=1, after=first["reports"]["pageInfo"]["endCursor"])
    assert answer.code == "INVALID_CURSOR"


async def test_who_has_left_is_shown_as_such(ask: Ask) -> None:
    ann, lea = await a_person("Ann"), await a_person("Lea", active=False)

    assert (await profile(ask, ann, lea))["isActive"] is False


async def test_a_guest_sees_only_those_they_share_a_group_with(ask: Ask) -> None:
    gil, gus, boss = await a_guest("Gil"), await a_guest("Gus"), await a_person("Boss")
    pam = await a_person("Pam", unit=await a_unit(), manager=boss)
    await a_person("Bob", manager=pam)
    await a_group(gil, pam)

    assert (await profile(ask, gil, gil))["name"] == "Gil"
    assert await profile(ask, gil, boss) is None and await profile(ask, gil, gus) is None
    shown = await profile(ask, gil, pam)
    assert (shown["name"], shown["orgUnit"], shown["manager"], shown["managerChain"]) == ("Pam", None, None, [])
    assert (shown["reports"], [one["reportCount"] for one in shown["reports"]["nodes"]]) == (
        {"totalCount": 0, "nodes": []},
        [],
    )


async def test_members_see_guests(ask: Ask) -> None:
    shown = await profile(ask, await a_person(), await a_guest("Gil"))

    assert (shown["isGuest"], shown["orgUnit"], shown["manager"]) == (True, None, None)


async def test_by_address(ask: Ask) -> None:
    ann = await a_person("Ann", email="ann@company.example")

    for address, found in (
        ("ann@company.example", "Ann"),
        ("ANN@Company.example", "Ann"),
        ("bob@company.example", None),
    ):
        person = (await ask(ann, "people/person_by", by={"email": address}))["person"]
        assert (person["name"] if person else None) == found
    assert (await ask(await a_guest(), "people/person_by", by={"email": "ann@company.example"}))["person"] is None


@pytest.mark.parametrize("by", [{}, {"id": None}, {"id": "x", "email": "a@b.ch"}, {"email": "no address"}], ids=str)
async def test_a_person_is_named_in_exactly_one_way(ask: Ask, by: dict[str, Any]) -> None:
    assert (await ask.answer(await a_person(), "people/person_by", by=by)).code == "BAD_USER_INPUT"


async def test_an_id_of_nobody_is_null(ask: Ask) -> None:
    ann = await a_person()
    unit = await a_unit()

    for id in (encode_id("Person", uuid.uuid4()), global_id(unit), "none", "", "!" * 30):
        assert (await ask(ann, "people/person_by", by={"id": id}))["person"] is None, id


async def test_a_token_without_the_scope_sees_nobody_but_its_person(ask: Ask) -> None:
    boss = await a_person("Boss")
    ann = await a_person("Ann", unit=await a_unit(), manager=boss)
    token = await a_token(ask, ann, "feed:read")

    assert (await ask.answer(token, "people/profile", id=global_id(boss))).code == "FORBIDDEN"
    text = """query Q($id: ID!) {
      viewer { person { name manager { name } reports { totalCount } orgUnit { name people { totalCount } } } }
      node(id: $id) { id }
    }"""
    answer = await ask.text(token, text, {"id": global_id(boss)})
    assert answer.data == {
        "viewer": {"person": {"name": "Ann", "manager": None, "reports": {"totalCount": 0}, "orgUnit": None}},
        "node": None,
    }
