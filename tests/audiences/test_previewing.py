"""Whom an audience reaches is told before anything is posted, and it is true."""

from __future__ import annotations

from typing import Any

import pytest

from models.audiences import Audience
from models.groups import Group, GroupRole, Visibility
from models.people import Person
from models.rules import AudienceRule
from models.session import Role
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.rules import a_rule
from tests.factories.session import a_role


async def preview(ask: Ask, who: Person, **audience: Any) -> dict[str, Any]:
    return (await ask(who, "audiences/audience_preview", audience=audience))["audiencePreview"]


async def refusal(ask: Ask, who: Person, **audience: Any) -> str | None:
    return (await ask.answer(who, "audiences/audience_preview", audience=audience)).code


def names(shown: dict[str, Any]) -> list[str]:
    return [one["name"] for one in shown["sample"]["nodes"]]


def warned(shown: dict[str, Any]) -> list[str]:
    return [one["code"] for one in shown["warnings"]]


async def circle(owner: Person, *members: Person, visibility: Visibility) -> Group:
    """A group of an owner and members."""
    group = await a_group(owner=owner, visibility=visibility)
    for person in members:
        await a_member(group, person, GroupRole.GUEST if person.is_guest else GroupRole.MEMBER)
    return group


async def test_what_is_counted_is_who_sees_it(ask: Ask) -> None:
    """Of every kind of audience: the people counted are those who find a post of it."""
    top = await a_unit("Top")
    team, other = await a_unit("Team", parent=top), await a_unit("Other")
    ann, bob = await a_person("Ann", unit=team, location="Bern"), await a_person("Bob", unit=top, location="Oslo")
    cem, dan = await a_person("Cem", unit=other, location="Bern"), await a_person("Dan")
    lea, gil = await a_person("Lea", unit=team, location="Bern", active=False), await a_guest("Gil")
    hidden = await circle(ann, gil, visibility=Visibility.SECRET)
    open_one = await circle(ann, dan, gil, visibility=Visibility.OPEN)
    rule = await a_rule("Managers", ann, cem, lea)
    chosen: list[dict[str, Any]] = [
        {"company": True},
        {"orgUnitId": global_id(top)},
        {"orgUnitId": global_id(team)},
        {"location": "Bern"},
        {"groupId": global_id(hidden)},
        {"groupId": global_id(open_one)},
        {"ruleId": global_id(rule)},
        {"personIds": [global_id(bob), global_id(gil)]},
    ]

    for audience in chosen:
        told = await preview(ask, ann, **audience)
        made = await ask(ann, "posts/create_post", kind="DISCUSSION", body="Hello", audience=audience)
        post = made["createPost"]["post"]["id"]
        seen = [one for one in (ann, bob, cem, dan, gil) if (await ask(one, "posts/post", id=post))["node"] is not None]

        assert told["personCount"] == len(seen), audience
        assert told["guestCount"] == len([one for one in seen if one.is_guest]), audience
        assert names(told) == [one.name for one in seen], audience


async def test_an_empty_or_one_persons_audience_is_warned_of(ask: Ask) -> None:
    ann, empty = await a_person("Ann"), await a_unit("Empty")

    assert warned(await preview(ask, ann, orgUnitId=global_id(empty))) == ["EMPTY"]
    assert warned(await preview(ask, ann, personIds=[global_id(ann)])) == ["ONE_PERSON"]
    await a_person("Bob", unit=empty)
    assert warned(await preview(ask, ann, orgUnitId=global_id(empty))) == ["ONE_PERSON"]
    await a_person("Cem", unit=empty)
    assert warned(await preview(ask, ann, orgUnitId=global_id(empty))) == []


async def test_guests_are_left_out_unless_they_are_named(ask: Ask) -> None:
    unit = await a_unit()
    ann, gil = await a_person("Ann", unit=unit, location="Bern"), await a_guest("Gil", location="Bern")
    await a_person("Bob", unit=unit, location="Bern")

    for audience in ({"company": True}, {"orgUnitId": global_id(unit)}, {"location": "Bern"}):
        shown = await preview(ask, ann, **audience)
        assert (shown["personCount"], shown["guestCount"], warned(shown)) == (2, 0, [])
    named = await preview(ask, ann, personIds=[global_id(gil)])
    assert (named["personCount"], named["guestCount"], warned(named)) == (2, 1, ["INCLUDES_GUESTS"])


