"""Why somebody can, or cannot, see a thing: what is told agrees with what they find."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models import audiences
from models.feed import Post, PostStatus
from models.groups import Group, GroupRole, Visibility
from models.people import Person
from models.profiles import BuiltIn, FieldVisibility
from models.session import Role
from resolvers.access import AccessReasonCode as Code
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_guest, a_person, a_unit
from tests.factories.profiles import a_rule as a_field_rule
from tests.factories.rules import a_rule
from tests.factories.session import a_role

GRANTS = {
    *(Code.AUTHOR, Code.MODERATES, Code.IN_COMPANY, Code.IN_UNIT, Code.IN_LOCATION, Code.IN_GROUP, Code.IN_LIST),
    *(Code.MEETS_RULE, Code.OPEN_GROUP, Code.PRIVATE_GROUP, Code.INVITED),
}
"""Reasons why somebody sees a thing."""


async def why(ask: Ask, who: Person, subject: Any, person: Person) -> tuple[bool, list[str]]:
    data = await ask(who, "access/explain_access", subject_id=global_id(subject), person_id=global_id(person))
    told = data["explainAccess"]
    return told["isVisible"], [reason["code"] for reason in told["reasons"]]


async def refusal(ask: Ask, who: Person, subject: Any, person: Person) -> str | None:
    ids = {"subject_id": global_id(subject), "person_id": global_id(person)}
    return (await ask.answer(who, "access/explain_access", **ids)).code


async def circle(owner: Person, *members: Person, visibility: Visibility) -> Group:
    """A group of an owner and members."""
    group = await a_group(owner=owner, visibility=visibility)
    for person in members:
        await a_member(group, person, GroupRole.GUEST if person.is_guest else GroupRole.MEMBER)
    return group


async def test_each_kind_of_audience_has_its_reasons(ask: Ask) -> None:
    unit = await a_unit("Research")
    ann, bob = await a_person("Ann", unit=unit, location="Bern"), await a_person("Bob", unit=unit, location="Bern")
    eve, gil = await a_person("Eve"), await a_guest("Gil")
    located = await audiences.of_location("Bern")
    group = await circle(ann, bob, visibility=Visibility.PRIVATE)
    rule, listed = await a_rule("Cooks", ann, bob), await audiences.of_people([ann.id, bob.id])

    async def told(audience: Any) -> list[tuple[bool, list[str]]]:
        post = await a_post(author=ann, audience=audience)
        return [await why(ask, ann, post, person) for person in (bob, eve, gil)]

    outside = (False, ["GUEST_OUTSIDE"])
    assert await told(audiences.COMPANY) == [(True, ["IN_COMPANY"]), (True, ["IN_COMPANY"]), outside]
    assert await told(unit.id) == [(True, ["IN_UNIT"]), (False, ["NOT_IN_UNIT"]), outside]
    assert await told(located) == [(True, ["IN_LOCATION"]), (False, ["NOT_IN_LOCATION"]), outside]
    assert await told(group.id) == [(True, ["IN_GROUP"]), (False, ["NOT_IN_GROUP"]), outside]
    assert await told(rule.id) == [(True, ["MEETS_RULE"]), (False, ["NOT_IN_RULE"]), outside]
    assert await told(listed) == [(True, ["IN_LIST"]), (False, ["NOT_IN_LIST"]), outside]


async def test_the_answer_is_what_the_person_finds(ask: Ask) -> None:
    """For every post and comment, whoever asks about whomever, and the reasons are of the same side."""
    unit = await a_unit("Research")
    ann, bob = await a_person("Ann", unit=unit, location="Bern"), await a_person("Bob", location="Bern")
    eve, gil = await a_person("Eve", unit=unit), await a_guest("Gil")
    open_one = await circle(ann, gil, visibility=Visibility.OPEN)
    hidden = await circle(ann, eve, visibility=Visibility.SECRET)
    places = [audiences.COMPANY, unit.id, await audiences.of_location("Bern"), open_one.id, hidden.id]
    posts = [await a_post(author=ann, audience=place) for place in places]
    for status in (PostStatus.DRAFT, PostStatus.SCHEDULED, PostStatus.IN_REVIEW):
        later = NOW + timedelta(days=1) if status is PostStatus.SCHEDULED else None
        more: dict[str, Any] = {"status": status, "scheduled_at": later, "published_at": None}
        posts.append(await a_post(author=ann, audience=unit.id, **more))
    await a_role(eve, Role.MODERATOR, unit)

    for post in posts:
        for person in (ann, bob, eve, gil):
            found = (await ask(person, "posts/post", id=global_id(post)))["node"] is not None
            visible, reasons = await why(ask, ann, post, person)

            assert visible == found, (post.status, person.name)
            assert visible == bool(GRANTS & {*map(Code, reasons)}), (post.status, person.name, reasons)


async def test_an_open_group_is_read_without_being_in_it(ask: Ask) -> None:
    ann, bob, gil = await a_person("Ann"), await a_person("Bob"), await a_guest("Gil")
    group = await circle(ann, visibility=Visibility.OPEN)
    comment = await a_comment(await a_post(author=ann, audience=group.id), author=ann)

    assert await why(ask, ann, comment, bob) == (True, ["OPEN_GROUP"])
    assert await why(ask, ann, comment, gil) == (False, ["GUEST_OUTSIDE"])


async def test_a_group_is_explained_to_those_who_lead_it(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    private = await circle(ann, bob, visibility=Visibility.PRIVATE)
    secret = await circle(ann, bob, visibility=Visibility.SECRET)

    assert [await why(ask, ann, group, bob) for group in (private, secret)] == [(True, ["IN_GROUP"])] * 2
    assert await why(ask, ann, private, cem) == (True, ["PRIVATE_GROUP"])
    assert await why(ask, ann, secret, cem) == (False, ["NOT_IN_GROUP"])
    assert await why(ask, ann, secret, await a_guest()) == (False, ["GUEST_OUTSIDE"])
    assert await refusal(ask, bob, secret, cem) == "FORBIDDEN"
    assert await refusal(ask, cem, secret, bob) == "NOT_FOUND"


async def test_who_has_left_sees_nothing(ask: Ask) -> None:
    ann, lea = await a_person("Ann"), await a_person("Lea", active=False)

    assert await why(ask, ann, await a_post(author=ann), lea) == (False, ["DEACTIVATED"])


async def test_an_author_who_left_the_group_sees_it_no_more(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await circle(ann, visibility=Visibility.PRIVATE)
    post = await a_post(author=bob, audience=group.id)

    assert await why(ask, ann, post, bob) == (False, ["NOT_IN_GROUP"])


async def test_the_place_of_a_removed_comment_is_told_as_that(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    comment = await a_comment(await a_post(author=ann), body="", author=ann, removed=True, kept=True)

    assert await why(ask, ann, comment, bob) == (True, ["REMOVED", "IN_COMPANY"])


async def test_only_authors_moderators_and_administrators_ask(ask: Ask) -> None:
    unit = await a_unit()
    ann, bob, head = [await a_person(name, unit=unit) for name in ("Ann", "Bob", "Head")]
    await a_role(head, Role.MODERATOR, unit)
    adam = await a_person("Adam")
    await a_role(adam, Role.ADMIN)
    inside, outside = await a_post(author=ann, audience=unit.id), await a_post(author=ann)

    assert await why(ask, head, inside, bob) == (True, ["IN_UNIT"])
    assert await refusal(ask, bob, inside, ann) == "FORBIDDEN"
    assert await why(ask, adam, outside, bob) == (True, ["IN_COMPANY"])
    assert await refusal(ask, adam, inside, bob) == "NOT_FOUND"


async def test_a_person_hidden_from_the_asker_is_not_told_of(ask: Ask) -> None:
    gil, ann, eve = await a_guest("Gil"), await a_person("Ann"), await a_person("Eve")
    group = await circle(ann, gil, visibility=Visibility.PRIVATE)
    post = await a_post(author=gil, audience=group.id)

    assert await why(ask, gil, post, ann) == (True, ["IN_GROUP"])
    assert await refusal(ask, gil, post, eve) == "NOT_FOUND"


async def test_where_somebody_works_is_not_found_out_by_asking(ask: Ask) -> None:
    await a_field_rule(BuiltIn.LOCATION, FieldVisibility.HR)
    ann, bob = await a_person("Ann", location="Bern"), await a_person("Bob", location="Bern")
    post = await a_post(author=ann, audience=await audiences.of_location("Bern"))

    assert await refusal(ask, ann, post, bob) == "FORBIDDEN"
    shown = (await ask(ann, "audiences/audience_preview", audience={"location": "Bern"}))["audiencePreview"]
    assert (shown["personCount"], [one["name"] for one in shown["sample"]["nodes"]]) == (2, ["Ann"])


async def test_the_id_of_something_else_is_not_found(ask: Ask) -> None:
    ann = await a_person("Ann")

    for subject in (ann, await a_unit()):
        assert await refusal(ask, ann, subject, ann) == "NOT_FOUND"
    assert (await ask.answer(ann, "access/explain_access", subject_id="x", person_id="y")).code == "NOT_FOUND"
    assert await Post.all().count() == 0
