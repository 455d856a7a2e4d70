"""People: they join, move, are promoted and renamed, leave and come back."""

from __future__ import annotations

import uuid

from tortoise.exceptions import IntegrityError

from models import changes as table
from models import db
from models.errors import Conflict, Invalid, NotFound
from models.keys import uuid7
from models.people import NAME_MAX, Person
from models.positions import EVER
from models.text import clean_email, clean_line
from resolvers.changes.accounts import keep_an_admin, start_anew
from resolvers.changes.kinds import KEEP, CreatePerson, Leave, MovePerson, Promote, Rehire, RenamePerson
from resolvers.changes.ledger import HOLDINGS, MEMBERS, POSITIONS, UNITS, Ledger, gone
from resolvers.changes.lines import set_solid
from resolvers.changes.positions import clean_grade, clean_title, new_post, own_post, there

EMPLOYEE_ID_MAX = 100  # characters


async def create(ledger: Ledger, change: CreatePerson) -> None:
    """Raises `Invalid` or `Conflict`."""
    person = Person(
        id=change.id,
        name=clean_line(change.name, most=NAME_MAX, path=["name"], what="The name"),
        email=clean_email(change.email, path=["email"]) if change.email else None,
        employee_id=clean_employee_id(change.employee_id),
        active=False,
        planned=True,
        version=0,  # it becomes 1 on the first day
        created_at=ledger.now,
        updated_at=ledger.now,
    )
    await save_new(person)
    await _employ(ledger, person.id, person.name, change)


async def move(ledger: Ledger, change: MovePerson) -> None:
    """Raises `Invalid`."""
    await there(ledger, change.unit)
    post = await own_post(ledger, change.person)
    await ledger.amend(POSITIONS, post, ["personId"], unit_id=change.unit)
    if change.manager is not KEEP:
        await set_solid(ledger, post, change.manager)


async def promote(ledger: Ledger, change: Promote) -> None:
    """Raises `Invalid`."""
    values: dict[str, str | None] = {}
    if change.title is not KEEP:
        values["title"] = clean_title(change.title)
    if change.grade is not KEEP:
        values["grade"] = clean_grade(change.grade)
    if not values:
        raise Invalid("Say what changes: the title, the grade, or both.", ["title"])
    await ledger.amend(POSITIONS, await own_post(ledger, change.person), ["personId"], **values)


async def rename(ledger: Ledger, change: RenamePerson) -> None:
    """Raises `Invalid`."""
    person = await _person(change.person)
    name = clean_line(change.name, most=NAME_MAX, path=["name"], what="The name")
    if person.is_guest:
        raise Invalid("The name of a guest has no days. Have whoever invited them ask them in anew.", ["personId"])
    await ledger.amend(MEMBERS, change.person, ["personId"], name=name)


async def leave(ledger: Ledger, change: Leave) -> None:
    """Raises `Invalid`, or `Conflict` for the last administrator."""
    person = await _person(change.person)
    if person.is_guest:
        raise Invalid("A guest belongs to no company that they could leave. Deactivate the account.", ["personId"])
    if person.active or person.planned:
        await keep_an_admin(change.person, "deactivated", ledger.day)
    if not await table.from_day(MEMBERS, {"person_id": change.person}, ledger.day):
        if await table.ended_before(MEMBERS, change.person, ledger.day):
            raise gone(MEMBERS, ledger.day, ["personId"])
        ledger.people.add(change.person)
        return
    for term in await table.led(change.person, ledger.day):
        led = {name: None if term[name] == change.person else term[name] for name in ("head_id", "deputy_id")}
        kept = {name: term[name] for name in ("name", "parent_id")}
        day = max(ledger.day, term["valid_from"])
        await ledger.write(UNITS, [{"unit_id": term["unit_id"], **kept, **led, "day": day}])
    await ledger.cease(HOLDINGS, "person_id", [change.person])
    await ledger.cease(MEMBERS, "person_id", [change.person])


async def rehire(ledger: Ledger, change: Rehire) -> None:
    """Raises `Invalid`."""
    person = await _person(change.person)
    if person.is_guest:
        raise Invalid("A guest cannot come back as a person of the company: add them anew.", ["personId"])
    terms = await table.from_day(MEMBERS, {"person_id": change.person}, EVER)
    if terms and terms[-1]["valid_to"] > ledger.day:
        raise Invalid(
            f"{person.name} belongs to the company on {ledger.day} or later. Choose another day, or move them.",
            ["personId"],
        )
    if not person.active:  # else they will have left by then, and it waits until they do
        await start_anew(change.person)
    await _employ(ledger, change.person, terms[-1]["name"] if terms else person.name, change)


async def save_new(person: Person) -> None:
    """Store a person whose address and employee id nobody else has. Raises `Invalid` or `Conflict`."""
    for column, path, what in (("email", "email", "address"), ("employee_id", "employeeId", "employee id")):
        given = getattr(person, column)
        if given and (other := await Person.filter(**{column: given}).first()):
            state = "" if other.active else ", who has not joined yet" if other.planned else ", who has left"
            raise Invalid(f"{given} is already the {what} of {other.name}{state}. Use another one.", [path])
    try:
        async with db.transaction():
            await person.save(force_create=True)
    except IntegrityError:
        raise Conflict("Somebody with this address or employee id was added just now. Try again.") from None


def clean_employee_id(text: str | None) -> str | None:
    """Raises `Invalid`."""
    return clean_line(text, most=EMPLOYEE_ID_MAX, path=["employeeId"], what="The employee id") if text else None


async def _employ(ledger: Ledger, person: uuid.UUID, name: str, terms: CreatePerson | Rehire) -> None:
    """Have somebody belong to the company, on a new position."""
    await ledger.write(MEMBERS, [{"person_id": person, "name": name}])
    post = await new_post(ledger, uuid7(), terms.title, terms.grade, terms.unit)
    await ledger.write(HOLDINGS, [{"position_id": post, "person_id": person}])
    if terms.manager is not None:
        await set_solid(ledger, post, terms.manager)


async def _person(id: uuid.UUID) -> Person:
    found = await Person.get_or_none(id=id)
    if found is None:
        raise NotFound(path=["personId"])
    return found
