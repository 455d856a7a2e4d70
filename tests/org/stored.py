"""What is stored of a company, read back into plain lists of days; and a company of such lists, stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import asyncpg

from models import db, today
from models.org import OrgUnit, UnitTerm
from models.people import Person, PersonTerm
from models.positions import FOREVER, Holding, LineKind, Position, PositionTerm, ReportingLine
from tests.factories.changes import TODAY
from tests.factories.people import NOW
from tests.org.calendar import date_of, day_of
from tests.org.naive import DAYS, Book, Company, Days, Hold, Id, Line, Post, Unit, same
from tests.org.present import PersonRow, PostRow, Present, UnitRow
from tests.org.replay import StoredLine

Run = dict[str, date]


CLEAR = """
UPDATE org_unit SET head_id = NULL, deputy_id = NULL;
DELETE FROM person_term; DELETE FROM unit_term; DELETE FROM position_term; DELETE FROM holding;
DELETE FROM reporting_line; DELETE FROM person; DELETE FROM position; DELETE FROM org_unit;
DELETE FROM audience WHERE kind = 'UNIT'; DELETE FROM event; DELETE FROM timer
"""


async def clear() -> None:
    """Take away all that histories leave: quicker than emptying every table there is."""
    await db.execute(CLEAR)


async def store(company: Company) -> None:
    """Store a company that nothing is stored of yet."""
    people = [
        Person(id=id, name=said, **_new(version=1)) for id, said in company.known.items() if isinstance(said, str)
    ]
    units = [OrgUnit(id=id, name=said.name, **_new()) for id, said in company.known.items() if isinstance(said, Unit)]
    posts = [
        Position(id=id, title=said.title, **_new()) for id, said in company.known.items() if isinstance(said, Post)
    ]
    async with db.transaction():
        for person in people:
            person.updated_at = NOW
        await Person.bulk_create(people)
        await OrgUnit.bulk_create(units)
        await Position.bulk_create(posts)
        await PersonTerm.bulk_create(PersonTerm(person_id=id, name=n, **run) for id, n, run in _runs(company.members))
        await UnitTerm.bulk_create(
            UnitTerm(unit_id=id, name=u.name, parent_id=u.parent, head_id=u.head, deputy_id=u.deputy, **run)
            for id, u, run in _runs(company.units)
        )
        await PositionTerm.bulk_create(
            PositionTerm(position_id=id, title=p.title, grade=p.grade, unit_id=p.unit, **run)
            for id, p, run in _runs(company.posts)
        )
        await Holding.bulk_create(
            Holding(position_id=hold.post, person_id=hold.person, **run) for hold, _, run in _runs(company.held)
        )
        await ReportingLine.bulk_create(
            ReportingLine(position_id=id, manager_id=manager, **run) for id, manager, run in _runs(company.solid)
        )
        ids = [[row.id for row in rows] for rows in (people, posts, units)]
        await today.follow(TODAY, NOW, people=ids[0], positions=ids[1], units=ids[2])


async def facts() -> tuple[Company, int]:
    """All facts as they are stored, and in how many rows. Two that say something of the same thing on a day fail."""
    found = Company()
    rows = {name: await db.rows(f"SELECT * FROM {name}") for name in TABLES}
    for row in rows["person_term"]:
        _fill(found.members, row["person_id"], row, row["name"])
    for row in rows["unit_term"]:
        what = Unit(row["name"], row["parent_id"], row["head_id"], row["deputy_id"])
        _fill(found.units, row["unit_id"], row, what)
    for row in rows["position_term"]:
        _fill(found.posts, row["position_id"], row, Post(row["title"], row["grade"], row["unit_id"]))
    for row in rows["holding"]:
        _fill(found.held, Hold(row["position_id"], row["person_id"]), row, True)
    for row in rows["reporting_line"]:
        if row["kind"] == LineKind.SOLID:
            _fill(found.solid, row["position_id"], row, row["manager_id"])
        else:
            _fill(found.other, Line(row["position_id"], LineKind(row["kind"]), row["manager_id"]), row, True)
    return found, sum(map(len, rows.values()))


TABLES = ("person_term", "unit_term", "position_term", "holding", "reporting_line")


def told(company: Company) -> dict[str, dict[Any, Days[Any]]]:
    """All facts of which anything holds on any day."""
    return {name: {key: days for key, days in book.items() if any(days)} for name, book in company.books().items()}


def count(company: Company) -> int:
    """In how many rows a company's facts are told: one for all days in a row on which the same holds."""
    return sum(1 for book in company.books().values() for _ in _runs(book))


async def present() -> Present:
    """The rows of today as they are stored."""
    people, units, posts = [await db.rows(f"SELECT * FROM {name}") for name in ("person", "org_unit", "position")]
    kept = await db.rows("SELECT person_id, audience_id FROM audience_member")
    return Present(
        people={r["id"]: PersonRow(*_values(r, "name title unit_id position_id active planned")) for r in people},
        units={r["id"]: UnitRow(*_values(r, "name parent_id head_id deputy_id active planned")) for r in units},
        posts={r["id"]: PostRow(*_values(r, "title grade unit_id active planned filled")) for r in posts},
        kept={(row["person_id"], row["audience_id"]) for row in kept},
    )


CLOSURE = """
SELECT c.descendant_id, c.ancestor_id FROM unit_closure c JOIN org_unit u ON u.id = c.descendant_id AND u.active
JOIN audience a ON a.id = c.ancestor_id AND a.kind = 'UNIT'
"""


async def closure() -> set[tuple[Id, Id]]:
    """The audiences of the units that are there: each unit with those to which it belongs."""
    return {(row[0], row[1]) for row in await db.rows(CLOSURE)}


async def lines() -> list[tuple[Id, StoredLine]]:
    """The lines as they are stored, in an order that does not depend on their ids."""
    rows = await db.rows("SELECT * FROM reporting_line ORDER BY valid_from, position_id, kind, manager_id")
    return [(r["id"], StoredLine(r["position_id"], LineKind(r["kind"]), r["manager_id"], *_days(r))) for r in rows]


def _new(**more: int) -> dict[str, Any]:
    return {"active": False, "planned": True, "created_at": NOW, **more}


def _runs(book: Mapping[Any, Sequence[Any]]) -> Iterator[tuple[Any, Any, Run]]:
    """What holds from one day to another: of what, what, and the days."""
    for key, days in book.items():
        day = 0
        while day < DAYS:
            until = same(days, day).stop
            if days[day] is not None:
                last = date_of(until) if until < DAYS else FOREVER
                yield key, days[day], {"valid_from": date_of(day), "valid_to": last}
            day = until


def _fill(book: Book[Any, Any], key: Any, row: asyncpg.Record, value: Any) -> None:
    first, last = _days(row)
    for day in range(first, last):
        assert book[key][day] is None, f"two facts at a time of {key} on day {day}"
        book[key][day] = value


def _days(row: Any) -> tuple[int, int]:
    assert row["valid_from"] >= date_of(0)
    return day_of(row["valid_from"]), day_of(row["valid_to"])


def _values(row: Any, names: str) -> Iterable[Any]:
    return (row[name] for name in names.split())
