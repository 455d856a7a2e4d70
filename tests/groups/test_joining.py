"""Coming in and going: by a group's policy, once, and with the sight that goes with it."""

from __future__ import annotations

import pytest

from models import db
from models.audiences import Audience
from models.groups import GroupRole, JoinPolicy, MembershipSource, MembershipStatus, Visibility
from models.log import LoggedEvent
from models.rules import AudienceRule
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.groups import a_group, a_member, a_standing
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_guest, a_person
from tests.groups.acting import act, codes, epoch, inside, says, standing, stored, told

JOIN, LEAVE = "memberships/join_group", "memberships/leave_group"


@pytest.mark.parametrize("visibility", [Visibility.OPEN, Visibility.PRIVATE])
async def test_whoever_knows_of_an_open_door_goes_in(ask: Ask, visibility: Visibility) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, visibility=visibility, join_policy=JoinPolicy.OPEN)

    payload = await act(ask, bob, JOIN, group)

    assert payload["errors"] == []
    assert payload["group"]["viewerMembership"] == {"role": "MEMBER", "status": "MEMBER"}
    assert await stored(group) == {"Ann": ("OWNER", "MEMBER", True), "Bob": ("MEMBER", "MEMBER", True)}
    member = await standing(group, bob)
    assert member and (member.source, member.by_id) == (MembershipSource.JOINED, None)
    assert await told(group) == ["MemberJoined"]
    assert await epoch(bob) == 1


async def test_joining_twice_is_joining_once(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=JoinPolicy.OPEN)

    payloads = [await act(ask, bob, JOIN, group) for _ in range(2)]

    assert [payload["group"]["viewerMembership"]["status"] for payload in payloads] == ["MEMBER"] * 2
    assert await told(group) == ["MemberJoined"]


async def test_where_one_asks_a_moderator_decides(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=JoinPolicy.REQUEST)

    payloads = [await act(ask, bob, JOIN, group) for _ in range(2)]

    assert [payload["group"]["viewerMembership"]["status"] for payload in payloads] == ["REQUESTED"] * 2
    assert await inside(group) == ["Ann"]
    assert await told(group) == ["JoinRequested"]
    assert (await LoggedEvent.get(kind="JoinRequested")).audience_id is None
    assert await epoch(bob) == 0


async def test_nobody_comes_in_uninvited_where_it_takes_an_invitation(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=JoinPolicy.INVITE)

    payload = await act(ask, bob, JOIN, group)

    assert codes(payload) == ["FORBIDDEN"]
    assert "by invitation only" in says(payload)
    assert await inside(group) == ["Ann"]


@pytest.mark.parametrize("policy", list(JoinPolicy))
async def test_an_invitation_opens_every_door(ask: Ask, policy: JoinPolicy) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=policy)
    await a_standing(group, bob, MembershipStatus.INVITED, by_id=ann.id)

    payload = await act(ask, bob, JOIN, group)

    assert payload["group"]["viewerMembership"] == {"role": "MEMBER", "status": "MEMBER"}
    assert await inside(group) == ["Ann", "Bob"]
    assert (await standing(group, bob)).expires_at is None  # pyright: ignore[reportOptionalMemberAccess]


async def test_a_guest_comes_in_by_invitation_as_a_guest(ask: Ask) -> None:
    ann, gil, guy = await a_person("Ann"), await a_guest("Gil"), await a_guest("Guy")
    group = await a_group(owner=ann, visibility=Visibility.OPEN, join_policy=JoinPolicy.OPEN)
    await a_standing(group, gil, MembershipStatus.INVITED)

    invited, uninvited = await act(ask, gil, JOIN, group), await act(ask, guy, JOIN, group)

    assert invited["group"]["viewerMembership"] == {"role": "GUEST", "status": "MEMBER"}
    assert codes(uninvited) == ["NOT_FOUND"], "an open group is open to the company, not to guests"


@pytest.mark.parametrize("policy", list(JoinPolicy))
async def test_who_is_banned_cannot_come_back(ask: Ask, policy: JoinPolicy) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=policy)
    await a_standing(group, bob, MembershipStatus.BANNED)

    payload = await act(ask, bob, JOIN, group)

    assert codes(payload) == ["FORBIDDEN"]
    assert "lift the ban" in says(payload)
    assert await inside(group) == ["Ann"]


async def test_nobody_joins_an_archived_group(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=JoinPolicy.OPEN, archived=True)

    payload = await act(ask, bob, JOIN, group)

    assert codes(payload) == ["FORBIDDEN"]
    assert "archived" in says(payload)
    assert await inside(group) == ["Ann"]


async def test_who_was_removed_may_join_again(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=JoinPolicy.OPEN)
    await a_standing(group, bob, MembershipStatus.REMOVED)

    assert codes(await act(ask, bob, JOIN, group)) == []
    assert await inside(group) == ["Ann", "Bob"]


