"""Posts that several people, or the same one several times, do something to at the same moment."""

from __future__ import annotations

import asyncio

import pytest

from models.feed import Comment, Post, PostStatus
from models.groups import GroupRole
from models.log import LoggedEvent
from models.revisions import Revision
from tests.conftest import Ask
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.posts.telling import a_draft, a_written, codes, heard
from tests.races import rounds

AT_ONCE = 50

pytestmark = pytest.mark.race


async def test_a_draft_published_fifty_times_at_once_is_published_once(ask: Ask) -> None:
    ann = await a_person()

    for _ in rounds():
        draft = await a_draft(ask, ann)
        about = {"post_id": global_id(draft)}
        got = await asyncio.gather(*(ask(ann, "publishing/publish_post", **about) for _ in range(AT_ONCE)))

        assert {tuple(codes(data["publishPost"])) for data in got} == {()}
        assert await heard(draft) == ["PostPublished"]


async def test_a_post_written_fifty_times_at_once_with_one_client_id_is_one_post(ask: Ask) -> None:
    ann = await a_person()

    for i in rounds():
        new = {"kind": "IDEA", "body": "once", "client_id": f"c{i}"}
        got = await asyncio.gather(*(ask(ann, "posts/create_post", **new) for _ in range(AT_ONCE)))

        assert len({data["createPost"]["post"]["id"] for data in got}) == 1
    assert await Post.all().count() == len(rounds())


async def test_of_fifty_edits_of_one_version_one_holds(ask: Ask) -> None:
    ann = await a_person()

    for _ in rounds():
        post = await a_written(ask, ann)
        about = {"post_id": global_id(post), "expected_version": 1}
        edits = (ask(ann, "posts/edit_post", **about, body=f"edit {i}") for i in range(AT_ONCE))
        got = [codes(data["editPost"]) for data in await asyncio.gather(*edits)]

        assert (got.count([]), got.count(["CONFLICT"])) == (1, AT_ONCE - 1)
        assert await Revision.filter(subject_id=post.id).count() == 1


async def test_a_post_that_is_let_pass_and_sent_back_at_once_is_one_of_the_two(ask: Ask) -> None:
    ann, mo, mia = await a_person("Ann"), await a_person("Mo"), await a_person("Mia")
    group = await a_group(owner=mo, moderated=True)
    await a_member(group, mia, GroupRole.MODERATOR)
    await a_member(group, ann)

    for _ in rounds(15):
        post = await a_written(ask, ann, audience={"groupId": global_id(group)})
        about = {"post_id": global_id(post)}
        passed, sent = await asyncio.gather(
            ask(mo, "publishing/review_post", **about, verdict="APPROVE"),
            ask(mia, "publishing/review_post", **about, verdict="RETURN", reason="No"),
        )

        is_out = (await Post.get(id=post.id)).status == PostStatus.PUBLISHED
        assert await heard(post) == ["PostPublished"] * is_out
        assert (codes(passed["reviewPost"]) == [], codes(sent["reviewPost"]) == []) == (is_out, not is_out)


async def test_comments_that_come_while_a_post_is_moved_end_up_where_it_is(ask: Ask) -> None:
    ann = await a_person()
    group = await a_group(owner=ann)
    there = {"groupId": global_id(group)}

    for _ in rounds():
        post = await a_written(ask, ann)
        about = {"post_id": global_id(post)}
        comments = (ask(ann, "comments/add_comment", **about, body=f"{i}") for i in range(12))
        moves = (ask(ann, "sharing/move_post", **about, audience=there, confirmed=True) for _ in range(3))
        await asyncio.gather(*comments, *moves)

        assert (await Post.get(id=post.id)).audience_id == group.id
        assert await Comment.filter(post_id=post.id).exclude(audience_id=group.id).count() == 0


async def test_nothing_changes_in_a_group_once_it_is_archived(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    home = await a_group("Home", owner=bob)
    there = {"groupId": global_id(home)}

    for turn in rounds(10):
        group = await a_group(owner=ann)
        await a_member(group, bob)
        posts = [await a_written(ask, bob, f"{i}", audience={"groupId": global_id(group)}) for i in range(4)]
        edited, removed, tagged, moved = [{"post_id": global_id(post)} for post in posts]
        owner, member = (await ask.context(ann)).viewer, (await ask.context(bob)).viewer
        changes = [
            ask(member, "posts/edit_post", **edited, body="new"),
            ask(member, "posts/delete_post", **removed),
            ask(member, "tags/set_post_tags", **tagged, tags=["new"]),
            ask(member, "sharing/move_post", **moved, audience=there, confirmed=True),
        ]
        changes.insert(turn % 5, ask(owner, "group_ends/archive_group", group_id=global_id(group)))
        got = [payload for data in await asyncio.gather(*changes) for payload in data.values()]

        assert {tuple(codes(payload)) for payload in got} <= {(), ("FORBIDDEN",)}
        about = [group.id, *(post.id for post in posts)]
        told = [event.kind for event in await LoggedEvent.filter(subject_id__in=about).order_by("id")]
        assert told[-1] == "GroupChanged"
