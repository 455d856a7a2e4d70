"""The ranked home feed: what counts for its reader comes first, and its pages stay in one ranking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.audiences import COMPANY
from models.feed import Post
from models.groups import Visibility
from models.keys import uuid7
from models.mentions import Mention
from models.people import Person
from models.ranking import CANDIDATES_MAX, DAYS, FACTORS, HALF_LIFE
from models.reactions import Reaction
from models.tags import PostTag, Tag, TagFollow
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.circles import a_circle
from tests.factories.feed import a_comment, a_post
from tests.factories.follows import a_block, a_follow
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_guest, a_person, a_unit
from tests.factories.readings import a_must_read
from tests.feed.worlds import a_feed_world


async def ranked(ask: Ask, who: Person, first: int = 100, **more: Any) -> dict[str, Any]:
    return (await ask(who, "feed/feed_reasons", first=first, **more))["feed"]


def bodies(page: dict[str, Any]) -> list[str]:
    return [node["body"] for node in page["nodes"]]


async def reasons(ask: Ask, who: Person, order: str = "RANKED") -> dict[str, list[str]]:
    return {node["body"]: node["reasons"] for node in (await ranked(ask, who, order=order))["nodes"]}


async def a_tag(name: str, *posts: Post, follower: Person | None = None, priority: bool = False) -> Tag:
    tag = await Tag.create(name=name, key=name, priority=priority, created_at=NOW)
    for post in posts:
        await PostTag.create(
            post_id=post.id, tag_id=tag.id, audience_id=post.audience_id, published_at=post.published_at
        )
    if follower:
        await TagFollow.create(person_id=follower.id, tag_id=tag.id, created_at=NOW)
    return tag


async def at(hours: float, body: str, author: Person, **more: Any) -> Post:
    """A post that is so old."""
    moment = NOW - timedelta(hours=hours)
    return await a_post(body, author=author, created_at=moment, published_at=moment, **more)


async def test_with_nothing_between_them_the_newest_come_first(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    for hours in (3, 1, 2):
        await at(hours, str(hours), bob)

    page = await ranked(ask, ann)

    assert bodies(page) == ["1", "2", "3"]
    assert [node["reasons"] for node in page["nodes"]] == [["COMPANY"]] * 3


async def test_each_reason_lifts_a_post_over_plain_ones_by_its_head_start(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    lifted = await at(20, "lifted", bob)
    await at(0, "new", await a_person("Cem"))
    assert bodies(await ranked(ask, ann)) == ["new", "lifted"]

    await a_follow(ann, bob)

    assert FACTORS["followed_person"] == 2.0 and HALF_LIFE == 24 * 3600
    assert bodies(await ranked(ask, ann)) == ["lifted", "new"]
    await Post.filter(id=lifted.id).update(published_at=NOW - timedelta(hours=25))
    assert bodies(await ranked(ask, ann)) == ["new", "lifted"]


async def test_a_priority_tag_lifts_a_post_for_its_followers_alone(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    safety, tea = await at(70, "safety", cem), await at(20, "tea", cem)
    await at(0, "new", cem)
    await a_tag("safety", safety, follower=ann, priority=True)
    await a_tag("tea", tea, follower=ann)

    assert bodies(await ranked(ask, ann)) == ["tea", "safety", "new"]
    assert bodies(await ranked(ask, bob)) == ["new", "tea", "safety"]
    assert await reasons(ask, ann) == {
        "tea": ["FOLLOWED_TAG", "COMPANY"],
        "safety": ["PRIORITY_TAG", "FOLLOWED_TAG", "COMPANY"],
        "new": ["COMPANY"],
    }


async def test_what_must_be_read_comes_first_until_it_is_acknowledged(ask: Ask, clock: TurnedClock) -> None:
    ann, cem = await a_person("Ann"), await a_person("Cem")
    ancient = await at(24 * DAYS * 2, "ancient", cem)
    await a_must_read(ancient, by=cem)
    await at(0, "new", cem)
    assert bodies(await ranked(ask, ann)) == ["ancient", "new"]
    assert bodies(await ranked(ask, cem)) == ["new"]

    await ask(ann, "readings/acknowledge_post", post_id=global_id(ancient))

    assert bodies(await ranked(ask, ann)) == ["new"]


async def test_nearness_in_the_chart_counts(ask: Ask) -> None:
    unit, other = await a_unit("Unit"), await a_unit("Other")
    top = await a_person("Top", unit=other)
    boss = await a_person("Boss", unit=other, manager=top)
    ann = await a_person("Ann", unit=unit, manager=boss)
    report = await a_person("Report", unit=other, manager=ann)
    mate, stranger = await a_person("Mate", unit=unit), await a_person("Stranger", unit=other)
    below = await a_person("Below", unit=other, manager=report)
    for author in (stranger, below, top, mate, boss, report):
        await at(1, author.name, author)

    found = await reasons(ask, ann)

    near = ["CLOSE_COLLEAGUE", "COMPANY"]
    assert found == {
        **dict.fromkeys(("Top", "Boss", "Report", "Mate"), near),
        **dict.fromkeys(("Stranger", "Below"), near[1:]),
    }
    order = list(found)
    assert {*order[:2]} == {"Boss", "Report"} and order[2:4] == ["Mate", "Top"]


async def test_a_vacant_post_between_does_not_make_a_manager_far(ask: Ask) -> None:
    boss = await a_person("Boss")
    gone = await a_person("Gone", manager=boss, active=False)
    ann = await a_person("Ann", manager=gone)
    await at(1, "boss", boss)

    assert await reasons(ask, ann) == {"boss": ["CLOSE_COLLEAGUE", "COMPANY"]}
    assert bodies(await ranked(ask, ann)) == ["boss"]


async def test_groups_in_common_mentions_and_what_one_took_part_in_count(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    circle = await a_circle(bob, ann)
    await at(3, "shared", bob)
    inside = await at(4, "inside", bob, audience=circle.id)
    mentions, under = await at(5, "mentions", cem), await at(6, "mentioned below", cem)
    commented, reacted = await at(7, "commented", cem), await at(8, "reacted", cem)
    comment = await a_comment(under, author=cem)
    for post, subject in ((mentions, mentions.id), (under, comment.id)):
        await Mention.create(subject_id=subject, post_id=post.id, person_id=ann.id, created_at=NOW)
    await a_comment(commented, author=ann, created_at=NOW)
    await Reaction.create(subject_id=reacted.id, person_id=ann.id, emoji="👍", created_at=NOW)

    assert inside
    assert await reasons(ask, ann) == {
        "shared": ["SHARED_GROUPS", "COMPANY"],
        "inside": ["SHARED_GROUPS", "GROUP"],
        "mentions": ["MENTIONED", "COMPANY"],
        "mentioned below": ["MENTIONED", "COMPANY"],
        "commented": ["TOOK_PART", "COMPANY"],
        "reacted": ["TOOK_PART", "COMPANY"],
    }
    assert bodies(await ranked(ask, ann))[:2] == ["mentions", "mentioned below"]


async def test_recent_pages_tell_reasons_too(ask: Ask) -> None:
    ann, bob = await a_person("Ann", location="Bern"), await a_person("Bob")
    await a_follow(ann, bob)
    await at(2, "old", bob)
    await ask(ann, "posts/create_post", kind="DISCUSSION", body="here", audience={"location": "Bern"})

    assert await reasons(ask, ann, "RECENT") == {"here": ["LOCATION"], "old": ["FOLLOWED_PERSON", "COMPANY"]}


async def test_an_open_group_that_one_only_reads_is_no_reason(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    post = await a_post("open", author=own, audience=(await a_circle(own, visibility=Visibility.OPEN)).id)

    answer = await ask.text(
        ann, "query ($id: ID!) { node(id: $id) { ... on Post { reasons } } }", {"id": global_id(post)}
    )

    assert answer.data == {"node": {"reasons": []}}


async def test_a_guest_is_shown_their_groups_alone(ask: Ask) -> None:
    own, gil = await a_person("Own"), await a_guest("Gil")
    await a_post("inside", author=own, audience=(await a_circle(own, gil)).id)
    await a_post("outside", author=own)

    assert await reasons(ask, gil) == {"inside": ["SHARED_GROUPS", "GROUP"]}


@pytest.mark.parametrize("seed", range(6))
async def test_it_holds_the_same_posts_as_the_recent_one_each_once(ask: Ask, seed: int) -> None:
    world = await a_feed_world(seed, 50)
    for writer in world.writers:
        if writer.id not in world.blocked and world.rng.random() < 0.5:
            await a_follow(world.viewer, writer)

    seen: list[str] = []
    page = await ranked(ask, world.viewer, 4)
    while True:
        seen += [node["id"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        page = await ranked(ask, world.viewer, world.rng.randint(1, 9), after=page["pageInfo"]["endCursor"])

    whole = [node["id"] for node in (await ranked(ask, world.viewer))["nodes"]]
    assert seen == whole
    assert sorted(seen) == sorted(global_id(post) for post in await world.expected())


async def test_pages_stay_in_one_ranking_while_things_happen(ask: Ask, clock: TurnedClock) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    first = await at(1, "must", cem)
    await a_must_read(first, by=cem)
    for hours in range(2, 8):
        await at(hours, str(hours), bob if hours % 2 else cem)
    before = bodies(await ranked(ask, ann))
    top = await ranked(ask, ann, 2)

    clock.turn(minutes=5)
    await ask(ann, "readings/acknowledge_post", post_id=global_id(first))
    await ask(ann, "follows/follow_person", person_id=global_id(bob), follow=True)
    await ask(cem, "posts/create_post", kind="DISCUSSION", body="newer")
    await ask(ann, "comments/add_comment", post_id=global_id(await Post.get(body="7")), body="Indeed")
    rest = await ranked(ask, ann, after=top["pageInfo"]["endCursor"])

    assert bodies(top) + bodies(rest) == before
    assert bodies(await ranked(ask, ann)) == ["newer", "7", "3", "5", "must", "2", "4", "6"]


async def test_what_is_gone_meanwhile_leaves_no_gap(ask: Ask) -> None:
    ann, cem = await a_person("Ann"), await a_person("Cem")
    for hours in range(1, 8):
        await at(hours, str(hours), cem)
    top = await ranked(ask, ann, 3)

    for body in ("2", "5"):
        await ask(cem, "posts/delete_post", post_id=global_id(await Post.get(body=body)))
    rest = await ranked(ask, ann, after=top["pageInfo"]["endCursor"])

    assert bodies(rest) == ["4", "6", "7"]


async def test_it_goes_back_up(ask: Ask) -> None:
    ann, cem = await a_person("Ann"), await a_person("Cem")
    for hours in range(1, 6):
        await at(hours, str(hours), cem)
    text = """query ($last: Int!, $before: String) {
        feed(last: $last, before: $before, order: RANKED) {
            nodes { body } pageInfo { hasPreviousPage startCursor } } }"""

    bottom = (await ask.text(ann, text, {"last": 3})).data
    assert bottom
    cursor = bottom["feed"]["pageInfo"]["startCursor"]
    top = (await ask.text(ann, text, {"last": 3, "before": cursor})).data

    assert top and bodies(bottom["feed"]) == ["3", "4", "5"] and bodies(top["feed"]) == ["1", "2"]
    assert not top["feed"]["pageInfo"]["hasPreviousPage"]


async def test_whom_one_has_blocked_is_not_ranked(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    await at(1, "said", bob)
    await a_must_read(await at(2, "to be read", bob), by=bob)
    await a_block(ann, bob)

    assert bodies(await ranked(ask, ann)) == ["to be read"]


async def test_a_cursor_of_one_order_does_not_open_the_other(ask: Ask) -> None:
    ann = await a_person("Ann")
    for hours in range(3):
        await at(hours, str(hours), ann)
    page = await ranked(ask, ann, 1)
    recent = await ranked(ask, ann, 1, order="RECENT")

    for order, other in (("RECENT", page), ("RANKED", recent)):
        cursor = other["pageInfo"]["endCursor"]
        answer = await ask.answer(ann, "feed/feed_reasons", first=1, after=cursor, order=order)
        assert answer.code == "INVALID_CURSOR"


async def test_what_is_old_or_beyond_the_newest_thousand_is_not_ranked(ask: Ask) -> None:
    ann, cem = await a_person("Ann"), await a_person("Cem")
    unit = await a_unit()
    await Person.filter(id=ann.id).update(unit_id=unit.id)
    await at(24 * DAYS + 1, "old", cem)
    bulk: list[Post] = []
    for i in range(CANDIDATES_MAX + 20):
        moment = NOW - timedelta(minutes=i)
        place: dict[str, Any] = {"author_id": cem.id, "audience_id": unit.id if i % 3 else COMPANY}
        bulk.append(Post(id=uuid7(), body=f"{i}", created_at=moment, published_at=moment, **place))
    await Post.bulk_create(bulk)

    seen: list[str] = []
    page = await ranked(ask, ann)
    while True:
        seen += bodies(page)
        if not page["pageInfo"]["hasNextPage"]:
            break
        page = await ranked(ask, ann, after=page["pageInfo"]["endCursor"])

    assert seen == [str(i) for i in range(CANDIDATES_MAX)]
