"""Organograms as read: what each row of the published files means, before anything is stored."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from atrium.imports.organogram import Organogram, read_organogram
from atrium.imports.records import Record, Type
from atrium.imports.report import NotDone, Reason, Report

DATA = Path(__file__).parents[1] / "data" / "uk_organogram"
HEADER = (
    "Post Unique Reference,Name,Grade (or equivalent),Job Title,Parent Department,Organisation,Unit,"
    "Contact E-mail,Reports to Senior Post\n"
)
JUNIOR = (
    "Parent Department,Organisation,Unit,Reporting Senior Post,Grade,Payscale Minimum (£),Generic Job Title,"
    "Number of Posts in FTE,Professional/Occupational Group\n"
)


def row(ref: str, name: str = "", *, title: str = "Director", unit: str = "Kitchen", to: str = "XX") -> str:
    """A row of the Ministry's senior file."""
    return f"{ref},{name},SCS1,{title},Ministry,Ministry,{unit},office@ministry.example,{to}\n"


class Read:
    """Reads what a test writes down, and keeps the report."""

    def __init__(self, folder: Path) -> None:
        self.senior, self.junior, self.report = folder / "senior.csv", folder / "junior.csv", Report()

    def __call__(self, rows: str | bytes, junior: str | None = None, *, with_junior: bool = False) -> Organogram:
        self.report = Report()
        self.senior.write_bytes(rows if isinstance(rows, bytes) else (HEADER + rows).encode())
        if junior is not None:
            self.junior.write_text(JUNIOR + junior)
        return read_organogram(self.senior, self.junior if junior else None, self.report, with_junior=with_junior)

    @property
    def told(self) -> list[tuple[int, str]]:
        return [(problem.line, str(problem.code)) for problem in self.report.problems]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return Read(tmp_path)


def of(found: Organogram, type: Type) -> list[Record]:
    return [record for record in found.records if record.type is type]


def holders(found: Organogram) -> list[tuple[object, object]]:
    return [(record.fields["position"], record.fields["person"]) for record in of(found, Type.HOLDING)]


@pytest.mark.parametrize(
    ("snapshot", "source", "posts", "roots", "span", "doubles", "lost"),
    [
        ("department_of_health-2011-03-31", "Department of Health", 302, 2, 20, 1, 1),
        ("department_of_health-2011-09-30", "Department of Health", 313, 1, 18, 0, 0),
        ("home_office-2012-09-30", "Home Office", 190, 1, 13, 11, 0),
    ],
)
def test_the_real_files(snapshot: str, source: str, posts: int, roots: int, span: int, doubles: int, lost: int) -> None:
    report = Report()

    found = read_organogram(DATA / f"{snapshot}-senior.csv", DATA / f"{snapshot}-junior.csv", report)

    above = Counter(record.fields["reports_to"] for record in of(found, Type.POSITION))
    assert (found.source, above.total(), above.pop(None), max(above.values())) == (source, posts, roots, span)
    codes = Counter(str(problem.code) for problem in report.problems)
    assert codes == Counter(junior_posts=1, duplicate_id=doubles, bad_text=lost)
    assert not report.has_errors


def test_who_is_named_and_who_is_not(read: Read) -> None:
    names = ["Dame Ann Lee", "N/D", "n/d", "ministry", "", "Vacant", "'Vacant", "Eliminated", "'Eliminated'", "Vacant’"]

    found = read("".join(row(f"P{n}", name) for n, name in enumerate(names)))

    assert holders(found) == [("P0", "dame ann lee"), ("P1", None), ("P2", None), ("P3", None)]
    assert [record.fields for record in of(found, Type.PERSON)] == [{"name": "Dame Ann Lee"}]
    assert len(of(found, Type.POSITION)) == len(names)


def test_one_person_in_two_posts_is_one_person(read: Read) -> None:
    found = read(row("P1", "Prof Ann Lee") + row("P2", "Prof  ANN Lee") + row("P3", "Ann Lee"))

    assert holders(found) == [("P1", "prof ann lee"), ("P2", "prof ann lee"), ("P3", "ann lee")]
    assert [record.id for record in of(found, Type.PERSON)] == ["prof ann lee", "ann lee"]


def test_a_shared_post_has_both_holders(read: Read) -> None:
    found = read(row("P1", "Ann") + row("P1", "Bob") + row("P2", "N/D") + row("P2", "Cleo"))

    assert set(holders(found)) == {("P1", "ann"), ("P1", "bob"), ("P2", None), ("P2", "cleo")}
    assert len(of(found, Type.POSITION)) == 2
    assert read.told == []


@pytest.mark.parametrize("filled", ["Ann", "N/D"])
def test_a_filled_row_wins_over_an_eliminated_one_wherever_it_stands(read: Read, filled: str) -> None:
    taken, left = row("P1", filled, title="Head"), row("P1", "'Eliminated'", title="Old head")

    for rows, line in ((taken + left, 3), (left + taken, 2)):
        found = read(rows)

        assert holders(found) == [("P1", "ann" if filled == "Ann" else None)]
        assert [record.fields["title"] for record in of(found, Type.POSITION)] == ["Head"]
        assert read.told == [(line, "duplicate_id")]
        assert read.report.positions.skipped == 1


