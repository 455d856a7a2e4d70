"""What became of a post, in numbers that point at nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from atrium.settings import Settings
from models.audiences import COMPANY
from models.feed import Post, PostStatus
from models.groups import Group, Visibility
from models.people import Person
from models.polls import PollVote
from models.reactions import Reaction
from models.seen import Seen
from models.session import Role
from resolvers.context import Services
from resolvers.reach import told
from schema.build import Schema
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_guest, a_person, a_unit
from tests.factories.polls import a_poll, a_vote
from tests.factories.session import a_role

NOTHING = {"audienceCount": None, "seenCount": None, "engagedCount": None, "isSuppressed": True}


async def reach(ask: Ask, who: Person, post: Post) -> dict[str, Any] | None:
    return (await ask(who, "reach/reach", id=global_id(post)))["node"]["reach"]


async def numbers(ask: Ask, who: Person, post: Post) -> tuple[int | None, int | None, int | None]:
    found = await reach(ask, who, post)
    assert found is not None
    return (found["audienceCount"], found["seenCount"], found["engagedCount"])


async def a_group_of(size: int, owner: Person) -> tuple[Group, list[Person]]:
    """A group with its owner and so many others."""
    group = await a_group(owner=owner)
    others = [await a_person(f"P{i}") for i in range(size)]
    for one in others:
        await a_member(group, one)
    return group, others


async def have_seen(post: Post, people: list[Person]) -> None:
    for one in people:
        await Seen.create(post_id=post.id, person_id=one.id, seen_at=NOW)


async def have_reacted(subject: Any, people: list[Person], emoji: str = "👍") -> None:
    for one in people:
        await Reaction.create(subject_id=subject.id, person_id=one.id, emoji=emoji, created_at=NOW)


async def test_the_author_learns_how_many_can_see_have_seen_and_did_something(ask: Ask) -> None:
    ann = await a_person("Ann")
    group, others = await a_group_of(12, ann)
    post = await a_post(author=ann, audience=group.id)
    await have_seen(post, others[:7])
    await have_reacted(post, others[:3])
    await have_reacted(await a_comment(post, author=others[4]), others[2:4], "🎉")

    assert await reach(ask, ann, post) == {
        "audienceCount": 12,
        "seenCount": 7,
        "engagedCount": 5,
        "isSuppressed": False,
    }


async def test_votes_and_comments_that_stand_count_once_a_person(ask: Ask) -> None:
    ann = await a_person("Ann")
    group, others = await a_group_of(12, ann)
    post = await a_poll(author=ann, audience=group.id)
    for one in others[:6]:
        await a_vote(post, 0, by=one)
    for _ in range(2):
        await a_comment(post, author=others[5])
    await a_comment(post, author=others[7], removed=True)

    assert await numbers(ask, ann, post) == (12, None, 6)
    assert await PollVote.all().count() == 6


async def test_the_author_is_no_reader_of_their_own(ask: Ask) -> None:
    ann, wes = await a_person("Ann"), await a_person("Wes")
    group, others = await a_group_of(12, ann)
    await a_member(group, wes)
    post = await a_post(author=ann, audience=group.id, written_by=wes.id)
    await have_seen(post, [ann, wes, *others[:6]])
    await have_reacted(post, [ann, wes, *others[:5]])

    assert await numbers(ask, ann, post) == await numbers(ask, ann, post) == (12, 6, 5)


@pytest.mark.parametrize(("size", "is_told"), [(4, False), (5, True)])
async def test_of_a_small_audience_nothing_is_told(ask: Ask, size: int, is_told: bool) -> None:
    ann = await a_person("Ann")
    group, others = await a_group_of(size, ann)
    post = await a_post(author=ann, audience=group.id)
    await have_seen(post, others)

    found = await reach(ask, ann, post)

    assert found == (NOTHING | {"audienceCount": 5, "isSuppressed": False} if is_told else NOTHING)


@pytest.mark.parametrize(
    ("count", "is_told"), [(0, False), (1, False), (4, False), (5, True), (7, True), (8, False), (12, False)]
)
async def test_a_part_is_told_only_where_neither_it_nor_the_rest_is_small(ask: Ask, count: int, is_told: bool) -> None:
    shown = told({"audience_count": 12, "seen_count": count, "engaged_count": count}, 5)

    assert (shown.seen_count, shown.engaged_count) == ((count, count) if is_told else (None, None))
    assert (shown.audience_count, shown.is_suppressed) == (12, False)


async def test_only_who_can_see_it_now_is_counted(ask: Ask) -> None:
    ann = await a_person("Ann")
    group, others = await a_group_of(14, ann)
    post = await a_post(author=ann, audience=group.id)
    await have_seen(post, [*others[:7], await a_person("Eve")])

    await Person.filter(id=others[13].id).update(active=False)
    await Person.filter(id=others[0].id).update(active=False)

    assert await numbers(ask, ann, post) == (12, 6, None)


async def test_each_kind_of_audience_is_counted_as_it_is_read(ask: Ask) -> None:
    top = await a_unit("Top")
    lab = await a_unit("Laboratory", parent=top)
    ann, gil = await a_person("Ann", unit=top), await a_guest("Gil")
    for i in range(6):
        await a_person(f"T{i}", unit=top)
        await a_person(f"L{i}", unit=lab)
        await a_person(f"X{i}")
    public = await a_group(owner=ann, visibility=Visibility.OPEN)
    await a_member(public, gil)

    found = [
        (await numbers(ask, ann, await a_post(author=ann, audience=audience)))[0]
        for audience in (COMPANY, top.id, public.id)
    ]

    assert found == [18, 12, 19]


async def test_only_the_author_and_those_who_answer_for_the_place_are_told(ask: Ask) -> None:
    unit = await a_unit()
    ann, bob, mod, com, ada, hal = [
        await a_person(name, unit=unit) for name in ("Ann", "Bob", "Mod", "Com", "Ada", "Hal")
    ]
    for who, role in ((mod, Role.MODERATOR), (com, Role.COMMUNICATOR)):
        await a_role(who, role, unit)
    await a_role(ada, Role.ADMIN)
    await a_role(hal, Role.HR)
    post = await a_post(author=ann, audience=unit.id)

    for who in (ann, mod, com):
        assert await numbers(ask, who, post) == (5, None, None)
    for who in (bob, ada, hal):
        assert await reach(ask, who, post) is None


async def test_before_it_is_published_a_post_has_no_reach(ask: Ask) -> None:
    ann = await a_person("Ann")

    assert await reach(ask, ann, await a_post(author=ann, status=PostStatus.DRAFT, published_at=None)) is None


async def test_the_organisation_says_how_many_it_takes(schema: Schema, services: Services) -> None:
    ann = await a_person("Ann")
    group, others = await a_group_of(9, ann)
    post = await a_post(author=ann, audience=group.id)
    await have_seen(post, others[:4])

    assert await numbers(Ask(schema, replace(services, min_group=3)), ann, post) == (9, 4, None)
    assert await reach(Ask(schema, replace(services, min_group=10)), ann, post) == NOTHING


def test_fewer_than_three_is_refused() -> None:
    values: dict[str, Any] = {"min_group": 2}

    with pytest.raises(ValidationError):
        Settings(**values)
