"""The pages on imports and exports are true: their codes are the code's, their examples and commands run."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from atrium.exports.statements import STATEMENTS
from atrium.imports.jsonl import import_jsonl
from atrium.imports.records import FIELDS, Type
from atrium.imports.report import Code, Reason, Report
from tests.clocks import TurnedClock
from tests.commands.conftest import Ask
from tests.commands.interpreter import Atrium

ROOT = Path(__file__).parents[2]
IMPORTS, EXPORTS = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("imports.md", "exports.md"))
HOME = "home_office-2012-09-30"
ROW = re.compile(r"^\| `(\w+)` \|(.*)\|$", re.MULTILINE)


def table(page: str, header: str) -> dict[str, str]:
    """The rows of the table with this header, by their first cell."""
    rows = page.partition(f"| {header} |")[2].partition("\n\n")[0]
    return dict(ROW.findall(rows))


@pytest.mark.parametrize(("header", "codes"), [("code", Code), ("reason", Reason)])
def test_every_code_has_its_line(header: str, codes: type[Code] | type[Reason]) -> None:
    assert list(table(IMPORTS, header)) == sorted(code.value for code in codes)


def test_every_field_of_the_chart_has_its_place() -> None:
    told = table(IMPORTS, "type")

    for type in Type:
        assert set(re.findall(r"`(\w+)`", told[type])) == FIELDS[type]


def test_every_type_of_an_export_has_its_line() -> None:
    assert list(table(EXPORTS, "type")) == list(STATEMENTS)


def commands(page: str) -> list[list[str]]:
    """The commands that a page shows and that can be run as they stand, without `python -m atrium`."""
    shown = [shlex.split(line)[3:] for line in re.findall(r"^    (python -m atrium .*)$", page, re.MULTILINE)]
    return [words for words in shown if not {"staff.csv", "senior.csv", "everything.jsonl.gz"} & {*words}]


def test_the_commands_on_the_real_files_run(atrium: Atrium, rows: Ask) -> None:
    first, second, third = commands(IMPORTS)

    march = json.loads(atrium.done(*first))
    asked = atrium(*second[:-2])
    september, home = json.loads(atrium.done(*second)), json.loads(atrium.done(*third))

    assert [one["chart"]["posts"] for one in (march, september, home)] == [302, 313, 190]
    assert (asked.code, "nothing was changed" in asked.err) == (2, True)
    assert len(rows("SELECT 1 FROM import_run WHERE phase = 'DONE'")) == 3


def test_an_export_goes_out_and_in(atrium: Atrium, rows: Ask, company: str, tmp_path: Path) -> None:
    [out], [back] = ([words for words in commands(EXPORTS) if words[0] == verb] for verb in ("export", "import"))
    place = str(tmp_path / "atrium.jsonl.gz")
    atrium.done(
        "import", "organogram", *(f"tests/data/uk_organogram/{HOME}-{which}.csv" for which in ("senior", "junior"))
    )

    told = atrium.done(*(place if word == out[-1] else word for word in out))
    again = atrium(*(place if word == out[-1] else word for word in out))
    report = json.loads(atrium.done(*(place if word == back[-1] else word for word in back)))

    assert place in told
    assert (again.code, "--force" in again.err) == (2, True)
    assert report["positions"]["created"] == 0
    assert len(rows("SELECT 1 FROM position")) == 190


async def test_the_example_of_the_format_can_be_read(database: None, clock: TurnedClock, tmp_path: Path) -> None:
    header, records = (block for block in re.findall(r"^```json\n(.*?)^```$", IMPORTS, re.MULTILINE | re.DOTALL)[:2])
    path = tmp_path / "example.jsonl"
    path.write_text(header + records)

    report = await import_jsonl(path, clock=clock)

    assert report.problems == []
    types = {json.loads(line)["type"] for line in records.splitlines()}
    assert all(report.of(type).created for type in types)


def test_the_report_looks_like_that() -> None:
    shown: dict[str, dict[str, int]] = json.loads(
        re.findall(r"^```json\n(.*?)^```$", IMPORTS, re.MULTILINE | re.DOTALL)[2]
    )

    report: dict[str, Any] = Report().summary()
    assert shown.keys() <= report.keys()
    assert all(shown[key].keys() == report[key].keys() for key in shown)
