"""Units: made, named, moved, led, merged and dissolved."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

import asyncpg

from models import changes as table
from models.errors import ErrorCode, Invalid, NotFound, Path
from models.org import UNIT_DEPTH_MAX, UNIT_NAME_MAX, OrgUnit
from models.positions import FOREVER
from models.text import clean_line
from resolvers.changes.kinds import KEEP, CreateUnit, DissolveUnit, Keep, MergeUnits, MoveUnit, RenameUnit, SetHead
from resolvers.changes.ledger import MEMBERS, POSITIONS, UNITS, Ledger
from resolvers.changes.positions import there

SUBJECT: Path = ("orgUnitId",)


async def create(ledger: Ledger, change: CreateUnit) -> None:
    """Raises `Invalid`."""
    name = _name(change.name)
    await there(ledger, change.parent, ["parentId"])
    if change.parent is not None:
        _ensure_shallow(await table.too_deep(change.id, change.parent, ledger.day, FOREVER), ["parentId"])
    led = {"head_id": change.head, "deputy_id": change.deputy}
    ends = await _leaders(ledger, led)
    await OrgUnit.create(id=change.id, name=name, active=False, planned=True, version=0, created_at=ledger.now)
    await ledger.write(UNITS, [{"unit_id": change.id, "name": name, "parent_id": change.parent, **led}])
    for column, last in ends.items():
        await _step_down(ledger, change.id, column, last, FOREVER)


async def rename(ledger: Ledger, change: RenameUnit) -> None:
    """Raises `Invalid`."""
    await ledger.amend(UNITS, change.unit, SUBJECT, name=_name(change.name))


async def move(ledger: Ledger, change: MoveUnit) -> None:
    """Raises `Invalid`."""
    if change.parent is not None:
        await there(ledger, change.parent, ["parentId"])
        last = await ledger.lasting(UNITS, change.unit, "parent_id", SUBJECT)
        found = await table.closes_ring(change.unit, change.parent, ledger.day, last)
        if found is not None:
            raise Invalid(
                f"On {found} the unit would lie below itself. Choose a parent outside of it.",
                ["parentId"],
                code=ErrorCode.UNIT_CYCLE,
            )
        _ensure_shallow(await table.too_deep(change.unit, change.parent, ledger.day, last), ["parentId"])
    await ledger.amend(UNITS, change.unit, SUBJECT, parent_id=change.parent)


async def set_head(ledger: Ledger, change: SetHead) -> None:
    """Raises `Invalid`."""
    given: dict[str, uuid.UUID | Keep | None] = {"head_id": change.head, "deputy_id": change.deputy}
    led = {name: value for name, value in given.items() if value is not KEEP}
    if not led:
        raise Invalid("Say who is to lead the unit: the head, the deputy, or both.", ["headId"])
    ends = await _leaders(ledger, led)
    lasting = {column: await ledger.lasting(UNITS, change.unit, column, SUBJECT) for column in ends}
    await ledger.amend(UNITS, change.unit, SUBJECT, **led)
    for column, last in ends.items():
        await _step_down(ledger, change.unit, column, last, lasting[column])


async def merge(ledger: Ledger, change: MergeUnits) -> None:
    """Raises `Invalid`."""
    await dissolve(ledger, DissolveUnit(change.unit, change.into))


async def dissolve(ledger: Ledger, change: DissolveUnit) -> None:
    """End a unit; what is left in it is found by whoever looks for orphans. Raises `Invalid` or `NotFound`."""
    if not await OrgUnit.filter(id=change.unit).exists():
        raise NotFound(path=SUBJECT)
    if change.into is not None:
        await _hand_over(ledger, change.unit, change.into)
    await ledger.cease(UNITS, "unit_id", [change.unit])
    ledger.units.add(change.unit)


async def _hand_over(ledger: Ledger, unit: uuid.UUID, into: uuid.UUID) -> None:
    """Put all that is in a unit from the day on into another one, which must not lie within it."""
    await there(ledger, into, ["intoId"])
    if await table.closes_ring(unit, into, ledger.day, FOREVER) is not None:
        raise Invalid(
            "It would go into itself, or into a unit below it. Choose one outside, or move that one first.",
            ["intoId"],
            code=ErrorCode.UNIT_CYCLE,
        )
    _ensure_shallow(await table.too_deep(unit, into, ledger.day, FOREVER, in_its_place=True), ["intoId"])
    standing = await table.standing_in(unit, ledger.day)
    if ledger.most is not None and len(standing) > ledger.most:
        raise Invalid(
            f"There are {len(standing):,} positions in this unit, and at most {ledger.most:,} are moved while everybody"
            " else waits. Merge it by the command: unit merge.",
            SUBJECT,
        )
    for terms in _rounds(standing, "position_id"):
        await ledger.write(POSITIONS, [_with(ledger, term, POSITIONS.columns, unit_id=into) for term in terms])
    for terms in _rounds(await table.below(unit, ledger.day), "unit_id"):
        await ledger.write(UNITS, [_with(ledger, term, UNITS.columns, parent_id=into) for term in terms])


def _ensure_shallow(too_deep: date | None, path: Path) -> None:
    if too_deep is not None:
        raise Invalid(
            f"Units nest at most {UNIT_DEPTH_MAX} levels deep; on {too_deep} there would be more, counted with all that"
            " lies below this one. Choose a unit further up.",
            path,
        )


def _rounds(terms: Sequence[asyncpg.Record], key: str) -> list[list[asyncpg.Record]]:
    """The terms, sorted by their thing, in rounds of at most one a thing: the first ones, the second ones …"""
    rounds: list[list[asyncpg.Record]] = []
    for _, of_one in groupby(terms, lambda term: term[key]):
        for number, term in enumerate(of_one):
            if number == len(rounds):
                rounds.append([])
            rounds[number].append(term)
    return rounds


def _with(ledger: Ledger, term: asyncpg.Record, columns: Any, **values: object) -> dict[str, object]:
    return {name: term[name] for name in columns} | values | {"day": max(ledger.day, term["valid_from"])}


async def _leaders(ledger: Ledger, led: dict[str, Any]) -> dict[str, date]:
    """Until when each of these who are to lead belongs to the company. Raises `Invalid` for one who does not."""
    paths = {"head_id": "headId", "deputy_id": "deputyId"}
    return {
        column: await ledger.ending(MEMBERS, person, [paths[column]])
        for column, person in led.items()
        if person is not None
    }


async def _step_down(ledger: Ledger, unit: uuid.UUID, column: str, first: date, last: date) -> None:
    """Have nobody lead a unit on the days on which whoever was to has left."""
    for term in await table.from_day(UNITS, {"unit_id": unit}, first):
        if term["valid_from"] < last:
            nobody = {name: term[name] for name in UNITS.columns} | {column: None}
            day = max(first, term["valid_from"])
            await ledger.write_until(UNITS, {**nobody, "day": day}, min(last, term["valid_to"]))


def _name(name: str) -> str:
    return clean_line(name, most=UNIT_NAME_MAX, path=["name"], what="The name")
