"""Groups that follow a rule, beside what is decided by hand, and groups that newcomers come into."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from atrium.worker import fire
from models.groups import Group, GroupRole, JoinPolicy, MembershipSource, MembershipStatus, Visibility
from models.people import Person
from models.rule_terms import Conditions
from models.rules import AudienceRule
from models.session import Role
from resolvers.context import Services
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.changes import SOON, an_hr, codes, turn_to
from tests.factories.feed import a_post
from tests.factories.groups import a_group, a_member, a_standing
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.rules import a_group_rule, members
from tests.factories.session import a_role
from tests.groups.acting import act, inside, stored, told
from tests.imports.conftest import Send, person


async def an_owner(name: str = "Olga", role: Role | None = Role.COMMUNICATOR, **more: Any) -> Person:
    """Somebody who makes groups and, by their role, rules."""
    one = await a_person(name, **more)
    if role:
        await a_role(one, role)
    return one


async def bind(ask: Ask, who: Person, group: Group, said: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    given = {"group_id": global_id(group), "conditions": said, **more}
    return (await ask(who, "group_rules/set_group_rule", **given))["setGroupRule"]


async def test_a_group_follows_a_unit(ask: Ask) -> None:
    olga, hana, top = await an_owner(), await an_hr(), await a_unit("Top")
    below, other = await a_unit("Below", parent=top), await a_unit("Other")
    ann, bob = await a_person("Ann", unit=top), await a_person("Bob", unit=below)
    group = await a_group(owner=olga)

    bound = await bind(ask, olga, group, {"orgUnitIds": [global_id(top)]})

    assert (bound["errors"], bound["group"]["memberCount"]) == ([], 3)
    assert bound["group"]["rule"] == {"version": 1, "conditions": {"orgUnitIds": [global_id(top)]}}
    assert await inside(group) == ["Olga", "Ann", "Bob"]
    post = await a_post(author=olga, audience=group.id)
    assert (await ask(bob, "posts/post", id=global_id(post)))["node"] is not None
    await ask(hana, "org/move_person", person_id=global_id(bob), org_unit_id=global_id(other))
    assert await inside(group) == ["Olga", "Ann"]
    assert (await ask(bob, "posts/post", id=global_id(post)))["node"] is None
    heard = ["AudienceRuleCreated", "GroupChanged", "MemberJoined", "MemberJoined", "MemberLeft"]
    assert sorted(await told(group)) == heard
    assert ann.unit_id == top.id


async def test_what_was_decided_by_hand_comes_before_the_rule(ask: Ask) -> None:
    """Who was let in stays, who was taken out or banned stays out, and who waits is let in."""
    olga = await an_owner()
    names = ("Ada", "Joe", "Eve", "Rob", "Ria", "Ina", "Mia", "Ned")
    people = {
        name: await a_person(name, location="Oslo" if name in ("Ada", "Joe", "Ned") else "Bern") for name in names
    }
    group = await a_group(owner=olga)
    await a_member(group, people["Ada"], source=MembershipSource.ADDED)
    await a_member(group, people["Joe"], source=MembershipSource.JOINED)
    for name, status in (("Eve", "BANNED"), ("Rob", "REMOVED"), ("Ria", "REQUESTED"), ("Ina", "INVITED")):
        await a_standing(group, people[name], MembershipStatus(status))

    shown = await ask(olga, "rules/simulate_rule", conditions={"locations": ["Bern"]}, group_id=global_id(group))
    told = shown["simulateRule"]
    await bind(ask, olga, group, {"locations": ["Bern"]})

    assert sorted(await inside(group)) == ["Ada", "Ina", "Joe", "Mia", "Olga", "Ria"]
    standing = await stored(group)
    assert [standing[name][1] for name in ("Eve", "Rob")] == ["BANNED", "REMOVED"]
    foreseen = [told[name] for name in ("personCount", "wouldJoin", "wouldLeave", "stayByHand", "keptOutByHand")]
    assert foreseen == [5, 3, 0, 3, 2]


async def test_who_is_taken_out_by_hand_does_not_come_back_by_the_rule(ask: Ask) -> None:
    olga, hana, ann = await an_owner(), await an_hr(), await a_person("Ann", title="Cook")
    await a_person("Bob")
    group = await a_group(owner=olga)
    await bind(ask, olga, group, {"titles": ["Cook"]})

    given = {"group_id": global_id(group), "person_id": global_id(ann)}
    await ask(olga, "memberships/remove_group_member", **given)
    for title in ("Chef", "Cook"):
        await ask(hana, "org/promote_person", person_id=global_id(ann), title=title)

    assert await inside(group) == ["Olga"]
    await ask(olga, "memberships/add_group_members", group_id=global_id(group), person_ids=[global_id(ann)])
    await ask(hana, "org/promote_person", person_id=global_id(ann), title="Chef")
    assert await inside(group) == ["Olga", "Ann"]


AT_THE_DOOR = {
    "invited": [("olga", "admissions/invite_to_group")],
    "who said no": [("olga", "admissions/invite_to_group"), ("ann", "admissions/decline_invitation")],
    "no longer invited": [("olga", "admissions/invite_to_group"), ("olga", "admissions/withdraw_invitation")],
    "asking": [("ann", "memberships/join_group")],
    "declined": [("ann", "memberships/join_group"), ("olga", "admissions/answer_join_request")],
    "asking no longer": [("ann", "memberships/join_group"), ("ann", "admissions/withdraw_join_request")],
    "banned no longer": [("olga", "memberships/ban_from_group"), ("olga", "memberships/lift_group_ban")],
}


@pytest.mark.parametrize("gone", ["memberships/leave_group", "memberships/remove_group_member"])
@pytest.mark.parametrize("stands", list(AT_THE_DOOR))
async def test_who_went_comes_back_by_hand_alone_wherever_they_stand_now(ask: Ask, gone: str, stands: str) -> None:
    olga, hana, ann = await an_owner(), await an_hr(), await a_person("Ann", title="Cook")
    await a_person("Bob")
    group = await a_group(owner=olga, join_policy=JoinPolicy.REQUEST)
    await bind(ask, olga, group, {"titles": ["Cook"]})

    async def does(who: Person, operation: str) -> None:
        more: dict[str, Any] = {"admissions/invite_to_group": {"people": [ann]}}.get(operation, {})
        if who is olga and not more:
            more = {"person_id": ann}
        if operation.endswith("answer_join_request"):
            more["accept"] = False
        assert (await act(ask, who, operation, group, **more))["errors"] == []

    await does(ann if gone.endswith("leave_group") else olga, gone)
    for who, operation in AT_THE_DOOR[stands]:
        await does(olga if who == "olga" else ann, operation)
    for title in ("Chef", "Cook"):
        await ask(hana, "org/promote_person", person_id=global_id(ann), title=title)
    shown = await ask(olga, "rules/simulate_rule", conditions={"titles": ["Cook"]}, group_id=global_id(group))

    assert await inside(group) == ["Olga"]
    assert [shown["simulateRule"][name] for name in ("wouldJoin", "keptOutByHand")] == [0, 1]
    await act(ask, olga, "memberships/add_group_members", group, people=[ann])
    assert await inside(group) == ["Olga", "Ann"]


async def test_an_invitation_that_runs_out_leaves_who_went_outside(ask: Ask, clock: TurnedClock) -> None:
    olga, hana, ann = await an_owner(), await an_hr(), await a_person("Ann", title="Cook")
    await a_person("Bob")
    group = await a_group(owner=olga)
    await bind(ask, olga, group, {"titles": ["Cook"]})
    await act(ask, ann, "memberships/leave_group", group)
    await act(ask, olga, "admissions/invite_to_group", group, people=[ann])

    clock.turn(days=15)
    await fire(ask.services)
    await ask(hana, "org/promote_person", person_id=global_id(ann), title="COOK")

    assert (await stored(group))["Ann"] == ("MEMBER", "REMOVED", False)


async def test_whoever_was_given_a_role_stays(ask: Ask) -> None:
    olga, hana = await an_owner(), await an_hr()
    ann, bob = await a_person("Ann", title="Cook"), await a_person("Bob", title="Cook")
    group = await a_group(owner=olga)
    await bind(ask, olga, group, {"titles": ["Cook"]})
    given = {"group_id": global_id(group), "person_id": global_id(ann), "role": "OWNER"}
    await ask(olga, "memberships/set_group_role", **given)

    for one in (ann, bob):
        await ask(hana, "org/promote_person", person_id=global_id(one), title="Chef")

    assert await inside(group) == ["Olga", "Ann"]


async def test_members_leave_by_another_rule_only_when_that_is_meant(ask: Ask) -> None:
    olga = await an_owner()
    for name, place in (("Ann", "Bern"), ("Bob", "Oslo")):
        await a_person(name, location=place)
    group = await a_group(owner=olga)
    await bind(ask, olga, group, {"locations": ["Bern"]})

    refused = await bind(ask, olga, group, {"locations": ["Oslo"]})
    assert codes(refused) == ["CONFIRMATION_REQUIRED"]
    assert "1 members would leave" in refused["errors"][0]["message"]
    assert codes(await bind(ask, olga, group, {"locations": ["Oslo"]}, confirmed=True)) == []
    assert await inside(group) == ["Olga", "Bob"]
    assert codes(await bind(ask, olga, group, {"locations": ["Atlantis"]})) == ["CONFIRMATION_REQUIRED"]
    assert codes(await bind(ask, olga, group, {})) == ["BAD_USER_INPUT"]


async def test_without_its_rule_everybody_stays(ask: Ask) -> None:
    olga, hana, ann = await an_owner(), await an_hr(), await a_person("Ann", title="Cook")
    group = await a_group(owner=olga)
    await bind(ask, olga, group, {"titles": ["Cook"]})

    dropped = await bind(ask, olga, group, None)
    await ask(hana, "org/promote_person", person_id=global_id(ann), title="Chef")

    assert (dropped["errors"], dropped["group"]["rule"]) == ([], None)
    assert await inside(group) == ["Olga", "Ann"]
    assert await AudienceRule.all().count() == 0


async def test_rules_are_bound_by_owners_who_may_make_them(ask: Ask) -> None:
    olga, unit = await an_owner(), await a_unit("Unit")
    plain, head = await an_owner("Pia", None), await an_owner("Hedi", None)
    below = await a_unit("Below", parent=await a_unit("Led", head=head))
    ann, ben = await a_person("Ann", unit=unit), await a_person("Ben", unit=below)
    eve = await an_owner("Eve", Role.ADMIN)
    owned = {one.name: await a_group(owner=one, visibility=Visibility.SECRET) for one in (olga, plain, head)}
    within, outside = {"orgUnitIds": [global_id(below)]}, {"orgUnitIds": [global_id(unit)]}

    assert codes(await bind(ask, plain, owned["Pia"], outside)) == ["FORBIDDEN"]
    assert codes(await bind(ask, head, owned["Hedi"], outside)) == ["FORBIDDEN"]
    assert codes(await bind(ask, head, owned["Hedi"], {**within, "personIds": [global_id(ann)]})) == ["FORBIDDEN"]
    assert codes(await bind(ask, head, owned["Hedi"], {"isManager": False})) == ["FORBIDDEN"]
    assert codes(await bind(ask, head, owned["Hedi"], {**within, "personIds": [global_id(ben)]})) == []
    assert codes(await bind(ask, eve, owned["Olga"], outside)) == ["NOT_FOUND"]
    await a_member(owned["Olga"], eve)
    assert codes(await bind(ask, eve, owned["Olga"], outside)) == ["FORBIDDEN"]
    assert await AudienceRule.all().count() == 1


async def test_the_rule_of_a_group_is_for_who_leads_it(ask: Ask) -> None:
    olga, ann = await an_owner(), await a_person("Ann", title="Cook")
    await a_person("Bob")
    group = await a_group(owner=olga)
    await bind(ask, olga, group, {"titles": ["Cook"]})
    text = "query Q($id: ID!) { group(by: {id: $id}) { isDefault rule { version createdAt conditions { titles } } } }"

    shown = [await ask.text(who, text, {"id": global_id(group)}) for who in (olga, ann)]

    assert [one.data and one.data["group"]["rule"] is None for one in shown] == [False, True]
    listed = (await ask(olga, "rules/audience_rules", first=5))["audienceRules"]
    assert listed["nodes"] == []


async def default(ask: Ask, who: Person, group: Group, *, is_default: bool = True) -> list[str]:
    given = {"group_id": global_id(group), "is_default": is_default}
    return codes((await ask(who, "group_rules/set_default_group", **given))["setDefaultGroup"])


async def test_newcomers_come_into_the_default_groups(ask: Ask, services: Services) -> None:
    adam, hana, ann = await an_owner("Adam", Role.ADMIN), await an_hr(), await a_person("Ann")
    group = await a_group(owner=adam)
    assert await default(ask, adam, group) == []

    await ask(hana, "org/create_person", name="New")
    await ask(hana, "org/create_person", name="Later", valid_from=SOON.isoformat())

    assert await inside(group) == ["Adam", "New"]
    await turn_to(services, SOON)
    assert await inside(group) == ["Adam", "New", "Later"]
    new = await Person.get(name="New")
    leaving = {"group_id": global_id(group)}
    await ask(new, "memberships/leave_group", **leaving)
    await ask(hana, "org/move_person", person_id=global_id(new), org_unit_id=global_id(await a_unit()))
    assert await inside(group) == ["Adam", "Later"]
    assert await default(ask, adam, group, is_default=False) == []
    await ask(hana, "org/create_person", name="Last")
    assert await inside(group) == ["Adam", "Later"]
    assert ann.active


async def test_guests_and_archived_groups_are_left_out(ask: Ask) -> None:
    adam, hana = await an_owner("Adam", Role.ADMIN), await an_hr()
    archived = await a_group(owner=adam, archived=True, is_default=True)

    await ask(hana, "org/create_person", name="New")
    await a_guest()

    assert await inside(archived) == ["Adam"]
    assert await default(ask, adam, archived, is_default=False) == ["FORBIDDEN"]


async def test_the_rule_lets_nobody_into_an_archived_group_until_it_is_woken(ask: Ask) -> None:
    olga, hana = await an_owner(), await an_hr()
    ann, bob = await a_person("Ann", title="Cook"), await a_person("Bob", title="Chef")
    group = await a_group(owner=olga)
    await bind(ask, olga, group, {"titles": ["Cook"]})
    await act(ask, olga, "group_ends/archive_group", group)

    await ask(hana, "org/promote_person", person_id=global_id(bob), title="Cook")
    asleep = await inside(group)
    await ask(hana, "org/promote_person", person_id=global_id(ann), title="Chef")
    without = await inside(group)
    assert (await act(ask, olga, "group_ends/wake_group", group))["errors"] == []

    assert (asleep, without, await inside(group)) == (["Olga", "Ann"], ["Olga"], ["Olga", "Bob"])


async def test_only_administrators_who_are_in_it_make_a_group_a_default(ask: Ask) -> None:
    adam, olga = await an_owner("Adam", Role.ADMIN), await an_owner()
    secret, private = [await a_group(owner=olga, visibility=kind) for kind in (Visibility.SECRET, Visibility.PRIVATE)]

    assert await default(ask, olga, secret) == ["FORBIDDEN"]
    assert await default(ask, adam, secret) == ["NOT_FOUND"]
    assert await default(ask, adam, private) == ["FORBIDDEN"]
    await a_member(secret, adam)
    assert await default(ask, adam, secret) == []


async def test_who_comes_back_comes_into_groups_as_a_newcomer(ask: Ask) -> None:
    adam, hana, ann = await an_owner("Adam", Role.ADMIN), await an_hr(), await a_person("Ann", title="Cook")
    welcome, cooks, other = [await a_group(name, owner=adam) for name in ("Welcome", "Cooks", "Other")]
    await Group.filter(id=welcome.id).update(is_default=True)
    await a_group_rule(cooks, Conditions(titles=("cook",)))
    for group in (cooks, other):
        await a_member(group, ann, GroupRole.MEMBER)

    await ask(hana, "org/record_leave", person_id=global_id(ann))
    assert [await inside(group) for group in (welcome, cooks, other)] == [["Adam"]] * 3
    await ask(hana, "org/rehire_person", person_id=global_id(ann), title="Cook")

    assert [await inside(group) for group in (welcome, cooks, other)] == [["Adam", "Ann"], ["Adam", "Ann"], ["Adam"]]


@pytest.fixture
def send(tmp_path: Path, clock: TurnedClock, database: None) -> Send:
    return Send(tmp_path, clock)


async def test_imports_bring_newcomers_and_rules_into_groups(send: Send) -> None:
    adam = await an_owner("Adam", Role.ADMIN)
    welcome, cooks = await a_group("Welcome", owner=adam, is_default=True), await a_group("Cooks", owner=adam)
    await a_group_rule(cooks, Conditions(titles=("cook",)))

    await send(person("1", title="Cook"), person("2"), person("3", title="Cook", start_date=SOON.isoformat()))

    assert await members(welcome) == ["Adam", "Person 1", "Person 2"]
    assert await members(cooks) == ["Adam", "Person 1"]
    await send(person("1", title="Chef"), person("2", title="Cook"))
    assert await members(cooks) == ["Adam", "Person 2"]
    await send(person("2", title="Cook", active=False))
    assert await members(cooks) == ["Adam"]
    await send(person("2", title="Cook", active=True))
    assert (await members(cooks), await members(welcome)) == (["Adam", "Person 2"], ["Adam", "Person 1", "Person 2"])
