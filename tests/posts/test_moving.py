"""Moving a post to another audience, with a warning of who sees it then."""

from __future__ import annotations

from models import audiences
from models.audiences import COMPANY
from models.feed import Comment, Post
from models.groups import GroupRole, Membership, Visibility
from models.log import LoggedEvent
from models.people import Person
from models.session import Role
from tests.conftest import Ask
from tests.factories.feed import a_comment
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.session import a_role
from tests.factories.tags import a_tag
from tests.posts.telling import a_written, as_seen, codes, in_feed, said, told

COMPANY_WIDE = {"company": True}


async def test_moving_tells_who_gains_and_who_loses_sight_before_it_is_done(ask: Ask) -> None:
    ann, gil = await a_person("Ann"), await a_guest("Gil")
    group = await a_group(owner=ann)
    await a_member(group, gil)
    for name in ("Bob", "Cem", "Dan"):
        await a_person(name)
    post = await a_written(ask, ann, audience={"groupId": global_id(group)})
    await a_comment(post, author=ann)

    data = await ask(ann, "sharing/move_post", post_id=global_id(post), audience=COMPANY_WIDE)

    assert codes(data["movePost"]) == ["CONFIRMATION_REQUIRED"]
    assert data["movePost"]["sightChange"] == {
        "gainingCount": 3,
        "losingCount": 1,
        "commentCount": 1,
        "authorLosesSight": False,
    }
    assert "3 people more" in said(data["movePost"])
    assert (await Post.get()).audience_id == group.id


