"""Invitations and requests: who may, until when, and once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from atrium.worker import fire
from models.groups import GroupRole, JoinPolicy, MembershipStatus, Visibility
from models.timers import Timer
from resolvers.context import Services
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.groups import a_group, a_member, a_standing
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.groups.acting import act, codes, inside, paths, says, standing, stored, told

JOIN = "memberships/join_group"
INVITE, DECLINE, WITHDRAW = (
    "admissions/invite_to_group",
    "admissions/decline_invitation",
    "admissions/withdraw_invitation",
)
ANSWER, UNASK = "admissions/answer_join_request", "admissions/withdraw_join_request"
INVITED, REQUESTED = MembershipStatus.INVITED, MembershipStatus.REQUESTED


async def test_who_is_invited_knows_of_the_group_and_accepts(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, visibility=Visibility.SECRET)

    payload = await act(ask, ann, INVITE, group, people=[bob])

    assert payload == {"group": {"id": global_id(group), "invitations": {"totalCount": 1}}, "errors": []}
    invitation = await standing(group, bob)
    assert invitation and (invitation.status, invitation.by_id) == (INVITED, ann.id)
    assert invitation.expires_at == clock.now() + timedelta(days=14)
    assert await inside(group) == ["Ann"]
    assert await told(group) == ["InvitedToGroup"]
    seen = (await ask(bob, "groups/group_page", id=global_id(group), first=5))["group"]
    assert (seen["name"], seen["members"]["edges"], seen["posts"]["nodes"]) == ("Launch", [], [])
    assert codes(await act(ask, bob, JOIN, group)) == []
    assert await inside(group) == ["Ann", "Bob"]


async def test_an_invitation_again_holds_until_the_new_moment(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    last = clock.now() + timedelta(days=90)

    await act(ask, ann, INVITE, group, people=[bob])
    await act(ask, ann, INVITE, group, people=[bob], expires_at=last.isoformat())

    invitation = await standing(group, bob)
    assert invitation and invitation.expires_at == last


@pytest.mark.parametrize("days", [-1, 0, 91])
async def test_an_invitation_ends_within_ninety_days(ask: Ask, clock: TurnedClock, days: int) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)

    until = (clock.now() + timedelta(days=days)).isoformat()
    payload = await act(ask, ann, INVITE, group, people=[bob], expires_at=until)

    assert (codes(payload), paths(payload)) == (["BAD_USER_INPUT"], [["input", "expiresAt"]])
    assert await standing(group, bob) is None


async def test_an_invitation_that_has_ended_opens_nothing_and_goes(
    ask: Ask, services: Services, clock: TurnedClock
) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    group = await a_group(owner=ann, visibility=Visibility.SECRET)
    await act(ask, ann, INVITE, group, people=[bob])
    clock.turn(days=7)
    await act(ask, ann, INVITE, group, people=[cem])
    clock.turn(days=7)

    late = await act(ask, bob, JOIN, group)
    assert await fire(services) == 1

    assert (codes(late), says(late)) == (["FORBIDDEN"], "The invitation has expired. Ask for another one.")
    assert sorted(await stored(group)) == ["Ann", "Cem"]
    assert codes(await act(ask, bob, JOIN, group)) == ["NOT_FOUND"]
    assert (await told(group))[-1] == "InvitationExpired"
    assert await Timer.all().count() == 1


async def test_the_end_of_an_invitation_that_was_accepted_ends_nothing(
    ask: Ask, services: Services, clock: TurnedClock
) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await act(ask, ann, INVITE, group, people=[bob])
    await act(ask, bob, JOIN, group)

    clock.turn(days=15)
    await fire(services)

    assert await inside(group) == ["Ann", "Bob"]


async def test_who_has_asked_and_is_invited_is_in(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=JoinPolicy.REQUEST)
    await a_standing(group, bob, REQUESTED)

    assert codes(await act(ask, ann, INVITE, group, people=[bob])) == []
    assert await inside(group) == ["Ann", "Bob"]


async def test_inviting_a_member_changes_nothing(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, bob)

    assert codes(await act(ask, ann, INVITE, group, people=[bob])) == []
    assert (await stored(group))["Bob"] == ("MEMBER", "MEMBER", True)
    assert await told(group) == []


@pytest.mark.parametrize("role", [GroupRole.OWNER, GroupRole.MODERATOR])
async def test_who_leads_a_group_invites_guests(ask: Ask, role: GroupRole) -> None:
    ann, bob, gil = await a_person("Ann"), await a_person("Bob"), await a_guest("Gil")
    group = await a_group(owner=ann)
    await a_member(group, bob, role)

    assert codes(await act(ask, bob, INVITE, group, people=[gil])) == []
    assert (await stored(group))["Gil"] == ("GUEST", "INVITED", False)


async def test_one_says_no_to_an_invitation(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_standing(group, bob, INVITED)

    payloads = [await act(ask, bob, DECLINE, group) for _ in range(2)]

    assert payloads == [{"group": {"id": global_id(group), "viewerMembership": None}, "errors": []}] * 2
    assert await standing(group, bob) is None
    assert await told(group) == ["InvitationDeclined"]


async def test_who_says_no_to_a_secret_group_never_hears_of_it_again(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, visibility=Visibility.SECRET)
    await a_standing(group, bob, INVITED)

    first, second = await act(ask, bob, DECLINE, group), await act(ask, bob, DECLINE, group)

    assert first == {"group": None, "errors": []}
    assert codes(second) == ["NOT_FOUND"]


@pytest.mark.parametrize("operation", [DECLINE, UNASK])
async def test_saying_no_is_no_way_out_of_a_ban_or_a_group(ask: Ask, operation: str) -> None:
    ann, bob, bad = await a_person("Ann"), await a_person("Bob"), await a_person("Bad")
    group = await a_group(owner=ann)
    await a_member(group, bob)
    await a_standing(group, bad, MembershipStatus.BANNED)
    before = await stored(group)

    for who in (ann, bob, bad):
        assert codes(await act(ask, who, operation, group)) == []

    assert await stored(group) == before


async def test_an_invitation_is_withdrawn(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, visibility=Visibility.SECRET)
    await a_standing(group, bob, INVITED)

    payloads = [await act(ask, ann, WITHDRAW, group, person_id=bob) for _ in range(2)]

    assert [codes(payload) for payload in payloads] == [[], []]
    assert await told(group) == ["InvitationWithdrawn"]
    assert codes(await act(ask, bob, JOIN, group)) == ["NOT_FOUND"]


@pytest.mark.parametrize("accept", [True, False])
async def test_a_moderator_answers_who_asks(ask: Ask, accept: bool) -> None:
    ann, mod, bob = await a_person("Ann"), await a_person("Mod"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=JoinPolicy.REQUEST)
    await a_member(group, mod, GroupRole.MODERATOR)
    await act(ask, bob, JOIN, group)

    payload = await act(ask, mod, ANSWER, group, person_id=bob, accept=accept)
    again = await act(ask, mod, ANSWER, group, person_id=bob, accept=accept)

    members = 3 if accept else 2
    assert payload["group"] == {"id": global_id(group), "memberCount": members, "requests": {"totalCount": 0}}
    assert codes(again) == ([] if accept else ["NOT_FOUND"])
    assert await inside(group) == ["Ann", "Mod"] + ["Bob"] * accept
    assert await told(group) == ["JoinRequested", "MemberJoined" if accept else "JoinRequestDeclined"]


async def test_who_was_declined_may_ask_again(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=JoinPolicy.REQUEST)
    await act(ask, bob, JOIN, group)
    await act(ask, ann, ANSWER, group, person_id=bob, accept=False)

    assert (await act(ask, bob, JOIN, group))["group"]["viewerMembership"]["status"] == "REQUESTED"


@pytest.mark.parametrize("state", [None, INVITED, MembershipStatus.BANNED, MembershipStatus.REMOVED])
async def test_who_does_not_ask_is_not_answered(ask: Ask, state: MembershipStatus | None) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    if state:
        await a_standing(group, bob, state)

    payload = await act(ask, ann, ANSWER, group, person_id=bob, accept=True)

    assert (codes(payload), paths(payload)) == (["NOT_FOUND"], [["input", "personId"]])
    assert await inside(group) == ["Ann"]


async def test_one_asks_no_longer(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=JoinPolicy.REQUEST)
    await act(ask, bob, JOIN, group)

    payloads = [await act(ask, bob, UNASK, group) for _ in range(2)]

    assert [payload["group"]["viewerMembership"] for payload in payloads] == [None, None]
    assert await told(group) == ["JoinRequested", "JoinRequestWithdrawn"]


@pytest.mark.parametrize("operation", [INVITE, WITHDRAW, ANSWER])
@pytest.mark.parametrize("role", [None, GroupRole.MEMBER])
async def test_only_moderators_keep_the_door(ask: Ask, operation: str, role: GroupRole | None) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    group = await a_group(owner=ann)
    if role:
        await a_member(group, bob, role)
    given: dict[str, Any] = {"people": [cem]} if operation == INVITE else {"person_id": cem}
    given |= {"accept": True} if operation == ANSWER else {}

    assert codes(await act(ask, bob, operation, group, **given)) == ["FORBIDDEN"]
    assert await standing(group, cem) is None


@pytest.mark.parametrize("operation", [INVITE, WITHDRAW, ANSWER])
async def test_the_door_of_an_archived_group_stays_shut(ask: Ask, operation: str) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, archived=True)
    await a_standing(group, bob, REQUESTED)
    given: dict[str, Any] = {"people": [bob]} if operation == INVITE else {"person_id": bob}
    given |= {"accept": True} if operation == ANSWER else {}

    payload = await act(ask, ann, operation, group, **given)

    assert codes(payload) == ["FORBIDDEN"]
    assert "archived" in says(payload)


async def test_moderators_alone_see_who_is_at_the_door(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    asks, invited, bad = await a_person("Ask"), await a_person("Ina"), await a_person("Bad")
    group = await a_group(owner=ann, visibility=Visibility.OPEN, join_policy=JoinPolicy.REQUEST)
    await a_member(group, bob)
    await act(ask, asks, JOIN, group)
    await act(ask, ann, INVITE, group, people=[invited])
    await act(ask, ann, "memberships/ban_from_group", group, person_id=bad)

    by_owner, by_member = [(await ask(who, "groups/group_door", id=global_id(group)))["group"] for who in (ann, bob)]

    now = clock.now()
    [asking], [waiting], [out] = (by_owner[name]["edges"] for name in ("requests", "invitations", "bans"))
    assert (asking["node"]["name"], moment(asking["since"])) == ("Ask", now)
    assert (waiting["node"]["name"], waiting["by"]["name"]) == ("Ina", "Ann")
    assert moment(waiting["expiresAt"]) == now + timedelta(days=14)
    assert (out["node"]["name"], out["by"]["name"]) == ("Bad", "Ann")
    for name in ("requests", "invitations", "bans"):
        assert (by_owner[name]["totalCount"], by_member[name]["totalCount"]) == (1, 0)
        assert by_member[name]["edges"] == []


def moment(text: str) -> datetime:
    """A moment as the API writes it."""
    return datetime.fromisoformat(text)
