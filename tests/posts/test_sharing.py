"""Passing posts on, which never widens who sees them."""

from __future__ import annotations

from models.feed import Post
from models.groups import Visibility
from tests.conftest import Ask
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.posts.telling import a_draft, a_written, as_seen, codes, told


async def test_a_share_shows_the_original_to_whoever_sees_that(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    original = await a_written(ask, ann, "Original")

    data = await ask(bob, "sharing/share_post", post_id=global_id(original), body="Read this")

    assert (codes(data["sharePost"]), data["sharePost"]["warnings"]) == ([], [])
    share = await Post.get(shared_id=original.id)
    assert (share.author_id, await told(share)) == (bob.id, ["PostPublished"])
    seen = await as_seen(ask, cem, share)
    assert seen and (seen["isShare"], seen["sharedPost"]["body"]) == (True, "Original")


async def test_sharing_never_widens_who_sees_the_original(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    secret = await a_group("Plot", owner=ann, visibility=Visibility.SECRET)
    original = await a_written(ask, ann, "hush", audience={"groupId": global_id(secret)})

    data = await ask(ann, "sharing/share_post", post_id=global_id(original), body="Big news")

    assert [one["code"] for one in data["sharePost"]["warnings"]] == ["NOT_VISIBLE_TO_ALL"]
    seen = await as_seen(ask, bob, await Post.get(shared_id=original.id))
    assert seen and (seen["body"], seen["isShare"], seen["sharedPost"]) == ("Big news", True, None)
    assert await as_seen(ask, bob, original) is None


async def test_nobody_passes_on_what_they_do_not_see(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    original = await a_written(ask, ann, audience={"groupId": global_id(group)})

    data = await ask(bob, "sharing/share_post", post_id=global_id(original))

    assert codes(data["sharePost"]) == ["NOT_FOUND"]


async def test_passing_on_a_share_passes_on_the_original(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    original = await a_written(ask, ann)
    first = await ask(bob, "sharing/share_post", post_id=global_id(original))

    second = await ask(cem, "sharing/share_post", post_id=first["sharePost"]["post"]["id"])

    assert second["sharePost"]["post"]["sharedPost"]["id"] == global_id(original)
    assert await Post.filter(shared_id=original.id).count() == 2


async def test_a_share_of_what_one_does_not_see_is_not_passed_on(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    original = await a_written(ask, ann, audience={"groupId": global_id(group)})
    share = await ask(ann, "sharing/share_post", post_id=global_id(original), body="Look")

    data = await ask(bob, "sharing/share_post", post_id=share["sharePost"]["post"]["id"])

    assert codes(data["sharePost"]) == ["NOT_FOUND"]


async def test_only_what_is_published_is_passed_on(ask: Ask) -> None:
    ann = await a_person()
    draft = await a_draft(ask, ann)

    data = await ask(ann, "sharing/share_post", post_id=global_id(draft))

    assert codes(data["sharePost"]) == ["BAD_USER_INPUT"]


async def test_a_share_needs_no_words_and_outlives_its_original(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    original = await a_written(ask, ann)
    data = await ask(bob, "sharing/share_post", post_id=global_id(original))

    await ask(ann, "posts/delete_post", post_id=global_id(original))

    share = await Post.get(shared_id=original.id)
    seen = await as_seen(ask, ann, share)
    assert (data["sharePost"]["post"]["body"], codes(data["sharePost"])) == ("", [])
    assert seen and (seen["isShare"], seen["sharedPost"]) == (True, None)


async def test_the_same_client_id_is_the_same_share(ask: Ask) -> None:
    ann = await a_person()
    original = await a_written(ask, ann)
    about = {"post_id": global_id(original), "client_id": "s1"}

    first, again = await ask(ann, "sharing/share_post", **about), await ask(ann, "sharing/share_post", **about)

    assert first["sharePost"]["post"]["id"] == again["sharePost"]["post"]["id"]


async def test_a_share_to_a_group_is_looked_at_where_posts_are(ask: Ask) -> None:
    ann = await a_person()
    group = await a_group(owner=await a_person("Olga"), moderated=True)
    await a_member(group, ann)
    original = await a_written(ask, ann)

    await ask(ann, "sharing/share_post", post_id=global_id(original), audience={"groupId": global_id(group)})

    share = await Post.get(shared_id=original.id)
    assert (share.status, await told(share)) == ("IN_REVIEW", ["PostSubmitted"])
