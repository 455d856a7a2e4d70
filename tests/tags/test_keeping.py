"""Tags kept in order: renamed, merged, named twice and ruled, without losing links, posts or followers."""

from __future__ import annotations

from typing import Any

import pytest

from models.log import LoggedEvent
from models.session import Role
from models.tags import TAG_SYNONYMS_MAX, Tag, TagFollow, TagSynonym
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.factories.session import a_role
from tests.factories.tags import a_tag, a_tag_follow, tagged
from tests.tags.acting import a_keeper, codes, keep, page, tags_of, written

ACTS: dict[str, dict[str, Any]] = {
    "rename_tag": {"name": "new"},
    "update_tag": {"description": "new"},
    "add_tag_synonym": {"name": "new"},
    "remove_tag_synonym": {"name": "old"},
    "merge_tags": {},
}


@pytest.mark.parametrize("operation", ACTS)
async def test_only_communicators_of_the_whole_company_keep_tags(ask: Ask, operation: str) -> None:
    unit = await a_unit()
    tag, other = await a_tag("launch", "old"), await a_tag("start", kept=True)
    bob, head = await a_person("Bob"), await a_person("Hal", unit=unit)
    await a_role(head, Role.COMMUNICATOR, unit)
    more = ACTS[operation] or {"into_id": global_id(other)}

    refused = [codes(await keep(ask, who, operation, tag, **more)) for who in (bob, head)]

    assert refused == [["FORBIDDEN"]] * 2
    assert await Tag.all().count() == 2


async def test_an_old_name_leads_to_the_tag_and_its_posts_and_followers_stay(ask: Ask) -> None:
    ann, cora = await a_person("Ann"), await a_keeper(ask)
    post = await written(ask, ann, "#launch")
    tag = await Tag.get(key="launch")
    await ask(ann, "tags/follow_tag", tag_id=global_id(tag), follow=True)

    payload = await keep(ask, cora, "rename_tag", tag, name="Big Bang", expected_version=1)

    assert payload["tag"]["synonyms"] == ["launch"]
    shown = await page(ask, ann, "launch")
    assert shown and (shown["name"], shown["viewerIsFollowing"], shown["posts"]["totalCount"]) == ("Big Bang", True, 1)
    assert await tags_of(ask, ann, post) == ["Big Bang"]
    assert await tags_of(ask, ann, await written(ask, ann, "#launch")) == ["Big Bang"]
    assert codes(await keep(ask, cora, "rename_tag", tag, name="x", expected_version=1)) == ["CONFLICT"]


async def test_a_tag_that_is_written_otherwise_has_no_synonym_more(ask: Ask) -> None:
    cora, tag = await a_keeper(ask), await a_tag("hr", kept=True)

    payload = await keep(ask, cora, "rename_tag", tag, name="HR")

    assert (payload["tag"]["name"], payload["tag"]["synonyms"]) == ("HR", [])


async def test_a_name_means_one_tag(ask: Ask) -> None:
    cora = await a_keeper(ask)
    launch, _ = await a_tag("launch", "start"), await a_tag("office", "desk")

    for operation in ("rename_tag", "add_tag_synonym"):
        for name in ("Office", "desk"):
            assert codes(await keep(ask, cora, operation, launch, name=name)) == ["BAD_USER_INPUT"]
    assert codes(await keep(ask, cora, "rename_tag", launch, name="Start")) == []
    assert sorted(await TagSynonym.filter(tag_id=launch.id).values_list("key", flat=True)) == ["launch"]


async def test_synonyms_come_and_go_and_twice_is_once(ask: Ask) -> None:
    cora, tag = await a_keeper(ask), await a_tag("launch", kept=True)

    added = [await keep(ask, cora, "add_tag_synonym", tag, name=name) for name in ("Start", "START", "Launch")]
    removed = [await keep(ask, cora, "remove_tag_synonym", tag, name=name) for name in ("start", "start")]

    assert [one["tag"]["synonyms"] for one in added] == [["Start"]] * 3
    assert [one["tag"]["synonyms"] for one in removed] == [[]] * 2
    assert (await Tag.get(id=tag.id)).version == 3


async def test_a_tag_has_at_most_fifty_synonyms(ask: Ask) -> None:
    cora, tag = await a_keeper(ask), await a_tag("launch", *(f"s{i}" for i in range(TAG_SYNONYMS_MAX)))

    assert codes(await keep(ask, cora, "add_tag_synonym", tag, name="one more")) == ["BAD_USER_INPUT"]
    assert codes(await keep(ask, cora, "rename_tag", tag, name="other")) == ["BAD_USER_INPUT"]


async def test_a_merge_moves_posts_followers_names_and_old_links(ask: Ask) -> None:
    ann, bob, cora = await a_person("Ann"), await a_person("Bob"), await a_keeper(ask)
    one, two, three = await a_tag("one", "uno"), await a_tag("two", "due"), await a_tag("three", kept=True)
    both, only = await a_post(author=ann), await a_post(author=ann)
    await tagged(both, one, two)
    await tagged(only, one)
    for person, tag in ((ann, one), (ann, two), (bob, one)):
        await a_tag_follow(person, tag)
    await keep(ask, cora, "merge_tags", two, into_id=global_id(three))

    payload = await keep(ask, cora, "merge_tags", one, into_id=global_id(three))
    again = await keep(ask, cora, "merge_tags", one, into_id=global_id(three))

    assert payload["tag"]["synonyms"] == ["due", "one", "two", "uno"]
    assert codes(again) == []
    for tag in (one, two, three):
        shown = (await ask(bob, "tags/tag", id=global_id(tag), first=5))["tag"]
        assert (shown["name"], shown["followerCount"], shown["posts"]["totalCount"]) == ("three", 2, 2)
    assert await TagFollow.all().count() == 2
    assert await Tag.all().count() == 1
    assert await LoggedEvent.filter(kind="TagMerged", audience_id=None).count() == 2


async def test_a_tag_is_not_merged_into_itself_or_into_nothing(ask: Ask) -> None:
    cora, tag = await a_keeper(ask), await a_tag(kept=True)

    itself = await keep(ask, cora, "merge_tags", tag, into_id=global_id(tag))
    nothing = await keep(ask, cora, "merge_tags", tag, into_id=global_id(cora))

    assert (codes(itself), codes(nothing)) == (["BAD_USER_INPUT"], ["NOT_FOUND"])


async def test_a_tag_is_described_and_ruled_and_known_from_then_on(ask: Ask) -> None:
    ann, cora = await a_person("Ann"), await a_keeper(ask)
    await written(ask, ann, "#launch")
    tag = await Tag.get(key="launch")

    payload = await keep(ask, cora, "update_tag", tag, description="All about it", is_priority=True)
    same = await keep(ask, cora, "update_tag", tag, is_priority=True)
    too_long = await keep(ask, cora, "update_tag", tag, description="x" * 1_001)

    shown = {"description": "All about it", "isPriority": True, "isRestricted": False, "version": 2}
    assert shown.items() <= payload["tag"].items()
    assert same["tag"]["version"] == 2
    assert codes(too_long) == ["BAD_USER_INPUT"]
    assert (await Tag.get(id=tag.id)).kept


@pytest.mark.parametrize("name", ["", "#x", "x" * 61, "---"])
async def test_what_is_no_name_is_refused(ask: Ask, name: str) -> None:
    cora, tag = await a_keeper(ask), await a_tag(kept=True)

    for operation in ("rename_tag", "add_tag_synonym", "remove_tag_synonym"):
        assert codes(await keep(ask, cora, operation, tag, name=name)) == ["BAD_USER_INPUT"]
