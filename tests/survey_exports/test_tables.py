"""Tables: read back as they were written, no formulas for spreadsheets, and never too long."""

from __future__ import annotations

import csv
import io
import json
import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Invalid
from models.questionnaires import Given, Option, QuestionKind
from models.surveys import Anonymity, SegmentKind
from resolvers.context import Services
from resolvers.tables import SIZE_MAX, Table, TableFormat
from tests.conftest import Ask
from tests.factories.people import a_person
from tests.factories.surveys import choice, text
from tests.survey_exports.exporting import as_asked, exported, logged, objects, only, payload, rows, several
from tests.survey_gate.asked import a_closed, a_company
from tests.survey_gate.filled import a_filled, an_analyst, counted

FORMULAS = [
    "=HYPERLINK(1)",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u200b=1",
    "\xa0-1",
    "＝1",
    "\ufeff@x",
]
PLAIN = ["1", "a=1", "’=1", "", "Ende?", "½", "'=1"]


def written(*texts: str) -> list[str]:
    """Texts as the cells of a table of one column, read again."""
    table = Table(TableFormat.CSV, ["text"])
    table.add({"text": one} for one in texts)
    return [row[0] if row else "" for row in csv.reader(io.StringIO(table.content, newline=""))][1:]


def test_no_cell_is_a_formula() -> None:
    assert written(*FORMULAS) == [f"'{one}" for one in FORMULAS]
    assert written(*PLAIN) == PLAIN


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))))
def test_every_text_is_read_back(texts: list[str]) -> None:
    for one, found in zip(texts, written(*texts), strict=True):
        assert found in (one, f"'{one}")


def test_numbers_stay_numbers() -> None:
    table = Table(TableFormat.CSV, ["score", "value", "is", "many"])

    table.add([{"score": -33.5, "value": -2, "is": False, "many": ["-a", "b"]}, {}])

    assert table.content == "score,value,is,many\r\n-33.5,-2,false,'-a; b\r\n,,,\r\n"


def test_a_line_is_an_object_whatever_ends_lines_elsewhere() -> None:
    table = Table(TableFormat.JSONL, ["text", "none"])

    table.add([{"text": "a\x85b\u2028c\u2029d\ne", "none": None}])

    [line] = table.content.splitlines()
    assert json.loads(line) == {"text": "a\x85b\u2028c\u2029d\ne"}


def test_a_table_that_grows_too_large_is_refused() -> None:
    table = Table(TableFormat.CSV, ["text"])

    with pytest.raises(Invalid, match=r"10,000,000 characters.*filterBy"):
        table.add({"text": "x" * 5_000} for _ in range(SIZE_MAX // 5_000))


async def test_what_people_write_is_no_formula(ask: Ask, services: Services) -> None:
    company = await a_company()
    asked = text("=cmd|' /C calc'!A1", key="@key")
    words = (FORMULAS * 3)[:35]
    answered = {i: [Given(asked.id, (), word)] for i, word in enumerate(words)}
    survey = await counted(services, await a_filled(company.ana, [asked], company.crowd, answered))

    lines = several(await rows(ask, company.ana, survey), line="TEXT")
    assert sorted(line["text"] for line in lines) == sorted(f"'{word}" for word in words)
    assert {(line["question"], line["key"]) for line in lines} == {("'=cmd|' /C calc'!A1", "'@key")}
    as_json = several(await objects(ask, company.ana, survey), line="TEXT")
    assert sorted(line["text"] for line in as_json) == sorted(words)


async def test_nor_are_names_of_options_people_and_segments(ask: Ask, services: Services) -> None:
    ana, asked = await an_analyst(), choice("Where?", "=1+1", "Home")
    ann = await a_person("=Ann")
    crowd = as_asked([ann], location="+41 Bern")
    answered = {0: [Given(asked.id, (0,))]}
    made = await a_filled(ana, [asked], crowd, answered, kinds=(SegmentKind.LOCATION,), anonymity=Anonymity.NAMED)
    survey = await counted(services, made)

    lines = await rows(ask, ana, survey)
    assert {line["value"] for line in several(lines, line="OPTION")} == {"'=1+1", "Home"}
    assert only(lines, line="QUESTION", segment_kind="LOCATION")["segment"] == "'+41 Bern"
    [line] = await rows(ask, ana, survey, raw=True)
    assert (line["name"], line["answer"]) == ("'=Ann", "'=1+1")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Pulse 2026", "Pulse-2026-"),
        ("../../etc/passwd", "etc-passwd-"),
        ('a"; filename="b.exe\r\nX: y', "a-filename-b-exe-X-y-"),
        ("Umfrage: Zürich & Genève", "Umfrage-Zürich-Genève-"),
        ("\u202egnp.exe", "gnp-exe-"),
        ("<script>", "script-"),
        ("…?!", ""),
        ("x" * 200, "x" * 60 + "-"),
    ],
)
async def test_a_hostile_title_makes_a_plain_name(ask: Ask, services: Services, title: str, slug: str) -> None:
    company = await a_company()
    survey = await a_closed(services, company, choice(), title=title)

    made = await exported(ask, company.ana, survey)
    assert made["fileName"] == f"survey-{slug}2026-03-08-results.csv"
    assert made["contentType"] == "text/csv; charset=utf-8; header=present"
    made = await exported(ask, company.ana, survey, "JSONL")
    assert made["fileName"] == f"survey-{slug}2026-03-08-results.jsonl"
    assert made["contentType"] == "application/jsonl; charset=utf-8"


async def test_an_export_that_is_too_long_is_refused_and_says_what_to_do(ask: Ask, services: Services) -> None:
    """Each of 130 questions has 400 cells, as many as a matrix may have; of everybody, and of those in Bern."""
    ana, ann = await an_analyst(), await a_person("Ann")
    many = tuple(Option(uuid.uuid4(), f"Option {i}") for i in range(20))
    cells = replace(choice("How much?"), kind=QuestionKind.MATRIX, options=many, rows=many)
    questions = [replace(cells, id=uuid.uuid4(), key=str(i)) for i in range(130)]
    answered = {0: [Given(one.id, (0,)) for one in questions]}
    crowd = as_asked([ann], location="Bern")
    kinds = (SegmentKind.LOCATION,)
    made = await a_filled(ana, questions, crowd, answered, kinds=kinds, anonymity=Anonymity.NAMED)
    survey = await counted(services, made)

    found = await payload(ask, ana, survey)

    [error] = found.pop("errors")
    assert not any(found.values())
    assert error["code"] == "BAD_USER_INPUT"
    assert "100,000 rows" in error["message"] and "`filterBy`" in error["message"]
    assert await logged() == []
    part = await exported(ask, ana, survey, filter_by={"location": "Bern"})
    assert part["rowCount"] == 1 + 130 * 401


async def test_so_is_a_raw_one_of_very_much_text(ask: Ask, services: Services) -> None:
    ana, ann = await an_analyst(), await a_person("Ann")
    questions = [text(f"Question {i}") for i in range(200)]
    crowd = as_asked([ann, *[await a_person(f"Person {i}") for i in range(10)]])
    answered = {i: [Given(one.id, (), "x" * 5_000) for one in questions] for i in range(11)}
    made = await a_filled(ana, questions, crowd, answered, anonymity=Anonymity.NAMED)
    survey = await counted(services, made)

    [error] = (await payload(ask, ana, survey, raw=True))["errors"]

    assert "10,000,000 characters" in error["message"]
