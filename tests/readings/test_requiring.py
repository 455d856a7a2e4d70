"""Having a post be read: who may, by when, again and no more, and reminders."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from atrium.worker import fire
from models.audiences import COMPANY
from models.feed import Post, PostStatus
from models.groups import Visibility
from models.log import LoggedEvent
from models.people import Person
from models.readings import Acknowledgement, MustRead
from models.session import Role
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.circles import a_circle
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.factories.readings import a_must_read, an_acknowledgement
from tests.factories.session import a_role


async def require(ask: Ask, who: Person, post: Post, due_at: datetime | None) -> dict[str, Any]:
    due = due_at.isoformat() if due_at else None
    return (await ask(who, "readings/require_reading", post_id=global_id(post), due_at=due))["requireReading"]


async def waive(ask: Ask, who: Person, post: Post) -> dict[str, Any]:
    return (await ask(who, "readings/waive_reading", post_id=global_id(post)))["waiveReading"]


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def a_communicator(name: str = "Cem") -> Person:
    cem = await a_person(name)
    await a_role(cem, Role.COMMUNICATOR)
    return cem


async def events(kind: str) -> int:
    return await LoggedEvent.filter(kind=kind).count()


async def test_a_communicator_has_the_company_read(ask: Ask, clock: TurnedClock) -> None:
    cem, _, _ = await a_communicator(), await a_person("Ann"), await a_person("Old", active=False)
    post = await a_post(author=cem)
    due = clock.now() + timedelta(days=7)

    payload = await require(ask, cem, post, due)

    shown = {"dueAt": "2026-03-09T09:00:00Z", "acknowledgedCount": 0, "audienceCount": 1}
    assert payload == {"post": {"id": global_id(post), "mustRead": shown}, "errors": []}
    stored = await MustRead.get(id=post.id)
    assert (stored.due_at, stored.round, stored.required_by) == (due, 1, cem.id)
    [event] = await LoggedEvent.filter(kind="ReadingRequired")
    assert (event.audience_id, event.subject_id) == (COMPANY, post.id)


async def test_a_head_requires_in_their_unit_and_an_owner_in_their_group(ask: Ask, clock: TurnedClock) -> None:
    hal, own, bob = await a_person("Hal"), await a_person("Own"), await a_person("Bob")
    unit = await a_unit(head=hal)
    await Person.filter(id=hal.id).update(unit_id=unit.id)
    circle = await a_circle(own, bob)
    in_unit = await a_post(author=hal, audience=unit.id)
    in_group = await a_post(author=bob, audience=circle.id)
    due = clock.now() + timedelta(days=1)

    assert not codes(await require(ask, hal, in_unit, due))
    assert not codes(await require(ask, own, in_group, due))
    assert codes(await require(ask, bob, in_group, due)) == ["FORBIDDEN"]


async def test_its_author_alone_may_not(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)

    payload = await require(ask, ann, post, clock.now() + timedelta(days=1))

    assert codes(payload) == ["FORBIDDEN"] and payload["post"] is None
    assert not await MustRead.all()


async def test_what_one_cannot_see_cannot_be_required(ask: Ask, clock: TurnedClock) -> None:
    cem, own = await a_communicator(), await a_person("Own")
    secret = await a_post(author=own, audience=(await a_circle(own, visibility=Visibility.SECRET)).id)
    draft = await a_post(author=own, status=PostStatus.DRAFT, published_at=None)
    due = clock.now() + timedelta(days=1)

    for post in (secret, draft):
        assert codes(await require(ask, cem, post, due)) == ["NOT_FOUND"]
    answer = await ask(cem, "readings/require_reading", post_id=global_id(own), due_at=due.isoformat())
    assert codes(answer["requireReading"]) == ["NOT_FOUND"]
    assert not await MustRead.all()


async def test_what_is_not_published_yet_is_not_required(ask: Ask, clock: TurnedClock) -> None:
    cem = await a_communicator()
    draft = await a_post(author=cem, status=PostStatus.DRAFT, published_at=None)

    assert codes(await require(ask, cem, draft, clock.now() + timedelta(days=1))) == ["FORBIDDEN"]


@pytest.mark.parametrize("seconds", [0, -1, -86_400])
async def test_it_is_due_at_a_time_to_come(ask: Ask, clock: TurnedClock, seconds: int) -> None:
    cem = await a_communicator()
    post = await a_post(author=cem)

    payload = await require(ask, cem, post, clock.now() + timedelta(seconds=seconds))

    assert codes(payload) == ["BAD_USER_INPUT"] and payload["errors"][0]["path"] == ["input", "dueAt"]
    assert not await MustRead.all()


async def test_again_changes_when_it_is_due_and_nothing_else(ask: Ask, clock: TurnedClock) -> None:
    cem, ann = await a_communicator(), await a_person("Ann")
    post = await a_post(author=cem)
    await a_must_read(post, by=cem, due_at=clock.now() + timedelta(days=2))
    await an_acknowledgement(post, ann)

    payload = await require(ask, cem, post, clock.now() + timedelta(days=5))
    again = await require(ask, cem, post, clock.now() + timedelta(days=5))
    never = await require(ask, cem, post, None)

    assert payload["post"]["mustRead"] == {"dueAt": "2026-03-07T09:00:00Z", "acknowledgedCount": 1, "audienceCount": 1}
    assert again == payload
    assert never["post"]["mustRead"]["dueAt"] is None
    assert (await MustRead.get()).round == 1
    assert await events("ReadingRequired") == 2


async def test_waived_nobody_need_read_it_and_who_has_stays_told(ask: Ask, clock: TurnedClock) -> None:
    cem, ann = await a_communicator(), await a_person("Ann")
    post = await a_post(author=cem)
    await a_must_read(post, by=cem)
    await an_acknowledgement(post, ann)

    payloads = [await waive(ask, cem, post) for _ in range(2)]

    assert payloads == [{"post": {"id": global_id(post), "mustRead": None}, "errors": []}] * 2
    assert await events("ReadingWaived") == 1
    assert (await ask(await a_person("Bob"), "readings/must_reads", first=5))["viewer"]["mustReads"]["nodes"] == []
    assert await Acknowledgement.filter(post_id=post.id).count() == 1
    back = await require(ask, cem, post, clock.now() + timedelta(days=5))
    assert back["post"]["mustRead"]["acknowledgedCount"] == 1


async def test_only_who_may_require_waives(ask: Ask) -> None:
    cem, ann = await a_communicator(), await a_person("Ann")
    post = await a_post(author=ann)
    await a_must_read(post, by=cem)

    assert codes(await waive(ask, ann, post)) == ["FORBIDDEN"]
    assert (await MustRead.get()).waived_at is None


async def test_reminders_come_a_day_before_and_when_it_is_due(ask: Ask, clock: TurnedClock) -> None:
    cem = await a_communicator()
    post = await a_post(author=cem)
    await require(ask, cem, post, clock.now() + timedelta(days=3))

    told: list[list[object]] = []
    for _ in range(4):
        await fire(ask.services)
        told.append([e.refs["days"] for e in await LoggedEvent.filter(kind="ReadingDue").order_by("id")])
        clock.turn(days=1)

    assert told == [[], [], [1], [1, 0]]
    assert [e.audience_id for e in await LoggedEvent.filter(kind="ReadingDue")] == [None, None]


async def test_put_off_or_waived_it_is_not_reminded_of_at_the_old_time(ask: Ask, clock: TurnedClock) -> None:
    cem = await a_communicator()
    later, waived, gone = [await a_post(author=cem) for _ in range(3)]
    for post in (later, waived, gone):
        await require(ask, cem, post, clock.now() + timedelta(days=3))
    await require(ask, cem, later, clock.now() + timedelta(days=9))
    await waive(ask, cem, waived)
    await ask(cem, "posts/delete_post", post_id=global_id(gone))

    clock.turn(days=4)
    await fire(ask.services)

    assert await events("ReadingDue") == 0
    clock.turn(days=5)
    await fire(ask.services)
    assert {e.subject_id for e in await LoggedEvent.filter(kind="ReadingDue")} == {later.id}


async def test_less_than_a_day_ahead_there_is_one_reminder(ask: Ask, clock: TurnedClock) -> None:
    cem = await a_communicator()
    post = await a_post(author=cem)
    await require(ask, cem, post, clock.now() + timedelta(hours=20))

    for _ in range(3):
        await fire(ask.services)
        clock.turn(hours=12)

    assert [e.refs["days"] for e in await LoggedEvent.filter(kind="ReadingDue")] == [0]
