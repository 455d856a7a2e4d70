"""Tags on posts: given or written, made by use, at most ten, restricted ones for those who may announce."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models.feed import Post
from models.groups import Visibility
from models.log import LoggedEvent
from models.session import Role
from models.tags import PostTag, Tag
from tests.conftest import Ask
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.factories.session import a_role
from tests.factories.tags import a_tag
from tests.races import rounds
from tests.tags.acting import a_keeper, codes, keep, tags_of, write, written


async def test_a_post_has_the_tags_that_it_was_given_and_those_in_its_text(ask: Ask) -> None:
    ann = await a_person("Ann")

    post = await written(ask, ann, "We #Launch the #New-Site today", tags=["launch", "Big  News", "🚀"])

    assert await tags_of(ask, ann, post) == ["launch", "big news", "🚀", "new-site"]
    assert {(row.kind, row.audience_id) for row in await LoggedEvent.filter(kind="TagAdded")} == {("TagAdded", None)}


@pytest.mark.parametrize("name", ["Launch", "ＬＡＵＮＣＨ", " launch ", "lau\u00adnch"])
async def test_a_tag_is_the_same_however_it_is_written(ask: Ask, name: str) -> None:
    ann, launch = await a_person("Ann"), await a_tag("launch")

    post = await written(ask, ann, tags=[name])

    assert await tags_of(ask, ann, post) == ["launch"]
    assert await Tag.all().values_list("id", flat=True) == [launch.id]


async def test_a_synonym_puts_its_tag_on_a_post(ask: Ask) -> None:
    ann = await a_person("Ann")
    await a_tag("Human Resources", "HR")

    post = await written(ask, ann, "Ask #hr", tags=["human resources"])

    assert await tags_of(ask, ann, post) == ["Human Resources"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "x" * 1_000, "#launch", "a#b", "--", "\u200b", "ﷺ" * 10])
async def test_what_is_no_tag_is_refused(ask: Ask, name: str) -> None:
    payload = await write(ask, await a_person(), tags=["fine", name])

    assert codes(payload) == ["BAD_USER_INPUT"]
    assert payload["errors"][0]["path"] == ["input", "tags", "1"] or payload["errors"][0]["path"] == [
        "input",
        "tags",
        1,
    ]
    assert await Post.all().count() == await Tag.all().count() == 0


@pytest.mark.parametrize("name", ["❤️", "👨‍👩‍👧", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "7", "ü", "हिन्दी", "x" * 60])
async def test_emoji_and_words_of_all_scripts_are_tags(ask: Ask, name: str) -> None:
    ann = await a_person()

    post = await written(ask, ann, tags=[name])

    assert await tags_of(ask, ann, post) == [name]


async def test_a_heart_is_a_heart_with_or_without_its_selector(ask: Ask) -> None:
    ann = await a_person()

    post = await written(ask, ann, "#❤", tags=["❤️", "❤"])

    assert len(await tags_of(ask, ann, post)) == 1


async def test_a_post_has_at_most_ten_tags_together(ask: Ask) -> None:
    ann = await a_person()
    six = [f"tag{i}" for i in range(6)]

    refused = await write(ask, ann, "#a1 #a2 #a3 #a4 #a5", tags=six)
    too_many = await write(ask, ann, tags=[f"t{i}" for i in range(11)])
    in_text = await write(ask, ann, " ".join(f"#w{i}" for i in range(11)))

    assert [codes(one) for one in (refused, too_many, in_text)] == [["BAD_USER_INPUT"]] * 3
    assert await Post.all().count() == await Tag.all().count() == 0
    assert len(await tags_of(ask, ann, await written(ask, ann, "#a1 #a2 #a3 #a4", tags=six))) == 10


@pytest.mark.parametrize("body", ["`#code`", "```\n#code\n```", "see #12", "x#y", "https://x.example/#part", "\\#no"])
async def test_what_only_looks_like_a_tag_is_none(ask: Ask, body: str) -> None:
    ann = await a_person()

    assert await tags_of(ask, ann, await written(ask, ann, body)) == []


async def test_tags_of_the_text_follow_it_and_those_given_stay(ask: Ask) -> None:
    ann = await a_person()
    post = await written(ask, ann, "#one and #two", tags=["given", "two"])

    await ask(ann, "posts/edit_post", post_id=post, body="#three and #given")

    assert await tags_of(ask, ann, post) == ["given", "two", "three"]


async def test_the_given_tags_of_a_post_are_replaced_as_a_whole(ask: Ask) -> None:
    ann = await a_person()
    post = await written(ask, ann, "#one", tags=["two", "three"])

    payload = (await ask(ann, "tags/set_post_tags", post_id=post, tags=["three", "four"], expected_version=1))[
        "setPostTags"
    ]
    again = (await ask(ann, "tags/set_post_tags", post_id=post, tags=["Four", "three"]))["setPostTags"]
    stale = (await ask(ann, "tags/set_post_tags", post_id=post, tags=[], expected_version=1))["setPostTags"]

    assert sorted(tag["name"] for tag in payload["post"]["tags"]) == ["four", "one", "three"]
    assert again["post"]["version"] == payload["post"]["version"] == 2
    assert codes(stale) == ["CONFLICT"]


async def test_only_who_may_edit_a_post_sets_its_tags(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    hidden = await a_group(owner=ann, visibility=Visibility.SECRET)
    post, secret = await written(ask, ann), await written(ask, ann, group=hidden.id)

    refused = [
        codes((await ask(bob, "tags/set_post_tags", post_id=id, tags=["x"]))["setPostTags"])
        for id in (post, secret, global_id(bob))
    ]

    assert refused == [["FORBIDDEN"], ["NOT_FOUND"], ["NOT_FOUND"]]
    assert await Tag.all().count() == 0


async def test_a_restricted_tag_is_for_those_who_may_announce(ask: Ask) -> None:
    ann, cora = await a_person("Ann"), await a_keeper(ask)
    tag = await a_tag("official", restricted=True, kept=True)
    group = await a_group(owner=ann)
    bob = await a_person("Bob")
    await a_member(group, bob)

    given, in_text = await write(ask, ann, tags=["Official"]), await write(ask, ann, "It is #official")
    in_group = await write(ask, bob, tags=["official"], group=group.id)

    assert [codes(one) for one in (given, in_text, in_group)] == [["FORBIDDEN"]] * 3
    assert "official" in given["errors"][0]["message"]
    assert await tags_of(ask, cora, await written(ask, cora, tags=["official"])) == ["official"]
    assert await tags_of(ask, ann, await written(ask, ann, tags=["official"], group=group.id)) == ["official"]
    assert await PostTag.filter(tag_id=tag.id).count() == 2


async def test_a_post_that_has_a_restricted_tag_is_edited_as_before(ask: Ask) -> None:
    ann, cora = await a_person("Ann"), await a_keeper(ask)
    post = await written(ask, ann, "#news of today")
    await keep(ask, cora, "update_tag", await Tag.get(key="news"), is_restricted=True)

    edited = (await ask(ann, "posts/edit_post", post_id=post, body="#news of the day"))["editPost"]

    assert codes(edited) == []
    assert await tags_of(ask, ann, post) == ["news"]


async def test_a_guest_uses_tags_that_they_see_and_begins_none(ask: Ask) -> None:
    gil, ann = await a_guest("Gil"), await a_person("Ann")
    group = await a_group(owner=ann)
    await a_member(group, gil)
    await written(ask, ann, "#seen", group=group.id)
    await written(ask, ann, "#elsewhere")

    used = await written(ask, gil, "#seen #elsewhere #unheard", group=group.id, tags=["seen"])
    refused = [codes(await write(ask, gil, group=group.id, tags=[name])) for name in ("elsewhere", "unheard")]

    assert await tags_of(ask, gil, used) == ["seen"]
    assert refused == [["BAD_USER_INPUT"]] * 2
    assert await Tag.filter(key="unheard").count() == 0


async def test_a_removed_post_has_no_tags(ask: Ask) -> None:
    ann = await a_person()
    post = await written(ask, ann, "#gone")

    await ask(ann, "posts/delete_post", post_id=post)

    assert await PostTag.all().count() == 0


async def test_a_draft_has_its_tags_and_is_on_no_page_until_it_is_published(ask: Ask) -> None:
    ann, cora = await a_person("Ann"), await a_person("Bob")
    await a_role(cora, Role.ADMIN)

    post = await written(ask, ann, "#later", is_draft=True)

    assert await tags_of(ask, ann, post) == ["later"]
    assert (await PostTag.get()).published_at is None
    assert (await ask(cora, "tags/tag_page", name="later", first=5))["tag"] is None


@pytest.mark.race
async def test_the_same_new_tag_fifty_times_at_once_is_one_tag(ask: Ask) -> None:
    people = [await a_person(f"P{i}") for i in range(5)]
    for round in rounds():
        names = [f"race{round}", f"{round}race", f"r{round}"]

        async def use(i: int, names: list[str] = names) -> dict[str, Any]:
            shuffled = names[i % 3 :] + names[: i % 3]
            return await write(ask, people[i % 5], f"#{shuffled[0]}", tags=shuffled)

        payloads = await asyncio.gather(*(use(i) for i in range(50)))

        assert [codes(one) for one in payloads] == [[]] * 50
        assert await Tag.filter(key__in=names).count() == 3
        assert (
            await PostTag.filter(tag_id__in=await Tag.filter(key__in=names).values_list("id", flat=True)).count() == 150
        )


@pytest.mark.race
async def test_a_tag_is_merged_while_it_is_put_on_posts(ask: Ask) -> None:
    ann, cora = await a_person("Ann"), await a_keeper(ask)
    for round in rounds(4):
        old, new = await a_tag(f"old{round}", kept=True), await a_tag(f"new{round}", kept=True)
        uses = [write(ask, ann, f"#old{round}", tags=[f"new{round}"] * (i % 2)) for i in range(12)]

        await asyncio.gather(*uses[:6], keep(ask, cora, "merge_tags", old, into_id=global_id(new)), *uses[6:])

        assert await PostTag.filter(tag_id=old.id).count() == 0
        assert await PostTag.filter(tag_id=new.id).count() == 12
        assert await Tag.filter(key=f"old{round}").count() == 0
