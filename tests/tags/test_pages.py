"""A tag's page and the list of tags: what the viewer may read, in order, counted exactly."""

from __future__ import annotations

from datetime import timedelta

from models.audiences import COMPANY
from models.groups import Visibility
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_person, a_unit
from tests.factories.tags import a_tag, a_tag_follow, tagged
from tests.tags.acting import names, page, written


async def test_a_tag_shows_the_posts_that_the_viewer_may_read_newest_first(ask: Ask) -> None:
    unit = await a_unit()
    ann, bob = await a_person("Ann", unit=unit), await a_person("Bob")
    groups = [await a_group(owner=ann, visibility=visibility) for visibility in Visibility]
    tag = await a_tag()
    for i, audience in enumerate([COMPANY, unit.id, *(group.id for group in groups)] * 3):
        await tagged(await a_post(str(i), author=ann, audience=audience), tag)
    await a_post("untagged", author=ann)

    seen_by_ann, seen_by_bob = await page(ask, ann, "launch"), await page(ask, bob, "launch")

    assert seen_by_ann and [node["body"] for node in seen_by_ann["posts"]["nodes"]] == [
        str(i) for i in range(14, -1, -1)
    ]
    assert seen_by_ann["posts"]["totalCount"] == 15
    assert seen_by_bob and [node["body"] for node in seen_by_bob["posts"]["nodes"]] == ["12", "10", "7", "5", "2", "0"]
    assert seen_by_bob["posts"]["totalCount"] == 6


async def test_its_pages_go_on_where_they_ended_in_both_directions(ask: Ask) -> None:
    ann = await a_person()
    groups = [await a_group(owner=ann) for _ in range(4)]
    tag = await a_tag(kept=True)
    for i in range(13):
        post = await a_post(str(i), author=ann, audience=groups[i % 4].id, published_at=NOW + timedelta(days=i // 5))
        await tagged(post, tag)
    whole = (await ask(ann, "tags/tag", id=global_id(tag), first=50))["tag"]["posts"]["nodes"]

    there: list[dict[str, str]] = []
    after = None
    while True:
        found = (await ask(ann, "tags/tag", id=global_id(tag), first=3, after=after))["tag"]["posts"]
        there += found["nodes"]
        if not found["pageInfo"]["hasNextPage"]:
            break
        after = found["pageInfo"]["endCursor"]
    back = (await ask(ann, "tags/tag", id=global_id(tag), last=4))["tag"]["posts"]["nodes"]

    assert there == whole and len(whole) == 13
    assert back == whole[-4:]


async def test_a_cursor_of_another_list_is_refused(ask: Ask) -> None:
    ann, tag = await a_person(), await a_tag(kept=True)

    answer = await ask.answer(ann, "tags/tag", id=global_id(tag), first=3, after="x")

    assert answer.code == "INVALID_CURSOR"


async def test_a_post_leaves_the_page_for_those_whom_it_is_moved_away_from(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    post = await written(ask, ann, "#news")
    before = await page(ask, bob, "news")

    moved = await ask(ann, "sharing/move_post", post_id=post, audience={"groupId": global_id(group)}, confirmed=True)

    assert before and before["posts"]["totalCount"] == 1
    assert not moved["movePost"]["errors"]
    assert await page(ask, bob, "news") is None
    own = await page(ask, ann, "news")
    assert own and own["posts"]["totalCount"] == 1


async def test_tags_are_listed_by_name_and_found_by_how_a_name_or_synonym_begins(ask: Ask) -> None:
    ann = await a_person()
    for tag in (("Launch", "Start"), ("lab", "Workshop"), ("office", "Lodge"), ("100%", "x")):
        await a_tag(*tag)

    assert await names(ask, ann) == ["100%", "lab", "Launch", "office"]
    assert await names(ask, ann, "LA") == ["lab", "Launch"]
    assert await names(ask, ann, "#lo") == ["office"]
    assert [await names(ask, ann, text) for text in ("ab", "%", "_", "1")] == [[], [], [], ["100%"]]
    assert (await ask.answer(ann, "tags/tags", query="x" * 61)).code == "BAD_USER_INPUT"


async def test_following_a_tag_twice_is_once(ask: Ask) -> None:
    ann, bob, tag = await a_person("Ann"), await a_person("Bob"), await a_tag(kept=True)
    await a_tag_follow(await a_person("Lea", active=False), tag)

    async def follow(follow: bool) -> bool:
        payload = (await ask(ann, "tags/follow_tag", tag_id=global_id(tag), follow=follow))["followTag"]
        assert not payload["errors"]
        return payload["tag"]["viewerIsFollowing"]

    assert [await follow(True), await follow(True)] == [True, True]
    shown = await page(ask, bob, "launch")
    assert shown and (shown["followerCount"], shown["viewerIsFollowing"]) == (1, False)
    mine = (await ask(ann, "tags/followed_tags", first=5))["viewer"]["followedTags"]
    assert (mine["totalCount"], mine["nodes"][0]["name"]) == (1, "launch")
    assert [await follow(False), await follow(False)] == [False, False]
    assert (await ask(ann, "tags/followed_tags", first=5))["viewer"]["followedTags"]["nodes"] == []
