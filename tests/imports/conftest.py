"""Importing what a test writes down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from atrium.imports.people import import_people
from atrium.imports.report import NotDone, Reason, Report
from models import db
from tests.clocks import TurnedClock

ORGANOGRAM = Path(__file__).parents[1] / "data" / "uk_organogram" / "department_of_health-2011-09-30-people.csv"


class Bring:
    """Imports the text of a file: `report = await bring("id,name\\n1,Ann")`."""

    def __init__(self, folder: Path, clock: TurnedClock) -> None:
        self.path, self.clock = folder / "people.csv", clock

    async def __call__(self, text: str | bytes, **options: Any) -> Report:
        self.path.write_bytes(text.encode() if isinstance(text, str) else text)
        return await self.file(self.path, **options)

    async def file(self, path: Path, **options: Any) -> Report:
        return await import_people(path, clock=self.clock, **options)

    async def refused(self, text: str | bytes, **options: Any) -> Reason:
        """Why an import of this text is not done."""
        with pytest.raises(NotDone) as caught:
            await self(text, **options)
        return caught.value.reason


@pytest.fixture
def bring(tmp_path: Path, clock: TurnedClock, database: None) -> Bring:
    return Bring(tmp_path, clock)


def codes(report: Report) -> list[tuple[int, str]]:
    """The problems of a report: line and code."""
    return [(problem.line, str(problem.code)) for problem in report.problems]


async def stored(*columns: str) -> dict[str, Any]:
    """Of each imported person by external id: one column, or a tuple of several; `manager` is an external id."""
    rows = await db.rows(
        "SELECT m.external_id, p.*, b.external_id AS manager, u.name AS unit, v.name AS above FROM import_map m"
        " JOIN person p ON p.id = m.subject_id"
        " LEFT JOIN import_map b ON b.subject_id = p.manager_id AND b.source = m.source AND b.type = 'person'"
        " LEFT JOIN org_unit u ON u.id = p.unit_id LEFT JOIN org_unit v ON v.id = u.parent_id"
        " WHERE m.type = 'person' ORDER BY m.external_id"
    )
    return {r["external_id"]: r[columns[0]] if len(columns) == 1 else tuple(r[c] for c in columns) for r in rows}
