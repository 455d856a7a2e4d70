"""Rules: tried out, saved, changed and deleted, by those who may."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLInputObjectType

from execution.documents import core_schema
from models.audiences import Audience
from models.rule_terms import Conditions
from models.rules import AudienceRule
from models.session import Role
from tests.conftest import Ask
from tests.factories.changes import codes, events, path
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.rules import a_rule, members
from tests.factories.session import a_role

NAMELESS: dict[str, Any] = {"exceptLocations": ["Oslo"]}


async def a_maker(name: str = "Cora", role: Role = Role.COMMUNICATOR, **more: Any) -> Any:
    """Somebody who may make rules."""
    person = await a_person(name, **more)
    await a_role(person, role)
    return person


async def create(ask: Ask, who: Any, conditions: dict[str, Any], name: str = "Cooks", **more: Any) -> dict[str, Any]:
    return (await ask(who, "rules/create_audience_rule", name=name, conditions=conditions, **more))[
        "createAudienceRule"
    ]


async def the_rule() -> AudienceRule:
    return await AudienceRule.get()


async def test_a_rule_means_whom_it_describes_and_who_made_it(ask: Ask) -> None:
    top = await a_unit("Top")
    below = await a_unit("Below", parent=top)
    cora = await a_maker()
    ann, _ = await a_person("Ann", unit=top, title="Cook"), await a_person("Bob", unit=below, title="COOK")
    await a_person("Cem", unit=below, title="Chef")
    await a_person("Dan", title="Cook")
    await a_person("Lea", unit=top, title="Cook", active=False)

    made = await create(ask, cora, {"orgUnitIds": [global_id(top)], "titles": ["cook"]})

    assert (made["errors"], made["rule"]["memberCount"]) == ([], 3)
    assert await members(await the_rule()) == ["Ann", "Bob", "Cora"]
    assert await events("RightsChanged") == ["AudienceRuleCreated"]
    post = await a_post(author=cora, audience=(await the_rule()).id)
    assert (await ask(ann, "posts/post", id=global_id(post)))["node"]["audience"] == {"kind": "RULE", "name": "Cooks"}


async def test_exclusion_comes_before_inclusion(ask: Ask) -> None:
    unit = await a_unit()
    cora = await a_maker()
    ann, bob = [await a_person(name, unit=unit) for name in ("Ann", "Bob")]
    said = {"orgUnitIds": [global_id(unit)], "personIds": [global_id(ann)], "exceptPersonIds": [global_id(ann)]}

    await create(ask, cora, said)

    assert await members(await the_rule()) == ["Bob", "Cora"]
    assert bob.unit_id == unit.id


async def test_guests_are_never_meant(ask: Ask) -> None:
    cora, gil = await a_maker(), await a_guest("Gil", location="Bern", title="Cook")
    await a_person("Ann", location="Bern")

    await create(ask, cora, {"locations": ["Bern"]})
    named = await create(ask, cora, {"personIds": [global_id(gil)]})

    assert await members(await the_rule()) == ["Ann", "Cora"]
    assert (codes(named), path(named)) == (["BAD_USER_INPUT"], ["input", "conditions", "personIds", "0"])


async def test_what_people_write_of_themselves_is_nothing_to_a_rule(ask: Ask) -> None:
    """No input that a person may change about themselves is a condition."""
    own = input_fields(ask, "UpdateProfileInput") - {"personId", "expectedVersion", "fields"}

    assert own and not own & input_fields(ask, "RuleConditionsInput")


def input_fields(ask: Ask, name: str) -> set[str]:
    shown = core_schema(ask.schema).type_map[name]
    assert isinstance(shown, GraphQLInputObjectType)
    return {*shown.fields}


async def test_a_rule_that_names_nothing_is_refused(ask: Ask) -> None:
    cora = await a_maker()

    for said in ({}, NAMELESS):
        refused = await create(ask, cora, said)
        assert codes(refused) == ["BAD_USER_INPUT"]
        assert "would be the company" in refused["errors"][0]["message"]
    assert await AudienceRule.all().count() == 0


async def test_a_rule_of_nobody_or_everybody_wants_a_second_word(ask: Ask) -> None:
    cora = await a_maker()
    await a_person("Ann", location="Bern")
    nobody, everybody = {"locations": ["Atlantis"]}, {"hiredFrom": "1990-01-01"}

    for said in (nobody, everybody):
        assert codes(await create(ask, cora, said)) == ["CONFIRMATION_REQUIRED"]
        assert codes(await create(ask, cora, said, confirmed=True)) == []
    assert await AudienceRule.all().count() == 2


async def test_trying_a_rule_out_tells_whom_it_would_mean(ask: Ask) -> None:
    cora = await a_maker(grade="C")
    for name, grade in (("Ann", "A"), ("Bob", "A"), ("Dan", "B")):
        await a_person(name, grade=grade)

    async def told(**said: Any) -> tuple[int, list[str], list[str]]:
        shown = (await ask(cora, "rules/simulate_rule", conditions=said))["simulateRule"]
        sample = [one["name"] for one in shown["sample"]["nodes"]]
        assert shown["sample"]["totalCount"] == shown["personCount"]
        return shown["personCount"], sample, [one["code"] for one in shown["warnings"]]

    assert await told(grades=["A"]) == (2, ["Ann", "Bob"], [])
    assert await told(grades=["B"]) == (1, ["Dan"], ["ONE_PERSON"])
    assert await told(grades=["Z"]) == (0, [], ["NOBODY"])
    assert await told(grades=["A", "B", "C"]) == (4, ["Ann", "Bob", "Cora", "Dan"], ["EVERYBODY"])
    assert await AudienceRule.all().count() == 0


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"locations": ["x"] * 200 + ["y"]}, None),
        ({"titles": [""]}, ["titles", "0"]),
        ({"grades": ["x" * 201]}, ["grades", "0"]),
        ({"hiredFrom": "2024-01-01", "hiredBefore": "2024-01-01"}, ["hiredBefore"]),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_what_cannot_be_a_condition_is_refused(ask: Ask, said: dict[str, Any], where: list[str] | None) -> None:
    if where is None:  # longer than any list may be
        given = {"name": "x", "conditions": said}
        assert (await ask.answer(await a_maker(), "rules/create_audience_rule", **given)).code == "BAD_USER_INPUT"
        return
    refused = await create(ask, await a_maker(), said)

    assert (path(refused)) == ["input", "conditions", *where]


async def test_units_and_people_that_are_not_seen_are_not_found(ask: Ask) -> None:
    cora, ann = await a_maker(), await a_person("Ann")

    for said in ({"orgUnitIds": [global_id(ann)]}, {"personIds": [global_id(await a_unit())]}, {"orgUnitIds": ["x"]}):
        assert codes(await create(ask, cora, said)) == ["NOT_FOUND"]


async def test_rules_are_made_by_communicators_hr_and_administrators(ask: Ask) -> None:
    unit = await a_unit()
    ann, gil = await a_person("Ann", location="Bern"), await a_guest()
    await a_person("Bob")
    of_unit = await a_person("Una")
    await a_role(of_unit, Role.HR, unit)

    for who in (ann, gil, of_unit):
        assert codes(await create(ask, who, {"locations": ["Bern"]})) == ["FORBIDDEN"]
        said = {"conditions": {"locations": ["Bern"]}}
        assert (await ask.answer(who, "rules/simulate_rule", **said)).code == "FORBIDDEN"
    for role in (Role.COMMUNICATOR, Role.HR, Role.ADMIN):
        assert codes(await create(ask, await a_maker(role.value.title(), role), {"locations": ["Bern"]})) == []


async def test_rules_are_known_to_their_members_and_makers(ask: Ask) -> None:
    cora, ann, bob = await a_maker(), await a_person("Ann"), await a_person("Bob")
    rule = await a_rule("Cooks", ann)

    async def listed(who: Any) -> list[str]:
        return [one["name"] for one in (await ask(who, "rules/audience_rules", first=10))["audienceRules"]["nodes"]]

    assert [await listed(who) for who in (cora, ann, bob)] == [["Cooks"], ["Cooks"], []]
    shown = [
        (await ask(w, "rules/audience_rule", id=global_id(rule), first=5))["audienceRule"] for w in (cora, ann, bob)
    ]
    assert shown[2] is None
    assert [one["conditions"] is None for one in shown[:2]] == [False, True]
    assert shown[0]["conditions"]["personIds"] == [global_id(ann)]
    assert [one["viewerCanUpdate"] for one in shown[:2]] == [True, False]
    assert shown[1]["members"]["nodes"] == [{"id": global_id(ann), "name": "Ann"}]


async def test_what_is_read_of_a_rule_can_be_sent_back(ask: Ask) -> None:
    unit, cora, _ = await a_unit(), await a_maker(title="Cook"), await a_person("Ann")
    said = {
        "orgUnitIds": [global_id(unit)],
        "titles": ["Chef"],
        "isManager": False,
        "hiredFrom": "2019-01-01",
        "hiredBefore": "2030-01-01",
        "exceptGrades": ["A"],
        "personIds": [global_id(cora)],
    }
    await create(ask, cora, said)
    rule = global_id(await the_rule())

    read = (await ask(cora, "rules/audience_rule", id=rule, first=1))["audienceRule"]["conditions"]
    again = await ask(cora, "rules/update_audience_rule", rule_id=rule, conditions=read)

    assert again["updateAudienceRule"]["errors"] == []
    assert {name: value for name, value in read.items() if value not in (None, [])} == said


async def test_a_changed_rule_means_others_at_once(ask: Ask) -> None:
    cora = await a_maker()
    for name, place in (("Ann", "Bern"), ("Bob", "Oslo")):
        await a_person(name, location=place)
    await create(ask, cora, {"locations": ["Bern"]})
    rule = await the_rule()

    async def update(**more: Any) -> dict[str, Any]:
        data = await ask(cora, "rules/update_audience_rule", rule_id=global_id(rule), **more)
        return data["updateAudienceRule"]

    changed = await update(conditions={"locations": ["Oslo"]}, expected_version=1)
    assert (changed["errors"], changed["rule"]["version"], await members(rule)) == ([], 2, ["Bob", "Cora"])
    assert codes(await update(name="New", expected_version=1)) == ["CONFLICT"]
    assert codes(await update(conditions={"locations": ["Atlantis"]})) == ["CONFIRMATION_REQUIRED"]
    assert codes(await update(conditions={})) == ["BAD_USER_INPUT"]
    assert (await update(name=" New  name "))["rule"]["name"] == "New name"
    assert await members(rule) == ["Bob", "Cora"]


async def test_a_rule_that_posts_are_for_is_not_deleted(ask: Ask) -> None:
    cora, ann = await a_maker(), await a_person("Ann")
    rule = await a_rule("Cooks", ann, cora)
    post = await a_post(author=cora, audience=rule.id)

    async def delete(who: Any) -> dict[str, Any]:
        return (await ask(who, "rules/delete_audience_rule", rule_id=global_id(rule)))["deleteAudienceRule"]

    assert codes(await delete(ann)) == ["FORBIDDEN"]
    assert codes(await delete(await a_person("Eve"))) == ["NOT_FOUND"]
    assert codes(await delete(cora)) == ["NOT_EMPTY"]
    await ask(cora, "posts/delete_post", post_id=global_id(post))
    assert codes(await delete(cora)) == []
    assert (await AudienceRule.all().count(), await members(rule)) == (0, [])
    assert codes(await delete(cora)) == ["NOT_FOUND"]


async def test_a_rule_that_nobody_used_leaves_nothing(ask: Ask) -> None:
    cora = await a_maker()
    rule = await a_rule("Cooks", cora)

    await ask(cora, "rules/delete_audience_rule", rule_id=global_id(rule))

    assert not await Audience.filter(id=rule.id).exists()


async def test_the_same_client_id_is_the_same_rule(ask: Ask) -> None:
    cora = await a_maker()
    await a_person("Ann", location="Bern")

    made = [await create(ask, cora, {"locations": ["Bern"]}, client_id="r-1") for _ in range(2)]

    assert made[0]["rule"]["id"] == made[1]["rule"]["id"]
    assert await AudienceRule.all().count() == 1


async def test_a_snapshot_is_taken_anew_only_with_other_conditions(ask: Ask) -> None:
    cora, ann = await a_maker(), await a_person("Ann", location="Bern")
    said = Conditions(locations=("Bern",))
    rule = await a_rule("Then", ann, conditions=said, is_snapshot=True, created_by=cora.id)
    await a_person("Bob", location="Bern")

    async def update(**more: Any) -> list[str]:
        await ask(cora, "rules/update_audience_rule", rule_id=global_id(rule), **more)
        return await members(rule)

    assert await update(name="Since") == ["Ann"]
    assert await update(conditions={"locations": ["Bern"]}) == ["Ann", "Bob", "Cora"]
    assert await update(is_snapshot=False) == ["Ann", "Bob", "Cora"]
