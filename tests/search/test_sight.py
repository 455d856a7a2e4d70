"""What one may not see changes nothing that one finds: not by words, names, operators, filters or numbers."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from execution.ids import encode_id
from models.feed import Post
from models.groups import Visibility
from models.people import Person
from models.profiles import BuiltIn, FieldVisibility
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_message
from tests.factories.circles import a_circle
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.profiles import a_rule
from tests.factories.skills import a_person_skill, a_skill
from tests.factories.tags import a_tag, tagged
from tests.search.asking import Who, a_token, facet, indexed, results, searched

PLENTY = 150  # of what is hidden: more than any engine looks at


async def everything(ask: Ask, who: Who, texts: list[str]) -> list[dict[str, Any]]:
    """All that is said of these searches, but for cursors and the order."""
    pages = [await results(ask, who, text) for text in texts]
    for page in pages:
        page["pageInfo"].pop("endCursor")
        for edge in page["edges"]:
            edge.pop("cursor")
        page["edges"].sort(key=str)
    return pages


async def test_what_is_planted_where_one_is_not_changes_no_answer(ask: Ask) -> None:
    unit, ida, ivan = await a_unit("Laboratory"), await a_person("Ida"), await a_person("Ivan")
    eve, gil = await a_person("Eve"), await a_guest("Gil")
    project = await a_circle(eve, gil, ida, name="Project falcon")
    tag = await a_tag("falconry")
    await tagged(await a_post("The falcon flies", author=ida), tag)
    await a_post("A falcon in the project", author=ida, audience=project.id)
    await indexed(ask)
    texts = ["falcon", "falc", "flacon", "in:falcon", "from:ida", "tag:falconry", "falcon -flies", '"the falcon"', "fa"]
    texts += ["after:2020 falcon", "from:ida in:project", "-in:falcon falcon", "in:laboratory", "fly", "falcons"]
    before = [await everything(ask, who, texts) for who in (eve, gil)]
    assert all(page["totalCount"] for page in before[0][:6])

    secret = await a_circle(ida, ivan, name="Falcon secret", visibility=Visibility.SECRET)
    talk = await a_conversation(ida, ivan, title="Falcon talk")
    for place in (secret.id, unit.id, (await a_circle(ida, name="Closed", visibility=Visibility.SECRET)).id):
        post = await tagged(
            await a_post("A falcon falconet", author=ida, audience=place), tag, await a_tag("falcons" + place.hex[:6])
        )
        await a_comment(post, "The falcon indeed", author=ivan)
    await a_message(talk, "Our falcon flies", author=ida)
    await a_person("Falco Falcon", active=False, planned=True)
    await indexed(ask)

    for who, earlier in zip((eve, gil), before, strict=True):
        for text, was, now in zip(texts, earlier, await everything(ask, who, texts), strict=True):
            assert now == was, (who.name, text)
    assert (await results(ask, ida, "falcon"))["totalCount"] > before[0][0]["totalCount"] + 5


@pytest.mark.parametrize("searched_for", ["zeb", "zebr"])
async def test_beginnings_of_hidden_words_keep_no_other_from_being_found(ask: Ask, searched_for: str) -> None:
    ida, eve = await a_person("Ida"), await a_person("Eve")
    await a_post("zebraesque", author=eve)
    secret = await a_circle(ida, visibility=Visibility.SECRET)
    await indexed(ask)
    assert await searched(ask, eve, searched_for) == ["zebraesque"]

    hidden = " ".join(f"zebr{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(PLENTY))
    await a_post(hidden, author=ida, audience=secret.id)
    await indexed(ask)

    assert await searched(ask, eve, searched_for) == ["zebraesque"]


async def test_hidden_words_spelt_alike_keep_no_other_from_being_found(ask: Ask) -> None:
    ida, eve = await a_person("Ida"), await a_person("Eve")
    await a_post("kuberntees", author=eve)
    secret = await a_circle(ida, visibility=Visibility.SECRET)
    await indexed(ask)
    assert await searched(ask, eve, "kubernetes") == ["kuberntees"]

    nearer = [f"kubernete{chr(97 + i)}" for i in range(26) if i != 18] + [
        f"kubernet{chr(97 + i)}s" for i in range(26) if i != 4
    ]
    await a_post(" ".join(nearer), author=ida, audience=secret.id)
    await indexed(ask)

    assert await searched(ask, eve, "kubernetes") == ["kuberntees"]


async def test_hidden_groups_of_a_name_keep_no_other_from_being_meant(ask: Ask) -> None:
    eve = await a_person("Eve")
    for i in range(PLENTY):
        await a_group(f"Falcon {i}", visibility=Visibility.SECRET)
    known = await a_group("Falcon", visibility=Visibility.OPEN)
    await a_post("Good morning", author=eve, audience=known.id)
    await indexed(ask)

    assert await searched(ask, eve, "morning in:falcon") == ["Good morning"]


async def test_hidden_people_of_a_name_keep_no_other_from_being_meant(ask: Ask) -> None:
    gil = await a_guest("Gil")
    for _ in range(PLENTY):
        await a_person("Anna Smith")
    anna = await a_person("Anna Meier")
    group = await a_circle(anna, gil)
    await a_post("Good morning", author=anna, audience=group.id)
    await indexed(ask)

    assert await searched(ask, gil, "morning from:anna") == ["Good morning"]


async def test_a_guest_finds_nobody_by_the_unit_that_is_hidden_from_them(ask: Ask) -> None:
    unit, gil = await a_unit("Laboratory"), await a_guest("Gil")
    pam = await a_person("Pam", unit=unit)
    await a_circle(pam, gil)
    await indexed(ask)

    assert await searched(ask, gil, "pam") == ["Pam"]
    for text in ("laboratory", "labor", "pam laboratory", "in:laboratory", "pam in:laboratory"):
        page = await results(ask, gil, text)
        assert (page["totalCount"], page["facets"], page["edges"]) == (0, [], []), text
    assert await searched(ask, gil, "pam -laboratory") == ["Pam"]


async def test_a_guest_narrows_nothing_by_the_unit_that_is_hidden_from_them(ask: Ask) -> None:
    unit, gil = await a_unit("Laboratory"), await a_guest("Gil")
    pam = await a_person("Pam", unit=unit)
    await a_circle(pam, gil)
    await indexed(ask)

    found = [
        await searched(ask, gil, "pam", filter_by={"orgUnitIds": [id]})
        for id in (global_id(unit), encode_id("OrgUnit", uuid.uuid4()))
    ]

    assert found == [[], []]


async def test_a_token_that_does_not_read_the_chart_finds_nobody_by_their_unit(ask: Ask) -> None:
    unit = await a_unit("Laboratory")
    ann, pam = await a_person("Ann"), await a_person("Pam", unit=unit)
    token = await a_token(ask, ann, "search:read", "people:read")
    await indexed(ask)

    assert await searched(ask, ann, "laboratory") == [pam.name]
    assert await searched(ask, token, "pam") == [pam.name]
    assert facet(await results(ask, token, "pam"), "UNIT") == {}
    assert await searched(ask, token, "laboratory") == []
    assert await searched(ask, token, "pam", filter_by={"orgUnitIds": [global_id(unit)]}) == []


async def test_authors_whom_one_does_not_see_are_in_no_facet_and_no_filter(ask: Ask) -> None:
    ida, gil, pam = await a_person("Ida"), await a_guest("Gil"), await a_person("Pam")
    group = await a_circle(ida, gil)
    await a_post("Good morning", author=pam, audience=group.id)
    await indexed(ask)

    page = await results(ask, gil, "morning")

    assert page["totalCount"] == 1
    assert facet(page, "AUTHOR") == {} and page["edges"][0]["node"]["author"] is None
    assert await searched(ask, gil, "morning from:pam") == []
    assert await searched(ask, gil, "morning -from:pam") == ["Good morning"]
    assert await searched(ask, gil, "morning", filter_by={"authorIds": [global_id(pam)]}) == []


async def test_an_address_that_is_hidden_names_nobody(ask: Ask) -> None:
    eve, pam = await a_person("Eve"), await a_person("Pam", email="zebra@company.example")
    await a_post("Good morning", author=pam)
    await indexed(ask)
    assert await searched(ask, eve, "from:zebra@company.example") == ["Good morning"]

    await a_rule(BuiltIn.EMAIL, FieldVisibility.HR)

    assert await searched(ask, eve, "from:zebra@company.example") == [], "the index still has the address"
    assert await searched(ask, eve, "zebra") == []


async def test_a_name_that_one_no_longer_has_names_nobody(ask: Ask) -> None:
    eve, pam = await a_person("Eve"), await a_person("Pam Former")
    await a_post("Good morning", author=pam)
    await indexed(ask)
    assert await searched(ask, eve, "from:former") == ["Good morning"]

    await Person.filter(id=pam.id).update(name="Pam Newer", version=2)

    assert await searched(ask, eve, "from:former") == [], "the index still has the name"


ASKED: dict[str, tuple[str, str]] = {
    "author": ("authorIds", "Person"),
    "group": ("placeIds", "Group"),
    "conversation": ("placeIds", "Conversation"),
    "unit of posts": ("placeIds", "OrgUnit"),
    "tag": ("tagIds", "Tag"),
    "unit": ("orgUnitIds", "OrgUnit"),
    "skill": ("skillIds", "Skill"),
}


@pytest.mark.parametrize("what", ASKED)
async def test_hidden_ids_in_filters_are_like_unknown_ones(ask: Ask, what: str) -> None:
    unit, skill = await a_unit("Laboratory"), await a_skill("Rust")
    ida, gil = await a_person("Ida", unit=unit), await a_guest("Gil")
    planned = await a_person("Pia", active=False, planned=True)
    secret = await a_circle(ida, visibility=Visibility.SECRET)
    tag = await a_tag("inside")
    await a_person_skill(ida, skill)
    await tagged(await a_post("word of Ida", author=ida, audience=secret.id), tag)
    await a_post("word of all", author=ida, audience=(await a_circle(ida, gil)).id)
    talk = await a_conversation(ida, planned)
    await a_message(talk, "word", author=ida)
    await indexed(ask)
    hidden = {
        "author": planned,
        "group": secret,
        "conversation": talk,
        "unit of posts": unit,
        "tag": tag,
        "unit": unit,
        "skill": skill if what != "skill" else await a_skill("Hidden"),
    }[what]
    name, type_name = ASKED[what]

    told = [
        await results(ask, gil, text, filter_by={name: [id]})
        for id in (global_id(hidden), encode_id(type_name, uuid.uuid4()))
        for text in ("word", "ida", "from:ida", "after:2020")
    ]

    assert all(page == told[0] for page in told) and told[0]["totalCount"] == 0


async def test_no_highlight_shows_what_one_may_not_see(ask: Ask) -> None:
    unit, gil = await a_unit("Laboratory"), await a_guest("Gil")
    pam = await a_person("Pam", unit=unit, bio="Pam of the laboratory of the company")
    await a_circle(pam, gil)
    await indexed(ask)

    page = await results(ask, gil, "pam")

    assert {one["field"] for one in page["edges"][0]["highlights"]} == {"name", "bio", "email"}


async def test_a_thousand_hidden_hits_make_no_total_inexact(ask: Ask) -> None:
    ida, eve = await a_person("Ida"), await a_person("Eve")
    secret = await a_circle(ida, visibility=Visibility.SECRET)
    await a_post("a common word", author=ida)
    post = await a_post("a common word", author=ida, audience=secret.id)
    await Post.bulk_create([Post(**row(post)) for _ in range(1_005)])
    await indexed(ask)

    outside, inside = await results(ask, eve, "common", 1), await results(ask, ida, "common", 1)

    assert (outside["totalCount"], outside["totalCountIsExact"]) == (1, True)
    assert (inside["totalCount"], inside["totalCountIsExact"]) == (1_000, False)
    assert facet(outside, "PLACE") == {} and facet(outside, "AUTHOR") == {"Ida": 1}


def row(post: Post) -> dict[str, Any]:
    """The columns of a further post like this."""
    kept = ("author_id", "audience_id", "body", "created_at", "published_at", "kind", "status")
    return {name: getattr(post, name) for name in kept}
