"""An archived group is deleted at its time with all that is in it, unless it is woken before."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from atrium.worker import fire
from models import db, group_ends
from models.audiences import Audience
from models.feed import Comment, Post, PostStatus
from models.groups import Group, GroupRole, Membership, Visibility
from models.people import Person
from models.polls import PollVote
from models.reactions import Reaction
from models.readings import MustRead
from models.revisions import Revision
from models.rules import AudienceRule
from models.search import SearchDocument
from models.seen import Bookmark, Seen
from models.timers import Timer
from search import feed as posts_found
from search.indexer import Indexer
from subscriptions.log import after
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.engine import settled
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_person
from tests.factories.polls import a_poll, a_vote
from tests.factories.readings import a_must_read
from tests.factories.tags import a_tag, tagged
from tests.groups.acting import act, codes, epoch, says, told
from tests.races import rounds

PURGE, WAKE, ARCHIVE = "group_ends/purge_group", "group_ends/wake_group", "group_ends/archive_group"
START = (0, 0, 0)


def in_days(ask: Ask, days: float) -> str:
    return (ask.services.clock.now() + timedelta(days=days)).isoformat()


async def fired(ask: Ask) -> int:
    """Ring whatever is due until nothing is; how often the timer of a purge rang."""
    rings = 0
    while await Timer.filter(due_at__lte=ask.services.clock.now()).exists():
        rings += await fire(ask.services)
    return rings


async def preview(ask: Ask, who: Person, group: Group) -> Any:
    found = (await ask(who, "group_ends/purge_preview", first=10))["groups"]["nodes"]
    return next(one["purgePreview"] for one in found if one["id"] == global_id(group))


async def test_only_an_archived_group_is_deleted_and_not_at_once(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)
    assert "Archive it first" in says(await act(ask, ann, PURGE, group, at=in_days(ask, 10)))
    await act(ask, ann, ARCHIVE, group)

    for days in (-1, 0, 6.99, 367):
        assert codes(await act(ask, ann, PURGE, group, at=in_days(ask, days))) == ["BAD_USER_INPUT"]

    assert codes(await act(ask, ann, PURGE, group, at=in_days(ask, 7))) == []
    again = (await act(ask, ann, PURGE, group))["group"]["purgePreview"]["scheduledFor"]
    assert datetime.fromisoformat(again).isoformat() == in_days(ask, 7), "twice is once"


async def test_without_a_moment_it_is_in_thirty_days(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann, archived=True)

    await act(ask, ann, PURGE, group)

    found = await Group.get(id=group.id)
    assert found.purge_at and found.purge_at.isoformat() == in_days(ask, 30)


async def test_its_owners_see_what_would_be_deleted_and_nobody_else(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, archived=True)
    await a_member(group, bob, GroupRole.MODERATOR)
    post = await a_post(author=bob, audience=group.id)
    await a_post(author=bob, audience=group.id, status=PostStatus.DRAFT, published_at=None)
    await a_comment(post, author=ann)
    await a_comment(post, author=ann, removed=True)

    shown = await preview(ask, ann, group)

    assert shown == {"postCount": 1, "commentCount": 1, "memberCount": 2, "scheduledFor": None}
    assert await preview(ask, bob, group) is None


async def test_waking_it_calls_it_off(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann, archived=True)
    await act(ask, ann, PURGE, group, at=in_days(ask, 8))

    payload = await act(ask, ann, WAKE, group)
    assert payload["group"] == {
        "id": global_id(group),
        "isArchived": False,
        "purgePreview": {"scheduledFor": None},
    }

    clock.turn(days=9)
    await fired(ask)
    assert await Group.filter(id=group.id).exists()


async def test_put_off_it_is_deleted_later(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann, archived=True)
    await act(ask, ann, PURGE, group, at=in_days(ask, 8))
    await act(ask, ann, PURGE, group, at=in_days(ask, 20))

    clock.turn(days=19)
    await fired(ask)
    assert await Group.filter(id=group.id).exists()
    clock.turn(days=1)
    await fired(ask)
    assert not await Group.filter(id=group.id).exists()


async def a_full_group(ann: Person, bob: Person) -> tuple[Group, Post, Comment]:
    """A group with something of everything in it, and one of its posts and comments."""
    group = await a_group(owner=ann, visibility=Visibility.OPEN)
    await a_member(group, bob)
    post = await tagged(await a_post("Launch", author=bob, audience=group.id), await a_tag())
    comment = await a_comment(post, author=ann)
    await a_comment(post, author=bob, reply_to_id=comment.id)
    await Post.filter(id=post.id).update(accepted_id=comment.id)
    for subject in (post, comment):
        await Reaction.create(subject_id=subject.id, person_id=ann.id, emoji="👍", created_at=NOW)
        said: dict[str, Any] = {"body": "Before", "written_at": NOW, "replaced_at": NOW}
        await Revision.create(subject_id=subject.id, version=1, **said)
    poll = await a_poll(author=bob, audience=group.id)
    await a_vote(poll, 0, by=ann)
    await a_must_read(post, by=ann)
    await Seen.create(post_id=post.id, person_id=ann.id, seen_at=NOW)
    await Bookmark.create(post_id=post.id, person_id=ann.id, created_at=NOW)
    await a_post(author=bob, audience=group.id, status=PostStatus.REMOVED, body="")
    await a_post(author=bob, audience=group.id, status=PostStatus.DRAFT, published_at=None)
    await AudienceRule.create(id=group.id, conditions={}, created_at=NOW)
    return group, post, comment


async def test_at_its_time_nothing_of_it_is_left(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group, post, comment = await a_full_group(ann, bob)
    kept = await a_comment(await a_post("Elsewhere", author=ann), author=bob)
    share = await a_post("Worth it", author=ann, shared_id=post.id)
    indexer = Indexer(ask.services.engine)
    await indexer.refresh([post.id, share.id], posts_found.posts)
    await act(ask, ann, ARCHIVE, group)
    await act(ask, ann, PURGE, group, at=in_days(ask, 7))
    before = await epoch(bob)
    clock.turn(days=7)

    await fired(ask)
    await settled()
    events, _ = await after(START, 1000)
    await indexer.read(events)

    for model in (Group, Membership, Reaction, Revision, PollVote, MustRead, Seen, Bookmark, AudienceRule):
        assert not await model.all().exists(), model
    assert not await Audience.filter(id=group.id).exists()
    assert {one.body for one in await Post.all()} == {"Elsewhere", "Worth it"}
    assert [one.id for one in await Comment.all()] == [kept.id]
    assert [one.subject_id for one in await SearchDocument.all()] == [share.id]
    assert (await Post.get(id=share.id)).shared_id is None
    assert (await told(group))[-1] == "GroupPurged" and await epoch(bob) > before
    ids = [global_id(one) for one in (group, post, comment)]
    answer = await ask.text(ann, "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids})
    assert answer.data and answer.data["nodes"] == [None] * 3
    assert codes(await act(ask, ann, WAKE, group)) == ["NOT_FOUND"]
    assert not await Timer.filter(kind="purge_group").exists()


async def test_a_large_one_goes_in_portions_and_nobody_finds_half_of_it(
    ask: Ask, clock: TurnedClock, statements: list[str]
) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann, visibility=Visibility.OPEN)
    posts = [Post(author_id=ann.id, audience_id=group.id, body="x", created_at=NOW, published_at=NOW)]
    posts += [
        Post(author_id=ann.id, audience_id=group.id, body=str(i), created_at=NOW, published_at=NOW)
        for i in range(2 * group_ends.POSTS_AT_ONCE)
    ]
    await Post.bulk_create(posts)
    await db.execute(
        "INSERT INTO comment (id, post_id, author_id, audience_id, body, removed, version, created_at)"
        " SELECT uuidv7(), $1, $2, $3, 'x', false, 1, $4 FROM generate_series(1, $5)",
        posts[0].id,
        ann.id,
        group.id,
        NOW,
        group_ends.COMMENTS_AT_ONCE + 10,
    )
    await act(ask, ann, ARCHIVE, group)
    await act(ask, ann, PURGE, group, at=in_days(ask, 7))
    clock.turn(days=7)

    assert await fire(ask.services) == 1

    assert await Group.filter(id=group.id).exists(), "there is more to delete"
    ids = [global_id(one) for one in (group, *posts[-90:])]
    answer = await ask.text(ann, "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids})
    assert answer.data and answer.data["nodes"] == [None] * len(ids)
    assert codes(await act(ask, ann, WAKE, group)) == ["NOT_FOUND"]
    assert await fired(ask) >= 4
    assert await Post.all().count() == await Comment.all().count() == await Group.all().count() == 0


@pytest.mark.race
async def test_who_comes_back_at_the_last_moment_finds_the_group_whole_or_gone(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    for _ in rounds(10):
        group = await a_group(owner=ann)
        await a_post(author=ann, audience=group.id)
        await act(ask, ann, ARCHIVE, group)
        await act(ask, ann, PURGE, group, at=in_days(ask, 7))
        clock.turn(days=7)
        viewer = (await ask.context(ann)).viewer

        woken, _ = await asyncio.gather(act(ask, viewer, WAKE, group), fire(ask.services))
        await fired(ask)

        is_there = await Group.filter(id=group.id).exists()
        assert is_there == (codes(woken) == [])
        assert await Post.filter(audience_id=group.id).exists() == is_there


@pytest.mark.parametrize("at", ["yesterday", "2026-13-01T00:00:00Z", 7])
async def test_a_moment_that_is_none_is_refused(ask: Ask, at: Any) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann, archived=True)

    assert (await ask.answer(ann, PURGE, group_id=global_id(group), at=at)).errors
