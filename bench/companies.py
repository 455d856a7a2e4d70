"""Companies to be asked about: loaded, one manager given very many reports, and who stands where in them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

from atrium.embedded.postgres import Postgres
from bench.commands import atrium
from models import db

TEAM = 300  # people of the unit that is asked about
MOVED = 50_000  # people of the unit that moves
WIDEST = 88_000 / 192_000  # of all people report to the head of the company
SOME = 100  # people whose managers are asked for at once

UNITS = """
(SELECT u.id, u.head_id, u.parent_id, count(*) AS people
 FROM org_unit u JOIN unit_closure c ON c.ancestor_id = u.id JOIN person p ON p.unit_id = c.descendant_id AND p.active
 WHERE u.parent_id IS NOT NULL GROUP BY u.id) u
"""
NEAREST = f"SELECT u.* FROM {UNITS} ORDER BY abs(u.people - $1), u.id LIMIT 1"
ELSEWHERE = """
SELECT u.id FROM org_unit u
WHERE u.id <> $2 AND u.id NOT IN (SELECT c.descendant_id FROM unit_closure c WHERE c.ancestor_id = $1)
ORDER BY (SELECT count(*) FROM unit_closure c WHERE c.descendant_id = u.id), u.id LIMIT 1
"""
TOP = "SELECT p.id, p.position_id FROM org_unit u JOIN person p ON p.id = u.head_id WHERE u.parent_id IS NULL"
SAMPLE = "SELECT id FROM person WHERE active AND NOT is_guest ORDER BY md5(id::text) LIMIT $1"
SKILL = """
SELECT s.name FROM person_skill x JOIN skill s ON s.id = x.skill_id JOIN person p ON p.id = x.person_id
WHERE p.unit_id IN (SELECT c.descendant_id FROM unit_closure c WHERE c.ancestor_id = $1)
GROUP BY s.id ORDER BY count(*) DESC, s.id LIMIT 1
"""

# Those who lead nobody, none of the unit that is asked about: that one stays as it is.
WIDEN = f"""
WITH top AS (SELECT position_id FROM ({TOP}) t),
team AS (
    SELECT p.position_id FROM person p JOIN unit_closure c ON c.descendant_id = p.unit_id
    WHERE c.ancestor_id = (SELECT u.id FROM {UNITS} ORDER BY abs(u.people - {TEAM}), u.id LIMIT 1)
), led AS (
    SELECT l.id FROM reporting_line l
    WHERE l.position_id NOT IN (SELECT position_id FROM team)
      AND NOT EXISTS (SELECT 1 FROM reporting_line b WHERE b.manager_id = l.position_id)
    ORDER BY md5(l.position_id::text) LIMIT {{most}}
)
UPDATE reporting_line SET manager_id = (SELECT position_id FROM top) WHERE id IN (SELECT id FROM led)
"""


@dataclass(frozen=True)
class Company:
    """Who and what is asked about in a company."""

    top: uuid.UUID  # the head of all, with the most reports
    top_position: uuid.UUID
    unit: uuid.UUID  # of about `TEAM` people
    head: uuid.UUID  # of that unit
    head_position: uuid.UUID
    skill: str  # of many in that unit
    some: list[uuid.UUID]  # people
    moved: uuid.UUID  # the unit of nearly `MOVED` people
    moved_people: int
    moved_from: uuid.UUID
    moved_to: uuid.UUID


def load(postgres: Postgres, folder: Path, people: int) -> str:
    """A database with a company of so many people; its name. Another process does it, so that this one stays small."""
    name = f"people_{people}"
    postgres.create_database(name)
    atrium(
        postgres, folder, name, "demo", "--people", str(people), "--posts", "10", "--comments", "10", "--messages", "10"
    )
    postgres.execute(WIDEN.format(most=int(people * WIDEST)), name)
    postgres.execute("VACUUM (FULL, ANALYZE) reporting_line", name)
    return name


async def company() -> Company:
    """The company of the connected database."""
    top, unit = await db.row(TOP), await db.row(NEAREST, TEAM)
    moved = await db.row(NEAREST, MOVED)
    assert top and unit and moved
    return Company(
        top=top["id"],
        top_position=top["position_id"],
        unit=unit["id"],
        head=unit["head_id"],
        head_position=await db.value("SELECT position_id FROM person WHERE id = $1", unit["head_id"]),
        skill=await db.value(SKILL, unit["id"]),
        some=[row[0] for row in await db.rows(SAMPLE, SOME)],
        moved=moved["id"],
        moved_people=moved["people"],
        moved_from=moved["parent_id"],
        moved_to=await db.value(ELSEWHERE, moved["id"], moved["parent_id"]),
    )
