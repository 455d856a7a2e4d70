"""Positions: made, held, shared, given up, ended."""

from __future__ import annotations

import uuid
from datetime import date

from models import changes as table
from models.errors import NotFound, Path
from models.keys import uuid7
from models.positions import FOREVER, GRADE_MAX, TITLE_MAX, LineKind, Position
from models.text import clean_line
from resolvers.changes.kinds import AssignPosition, CreatePosition, EndPosition, VacatePosition
from resolvers.changes.ledger import HOLDINGS, MEMBERS, OTHER_LINES, POSITIONS, SOLID_LINES, UNITS, Ledger, gone
from resolvers.changes.lines import check_until, set_solid

UNIT: Path = ("orgUnitId",)


async def create(ledger: Ledger, change: CreatePosition) -> None:
    """Raises `Invalid`."""
    await new_post(ledger, change.id, change.title, change.grade, change.unit, change.manager)


async def new_post(
    ledger: Ledger,
    id: uuid.UUID,
    title: str,
    grade: str | None,
    unit: uuid.UUID | None,
    manager: uuid.UUID | None = None,
) -> uuid.UUID:
    """A position from the day on. Raises `Invalid`."""
    title, grade = clean_title(title), clean_grade(grade)
    await there(ledger, unit)
    await Position.create(id=id, title=title, grade=grade, active=False, planned=True, created_at=ledger.now)
    await ledger.write(POSITIONS, [{"position_id": id, "title": title, "grade": grade, "unit_id": unit}])
    if manager is not None:
        await set_solid(ledger, id, manager)
    return id


async def assign(ledger: Ledger, change: AssignPosition) -> None:
    """Raises `Invalid`."""
    await hold(ledger, change.position, change.person, check_until(ledger, change.until))


async def vacate(ledger: Ledger, change: VacatePosition) -> None:
    """Raises `Invalid`."""
    if await table.on_day(POSITIONS, change.position, ledger.day) is None:
        raise gone(POSITIONS, ledger.day, ["positionId"])
    await ledger.write(HOLDINGS, [{"position_id": change.position, "person_id": change.person, "gone": True}])


async def end(ledger: Ledger, change: EndPosition) -> None:
    """End a position with its own lines and dotted ones to it; solid ones to it are found by whoever looks for orphans.

    Raises `NotFound`.
    """
    id = change.position
    if not await Position.filter(id=id).exists():
        raise NotFound(path=["positionId"])
    await ledger.cease(HOLDINGS, "position_id", [id])
    await ledger.cease(SOLID_LINES, "position_id", [id])
    for line in await table.ceasing(OTHER_LINES, "manager_id", [id], ledger.day):
        if line["kind"] != LineKind.SOLID:
            key = {name: line[name] for name in OTHER_LINES.key}
            await ledger.write(OTHER_LINES, [{**key, "day": max(ledger.day, line["valid_from"]), "gone": True}])
    await ledger.cease(POSITIONS, "position_id", [id])
    ledger.positions.add(id)


async def hold(ledger: Ledger, position: uuid.UUID, person: uuid.UUID | None, until: date | None = None) -> None:
    """Have somebody hold a position while both are there, and not beyond `until`. Raises `Invalid`.

    Whoever holds it already goes on as is known, but not beyond `until` either.
    """
    ends = [until or FOREVER, await ledger.ending(POSITIONS, position, ["positionId"])]
    if person is not None:
        ends.append(await ledger.ending(MEMBERS, person, ["personId"]))
    key = {"position_id": position, "person_id": person}
    known = next(iter(await table.from_day(HOLDINGS, key, ledger.day)), None)
    if known is None or known["valid_from"] > ledger.day:
        await ledger.write_until(HOLDINGS, key, min(*ends, known["valid_from"] if known else FOREVER))
    elif until is not None and until < known["valid_to"]:
        await ledger.write(HOLDINGS, [{**key, "day": until, "gone": True}])


async def own_post(ledger: Ledger, person: uuid.UUID) -> uuid.UUID:
    """The position that a person holds alone: theirs, or one like it where they share it or have none.

    What is changed for one of those who share a position is not changed for the others. Raises `Invalid`.
    """
    if await table.on_day(MEMBERS, person, ledger.day) is None:
        raise gone(MEMBERS, ledger.day, ["personId"])
    post = await table.post(person, ledger.day)
    if post is None:
        made = await new_post(ledger, uuid7(), "", None, None)
        await hold(ledger, made, person)
        return made
    if not await table.is_shared(post, person, ledger.day):
        return post
    return await _split_off(ledger, post, person)


async def _split_off(ledger: Ledger, shared: uuid.UUID, person: uuid.UUID) -> uuid.UUID:
    term = await table.on_day(POSITIONS, shared, ledger.day)
    if term is None:
        raise gone(POSITIONS, ledger.day, ["personId"])
    until = await table.held_until(shared, person, ledger.day)
    manager = await table.solid_manager(shared, ledger.day)
    made = await new_post(ledger, uuid7(), term["title"], term["grade"], term["unit_id"], manager)
    await ledger.write(HOLDINGS, [{"position_id": shared, "person_id": person, "gone": True}])
    await ledger.write_until(HOLDINGS, {"position_id": made, "person_id": person}, until)
    return made


async def there(ledger: Ledger, unit: uuid.UUID | None, path: Path = UNIT) -> None:
    """Raise `Invalid` for a unit that does not exist on the day."""
    if unit is not None and await table.on_day(UNITS, unit, ledger.day) is None:
        raise gone(UNITS, ledger.day, path)


def clean_title(title: str) -> str:
    """A position's title; it may be empty. Raises `Invalid`."""
    return clean_line(title, most=TITLE_MAX, path=["title"], what="The title") if title.strip() else ""


def clean_grade(grade: str | None) -> str | None:
    """A position's grade; none where it is empty. Raises `Invalid`."""
    return clean_line(grade, most=GRADE_MAX, path=["grade"], what="The grade") if grade and grade.strip() else None
