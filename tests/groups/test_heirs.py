"""When somebody leaves the company they leave their groups, and each group keeps an owner or is archived."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from atrium.imports.people import import_people
from models import db
from models.audiences import Audience
from models.groups import Group, GroupRole, MembershipStatus, Visibility
from models.people import Person
from models.session import Role
from resolvers.context import Services
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.changes import SOON, an_hr, turn_to
from tests.factories.groups import a_group, a_member, a_standing
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.factories.session import a_role
from tests.groups.acting import act, codes, epoch, inside, standing, stored, told

QUIET = "SELECT kind, quiet FROM event WHERE kind = ANY($1) ORDER BY id"


async def test_who_leaves_the_company_leaves_its_groups(ask: Ask) -> None:
    hana, ann, bob = await an_hr(), await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, visibility=Visibility.SECRET)
    await a_member(group, bob)
    asked, invited = await a_group("Asked", owner=ann), await a_group("Invited", owner=ann)
    await a_standing(asked, bob, MembershipStatus.REQUESTED)
    await a_standing(invited, bob, MembershipStatus.INVITED)

    await ask(hana, "org/deactivate_person", person_id=global_id(bob))

    for one in (group, asked, invited):
        assert await inside(one) == ["Ann"] == list(await stored(one))
    assert await told(group) == ["MemberLeft"]
    assert await told(asked) == await told(invited) == []


async def test_the_longest_serving_moderator_inherits(ask: Ask) -> None:
    hana, ann = await an_hr(), await a_person("Ann")
    old, mod, new = await a_person("Old"), await a_person("Mod"), await a_person("New")
    group = await a_group(owner=ann, visibility=Visibility.SECRET)
    await a_member(group, old)
    await a_member(group, mod, GroupRole.MODERATOR)
    await a_member(group, new, GroupRole.MODERATOR)

    await ask(hana, "org/record_leave", person_id=global_id(ann))

    assert await stored(group) == {
        "Old": ("MEMBER", "MEMBER", True),
        "Mod": ("OWNER", "MEMBER", True),
        "New": ("MODERATOR", "MEMBER", True),
    }
    assert await told(group) == ["MemberLeft", "GroupRoleChanged"]
    assert await epoch(mod) == 1
    assert codes(await act(ask, mod, "memberships/set_group_role", group, person_id=old, role="OWNER")) == []


async def test_without_moderators_the_longest_serving_member_inherits_and_never_a_guest(ask: Ask) -> None:
    hana, ann, gil = await an_hr(), await a_person("Ann"), await a_guest("Gil")
    bob, cem = await a_person("Bob"), await a_person("Cem")
    group = await a_group(owner=ann)
    await a_member(group, gil, GroupRole.GUEST)
    await a_member(group, bob)
    await a_member(group, cem)

    await ask(hana, "org/deactivate_person", person_id=global_id(ann))

    assert (await stored(group))["Bob"] == ("OWNER", "MEMBER", True)
    assert (await stored(group))["Gil"] == ("GUEST", "MEMBER", True)


async def test_a_group_with_another_owner_stays_as_it_is(ask: Ask) -> None:
    hana, ann, bob = await an_hr(), await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, await a_person("Mod"), GroupRole.MODERATOR)
    await a_member(group, bob, GroupRole.OWNER)

    await ask(hana, "org/deactivate_person", person_id=global_id(ann))

    assert await stored(group) == {"Mod": ("MODERATOR", "MEMBER", True), "Bob": ("OWNER", "MEMBER", True)}


async def test_a_group_that_nobody_can_inherit_is_archived(ask: Ask) -> None:
    hana, ann, gil = await an_hr(), await a_person("Ann"), await a_guest("Gil")
    group = await a_group(owner=ann)
    await a_member(group, gil, GroupRole.GUEST)

    await ask(hana, "org/deactivate_person", person_id=global_id(ann))

    found = await Group.get(id=group.id)
    assert (found.archived_at is not None, found.version) == (True, 2)
    assert (await Audience.get(id=group.id)).read_only
    assert await told(group) == ["MemberLeft", "GroupChanged"]


@pytest.mark.parametrize("leaves", ["org/deactivate_person", "org/record_leave"])
async def test_an_archived_group_is_inherited_as_any_other(ask: Ask, leaves: str) -> None:
    hana, ann, bob, mod = await an_hr(), await a_person("Ann"), await a_person("Bob"), await a_person("Mod")
    group = await a_group(owner=ann, visibility=Visibility.SECRET, archived=True)
    await a_member(group, bob)
    await a_member(group, mod, GroupRole.MODERATOR)

    await ask(hana, leaves, person_id=global_id(ann))

    assert await stored(group) == {"Bob": ("MEMBER", "MEMBER", True), "Mod": ("OWNER", "MEMBER", True)}
    assert await told(group) == ["MemberLeft", "GroupRoleChanged"]
    soon = (ask.services.clock.now() + timedelta(days=30)).isoformat()
    assert codes(await act(ask, mod, "group_ends/purge_group", group, at=soon)) == []
    assert codes(await act(ask, mod, "group_ends/wake_group", group)) == []


async def test_an_archived_group_that_nobody_can_inherit_stays_as_it_is(ask: Ask) -> None:
    hana, ann = await an_hr(), await a_person("Ann")
    group = await a_group(owner=ann, archived=True)

    await ask(hana, "org/deactivate_person", person_id=global_id(ann))

    found = await Group.get(id=group.id)
    assert (found.archived_at, found.purge_at, found.version) == (group.archived_at, None, 1)
    assert await told(group) == ["MemberLeft"]


async def test_a_ban_outlives_who_leaves_and_comes_back(ask: Ask) -> None:
    hana, ann, bob = await an_hr(), await a_person("Ann"), await a_person("Bob")
    group, other = await a_group(owner=ann), await a_group("Other", owner=ann)
    await a_standing(group, bob, MembershipStatus.BANNED)
    await a_member(other, bob, GroupRole.MODERATOR)

    await ask(hana, "org/record_leave", person_id=global_id(bob))
    await ask(hana, "org/rehire_person", person_id=global_id(bob), title="Nurse")

    banned = await standing(group, bob)
    assert banned and banned.status is MembershipStatus.BANNED
    assert await inside(other) == ["Ann"], "nothing that was shared by name comes back"


async def test_a_known_end_takes_effect_on_its_day(ask: Ask, services: Services) -> None:
    hana, ann, bob = await an_hr(), await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, bob)
    await ask(hana, "org/record_leave", person_id=global_id(ann), valid_from=str(SOON))
    assert await inside(group) == ["Ann", "Bob"]

    await turn_to(services, SOON)

    assert await stored(group) == {"Bob": ("OWNER", "MEMBER", True)}


async def test_a_guest_whose_account_closes_is_in_no_group(ask: Ask) -> None:
    ann, admin, gil = await a_person("Ann"), await a_person("Ada"), await a_guest("Gil")
    await a_role(admin, Role.ADMIN)
    group = await a_group(owner=ann)
    await a_member(group, gil, GroupRole.GUEST)

    await ask(admin, "org/deactivate_person", person_id=global_id(gil))

    assert await inside(group) == ["Ann"]


async def test_who_is_absent_from_an_import_leaves_and_is_inherited(
    ask: Ask, clock: TurnedClock, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    header = "external_id,name,email,active\n"
    everybody = header + "1,Ann,ann@hr.example,true\n2,Bob,bob@hr.example,true\n3,Cem,cem@hr.example,true\n"
    file.write_text(everybody)
    await import_people(file, clock=clock)
    ann, bob, cem = [await Person.get(name=name) for name in ("Ann", "Bob", "Cem")]
    group = await a_group(owner=ann, visibility=Visibility.SECRET)
    alone = await a_group("Alone", owner=ann)
    await a_member(group, bob)
    await a_member(group, cem, GroupRole.MODERATOR)
    before = await epoch(cem)

    file.write_text(everybody.replace("ann@hr.example,true", "ann@hr.example,false"))
    await import_people(file, clock=clock)

    assert await stored(group) == {"Bob": ("MEMBER", "MEMBER", True), "Cem": ("OWNER", "MEMBER", True)}
    assert await stored(alone) == {}
    assert (await Group.get(id=alone.id)).archived_at is not None
    assert await epoch(cem) == before + 1
    rows = [tuple(row) for row in await db.rows(QUIET, ["MemberLeft", "GroupRoleChanged", "GroupChanged"])]
    assert sorted(rows) == [("GroupChanged", True), ("GroupRoleChanged", True), *[("MemberLeft", True)] * 2]
