"""Whoever may no longer follow something is told so within a second, and nothing more; what they still may goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from execution.ids import decode_id
from models import db
from models.conversations import ConversationKind
from models.groups import Group, Visibility
from models.log import START, lock_stream
from models.people import Person
from models.session import Role
from subscriptions import log
from subscriptions.chat import ConversationLeft
from subscriptions.events import person_stream
from subscriptions.session import AccessRevoked
from tests.conftest import Ask
from tests.engine import settled
from tests.factories.changes import an_hr
from tests.factories.chat import a_conversation
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.session import a_role, as_viewer
from tests.live.following import Following, Live, Told, until

WITHIN = 1.0  # seconds


async def ended(*followings: Following) -> None:
    """These end in time, each with one last word."""
    await settled()  # what is committed can be read: other test processes hold the log back, too
    await until(lambda: all(following.told.is_over for following in followings), WITHIN)
    for following in followings:
        assert following.told.events[-1]["reason"] == "REVOKED"
        assert following.told.types.count("StreamEnded") == 1


@dataclass
class Place:
    """Olga's group, which Bob follows and somehow loses."""

    ask: Ask
    olga: Person
    bob: Person
    group: Group

    async def act(self, operation: str, who: Person | None = None, **given: Any) -> None:
        [payload] = (await self.ask(who or self.olga, operation, group_id=global_id(self.group), **given)).values()
        assert payload["errors"] == []


async def a_place(ask: Ask, visibility: Visibility = Visibility.PRIVATE) -> Place:
    olga, bob = await a_person("Olga"), await a_person("Bob")
    group = await a_group(owner=olga, visibility=visibility)
    return Place(ask, olga, bob, group)


async def taken_out(place: Place) -> None:
    await place.act("memberships/remove_group_member", person_id=global_id(place.bob))


async def banned(place: Place) -> None:
    await place.act("memberships/ban_from_group", person_id=global_id(place.bob))


async def gone_by_themselves(place: Place) -> None:
    await place.act("memberships/leave_group", place.bob)


@pytest.mark.parametrize("lose", [taken_out, banned, gone_by_themselves])
@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.SECRET])
async def test_who_is_no_longer_in_a_group(
    ask: Ask, fan: Live, lose: Callable[[Place], Awaitable[None]], visibility: Visibility
) -> None:
    place = await a_place(ask, visibility)
    await a_member(place.group, place.bob)
    theirs = await fan(place.bob, "streams/group_updated", group_id=global_id(place.group))
    feed = await fan(place.bob, "feed/feed_updated")
    others = await fan(place.olga, "streams/group_updated", group_id=global_id(place.group))
    await until(lambda: fan.fanout.followers == 3)

    await lose(place)
    await ended(theirs)
    secret = {"kind": "DISCUSSION", "body": "among us", "audience": {"groupId": global_id(place.group)}}
    await ask(place.olga, "posts/create_post", **secret)
    await fan.all_told(feed, others)

    assert theirs.told.types == ["StreamEnded"]
    assert others.told.types[-1] == "PostPublished"
    assert (feed.told.types, feed.follower.is_over, others.follower.is_over) == ([], False, False)


async def test_who_only_read_an_open_group_when_it_closes(ask: Ask, fan: Live) -> None:
    place = await a_place(ask, Visibility.OPEN)
    theirs = await fan(place.bob, "streams/group_updated", group_id=global_id(place.group))
    await until(lambda: fan.fanout.followers == 1)

    await place.act("groups/update_group", visibility="PRIVATE")

    await ended(theirs)
    assert theirs.told.types == ["StreamEnded"]


async def test_nobody_when_a_group_is_archived(ask: Ask, fan: Live) -> None:
    """It is read as before."""
    place = await a_place(ask)
    await a_member(place.group, place.bob)
    theirs = await fan(place.bob, "streams/group_updated", group_id=global_id(place.group))
    await until(lambda: fan.fanout.followers == 1)

    await place.act("group_ends/archive_group")
    await fan.all_told(theirs)

    assert theirs.told.types == ["GroupChanged"]


