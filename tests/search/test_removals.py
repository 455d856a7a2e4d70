"""Whatever is taken away from somebody is not found by their next search, though no index has heard of it.

Nobody reads the log here: the index holds everything as it was before. Each removal is looked for by a word that only
what is removed holds, in hits, total, facets, suggestions and experts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import pytest_asyncio

from auth import sessions
from models import db
from models.audiences import AudienceMember
from models.feed import Comment, Post, PostStatus
from models.groups import Group, Visibility
from models.people import Person
from models.profiles import BuiltIn
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.changes import an_hr
from tests.factories.chat import a_conversation, a_message
from tests.factories.circles import a_circle
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.profiles import a_field, says
from tests.factories.skills import a_person_skill, a_skill
from tests.factories.tags import a_tag, tagged
from tests.search.asking import Who, indexed, searched

MANY, FEW = 24, 8  # removals of each sort; together more than 500

LOOK = """
query Look($text: String!) {
  search(text: $text, first: 5) {
    totalCount totalCountIsExact
    edges { highlights { html } node { __typename } }
    facets { values { label count } }
    pageInfo { hasNextPage }
  }
  suggest(prefix: $text, first: 5) { __typename }
  experts(topic: $text, first: 5) { totalCount nodes { score } }
}
"""
NOTHING: dict[str, Any] = {
    "search": {
        "totalCount": 0,
        "totalCountIsExact": True,
        "edges": [],
        "facets": [],
        "pageInfo": {"hasNextPage": False},
    },
    "suggest": [],
    "experts": {"totalCount": 0, "nodes": []},
}
TOTAL = "query Total($text: String!) { search(text: $text, first: 1) { totalCount } }"

_number = count()


@dataclass
class Removals:
    """Removals that were looked for, and how many there were."""

    ask: Ask
    counted: int = 0

    async def total(self, who: Who, text: str) -> int:
        answer = await self.ask.text(who, TOTAL, {"text": text})
        assert answer.data, answer.errors
        return answer.data["search"]["totalCount"]

    async def __call__(self, who: Who, *words: str) -> None:
        """One removal: none of these words leads anywhere."""
        self.counted += 1
        for word in words:
            answer = await self.ask.text(who, LOOK, {"text": word})
            assert not answer.errors
            assert answer.data == NOTHING, f"{word} is still found"

    async def done(self, who: Who | None, operation: str, **variables: Any) -> None:
        """Run an operation that must succeed."""
        [payload] = (await self.ask(who, operation, **variables)).values()
        assert not payload["errors"], payload


@pytest.fixture(scope="module")
def tally() -> Iterator[dict[str, int]]:
    counted: dict[str, int] = {}
    yield counted
    print(f"\n{sum(counted.values())} removals of {len(counted)} sorts left nothing to be found")


@pytest_asyncio.fixture
async def gone(ask: Ask, tally: dict[str, int], request: pytest.FixtureRequest) -> AsyncIterator[Removals]:
    removals = Removals(ask)
    yield removals
    tally[request.node.name] = removals.counted


def word() -> str:
    """A word that nothing else holds, and that no other is like."""
    number = next(_number)
    return "zq" + "".join(chr(97 + number // 26**place % 26) * 3 for place in range(4))


@pytest.mark.parametrize("way", ["removed", "left", "banned"])
async def test_who_is_no_longer_in_a_group(ask: Ask, gone: Removals, way: str) -> None:
    ann, ida = await a_person("Ann"), await a_person("Ida")
    groups = [await a_circle(ida, ann, name=f"Room {word()}", visibility=Visibility.SECRET) for _ in range(MANY)]
    words = [await said_in(group, ida) for group in groups]
    await indexed(ask)
    assert await gone.total(ann, "room") == MANY
    assert await gone.total(ann, "everywhere") == 2 * MANY

    for group, said in zip(groups, words, strict=True):
        match way:
            case "left":
                await gone.done(ann, "memberships/leave_group", group_id=global_id(group))
            case _:
                operation = "memberships/remove_group_member" if way == "removed" else "memberships/ban_from_group"
                await gone.done(ida, operation, group_id=global_id(group), person_id=global_id(ann))
        await gone(ann, group.name.split()[1], said)

    assert await gone.total(ann, "everywhere") == await gone.total(ann, "room") == 0
    assert await gone.total(ida, "everywhere") == 2 * MANY


async def said_in(group: Group, author: Person) -> str:
    """A word that a post of a group holds, and a comment under it, and a tag."""
    text = word()
    post = await tagged(await a_post(f"everywhere {text}", author=author, audience=group.id), await a_tag(text))
    await a_comment(post, f"everywhere {text}", author=author)
    return text


@pytest.mark.parametrize("to", [Visibility.PRIVATE, Visibility.SECRET])
async def test_a_group_that_is_closed(ask: Ask, gone: Removals, to: Visibility) -> None:
    ann, ida = await a_person("Ann"), await a_person("Ida")
    groups = [await a_group(f"Room {word()}", owner=ida, visibility=Visibility.OPEN) for _ in range(MANY)]
    words = [await said_in(group, ida) for group in groups]
    await indexed(ask)
    assert await gone.total(ann, "room") == MANY and await gone.total(ann, "everywhere") == 2 * MANY

    for group, said in zip(groups, words, strict=True):
        await gone.done(ida, "groups/update_group", group_id=global_id(group), visibility=to.value)
        await gone(ann, *([group.name.split()[1]] * (to is Visibility.SECRET)), said)

    assert await gone.total(ann, "room") == (0 if to is Visibility.SECRET else MANY)
    assert await gone.total(ann, "everywhere") == 0


@pytest.mark.parametrize("way", ["moved", "deleted", "drafted"])
async def test_a_post_that_is_elsewhere_or_nowhere(ask: Ask, gone: Removals, way: str) -> None:
    ann, ida = await a_person("Ann"), await a_person("Ida")
    secret = await a_circle(ida, visibility=Visibility.SECRET)
    words = [word() for _ in range(MANY)]
    posts = [await tagged(await a_post(f"everywhere {text}", author=ida), await a_tag(text)) for text in words]
    for post, text in zip(posts, words, strict=True):
        await a_comment(post, f"everywhere {text}", author=ida)
    await indexed(ask)
    assert await gone.total(ann, "everywhere") == 2 * MANY

    for post, text in zip(posts, words, strict=True):
        match way:
            case "moved":
                to = {"audience": {"groupId": global_id(secret)}, "confirmed": True}
                await gone.done(ida, "sharing/move_post", post_id=global_id(post), **to)
            case "deleted":
                await gone.done(ida, "posts/delete_post", post_id=global_id(post))
            case _:  # as a post stands that somebody has taken back
                await Post.filter(id=post.id).update(status=PostStatus.DRAFT, published_at=None)
                await db.execute("UPDATE post_tag SET published_at = NULL WHERE post_id = $1", post.id)
        if way == "drafted":
            await Comment.filter(post_id=post.id).update(removed=True)
        await gone(ann, text)

    assert await gone.total(ann, "everywhere") == 0


async def test_the_last_post_of_a_tag_that_one_could_see(ask: Ask, gone: Removals) -> None:
    ann, ida = await a_person("Ann"), await a_person("Ida")
    words = [word() for _ in range(MANY)]
    posts = [await tagged(await a_post("everywhere", author=ida), await a_tag(text)) for text in words]
    await indexed(ask)
    assert await gone.total(ann, "everywhere") == MANY and await gone.total(ann, words[0]) == 2

    for post, text in zip(posts, words, strict=True):
        await gone.done(ida, "tags/set_post_tags", post_id=global_id(post), tags=[], expected_version=1)
        await gone(ann, text)

    assert await gone.total(ann, "everywhere") == MANY


@pytest.mark.parametrize("way", ["deleted", "edited"])
async def test_a_comment_that_is_taken_back(ask: Ask, gone: Removals, way: str) -> None:
    ann, ida = await a_person("Ann"), await a_person("Ida")
    post = await a_post("everywhere", author=ida)
    words = [word() for _ in range(MANY)]
    comments = [await a_comment(post, f"everywhere {text}", author=ida) for text in words]
    await indexed(ask)
    assert await gone.total(ann, "everywhere") == MANY + 1

    for comment, text in zip(comments, words, strict=True):
        if way == "deleted":
            await gone.done(ida, "comments/delete_comment", comment_id=global_id(comment))
        else:
            new = {"body": "everywhere, rather", "expected_version": 1}
            await gone.done(ida, "comments/edit_comment", comment_id=global_id(comment), **new)
        await gone(ann, text)

    assert await gone.total(ann, "everywhere") == (1 if way == "deleted" else MANY + 1)


@pytest.mark.parametrize("way", ["deleted", "edited"])
async def test_a_message_that_is_taken_back(ask: Ask, gone: Removals, way: str) -> None:
    ann, ida = await a_person("Ann"), await a_person("Ida")
    talk = await a_conversation(ida, ann)
    words = [word() for _ in range(MANY)]
    messages = [await a_message(talk, f"everywhere {text}", author=ida) for text in words]
    await indexed(ask)
    assert await gone.total(ann, "everywhere") == MANY

    for message, text in zip(messages, words, strict=True):
        if way == "deleted":
            await gone.done(ida, "messages/delete_message", message_id=global_id(message))
        else:
            await gone.done(ida, "messages/edit_message", message_id=global_id(message), body="everywhere, rather")
        await gone(ann, text)

    assert await gone.total(ann, "everywhere") == (0 if way == "deleted" else MANY)


@pytest.mark.parametrize("way", ["removed", "left"])
async def test_who_is_no_longer_in_a_conversation(ask: Ask, gone: Removals, way: str) -> None:
    ann, ida, ivan = [await a_person(name) for name in ("Ann", "Ida", "Ivan")]
    talks = [await a_conversation(ida, ann, ivan) for _ in range(MANY)]
    words = [word() for _ in talks]
    for talk, text in zip(talks, words, strict=True):
        await a_message(talk, f"everywhere {text}", author=ida)
    await indexed(ask)
    assert await gone.total(ann, "everywhere") == MANY

    for talk, text in zip(talks, words, strict=True):
        id = global_id(talk)
        if way == "left":
            await gone.done(ann, "conversation_people/leave_conversation", conversation_id=id)
        else:
            out = {"conversation_id": id, "person_id": global_id(ann)}
            await gone.done(ida, "conversation_people/remove_conversation_member", **out)
        await gone(ann, text)

    assert await gone.total(ann, "everywhere") == 0
    assert await gone.total(ivan, "everywhere") == MANY


async def test_who_is_no_longer_in_a_unit(ask: Ask, gone: Removals) -> None:
    hana, ida, other = await an_hr(), await a_person("Ida"), await a_unit("Sales")
    units = [await a_unit("Research") for _ in range(MANY)]
    people = [await a_person("Ann", unit=unit) for unit in units]
    words = [word() for _ in units]
    for unit, text in zip(units, words, strict=True):
        await a_post(f"everywhere {text}", author=ida, audience=unit.id)
    await indexed(ask)
    assert [await gone.total(ann, "everywhere") for ann in people] == [1] * MANY

    for ann, text in zip(people, words, strict=True):
        moved = {"person_id": global_id(ann), "org_unit_id": global_id(other)}
        await gone.done(hana, "org/move_person", **moved)
        await gone(ann, text)
        assert await gone.total(ann, "everywhere") == 0


async def test_a_unit_that_is_no_longer_below(ask: Ask, gone: Removals) -> None:
    hana, ida, other = await an_hr(), await a_person("Ida"), await a_unit("Sales")
    above = [await a_unit("Research") for _ in range(FEW)]
    below = [await a_unit("Laboratory", parent=unit) for unit in above]
    people = [await a_person("Ann", unit=unit) for unit in below]
    words = [word() for _ in above]
    for unit, text in zip(above, words, strict=True):
        await a_post(f"everywhere {text}", author=ida, audience=unit.id)
    await indexed(ask)
    assert [await gone.total(ann, "everywhere") for ann in people] == [1] * len(people)

    for unit, ann, text in zip(below, people, words, strict=True):
        await gone.done(hana, "org/move_unit", org_unit_id=global_id(unit), parent_id=global_id(other))
        await gone(ann, text)


async def test_a_guest_whose_stay_ends(ask: Ask, gone: Removals) -> None:
    ida = await a_person("Ida")
    guests = [await a_guest("Gil") for _ in range(MANY)]
    await a_circle(await a_person("Eve"), *guests, name="Lobby")  # else their accounts close
    rooms = [await a_circle(ida, gil, name="Room") for gil in guests]
    words = [await said_in(room, ida) for room in rooms]
    await indexed(ask)
    assert [await gone.total(gil, "everywhere") for gil in guests[:3]] == [2] * 3

    for gil, text in zip(guests, words, strict=True):
        await gone.done(ida, "guests/remove_guest", person_id=global_id(gil))
        await gone(gil, text)


async def test_a_guest_whose_account_has_closed_finds_nothing_any_more(
    ask: Ask, gone: Removals, clock: TurnedClock
) -> None:
    ida = await a_person("Ida")
    gil = await a_guest("Gil", expires_at=clock.now() + timedelta(hours=1))
    text = await said_in(await a_circle(ida, gil, name="Room"), ida)
    await indexed(ask)
    assert await gone.total(gil, text) == 3
    viewer = (await ask.context(gil)).viewer
    assert viewer and viewer.access_id

    clock.time += timedelta(hours=2)
    assert await sessions.again(viewer.access_id, clock.now()) is None


FIELDS = {BuiltIn.EMAIL: "email", BuiltIn.LOCATION: "location", BuiltIn.BIO: "bio", BuiltIn.INTERESTS: "interests"}


@pytest.mark.parametrize("field", FIELDS)
async def test_a_field_that_is_hidden(ask: Ask, gone: Removals, field: BuiltIn) -> None:
    hana, ann = await an_hr(), await a_person("Ann")
    words = [word() for _ in range(FEW)]
    for text in words:
        values: dict[str, Any] = {"email": f"{text}@company.example", "interests": [text]}
        await a_person("Pam", **{FIELDS[field]: values.get(FIELDS[field], text)})
    await indexed(ask)
    assert [await gone.total(ann, text) for text in words] == [1] * len(words)

    await gone.done(hana, "profile_fields/govern_built_in_field", field=field.name, visibility="HR")

    for text in words:
        await gone(ann, text)
    assert await gone.total(ann, "pam") == len(words)


@pytest.mark.parametrize("way", ["hidden", "deleted"])
async def test_a_field_of_ones_own_that_is_hidden_or_deleted(ask: Ask, gone: Removals, way: str) -> None:
    hana, ann = await an_hr(), await a_person("Ann")
    fields = [await a_field(f"Site {i}") for i in range(FEW)]
    words = [word() for _ in fields]
    for one, text in zip(fields, words, strict=True):
        await says(await a_person("Pam"), one, text)
    await indexed(ask)
    assert [await gone.total(ann, text) for text in words] == [1] * len(words)

    for one, text in zip(fields, words, strict=True):
        if way == "deleted":
            await gone.done(hana, "profile_fields/delete_profile_field", field_id=global_id(one))
        else:
            new = {"expected_version": 1, "visibility": "UNIT"}
            await gone.done(hana, "profile_fields/update_profile_field", field_id=global_id(one), **new)
        await gone(ann, text)


@pytest.mark.parametrize("way", ["bio", "interests", "field", "skill", "name"])
async def test_what_somebody_no_longer_says_of_themselves(ask: Ask, gone: Removals, way: str) -> None:
    hana, ann, site = await an_hr(), await a_person("Ann"), await a_field("Site")
    words = [word() for _ in range(FEW)]
    pams = [await a_person(f"Pam {text}" if way == "name" else "Pam") for text in words]
    skills = [await a_skill(text) for text in words] if way == "skill" else []
    for at, (pam, text) in enumerate(zip(pams, words, strict=True)):
        match way:
            case "bio" | "interests":
                values: Any = {"bio": text} if way == "bio" else {"interests": [text]}
                await Person.filter(id=pam.id).update(**values)
            case "field":
                await says(pam, site, text)
            case "skill":
                await a_person_skill(pam, skills[at])
            case _:
                pass
    await indexed(ask)
    assert [await gone.total(ann, text) for text in words] == [1] * len(words)

    for at, (pam, text) in enumerate(zip(pams, words, strict=True)):
        me = {"person_id": global_id(pam)}
        match way:
            case "skill":
                await gone.done(pam, "skills/remove_skill", **me, skill_id=global_id(skills[at]))
            case "name":
                await gone.done(hana, "org/rename_person", **me, name="Pam")
            case "field":
                await gone.done(
                    pam, "people/update_profile", **me, fields=[{"fieldId": global_id(site), "value": None}]
                )
            case _:
                await gone.done(pam, "people/update_profile", **me, **{way: None})
        await gone(ann, text)


async def test_who_has_left(ask: Ask, gone: Removals) -> None:
    hana, ann = await an_hr(), await a_person("Ann")
    words = [word() for _ in range(MANY)]
    people = [await a_person(f"Pam {text}") for text in words]
    await indexed(ask)
    assert await gone.total(ann, "pam") == MANY

    for at, (pam, text) in enumerate(zip(people, words, strict=True), 1):
        await gone.done(hana, "org/deactivate_person", person_id=global_id(pam))
        await gone(ann, text)
        if at % 10 == 0:
            assert await gone.total(ann, "pam") == MANY - at
    assert len(await searched(ask, ann, "pam", filter_by={"includeDeactivated": True})) == MANY


@pytest.mark.parametrize("kind", ["list", "location"])
async def test_who_is_no_longer_on_a_list_or_at_a_place(ask: Ask, gone: Removals, kind: str) -> None:
    ida = await a_person("Ida", location="Bern")
    people = [await a_person("Ann", location="Bern") for _ in range(FEW)]
    words = [word() for _ in people]
    for ann, text in zip(people, words, strict=True):
        to: Any = {"personIds": [global_id(ann)]} if kind == "list" else {"location": "Bern"}
        await gone.done(ida, "posts/create_post", kind="DISCUSSION", body=f"everywhere {text}", audience=to)
    await indexed(ask)
    assert [await gone.total(ann, text) for ann, text in zip(people, words, strict=True)] == [1] * len(words)

    for ann, text in zip(people, words, strict=True):
        post = await Post.get(body=f"everywhere {text}")
        await AudienceMember.filter(audience_id=post.audience_id, person_id=ann.id).delete()
        await gone(ann, text)
