"""Choosing an audience: exactly one, wherever one is chosen; else it is said where, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from graphql import GraphQLString

from execution.documents import core_schema
from schema.build import Schema
from tests.conftest import Ask
from tests.factories.changes import an_hr
from tests.leaks.crawling import Path, Root, Slot, roots

PLACES = {
    "audiencePreview": {("audience",)},
    "createPost": {("input", "audience")},
    "createSurvey": {("input", "audience"), ("input", "excluded", 0)},
    "movePost": {("input", "audience")},
    "reviewQueue": {("audience",)},
    "sharePost": {("input", "audience")},
    "surveyAudiencePreview": {("of", "audience"), ("of", "excluded", 0)},
    "updateSurvey": {("input", "audience"), ("input", "excluded", 0)},
}
"""Where an audience is chosen, by root field."""


def choices(schema: Schema) -> Iterator[tuple[Root, Path]]:
    """Each place where the schema takes an audience."""
    for kind in ("query", "mutation"):
        for root in {root.name: root for root in roots(core_schema(schema), kind)}.values():
            members: dict[Path, set[str]] = {}
            for slot in root.slots:
                members.setdefault(slot.path[:-1], set()).add(slot.name)
            yield from ((root, place) for place, names in members.items() if {"orgUnitId", "ruleId"} <= names)


def small(root: Root, variables: Mapping[str, Any]) -> str:
    """A document that gives these variables to a root field, and asks for next to nothing."""
    declared = ", ".join(f"${name}: {root.arguments[name]}" for name in variables)
    given = ", ".join(f"{name}: ${name}" for name in variables)
    return f"{root.kind} Choose({declared}) {{ {root.name}({given}) {{ __typename }} }}"


def test_it_is_known_where_audiences_are_chosen(schema: Schema) -> None:
    found: dict[str, set[Path]] = {}
    for root, place in choices(schema):
        found.setdefault(root.name, set()).add(place)

    assert found == PLACES


@pytest.mark.parametrize(
    ("chosen", "member"), [({}, ""), ({"company": None}, ".company"), ({"company": True, "location": "Bern"}, "")]
)
async def test_none_null_or_two_are_refused_with_the_place(
    ask: Ask, schema: Schema, chosen: dict[str, Any], member: str
) -> None:
    hana = await an_hr()
    for root, place in choices(schema):
        variables = root.filled(Slot(place, GraphQLString), chosen)

        answer = await ask.text(hana, small(root, variables), variables)

        [error] = answer.errors
        assert answer.data is None
        where = ".".join(map(str, place)) + member
        assert error["extensions"] == {"code": "BAD_USER_INPUT", "variable": where}, root.name
        assert "exactly one field must be specified" in error["message"]


async def test_the_place_is_told_by_the_name_of_the_variable(ask: Ask) -> None:
    hana = await an_hr()
    text = "query Reach($others: AudienceInput!) { audiencePreview(audience: $others) { personCount } }"

    [error] = (await ask.text(hana, text, {"others": {"nothing": "x"}})).errors[:1]

    assert error["extensions"] == {"code": "BAD_USER_INPUT", "variable": "others"}


async def test_one_that_is_written_out_is_refused_with_its_line(ask: Ask) -> None:
    hana = await an_hr()

    answer = await ask.text(hana, "query { audiencePreview(audience: {}) { personCount } }")

    assert answer.code == "GRAPHQL_VALIDATION_FAILED"
    assert answer.errors[0]["locations"] == [{"line": 1, "column": 35}]
    assert "exactly one field must be specified" in answer.errors[0]["message"]
