"""Facets: what hits have in common, counted over what the viewer may see, and the same by which one narrows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.conversations import Conversation
from models.groups import Visibility
from models.people import Person
from resolvers.search_facets import VALUES_MAX
from tests.conftest import Ask
from tests.engine import known
from tests.factories.chat import a_conversation, a_message
from tests.factories.circles import a_circle
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.skills import a_person_skill, a_skill
from tests.factories.tags import a_tag, tagged
from tests.search.asking import facet, indexed, results

ARGUMENTS = {
    "AUTHOR": "authorIds",
    "PLACE": "placeIds",
    "TAG": "tagIds",
    "POST_KIND": "postKinds",
    "LANGUAGE": "languages",
    "UNIT": "orgUnitIds",
    "SKILL": "skillIds",
    "LOCATION": "locations",
}
"""The filter that takes the values of a facet."""
ENGLISH = "we all like what is here, and tea is the best of all that there is in this house"
GERMAN = "wir mögen alle, was hier ist, und tea ist das beste von allem, was es in diesem Haus gibt"


async def a_house() -> tuple[Person, Person]:
    """Many things about tea, of all sorts; a member and a guest."""
    lab, sales = await a_unit("Laboratory"), await a_unit("Sales")
    people = [
        await a_person(f"Tea {name}", unit=unit, location=place)
        for name, unit, place in (
            ("Ann", lab, "Bern"),
            ("Bob", lab, "Bern"),
            ("Cem", sales, "Oslo"),
            ("Dan", None, None),
        )
    ]
    ann, bob, cem, dan = people
    gil = await a_guest("Gil")
    for at, name in enumerate(("Tea making", "Brewing")):
        skill = await a_skill(name)
        for person in people[at:]:
            await a_person_skill(person, skill)
    tags = [await a_tag(name) for name in ("drinks", "leaves", "hidden")]
    club = await a_group("Tea club", owner=bob, visibility=Visibility.OPEN)
    project = await a_circle(ann, gil, cem, name="Tea project")
    secret = await a_circle(dan, name="Tea secret", visibility=Visibility.SECRET)
    talk = await a_conversation(ann, bob, title="Tea talk")
    untitled = await a_conversation(ann, cem, title=None)
    kinds = ("DISCUSSION", "QUESTION", "IDEA")
    for i, author in enumerate(people * 3):
        place = {0: None, 1: club.id, 2: project.id, 3: lab.id, 4: secret.id}[i % 5]
        more: dict[str, Any] = {"audience": place} if place else {}
        body = GERMAN if i % 3 == 0 else ENGLISH
        post = await a_post(f"{body} {i}", author=author, kind=kinds[i % 3], **more)
        await tagged(post, *tags[i % 2 : 1 + i % 2], *tags[2:] * (place == secret.id))
        for other in people[: i % 3]:
            await a_comment(post, f"tea {i}", author=other)
    for where, who in ((talk, ann), (talk, bob), (untitled, cem)):
        await a_message(where, ENGLISH, author=who)
    return ann, gil


@pytest.mark.parametrize("guest", [False, True], ids=["member", "guest"])
async def test_each_value_counts_what_narrowing_by_it_finds(ask: Ask, guest: bool) -> None:
    who = (await known("a_house", a_house))[guest]
    await indexed(ask)
    page = await results(ask, who, "tea", 5)
    assert page["totalCountIsExact"]
    fields = {one["field"] for one in page["facets"]}
    assert fields >= {"KIND", *ARGUMENTS} - ({"UNIT", "SKILL"} if guest else set())
    assert "UNIT" not in fields or not guest

    for one in page["facets"]:
        for value in one["values"]:
            narrowed = await results(ask, who, "tea", 5, **chosen(one["field"], value["value"]))
            assert narrowed["totalCount"] == value["count"], (one["field"], value)
            again = {
                x["value"]: x["count"] for f in narrowed["facets"] if f["field"] == one["field"] for x in f["values"]
            }
            assert again[value["value"]] == value["count"]
            for smaller in narrowed["facets"]:
                larger = facet(page, smaller["field"])
                assert all(count <= larger[label] for label, count in facet(narrowed, smaller["field"]).items())


def chosen(field: str, *values: str) -> dict[str, Any]:
    """The arguments that narrow a search by values of a facet."""
    return {"kinds": list(values)} if field == "KIND" else {"filter_by": {ARGUMENTS[field]: list(values)}}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(picks=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=4), guest=st.booleans())
async def test_facets_shrink_with_each_choice(ask: Ask, picks: list[tuple[int, int]], guest: bool) -> None:
    """Whatever is chosen, from what is offered; the last offer counts what comes of it."""
    who = (await known("a_house", a_house))[guest]
    await indexed(ask)
    filters: dict[str, list[str]] = {}
    page = await results(ask, who, "tea", 1)

    for of_field, of_value in picks:
        offers = [one for one in page["facets"] if one["field"] != "KIND" and ARGUMENTS[one["field"]] not in filters]
        if not offers:
            return
        one = offers[of_field % len(offers)]
        value = one["values"][of_value % len(one["values"])]
        filters[ARGUMENTS[one["field"]]] = [value["value"]]
        narrowed = await results(ask, who, "tea", 1, filter_by=filters)

        assert narrowed["totalCount"] == value["count"] > 0
        assert narrowed["totalCount"] == sum(facet(narrowed, "KIND").values())
        for smaller in narrowed["facets"]:
            larger = facet(page, smaller["field"])
            assert all(count <= larger[label] for label, count in facet(narrowed, smaller["field"]).items())
        page = narrowed


async def test_several_values_of_a_list_are_either_and_several_lists_are_both(ask: Ask) -> None:
    ann, _ = await known("a_house", a_house)
    await indexed(ask)
    page = await results(ask, ann, "tea", 1)
    authors = {
        value["value"]: value["count"] for one in page["facets"] if one["field"] == "AUTHOR" for value in one["values"]
    }

    either = await results(ask, ann, "tea", 1, filter_by={"authorIds": list(authors)})
    both = await results(ask, ann, "tea", 1, filter_by={"authorIds": list(authors), "orgUnitIds": ["x"][:0]})
    none = await results(ask, ann, "tea", 1, filter_by={"authorIds": list(authors), "locations": ["Bern"]})

    assert either["totalCount"] == both["totalCount"] == sum(authors.values())
    assert none["totalCount"] == 0 and none["facets"] == []


async def test_values_that_the_viewer_may_not_see_are_absent(ask: Ask) -> None:
    ann, gil = await known("a_house", a_house)
    await indexed(ask)

    members, guests = await results(ask, ann, "tea", 1), await results(ask, gil, "tea", 1)

    assert facet(members, "PLACE").keys() == {
        "Tea club",
        "Tea project",
        "Laboratory",
        "Tea talk",
        "A conversation without a title",
    }
    assert facet(guests, "PLACE").keys() == {"Tea project"}
    assert "hidden" not in facet(members, "TAG")
    assert facet(guests, "AUTHOR").keys() <= {"Tea Ann", "Tea Cem"}
    assert facet(guests, "UNIT") == {}


async def test_values_of_most_hits_come_first_and_twenty_at_most(ask: Ask) -> None:
    ann = await a_person("Ann")
    for i in range(VALUES_MAX + 5):
        author = await a_person(f"Author {i:02}")
        for _ in range(1 + i % 3):
            await a_post("tea", author=author)
    await indexed(ask)

    [values] = [one["values"] for one in (await results(ask, ann, "tea", 1))["facets"] if one["field"] == "AUTHOR"]

    counts = [value["count"] for value in values]
    assert len(values) == VALUES_MAX and counts == sorted(counts, reverse=True)
    assert counts[:8] == [3] * 8


async def test_places_without_a_name_take_nobodys_place(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    for _ in range(VALUES_MAX + 2):  # each of these lists of people is an audience of its own
        to = {"personIds": [global_id(ann)]}
        made = await ask(bob, "posts/create_post", kind="DISCUSSION", body="tea", audience=to)
        post = made["createPost"]["post"]["id"]
        await ask(bob, "comments/add_comment", post_id=post, body="tea")
    club = await a_group("Tea club", owner=bob, visibility=Visibility.OPEN)
    await a_post("tea", author=bob, audience=club.id)
    await indexed(ask)

    assert facet(await results(ask, ann, "tea", 1, kinds=["POST", "COMMENT"]), "PLACE") == {"Tea club": 1}


async def test_facets_are_of_the_rows_as_they_are_now(ask: Ask) -> None:
    ann, bob, tag = await a_person("Ann"), await a_person("Bob"), await a_tag("drinks")
    first = await a_group("First", owner=bob, visibility=Visibility.OPEN)
    second = await a_group("Second", owner=bob, visibility=Visibility.OPEN)
    post = await tagged(await a_post("tea", author=bob, audience=first.id), tag)
    await a_comment(post, "tea", author=bob)
    await indexed(ask)

    moved = {"audience": {"groupId": global_id(second)}, "confirmed": True}
    await ask(bob, "sharing/move_post", post_id=global_id(post), **moved)
    page = await results(ask, ann, "tea")

    assert facet(page, "PLACE") == {"Second": 2}, "the index has not heard of the move"


async def test_a_conversation_is_called_by_its_title(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    talk = await a_conversation(ann, bob)
    await a_message(talk, "tea", author=ann)
    await indexed(ask)
    assert facet(await results(ask, ann, "tea"), "PLACE") == {"A conversation without a title": 1}

    await Conversation.filter(id=talk.id).update(title="Kitchen")

    assert facet(await results(ask, ann, "tea"), "PLACE") == {"Kitchen": 1}