async def test_who_moves_out_of_the_unit_that_a_group_follows(ask: Ask, fan: Live) -> None:
    place, hana = await a_place(ask), await an_hr()
    here, there = await a_unit("Here"), await a_unit("There")
    await a_role(place.olga, Role.COMMUNICATOR)
    mona = await a_person("Mona", unit=here)
    await place.act("group_rules/set_group_rule", conditions={"orgUnitIds": [global_id(here)]})
    theirs = await fan(mona, "streams/group_updated", group_id=global_id(place.group))
    await until(lambda: fan.fanout.followers == 1)

    await ask(hana, "org/move_person", person_id=global_id(mona), org_unit_id=global_id(there))

    await ended(theirs)


async def test_whose_unit_moves_out_of_the_unit_that_a_group_follows(ask: Ask, fan: Live) -> None:
    place, hana = await a_place(ask), await an_hr()
    top = await a_unit("Top")
    below = await a_unit("Below", parent=top)
    await a_role(place.olga, Role.COMMUNICATOR)
    mona = await a_person("Mona", unit=below)
    await place.act("group_rules/set_group_rule", conditions={"orgUnitIds": [global_id(top)]})
    theirs = await fan(mona, "streams/group_updated", group_id=global_id(place.group))
    feed = await fan(mona, "feed/feed_updated")
    await until(lambda: fan.fanout.followers == 2)

    moved = await ask(hana, "org/move_unit", org_unit_id=global_id(below), parent_id=None)
    assert moved["moveUnit"]["errors"] == []
    await ended(theirs)
    post = {"kind": "DISCUSSION", "body": "for the top", "audience": {"orgUnitId": global_id(top)}}
    await ask(await a_person("Tom", unit=top), "posts/create_post", **post)
    await fan.all_told(feed)

    assert feed.told.types == []


@pytest.mark.parametrize("kind", [ConversationKind.GROUP, ConversationKind.CHANNEL])
async def test_who_is_no_longer_in_a_conversation(ask: Ask, fan: Live, kind: ConversationKind) -> None:
    olga, bob = await a_person("Olga"), await a_person("Bob")
    talk = await a_conversation(olga, bob, kind=kind)
    id = global_id(talk)
    theirs = await fan(bob, "streams/conversation_updated", conversation_id=id)
    passing = await fan(bob, "streams/conversation_activity", conversation_id=id)
    inbox = await fan(bob, "streams/inbox_updated")
    others = await fan(olga, "streams/conversation_updated", conversation_id=id)
    await until(lambda: fan.fanout.followers == 4)

    out = {"conversation_id": id, "person_id": global_id(bob)}
    await ask(olga, "conversation_people/remove_conversation_member", **out)
    await settled()
    await until(lambda: theirs.told.is_over and passing.told.is_over, WITHIN)
    await ask(olga, "messages/send_message", conversation_id=id, body="among us")
    await fan.all_told(inbox, others)

    assert [theirs.told.events[-1]["reason"], len(theirs.told.said)] == ["REVOKED", 1]
    assert others.told.types == ["ConversationLeft", "MessagePosted"]
    assert inbox.told.types == []
    assert not inbox.follower.is_over


