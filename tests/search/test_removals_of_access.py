"""What somebody may no longer read is not found by their next search, though no index has heard of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from auth import sessions
from models.audiences import AudienceMember
from models.feed import Post
from models.groups import Visibility
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.changes import an_hr
from tests.factories.chat import a_conversation, a_message
from tests.factories.circles import a_circle
from tests.factories.feed import a_post
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.search.asking import indexed
from tests.search.removals import FEW, MANY, Removals, said_in, word


@pytest.mark.parametrize("way", ["removed", "left", "banned"])
async def test_who_is_no_longer_in_a_group(ask: Ask, gone: Removals, way: str) -> None:
    ann, ida = await a_person("Ann"), await a_person("Ida")
    groups = [await a_circle(ida, ann, name=f"Room {word()}", visibility=Visibility.SECRET) for _ in range(MANY)]
    words = [await said_in(group, ida) for group in groups]
    await indexed(ask)
    assert await gone.total(ann, "room") == MANY
    assert await gone.total(ann, "everywhere") == 2 * MANY

    for group, said in zip(groups, words, strict=True):
        match way:
            case "left":
                await gone.done(ann, "memberships/leave_group", group_id=global_id(group))
            case _:
                operation = "memberships/remove_group_member" if way == "removed" else "memberships/ban_from_group"
                await gone.done(ida, operation, group_id=global_id(group), person_id=global_id(ann))
        await gone(ann, group.name.split()[1], said)

    assert await gone.total(ann, "everywhere") == await gone.total(ann, "room") == 0
    assert await gone.total(ida, "everywhere") == 2 * MANY


@pytest.mark.parametrize("to", [Visibility.PRIVATE, Visibility.SECRET])
async def test_a_group_that_is_closed(ask: Ask, gone: Removals, to: Visibility) -> None:
    ann, ida = await a_person("Ann"), await a_person("Ida")
    groups = [await a_group(f"Room {word()}", owner=ida, visibility=Visibility.OPEN) for _ in range(MANY)]
    words = [await said_in(group, ida) for group in groups]
    await indexed(ask)
    assert await gone.total(ann, "room") == MANY and await gone.total(ann, "everywhere") == 2 * MANY

    for group, said in zip(groups, words, strict=True):
        await gone.done(ida, "groups/update_group", group_id=global_id(group), visibility=to.value)
        await gone(ann, *([group.name.split()[1]] * (to is Visibility.SECRET)), said)

    assert await gone.total(ann, "room") == (0 if to is Visibility.SECRET else MANY)
    assert await gone.total(ann, "everywhere") == 0


@pytest.mark.parametrize("way", ["removed", "left"])
async def test_who_is_no_longer_in_a_conversation(ask: Ask, gone: Removals, way: str) -> None:
    ann, ida, ivan = [await a_person(name) for name in ("Ann", "Ida", "Ivan")]
    talks = [await a_conversation(ida, ann, ivan) for _ in range(MANY)]
    words = [word() for _ in talks]
    for talk, text in zip(talks, words, strict=True):
        await a_message(talk, f"everywhere {text}", author=ida)
    await indexed(ask)
    assert await gone.total(ann, "everywhere") == MANY

    for talk, text in zip(talks, words, strict=True):
        id = global_id(talk)
        if way == "left":
            await gone.done(ann, "conversation_people/leave_conversation", conversation_id=id)
        else:
            out = {"conversation_id": id, "person_id": global_id(ann)}
            await gone.done(ida, "conversation_people/remove_conversation_member", **out)
        await gone(ann, text)

    assert await gone.total(ann, "everywhere") == 0
    assert await gone.total(ivan, "everywhere") == MANY


async def test_who_is_no_longer_in_a_unit(ask: Ask, gone: Removals) -> None:
    hana, ida, other = await an_hr(), await a_person("Ida"), await a_unit("Sales")
    units = [await a_unit("Research") for _ in range(MANY)]
    people = [await a_person("Ann", unit=unit) for unit in units]
    words = [word() for _ in units]
    for unit, text in zip(units, words, strict=True):
        await a_post(f"everywhere {text}", author=ida, audience=unit.id)
    await indexed(ask)
    assert [await gone.total(ann, "everywhere") for ann in people] == [1] * MANY

    for ann, text in zip(people, words, strict=True):
        moved = {"person_id": global_id(ann), "org_unit_id": global_id(other)}
        await gone.done(hana, "org/move_person", **moved)
        await gone(ann, text)
        assert await gone.total(ann, "everywhere") == 0


async def test_a_unit_that_is_no_longer_below(ask: Ask, gone: Removals) -> None:
    hana, ida, other = await an_hr(), await a_person("Ida"), await a_unit("Sales")
    above = [await a_unit("Research") for _ in range(FEW)]
    below = [await a_unit("Laboratory", parent=unit) for unit in above]
    people = [await a_person("Ann", unit=unit) for unit in below]
    words = [word() for _ in above]
    for unit, text in zip(above, words, strict=True):
        await a_post(f"everywhere {text}", author=ida, audience=unit.id)
    await indexed(ask)
    assert [await gone.total(ann, "everywhere") for ann in people] == [1] * len(people)

    for unit, ann, text in zip(below, people, words, strict=True):
        await gone.done(hana, "org/move_unit", org_unit_id=global_id(unit), parent_id=global_id(other))
        await gone(ann, text)


async def test_a_guest_whose_stay_ends(ask: Ask, gone: Removals) -> None:
    ida = await a_person("Ida")
    guests = [await a_guest("Gil") for _ in range(MANY)]
    await a_circle(await a_person("Eve"), *guests, name="Lobby")  # else their accounts close
    rooms = [await a_circle(ida, gil, name="Room") for gil in guests]
    words = [await said_in(room, ida) for room in rooms]
    await indexed(ask)
    assert [await gone.total(gil, "everywhere") for gil in guests[:3]] == [2] * 3

    for gil, text in zip(guests, words, strict=True):
        await gone.done(ida, "guests/remove_guest", person_id=global_id(gil))
        await gone(gil, text)


async def test_a_guest_whose_account_has_closed_finds_nothing_any_more(
    ask: Ask, gone: Removals, clock: TurnedClock
) -> None:
    ida = await a_person("Ida")
    gil = await a_guest("Gil", expires_at=clock.now() + timedelta(hours=1))
    text = await said_in(await a_circle(ida, gil, name="Room"), ida)
    await indexed(ask)
    assert await gone.total(gil, text) == 3
    viewer = (await ask.context(gil)).viewer
    assert viewer and viewer.access_id

    clock.time += timedelta(hours=2)
    assert await sessions.again(viewer.access_id, clock.now()) is None


@pytest.mark.parametrize("kind", ["list", "location"])
async def test_who_is_no_longer_on_a_list_or_at_a_place(ask: Ask, gone: Removals, kind: str) -> None:
    ida = await a_person("Ida", location="Bern")
    people = [await a_person("Ann", location="Bern") for _ in range(FEW)]
    words = [word() for _ in people]
    for ann, text in zip(people, words, strict=True):
        to: Any = {"personIds": [global_id(ann)]} if kind == "list" else {"location": "Bern"}
        await gone.done(ida, "posts/create_post", kind="DISCUSSION", body=f"everywhere {text}", audience=to)
    await indexed(ask)
    assert [await gone.total(ann, text) for ann, text in zip(people, words, strict=True)] == [1] * len(words)

    for ann, text in zip(people, words, strict=True):
        post = await Post.get(body=f"everywhere {text}")
        await AudienceMember.filter(audience_id=post.audience_id, person_id=ann.id).delete()
        await gone(ann, text)
