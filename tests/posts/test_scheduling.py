"""Posts that are published at a time, if their author still may by then."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from atrium.worker import fire
from models import audiences
from models.audiences import Audience
from models.feed import Post, PostStatus
from models.groups import Group, GroupRole, Membership
from models.people import Person
from models.session import Role, RoleGrant
from models.timers import Timer
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import a_role
from tests.factories.tags import a_tag
from tests.posts.telling import a_draft, a_written, as_seen, codes, heard, in_feed, said, told


def in_(clock: TurnedClock, **by: float) -> str:
    return (clock.now() + timedelta(**by)).isoformat()


async def test_a_scheduled_post_is_published_at_its_time_and_not_before(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_written(ask, ann, "Later", scheduled_at=in_(clock, hours=2))

    clock.turn(hours=1)
    assert await fire(ask.services) == 0
    assert (await in_feed(ask, bob), await as_seen(ask, bob, post), await told(post)) == ([], None, [])

    clock.turn(hours=1)
    assert await fire(ask.services) == 1
    assert await in_feed(ask, bob) == ["Later"]
    assert await told(post) == ["PostPublished"]
    seen = await as_seen(ask, bob, post)
    assert seen and seen["scheduledAt"] is None
    assert datetime.fromisoformat(seen["publishedAt"]) == clock.now()


@pytest.mark.parametrize("hours", [-1, 0, 24 * 367])
async def test_no_post_is_scheduled_for_the_past_or_for_years_ahead(ask: Ask, clock: TurnedClock, hours: float) -> None:
    ann = await a_person()
    draft = await a_draft(ask, ann)
    at = in_(clock, hours=hours)

    at_once = (await ask(ann, "posts/create_post", kind="IDEA", body="x", scheduled_at=at))["createPost"]
    later = (await ask(ann, "publishing/schedule_post", post_id=global_id(draft), scheduled_at=at))["schedulePost"]

    assert codes(at_once) == codes(later) == ["BAD_USER_INPUT"]
    assert at_once["errors"][0]["path"] == ["input", "scheduledAt"]
    assert "Choose" in said(at_once)
    assert await Timer.filter(kind="publish_post").count() == 0


async def test_a_draft_has_no_time(ask: Ask, clock: TurnedClock) -> None:
    more: dict[str, Any] = {"is_draft": True, "scheduled_at": in_(clock, hours=1)}

    data = await ask(await a_person(), "posts/create_post", kind="IDEA", body="x", **more)

    assert codes(data["createPost"]) == ["BAD_USER_INPUT"]


async def test_a_post_is_put_off_and_taken_back(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person()
    post = await a_written(ask, ann, scheduled_at=in_(clock, hours=1))

    await ask(ann, "publishing/schedule_post", post_id=global_id(post), scheduled_at=in_(clock, hours=5))
    clock.turn(hours=2)
    assert await fire(ask.services) == 0
    data = await ask(ann, "publishing/unschedule_post", post_id=global_id(post))
    clock.turn(hours=5)
    await fire(ask.services)

    assert data["unschedulePost"]["post"]["status"] == "DRAFT"
    assert (await Post.get()).status == PostStatus.DRAFT
    assert await heard(post) == []


async def test_a_scheduled_post_may_be_published_sooner_and_then_only_once(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person()
    post = await a_written(ask, ann, scheduled_at=in_(clock, hours=1))

    await ask(ann, "publishing/publish_post", post_id=global_id(post))
    clock.turn(hours=2)
    await fire(ask.services)

    assert await told(post) == ["PostPublished"]


async def test_what_is_published_can_be_neither_scheduled_nor_taken_back(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person()
    post = await a_written(ask, ann)

    later = await ask(ann, "publishing/schedule_post", post_id=global_id(post), scheduled_at=in_(clock, hours=1))
    back = await ask(ann, "publishing/unschedule_post", post_id=global_id(post))

    assert codes(later["schedulePost"]) == codes(back["unschedulePost"]) == ["BAD_USER_INPUT"]
    assert (await Post.get()).status == PostStatus.PUBLISHED


async def test_a_scheduled_post_that_was_removed_stays_away(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person()
    post = await a_written(ask, ann, scheduled_at=in_(clock, hours=1))
    await ask(ann, "posts/delete_post", post_id=global_id(post))

    clock.turn(hours=2)
    await fire(ask.services)

    assert (await Post.get()).status == PostStatus.REMOVED
    assert await told(post) == []


async def test_it_comes_back_where_its_author_has_left_the_group(ask: Ask, clock: TurnedClock) -> None:
    ann, group = await a_person("Ann"), await a_group(owner=await a_person("Olga"))
    await a_member(group, ann)
    post = await a_written(ask, ann, scheduled_at=in_(clock, hours=1), audience={"groupId": global_id(group)})
    await Membership.filter(person_id=ann.id).delete()
    await audiences.remove(group.id, [ann.id])

    await _due(ask, clock)

    seen = await as_seen(ask, ann, post)
    assert seen and (seen["status"], seen["scheduledAt"]) == ("DRAFT", None)
    assert "no longer belong" in seen["returnedReason"]
    assert (await told(post), await heard(post)) == (["PostReturned"], [])


async def test_it_comes_back_where_the_group_is_archived(ask: Ask, clock: TurnedClock) -> None:
    olga = await a_person("Olga")
    group = await a_group(owner=olga)
    post = await a_written(ask, olga, scheduled_at=in_(clock, hours=1), audience={"groupId": global_id(group)})
    await Group.filter(id=group.id).update(archived_at=clock.now())
    await Audience.filter(id=group.id).update(read_only=True)

    await _due(ask, clock)

    seen = await as_seen(ask, olga, post)
    assert seen and "archived" in seen["returnedReason"]


async def test_an_announcement_comes_back_where_its_author_speaks_for_nobody_any_more(
    ask: Ask, clock: TurnedClock
) -> None:
    com = await a_person("Com")
    await a_role(com, Role.COMMUNICATOR)
    post = await a_written(ask, com, kind="ANNOUNCEMENT", scheduled_at=in_(clock, hours=1))
    await RoleGrant.all().delete()

    await _due(ask, clock)

    seen = await as_seen(ask, com, post)
    assert seen and "Announcements" in seen["returnedReason"]


async def test_a_post_with_a_restricted_tag_comes_back_where_its_author_speaks_for_nobody_any_more(
    ask: Ask, clock: TurnedClock
) -> None:
    ann = await a_person("Ann")
    role = await a_role(ann, Role.COMMUNICATOR)
    await a_tag("official", kept=True, restricted=True)
    at = in_(clock, hours=1)
    given, written, free = [
        await a_written(ask, ann, body, tags=tags, scheduled_at=at)
        for body, tags in (("Given", ["official"]), ("#official", []), ("Free", ["any"]))
    ]
    await role.delete()

    clock.turn(hours=1)
    assert await fire(ask.services) == 3

    why = "The tag “official” is for those who may announce things here. Leave it out, or ask one of them."
    found = {post.id: (post.status, post.returned) for post in await Post.all()}
    assert found[given.id] == found[written.id] == (PostStatus.DRAFT, why)
    assert found[free.id] == (PostStatus.PUBLISHED, None)
    again = (await ask(ann, "publishing/publish_post", post_id=global_id(given)))["publishPost"]
    assert (codes(again), said(again)) == (["FORBIDDEN"], why)
    await ask(ann, "tags/set_post_tags", post_id=global_id(given), tags=[])
    assert codes((await ask(ann, "publishing/publish_post", post_id=global_id(given)))["publishPost"]) == []


async def test_it_is_not_published_where_its_author_has_left_the_company(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_written(ask, ann, "Later", scheduled_at=in_(clock, hours=1))
    await Person.filter(id=ann.id).update(active=False)

    await _due(ask, clock)

    assert (await Post.get()).status == PostStatus.DRAFT
    assert (await in_feed(ask, bob), await heard(post)) == ([], [])


async def test_what_came_back_is_published_without_its_reason(ask: Ask, clock: TurnedClock) -> None:
    com = await a_person("Com")
    await a_role(com, Role.COMMUNICATOR)
    post = await a_written(ask, com, kind="ANNOUNCEMENT", scheduled_at=in_(clock, hours=1))
    await RoleGrant.all().delete()
    await _due(ask, clock)
    await a_role(com, Role.COMMUNICATOR)

    await ask(com, "publishing/publish_post", post_id=global_id(post))

    seen = await as_seen(ask, com, post)
    assert seen and (seen["status"], seen["returnedReason"]) == ("PUBLISHED", None)


async def test_a_scheduled_post_waits_for_a_look_where_there_is_one(ask: Ask, clock: TurnedClock) -> None:
    ann, olga = await a_person("Ann"), await a_person("Olga")
    group = await a_group(owner=olga, moderated=True)
    await a_member(group, ann, GroupRole.MEMBER)
    post = await a_written(ask, ann, scheduled_at=in_(clock, hours=1), audience={"groupId": global_id(group)})

    await _due(ask, clock)

    assert (await Post.get()).status == PostStatus.IN_REVIEW
    assert await told(post) == ["PostSubmitted"]


async def test_two_workers_publish_a_post_once(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person()
    posts = [await a_written(ask, ann, f"{i}", scheduled_at=in_(clock, hours=1)) for i in range(10)]
    clock.turn(hours=1)

    await asyncio.gather(*(fire(ask.services) for _ in range(4)))

    assert [await told(post) for post in posts] == [["PostPublished"]] * 10
    assert await Timer.filter(kind="publish_post").count() == 0


async def _due(ask: Ask, clock: TurnedClock) -> None:
    clock.turn(hours=2)
    assert await fire(ask.services) == 1
