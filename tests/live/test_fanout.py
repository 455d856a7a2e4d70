"""The fan-out: who follows one thing together is told the same, once, and each only what they may hear of."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from auth import sessions
from auth.viewer import Viewer
from models import db
from models.audiences import COMPANY
from models.people import Person
from models.session import Role
from resolvers.context import Services
from subscriptions import log
from subscriptions.feed import PostPublished
from subscriptions.people import PersonChanged
from tests.conftest import Ask
from tests.engine import settled
from tests.factories.chat import a_conversation, a_message
from tests.factories.feed import a_post
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.session import a_role
from tests.live.following import Live, Told, the_last, until

BODIES = """
subscription ($after: String) { feedUpdated(after: $after) { __typename ... on PostPublished { post { body } } } }
"""
NAMES = "subscription { directoryUpdated { __typename ... on PersonChanged { person { name } } } }"
ACTORS = "subscription { feedUpdated { __typename actor { name } } }"


async def a_token(services: Services, person: Person, *scopes: str) -> Viewer:
    now = services.clock.now()
    _, access = await sessions.open_token(person.id, "robot", scopes, now + timedelta(days=1), now=now)
    viewer = await sessions.again(access.id, now)
    assert viewer
    return viewer


async def published(ask: Ask, who: Person, body: str, **more: Any) -> str:
    data = await ask(who, "posts/create_post", kind="DISCUSSION", body=body, **more)
    assert data["createPost"]["errors"] == []
    return data["createPost"]["post"]["id"]


async def test_those_who_follow_one_group_do_so_each_as_far_as_their_token_reaches(ask: Ask, fan: Live) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)
    narrow = await a_token(ask.services, ann, "groups:read", "people:read")
    few = await fan(narrow, "streams/group_updated", group_id=global_id(group))
    all = await fan(ann, "streams/group_updated", group_id=global_id(group))

    await published(ask, ann, "inside", audience={"groupId": global_id(group)})
    await ask(ann, "groups/update_group", group_id=global_id(group), name="Renamed")
    await fan.all_told(few, all)

    assert few.told.types == ["GroupChanged"]
    assert all.told.types == ["PostPublished", "GroupChanged"]


async def test_what_is_quiet_is_told_to_no_group(ask: Ask, fan: Live) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)
    following = await fan(ann, "streams/group_updated", group_id=global_id(group))
    post = await a_post("imported", author=ann, audience=group.id)
    await log.append([PostPublished(post.id, group.id)], actor=None, now=datetime.now(UTC), quiet=True)

    await published(ask, ann, "written", audience={"groupId": global_id(group)})
    await fan.all_told(following)

    assert [event["post"]["body"] for event in following.told.events] == ["written"]


async def test_a_post_that_was_moved_meanwhile_is_told_only_to_who_sees_it_now(ask: Ask, fan: Live) -> None:
    """It was told to the company, then moved to a unit: those outside hear that it was there, and no word of it."""
    unit = await a_unit()
    ann, bob, cem = await a_person("Ann", unit=unit), await a_person("Bob"), await a_person("Cem", unit=unit)
    start = await fan.cursor(ann)
    async with db.transaction():
        post = await a_post("for the unit alone", author=ann, audience=unit.id)
        await log.append([PostPublished(post.id, COMPANY)], actor=ann.id, now=datetime.now(UTC))

    followings = [await fan.text(who, BODIES, after=start) for who in (ann, cem, bob)]
    await fan.all_told(*followings)
    live = [await fan.text(who, BODIES) for who in (ann, cem, bob)]
    async with db.transaction():
        await log.append([PostPublished(post.id, COMPANY)], actor=ann.id, now=datetime.now(UTC))
    await fan.all_told(*live)

    for heard in ([f.told.events[0] for f in followings], [f.told.events[0] for f in live]):
        assert [event["post"] and event["post"]["body"] for event in heard] == ["for the unit alone"] * 2 + [None]


async def test_who_is_not_there_yet_is_told_to_hr_alone(ask: Ask, fan: Live) -> None:
    hedi, bob, new = await a_person("Hedi"), await a_person("Bob"), await a_person("Nele", active=False, planned=True)
    await a_role(hedi, Role.HR)
    followings = [await fan.text(who, NAMES) for who in (hedi, bob)]
    await asyncio.sleep(0.05)

    await log.append([PersonChanged(new.id)], actor=None, now=datetime.now(UTC))
    await fan.all_told(*followings)

    assert [f.told.events[0]["person"] for f in followings] == [{"name": "Nele"}, None]


async def test_a_token_that_reads_no_people_is_told_of_its_own_person_alone(ask: Ask, fan: Live) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    followings = [await fan.text(await a_token(ask.services, who, "feed:read"), ACTORS) for who in (ann, bob)]
    await asyncio.sleep(0.05)

    await published(ask, ann, "mine")
    await fan.all_told(*followings)

    assert [f.told.events[0]["actor"] for f in followings] == [{"name": "Ann"}, None]


async def test_guests_are_told_of_people_one_by_one(ask: Ask, fan: Live) -> None:
    """Somebody leaves: one of the guests still meets them elsewhere, and the other does not."""
    olga, ann, gil, gus = await a_person("Olga"), await a_person("Ann"), await a_guest("Gil"), await a_guest("Gus")
    talk = await a_conversation(ann, olga, gil, gus)
    await a_conversation(olga, gil)
    id = global_id(talk)
    followings = [await fan(who, "streams/conversation_updated", conversation_id=id) for who in (gil, gus, ann)]
    await until(lambda: fan.fanout.followers == 3)

    await ask(olga, "conversation_people/leave_conversation", conversation_id=id)
    await fan.all_told(*followings)

    assert [following.told.types for following in followings] == [["ConversationLeft"]] * 3
    actors = [following.told.events[0]["actor"] for following in followings]
    assert [actor and actor["name"] for actor in actors] == ["Olga", None, "Olga"]


async def test_who_came_without_the_past_hears_nothing_of_it(ask: Ask, fan: Live) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    talk = await a_conversation(ann)
    id, old = global_id(talk), global_id(await a_message(talk, "before", author=ann))
    added = {"person_ids": [global_id(bob)], "history": "NONE"}
    await ask(ann, "conversation_people/add_conversation_members", conversation_id=id, **added)
    await fan.all_told()
    theirs, hers = [await fan(who, "streams/conversation_updated", conversation_id=id) for who in (bob, ann)]
    await until(lambda: fan.fanout.followers == 2)

    await ask(ann, "messages/edit_message", message_id=old, body="before, in other words")
    await ask(ann, "reactions/add_reaction", subject_id=old, emoji="👍")
    await ask(ann, "messages/send_message", conversation_id=id, body="since", reply_to_id=old)
    await fan.all_told(theirs, hers)

    assert hers.told.types == ["MessageEdited", "ReactionsChanged", "MessagePosted"]
    assert [event["message"]["body"] for event in theirs.told.events] == ["since"]


async def test_nothing_is_told_to_who_has_left(ask: Ask, fan: Live) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    gone, stays = await fan.text(bob, BODIES), await fan.text(bob, BODIES)
    await published(ask, ann, "one")
    await fan.all_told(gone, stays)

    for _ in range(10):
        await published(ask, ann, "more")
    fan.fanout.leave(gone.follower)
    before = len(gone.told.said)
    await fan.all_told(stays)

    assert len(gone.told.said) == before
    assert len(stays.told.said) == 11
    assert not gone.told.is_over


async def test_a_log_that_cannot_be_read_for_a_while_loses_nothing(ask: Ask, fan: Live) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    start = await fan.cursor(bob)
    following = await fan.text(bob, BODIES)
    post = await a_post(author=ann)
    await fan.all_told(following)

    # More than a listener holds comes in one go while nothing can be given, so that the log has to be read: in vain.
    await db.execute("ALTER TABLE person RENAME TO person_away")
    try:
        await log.append([PostPublished(post.id, post.audience_id)] * 400, actor=ann.id, now=datetime.now(UTC))
        await settled()
        last = await the_last()
        await until(lambda: ask.services.hub.position >= last)
        await db.execute("ALTER TABLE event RENAME TO event_away")
        await asyncio.sleep(0.3)
    finally:
        await db.execute("ALTER TABLE person_away RENAME TO person")
        await asyncio.sleep(2)  # what the listener held is given now
        await db.execute("ALTER TABLE event_away RENAME TO event")
    again = await fan.text(bob, BODIES, after=start)
    await fan.all_told(following, again)

    assert len(again.told.said) == len(following.told.said) == 400


async def test_nobody_is_left_behind_when_all_have_gone(ask: Ask, fan: Live) -> None:
    ann = await a_person("Ann")
    before = ask.services.hub.listeners
    followings = [await fan.text(ann, BODIES) for _ in range(3)]
    await until(lambda: fan.fanout.followers == 3)

    for following in followings:
        fan.fanout.leave(following.follower)
    await until(lambda: ask.services.hub.listeners == before)

    assert fan.fanout.followers == 0


async def test_who_comes_while_others_are_served_misses_and_repeats_nothing(ask: Ask, fan: Live) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    start = await fan.cursor(bob)
    bodies = [f"{n}" for n in range(40)]

    async def write() -> None:
        for body in bodies:
            await published(ask, ann, body)

    async def come() -> list[Told]:
        told: list[Told] = []
        while len(told) < 15:
            told.append((await fan.text(bob, BODIES, after=start)).told)
            await asyncio.sleep(0.01)
        return told

    _, told = await asyncio.gather(write(), come())
    last = await fan.text(bob, BODIES, after=start)
    await fan.all_told(last)
    await until(lambda: all(len(one.said) == 40 for one in told))

    for one in [*told, last.told]:
        assert [event["post"]["body"] for event in one.events] == bodies
