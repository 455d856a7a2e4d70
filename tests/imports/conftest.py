"""Importing what a test writes down."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from atrium.imports.jsonl import import_jsonl
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


STORED = """
SELECT m.external_id, p.*, o.grade, u.name AS unit, v.name AS above, (
    SELECT substr(b.external_id, 8) FROM import_map q
    JOIN reporting_line l ON l.position_id = q.subject_id AND l.kind = 'SOLID' AND l.valid_to = 'infinity'
    JOIN import_map b ON b.subject_id = l.manager_id AND b.source = m.source
    WHERE q.source = m.source AND q.external_id = 'person:' || m.external_id) AS manager
FROM import_map m
JOIN person p ON p.id = m.subject_id
LEFT JOIN import_map q ON q.source = m.source AND q.type = 'position' AND q.external_id = 'person:' || m.external_id
LEFT JOIN position o ON o.id = q.subject_id
LEFT JOIN org_unit u ON u.id = o.unit_id LEFT JOIN org_unit v ON v.id = u.parent_id
WHERE m.type = 'person' ORDER BY m.external_id
"""


async def stored(*columns: str) -> dict[str, Any]:
    """Of each imported person by external id: one column, or a tuple of several; `manager` is an external id."""
    rows = await db.rows(STORED)
    return {r["external_id"]: r[columns[0]] if len(columns) == 1 else tuple(r[c] for c in columns) for r in rows}


class Send:
    """Imports records: `report = await send({"type": "person", "id": "1", "name": "Ann"})`."""

    def __init__(self, folder: Path, clock: TurnedClock) -> None:
        self.path, self.clock = folder / "records.jsonl", clock

    async def __call__(self, *records: Mapping[str, Any], source: str = "hr", **options: Any) -> Report:
        lines = [{"type": "header", "version": 1, "source": source}, *records]
        self.path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
        return await import_jsonl(self.path, clock=self.clock, **options)


@pytest.fixture
def send(tmp_path: Path, clock: TurnedClock, database: None) -> Send:
    return Send(tmp_path, clock)


def person(id: str, **said: Any) -> dict[str, Any]:
    return {"type": "person", "id": id, "name": f"Person {id}", **said}


def unit(id: str, **said: Any) -> dict[str, Any]:
    return {"type": "org_unit", "id": id, "name": f"Unit {id}", **said}


def position(id: str, **said: Any) -> dict[str, Any]:
    return {"type": "position", "id": id, "title": f"Post {id}", **said}


def holding(position: str, person: str | None, **said: Any) -> dict[str, Any]:
    return {"type": "holding", "position": position, "person": person, **said}


def line(position: str, manager: str, kind: str = "solid", **said: Any) -> dict[str, Any]:
    return {"type": "line", "position": position, "manager": manager, "kind": kind, **said}


NAMED = "(SELECT min(m.external_id) FROM import_map m WHERE m.subject_id = {} AND m.source <> 'atrium')"
DAYS = "{0}.valid_from::text, {0}.valid_to::text"
WORLD = {
    "people": f"SELECT {NAMED.format('p.id')}, p.name, p.email, p.title, p.location, p.bio, p.active, p.planned,"
    f" p.links, {NAMED.format('p.unit_id')}, {NAMED.format('p.position_id')} FROM person p",
    "members": f"SELECT {NAMED.format('t.person_id')}, t.name, {DAYS.format('t')} FROM person_term t",
    "units": f"SELECT {NAMED.format('t.unit_id')}, t.name, {NAMED.format('t.parent_id')}, {NAMED.format('t.head_id')},"
    f" {DAYS.format('t')} FROM unit_term t",
    "trees": f"SELECT {NAMED.format('c.ancestor_id')}, {NAMED.format('c.descendant_id')}, c.depth FROM unit_closure c",
    "positions": f"SELECT {NAMED.format('t.position_id')}, t.title, t.grade, {NAMED.format('t.unit_id')},"
    f" {DAYS.format('t')} FROM position_term t",
    "today": f"SELECT {NAMED.format('p.id')}, p.title, p.grade, p.active, p.planned, p.filled FROM position p",
    "holdings": f"SELECT {NAMED.format('h.position_id')}, {NAMED.format('h.person_id')}, {DAYS.format('h')}"
    " FROM holding h",
    "lines": f"SELECT {NAMED.format('l.position_id')}, l.kind, {NAMED.format('l.manager_id')}, {DAYS.format('l')}"
    " FROM reporting_line l",
    "skills": f"SELECT {NAMED.format('h.person_id')}, s.name FROM person_skill h JOIN skill s ON s.id = h.skill_id",
    "map": "SELECT m.source, m.type, m.external_id, m.content_hash, m.effective_on::text FROM import_map m",
    "audiences": f"SELECT {NAMED.format('x.person_id')}, a.kind, a.location FROM audience_member x"
    " JOIN audience a ON a.id = x.audience_id",
}
"""All that an import writes, without the keys that it makes: things by their external ids."""


async def world(*parts: str) -> dict[str, list[tuple[Any, ...]]]:
    """What is stored, in an order of its own; all of it, or some parts."""
    found = {part: await db.rows(WORLD[part]) for part in parts or WORLD}
    return {part: sorted((tuple(row) for row in rows), key=repr) for part, rows in found.items()}
