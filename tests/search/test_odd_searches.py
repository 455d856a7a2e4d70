"""Odd texts and filters: refused where they make no sense, else plain words; never a command to an engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from search.choice import Search
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.search.asking import facet, indexed, refusals, results
from tests.search.kitchen import Kitchen
from tests.search.meilisearch import meili_engine

ODD = [
    *(
        "!!!",
        '"',
        '""',
        '"" ""',
        "-",
        "--",
        '-"',
        '-""',
        "-marmalade",
        ":",
        "from:",
        "in:",
        "tag:",
        "from:-",
        "::",
        "*",
    ),
    *("%", "_", "?", "marm*", "m_rmalade", "%marmalade%", "🎉", "🎉🎉🎉", "👩‍🔬", "\u202e\u202d", "\ufeff", "'", "''"),
    *("' OR '1'='1", "'; DROP TABLE person; --", "a' & !b", "marmalade') | ('x", "!marmalade", "<-> x", "x:*", "x:A"),
    *('kind = "POST"', "audiences = x OR 1", 'x" OR "y', "[]", "{}", "IS NULL", "EXISTS", "NOT", "AND", "OR", "x TO y"),
    *("/kind:POST", "/o", "kind:POST", "author:me", "audience:1", "~en:x", "\\", "\\\\", "\\'", "a\\", "a" * 500),
    *("x " * 250, "-x " * 160, '"x" ' * 120, "from:x " * 70, "\u0301" * 20, "ﷺ" * 100, "\t\n\r", "$1", "%s", "{0}"),
]
SIGNS = ["", " ' ", " \\ ", " & ", " | ", " <-> ", " = ", " :* "]
WORDS = ["", "'", "\\", '"', "x' | '/o", "a:b", "\x00", "\ud800", "x" * 5_000, "[x]", "🎉"]
MOMENTS = ["0001-01-01T00:00:00Z", "0001-06-01T00:00:00+05:00", "9999-12-31T23:59:59Z", "2026-01-01T00:00:00"]


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "a" * 501, "word " * 2_000, "a\x00b", "\ud800", "a\udfffb"])
async def test_what_is_no_text_is_refused(ask: Ask, text: str) -> None:
    assert await refusals(ask, await a_person(), text) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("text", ODD)
async def test_odd_texts_find_little_and_break_nothing(ask: Ask, kitchen: Kitchen, text: str) -> None:
    answer = await ask.answer(kitchen.ann, "search/search", text=text, first=10)

    codes = [error["extensions"]["code"] for error in answer.errors]
    assert codes in ([], ["BAD_USER_INPUT"]), answer.errors
    if answer.data and "marm" not in text:
        assert answer.data["search"]["totalCount"] == 0


@pytest.mark.parametrize("text", ["marmalade", '"marmalade', "marmalade\\", "marmalade'", "(marmalade)", "marmalade!"])
@pytest.mark.parametrize("sign", SIGNS)
async def test_signs_are_no_commands_to_an_engine(ask: Ask, kitchen: Kitchen, text: str, sign: str) -> None:
    assert (await results(ask, kitchen.ann, f"{text}{sign}"))["totalCount"] == 6


@pytest.mark.parametrize(
    "filter_by",
    [
        {"authorIds": ["x"]},
        {"authorIds": [""]},
        {"placeIds": ["x"]},
        {"tagIds": ["' OR 1=1"]},
        {"orgUnitIds": ["*"]},
    ],
)
async def test_what_is_no_id_is_not_found(ask: Ask, kitchen: Kitchen, filter_by: dict[str, Any]) -> None:
    assert await refusals(ask, kitchen.ann, "marmalade", filter_by=filter_by) == ["NOT_FOUND"]


@pytest.mark.parametrize("name", ["authorIds", "placeIds", "tagIds", "orgUnitIds", "skillIds"])
async def test_ids_of_other_types_are_not_found(ask: Ask, kitchen: Kitchen, name: str) -> None:
    id = global_id(kitchen.post)

    assert await refusals(ask, kitchen.ann, "marmalade", filter_by={name: [id]}) == ["NOT_FOUND"]
    other = global_id(kitchen.tag if name != "tagIds" else kitchen.ann)
    assert await refusals(ask, kitchen.ann, "marmalade", filter_by={name: [other]}) == ["NOT_FOUND"]


@pytest.mark.parametrize(
    "name", ["authorIds", "placeIds", "tagIds", "orgUnitIds", "skillIds", "locations", "languages"]
)
async def test_a_filter_has_at_most_fifty_values(ask: Ask, kitchen: Kitchen, name: str) -> None:
    things = {"placeIds": kitchen.group, "tagIds": kitchen.tag, "authorIds": kitchen.ann}
    value = global_id(things[name]) if name in things else "en"
    if name in ("orgUnitIds", "skillIds"):
        value = global_id(await a_unit()) if name == "orgUnitIds" else "x"

    assert await refusals(ask, kitchen.ann, "marmalade", filter_by={name: [value] * 51}) == ["BAD_USER_INPUT"]
    if name != "skillIds":
        assert await refusals(ask, kitchen.ann, "marmalade", filter_by={name: [value] * 50}) == []


@pytest.mark.parametrize("name", ["locations", "languages"])
@pytest.mark.parametrize("value", WORDS)
async def test_words_of_filters_are_plain_words(ask: Ask, kitchen: Kitchen, name: str, value: str) -> None:
    answer = await ask.answer(kitchen.ann, "search/search", text="marmalade", first=5, filter_by={name: [value]})

    codes = [error["extensions"]["code"] for error in answer.errors]
    assert codes == ["BAD_USER_INPUT"] or (answer.data and answer.data["search"]["totalCount"] == 0), answer


@pytest.mark.parametrize("place", ["Bern", "St. John's", 'The "Hub"', "C:\\Office", "Köln / Bonn", "A & B | C", "東京"])
async def test_locations_of_any_spelling_are_facets_and_filters(ask: Ask, place: str) -> None:
    ann = await a_person("Ann", location=place)
    await a_person("Ann", location="Elsewhere")
    await indexed(ask)

    assert facet(await results(ask, ann, "ann"), "LOCATION") == {place: 1, "Elsewhere": 1}
    assert (await results(ask, ann, "ann", filter_by={"locations": [place]}))["totalCount"] == 1


@pytest.mark.parametrize("moment", ["", "x", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "yesterday"])
@pytest.mark.parametrize("name", ["after", "before"])
async def test_what_is_no_moment_is_refused(ask: Ask, kitchen: Kitchen, name: str, moment: str) -> None:
    assert await refusals(ask, kitchen.ann, "marmalade", filter_by={name: moment}) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("name", ["after", "before"])
async def test_moments_far_away_are_moments(ask: Ask, kitchen: Kitchen, name: str, moment: str) -> None:
    answer = await ask.answer(kitchen.ann, "search/search", text="marmalade", first=5, filter_by={name: moment})

    codes = [error["extensions"]["code"] for error in answer.errors]
    assert codes in ([], ["BAD_USER_INPUT"]), answer.errors
    if answer.data and moment[:4] != "2026":
        everything = (name == "after") == (moment < "1000")
        assert answer.data["search"]["totalCount"] == (3 if everything else 0)


async def test_moments_that_cross_find_nothing(ask: Ask, kitchen: Kitchen) -> None:
    crossed = {"after": "2026-05-01T00:00:00Z", "before": "2026-04-01T00:00:00Z"}

    assert (await results(ask, kitchen.ann, "marmalade", filter_by=crossed))["totalCount"] == 0


async def test_an_empty_filter_asks_nothing(ask: Ask, kitchen: Kitchen) -> None:
    empty: dict[str, Any] = {"authorIds": [], "placeIds": None, "postKinds": [], "languages": []}

    assert (await results(ask, kitchen.ann, "marmalade", filter_by=empty))["totalCount"] == 6


async def test_meilisearch_takes_none_of_it_for_a_command(ask: Ask, kitchen: Kitchen) -> None:
    """All of the above, over one index of it. It forgives more than PostgreSQL does; whole words find the same."""
    async with meili_engine() as better:
        over = Ask(ask.schema, replace(ask.services, search=Search(ask.services.engine, better)))
        await indexed(over)
        asked: list[tuple[str, dict[str, Any]]] = [(text, {}) for text in ODD]
        asked += [(f"marmalade{sign}", {}) for sign in SIGNS]
        asked += [
            ("marmalade", {"filter_by": {name: [value]}}) for name in ("locations", "languages") for value in WORDS
        ]
        asked += [("marmalade", {"filter_by": {name: moment}}) for name in ("after", "before") for moment in MOMENTS]
        for text, more in asked:
            told = [await one.answer(kitchen.ann, "search/search", text=text, first=10, **more) for one in (ask, over)]
            codes = [[error["extensions"]["code"] for error in answer.errors] for answer in told]
            assert codes[0] == codes[1], (text, more)
            if told[1].data:
                assert not told[1].data["search"]["isDegraded"], (text, more)
            counts = [answer.data["search"]["totalCount"] for answer in told if answer.data]
            assert len(set(counts)) <= 1 or text in ODD, (text, more, counts)
            assert not counts or counts[-1] < 6 or "marm" in text, (text, counts)
