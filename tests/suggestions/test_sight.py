"""Nothing is suggested that the viewer may not know of, and nothing of that takes a place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models import audiences
from models.groups import Group, Membership, MembershipStatus, Visibility
from models.people import Person
from models.tags import Tag
from tests.conftest import Ask
from tests.factories.circles import a_circle
from tests.factories.feed import a_post
from tests.factories.follows import a_block
from tests.factories.groups import a_group, a_standing
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.session import as_viewer
from tests.factories.tags import a_tag, tagged
from tests.suggestions.acting import index, suggested, suggestions


async def test_secret_groups_and_their_tags_are_for_those_in_them(ask: Ask) -> None:
    ida, eve, gil = await a_person("Ida"), await a_person("Eve"), await a_guest("Gil")
    secret = await a_circle(ida, name="Falcon", visibility=Visibility.SECRET)
    await tagged(await a_post(author=ida, audience=secret.id), await a_tag("falconry"))
    await index()

    assert await suggested(ask, ida, "falc") == ["Falcon", "falconry"]
    assert await suggested(ask, eve, "falc") == await suggested(ask, gil, "falc") == []

    await audiences.remove(secret.id, [ida.id])
    await Membership.filter(group_id=secret.id).delete()
    assert await suggested(ask, ida, "falc") == [], "the index does not know yet, the scope does"


async def test_a_group_is_gone_as_soon_as_it_is_secret(ask: Ask) -> None:
    eve = await a_person("Eve")
    await a_group("Falcon", visibility=Visibility.OPEN)
    await index()
    known = await suggested(ask, eve, "falc")

    await Group.all().update(visibility=Visibility.SECRET)

    assert known == ["Falcon"] and await suggested(ask, eve, "falc") == []


async def test_tags_are_known_to_who_may_read_a_post_with_them(ask: Ask) -> None:
    unit = await a_unit()
    ann, eve = await a_person("Ann", unit=unit), await a_person("Eve")
    await tagged(await a_post(author=ann, audience=unit.id), await a_tag("inside"))
    await tagged(await a_post(author=ann), await a_tag("insight"))
    await index()

    assert await suggested(ask, ann, "ins") == ["inside", "insight"]
    assert await suggested(ask, eve, "ins") == ["insight"]


async def test_what_is_hidden_takes_no_place(ask: Ask) -> None:
    eve, ida = await a_person("Eve"), await a_person("Ida")
    hidden = await a_circle(ida, name="Base", visibility=Visibility.SECRET)
    post = await a_post(author=ida, audience=hidden.id)
    for i in range(250):
        await a_group(f"Alpha {i:03}", visibility=Visibility.SECRET)
        await tagged(post, await a_tag(f"alpha{i:03}"))
    await a_group("Alphabet", visibility=Visibility.PRIVATE)
    await a_tag("alphabets", kept=True)
    await index()

    assert await suggested(ask, eve, "al") == ["Alphabet", "alphabets"]


async def test_a_ban_or_a_request_shows_no_secret_group(ask: Ask) -> None:
    eve = await a_person("Eve")
    for status in (MembershipStatus.BANNED, MembershipStatus.REQUESTED, MembershipStatus.REMOVED):
        await a_standing(await a_group("Falcon", visibility=Visibility.SECRET), eve, status)
    await index()

    assert await suggested(ask, eve, "falc") == []


async def test_only_people_who_are_there_are_suggested(ask: Ask) -> None:
    eve = await a_person("Eve")
    left, leaves, planned = await a_person("Anna A", active=False), await a_person("Anna B"), await a_person("Anna C")
    await a_person("Anna D")
    await index()
    await Person.filter(id=leaves.id).update(active=False)
    await Person.filter(id=planned.id).update(active=False, planned=True)

    assert left.name and await suggested(ask, eve, "anna") == ["Anna D"]


async def test_whom_one_has_blocked_is_not_suggested_and_who_is_blocked_does_not_notice(ask: Ask) -> None:
    eve, bob = await a_person("Eve"), await a_person("Bob")
    await a_block(eve, bob)
    await index()

    assert await suggested(ask, eve, "b") == []
    assert await suggested(ask, bob, "e") == ["Eve"]


async def test_a_guest_finds_nobody_else_and_is_found(ask: Ask) -> None:
    gil, hal = await a_guest("Gil"), await a_guest("Hal")
    pam, eve = await a_person("Pam"), await a_person("Pamela")
    await a_circle(pam, gil, name="Room")
    await a_group("Roomy", visibility=Visibility.OPEN)
    await a_tag("roomservice", kept=True)
    await index()

    assert await suggested(ask, gil, "pam") == ["Pam"]
    assert await suggested(ask, gil, "ro") == ["Room"]
    assert await suggested(ask, hal, "pam") == []
    assert await suggested(ask, hal, "hal") == ["Hal"]
    assert await suggested(ask, eve, "gil") == ["Gil"]


async def test_a_name_that_has_just_changed_is_not_found_by_the_old_one(ask: Ask) -> None:
    eve = await a_person("Eve")
    ann, group, tag = await a_person("Anna"), await a_group("Annals", visibility=Visibility.OPEN), await a_tag("annual")
    await Tag.all().update(kept=True)
    await index()
    await Person.filter(id=ann.id).update(name="Bea")
    await Group.filter(id=group.id).update(name="Beacons")
    await Tag.filter(id=tag.id).update(name="beans")

    assert await suggested(ask, eve, "ann") == []
    await index()
    assert await suggested(ask, eve, "bea") == ["Bea", "Beacons", "beans"]


@pytest.mark.parametrize(
    ("scopes", "kinds"),
    [
        (["search:read"], []),
        (["search:read", "people:read"], ["Person"]),
        (["search:read", "groups:read"], ["Group"]),
        (["search:read", "feed:read"], ["Tag"]),
        (
            ["search:read", "people:read", "org:read", "chat:read", "groups:read", "feed:read"],
            ["Person", "Group", "Tag"],
        ),
    ],
)
async def test_a_token_finds_what_it_may_read(ask: Ask, scopes: list[str], kinds: list[str]) -> None:
    eve = await a_person("Anna")
    await a_group("Annals", visibility=Visibility.OPEN)
    await a_tag("annual", kept=True)
    await index()
    token = replace(await as_viewer(eve, ask.services.clock.now()), scopes=frozenset(scopes))

    assert [one["__typename"] for one in await suggestions(ask, token, "ann")] == kinds


async def test_a_token_must_carry_search(ask: Ask) -> None:
    viewer = await as_viewer(await a_person("Anna"), ask.services.clock.now())

    answer = await ask.answer(
        replace(viewer, scopes=frozenset({"people:read"})), "suggestions/suggest", prefix="a", first=8
    )

    assert [error["extensions"]["code"] for error in answer.errors or ()] == ["FORBIDDEN"]