async def test_a_confirmed_move_takes_everything_along_and_is_told_on_both_sides(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    post = await a_written(ask, ann, "Moved", audience={"groupId": global_id(group)})
    await a_comment(post, author=ann)
    assert await in_feed(ask, bob) == []

    data = await ask(ann, "sharing/move_post", post_id=global_id(post), audience=COMPANY_WIDE, confirmed=True)

    assert (codes(data["movePost"]), data["movePost"]["post"]["audience"]["kind"]) == ([], "COMPANY")
    assert (await in_feed(ask, bob), (await Comment.get()).audience_id) == (["Moved"], COMPANY)
    events = await LoggedEvent.filter(subject_id=post.id).order_by("id")
    assert [(e.kind, e.audience_id) for e in events] == [
        ("PostPublished", group.id),
        ("PostRemoved", group.id),
        ("PostPublished", COMPANY),
    ]


async def test_a_moved_post_keeps_its_place_in_time(ask: Ask) -> None:
    ann = await a_person()
    post = await a_written(ask, ann)
    group = await a_group(owner=ann)

    await ask(ann, "sharing/move_post", post_id=global_id(post), audience={"groupId": global_id(group)}, confirmed=True)

    assert (await Post.get()).published_at == post.published_at


async def test_where_nobody_gains_or_loses_sight_nothing_needs_confirming(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    one, two = await a_group(owner=ann), await a_group("Two", owner=ann)
    await a_member(one, bob)
    await a_member(two, bob)
    post = await a_written(ask, ann, audience={"groupId": global_id(one)})

    data = await ask(ann, "sharing/move_post", post_id=global_id(post), audience={"groupId": global_id(two)})

    assert codes(data["movePost"]) == []
    assert (await Post.get()).audience_id == two.id


async def test_moving_to_where_it_is_changes_nothing(ask: Ask) -> None:
    ann = await a_person()
    post = await a_written(ask, ann)

    data = await ask(ann, "sharing/move_post", post_id=global_id(post), audience=COMPANY_WIDE)

    assert (codes(data["movePost"]), await told(post)) == ([], ["PostPublished"])


async def test_it_is_told_where_the_author_would_lose_sight(ask: Ask) -> None:
    ann, mo = await a_person("Ann"), await a_person("Mo")
    await a_role(mo, Role.MODERATOR)
    group = await a_group(owner=mo)
    post = await a_written(ask, ann)

    data = await ask(mo, "sharing/move_post", post_id=global_id(post), audience={"groupId": global_id(group)})

    assert data["movePost"]["sightChange"]["authorLosesSight"]
    assert "its author among them" in said(data["movePost"])


async def test_only_its_author_and_who_moderates_there_move_a_post(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=bob)
    post = await a_written(ask, ann)

    data = await ask(bob, "sharing/move_post", post_id=global_id(post), audience={"groupId": global_id(group)})

    assert codes(data["movePost"]) == ["FORBIDDEN"]


async def test_nobody_moves_a_post_to_where_they_may_not_post(ask: Ask) -> None:
    ann, olga = await a_person("Ann"), await a_person("Olga")
    unit, archived = await a_unit(), await a_group("Old", owner=olga, archived=True)
    await a_member(archived, ann)
    secret = await a_group("Plot", owner=olga, visibility=Visibility.SECRET)
    post = await a_written(ask, ann)
    targets = [{"orgUnitId": global_id(unit)}, {"groupId": global_id(archived)}, {"groupId": global_id(secret)}]

    got = [
        codes(
            (await ask(ann, "sharing/move_post", post_id=global_id(post), audience=there, confirmed=True))["movePost"]
        )
        for there in targets
    ]

    assert got == [["FORBIDDEN"], ["FORBIDDEN"], ["NOT_FOUND"]]
    assert (await Post.get()).audience_id == COMPANY


async def test_an_announcement_moves_only_to_where_one_may_announce(ask: Ask) -> None:
    com = await a_person("Com")
    unit = await a_unit()
    await Person.filter(id=com.id).update(unit_id=unit.id)
    group = await a_group(owner=await a_person("Olga"))
    await a_member(group, com)
    await a_role(com, Role.COMMUNICATOR, unit)
    post = await a_written(ask, com, kind="ANNOUNCEMENT", audience={"orgUnitId": global_id(unit)})

    data = await ask(
        com, "sharing/move_post", post_id=global_id(post), audience={"groupId": global_id(group)}, confirmed=True
    )

    assert codes(data["movePost"]) == ["FORBIDDEN"]


async def test_a_restricted_tag_moves_only_to_where_one_may_announce(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    own, other = await a_group("Own", owner=ann), await a_group("Other", owner=bob)
    await a_member(other, ann)
    await a_tag("official", kept=True, restricted=True)
    post = await a_written(ask, ann, "#official", audience={"groupId": global_id(own)})
    about = {"post_id": global_id(post), "audience": {"groupId": global_id(other)}, "confirmed": True}

    refused = (await ask(ann, "sharing/move_post", **about))["movePost"]
    await Membership.filter(group_id=other.id, person_id=ann.id).update(role=GroupRole.MODERATOR)
    let = (await ask(ann, "sharing/move_post", **about))["movePost"]

    assert (codes(refused), codes(let)) == (["FORBIDDEN"], [])
    assert "“official”" in said(refused)


async def test_nothing_slips_by_those_who_look_first_by_being_moved(ask: Ask) -> None:
    ann, mo = await a_person("Ann"), await a_person("Mo")
    group = await a_group(owner=mo, moderated=True)
    await a_member(group, ann)
    post = await a_written(ask, ann)
    there = {"groupId": global_id(group)}

    hers = await ask(ann, "sharing/move_post", post_id=global_id(post), audience=there, confirmed=True)
    await a_role(mo, Role.MODERATOR)
    his = await ask(mo, "sharing/move_post", post_id=global_id(post), audience=there, confirmed=True)

    assert (codes(hers["movePost"]), codes(his["movePost"])) == (["FORBIDDEN"], [])


async def test_what_waits_to_be_looked_at_is_taken_back_before_it_is_moved(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=await a_person("Olga"), moderated=True)
    await a_member(group, ann)
    post = await a_written(ask, ann, audience={"groupId": global_id(group)})

    data = await ask(ann, "sharing/move_post", post_id=global_id(post), audience=COMPANY_WIDE)

    assert codes(data["movePost"]) == ["BAD_USER_INPUT"]


async def test_whom_a_comment_names_hears_of_it_once_it_is_moved_to_where_they_see_it(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    post = await a_written(ask, ann, audience={"groupId": global_id(group)})
    await ask(ann, "comments/add_comment", post_id=global_id(post), body=f"Ask @[{global_id(bob)}]")
    unheard = await LoggedEvent.filter(kind="PersonMentioned").count()

    await ask(ann, "sharing/move_post", post_id=global_id(post), audience={"company": True}, confirmed=True)

    [heard_of] = await LoggedEvent.filter(kind="PersonMentioned")
    assert (unheard, heard_of.subject_id) == (0, bob.id)


async def test_a_moved_post_is_pinned_no_longer(ask: Ask) -> None:
    ann = await a_person()
    post = await a_written(ask, ann)
    await Post.filter(id=post.id).update(pinned_at=post.created_at)
    group = await a_group(owner=ann)

    await ask(ann, "sharing/move_post", post_id=global_id(post), audience={"groupId": global_id(group)}, confirmed=True)

    assert (await Post.get()).pinned_at is None


async def test_who_has_left_the_old_audience_sees_nothing_of_it_in_the_new_one(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    open_one, closed = await a_group(owner=ann), await a_group("Closed", owner=ann)
    await a_member(open_one, bob, GroupRole.MEMBER)
    post = await a_written(ask, ann, audience={"groupId": global_id(open_one)})
    assert await as_seen(ask, bob, post)

    await ask(
        ann, "sharing/move_post", post_id=global_id(post), audience={"groupId": global_id(closed)}, confirmed=True
    )
    await audiences.remove(open_one.id, [bob.id])

    assert await as_seen(ask, bob, post) is None


async def test_what_others_said_in_a_secret_group_stays_there(ask: Ask) -> None:
    ann, olga = await a_person("Ann"), await a_person("Olga")
    await a_person("Bob")
    group = await a_group("Plot", owner=olga, visibility=Visibility.SECRET)
    await a_member(group, ann)
    anns = await a_written(ask, ann, "Mine", audience={"groupId": global_id(group)})

    async def moved(by: Person) -> list[str]:
        given = {"post_id": global_id(anns), "audience": COMPANY_WIDE, "confirmed": True}
        return codes((await ask(by, "sharing/move_post", **given))["movePost"])

    assert await moved(olga) == ["FORBIDDEN"]
    comment = await a_comment(anns, author=olga)
    assert await moved(ann) == ["FORBIDDEN"]
    await comment.delete()
    assert await moved(ann) == []
