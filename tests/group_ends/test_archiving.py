"""An archived group is read as before, and nothing in it changes until it is woken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from atrium.worker import fire
from execution.ids import encode_id
from models.audiences import Audience
from models.feed import Post, PostStatus
from models.groups import Group, GroupRole, JoinPolicy, MembershipStatus, Visibility
from models.people import Person
from models.session import Role
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group, a_member, a_standing
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.polls import a_poll, option_id, options_of
from tests.factories.readings import a_must_read
from tests.factories.session import a_role
from tests.groups.acting import act, codes, inside, says, stored, told

ARCHIVE, WAKE = "group_ends/archive_group", "group_ends/wake_group"


async def test_an_owner_archives_and_wakes(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)

    for _ in range(2):  # twice is once
        assert (await act(ask, ann, ARCHIVE, group))["group"]["isArchived"] is True
    assert (await Audience.get(id=group.id)).read_only
    for _ in range(2):
        assert (await act(ask, ann, WAKE, group))["group"]["isArchived"] is False
    assert not (await Audience.get(id=group.id)).read_only
    assert await told(group) == ["GroupChanged", "GroupChanged"]
    assert (await Group.get(id=group.id)).version == 3


@pytest.mark.parametrize("operation", [ARCHIVE, WAKE, "group_ends/purge_group"])
async def test_nobody_but_owners_ends_a_group(ask: Ask, operation: str) -> None:
    ann, mod, bob, admin = [await a_person(name) for name in ("Ann", "Mod", "Bob", "Ada")]
    await a_role(admin, Role.ADMIN)
    group = await a_group(owner=ann, archived=True)
    await a_member(group, mod, GroupRole.MODERATOR)
    await a_member(group, bob)
    await a_member(group, admin)

    for who in (mod, bob, admin):
        assert codes(await act(ask, who, operation, group)) == ["FORBIDDEN"]
    outsider = await a_person("Eva")
    assert codes(await act(ask, outsider, operation, group)) == ["FORBIDDEN"]
    await Group.filter(id=group.id).update(visibility="SECRET", join_policy="INVITE")
    assert codes(await act(ask, outsider, operation, group)) == ["NOT_FOUND"]


async def test_whoever_waits_at_the_door_waits_no_longer(ask: Ask) -> None:
    ann, bob, cem, dan = [await a_person(name) for name in ("Ann", "Bob", "Cem", "Dan")]
    group = await a_group(owner=ann, join_policy=JoinPolicy.REQUEST)
    await a_standing(group, bob, MembershipStatus.REQUESTED)
    await a_standing(group, cem, MembershipStatus.INVITED)
    await a_standing(group, dan, MembershipStatus.BANNED)

    await act(ask, ann, ARCHIVE, group)

    assert set(await stored(group)) == {"Ann", "Dan"}
    assert sorted(await told(group)) == ["GroupChanged", "InvitationWithdrawn", "JoinRequestDeclined"]


async def test_what_was_written_is_read_as_before(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, bob)
    post = await a_post("Once", author=ann, audience=group.id)

    await act(ask, ann, ARCHIVE, group)

    assert (await ask(bob, "posts/post", id=global_id(post), first=5))["node"]["body"] == "Once"
    page = (await ask(bob, "groups/group_page", id=global_id(group), first=5))["group"]
    assert [one["body"] for one in page["posts"]["nodes"]] == ["Once"]


async def test_members_can_still_leave(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, bob)
    await act(ask, ann, ARCHIVE, group)

    assert codes(await act(ask, bob, "memberships/leave_group", group)) == []
    assert await inside(group) == ["Ann"]


async def test_nothing_is_done_in_an_archived_group_and_a_sentence_says_why(ask: Ask) -> None:
    ann, bob, eva = await a_person("Ann"), await a_person("Bob"), await a_person("Eva")
    group = await a_group(owner=ann, visibility=Visibility.OPEN, join_policy=JoinPolicy.OPEN)
    await a_member(group, bob)
    post, poll = await a_post(author=bob, audience=group.id), await a_poll(author=bob, audience=group.id)
    comment = await a_comment(post, author=bob)
    await a_must_read(post, by=ann)
    choice = option_id((await options_of(poll))[0])
    await act(ask, ann, ARCHIVE, group)
    on, under = {"post_id": global_id(post)}, {"comment_id": global_id(comment)}
    tried: list[tuple[Person, str, dict[str, Any]]] = [
        (bob, "posts/create_post", {"kind": "DISCUSSION", "body": "Hi", "audience": {"groupId": global_id(group)}}),
        (bob, "posts/edit_post", {**on, "body": "Other"}),
        (bob, "posts/delete_post", on),
        (bob, "comments/add_comment", {**on, "body": "Hi"}),
        (bob, "comments/edit_comment", {**under, "body": "Other"}),
        (bob, "comments/delete_comment", under),
        (bob, "reactions/add_reaction", {"subject_id": global_id(post), "emoji": "👍"}),
        (bob, "reactions/add_reaction", {"subject_id": global_id(comment), "emoji": "👍"}),
        (bob, "polls/vote_poll", {"post_id": global_id(poll), "option_ids": [choice]}),
        (bob, "polls/close_poll", {"post_id": global_id(poll)}),
        (bob, "readings/acknowledge_post", on),
        (ann, "readings/require_reading", on),
        (ann, "pins/pin_post", {**on, "is_pinned": True}),
        (ann, "pins/close_comments", {**on, "are_closed": True}),
        (eva, "memberships/join_group", {"group_id": global_id(group)}),
        (ann, "groups/update_group", {"group_id": global_id(group), "name": "New"}),
        (ann, "admissions/invite_to_group", {"group_id": global_id(group), "person_ids": [global_id(eva)]}),
        (ann, "memberships/add_group_members", {"group_id": global_id(group), "person_ids": [global_id(eva)]}),
        (ann, "group_ends/transfer_group", {"group_id": global_id(group), "person_id": global_id(bob)}),
    ]

    for who, operation, given in tried:
        [payload] = (await ask(who, operation, **given)).values()
        assert codes(payload) == ["FORBIDDEN"] and "archived" in says(payload), operation

    await act(ask, ann, WAKE, group)
    assert (await ask(bob, "comments/add_comment", **on, body="Hi"))["addComment"]["errors"] == []


async def test_a_post_that_was_to_come_returns_to_its_author_with_the_reason(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, bob)
    later = (clock.now() + timedelta(hours=1)).isoformat()
    given = {"kind": "DISCUSSION", "body": "Later", "audience": {"groupId": global_id(group)}, "scheduled_at": later}
    await ask(bob, "posts/create_post", **given)
    await act(ask, ann, ARCHIVE, group)

    clock.turn(hours=1)
    await fire(ask.services)

    post = await Post.get(author_id=bob.id)
    assert post.status is PostStatus.DRAFT and post.returned and "archived" in post.returned


async def test_a_group_that_is_not_there_is_not_found(ask: Ask) -> None:
    ann = await a_person("Ann")

    for id in (encode_id("Group", ann.id), global_id(ann), "nonsense", ""):
        assert codes(await act(ask, ann, ARCHIVE, id)) == ["NOT_FOUND"]
