"""Posts that somebody who moderates there looks at before their audience does."""

from __future__ import annotations

from models import audiences
from models.feed import Post, PostStatus
from models.groups import Group, GroupRole, Membership
from models.log import LoggedEvent
from models.org import OrgUnit
from models.people import Person
from models.session import Role
from tests.conftest import Ask
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.factories.session import a_role
from tests.posts.telling import a_draft, a_written, as_seen, codes, heard, in_feed, said, told


async def a_looked_at_group(**people: GroupRole) -> tuple[Group, list[Person]]:
    """A group whose posts wait, and its people, by their names."""
    group = await a_group(moderated=True)
    members = [await a_person(name) for name in people]
    for person, role in zip(members, people.values(), strict=True):
        await a_member(group, person, role)
    return group, members


async def test_a_members_post_waits_and_a_moderators_does_not(ask: Ask) -> None:
    group, [ann, mo, bob] = await a_looked_at_group(Ann=GroupRole.MEMBER, Mo=GroupRole.MODERATOR, Bob=GroupRole.MEMBER)
    there = {"groupId": global_id(group)}

    hers = await a_written(ask, ann, "hers", audience=there)
    await a_written(ask, mo, "his", audience=there)

    assert await in_feed(ask, bob) == ["his"]
    assert (await as_seen(ask, bob, hers), await heard(hers)) == (None, [])
    seen, looked_at = await as_seen(ask, ann, hers), await as_seen(ask, mo, hers)
    assert seen and looked_at and (seen["status"], looked_at["status"]) == ("IN_REVIEW", "IN_REVIEW")
    assert (seen["viewerCanReview"], looked_at["viewerCanReview"]) == (False, True)


async def test_a_published_draft_waits_there_too(ask: Ask) -> None:
    group, [ann] = await a_looked_at_group(Ann=GroupRole.MEMBER)
    draft = await a_draft(ask, ann, audience={"groupId": global_id(group)})

    data = await ask(ann, "publishing/publish_post", post_id=global_id(draft))
    again = await ask(ann, "publishing/publish_post", post_id=global_id(draft))

    assert data["publishPost"]["post"]["status"] == again["publishPost"]["post"]["status"] == "IN_REVIEW"
    assert await told(draft) == ["PostSubmitted"]


async def test_a_post_that_passes_is_published(ask: Ask) -> None:
    group, [ann, mo, bob] = await a_looked_at_group(Ann=GroupRole.MEMBER, Mo=GroupRole.MODERATOR, Bob=GroupRole.MEMBER)
    post = await a_written(ask, ann, audience={"groupId": global_id(group)})

    data = await ask(mo, "publishing/review_post", post_id=global_id(post), verdict="APPROVE", expected_version=1)
    again = await ask(mo, "publishing/review_post", post_id=global_id(post), verdict="APPROVE")

    assert data["reviewPost"]["post"]["status"] == again["reviewPost"]["post"]["status"] == "PUBLISHED"
    assert await in_feed(ask, bob) == ["Hello"]
    assert await told(post) == ["PostSubmitted", "PostPublished"]


async def test_a_post_that_is_returned_is_its_authors_draft_again_with_the_reason(ask: Ask) -> None:
    group, [ann, mo] = await a_looked_at_group(Ann=GroupRole.MEMBER, Mo=GroupRole.OWNER)
    post = await a_written(ask, ann, audience={"groupId": global_id(group)})

    data = await ask(
        mo, "publishing/review_post", post_id=global_id(post), verdict="RETURN", reason="No names, please."
    )

    assert codes(data["reviewPost"]) == []
    seen = await as_seen(ask, ann, post)
    assert seen and (seen["status"], seen["returnedReason"]) == ("DRAFT", "No names, please.")
    assert await as_seen(ask, mo, post) is None


async def test_nothing_is_returned_without_a_reason_that_fits(ask: Ask) -> None:
    group, [ann, mo] = await a_looked_at_group(Ann=GroupRole.MEMBER, Mo=GroupRole.OWNER)
    post = await a_written(ask, ann, audience={"groupId": global_id(group)})

    for reason in (None, "  ", "x" * 2_001):
        data = await ask(mo, "publishing/review_post", post_id=global_id(post), verdict="RETURN", reason=reason)
        assert codes(data["reviewPost"]) == ["BAD_USER_INPUT"]

    assert (await Post.get()).status == PostStatus.IN_REVIEW


async def test_nobody_judges_their_own_post(ask: Ask) -> None:
    group, [ann] = await a_looked_at_group(Ann=GroupRole.MEMBER)
    post = await a_written(ask, ann, audience={"groupId": global_id(group)})
    await Membership.filter(person_id=ann.id).update(role=GroupRole.MODERATOR)

    data = await ask(ann, "publishing/review_post", post_id=global_id(post), verdict="APPROVE")

    assert codes(data["reviewPost"]) == ["FORBIDDEN"]
    assert (await ask(ann, "publishing/review_queue", first=10))["reviewQueue"]["totalCount"] == 0


