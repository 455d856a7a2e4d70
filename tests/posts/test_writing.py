"""Writing posts: kinds, texts and audiences."""

from __future__ import annotations

from typing import Any

import pytest

from models.feed import Post
from models.groups import GroupRole, Visibility
from models.people import Person
from models.session import Role
from tests.conftest import Ask
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.factories.session import a_role
from tests.posts.telling import codes, said


async def written(ask: Ask, who: Person, **more: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"kind": "DISCUSSION", "body": "Hello"} | more
    return (await ask(who, "posts/create_post", **values))["createPost"]


@pytest.mark.parametrize("kind", ["DISCUSSION", "QUESTION", "IDEA"])
async def test_everybody_writes_posts_of_the_everyday_kinds(ask: Ask, kind: str) -> None:
    payload = await written(ask, await a_person(), kind=kind)

    assert payload["errors"] == []
    assert (await Post.get()).kind == kind


async def test_an_article_needs_a_title(ask: Ask) -> None:
    ann = await a_person()

    without = await written(ask, ann, kind="ARTICLE")
    blank = await written(ask, ann, kind="ARTICLE", title="  ")
    with_one = await written(ask, ann, kind="ARTICLE", title="On lemons")

    assert (codes(without), codes(blank), codes(with_one)) == (["REQUIRED"], ["REQUIRED"], [])
    assert (await Post.get()).title == "On lemons"


async def test_a_title_over_its_limit_is_refused(ask: Ask) -> None:
    payload = await written(ask, await a_person(), title="x" * 301)

    assert codes(payload) == ["BAD_USER_INPUT"]
    assert "301" in said(payload)


async def test_announcements_to_the_company_are_for_communicators(ask: Ask) -> None:
    ann, com = await a_person("Ann"), await a_person("Com")
    await a_role(com, Role.COMMUNICATOR)

    refused = await written(ask, ann, kind="ANNOUNCEMENT")
    made = await written(ask, com, kind="ANNOUNCEMENT")

    assert (codes(refused), codes(made)) == (["FORBIDDEN"], [])
    assert "communicators" in said(refused)


async def test_heads_and_deputies_announce_to_their_unit_and_no_other(ask: Ask) -> None:
    head, deputy, ann = await a_person("Hed"), await a_person("Dep"), await a_person("Ann")
    unit, other = await a_unit(head=head, deputy=deputy), await a_unit("Other")
    for person in (head, deputy, ann):
        await Person.filter(id=person.id).update(unit_id=unit.id)
    there, elsewhere = {"orgUnitId": global_id(unit)}, {"orgUnitId": global_id(other)}

    got = [codes(await written(ask, who, kind="ANNOUNCEMENT", audience=there)) for who in (head, deputy, ann)]

    assert got == [[], [], ["FORBIDDEN"]]
    assert codes(await written(ask, head, kind="ANNOUNCEMENT", audience=elsewhere)) == ["FORBIDDEN"]


async def test_owners_and_moderators_announce_to_their_group(ask: Ask) -> None:
    olga, mo, ann = await a_person("Olga"), await a_person("Mo"), await a_person("Ann")
    group = await a_group(owner=olga)
    await a_member(group, mo, GroupRole.MODERATOR)
    await a_member(group, ann)
    there = {"groupId": global_id(group)}

    got = [codes(await written(ask, who, kind="ANNOUNCEMENT", audience=there)) for who in (olga, mo, ann)]

    assert got == [[], [], ["FORBIDDEN"]]


async def test_nobody_posts_to_an_archived_group(ask: Ask) -> None:
    olga = await a_person("Olga")
    group = await a_group(owner=olga, archived=True)

    payload = await written(ask, olga, audience={"groupId": global_id(group)})

    assert codes(payload) == ["FORBIDDEN"]
    assert "archived" in said(payload)


async def test_nobody_posts_to_a_group_that_they_are_not_in(ask: Ask) -> None:
    olga, ann = await a_person("Olga"), await a_person("Ann")
    known, secret = await a_group(owner=olga), await a_group("Plot", owner=olga, visibility=Visibility.SECRET)

    assert codes(await written(ask, ann, audience={"groupId": global_id(known)})) == ["FORBIDDEN"]
    assert codes(await written(ask, ann, audience={"groupId": global_id(secret)})) == ["NOT_FOUND"]
    assert await Post.all().count() == 0
