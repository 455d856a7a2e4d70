"""Acknowledging: who does, how often it counts, and what asks for it again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from auth.viewer import Viewer
from models import audiences
from models.audiences import Audience
from models.feed import Post
from models.groups import Membership, Visibility
from models.log import LoggedEvent
from models.people import Person
from models.readings import Acknowledgement, MustRead
from models.session import Role
from tests.conftest import Ask
from tests.factories.circles import a_circle
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.factories.readings import a_must_read, an_acknowledgement
from tests.factories.session import a_role, as_viewer
from tests.races import rounds
from tests.readings.test_requiring import a_communicator, codes


async def acknowledge(ask: Ask, who: Person | Viewer, post: Post, **more: Any) -> dict[str, Any]:
    return (await ask(who, "readings/acknowledge_post", post_id=global_id(post), **more))["acknowledgePost"]


async def owed(ask: Ask, who: Person, **page: Any) -> list[str]:
    """The texts of what somebody has yet to acknowledge."""
    found = (await ask(who, "readings/must_reads", **{"first": 20, **page}))["viewer"]["mustReads"]
    return [node["body"] for node in found["nodes"]]


async def counted(ask: Ask, who: Person, post: Post) -> tuple[int, int]:
    """How many of how many have acknowledged it."""
    [node] = (await ask(who, "readings/reading_evidence", ids=[global_id(post)], first=1))["nodes"]
    return node["mustRead"]["acknowledgedCount"], node["mustRead"]["audienceCount"]


async def edit(ask: Ask, post: Post, author: Person, body: str, **more: Any) -> None:
    payload = (await ask(author, "posts/edit_post", post_id=global_id(post), body=body, **more))["editPost"]
    assert not payload["errors"]


async def test_who_acknowledges_is_told_and_is_asked_no_more(ask: Ask) -> None:
    cem, ann = await a_communicator(), await a_person("Ann")
    post = await a_post("Rules", author=cem)
    await a_must_read(post, by=cem)
    assert await owed(ask, ann) == ["Rules"]

    payload = await acknowledge(ask, ann, post)

    assert payload == {
        "post": {"id": global_id(post), "mustRead": {"viewerHasAcknowledged": True}},
        "errors": [],
    }
    assert await owed(ask, ann) == []
    stored = await Acknowledgement.get()
    assert (stored.post_id, stored.person_id, stored.round) == (post.id, ann.id, 1)
    assert stored.acknowledged_at == ask.services.clock.now()
    [event] = await LoggedEvent.filter(kind="PostAcknowledged")
    assert (event.audience_id, event.subject_id, event.actor_id) == (None, post.id, ann.id)


@pytest.mark.race
async def test_fifty_at_once_are_one(ask: Ask) -> None:
    cem, ann = await a_communicator(), await a_person("Ann")
    viewer = await as_viewer(ann, ask.services.clock.now())

    for _ in rounds(5):
        post = await a_post(author=cem)
        await a_must_read(post, by=cem)
        payloads = await asyncio.gather(*(acknowledge(ask, viewer, post) for _ in range(50)))

        assert all(payload == payloads[0] and not payload["errors"] for payload in payloads)
        assert await Acknowledgement.filter(post_id=post.id).count() == 1
        assert await LoggedEvent.filter(kind="PostAcknowledged", subject_id=post.id).count() == 1
        assert await counted(ask, cem, post) == (1, 1)


@pytest.mark.race
async def test_many_people_at_once_are_each_counted_once(ask: Ask) -> None:
    cem = await a_communicator()
    people = [await as_viewer(await a_person(f"Dan {i}"), ask.services.clock.now()) for i in range(25)]
    for _ in rounds(1):
        post = await a_post(author=cem)
        await a_must_read(post, by=cem)

        await asyncio.gather(*(acknowledge(ask, one, post) for one in people * 2))

        assert await counted(ask, cem, post) == (25, 25)


async def test_a_minor_edit_keeps_what_was_acknowledged(ask: Ask) -> None:
    cem, ann = await a_communicator(), await a_person("Ann")
    post = await a_post("Rulez", author=cem)
    await a_must_read(post, by=cem)
    await acknowledge(ask, ann, post)

    await edit(ask, post, cem, "Rules")

    assert await owed(ask, ann) == []
    assert await counted(ask, cem, post) == (1, 1)


async def test_a_major_edit_asks_everybody_again(ask: Ask) -> None:
    cem, ann = await a_communicator(), await a_person("Ann")
    post = await a_post("Rules", author=cem)
    await a_must_read(post, by=cem)
    await acknowledge(ask, ann, post)

    await edit(ask, post, cem, "Other rules", is_major=True)

    assert await owed(ask, ann) == ["Other rules"]
    assert await counted(ask, cem, post) == (0, 1)
    assert (await MustRead.get()).round == 2
    assert await LoggedEvent.filter(kind="ReadingRequired").count() == 1
    await acknowledge(ask, ann, post)
    assert await counted(ask, cem, post) == (1, 1)
    assert {(a.person_id, a.round) for a in await Acknowledgement.all()} == {(ann.id, 1), (ann.id, 2)}


async def test_a_text_that_has_changed_since_is_not_acknowledged_unread(ask: Ask) -> None:
    cem, ann = await a_communicator(), await a_person("Ann")
    post = await a_post("Rules", author=cem)
    await a_must_read(post, by=cem)
    await edit(ask, post, cem, "Other rules", is_major=True)

    stale = await acknowledge(ask, ann, post, round=1)
    fresh = await acknowledge(ask, ann, post, round=2)

    assert codes(stale) == ["CONFLICT"] and stale["errors"][0]["path"] == ["input", "round"]
    assert not codes(fresh)


async def test_a_late_joiner_gets_it_and_a_leaver_counts_no_more(ask: Ask) -> None:
    own, ann, bob = await a_person("Own"), await a_person("Ann"), await a_person("Bob")
    circle = await a_circle(own, ann)
    post = await a_post("Rules", author=own, audience=circle.id)
    await a_must_read(post, by=own)
    await acknowledge(ask, ann, post)
    assert await counted(ask, own, post) == (1, 1)
    assert await owed(ask, bob) == []

    await audiences.add(circle.id, [bob.id], listed=False)
    assert await owed(ask, bob) == ["Rules"]
    assert await counted(ask, own, post) == (1, 2)

    await audiences.remove(circle.id, [ann.id])
    await Membership.filter(person_id=ann.id).delete()
    assert await counted(ask, own, post) == (0, 1)
    assert codes(await acknowledge(ask, ann, post)) == ["NOT_FOUND"]


async def test_who_has_left_the_company_counts_no_more(ask: Ask) -> None:
    cem, ann, bob = await a_communicator(), await a_person("Ann"), await a_person("Bob")
    post = await a_post(author=cem)
    await a_must_read(post, by=cem)
    await an_acknowledgement(post, ann)
    await an_acknowledgement(post, bob)

    await Person.filter(id=bob.id).update(active=False)

    assert await counted(ask, cem, post) == (1, 1)


async def test_a_guest_of_the_group_acknowledges(ask: Ask) -> None:
    own, gil = await a_person("Own"), await a_guest("Gil")
    post = await a_post("Rules", author=own, audience=(await a_circle(own, gil)).id)
    for_all = await a_post("All", author=own)
    for one in (post, for_all):
        await a_must_read(one, by=own)

    assert await owed(ask, gil) == ["Rules"]
    assert not codes(await acknowledge(ask, gil, post))
    assert codes(await acknowledge(ask, gil, for_all)) == ["NOT_FOUND"]
    assert await counted(ask, own, post) == (1, 1)


async def test_readers_of_an_open_group_owe_nothing(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    post = await a_post(author=own, audience=(await a_circle(own, visibility=Visibility.OPEN)).id)
    await a_must_read(post, by=own)

    payload = await acknowledge(ask, ann, post)

    assert codes(payload) == ["FORBIDDEN"] and "Join the group first" in payload["errors"][0]["message"]
    assert await owed(ask, ann) == []
    assert await counted(ask, own, post) == (0, 0)


async def test_in_an_archived_group_nothing_is_owed_any_more(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    circle = await a_circle(own, ann)
    post = await a_post(author=own, audience=circle.id)
    await a_must_read(post, by=own)
    await Audience.filter(id=circle.id).update(read_only=True)

    payload = await acknowledge(ask, ann, post)

    assert codes(payload) == ["FORBIDDEN"] and "archived" in payload["errors"][0]["message"]
    assert await owed(ask, ann) == []
    assert not await Acknowledgement.all()


async def test_what_need_not_be_read_is_not_acknowledged(ask: Ask) -> None:
    cem, ann = await a_communicator(), await a_person("Ann")
    plain, waived = await a_post(author=cem), await a_post(author=cem)
    await a_must_read(waived, by=cem, waived_at=ask.services.clock.now())

    for post in (plain, waived):
        assert codes(await acknowledge(ask, ann, post)) == ["BAD_USER_INPUT"]
    assert not await Acknowledgement.all()


async def test_what_one_cannot_see_is_not_acknowledged(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    await a_role(ann, Role.ADMIN)
    post = await a_post(author=own, audience=(await a_circle(own, visibility=Visibility.SECRET)).id)
    await a_must_read(post, by=own)

    assert codes(await acknowledge(ask, ann, post)) == ["NOT_FOUND"]
    strange = await ask(ann, "readings/acknowledge_post", post_id=global_id(own))
    assert codes(strange["acknowledgePost"]) == ["NOT_FOUND"]


async def test_whose_post_it_is_owes_nothing(ask: Ask) -> None:
    cem = await a_communicator()
    post = await a_post(author=cem)
    await a_must_read(post, by=cem)

    assert await owed(ask, cem) == []
    assert not codes(await acknowledge(ask, cem, post))
    assert await counted(ask, cem, post) == (0, 0)


async def test_what_is_due_first_comes_first_and_pages_join(ask: Ask) -> None:
    cem, ann = await a_communicator(), await a_person("Ann")
    now = ask.services.clock.now()
    dues = {"late": now.replace(month=6), "never 1": None, "soon": now.replace(day=3), "past": now.replace(day=1)}
    for body, due in {**dues, "never 2": None}.items():
        await a_must_read(await a_post(body, author=cem), by=cem, due_at=due)

    seen: list[str] = []
    after = None
    while True:
        page = (await ask(ann, "readings/must_reads", first=2, after=after))["viewer"]["mustReads"]
        assert page["totalCount"] == 5
        seen += [node["body"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert seen == ["past", "soon", "late", "never 1", "never 2"]


async def test_it_says_by_when_and_whether_that_has_passed(ask: Ask) -> None:
    cem, ann = await a_communicator(), await a_person("Ann")
    now = ask.services.clock.now()
    for due in (now.replace(day=1), now.replace(day=3)):
        await a_must_read(await a_post(author=cem), by=cem, due_at=due)

    nodes = (await ask(ann, "readings/must_reads", first=5))["viewer"]["mustReads"]["nodes"]

    shown = {"round": 1, "requiredBy": {"id": global_id(cem), "name": "Cem"}, "viewerHasAcknowledged": False}
    hidden = {"acknowledgedCount": None, "audienceCount": None}
    assert [node["mustRead"] for node in nodes] == [
        {"dueAt": "2026-03-01T09:00:00Z", "isOverdue": True, **shown, **hidden},
        {"dueAt": "2026-03-03T09:00:00Z", "isOverdue": False, **shown, **hidden},
    ]
