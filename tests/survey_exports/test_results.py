"""Exported results: the numbers of the API, for the same people, and nothing that it hides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from models.questionnaires import Given
from models.surveys import Anonymity, Survey
from resolvers.context import Services
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.surveys import scale, text
from tests.survey_exports.asking import CROWD, every_kind, given
from tests.survey_exports.exporting import Line, as_asked, objects, only, rows, several
from tests.survey_gate.asked import LEADERSHIP, LOCATION, ORG_UNIT, TENURE, Company, a_closed, a_company, told
from tests.survey_gate.filled import a_filled, counted


async def a_full_survey(services: Services, company: Company, **columns: Any) -> Survey:
    """A survey with a question of each kind, told apart by everything, which everybody has answered."""
    questions = every_kind()
    answered = {i: given(questions, i) for i in CROWD}
    kinds = (ORG_UNIT, LOCATION, TENURE, LEADERSHIP)
    made = await a_filled(
        company.ana, questions, company.crowd, answered, kinds=kinds, tree=company.tree, min_texts=5, **columns
    )
    return await counted(services, made)


@pytest.mark.parametrize("filtered", [None, "unit", "unit and location"])
async def test_the_numbers_are_those_of_the_api(ask: Ask, services: Services, filtered: str | None) -> None:
    company = await a_company()
    survey = await a_full_survey(services, company)
    place = {"orgUnitId": global_id(company.east)} | ({"location": "Bern"} if filtered == "unit and location" else {})
    asked: dict[str, Any] = {"filter_by": place} if filtered else {}

    lines = await rows(ask, company.ana, survey, **asked)

    shown = await told(ask, company.ana, survey, "survey_figures", texts=100, **asked)
    named = await told(ask, company.ana, survey, **asked)
    assert len(shown["results"]) == 8
    for result, names in zip(shown["results"], named["results"], strict=True):
        own = several(lines, key=result["question"]["key"], segment_kind="")
        assert figures(own) == figures_of(result, names)
        assert [line["text"] for line in several(own, line="TEXT")] == [one["text"] for one in result["texts"]["nodes"]]


def figures(lines: list[Line]) -> dict[str, Any]:
    """What the lines on a question say, by the names of the API."""
    about = only(lines, line="QUESTION")
    names = ("responses", "average", "median", "standard_deviation", "promoter_score")
    return {
        "hidden": about["is_suppressed"],
        "figures": [about[name] for name in names],
        "options": [(line["value"], line["count"], line["share"]) for line in several(lines, line="OPTION")],
        "other": [line["count"] for line in several(lines, line="OTHER")],
        "numbers": [(line["value"], line["count"], line["share"]) for line in several(lines, line="NUMBER")],
        "ranking": [(line["count"], line["average"], line["first_count"]) for line in several(lines, line="RANK")],
        "cells": [(line["count"], line["share"]) for line in several(lines, line="CELL")],
    }


def figures_of(result: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """What the API says of a question, as a table writes it."""
    labels = [one["option"]["label"] for one in names["options"]]
    about = ("responseCount", "average", "median", "standardDeviation", "promoterScore")
    return {
        "hidden": written(result["isSuppressed"]),
        "figures": [written(result[name]) for name in about],
        "options": [
            (label, *both(one, "count", "share")) for label, one in zip(labels, result["options"], strict=True)
        ],
        "other": [written(result["otherCount"])] if result["otherCount"] is not None else [],
        "numbers": [both(one, "value", "count", "share") for one in result["distribution"]],
        "ranking": [both(one, "count", "averageRank", "firstCount") for one in result["ranking"]],
        "cells": [both(one, "count", "share") for one in result["cells"]],
    }


def both(told: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    return tuple(written(told[name]) for name in names)


def written(value: Any) -> str:
    """A value of JSON as a cell."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


@pytest.mark.parametrize("filtered", [False, True])
async def test_segments_are_those_of_the_api(ask: Ask, services: Services, filtered: bool) -> None:
    company = await a_company()
    survey = await a_full_survey(services, company)
    asked: dict[str, Any] = {"filter_by": {"orgUnitId": global_id(company.top)}} if filtered else {}

    lines = await rows(ask, company.ana, survey, **asked)

    for kind in (ORG_UNIT, LOCATION, TENURE, LEADERSHIP):
        shown = await told(ask, company.ana, survey, "survey_figures", by=kind, **asked)
        for result in shown["results"]:
            mine = several(lines, line="QUESTION", key=result["question"]["key"], segment_kind=kind)
            assert [of_segment(line) for line in mine] == [in_cells(one) for one in result["segments"]]
        parts = (await told(ask, company.ana, survey, "survey_participation", by=kind, **asked))["participation"]
        mine = several(lines, line="PARTICIPATION", segment_kind=kind)
        assert [participation(line) for line in mine] == [
            both(one, "label", "isSuppressed", "invited", "responded", "rate") for one in parts
        ]


def of_segment(line: Line) -> tuple[str, ...]:
    names = ("segment", "is_suppressed", "responses", "average", "median", "standard_deviation", "promoter_score")
    return tuple(line[name] for name in names)