@pytest.mark.parametrize("policy", list(JoinPolicy))
@pytest.mark.parametrize("state", [None, "INVITED", "REQUESTED", "REMOVED", "BANNED", "MEMBER"])
@pytest.mark.parametrize("archived", [False, True])
async def test_the_api_tells_beforehand_whether_one_may_join(
    ask: Ask, policy: JoinPolicy, state: str | None, archived: bool
) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=policy, archived=archived)
    if state == "MEMBER":
        await a_member(group, bob)
    elif state:
        await a_standing(group, bob, MembershipStatus(state))
    [foretold] = (await ask(bob, "groups/groups", first=5))["groups"]["nodes"]

    payload = await act(ask, bob, JOIN, group)

    if state != "MEMBER":  # who is in it need not join: asked again, it is still so
        assert foretold["viewerCanJoin"] == (codes(payload) == [])
    else:
        assert not foretold["viewerCanJoin"]


async def test_who_leaves_sees_no_more_of_it_and_what_they_wrote_stays(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, visibility=Visibility.SECRET)
    await a_member(group, bob)
    post = await a_post("Mine", author=bob, audience=group.id)

    payload = await act(ask, bob, LEAVE, group)

    assert payload == {"leftGroupId": global_id(group), "group": None, "errors": []}
    assert await stored(group) == {"Ann": ("OWNER", "MEMBER", True)}
    assert await told(group) == ["MemberLeft"]
    assert await epoch(bob) == 1
    assert (await ask(bob, "posts/post", id=global_id(post), first=5))["node"] is None
    assert (await ask(ann, "posts/post", id=global_id(post), first=5))["node"]["body"] == "Mine"


async def test_who_leaves_a_group_that_all_know_of_still_knows_of_it(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, visibility=Visibility.PRIVATE)
    await a_member(group, bob)

    payloads = [await act(ask, bob, LEAVE, group) for _ in range(2)]

    assert [payload["group"] for payload in payloads] == [{"id": global_id(group)}] * 2
    assert await told(group) == ["MemberLeft"], "leaving twice is leaving once"


async def test_the_last_owner_cannot_leave(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, bob, GroupRole.MODERATOR)

    refused = await act(ask, ann, LEAVE, group)
    await act(ask, ann, "memberships/set_group_role", group, person_id=bob, role="OWNER")
    done = await act(ask, ann, LEAVE, group)

    assert codes(refused) == ["CONFLICT"]
    assert says(refused) == ("This is the last owner of the group, which needs one. Make somebody else an owner first.")
    assert codes(done) == []
    assert await stored(group) == {"Bob": ("OWNER", "MEMBER", True)}


async def test_the_last_owner_of_an_archived_group_is_told_to_wake_it_first(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, archived=True)
    await a_member(group, bob)

    refused = await act(ask, ann, LEAVE, group)
    await act(ask, ann, "group_ends/wake_group", group)
    await act(ask, ann, "memberships/set_group_role", group, person_id=bob, role="OWNER")
    done = await act(ask, ann, LEAVE, group)

    assert codes(refused) == ["CONFLICT"]
    assert says(refused) == "This is its last owner. Wake the group, and make somebody else an owner first."
    assert codes(done) == []


async def test_one_may_leave_an_archived_group(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, archived=True)
    await a_member(group, bob)

    assert codes(await act(ask, bob, LEAVE, group)) == []
    assert await inside(group) == ["Ann"]


async def test_who_leaves_a_group_with_a_rule_stays_out_of_it(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, bob, source=MembershipSource.RULE)
    await AudienceRule.create(id=group.id, conditions={}, created_at=NOW)

    assert codes(await act(ask, bob, LEAVE, group)) == []

    assert (await stored(group))["Bob"] == ("MEMBER", "REMOVED", False)
    assert await inside(group) == ["Ann"]


async def test_a_post_of_a_group_is_seen_as_long_as_one_is_in_it(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=JoinPolicy.OPEN)
    await a_post("Before Bob came", author=ann, audience=group.id)

    async def seen() -> list[str]:
        return [post["node"]["body"] for post in (await ask(bob, "feed/home_feed", first=5))["feed"]["edges"]]

    assert await seen() == []
    await act(ask, bob, JOIN, group)
    assert await seen() == ["Before Bob came"]
    await act(ask, bob, LEAVE, group)
    assert await seen() == []


async def test_every_group_has_an_audience_of_its_key(ask: Ask) -> None:
    group = await a_group()

    assert (await Audience.get(id=group.id)).kind == "GROUP"
    with pytest.raises(Exception, match="groups_audience"):
        await db.execute("UPDATE groups SET id = uuidv4() WHERE id = $1", group.id)


async def test_whoever_comes_or_goes_is_looked_at_anew_by_every_stream(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=JoinPolicy.OPEN)
    by_ann = {"group_id": global_id(group), "person_id": global_id(bob)}

    async def renewals() -> int:
        return await LoggedEvent.filter(kind="RightsChanged", subject_id=bob.id).count()

    counted: list[int] = []
    for operation, who, given in (
        (JOIN, bob, {}),
        (LEAVE, bob, {}),
        (JOIN, bob, {}),
        ("memberships/set_group_role", ann, by_ann | {"role": "MODERATOR"}),
        ("memberships/remove_group_member", ann, by_ann),
        ("memberships/add_group_members", ann, {"person_ids": [global_id(bob)]}),
        ("memberships/ban_from_group", ann, by_ann),
    ):
        await ask(who, operation, **{"group_id": global_id(group)} | given)
        counted.append(await renewals())

    assert counted == [1, 2, 3, 4, 5, 6, 7]
    assert await epoch(bob) == 7
