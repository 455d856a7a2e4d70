"""People, units and positions as they were on another day: relations that stand in for their tables.

They have the table's columns, with the names, titles and places of the day, and `as_of`, the day itself. What was not
there on that day is not in them; guests have no days, so they are as they are.
"""

from __future__ import annotations

from tortoise.models import Model

from models import db
from models.lines import PRIMARY
from models.org import OrgUnit
from models.people import Person
from models.positions import Position, on

OF_DAY: dict[type[Model], tuple[str, ...]] = {
    Person: ("name", "title", "unit_id", "position_id"),
    OrgUnit: ("name", "parent_id", "head_id", "deputy_id"),
    Position: ("title", "grade", "unit_id"),
}
"""The columns of each table that are a day's."""

FROM: dict[type[Model], str] = {
    Person: f"""
    SELECT {{kept}}, coalesce(t.name, p.name) AS name, coalesce(pt.title, '') AS title, pt.unit_id, h.position_id
    FROM person p
    LEFT JOIN person_term t ON t.person_id = p.id AND {on("t", "{day}")}
    LEFT JOIN LATERAL (SELECT {PRIMARY.format(person="p.id", day="{day}")} AS position_id) h ON true
    LEFT JOIN position_term pt ON pt.position_id = h.position_id AND {on("pt", "{day}")}
    WHERE t.id IS NOT NULL OR p.is_guest""",
    OrgUnit: f"""
    SELECT {{kept}}, t.name, t.parent_id, t.head_id, t.deputy_id
    FROM org_unit p JOIN unit_term t ON t.unit_id = p.id AND {on("t", "{day}")}""",
    Position: f"""
    SELECT {{kept}}, t.title, t.grade, t.unit_id
    FROM position p JOIN position_term t ON t.position_id = p.id AND {on("t", "{day}")}""",
}


def on_day(model: type[Model], day: str) -> str:
    """The rows of a table as they were on a day, a parameter such as $2: a relation in brackets."""
    names = [column for column in model._meta.fields_db_projection.values() if column not in OF_DAY[model]]  # pyright: ignore[reportPrivateUsage]
    kept = ", ".join([f"p.{name}" for name in names] + [f"{day}::date AS as_of"])
    return f"({FROM[model].format(kept=kept, day=f'{day}::date')})"


def table(model: type[Model], day: str | None) -> str:
    """The table itself for today (None), else `on_day`."""
    return db.table(model) if day is None else on_day(model, day)