def in_cells(segment: Mapping[str, Any]) -> tuple[str, ...]:
    names = ("label", "isSuppressed", "responseCount", "average", "median", "standardDeviation", "promoterScore")
    return both(segment, *names)


def participation(line: Line) -> tuple[str, ...]:
    return tuple(line[name] for name in ("segment", "is_suppressed", "invited", "responses", "share"))


async def test_how_many_took_part_is_said_first(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_full_survey(services, company)

    first, *_ = await rows(ask, company.ana, survey)

    shown = await told(ask, company.ana, survey, "survey_participation")
    assert first["line"] == "PARTICIPATION"
    assert (first["invited"], first["responses"]) == ("35", written(shown["responseCount"]))
    assert first["share"] == written(shown["participationRate"])


async def test_lines_of_json_say_the_same(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_full_survey(services, company)

    table, lines = await rows(ask, company.ana, survey), await objects(ask, company.ana, survey)

    assert [{name: value for name, value in line.items() if value} for line in table] == [
        {name: written(value) for name, value in line.items()} for line in lines
    ]


async def test_a_small_segment_is_hidden_and_its_sibling_too(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_closed(services, company, scale(), [4] * 32 + [0] * 3)

    lines = await rows(ask, company.ana, survey)

    for unit in ("Tiny", "West"):
        mine = several(lines, segment=unit)
        assert [line["line"] for line in mine] == ["PARTICIPATION", "QUESTION"]
        for line in mine:
            said = {name for name, value in line.items() if value}
            assert line["is_suppressed"] == "true"
            assert said <= {"line", "question", "key", "kind", "segment_kind", "segment", "is_suppressed"}
    assert only(lines, segment="East", line="QUESTION")["average"] == "5.0"
    assert only(lines, segment="East", value="5")["count"] == "20"


async def test_a_filter_that_is_hidden_tells_no_numbers(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_full_survey(services, company)

    lines = await rows(ask, company.ana, survey, filter_by={"orgUnitId": global_id(company.tiny)})

    assert {line["line"] for line in lines} == {"PARTICIPATION", "QUESTION"}
    for line in lines:
        assert line["is_suppressed"] == "true" and line["filter"] == "ORG_UNIT: Tiny"
        assert not any(line[name] for name in ("invited", "responses", "count", "share", "average", "median", "text"))


@pytest.mark.parametrize("anonymity", [Anonymity.ANONYMOUS, Anonymity.CONFIDENTIAL])
async def test_of_fewer_than_the_minimum_nothing_is_told(ask: Ask, services: Services, anonymity: Anonymity) -> None:
    company, asked = await a_company(), scale()
    answered = {i: [Given(asked.id, (1,))] for i in range(4)}
    crowd = as_asked([await a_person(f"Person {i}") for i in range(6)])
    survey = await counted(services, await a_filled(company.ana, [asked], crowd, answered, anonymity=anonymity))

    took_part, question = await rows(ask, company.ana, survey)

    assert (took_part["is_suppressed"], took_part["responses"], took_part["invited"]) == ("true", "", "")
    assert (question["is_suppressed"], question["responses"]) == ("true", "")


async def test_hidden_texts_are_said_to_be(ask: Ask, services: Services) -> None:
    company, asked = await a_company(), text()
    few = {i: [Given(asked.id, (), f"Words {i}")] for i in range(9)}
    many = {i: [Given(asked.id, (), f"Words {i}")] for i in range(12)}
    hidden = await counted(services, await a_filled(company.ana, [asked], company.crowd, few))
    shown = await counted(services, await a_filled(company.ana, [asked], company.crowd, many))

    lines = await rows(ask, company.ana, hidden)
    assert only(lines, line="QUESTION")["are_texts_suppressed"] == "true"
    assert several(lines, line="TEXT") == []
    lines = await rows(ask, company.ana, shown)
    assert only(lines, line="QUESTION")["are_texts_suppressed"] == "false"
    assert sorted(line["text"] for line in several(lines, line="TEXT")) == sorted(f"Words {i}" for i in range(12))


async def test_all_texts_are_there_in_the_order_of_no_time(ask: Ask, services: Services) -> None:
    company, asked = await a_company(), text()
    # Each person's answers stand for those of many: there are more than are read at once.
    words = [f"Words {i:04}" for i in range(2_100)]
    answered = {i: [Given(asked.id, (), word) for word in words[i::35]] for i in CROWD}
    survey = await counted(services, await a_filled(company.ana, [asked], company.crowd, answered))

    found = [line["text"] for line in await objects(ask, company.ana, survey) if line["line"] == "TEXT"]

    assert found != words and sorted(found) == words


async def test_questions_come_in_their_order(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_full_survey(services, company)

    lines = await rows(ask, company.ana, survey)

    assert len(several(lines, line="QUESTION", segment_kind="")) == 8
    assert list(dict.fromkeys(line["kind"] for line in lines if line["kind"])) == [
        *("SCALE", "SINGLE_CHOICE", "MULTIPLE_CHOICE", "RANKING", "MATRIX", "NPS", "TEXT", "DATE")
    ]
