"""Rows with something wrong in them: what is left out, and what comes in all the same."""

import pytest

from tests.imports.conftest import Bring, codes, stored

BIG = "x" * 1_100_000


async def test_cells_are_text_and_nothing_is_mended(bring: Bring) -> None:
    report = await bring(
        'external_id,name,title\n007,=1+1,+44\n008,@ann,-1\n009,Anne\u00a0Marie\u00a0,\'Eliminated\'\n010,"O""Neill",N/D\n'
    )

    assert not report.problems
    assert await stored("name", "title") == {
        "007": ("=1+1", "+44"),
        "008": ("@ann", "-1"),
        "009": ("Anne\u00a0Marie\u00a0", "'Eliminated'"),
        "010": ('O"Neill', "N/D"),
    }


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",Bob,,", "missing_field"),
        ("2,,,", "missing_field"),
        ("2,\u00a0,,", "missing_field"),
        ("2,Bob", "bad_row"),
        ("2,Bob,,,more", "bad_row"),
        ("2,B\x00b,,", "bad_text"),
        ("2\x00,Bob,,", "bad_text"),
        (f"2,{'B' * 201},,", "too_long"),
        (f"{'2' * 201},Bob,,", "too_long"),
        (f"2,Bob,,{BIG}", "too_long"),
    ],
)
async def test_a_row_beyond_use_costs_only_itself(bring: Bring, row: str, code: str) -> None:
    report = await bring(f"external_id,name,title,bio\n1,Ann,,\n{row}\n3,Cleo,,\n")

    assert codes(report) == [(3, code)]
    assert (report.people.created, report.people.errors) == (2, 1)
    assert await stored("name") == {"1": "Ann", "3": "Cleo"}


@pytest.mark.parametrize(
    ("field", "length"),
    [("title", 201), ("location", 201), ("pronouns", 51), ("bio", 20_001), ("org_unit", 201), ("department", 201)],
)
async def test_a_text_too_long_costs_only_its_cell(bring: Bring, field: str, length: int) -> None:
    report = await bring(f"external_id,name,{field}\n1,Ann,{'x' * length}\n")

    assert [(p.code, p.field, p.severity) for p in report.problems] == [("too_long", field, "error")]
    assert await stored("name") == {"1": "Ann"}


async def test_extra_empty_cells_are_nothing(bring: Bring) -> None:
    assert not (await bring("external_id,name\n1,Ann,,\n\n2,Bob\n")).problems


async def test_long_unit_paths_stay_apart(bring: Bring) -> None:
    top = "T" * 200
    text = f"external_id,name,org_unit,department\n1,Ann,{top},Kitchen\n2,Bob,{top},Office\n3,Cleo,{top},Kitchen\n"
    report = await bring(text)

    assert report.units.created == 3
    assert await stored("unit") == {"1": "Kitchen", "2": "Office", "3": "Kitchen"}
    assert (await bring(text)).units.unchanged == 3


@pytest.mark.parametrize("address", ["N/D", "ann", "ann@", "a b@acme.example", "ann@acme", "x" * 400 + "@acme.example"])
async def test_what_is_no_address_is_left_out(bring: Bring, address: str) -> None:
    report = await bring(f"external_id,name,email\n1,Ann,{address}\n")

    assert codes(report) == [(2, "bad_email")]
    assert not report.has_errors
    assert await stored("email") == {"1": None}


async def test_a_shared_address_is_nobodys(bring: Bring) -> None:
    text = "external_id,name,email\n1,Ann,team@acme.example\n2,Bob,Team@acme.example\n3,Cleo,cleo@acme.example\n"
    report = await bring(text)

    assert codes(report) == [(2, "shared_email"), (3, "shared_email")]
    assert await stored("email") == {"1": None, "2": None, "3": "cleo@acme.example"}
    assert (await bring(text)).people.unchanged == 3


@pytest.mark.parametrize(
    ("active", "expected"),
    [("true", True), ("On Leave", True), ("FALSE", False), ("Terminated", False), ("", True), ("perhaps", True)],
)
async def test_status_in_the_words_of_hr(bring: Bring, active: str, expected: bool) -> None:
    report = await bring(f"external_id,name,status\n1,Ann,{active}\n")

    assert codes(report) == ([(2, "bad_value")] if active == "perhaps" else [])
    assert await stored("active") == {"1": expected}


@pytest.mark.parametrize(
    ("order", "written", "expected"),
    [
        ("ymd", "2026-03-01", False),
        ("ymd", "2026-03-02T00:00:00", True),  # the clock's day is their last one
        ("dmy", "01/03/2026", False),
        ("mdy", "03/01/2026", False),
        ("mdy", "04/03/2026", True),
        ("dmy", "2026-03-01", False),
    ],
)
async def test_who_has_left_is_not_active(bring: Bring, order: str, written: str, expected: bool) -> None:
    report = await bring(f"external_id,name,termination date\n1,Ann,{written}\n", date_order=order)

    assert not report.problems
    assert await stored("active") == {"1": expected}


@pytest.mark.parametrize(("order", "written"), [("ymd", "01/03/2026"), ("dmy", "03/31/2026"), ("mdy", "soon")])
async def test_a_date_is_never_guessed(bring: Bring, order: str, written: str) -> None:
    report = await bring(f"external_id,name,termination date\n1,Ann,{written}\n", date_order=order)

    assert codes(report) == [(2, "bad_date")]
    assert await stored("active") == {"1": True}


@pytest.mark.parametrize(
    ("rows", "taken", "warned"),
    [
        ("1,Ann,true\n1,Bob,true", "Bob", 2),
        ("1,Ann,true\n1,Vacant,true", "Ann", 3),
        ("1,Ann,true\n1,'Eliminated',true", "Ann", 3),
        ("1,Ann,true\n1,Bob,false", "Ann", 3),
        ("1,Ann,false\n1,Bob,true", "Bob", 2),
        ("1,N/D,true\n1,Vacant,true", "Vacant", 2),
    ],
)
async def test_the_last_row_of_an_id_that_names_somebody_wins(bring: Bring, rows: str, taken: str, warned: int) -> None:
    report = await bring(f"external_id,name,active\n{rows}\n")

    assert codes(report) == [(warned, "duplicate_id")]
    assert (report.people.created, report.people.skipped, report.has_errors) == (1, 1, False)
    assert await stored("name") == {"1": taken}
