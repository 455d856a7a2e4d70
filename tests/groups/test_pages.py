"""Groups as people find and read them: lists, pages, and what is read for whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from auth import sessions
from auth.viewer import Viewer
from models import db
from models.groups import GroupRole, JoinPolicy, MembershipStatus, Visibility
from models.people import Person
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.groups import a_group, a_member, a_standing
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person

OPEN, PRIVATE, SECRET = Visibility.OPEN, Visibility.PRIVATE, Visibility.SECRET


async def names(ask: Ask, who: Person | Viewer, **filter_by: Any) -> list[str]:
    found = (await ask(who, "groups/groups", first=50, filter_by=filter_by or None))["groups"]
    assert found["totalCount"] == len(found["nodes"])
    return [one["name"] for one in found["nodes"]]


async def test_one_finds_the_groups_that_one_may_know_of_by_name(ask: Ask) -> None:
    ann, bob, gil = await a_person("Ann"), await a_person("Bob"), await a_guest("Gil")
    for name, visibility in (("beta", OPEN), ("Alpha", PRIVATE), ("gamma", SECRET), ("Delta", SECRET)):
        group = await a_group(name, owner=ann, visibility=visibility)
        if name == "Delta":
            await a_standing(group, bob, MembershipStatus.INVITED)
        if name == "beta":
            await a_member(group, gil, GroupRole.GUEST)

    assert await names(ask, ann) == ["Alpha", "beta", "Delta", "gamma"]
    assert await names(ask, bob) == ["Alpha", "beta", "Delta"]
    assert await names(ask, gil) == ["beta"]


async def test_groups_are_found_by_what_they_have_in_common(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    await a_group("Launch Party", owner=ann, visibility=OPEN, join_policy=JoinPolicy.OPEN)
    mine = await a_group("Lunch_100%", owner=bob, visibility=PRIVATE)
    await a_group("Old launch", owner=ann, visibility=SECRET, archived=True)
    await a_member(mine, ann)

    assert await names(ask, ann, text=" LAUNCH ") == ["Launch Party", "Old launch"]
    assert await names(ask, ann, text="_100%") == ["Lunch_100%"]
    assert await names(ask, ann, text="%") == ["Lunch_100%"]
    assert await names(ask, bob, isMine=True) == ["Lunch_100%"]
    assert await names(ask, bob, isMine=False) == ["Launch Party"]
    assert await names(ask, ann, visibility="SECRET") == ["Old launch"]
    assert await names(ask, ann, joinPolicy="OPEN") == ["Launch Party"]
    assert await names(ask, ann, isArchived=True) == ["Old launch"]
    assert await names(ask, ann, isArchived=False, visibility="PRIVATE", text="l") == ["Lunch_100%"]


async def test_a_text_to_look_for_has_its_limits(ask: Ask) -> None:
    ann = await a_person("Ann")

    answer = await ask.answer(ann, "groups/groups", filter_by={"text": "x" * 101})

    assert [error["extensions"]["code"] for error in answer.errors or []] == ["BAD_USER_INPUT"]


async def test_pages_follow_each_other_both_ways(ask: Ask) -> None:
    ann = await a_person("Ann")
    for name in ("a", "B", "c", "c", "D"):
        await a_group(name, owner=ann)

    first = (await ask(ann, "groups/groups", first=3))["groups"]
    second = (await ask(ann, "groups/groups", first=3, after=first["pageInfo"]["endCursor"]))["groups"]
    back = (await ask(ann, "groups/groups", last=3, before=second["pageInfo"]["startCursor"]))["groups"]

    assert [[one["name"] for one in page["nodes"]] for page in (first, second)] == [["a", "B", "c"], ["c", "D"]]
    assert back["nodes"] == first["nodes"]
    assert len({one["id"] for page in (first, second) for one in page["nodes"]}) == 5


async def test_members_come_in_the_order_in_which_they_came(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)
    for name in ("Zoe", "Bob", "Cem", "Mod"):
        await a_member(group, await a_person(name), GroupRole.MODERATOR if name == "Mod" else GroupRole.MEMBER)

    pages: list[dict[str, Any]] = []
    for _ in range(3):
        after = pages[-1]["pageInfo"]["endCursor"] if pages else None
        data = await ask(ann, "groups/group_members", id=global_id(group), first=2, after=after)
        pages.append(data["group"]["members"])
    moderators = (await ask(ann, "groups/group_members", id=global_id(group), role="MODERATOR"))["group"]["members"]

    edges = [edge for page in pages for edge in page["edges"]]
    assert [edge["node"]["name"] for edge in edges] == ["Ann", "Zoe", "Bob", "Cem", "Mod"]
    assert [edge["role"] for edge in edges] == ["OWNER", "MEMBER", "MEMBER", "MEMBER", "MODERATOR"]
    assert [edge["source"] for edge in edges] == ["ADDED"] * 5
    assert {page["totalCount"] for page in pages} == {5}
    assert [edge["node"]["name"] for edge in moderators["edges"]] == ["Mod"]
    assert moderators["totalCount"] == 1


@pytest.mark.parametrize("visibility", [OPEN, PRIVATE])
async def test_who_is_outside_sees_who_is_in_an_open_group_alone(ask: Ask, visibility: Visibility) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, visibility=visibility, description="About")
    await a_post("Hello", author=ann, audience=group.id)

    page = (await ask(bob, "groups/group_page", id=global_id(group), first=5))["group"]

    shown = visibility is OPEN
    assert (page["description"], page["memberCount"]) == ("About", 1)
    assert page["members"]["totalCount"] == (1 if shown else 0)
    assert [edge["node"]["name"] for edge in page["members"]["edges"]] == ["Ann"] * shown
    assert [post["body"] for post in page["posts"]["nodes"]] == ["Hello"] * shown
    assert page["viewerMembership"] is None


async def test_a_guest_sees_the_people_of_the_groups_they_are_in(ask: Ask) -> None:
    ann, bob, gil = await a_person("Ann"), await a_person("Bob"), await a_guest("Gil")
    group, other = await a_group(owner=ann), await a_group("Other", owner=bob, visibility=OPEN)
    await a_member(group, gil, GroupRole.GUEST)

    page = (await ask(gil, "groups/group_page", id=global_id(group), first=5))["group"]

    assert [edge["node"]["name"] for edge in page["members"]["edges"]] == ["Ann", "Gil"]
    assert (await ask(gil, "groups/group_page", id=global_id(other), first=5))["group"] is None
    assert (await ask(gil, "people/profile", id=global_id(bob)))["person"] is None


async def test_nothing_of_a_large_group_is_read_for_who_may_not_look_into_it(ask: Ask, statements: list[str]) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, visibility=PRIVATE)
    await a_post("Hello", author=ann, audience=group.id)
    viewer = (await ask.context(bob)).viewer
    statements.clear()

    await ask(viewer, "groups/group_page", id=global_id(group), first=5)

    assert not [text for text in statements if "FROM post " in text or "m.status = 'MEMBER')" in text]


async def test_removed_and_unpublished_posts_are_not_on_the_page(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)
    await a_post("Gone", author=ann, audience=group.id, status="REMOVED")
    await a_post("Draft", author=ann, audience=group.id, status="DRAFT", published_at=None)
    for body in ("First", "Second"):
        await a_post(body, author=ann, audience=group.id)

    page = (await ask(ann, "groups/group_page", id=global_id(group), first=5))["group"]

    assert [post["body"] for post in page["posts"]["nodes"]] == ["Second", "First"]


@pytest.mark.parametrize(("scopes", "code"), [(["groups:write"], "FORBIDDEN"), (["feed:read"], "FORBIDDEN")])
async def test_a_token_without_the_scope_reads_no_groups(ask: Ask, scopes: list[str], code: str) -> None:
    ann = await a_person("Ann")
    await a_group(owner=ann)
    viewer = await limited(ask, ann, scopes)

    answer = await ask.answer(viewer, "groups/groups", first=5)

    assert [error["extensions"]["code"] for error in answer.errors or []] == [code]


async def test_a_token_that_only_reads_changes_nothing(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=JoinPolicy.OPEN)
    viewer = await limited(ask, bob, ["groups:read"])

    payload = (await ask(viewer, "memberships/join_group", group_id=global_id(group)))["joinGroup"]
    made = await ask(viewer, "groups/create_group", name="New", visibility="OPEN", join_policy="OPEN")

    assert [error["code"] for error in payload["errors"]] == ["FORBIDDEN"]
    assert [error["code"] for error in made["createGroup"]["errors"]] == ["FORBIDDEN"]
    assert await db.value("SELECT count(*) FROM membership WHERE person_id = $1", bob.id) == 0


async def limited(ask: Ask, person: Person, scopes: list[str]) -> Viewer:
    """A person by a token of these scopes."""
    now = ask.services.clock.now()
    _, token = await sessions.open_token(person.id, "bot", scopes, now + timedelta(days=1), now=now)
    viewer = await sessions.again(token.id, now)
    assert viewer
    return viewer