def test_whoever_is_paid_without_a_post_has_none(read: Read) -> None:
    found = read(row("0", "Ann") + row("0", "N/D") + row("P1", "Bob"))

    assert [record.id for record in of(found, Type.POSITION)] == ["P1"]
    assert [record.id for record in of(found, Type.PERSON)] == ["ann", "bob"]
    assert read.told == [(2, "no_post"), (3, "no_post")]


def test_roots_and_dirty_lines_are_for_the_engine_to_judge(read: Read) -> None:
    found = read(row("P1") + row("P2", to="xx") + row("P3", to="P3") + row("P4", to="nowhere") + row("P5", to=""))

    above = {record.id: record.fields["reports_to"] for record in of(found, Type.POSITION)}
    assert above == {"P1": None, "P2": None, "P3": "P3", "P4": "nowhere", "P5": None}


def test_units_make_a_tree_without_a_level_twice(read: Read) -> None:
    found = read(
        "P1,,SCS1,Head,Ministry,Agency,Kitchen / Bar,,XX\nP2,,SCS1,Cook,Ministry,Ministry,ministry,,P1\n"
        "P3,,SCS1,Cook,Ministry,Agency,Agency,,P1\nP4,,SCS1,Cook,,,,,P1\n"
    )

    units = {record.fields["name"]: record.fields["parent"] for record in of(found, Type.ORG_UNIT)}
    assert units == {"Ministry": None, "Agency": "ministry", "Kitchen / Bar": "ministry/agency"}
    assert [record.fields["org_unit"] for record in of(found, Type.POSITION)] == [
        *("ministry/agency/kitchen \\/ bar", "ministry", "ministry/agency", None)
    ]


def test_a_colon_names_no_other_source(read: Read) -> None:
    found = read(row("P1", "Ann: 100%", unit="Board: office"))

    assert holders(found) == [("P1", "ann%3a 100%25")]
    assert of(found, Type.ORG_UNIT)[-1].id == "ministry/board%3a office"


def test_a_file_of_several_bodies_names_no_source(read: Read) -> None:
    two = "P1,,SCS1,Head,Ministry,Agency,,,XX\nP2,,SCS1,Head,{},Board,,,XX\n"

    assert read(two.format("Ministry")).source == "Ministry"
    assert read(two.format("Treasury")).source is None


def test_an_index_column_the_old_grade_header_and_windows_1252(read: Read) -> None:
    old = (
        ",Post Unique Reference,Name,Grade,Job Title,Salary Cost of Reports (£),Unit,Reports to Senior Post,,\n"
        "1,P1,Zoë Brontë,SCS1,Head’s aide,5,Kitchen,XX,,\n"
    )

    found = read(old.encode("cp1252"))

    assert read.told == [(1, "encoding")]
    assert [record.fields for record in of(found, Type.POSITION)] == [
        {"title": "Head’s aide", "grade": "SCS1", "org_unit": "kitchen", "reports_to": None}
    ]
    assert holders(found) == [("P1", "zoë brontë")]


def test_no_address_is_taken(read: Read) -> None:
    found = read(row("P1", "Ann"))

    assert "office@ministry.example" not in repr(found)


def test_rows_that_cannot_be_read_are_told(read: Read) -> None:
    found = read(row("P1", "Ann") + "P2,Bob\n" + row("", "Cleo") + 'P4,"Dan')

    assert read.told == [(3, "bad_row"), (4, "missing_field"), (5, "cut_off")]
    assert (read.report.unreadable, len(of(found, Type.POSITION))) == (3, 1)


def test_another_file_is_refused(read: Read) -> None:
    for text, reason in ((b"id,name\n1,Ann\n", Reason.MISSING_COLUMN), (HEADER.encode(), Reason.NO_ROWS)):
        with pytest.raises(NotDone) as caught:
            read(text)
        assert caught.value.reason is reason


def test_junior_posts_are_counted_and_left_out(read: Read) -> None:
    found = read(
        row("P1", "Ann"), "Ministry,Ministry,Bar,P1,G7,1,Cook,2.5,Policy\nMinistry,Ministry,Bar,P1,G7,1,Cook,x,\n"
    )

    assert [record.id for record in of(found, Type.POSITION)] == ["P1"]
    assert read.told == [(3, "bad_value"), (1, "junior_posts")]
    assert read.report.positions.skipped == 1


def test_junior_posts_may_become_unnamed_ones(read: Read) -> None:
    rows = "Ministry,Ministry,Bar,P1,G7,1,Cook,2.5,Policy\nMinistry,Ministry,Bar,P1,G7,1,Cook,0.6,Policy\n"

    found = read(row("P1", "Ann"), rows + "Ministry,Ministry,Bar,P1,G6,1,Chef,1,Policy\n", with_junior=True)

    posts = of(found, Type.POSITION)
    assert Counter(record.fields["title"] for record in posts) == {"Director": 1, "Cook": 4, "Chef": 1}
    assert {record.fields["org_unit"] for record in posts[1:]} == {"ministry/bar"}
    assert {record.fields["reports_to"] for record in posts[1:]} == {"P1"}
    assert [person for _, person in holders(found)] == ["ann", *[None] * 5]
    assert len({record.id for record in posts}) == len(posts)
    assert "Bar" in [record.fields["name"] for record in of(found, Type.ORG_UNIT)]
