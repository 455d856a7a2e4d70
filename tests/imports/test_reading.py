"""Files as people export them, and files that are none."""

from pathlib import Path

import pytest

from atrium.imports.report import NotDone, Reason
from tests.imports.conftest import Bring, codes, stored

TEXT = "external_id,name,title\n007,Zoë Müller,Köchin\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
async def test_any_usual_delimiter_is_seen_in_the_header(bring: Bring, delimiter: str) -> None:
    # More semicolons in the rows than commas in the header: only the header is looked at.
    report = await bring(
        TEXT.replace(",", delimiter) + delimiter.join(("008", "a;b;c" if delimiter == "," else "a,b,c", ""))
    )

    assert report.people.created == 2
    assert (await stored("name"))["007"] == "Zoë Müller"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
async def test_any_unicode_is_understood(bring: Bring, encoding: str) -> None:
    report = await bring(TEXT.encode(encoding))

    assert not report.problems
    assert await stored("name", "title") == {"007": ("Zoë Müller", "Köchin")}


async def test_windows_text_is_read_and_said_so(bring: Bring) -> None:
    report = await bring(TEXT.encode("cp1252"))

    assert codes(report) == [(1, "encoding")]
    assert not report.has_errors
    assert await stored("name") == {"007": "Zoë Müller"}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
async def test_any_line_ending(bring: Bring, ending: str) -> None:
    await bring(f"sep=;\n\n{TEXT}\n".replace(",", ";").replace("\n", ending))

    assert await stored("name") == {"007": "Zoë Müller"}


async def test_headers_of_hr_systems_are_known(bring: Bring) -> None:
    report = await bring(
        "Employee #,First Name,Last Name,Preferred Name,Work Email,Job Title,Department,Division,Location,Supervisor,"
        "Supervisor EEID,Hire Date,Termination Date,Status,Work Phone\n"
        "01,Robert,Stone,Bob,Bob@Acme.example,Cook,Kitchen,Canteen,Oslo,,,,,Active,\n"
        "02,Ann,Lee,,ann@acme.example,Chef,Kitchen,Canteen,Oslo,Bob Stone,,,,Active,\n"
        "03,Eve,Ray,,,Clerk,,Office,Rome,Bob Stone,02,,,Terminated,\n"
    )

    assert not report.problems
    assert await stored("name", "email", "title", "unit", "above", "location", "manager", "active") == {
        "01": ("Bob Stone", "bob@acme.example", "Cook", "Kitchen", "Canteen", "Oslo", None, True),
        "02": ("Ann Lee", "ann@acme.example", "Chef", "Kitchen", "Canteen", "Oslo", "01", True),
        "03": ("Eve Ray", None, "Clerk", "Office", None, "Rome", "02", False),
    }


async def test_headers_of_reports_are_known(bring: Bring) -> None:
    await bring(
        "Employee_ID;Legal_Name_-_First_Name;Preferred_Name;Email_-_Work;Business_Title;Supervisory_Organization;"
        "Manager_Employee_ID;Cost_Center;Location;Hire_Date;Worker_Status;Worker_Type\n"
        "0001;Robert;Bob Stone;bob@acme.example;Cook;Kitchen;;77;Oslo;2020-01-01;Active;Employee\n"
    )

    assert await stored("name", "unit", "above") == {"0001": ("Bob Stone", "Kitchen", None)}


async def test_columns_left_aside_are_named(bring: Bring) -> None:
    report = await bring("external_id,name,Shoe size,Employee ID,Cost Center\n1,Ann,38,9,A\n")

    assert [(p.code, p.field) for p in report.problems] == [
        ("column_not_kept", "Cost Center"),
        ("duplicate_column", "Employee ID"),
        ("unknown_column", "Shoe size"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.EMPTY_FILE),
        ("\n \n", Reason.EMPTY_FILE),
        ("external_id,name\n", Reason.NO_ROWS),
        ("external_id,name\n\n,\n", Reason.NO_ROWS),
        ("name,title\nAnn,Cook\n", Reason.MISSING_COLUMN),
        ("external_id,title\n1,Cook\n", Reason.MISSING_COLUMN),
        ("1,Ann\n2,Bob\n", Reason.MISSING_COLUMN),
    ],
)
async def test_a_file_of_nothing_is_refused(bring: Bring, text: str, reason: Reason) -> None:
    assert await bring.refused(text) is reason


async def test_a_missing_column_is_explained(bring: Bring) -> None:
    with pytest.raises(NotDone, match=r"no column for an id \(one of external id, .*Its header has: Nick, Shoe size"):
        await bring("Nick,Shoe size\nann,38\n")


@pytest.mark.parametrize("name", ["", "nowhere.csv"])
async def test_what_is_no_file_is_refused(bring: Bring, tmp_path: Path, name: str) -> None:
    with pytest.raises(NotDone) as caught:
        await bring.file(tmp_path / name)

    assert caught.value.reason is Reason.NO_FILE


@pytest.mark.parametrize("source", ["", "  ", "x" * 201])
async def test_a_source_has_a_name(bring: Bring, source: str) -> None:
    assert await bring.refused(TEXT, source=source) is Reason.BAD_SOURCE


async def test_a_file_cut_off_inside_quotes(bring: Bring) -> None:
    cut = 'external_id,name,bio\n1,Ann,"She cooks\nand bakes"\n2,Bob,"He was\nborn'

    report = await bring(cut)

    assert codes(report) == [(4, "cut_off")]
    assert report.has_errors
    assert await stored("name", "bio") == {"1": ("Ann", "She cooks\nand bakes")}
    assert await bring.refused(cut, mode="full") is Reason.UNREADABLE_ROWS


async def test_a_file_cut_off_inside_a_character(bring: Bring) -> None:
    report = await bring("external_id,name\n1,Ann\n2,Zoë".encode()[:-1])

    assert codes(report) == [(3, "bad_text")]
    assert (await stored("name"))["1"] == "Ann"