async def test_a_text_that_was_changed_meanwhile_does_not_pass_unseen(ask: Ask) -> None:
    group, [ann, mo] = await a_looked_at_group(Ann=GroupRole.MEMBER, Mo=GroupRole.MODERATOR)
    post = await a_written(ask, ann, audience={"groupId": global_id(group)})
    await ask(ann, "posts/edit_post", post_id=global_id(post), body="Something else")

    data = await ask(mo, "publishing/review_post", post_id=global_id(post), verdict="APPROVE", expected_version=1)

    assert codes(data["reviewPost"]) == ["CONFLICT"]
    assert (await Post.get()).status == PostStatus.IN_REVIEW


async def test_a_post_whose_author_has_left_the_group_does_not_pass(ask: Ask) -> None:
    group, [ann, mo] = await a_looked_at_group(Ann=GroupRole.MEMBER, Mo=GroupRole.MODERATOR)
    post = await a_written(ask, ann, audience={"groupId": global_id(group)})
    await Membership.filter(person_id=ann.id).delete()
    await audiences.remove(group.id, [ann.id])

    data = await ask(mo, "publishing/review_post", post_id=global_id(post), verdict="APPROVE")

    assert codes(data["reviewPost"]) == ["CONFLICT"]
    assert "Send it back" in said(data["reviewPost"])


async def test_what_has_passed_cannot_be_returned(ask: Ask) -> None:
    group, [ann, mo] = await a_looked_at_group(Ann=GroupRole.MEMBER, Mo=GroupRole.MODERATOR)
    post = await a_written(ask, ann, audience={"groupId": global_id(group)})
    await ask(mo, "publishing/review_post", post_id=global_id(post), verdict="APPROVE")

    data = await ask(mo, "publishing/review_post", post_id=global_id(post), verdict="RETURN", reason="Late")

    assert codes(data["reviewPost"]) == ["CONFLICT"]


async def test_an_author_takes_back_what_waits(ask: Ask) -> None:
    group, [ann, mo] = await a_looked_at_group(Ann=GroupRole.MEMBER, Mo=GroupRole.MODERATOR)
    post = await a_written(ask, ann, audience={"groupId": global_id(group)})

    data = await ask(ann, "publishing/unschedule_post", post_id=global_id(post))

    assert data["unschedulePost"]["post"]["status"] == "DRAFT"
    assert (await ask(mo, "publishing/review_queue", first=10))["reviewQueue"]["totalCount"] == 0


async def test_the_queue_holds_what_one_may_judge_the_longest_waiting_first(ask: Ask) -> None:
    group, [ann, mo] = await a_looked_at_group(Ann=GroupRole.MEMBER, Mo=GroupRole.MODERATOR)
    other, [bob] = await a_looked_at_group(Bob=GroupRole.MEMBER)
    for body in ("one", "two"):
        await a_written(ask, ann, body, audience={"groupId": global_id(group)})
    await a_written(ask, bob, "elsewhere", audience={"groupId": global_id(other)})

    queue = (await ask(mo, "publishing/review_queue", first=10))["reviewQueue"]
    of_group = await ask(mo, "publishing/review_queue", first=10, audience={"groupId": global_id(group)})
    hers = (await ask(ann, "publishing/review_queue", first=10))["reviewQueue"]

    assert [node["body"] for node in queue["nodes"]] == ["one", "two"]
    assert of_group["reviewQueue"]["totalCount"] == 2
    assert (hers["totalCount"], hers["nodes"]) == (0, [])


async def test_a_head_has_posts_to_their_unit_looked_at(ask: Ask) -> None:
    head, ann = await a_person("Hed"), await a_person("Ann")
    unit = await a_unit(head=head)
    await Person.filter(id__in=[head.id, ann.id]).update(unit_id=unit.id)

    data = await ask(head, "publishing/set_unit_moderation", unit_id=global_id(unit), is_moderated=True)
    await ask(head, "publishing/set_unit_moderation", unit_id=global_id(unit), is_moderated=True)
    post = await a_written(ask, ann, audience={"orgUnitId": global_id(unit)})

    assert data["setUnitModeration"]["unit"]["isModerated"]
    assert (await OrgUnit.get()).moderated
    assert (await Post.get(id=post.id)).status == PostStatus.IN_REVIEW
    assert await LoggedEvent.filter(kind="UnitModerationSet").count() == 1


async def test_nobody_but_who_moderates_a_unit_decides_that(ask: Ask) -> None:
    ann, hr = await a_person("Ann"), await a_person("Hro")
    unit = await a_unit(head=await a_person("Hed"))
    await Person.filter(id=ann.id).update(unit_id=unit.id)
    await a_role(hr, Role.HR)

    about = {"unit_id": global_id(unit), "is_moderated": True}
    got = [await ask(who, "publishing/set_unit_moderation", **about) for who in (ann, hr)]

    assert [codes(data["setUnitModeration"]) for data in got] == [["FORBIDDEN"], ["FORBIDDEN"]]
    assert not (await OrgUnit.get()).moderated
