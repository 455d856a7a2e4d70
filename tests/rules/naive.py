"""Whom a rule means, found in plain loops over all that is stored of a company."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from models import db
from models.rule_terms import Conditions

Id = uuid.UUID


@dataclass
class Stored:
    """The rows of a company, as records, by table."""

    day: date
    rows: dict[str, list[Any]]

    def on_day(self, table: str) -> list[Any]:
        """The facts that hold today."""
        return [row for row in self.rows[table] if row["valid_from"] <= self.day < row["valid_to"]]


async def stored(day: date) -> Stored:
    """All that rules look at."""
    tables = ("person", "org_unit", "person_term", "position_term", "holding", "reporting_line")
    return Stored(day, {table: await db.rows(f"SELECT * FROM {table}") for table in tables})


def meant(company: Stored, said: Conditions) -> set[Id]:
    """The ids of those whom the conditions mean."""
    return {
        p["id"] for p in company.rows["person"] if p["active"] and not p["is_guest"] and _is_meant(company, said, p)
    }


def _is_meant(company: Stored, said: Conditions, person: Any) -> bool:
    units, title, grade = _path(company, person["unit_id"]), person["title"].lower(), _grade(company, person["id"])
    excepted = [
        bool(units & {*said.except_units}),
        person["location"] in said.except_locations,
        title in [one.lower() for one in said.except_titles],
        grade in said.except_grades,
        person["id"] in said.except_people,
    ]
    if any(excepted):
        return False
    if person["id"] in said.people:
        return True
    asked: list[bool] = []
    if said.units:
        asked.append(bool(units & {*said.units}))
    if said.locations:
        asked.append(person["location"] in said.locations)
    if said.titles:
        asked.append(title in [one.lower() for one in said.titles])
    if said.grades:
        asked.append(grade in said.grades)
    if said.is_manager is not None:
        asked.append(_leads(company, person["id"]) == said.is_manager)
    if said.hired_from:
        asked.append(_hired(company, person["id"]) >= said.hired_from)
    if said.hired_before:
        asked.append(_hired(company, person["id"]) < said.hired_before)
    return bool(asked) and all(asked)


def _path(company: Stored, unit: Id | None) -> set[Id]:
    """A unit and those above it."""
    found: set[Id] = set()
    parents = {row["id"]: row["parent_id"] for row in company.rows["org_unit"]}
    active = {row["id"] for row in company.rows["org_unit"] if row["active"]}
    while unit is not None and unit not in found:
        found.add(unit)
        unit = parents[unit] if unit in active else None
    return found


def _post(company: Stored, person: Id) -> Id | None:
    """The position that somebody has held longest."""
    held = [row for row in company.on_day("holding") if row["person_id"] == person]
    return min(held, key=lambda row: (row["valid_from"], row["position_id"]))["position_id"] if held else None


def _grade(company: Stored, person: Id) -> str | None:
    post = _post(company, person)
    return next((row["grade"] for row in company.on_day("position_term") if row["position_id"] == post), None)


def _leads(company: Stored, person: Id) -> bool:
    """Whether anybody's line leads to them, over positions that nobody holds."""
    held = {row["position_id"] for row in company.on_day("holding") if row["person_id"] == person}
    filled = {row["position_id"] for row in company.on_day("holding") if row["person_id"]}
    lines = [row for row in company.on_day("reporting_line") if row["kind"] == "SOLID"]
    seen: set[Id] = set()
    while held:
        below = {row["position_id"] for row in lines if row["manager_id"] in held} - seen
        seen |= below
        if any(h["position_id"] in below and h["person_id"] not in (None, person) for h in company.on_day("holding")):
            return True
        held = below - filled
    return False


def _hired(company: Stored, person: Id) -> date:
    """The first of the days in a row on which they have belonged to the company up to today."""
    terms = {row["valid_from"]: row["valid_to"] for row in company.rows["person_term"] if row["person_id"] == person}
    first = max(day for day in terms if day <= company.day)
    while before := [day for day, until in terms.items() if until == first]:
        first = before[0]
    return first