async def test_targeted_is_not_secret_and_it_says_so(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    await a_person("Cem")
    open_one = await circle(ann, bob, visibility=Visibility.OPEN)
    closed = await circle(ann, bob, visibility=Visibility.PRIVATE)

    shown = await preview(ask, ann, groupId=global_id(open_one))

    assert (shown["personCount"], warned(shown)) == (3, ["NOT_SECRET"])
    assert "the 2 in the group" in shown["warnings"][0]["message"]
    assert warned(await preview(ask, ann, groupId=global_id(closed))) == []


async def test_a_snapshot_says_that_it_is_one(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    live, kept = await a_rule("Live", ann, bob), await a_rule("Kept", ann, bob, is_snapshot=True)

    assert warned(await preview(ask, ann, ruleId=global_id(live))) == []
    assert warned(await preview(ask, ann, ruleId=global_id(kept))) == ["SNAPSHOT"]


async def test_a_large_audience_is_warned_of(ask: Ask) -> None:
    ann = await a_person("Ann")
    await Person.bulk_create(
        Person(name=f"P{i}", created_at=ann.created_at, updated_at=ann.updated_at) for i in range(999)
    )

    shown = await preview(ask, ann, company=True)

    assert (shown["personCount"], warned(shown), len(shown["sample"]["nodes"])) == (1_000, ["LARGE"], 5)


async def test_who_may_not_name_an_audience_may_not_ask_of_it(ask: Ask) -> None:
    ann, eve, gil = await a_person("Ann"), await a_person("Eve"), await a_guest("Gil")
    await a_role(eve, Role.ADMIN)
    secret = await circle(ann, visibility=Visibility.SECRET)
    rule, lost = await a_rule("Managers", ann), await a_person("Lost", active=False)
    await a_person("Bob", location="Bern")

    assert await refusal(ask, eve, groupId=global_id(secret)) == "NOT_FOUND"
    assert await refusal(ask, await a_person("Dan"), ruleId=global_id(rule)) == "NOT_FOUND"
    assert await refusal(ask, ann, personIds=[global_id(lost)]) == "NOT_FOUND"
    assert await refusal(ask, ann, location="Atlantis") == "NOT_FOUND"
    assert await refusal(ask, gil, company=True) == "FORBIDDEN"
    assert await refusal(ask, gil, location="Bern") == "NOT_FOUND"
    assert await refusal(ask, gil, personIds=[global_id(ann)]) == "NOT_FOUND"


async def test_a_secret_group_is_as_one_that_is_not_there(ask: Ask) -> None:
    ann, eve = await a_person("Ann"), await a_person("Eve")
    secret = await circle(ann, visibility=Visibility.SECRET)
    told = await ask.answer(eve, "audiences/audience_preview", audience={"groupId": global_id(secret)})

    await Audience.filter(id=secret.id).delete()

    gone = await ask.answer(eve, "audiences/audience_preview", audience={"groupId": global_id(secret)})
    assert told.body() == gone.body()


async def test_the_members_of_a_private_group_are_counted_but_not_shown_to_others(ask: Ask) -> None:
    ann, eve = await a_person("Ann"), await a_person("Eve")
    private = await circle(ann, await a_person("Bob"), visibility=Visibility.PRIVATE)

    shown = await preview(ask, eve, groupId=global_id(private))

    assert (shown["personCount"], names(shown)) == (2, [])
    assert names(await preview(ask, ann, groupId=global_id(private))) == ["Ann", "Bob"]


@pytest.mark.parametrize("audience", [{"company": False}, {"personIds": []}], ids=str)
async def test_an_empty_choice_is_refused(ask: Ask, audience: dict[str, Any]) -> None:
    assert await refusal(ask, await a_person(), **audience) == "BAD_USER_INPUT"


async def test_asking_stores_nothing(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    await a_post(author=ann)
    before = await Audience.all().count(), await AudienceRule.all().count()

    await preview(ask, ann, personIds=[global_id(bob)])

    assert (await Audience.all().count(), await AudienceRule.all().count()) == before
