"""Who knows of a tag: a word that is said only in secret is one, too."""

from __future__ import annotations

from typing import Any

import pytest

from models import audiences
from models.groups import Group, Visibility
from models.people import Person
from models.tags import Tag, TagFollow
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.factories.tags import a_tag
from tests.tags.acting import a_keeper, codes, keep, names, page, tags_of, write, written


async def a_secret(ask: Ask, word: str = "falcon") -> tuple[Person, Group, Tag]:
    """Ann's secret group, in which she has used the word that nobody else knows."""
    ann = await a_person("Ann")
    group = await a_group("Secret", owner=ann, visibility=Visibility.SECRET)
    await written(ask, ann, f"#{word}", group=group.id)
    return ann, group, await Tag.get(key=word)


async def found(ask: Ask, who: Any, tag: Tag) -> list[Any]:
    """Whatever leads to a tag."""
    id = global_id(tag)
    followed = (await ask(who, "tags/follow_tag", tag_id=id, follow=True))["followTag"]
    return [
        await page(ask, who, tag.name),
        (await ask(who, "tags/tag", id=id))["tag"],
        await names(ask, who),
        await names(ask, who, tag.name[:3]),
        followed["tag"],
        (await ask(who, "tags/tags", query=None, first=1))["tags"]["totalCount"],
    ]


async def test_a_tag_of_a_secret_group_is_nothing_to_outsiders(ask: Ask) -> None:
    _, _, tag = await a_secret(ask)
    bob, cora, gil = await a_person("Bob"), await a_keeper(ask), await a_guest("Gil")

    for outsider in (bob, cora, gil):
        assert await found(ask, outsider, tag) == [None, None, [], [], None, 0]
    assert codes(await keep(ask, cora, "rename_tag", tag, name="hawk")) == ["NOT_FOUND"]
    assert await TagFollow.all().count() == 0


async def test_its_members_know_it_until_they_leave(ask: Ask) -> None:
    ann, group, _ = await a_secret(ask)
    bob = await a_person("Bob")
    await a_member(group, bob)

    shown = await page(ask, bob, "Falcon")
    await audiences.remove(group.id, [bob.id])

    assert shown is not None and shown["posts"]["totalCount"] == 1
    assert await page(ask, bob, "falcon") is None
    assert await page(ask, ann, "falcon") is not None


async def test_whoever_uses_the_same_word_learns_nothing_of_it(ask: Ask, clock: TurnedClock) -> None:
    _, group, tag = await a_secret(ask)
    eve = await a_person("Eve")
    await a_member(group, eve)
    await ask(eve, "tags/follow_tag", tag_id=global_id(tag), follow=True)
    bob = await a_person("Bob")
    clock.turn(seconds=1)

    post = await written(ask, bob, "#Falcon", tags=["hitherto unheard of"])
    both = (await ask(bob, "tags/post_tags", id=post))["node"]["tags"]
    old, new = await page(ask, bob, "falcon"), await page(ask, bob, "hitherto unheard of")

    assert old is not None and new is not None
    assert {key: old[key] for key in old if key not in ("id", "name")} == {
        key: new[key] for key in new if key not in ("id", "name")
    }
    assert [tag["name"] for tag in both] == ["hitherto unheard of", "falcon"]
    assert len({tag["id"] for tag in both} | {global_id(tag)}) == 2, "it is the same tag, and nothing tells"


async def test_followers_count_from_when_one_could_know_of_the_tag(ask: Ask, clock: TurnedClock) -> None:
    ann, _, tag = await a_secret(ask)
    await ask(ann, "tags/follow_tag", tag_id=global_id(tag), follow=True)
    bob, cem = await a_person("Bob"), await a_person("Cem")
    clock.turn(hours=1)
    await written(ask, bob, "#falcon")
    await ask(cem, "tags/follow_tag", tag_id=global_id(tag), follow=True)

    counts = [shown["followerCount"] for who in (ann, bob) if (shown := await page(ask, who, "falcon"))]

    assert counts == [2, 1]


async def test_a_name_that_is_taken_in_secret_is_no_reason_to_refuse(ask: Ask) -> None:
    ann, _, _ = await a_secret(ask)
    cora, known = await a_keeper(ask), await a_tag("launch", kept=True)

    renamed = await keep(ask, cora, "rename_tag", known, name="Falcon")

    assert codes(renamed) == []
    assert await Tag.all().values_list("name", flat=True) == ["Falcon"]
    shown = await page(ask, ann, "falcon")
    assert shown is not None and shown["posts"]["totalCount"] == 1


async def test_a_kept_tag_is_known_to_the_company_and_not_to_guests(ask: Ask) -> None:
    await a_tag("launch", kept=True)

    assert await names(ask, await a_person("Bob")) == ["launch"]
    assert await names(ask, await a_guest("Gil")) == []


async def test_who_began_or_follows_a_tag_keeps_it_in_sight(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await written(ask, ann, "#mine")
    await ask(bob, "tags/follow_tag", tag_id=global_id(await Tag.get(key="mine")), follow=True)
    await ask(ann, "posts/delete_post", post_id=post)

    assert [await names(ask, who) for who in (ann, bob, await a_person("Cem"))] == [["mine"], ["mine"], []]


async def test_everybody_of_the_company_knows_the_tags_of_an_open_group(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann, visibility=Visibility.OPEN)
    await written(ask, ann, "#open", group=group.id)

    assert await names(ask, await a_person("Bob")) == ["open"]
    assert await names(ask, await a_guest("Gil")) == []


async def test_a_list_of_people_has_its_own_tags(ask: Ask) -> None:
    ann, bob, cem = [await a_person(name) for name in ("Ann", "Bob", "Cem")]
    payload = await write(ask, ann, "#ours", audience={"personIds": [global_id(bob)]})

    assert [await tags_of(ask, who, payload["post"]["id"]) for who in (ann, bob)] == [["ours"], ["ours"]]
    assert [await names(ask, who) for who in (bob, cem)] == [["ours"], []]


@pytest.mark.parametrize("id", ["", "x", "UGVyc29uOjE"])
async def test_an_id_of_something_else_is_no_tag(ask: Ask, id: str) -> None:
    ann = await a_person()

    assert [(await ask(ann, "tags/tag", id=one))["tag"] for one in (id, global_id(ann))] == [None, None]
