"""What is shown of hits: passages of the texts that rows hold now, as far as the viewer may see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import pytest_asyncio

from auth.viewer import Viewer
from models.people import Person
from models.profiles import BuiltIn, FieldVisibility
from resolvers.context import Context, Services
from resolvers.search_highlights import Highlight, highlights
from resolvers.search_kinds import KINDS
from search.engine import Hit
from search.query import Query, typed
from tests.factories.chat import a_conversation, a_message
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group, a_member
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.profiles import a_rule
from tests.factories.session import as_viewer
from tests.factories.skills import a_person_skill, a_skill
from tests.factories.tags import a_tag, tagged


@pytest_asyncio.fixture
async def ann(database: None) -> Person:
    return await a_person(
        "Ann Lemon",
        title="Lemon picker",
        unit=await a_unit("Lemon trees"),
        bio="I *like* [lemons](https://x.example)",
        interests=["limes", "lemonade"],
    )


async def shown(
    services: Services, viewer: Viewer, text: str, *found: tuple[str, Any], terms: Sequence[str] = ()
) -> list[list[Highlight]]:
    """The highlights of rows, each given with its kind, as the viewer reads them."""
    ctx, read = Context(services, viewer), typed(text)
    hits = [(Hit(kind, row.id, 1, 0, tuple(terms), 1.0), row) for kind, row in found]
    rows = [(hit, await ctx.loaders[KINDS[hit.kind].loader].load(row.id)) for hit, row in hits]
    return await highlights(ctx, Query(tuple(KINDS), read.wanted), rows)


async def seen(services: Services, viewer: Viewer, text: str, kind: str, row: Any) -> dict[str, str]:
    [found] = await shown(services, viewer, text, (kind, row))
    return {highlight.field: highlight.html for highlight in found}


async def test_at_most_three_passages_are_shown_the_name_first(services: Services, ann: Person) -> None:
    [found] = await shown(services, await as_viewer(ann, services.clock.now()), "lemon", ("PERSON", ann))

    assert found == [
        Highlight("name", "Ann <mark>Lemon</mark>"),
        Highlight("title", "<mark>Lemon</mark> picker"),
        Highlight("unit", "<mark>Lemon</mark> trees"),
    ]


@pytest.mark.parametrize(
    ("text", "field", "html"),
    [
        ("like", "bio", "I <mark>like</mark> lemons"),
        ("limes", "interests", "<mark>limes</mark>, lemonade"),
        ("clusters", "skills", "<mark>Clusters</mark>, Kubernetes"),
    ],
)
async def test_people_are_shown_by_what_they_say_of_themselves(
    services: Services, ann: Person, text: str, field: str, html: str
) -> None:
    await a_person_skill(ann, await a_skill("Kubernetes", "Clusters"))

    assert await seen(services, await as_viewer(ann, services.clock.now()), text, "PERSON", ann) == {field: html}


async def test_what_not_everybody_may_see_is_shown_to_nobody(services: Services, ann: Person) -> None:
    await a_rule(BuiltIn.BIO, FieldVisibility.UNIT)
    await a_rule(BuiltIn.INTERESTS, FieldVisibility.HR)

    assert await seen(services, await as_viewer(ann, services.clock.now()), "like limes", "PERSON", ann) == {}


async def test_guests_are_shown_no_units(services: Services, ann: Person) -> None:
    gil = await a_guest()
    await a_conversation(ann, gil)
    viewer = await as_viewer(gil, services.clock.now())

    assert await seen(services, viewer, "trees picker", "PERSON", ann) == {"title": "Lemon <mark>picker</mark>"}


async def test_each_kind_is_shown_by_its_fields_in_one_statement(
    services: Services, ann: Person, statements: list[str]
) -> None:
    viewer = await as_viewer(ann, services.clock.now())
    post = await a_post("**Lemons**, all", author=ann, title="Ripe lemons")
    tag = await a_tag("fruit", "lemons", description="All but lemons")
    await tagged(post, tag)
    comment = await a_comment(post, "No lemons & <b>", author=ann)
    conversation = await a_conversation(ann, await a_person("Bob"))
    message = await a_message(conversation, "Got lemons?", author=ann)
    group = await a_group("Lemons", description="Of _lemons_")
    await a_member(group, ann)
    rows = [("POST", post), ("COMMENT", comment), ("MESSAGE", message), ("GROUP", group), ("TAG", tag), ("PERSON", ann)]

    found = await shown(services, viewer, "lemons", *rows)

    assert [[(one.field, one.html) for one in each] for each in found[:5]] == [
        [
            ("title", "Ripe <mark>lemons</mark>"),
            ("body", "<mark>Lemons</mark>, all"),
            ("tags", "fruit, <mark>lemons</mark>"),
        ],
        [("body", "No <mark>lemons</mark> &amp; &lt;b&gt;")],
        [("body", "Got <mark>lemons</mark>?")],
        [("name", "<mark>Lemons</mark>"), ("description", "Of <mark>lemons</mark>")],
        [("synonyms", "<mark>lemons</mark>"), ("description", "All but <mark>lemons</mark>")],
    ]
    ctx = Context(services, viewer)
    hits = [(Hit(kind, row.id, 1, 0, (), 1.0), row) for kind, row in rows]
    statements.clear()
    await highlights(ctx, Query(tuple(KINDS), typed("lemons").wanted), hits)
    assert len(statements) == 1


async def test_inflections_are_those_of_the_language_that_the_index_knows(services: Services, ann: Person) -> None:
    post = await a_post("Zwei Datenbanken", author=ann)

    [found] = await shown(
        services, await as_viewer(ann, services.clock.now()), "datenbankens", ("POST", post), terms=["language:de"]
    )

    assert [highlight.html for highlight in found] == ["Zwei <mark>Datenbanken</mark>"]