class Halting(Told):
    """Takes what it missed only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.goes_on = asyncio.Event()

    async def room(self) -> None:
        await self.goes_on.wait()


async def test_who_lost_it_while_they_were_on_their_way(ask: Ask, fan: Live) -> None:
    """They had much to catch up on; when that is done, the others have long been told that somebody left."""
    olga, bob = await a_person("Olga"), await a_person("Bob")
    talk = await a_conversation(olga, bob)
    start = await fan.cursor(bob)
    others = await fan(olga, "streams/conversation_updated", conversation_id=global_id(talk))
    await ask(olga, "messages/send_message", conversation_id=global_id(talk), body="missed")
    await fan.all_told(others)

    late = Halting()
    await fan(bob, "streams/conversation_updated", late, conversation_id=global_id(talk), after=start)
    out = {"conversation_id": global_id(talk), "person_id": global_id(bob)}
    await ask(olga, "conversation_people/remove_conversation_member", **out)
    await fan.all_told(others)
    late.goes_on.set()

    await until(lambda: late.is_over, WITHIN)
    assert late.types == ["StreamEnded"]
    assert late.events[0]["reason"] == "REVOKED"


async def test_many_who_are_taken_out_while_others_write(ask: Ask, fan: Live) -> None:
    """Nothing that was written after somebody's removal reaches them, and their stream ends in time."""
    olga, ann = await a_person("Olga"), await a_person("Ann")
    others = [await a_person(f"Person {n}") for n in range(25)]
    talk = await a_conversation(olga, ann, *others)
    id, done = global_id(talk), asyncio.Event()
    followings = [await fan(one, "streams/conversation_updated", conversation_id=id) for one in others]
    await until(lambda: fan.fanout.followers == len(others))

    async def write(who: Person) -> None:
        while not done.is_set():
            await ask(who, "messages/send_message", conversation_id=id, body="among us")

    writers = [asyncio.create_task(write(who)) for who in (olga, ann)]
    late: list[float] = []
    for one, following in zip(others, followings, strict=True):
        out = {"conversation_id": id, "person_id": global_id(one)}
        removed = await ask(olga, "conversation_people/remove_conversation_member", **out)
        assert removed["removeConversationMember"]["errors"] == []
        late.append(await until(lambda told=following.told: told.is_over))
    done.set()
    await asyncio.gather(*writers)
    await settled()

    left = {e.person: e.position for e in (await log.after(START, 100_000))[0] if isinstance(e.event, ConversationLeft)}
    for one, following in zip(others, followings, strict=True):
        assert following.told.events[-1]["reason"] == "REVOKED"
        assert not [position for position in following.told.positions if position > left[one.id]]
    assert max(late) < WITHIN, sorted(late)[-3:]
    assert sum(len(following.told.positions) for following in followings) > len(others)


async def test_a_guest_whose_stay_ends(ask: Ask, fan: Live) -> None:
    olga, gil = await a_person("Olga"), await a_guest()
    talk = await a_conversation(olga, gil)
    viewer = await as_viewer(gil, ask.services.clock.now())
    theirs = await fan(viewer, "streams/conversation_updated", conversation_id=global_id(talk))
    await until(lambda: fan.fanout.followers == 1)

    hana = await an_hr()
    done = await ask(hana, "org/deactivate_person", person_id=global_id(gil))
    assert done["deactivatePerson"]["errors"] == []

    await ended(theirs)


async def test_a_token_that_is_revoked_while_the_session_goes_on(ask: Ask, fan: Live) -> None:
    ann = await a_person("Ann")
    now = ask.services.clock.now()
    robot, browser = await as_viewer(ann, now), await as_viewer(ann, now)
    streams = [await fan(robot, name) for name in ("feed/feed_updated", "streams/directory_updated")]
    stays = await fan(browser, "feed/feed_updated")
    await until(lambda: fan.fanout.followers == 3)
    answer = await ask.text(browser, "{ viewer { sessions(first: 9) { nodes { id } } } }")
    assert answer.data

    ids = [node["id"] for node in answer.data["viewer"]["sessions"]["nodes"]]
    [revoked] = [id for id in ids if decode_id(id)[1] == robot.access_id]
    await ask(browser, "session/revoke_access", id=revoked)

    await ended(*streams)
    assert not stays.told.is_over


async def test_rights_that_could_not_be_looked_at_are_when_they_can(ask: Ask, fan: Live) -> None:
    """The database fails at the moment at which somebody's session ends: their stream ends when it is back."""
    ann = await a_person("Ann")
    viewer = await as_viewer(ann, ask.services.clock.now())
    theirs = await fan(viewer, "feed/feed_updated")
    await until(lambda: fan.fanout.followers == 1)

    position = ask.services.hub.position
    async with db.transaction():
        await lock_stream(person_stream(ann.id))
        await db.execute("DELETE FROM access WHERE id = $1", viewer.access_id)
        await log.append([AccessRevoked(ann.id, viewer.access_id or ann.id)], actor=None, now=datetime.now(UTC))
        await db.execute("ALTER TABLE access RENAME TO access_away")
    ask.services.bus.poke()
    try:
        await settled()
        await until(lambda: ask.services.hub.position > position)
        await asyncio.sleep(0.2)
        assert not theirs.told.is_over
    finally:
        await db.execute("ALTER TABLE access_away RENAME TO access")

    await until(lambda: theirs.told.is_over, 3)
    assert theirs.told.events[-1]["reason"] == "REVOKED"
