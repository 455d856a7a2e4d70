"""`import people` as a command; what it makes of files is tested with the imports themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Ask
from tests.commands.interpreter import Atrium

GOOD = "id,name,email,manager_id\n1,Ann,ann@company.example,\n2,Bob,bob@company.example,1\n"
BAD = GOOD + "3,Eve,eve@company.example,99\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(GOOD)
    return path


def test_a_dry_run_tells_what_the_import_then_does(atrium: Atrium, rows: Ask, file: Path) -> None:
    dry = json.loads(atrium.done("import", "people", str(file), "--dry-run"))
    assert not rows("SELECT 1 FROM person")
    real = json.loads(atrium.done("import", "people", str(file), "--source", "people"))

    assert dry == real
    assert real["people"] == {"created": 2, "updated": 0, "unchanged": 0, "deactivated": 0, "skipped": 0, "errors": 0}
    assert real["chart"] == {"posts": 2, "roots": 1, "depth": 1, "largestSpan": 1}
    assert [row["name"] for row in rows("SELECT name FROM person ORDER BY name")] == ["Ann", "Bob"]
    assert rows("SELECT count(*) FROM event WHERE kind = 'PersonJoined'")[0][0] == 2


def test_errors_in_rows_are_code_1_and_told_in_the_report(
    atrium: Atrium, rows: Ask, file: Path, tmp_path: Path
) -> None:
    file.write_text(BAD)

    done = atrium("import", "people", str(file), "--report", str(tmp_path / "report.json"))

    assert (done.code, done.out) == (1, "")
    assert "people: 3 created, 1 errors" in done.err and "error in line 4" in done.err
    assert json.loads((tmp_path / "report.json").read_text())["people"]["errors"] == 1
    [problem] = (tmp_path / "report.problems.jsonl").read_text().splitlines()
    assert json.loads(problem)["code"] == "unknown_ref"
    assert len(rows("SELECT 1 FROM person")) == 3


def test_what_cannot_be_imported_is_code_2(atrium: Atrium, rows: Ask, file: Path) -> None:
    for words, says in (
        ((str(file.with_name("nowhere.csv")),), "nowhere.csv"),
        ((str(file), "--effective", "tomorrow"), "--effective"),
        ((str(file), "--mode", "most"), "--mode"),
    ):
        done = atrium("import", "people", *words)

        assert (done.code, done.out) == (2, "")
        assert says in done.err and "Traceback" not in done.err
    assert not rows("SELECT 1 FROM person")


def test_a_full_import_asks_before_it_closes_many_accounts(atrium: Atrium, rows: Ask, file: Path) -> None:
    atrium.done("import", "people", str(file), "--source", "hr")
    file.write_text("".join(GOOD.splitlines(keepends=True)[:2]))
    words = ("import", "people", str(file), "--source", "hr", "--mode", "full")

    refused, confirmed = atrium(*words), atrium(*words, "--max-absent", "0.5")

    assert refused.code == 2 and "nothing was changed" in refused.err
    assert json.loads(confirmed.out)["people"]["deactivated"] == 1
    assert [row["active"] for row in rows("SELECT active FROM person ORDER BY name")] == [True, False]


def test_records_come_in_and_what_is_wrong_is_told(atrium: Atrium, rows: Ask, tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    header = {"type": "header", "version": 1, "source": "acme", "effective": "2026-01-01"}
    records = [{"type": "person", "id": "1", "name": "Ann", "title": "Cook"}, {"type": "wish", "id": "2"}]
    path.write_text("".join(json.dumps(line) + "\n" for line in (header, *records)))

    done = atrium("import", "jsonl", str(path))

    assert (done.code, json.loads(done.out)["people"]["created"]) == (1, 1)
    assert "unknown_type" in done.err
    assert [str(row["valid_from"]) for row in rows("SELECT valid_from FROM position_term")] == ["2026-01-01"]
    refused = atrium("import", "jsonl", str(path), "--source", "other", "--max-errors", "0")
    assert refused.code == 2 and "--max-errors" in refused.err
    assert len(rows("SELECT 1 FROM person")) == 1


def test_an_organogram_comes_in(atrium: Atrium, rows: Ask) -> None:
    data = Path(__file__).parents[1] / "data" / "uk_organogram"
    files = (str(data / f"department_of_health-2011-03-31-{kind}.csv") for kind in ("senior", "junior"))

    told = json.loads(atrium.done("import", "organogram", *files, "--mode", "full", "--effective", "2011-03-31"))

    assert told["chart"] == {"posts": 302, "roots": 2, "depth": 5, "largestSpan": 20}
    assert len(rows("SELECT 1 FROM position_term WHERE valid_from = '2011-03-31'")) == 302
