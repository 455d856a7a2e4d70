"""Changing posts and comments, and what they said before."""

from __future__ import annotations

import pytest

from models.feed import Post
from models.log import LoggedEvent
from models.people import Person
from models.revisions import Revision
from models.session import Role
from subscriptions.events import logged
from subscriptions.feed import PostEdited
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.factories.session import a_role
from tests.posts.telling import a_written, as_seen, codes, told


async def test_an_edit_keeps_what_a_post_said_before(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    post = await a_written(ask, ann, "one", title="First")
    about = {"post_id": global_id(post)}

    clock.turn(hours=1)
    await ask(ann, "posts/edit_post", **about, body="two", title="")
    clock.turn(hours=1)
    await ask(ann, "posts/edit_post", **about, body="three")

    seen = await as_seen(ask, ann, post)
    assert seen and (seen["body"], seen["title"], seen["version"], seen["isEdited"]) == ("three", None, 3, True)
    kept = seen["revisions"]["nodes"]
    assert [(r["version"], r["title"], r["body"]) for r in kept] == [(2, None, "two"), (1, "First", "one")]
    assert kept[0]["writtenAt"] == kept[1]["replacedAt"]
    assert kept[0]["replacedBy"]["name"] == "Ann"


async def test_its_history_is_for_who_wrote_it_and_who_keeps_order(ask: Ask) -> None:
    ann, bob, mo = await a_person("Ann"), await a_person("Bob"), await a_person("Mo")
    await a_role(mo, Role.MODERATOR)
    post = await a_written(ask, ann, "the password is lemon")
    await ask(ann, "posts/edit_post", post_id=global_id(post), body="oops")

    counts = [(await as_seen(ask, who, post) or {})["revisions"]["totalCount"] for who in (ann, bob, mo)]

    assert counts == [1, 0, 1]
    seen = await as_seen(ask, bob, post)
    assert seen and seen["isEdited"] and seen["revisions"]["nodes"] == []


async def test_an_edit_that_changes_nothing_is_none(ask: Ask) -> None:
    ann = await a_person()
    post = await a_written(ask, ann, "same", title="Same")

    data = await ask(ann, "posts/edit_post", post_id=global_id(post), body=" same ", title="Same")

    assert (data["editPost"]["post"]["version"], data["editPost"]["post"]["isEdited"]) == (1, False)
    assert await told(post) == ["PostPublished"]
    assert await Revision.all().count() == 0


@pytest.mark.parametrize(("is_major", "told_as"), [(True, 1), (False, 0), (None, 0)])
async def test_an_edit_tells_whether_it_is_major(ask: Ask, is_major: bool | None, told_as: int) -> None:
    ann = await a_person()
    post = await a_written(ask, ann)
    more = {} if is_major is None else {"is_major": is_major}

    await ask(ann, "posts/edit_post", post_id=global_id(post), body="New", **more)

    event = await LoggedEvent.get(kind="PostEdited")
    assert event.refs["major"] == told_as  # pyright: ignore[reportArgumentType]  # JSON, typed as text


async def test_an_edit_that_an_earlier_version_logged_is_read_as_a_minor_one() -> None:
    post, within = "00000000-0000-7000-8000-00000000000a", "00000000-0000-7000-8000-00000000000b"
    record = {
        "kind": "PostEdited",
        "refs": f'{{"post": "{post}", "within": "{within}"}}',
        **dict.fromkeys(("generation", "xid", "id", "stream", "audience_id", "actor_id", "occurred_at", "quiet")),
    }

    read = logged(record)  # pyright: ignore[reportArgumentType]  # what is read of a record, a mapping has

    assert read and isinstance(read.event, PostEdited)
    assert read.event.major == 0


async def test_a_stale_version_is_a_conflict(ask: Ask) -> None:
    ann = await a_person()
    post = await a_written(ask, ann)
    await ask(ann, "posts/edit_post", post_id=global_id(post), body="two", expected_version=1)

    data = await ask(ann, "posts/edit_post", post_id=global_id(post), body="three", expected_version=1)

    assert codes(data["editPost"]) == ["CONFLICT"]
    assert (await Post.get()).body == "two"


@pytest.mark.parametrize("change", [{"body": ""}, {"body": "x" * 20_001}, {"title": "x" * 301}])
async def test_a_text_that_cannot_be_changes_nothing(ask: Ask, change: dict[str, str]) -> None:
    ann = await a_person()
    post = await a_written(ask, ann)

    data = await ask(ann, "posts/edit_post", post_id=global_id(post), **change)

    assert codes(data["editPost"]) == ["BAD_USER_INPUT"]
    assert (await Post.get()).version == 1


async def test_an_article_keeps_a_title(ask: Ask) -> None:
    ann = await a_person()
    post = await a_written(ask, ann, kind="ARTICLE", title="On lemons")

    data = await ask(ann, "posts/edit_post", post_id=global_id(post), title="")

    assert codes(data["editPost"]) == ["REQUIRED"]


async def test_nothing_is_edited_in_an_archived_group(ask: Ask) -> None:
    olga = await a_person()
    group = await a_group(owner=olga, archived=True)
    post = await a_post(author=olga, audience=group.id)

    data = await ask(olga, "posts/edit_post", post_id=global_id(post), body="New")

    assert codes(data["editPost"]) == ["FORBIDDEN"]
    assert "archived" in data["editPost"]["errors"][0]["message"]


async def test_a_removed_post_leaves_no_history_of_itself_or_its_comments(ask: Ask) -> None:
    ann = await a_person()
    post = await a_written(ask, ann, "one")
    comment = await a_comment(post, "first", author=ann)
    await ask(ann, "posts/edit_post", post_id=global_id(post), body="two")
    await ask(ann, "comments/edit_comment", comment_id=global_id(comment), body="second")
    assert await Revision.all().count() == 2

    await ask(ann, "posts/delete_post", post_id=global_id(post))

    assert await Revision.all().count() == 0
    assert (await Post.get()).body == ""


async def test_an_edited_comment_keeps_what_it_said_for_its_author_and_who_keeps_order(ask: Ask) -> None:
    ann, bob, head = await a_person("Ann"), await a_person("Bob"), await a_person("Hed")
    unit = await a_unit(head=head)
    await Person.filter(id__in=[ann.id, bob.id, head.id]).update(unit_id=unit.id)
    comment = await a_comment(await a_post(author=bob, audience=unit.id), "first", author=ann)
    about = {"comment_id": global_id(comment)}

    await ask(ann, "comments/edit_comment", **about, body="second")
    await ask(ann, "comments/edit_comment", **about, body="second")

    histories = [
        (await ask(who, "revisions/comment_history", id=global_id(comment), first=9))["node"]["revisions"]["nodes"]
        for who in (ann, bob, head)
    ]
    assert [[revision["body"] for revision in one] for one in histories] == [["first"], [], ["first"]]
    assert await LoggedEvent.filter(kind="CommentEdited").count() == 1


async def test_a_removed_comment_leaves_no_history(ask: Ask) -> None:
    ann = await a_person()
    comment = await a_comment(await a_post(author=ann), "first", author=ann)
    await ask(ann, "comments/edit_comment", comment_id=global_id(comment), body="second")

    await ask(ann, "comments/delete_comment", comment_id=global_id(comment))

    assert await Revision.all().count() == 0
